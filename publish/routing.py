"""Who was asked what, in the words of a page."""

from collections import defaultdict
from functools import partial
from typing import Any, NamedTuple

from publish.speaking import spoken
from vocabulary.lists import Measure

Row = dict[str, Any]


class Literal(NamedTuple):
    """What a clause asks of one question; `codebook.routing_literals` tells it."""

    question_key: str
    measure: str
    option_code: str | None
    comparison: str
    number: float | None
    is_negated: bool
    is_absent: bool


class Routing:
    """Who was asked what, in words."""

    def __init__(self, literals: list[Row], questions: list[Row], labels: list[Row]) -> None:
        self.texts = spoken()
        self.numbers = {(q["edition_key"], q["question_key"]): q["number"] for q in questions}
        self.rows = {
            (q["edition_key"], q["question_key"]): q for q in questions if q["parent_question_key"]
        }
        self.keys = {(q["edition_key"], q["question_key"]): q["condition_key"] for q in questions}
        self.labels = {(row["edition_key"], row["option_key"]): row["label"] for row in labels}
        self.clauses: dict[int, dict[int, list[Literal]]] = defaultdict(lambda: defaultdict(list))
        for row in literals:
            clause = self.clauses[row["condition_key"]][row["clause_number"]]
            clause.append(Literal(**{name: row[name] for name in Literal._fields}))

    def describe(self, edition: int, question: str) -> str:
        """Return whom a question was asked."""
        key = self.keys.get((edition, question))
        say = partial(self.texts.say, "universes")
        if key is None:
            return say("everyone")
        clauses = [set(clause) for clause in self.clauses[key].values()]
        common = set.intersection(*clauses)
        rest = [clause - common for clause in clauses if clause - common]
        words = [self._describe(edition, literal) for literal in sorted(common, key=str)]
        if len(rest) == len(clauses):
            words.append(self._describe_either(edition, rest))
        return say("those_who", say("and").join(words))

    def _describe_either(self, edition: int, clauses: list[set[Literal]]) -> str:
        """Return alternatives in words; those of one question are told together."""
        alone = {literal for clause in clauses if len(clause) == 1 for literal in clause}
        groups: dict[Literal, list[str]] = defaultdict(list)
        matrices: dict[tuple[str, str, bool], int] = defaultdict(int)
        others: list[Literal] = []
        for literal in sorted(alone, key=str):
            row = self.rows.get((edition, literal.question_key))
            if literal.measure != Measure.OPTION or literal.is_absent:
                others.append(literal)
            elif row:
                matrices[row["number"], self._label(edition, literal), literal.is_negated] += 1
            else:
                groups[literal._replace(option_code=None)].append(self._label(edition, literal))
        told = [self._describe(edition, literal, labels) for literal, labels in groups.items()]
        say = partial(self.texts.say, "universes")
        told += [
            say("answered_some_row", number, self._name_answer([label], negated))
            for number, label, negated in matrices
        ]
        told += [self._describe(edition, literal) for literal in others]
        told += [
            say("and").join(self._describe(edition, one) for one in sorted(clause, key=str))
            for clause in clauses
            if len(clause) > 1
        ]
        return told[0] if len(told) == 1 else say("either", say("or").join(told))

    def list_sources(self, edition: int, question: str) -> list[str]:
        """Return the questions that decide whether this one is asked."""
        key = self.keys.get((edition, question))
        clauses = self.clauses[key].values() if key else ()
        return sorted({literal.question_key for clause in clauses for literal in clause})

    def list_targets(self, edition: int, question: str) -> list[str]:
        """Return the questions that this one decides on."""
        return [
            target
            for (where, target) in self.keys
            if where == edition and question in self.list_sources(edition, target)
        ]

    def _describe(self, edition: int, literal: Literal, labels: list[str] | None = None) -> str:
        say = partial(self.texts.say, "universes")
        if literal.is_absent:
            if literal.measure == Measure.ANY:
                return say("unanswered", self._name(edition, literal))
            return say("absent", self._describe(edition, literal._replace(is_absent=False)))
        if literal.measure == Measure.ANY:
            return say("answered_any", self._name(edition, literal))
        if literal.measure != Measure.OPTION:
            comparison = self.texts.say("comparisons", literal.comparison)
            number = f"{literal.number:.15g}"
            return say(literal.measure, self._name(edition, literal), comparison, number)
        answer = self._name_answer(labels or [self._label(edition, literal)], literal.is_negated)
        row = self.rows.get((edition, literal.question_key))
        if row:
            return say("answered_row", row["number"], row["wording"], answer)
        return say("answered", self._name(edition, literal), answer)

    def _name(self, edition: int, literal: Literal) -> str:
        return str(self.numbers.get((edition, literal.question_key), literal.question_key))

    def _label(self, edition: int, literal: Literal) -> str:
        code = literal.option_code or ""
        return str(self.labels.get((edition, f"{literal.question_key}.{code}"), code))

    def _name_answer(self, labels: list[str], is_negated: bool) -> str:
        *others, last = [f"‘{label}’" for label in labels]
        told = self.texts.say("universes", "or").join(
            [", ".join(others), last] if others else [last]
        )
        return self.texts.say("universes", "other_than", told) if is_negated else told
