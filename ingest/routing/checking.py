"""What a routing expression may name: questions asked before, their rows and their options."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ingest.codebook.loading import describe_place
from ingest.routing.expressions import (
    ITEM,
    OPTION,
    ROUTING,
    Combination,
    Condition,
    Expression,
    Negation,
    fill_placeholder,
    list_conditions,
    parse_expression,
)
from ingest.routing.literals import Criterion, RoutingError
from ingest.routing.questions import Question
from ingest.shared.problems import InputError, Place, Problem, name_candidates
from vocabulary.lists import Comparison, Measure

GRAMMAR_IN_WORDS = (
    "Write ${q} = 'x', ${q} != 'x', selected(${q}, 'x'), ${q} >= 10, count-selected(${q}) >= 2"
    " or ${q} = '' for no answer, joined by and, or, not() and parentheses."
)
EQUALITIES = (Comparison.EQUAL, Comparison.UNEQUAL)


def parse_question(
    question: Question, asked: Mapping[str, Question]
) -> tuple[Expression | None, Expression | None]:
    """Return the expressions of `relevant` and `item_relevant`.

    Raises InputError with everything that cannot be used in them.
    """
    parsed: dict[str, Expression | None] = {}
    problems: list[Problem] = []
    for column in ROUTING:
        text = getattr(question, column)
        place = describe_place("question_editions", question.row, column)
        try:
            parsed[column] = None if text is None else parse_expression(text)
        except RoutingError as error:
            what = f"It says {text!r}: {error}."
            problems.append(Problem(place, what, GRAMMAR_IN_WORDS))
            continue
        if parsed[column] is not None:
            problems.extend(_check(question, asked, column, parsed[column], place))
    if problems:
        raise InputError(problems)
    whole, part = (
        None if expression is None else _list_options_ahead(expression, asked)
        for expression in (parsed["relevant"], parsed["item_relevant"])
    )
    return whole, part


def _check(
    question: Question,
    asked: Mapping[str, Question],
    column: str,
    expression: Expression | None,
    place: Place,
) -> Iterator[Problem]:
    placeholder = ITEM if question.has_rows else OPTION if question.takes_several else None
    for condition in list_conditions(expression) if expression else []:
        if condition.placeholder is None:
            yield from _check_condition(question, asked, condition, place)
        elif column == "relevant" or condition.placeholder != placeholder:
            what = f"{condition.placeholder!r} stands for nothing here."
            yield Problem(
                place, what, "Use item for matrix rows, option for options, in item_relevant."
            )
        else:
            for code in question.codes:
                filled = fill_placeholder(condition, code)
                if isinstance(filled, Condition):
                    yield from _check_condition(question, asked, filled, place)


def _check_condition(
    question: Question, questions: Mapping[str, Question], condition: Condition, place: Place
) -> Iterator[Problem]:
    asked = questions.get(condition.question)
    if asked is None:
        what = f"{condition.question!r} is not asked in this edition."
        nearest = name_candidates(condition.question, questions)
        yield Problem(place, what, "Name a question of this edition.", nearest)
        return
    order = list(questions)
    if order.index(asked.key) >= order.index(question.key):
        what = f"{asked.key!r} is not asked before {question.key!r}."
        yield Problem(place, what, "Refer to an earlier question only.")
    if (condition.row is not None) != asked.has_rows:
        what = f"{condition.key!r} is no question that can be answered."
        yield Problem(place, what, "Name the row of a matrix as ${question.row}, and of it only.")
    elif condition.row is not None and condition.row not in asked.items:
        what = f"{asked.key!r} has no row {condition.row!r}."
        nearest = name_candidates(condition.row, asked.items)
        yield Problem(place, what, "Name a row it has.", nearest)
    yield from _check_measure(asked, condition, place)


def _check_measure(asked: Question, condition: Condition, place: Place) -> Iterator[Problem]:
    """Whether the answer to a question can be held against that at all."""
    of_its_type = f"{asked.key!r} is of type {asked.type}."
    match condition.measure:
        case Measure.NUMBER if not asked.is_number:
            yield Problem(place, of_its_type, "Compare it with an option, in quotes.")
        case Measure.COUNT if not asked.takes_several:
            yield Problem(place, of_its_type, "Count what was selected of a multiple choice.")
        case Measure.COUNT if asked.item_relevant is not None:
            what = f"Not all options of {asked.key!r} are asked of the same."
            yield Problem(place, what, "Name the options, with selected().")
        case Measure.ANY if condition.comparison not in EQUALITIES:
            yield Problem(place, "'' stands for no answer.", "Ask for it with = or !=.")
        case Measure.OPTION if asked.is_number:
            yield Problem(place, of_its_type, "Compare it with a number, without quotes.")
        case Measure.OPTION:
            yield from _check_option(asked, condition, place)


def _check_option(asked: Question, condition: Condition, place: Place) -> Iterator[Problem]:
    if condition.option not in asked.options:
        what = f"{asked.key!r} has no option {condition.option!r}."
        nearest = name_candidates(condition.option or "", asked.options)
        yield Problem(place, what, "Name an option it has.", nearest)
    elif condition.comparison not in EQUALITIES and condition.option not in asked.scores:
        what = f"Option {condition.option!r} of {asked.key!r} has no score."
        yield Problem(place, what, "Give the options their order in the column score.")
    elif condition.comparison not in EQUALITIES and not _find_admitted(condition, asked):
        what = f"No option of {asked.key!r} is {condition.comparison} {condition.option!r}."
        yield Problem(place, what, "Mend the condition.")
    if condition.is_selected != asked.takes_several:
        what = f"{asked.key!r} is of type {asked.type}."
        yield Problem(place, what, "Use selected() for a multiple choice, = or != for another.")


def _list_options_ahead(expression: Expression, asked: Mapping[str, Question]) -> Expression:
    """Return the expression with the options of an order named: `>= 'x'` is x or a later one."""
    match expression:
        case Condition(measure=Measure.OPTION) if expression.comparison not in EQUALITIES:
            return Combination(
                "or",
                tuple(
                    replace(expression, option=code, comparison=Comparison.EQUAL)
                    for code in _find_admitted(expression, asked[expression.question])
                ),
            )
        case Negation(term):
            return Negation(_list_options_ahead(term, asked))
        case Combination(operator, terms):
            return Combination(operator, tuple(_list_options_ahead(term, asked) for term in terms))
    return expression


def _find_admitted(condition: Condition, asked: Question) -> list[str]:
    bound = Criterion(
        *(condition.key, Measure.NUMBER, None, condition.comparison),
        asked.scores[condition.option or ""],
    )
    return [
        code for code in asked.options if code in asked.scores and bound.admits(asked.scores[code])
    ]
