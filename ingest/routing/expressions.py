"""Routing expressions: a closed XLSForm grammar, parsed, spelled out and described.

A condition on a question that was skipped or not shown is false, also when it is negated:
`not(${q} = 'x')` and `${q} != 'x'` both ask for an answer other than x; `${q} = ''` alone asks
for the want of one. Negation therefore moves inwards to the conditions, and every expression
becomes a set of clauses of which one must hold, each a set of literals that must all hold. The
literals carry their own routing along (a question can only open another one where it was itself
shown), so that a warehouse decides each universe in one query, without recursion.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeAlias

from lark import Lark, Token, Transformer, UnexpectedInput, v_args

from ingest.routing.literals import (
    INVERSE,
    Clauses,
    Criterion,
    RoutingError,
    RoutingLiteral,
    intersect,
    negate,
    unite,
)
from vocabulary.keys import KEY
from vocabulary.lists import Comparison, Measure
from vocabulary.texts import OF_THE_WAREHOUSE, read_texts

GRAMMAR = rf"""
    ?start: disjunction
    ?disjunction: conjunction ("or" conjunction)*
    ?conjunction: term ("and" term)*
    ?term: "not" "(" disjunction ")" -> negation
        | "(" disjunction ")"
        | reference OPERATOR text   -> compares_answer
        | reference OPERATOR NUMBER -> compares_number
        | "selected" "(" reference "," value ")" -> selected
        | "count-selected" "(" reference ")" OPERATOR NUMBER -> compares_count
    reference: "${{" NAME ["." NAME] "}}"
    ?value: text | placeholder
    text: QUOTED
    placeholder: "item" -> item_placeholder | "option" -> option_placeholder
    NAME: /{KEY}/
    QUOTED: /'[^']*'/
    NUMBER: /-?[0-9]+([.][0-9]+)?/
    OPERATOR: "=" | "!=" | "<=" | ">=" | "<" | ">"
    %ignore /\s+/
"""

# What anyone could still read.
LONGEST, DEEPEST = 10_000, 200
# In which columns a question says whom it is asked: itself, and each of its rows or options.
ROUTING = ("relevant", "item_relevant")
ITEM = "item"
OPTION = "option"


@dataclass(frozen=True)
class Condition:
    """What one question must have been answered with.

    `row` names a matrix row; `row` or `option` can be a placeholder, which stands for the
    matrix row or the option whose relevance is asked for. `number` is what a number, or how
    many options were chosen, is compared with. Of `Measure.ANY`, `=` asks for no answer.
    """

    question: str
    row: str | None
    measure: Measure
    comparison: Comparison
    option: str | None = None
    number: float | None = None
    is_selected: bool = False
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
    """Terms of which all (`and`), or at least one (`or`), must hold."""

    operator: str
    terms: tuple["Expression", ...]


Expression: TypeAlias = Condition | Negation | Combination
Reference: TypeAlias = tuple[str, str | None]


@v_args(inline=True)
class _Builder(Transformer[Token, Expression]):
    def reference(self, question: str, row: str | None) -> Reference:
        return str(question), str(row) if row else None

    def text(self, quoted: str) -> str:
        return quoted[1:-1]

    def item_placeholder(self) -> "_Placeholder":
        return _Placeholder(ITEM)

    def option_placeholder(self) -> "_Placeholder":
        return _Placeholder(OPTION)

    def compares_answer(self, reference: Reference, operator: str, option: str) -> Condition:
        measure = Measure.OPTION if option else Measure.ANY
        return _build_condition(reference, measure, Comparison(operator), option=option or None)

    def compares_number(self, reference: Reference, operator: str, number: str) -> Condition:
        return _build_condition(
            reference, Measure.NUMBER, Comparison(operator), number=float(number)
        )

    def compares_count(self, reference: Reference, operator: str, number: str) -> Condition:
        return _build_condition(
            reference, Measure.COUNT, Comparison(operator), number=float(number)
        )

    def selected(self, reference: Reference, option: str) -> Condition:
        return _build_condition(
            reference, Measure.OPTION, Comparison.EQUAL, option=option, is_selected=True
        )

    def negation(self, term: Expression) -> Negation:
        return Negation(term)

    def conjunction(self, *terms: Expression) -> Combination:
        return Combination("and", terms)

    def disjunction(self, *terms: Expression) -> Combination:
        return Combination("or", terms)


class _Placeholder(str):
    pass


def _build_condition(
    reference: Reference,
    measure: Measure,
    comparison: Comparison,
    *,
    option: str | None = None,
    number: float | None = None,
    is_selected: bool = False,
) -> Condition:
    question, row = reference
    placeholder = str(option) if isinstance(option, _Placeholder) else None
    if row == ITEM:
        placeholder = ITEM
    text = None if option is None else str(option)
    return Condition(question, row, measure, comparison, text, number, is_selected, placeholder)


@cache
def _load_parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", maybe_placeholders=True)


def parse_expression(text: str) -> Expression:
    """Parse one `relevant` or `item_relevant` cell.

    Raises RoutingError with the place in the text where it leaves the grammar.
    """
    if len(text) > LONGEST or text.count("(") > DEEPEST:
        raise RoutingError(f"it is longer than {LONGEST} characters, or {DEEPEST} parentheses deep")
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
        case Condition(placeholder=None):
            return expression
        case Condition():
            if expression.row == ITEM:
                return replace(expression, row=code, placeholder=None)
            return replace(expression, option=code, placeholder=None)
        case Negation(term):
            return Negation(fill_placeholder(term, code))
        case Combination(operator, terms):
            return Combination(operator, tuple(fill_placeholder(term, code) for term in terms))


def spell_out(
    expression: Expression,
    find_universe: Callable[[RoutingLiteral], Clauses],
    *,
    is_negated: bool = False,
) -> Clauses:
    """Return the clauses of an expression, each literal with the universe of what it names.

    `find_universe` gives the clauses under which the question, or the option of it, is shown.
    Raises RoutingError where nothing can make the expression true, or where it needs more
    clauses than anyone could read.
    """
    match expression:
        case Condition():
            return _spell_out_condition(expression, find_universe, is_negated)
        case Negation(term):
            return spell_out(term, find_universe, is_negated=not is_negated)
        case Combination(operator, terms):
            parts = [spell_out(term, find_universe, is_negated=is_negated) for term in terms]
            return intersect(parts) if (operator == "and") != is_negated else unite(parts)


def _spell_out_condition(
    condition: Condition, find_universe: Callable[[RoutingLiteral], Clauses], is_negated: bool
) -> Clauses:
    comparison = INVERSE[condition.comparison] if is_negated else condition.comparison
    is_rejected = False
    if condition.measure in (Measure.OPTION, Measure.ANY):
        is_rejected = comparison == Comparison.UNEQUAL
        comparison = Comparison.EQUAL
    criterion = Criterion(
        condition.key, condition.measure, condition.option, comparison, condition.number
    )
    if condition.measure == Measure.ANY:
        literal = RoutingLiteral(criterion)
        answered = intersect([frozenset({frozenset({literal})}), find_universe(literal)])
        return answered if is_rejected else negate(answered)
    literal = RoutingLiteral(criterion, is_rejected)
    return intersect([frozenset({frozenset({literal})}), find_universe(literal)])


def describe(
    expression: Expression, questions: Mapping[str, str], options: Mapping[tuple[str, str], str]
) -> str:
    """Return an expression in words, from the labels of questions and of their options."""
    texts = read_texts(OF_THE_WAREHOUSE)
    match expression:
        case Condition(measure=Measure.OPTION):
            is_equal = expression.comparison == Comparison.EQUAL
            verb = "includes" if expression.is_selected else "is" if is_equal else "is_not"
            option = options[expression.question, expression.option or ""]
            return texts.say("routing", verb, questions[expression.key], option)
        case Condition(measure=Measure.ANY):
            is_blank = expression.comparison == Comparison.EQUAL
            verb = "unanswered" if is_blank else "answered"
            return texts.say("routing", verb, questions[expression.key])
        case Condition():
            how = texts.say("comparisons", expression.comparison)
            name, number = questions[expression.key], f"{expression.number:.15g}"
            return texts.say("routing", expression.measure, name, how, number)
        case Negation(term):
            return texts.say("routing", "not", describe(term, questions, options))
        case Combination(operator, terms):
            words = [describe(term, questions, options) for term in terms]
            words = [
                f"({word})" if isinstance(term, Combination) else word
                for term, word in zip(terms, words, strict=True)
            ]
            return f" {texts.say('routing', operator)} ".join(words)
