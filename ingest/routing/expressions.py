"""Routing expressions: a closed XLSForm grammar, parsed, spelled out and described.

A condition on a question that was skipped or not shown is false, also when it is negated:
`not(${q} = 'x')` and `${q} != 'x'` both ask for an answer other than x. Negation therefore
moves inwards to the conditions, and every expression becomes a set of clauses of which one
must hold, each a set of literals that must all hold. The literals carry their own routing
along (a question can only open another one where it was itself shown), so that a warehouse
decides each universe in one query, without recursion.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Literal, TypeAlias

from lark import Lark, Token, Transformer, UnexpectedInput, v_args

from vocabulary.keys import KEY
from vocabulary.texts import OF_THE_WAREHOUSE, read_texts

MAXIMUM_CLAUSES = 1_000

GRAMMAR = rf"""
    ?start: disjunction
    ?disjunction: conjunction ("or" conjunction)*
    ?conjunction: term ("and" term)*
    ?term: "not" "(" disjunction ")" -> negation
        | "(" disjunction ")"
        | reference "=" text         -> equals
        | reference "!=" text        -> differs
        | "selected" "(" reference "," value ")" -> selected
    reference: "${{" NAME ["." NAME] "}}"
    ?value: text | placeholder
    text: QUOTED
    placeholder: "item" -> item_placeholder | "option" -> option_placeholder
    NAME: /{KEY}/
    QUOTED: /'[^']*'/
    %ignore /\s+/
"""

ITEM = "item"
OPTION = "option"


@dataclass(frozen=True)
class Condition:
    """A question of which one option must, or must not, be the answer.

    `row` names a matrix row; `row` or `option` can be a placeholder, which stands for the
    matrix row or the option whose relevance is asked for.
    """

    question: str
    row: str | None
    option: str
    operator: Literal["=", "!=", "selected"]
    placeholder: str | None = None

    @property
    def key(self) -> str:
        """The question or, with its matrix, the matrix row."""
        return f"{self.question}.{self.row}" if self.row else self.question


@dataclass(frozen=True)
class Negation:
    """What holds where `term` does not."""

    term: "Expression"


@dataclass(frozen=True)
class Combination:
    """Terms of which all, or at least one, must hold."""

    operator: Literal["and", "or"]
    terms: tuple["Expression", ...]


Expression: TypeAlias = Condition | Negation | Combination


@dataclass(frozen=True, order=True)
class RoutingLiteral:
    """A question was answered with the option; negated: with others only."""

    question_key: str
    option_code: str
    is_negated: bool


Clause: TypeAlias = frozenset[RoutingLiteral]
Clauses: TypeAlias = frozenset[Clause]

ALWAYS: Clauses = frozenset({frozenset()})


class RoutingError(ValueError):
    """An expression outside the grammar, or one that can never hold."""


@v_args(inline=True)
class _Builder(Transformer[Token, Expression]):
    def reference(self, question: str, row: str | None) -> tuple[str, str | None]:
        return str(question), str(row) if row else None

    def text(self, quoted: str) -> str:
        return quoted[1:-1]

    def item_placeholder(self) -> "_Placeholder":
        return _Placeholder(ITEM)

    def option_placeholder(self) -> "_Placeholder":
        return _Placeholder(OPTION)

    def equals(self, reference: tuple[str, str | None], option: str) -> Condition:
        return _build_condition(reference, option, "=")

    def differs(self, reference: tuple[str, str | None], option: str) -> Condition:
        return _build_condition(reference, option, "!=")

    def selected(self, reference: tuple[str, str | None], option: str) -> Condition:
        return _build_condition(reference, option, "selected")

    def negation(self, term: Expression) -> Negation:
        return Negation(term)

    def conjunction(self, *terms: Expression) -> Combination:
        return Combination("and", terms)

    def disjunction(self, *terms: Expression) -> Combination:
        return Combination("or", terms)


class _Placeholder(str):
    pass


def _build_condition(
    reference: tuple[str, str | None], option: str, operator: Literal["=", "!=", "selected"]
) -> Condition:
    question, row = reference
    placeholder = str(option) if isinstance(option, _Placeholder) else None
    if row == ITEM:
        placeholder = ITEM
    return Condition(question, row, str(option), operator, placeholder)


@cache
def _load_parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", maybe_placeholders=True)


def parse_expression(text: str) -> Expression:
    """Parse one `relevant` or `item_relevant` cell.

    Raises RoutingError with the place in the text where it leaves the grammar.
    """
    try:
        return _Builder().transform(_load_parser().parse(text))
    except UnexpectedInput as error:
        is_at_end = getattr(getattr(error, "token", None), "type", None) == "$END"
        place = len(text) if is_at_end else error.pos_in_stream or 0
        rest = text[place : place + 20]
        seen = f"at character {place + 1}, before {rest!r}" if rest else "at its end"
        raise RoutingError(f"it leaves the grammar {seen}") from error


def list_conditions(expression: Expression) -> list[Condition]:
    """Return every condition of an expression, in the order in which it names them."""
    match expression:
        case Condition():
            return [expression]
        case Negation(term):
            return list_conditions(term)
        case Combination(_, terms):
            return [condition for term in terms for condition in list_conditions(term)]


def fill_placeholder(expression: Expression, code: str) -> Expression:
    """Return the expression for the matrix row or the option `code`."""
    match expression:
        case Condition(question, row, option, operator, placeholder):
            if placeholder is None:
                return expression
            filled_row = code if row == ITEM else row
            filled_option = option if row == ITEM else code
            return Condition(question, filled_row, filled_option, operator)
        case Negation(term):
            return Negation(fill_placeholder(term, code))
        case Combination(operator, terms):
            return Combination(operator, tuple(fill_placeholder(term, code) for term in terms))


def spell_out(
    expression: Expression, find_universe: Callable[[RoutingLiteral], Clauses]
) -> Clauses:
    """Return the clauses of an expression, each literal with the universe of what it names.

    `find_universe` gives the clauses under which the question, or the option of it, is shown.
    Raises RoutingError where nothing can make the expression true, or where it needs more
    clauses than anyone could read.
    """
    clauses = _spell_out(expression, is_negated=False)
    return unite(
        [intersect([frozenset({clause}), *map(find_universe, clause)]) for clause in clauses]
    )


def _spell_out(expression: Expression, *, is_negated: bool) -> Clauses:
    match expression:
        case Condition():
            negative = (expression.operator == "!=") != is_negated
            literal = RoutingLiteral(expression.key, expression.option, negative)
            return frozenset({frozenset({literal})})
        case Negation(term):
            return _spell_out(term, is_negated=not is_negated)
        case Combination(operator, terms):
            parts = [_spell_out(term, is_negated=is_negated) for term in terms]
            return intersect(parts) if (operator == "and") != is_negated else unite(parts)


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


def _simplify(clauses: set[Clause]) -> Clauses:
    possible = {clause for clause in clauses if not _contradicts_itself(clause)}
    if clauses and not possible:
        raise RoutingError("no answer can make it true")
    if len(possible) > MAXIMUM_CLAUSES:
        raise RoutingError(f"it spells out to more than {MAXIMUM_CLAUSES} alternatives")
    return frozenset(clause for clause in possible if not any(other < clause for other in possible))


def _contradicts_itself(clause: Clause) -> bool:
    return any(
        RoutingLiteral(literal.question_key, literal.option_code, not literal.is_negated) in clause
        for literal in clause
    )


def describe(
    expression: Expression, questions: Mapping[str, str], options: Mapping[tuple[str, str], str]
) -> str:
    """Return an expression in words, from the labels of questions and of their options."""
    texts = read_texts(OF_THE_WAREHOUSE)
    match expression:
        case Condition():
            verb = {"=": "is", "!=": "is_not", "selected": "includes"}[expression.operator]
            option = options[expression.question, expression.option]
            return texts.say("routing", verb, questions[expression.key], option)
        case Negation(term):
            return texts.say("routing", "not", describe(term, questions, options))
        case Combination(operator, terms):
            words = [describe(term, questions, options) for term in terms]
            words = [
                f"({word})" if isinstance(term, Combination) else word
                for term, word in zip(terms, words, strict=True)
            ]
            return f" {texts.say('routing', operator)} ".join(words)
