"""Clauses of which one must hold, made of literals that must all hold."""

from dataclasses import dataclass
from itertools import pairwise, product
from typing import TypeAlias

from vocabulary.lists import Comparison, Measure

MAXIMUM_CLAUSES = 1_000

INVERSE = {
    Comparison.EQUAL: Comparison.UNEQUAL,
    Comparison.UNEQUAL: Comparison.EQUAL,
    Comparison.LESS: Comparison.AT_LEAST,
    Comparison.AT_LEAST: Comparison.LESS,
    Comparison.MORE: Comparison.AT_MOST,
    Comparison.AT_MOST: Comparison.MORE,
}


class RoutingError(ValueError):
    """An expression outside the grammar, or one that can never hold."""


@dataclass(frozen=True)
class Criterion:
    """What the answer to a question is held against; met or failed by who answered it."""

    question_key: str
    measure: Measure
    option_code: str | None = None
    comparison: Comparison = Comparison.EQUAL
    number: float | None = None

    def __str__(self) -> str:
        match self.measure:
            case Measure.OPTION:
                return f"{self.question_key}={self.option_code}"
            case Measure.ANY:
                return f"answered({self.question_key})"
            case Measure.NUMBER:
                return f"{self.question_key}{self.comparison}{self.number:.15g}"
            case Measure.COUNT:
                return f"count({self.question_key}){self.comparison}{self.number:.15g}"

    def admits(self, value: float) -> bool:
        """Whether a number, or that many options, meets it."""
        number = self.number or 0
        return {
            Comparison.EQUAL: value == number,
            Comparison.UNEQUAL: value != number,
            Comparison.LESS: value < number,
            Comparison.AT_MOST: value <= number,
            Comparison.MORE: value > number,
            Comparison.AT_LEAST: value >= number,
        }[self.comparison]


@dataclass(frozen=True)
class RoutingLiteral:
    """A criterion is met; negated, it is failed: the question was answered otherwise.

    Absent: that is not so, be it for want of an answer.
    """

    criterion: Criterion
    is_negated: bool = False
    is_absent: bool = False

    def __str__(self) -> str:
        words = str(self.criterion)
        if self.is_negated:
            words = f"{self.criterion.question_key}!={self.criterion.option_code}"
        return f"not({words})" if self.is_absent else words


Clause: TypeAlias = frozenset[RoutingLiteral]
Clauses: TypeAlias = frozenset[Clause]

ALWAYS: Clauses = frozenset({frozenset()})


def intersect(parts: list[Clauses]) -> Clauses:
    """Return the clauses that hold where all the parts hold."""
    result = ALWAYS
    for part in parts:
        merged = {left | right for left, right in product(result, part)}
        result = _simplify(merged)
    return result


def unite(parts: list[Clauses]) -> Clauses:
    """Return the clauses that hold where at least one of the parts holds."""
    return _simplify({clause for part in parts for clause in part})


def negate(clauses: Clauses) -> Clauses:
    """Return the clauses that hold where those given do not, for whatever reason."""
    return intersect(
        [
            frozenset(
                frozenset(
                    {RoutingLiteral(literal.criterion, literal.is_negated, not literal.is_absent)}
                )
                for literal in clause
            )
            for clause in clauses
        ]
    )


def _simplify(clauses: set[Clause]) -> Clauses:
    possible = {clause for clause in clauses if not _contradicts_itself(clause)}
    if clauses and not possible:
        raise RoutingError("no answer can make it true")
    if len(possible) > MAXIMUM_CLAUSES:
        raise RoutingError(f"it spells out to more than {MAXIMUM_CLAUSES} alternatives")
    return frozenset(clause for clause in possible if not any(other < clause for other in possible))


def _contradicts_itself(clause: Clause) -> bool:
    for literal in clause:
        opposite = RoutingLiteral(literal.criterion, literal.is_negated, not literal.is_absent)
        reverse = RoutingLiteral(literal.criterion, not literal.is_negated)
        if opposite in clause or (not literal.is_absent and reverse in clause):
            return True
    compared = [literal.criterion for literal in clause if not literal.is_absent]
    compared = [criterion for criterion in compared if criterion.number is not None]
    return not all(
        _has_a_value([other for other in compared if _is_of_the_same(criterion, other)])
        for criterion in compared
    )


def _is_of_the_same(criterion: Criterion, other: Criterion) -> bool:
    return (criterion.question_key, criterion.measure) == (other.question_key, other.measure)


def _has_a_value(criteria: list[Criterion]) -> bool:
    """Whether some value meets them all; of what was chosen there is at least one."""
    numbers = sorted({criterion.number or 0 for criterion in criteria})
    values = [numbers[0] - 1, *numbers, *((a + b) / 2 for a, b in pairwise(numbers))]
    if criteria[0].measure == Measure.COUNT:
        values = [float(count) for count in range(1, int(max(numbers[-1], 0)) + 1)]
    values.append(max(numbers[-1], 0) + 1)
    return any(all(criterion.admits(value) for criterion in criteria) for value in values)
