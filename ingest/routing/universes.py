"""Whom each question of an edition was asked: its own condition, and those it hangs on."""

from dataclasses import dataclass

from ingest.codebook.loading import describe_place
from ingest.routing.checking import parse_question
from ingest.routing.expressions import (
    Combination,
    Expression,
    describe,
    fill_placeholder,
    spell_out,
)
from ingest.routing.literals import (
    ALWAYS,
    Clauses,
    Criterion,
    RoutingError,
    RoutingLiteral,
    intersect,
    unite,
)
from ingest.routing.questions import Question
from ingest.shared.problems import InputError, Problem
from vocabulary.lists import Measure
from vocabulary.texts import OF_THE_WAREHOUSE, read_texts


@dataclass(frozen=True)
class Route:
    """Who is asked a question, matrix row or (with `option_code`) option of a question."""

    question_key: str
    option_code: str | None
    clauses: Clauses
    universe: str


class EditionRoutes:
    """The universes of one edition, question by question in the order of the questionnaire."""

    def __init__(self, questions: list[Question]) -> None:
        self.questions = {question.key: question for question in questions}
        self.universes: dict[tuple[str, str | None], Clauses] = {}
        self.labels: dict[str, str] = {}
        self.options = {
            (question.key, code): label
            for question in questions
            for code, label in question.options.items()
        }

    def add(self, question: Question) -> list[Route]:
        """Return the routes of a question, its rows and options; later ones can build on it.

        Raises InputError with every problem of its two expressions.
        """
        whole, part = parse_question(question, self.questions)
        clauses = self._spell_out(question, "relevant", whole)
        self.labels[question.key] = question.wording
        routes: list[Route] = []
        if question.has_rows or part is not None:
            routes = self._add_parts(question, whole, clauses, part)
            clauses = self._unite(question, routes)
        routes.insert(0, Route(question.key, None, clauses, self._describe(whole)))
        for route in routes:
            self.universes[route.question_key, route.option_code] = route.clauses
        for code, wording in question.items.items():
            self.labels[f"{question.key}.{code}"] = f"{question.wording} - {wording}"
        return routes

    def _unite(self, question: Question, routes: list[Route]) -> Clauses:
        try:
            return unite([route.clauses for route in routes])
        except RoutingError as error:
            column = "item_relevant" if question.item_relevant else "relevant"
            raise _refuse(question, column, f"Its rows or options together: {error}.") from None

    def _add_parts(
        self,
        question: Question,
        whole: Expression | None,
        clauses: Clauses,
        part: Expression | None,
    ) -> list[Route]:
        routes = []
        for code in question.codes:
            own = None if part is None else fill_placeholder(part, code)
            own_clauses = self._spell_out(question, "item_relevant", own)
            universe = self._describe(*(term for term in (whole, own)))
            try:
                together = intersect([clauses, own_clauses])
            except RoutingError as error:
                what = f"It says {question.item_relevant!r}; with relevant, for {code!r}: {error}."
                raise _refuse(question, "item_relevant", what, "Mend one of the two.") from None
            if question.has_rows:
                routes.append(Route(f"{question.key}.{code}", None, together, universe))
            else:
                routes.append(Route(question.key, code, together, universe))
        return routes

    def _spell_out(self, question: Question, column: str, expression: Expression | None) -> Clauses:
        if expression is None:
            return ALWAYS
        try:
            return spell_out(expression, self._find_universe)
        except KeyError as error:
            # The question it refers to was refused itself, and is reported there.
            raise InputError([]) from error
        except RoutingError as error:
            what = f"It says {getattr(question, column)!r}: {error}."
            raise _refuse(question, column, what) from error

    def _find_universe(self, literal: RoutingLiteral) -> Clauses:
        key, named = literal.criterion.question_key, literal.criterion.option_code
        own = {option: clauses for (name, option), clauses in self.universes.items() if name == key}
        if len(own) > 1 and (literal.is_negated or named is None):
            # Answered with an option, another than this one, that was shown.
            return unite(
                [
                    intersect([frozenset({frozenset({_choose(key, option)})}), clauses])
                    for option, clauses in own.items()
                    if option is not None and option != named
                ]
            )
        return own.get(named) or self.universes[key, None]

    def _describe(self, *expressions: Expression | None) -> str:
        given = tuple(term for term in expressions if term is not None)
        if not given:
            return read_texts(OF_THE_WAREHOUSE).say("routing", "everyone")
        whole = given[0] if len(given) == 1 else Combination("and", given)
        return describe(whole, self.labels, self.options)


def _refuse(
    question: Question, column: str, what: str, action: str = "Mend the condition."
) -> InputError:
    place = describe_place("question_editions", question.row, column)
    return InputError([Problem(place, what, action)])


def _choose(question: str, option: str) -> RoutingLiteral:
    return RoutingLiteral(Criterion(question, Measure.OPTION, option))
