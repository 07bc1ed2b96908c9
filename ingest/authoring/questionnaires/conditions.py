"""Conditions of other tools brought into the codebook's, and back.

To a tool a blank is a value: what is not `x` is also what nobody answered. In the codebook a
condition on a question without an answer is false, negated or not, and `${q} = ''` asks for the
blank. So `${q} != 'x'` of a tool is `${q} != 'x' or ${q} = ''` here.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

from ingest.authoring.questionnaires.form import Asked, make_keys
from ingest.routing.checking import EQUALITIES
from ingest.routing.expressions import (
    ITEM,
    OPTION,
    Combination,
    Condition,
    Expression,
    Negation,
    parse_expression,
)
from ingest.routing.literals import INVERSE, Criterion, RoutingError
from vocabulary.lists import Comparison, Measure
from vocabulary.types import TRAITS

NAME = re.compile(r"\$\{\s*([^}]+?)\s*\}")
Names = Mapping[str, tuple[str, Asked]]


def name_all(asked: list[Asked]) -> dict[str, tuple[str, Asked]]:
    """Return what conditions can name: the key in the codebook and the question, by its name.

    A row is named `question.row`, or by its own name where no question has that.
    """
    keys = make_keys(question.name for question in asked)
    names = {question.name: (keys[question.name], question) for question in asked}
    for question in asked:
        for item, code in make_keys(question.items).items():
            row = f"{keys[question.name]}.{code}", question
            names.setdefault(item, row)
            names[f"{question.name}.{item}"] = row
    return names


def carry_over(text: str, names: Names) -> str:
    """Return a tool's condition as the codebook has it, empty where it always holds.

    Raises RoutingError where it names what is no question, or says what routing cannot.
    """
    if not text.strip():
        return ""

    def name(found: re.Match[str]) -> str:
        if found[1] not in names:
            raise RoutingError(f"it names {found[1]!r}, which is no question")
        return f"${{{names[found[1]][0]}}}"

    by_key = dict(names.values())
    expression = parse_expression(NAME.sub(name, text.replace('"', "'")))

    def mend(condition: Condition, own: Expression, is_negated: bool) -> Expression:
        question = by_key[condition.key]
        # Nobody goes on who did not answer it.
        is_always_answered = question.is_required and not question.relevant
        if is_always_answered or _holds_of_blank(condition) == is_negated:
            return own
        return Combination("or", (own, _ask_for_blank(condition, Comparison.EQUAL)))

    return write_expression(_settle(_read(expression, by_key), mend))


def give_out(expression: Expression) -> str:
    """Return a condition of the codebook as a tool has to have it, to which a blank is a value."""

    def mend(condition: Condition, own: Expression, _: bool) -> Expression:
        if isinstance(own, Condition) and not _holds_of_blank(own):
            return own
        return Combination("and", (own, _ask_for_blank(condition, Comparison.UNEQUAL)))

    return write_expression(_settle(expression, mend))


def _read(expression: Expression, by_key: Mapping[str, Asked]) -> Expression:
    """Return what is compared with as the type of the question has it."""
    match expression:
        case Negation(term):
            return Negation(_read(term, by_key))
        case Combination(how, terms):
            return Combination(how, tuple(_read(term, by_key) for term in terms))
    question = by_key[expression.key]
    traits = TRAITS[question.type]
    if traits.has_rows and expression.row is None:
        raise RoutingError(f"it asks for {question.name!r}, which is answered in its rows")
    if expression.measure == Measure.NUMBER and traits.is_closed:
        return _read_code(expression, question)
    if expression.measure == Measure.NUMBER and not traits.is_number:
        raise RoutingError(f"it compares {question.name!r}, which is no number")
    if expression.measure == Measure.OPTION and traits.is_number:
        return _read_number(expression)
    if expression.measure == Measure.OPTION and expression.comparison not in EQUALITIES:
        return _read_code(_read_number(expression), question)
    if expression.measure == Measure.OPTION:
        code = expression.option or ""
        if code not in question.options:
            raise RoutingError(f"{question.name!r} has no answer {code!r}")
        if traits.takes_several and not expression.is_selected:
            raise RoutingError(f"it asks for {code!r} alone of {question.name!r}")
        option = make_keys(question.options)[code]
        return replace(expression, option=option, is_selected=traits.takes_several)
    return expression


def _read_code(expression: Condition, question: Asked) -> Expression:
    """Return a comparison with a code that is a number as one with the options it admits."""
    if TRAITS[question.type].takes_several:
        raise RoutingError(f"it compares {question.name!r}, of which several can be chosen")
    is_other = expression.comparison == Comparison.UNEQUAL
    sought = replace(expression, comparison=Comparison.EQUAL) if is_other else expression
    codes = [
        code
        for code in question.options
        if code.lstrip("-").isdigit() and _admits(sought, float(code))
    ]
    if not codes:
        raise RoutingError(f"no answer of {question.name!r} is {expression.number:g}")
    comparison, how = (Comparison.UNEQUAL, "and") if is_other else (Comparison.EQUAL, "or")
    terms = tuple(
        replace(
            expression,
            measure=Measure.OPTION,
            comparison=comparison,
            option=make_keys(question.options)[code],
            number=None,
        )
        for code in codes
    )
    return terms[0] if len(terms) == 1 else Combination(how, terms)


def _read_number(expression: Condition) -> Condition:
    try:
        number = float(expression.option or "")
    except ValueError:
        raise RoutingError(f"it compares a number with {expression.option!r}") from None
    return replace(expression, measure=Measure.NUMBER, option=None, number=number)


def _settle(
    expression: Expression,
    mend: Callable[[Condition, Expression, bool], Expression],
    *,
    is_negated: bool = False,
) -> Expression:
    """Return it without negations; `mend` makes of each condition what it is for a blank too.

    It gets the condition as it stands, what that comes to, and whether it is negated.
    """
    match expression:
        case Negation(term):
            return _settle(term, mend, is_negated=not is_negated)
        case Combination(how, terms):
            parts = tuple(_settle(term, mend, is_negated=is_negated) for term in terms)
            return Combination({"and": "or", "or": "and"}[how] if is_negated else how, parts)
    if expression.measure == Measure.COUNT and not is_negated and _admits_none_but(expression, 0):
        return _ask_for_blank(expression, Comparison.EQUAL)
    own = _turn(expression) if is_negated else expression
    return own if expression.measure == Measure.ANY else mend(expression, own, is_negated)


def _ask_for_blank(condition: Condition, comparison: Comparison) -> Condition:
    return Condition(condition.question, condition.row, Measure.ANY, comparison)


def _turn(condition: Condition) -> Expression:
    if condition.is_selected:
        return Negation(condition)
    return replace(condition, comparison=INVERSE[condition.comparison])


def _holds_of_blank(condition: Condition) -> bool:
    """Whether a tool takes it for true where nothing was answered."""
    if condition.measure == Measure.COUNT:
        return _admits(condition, 0)
    # A blank is no number and no option: it differs from each, and is neither more nor less.
    return condition.comparison == Comparison.UNEQUAL


def _admits_none_but(condition: Condition, number: float) -> bool:
    """Whether only that many chosen options meet a condition, and so nobody who answered."""
    return condition.number is not None and (
        (condition.comparison == Comparison.EQUAL and condition.number == number)
        or (condition.comparison == Comparison.LESS and condition.number <= number + 1)
        or (condition.comparison == Comparison.AT_MOST and condition.number < number + 1)
    )


def _admits(condition: Condition, number: float) -> bool:
    bound = (condition.key, Measure.NUMBER, None, condition.comparison, condition.number)
    return Criterion(*bound).admits(number)


def write_expression(expression: Expression) -> str:
    """Return an expression as a codebook and XLSForm write it."""
    match expression:
        case Negation(term):
            return f"not({write_expression(term)})"
        case Combination(how, terms):
            words = [write_expression(term) for term in terms]
            return f" {how} ".join(
                f"({word})" if isinstance(term, Combination) else word
                for term, word in zip(terms, words, strict=True)
            )
        case Condition(measure=Measure.COUNT):
            how, number = expression.comparison, _write_number(expression.number)
            return f"count-selected(${{{expression.key}}}) {how} {number}"
        case Condition(measure=Measure.NUMBER):
            number = _write_number(expression.number)
            return f"${{{expression.key}}} {expression.comparison} {number}"
        case Condition(is_selected=True, placeholder=placeholder):
            # XLSForm calls the choice whose turn it is its name; the rows of a rank are choices.
            is_choice = placeholder in (OPTION, ITEM)
            option = "name" if is_choice else f"'{expression.option}'"
            return f"selected(${{{expression.key}}}, {option})"
        case Condition():
            option = expression.option or ""
            return f"${{{expression.key}}} {expression.comparison} '{option}'"


def _write_number(number: float | None) -> str:
    """Return a number with all its digits, and without an exponent."""
    return format(Decimal(repr(number)).normalize(), "f")
