"""What a routing expression may name: questions asked before, their rows and their options."""

from collections.abc import Iterator, Mapping

from ingest.codebook.loading import describe_place
from ingest.routing.expressions import (
    ITEM,
    OPTION,
    Condition,
    Expression,
    RoutingError,
    fill_placeholder,
    list_conditions,
    parse_expression,
)
from ingest.routing.questions import Question
from ingest.shared.problems import InputError, Place, Problem, name_candidates

GRAMMAR_IN_WORDS = (
    "Write ${q} = 'x', ${q} != 'x' or selected(${q}, 'x'),"
    " joined by and, or, not() and parentheses."
)


def parse_question(
    question: Question, asked: Mapping[str, Question]
) -> tuple[Expression | None, Expression | None]:
    """Return the expressions of `relevant` and `item_relevant`.

    Raises InputError with everything that cannot be used in them.
    """
    parsed: dict[str, Expression | None] = {}
    problems: list[Problem] = []
    for column in ("relevant", "item_relevant"):
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
    return parsed["relevant"], parsed["item_relevant"]


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
    if condition.option not in asked.options:
        what = f"{asked.key!r} has no option {condition.option!r}."
        nearest = name_candidates(condition.option, asked.options)
        yield Problem(place, what, "Name an option it has.", nearest)
    if (condition.operator == "selected") != asked.takes_several:
        what = f"{asked.key!r} is of type {asked.type}."
        yield Problem(place, what, "Use selected() for a multiple choice, = or != for another.")
