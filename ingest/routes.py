"""From the `relevant` cells of the codebook to tables that say who was asked what."""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from ingest.codebook import describe_place
from ingest.problems import InputError, Problem, name_candidates
from ingest.routing import (
    ALWAYS,
    ITEM,
    OPTION,
    Clauses,
    Combination,
    Condition,
    Expression,
    RoutingError,
    RoutingLiteral,
    describe,
    fill_placeholder,
    intersect,
    list_conditions,
    parse_expression,
    spell_out,
    unite,
)
from ingest.tables import insert_rows

EVERYONE = "everyone"
GRAMMAR_IN_WORDS = (
    "Write ${q} = 'x', ${q} != 'x' or selected(${q}, 'x'),"
    " joined by and, or, not() and parentheses."
)


@dataclass(frozen=True)
class Question:
    """A question as one edition asks it; `codes` are its rows (matrix) or options (multiple)."""

    key: str
    row: int
    type: str
    wording: str
    relevant: str | None
    item_relevant: str | None
    items: dict[str, str]
    options: dict[str, str]

    @property
    def codes(self) -> dict[str, str]:
        """What `item_relevant` is asked for: the rows of a matrix, else the options."""
        return self.items if self.type == "matrix" else self.options


@dataclass(frozen=True)
class Route:
    """Who is asked a question, matrix row or (with `option_code`) option of a question."""

    question_key: str
    option_code: str | None
    clauses: Clauses
    universe: str


def build_routes(connection: duckdb.DuckDBPyConnection) -> None:
    """Create `codebook.routing_targets` and `codebook.routing_literals`.

    A target is shown where one of the clauses of its condition holds, a clause where all its
    literals do; a target without condition is shown to everyone. A condition has one key and is
    written alike in every edition, so that universes can be compared. Raises InputError with
    every expression that cannot be used.
    """
    problems: list[Problem] = []
    routes: list[tuple[int, Route]] = []
    for (edition,) in connection.execute(
        "select edition_key from codebook.editions order by 1"
    ).fetchall():
        builder = _EditionRoutes(_read_questions(connection, edition))
        for question in builder.questions.values():
            try:
                routes.extend((edition, route) for route in builder.add(question))
            except InputError as error:
                problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    conditions = dict.fromkeys(route.clauses for _, route in routes if route.clauses != ALWAYS)
    keys = {clauses: number for number, clauses in enumerate(conditions)}
    targets: list[tuple[object, ...]] = [
        (
            edition,
            route.question_key,
            route.option_code,
            keys.get(route.clauses),
            _write_out(route.clauses),
            route.universe,
        )
        for edition, route in routes
    ]
    _create_tables(connection, targets, list(_list_literals(keys)))


def _list_literals(keys: dict[Clauses, int]) -> Iterator[tuple[object, ...]]:
    for clauses, key in keys.items():
        for number, clause in enumerate(sorted(clauses, key=sorted)):
            for literal in sorted(clause):
                yield (key, number, literal.question_key, literal.option_code, literal.is_negated)


def _write_out(clauses: Clauses) -> str:
    """Return clauses as one text that is the same wherever they are: `a=x & b!=y | c=z`."""
    return " | ".join(
        " & ".join(
            f"{literal.question_key}{'!=' if literal.is_negated else '='}{literal.option_code}"
            for literal in sorted(clause)
        )
        for clause in sorted(clauses, key=sorted)
    )


def _create_tables(
    connection: duckdb.DuckDBPyConnection,
    targets: list[tuple[object, ...]],
    literals: list[tuple[object, ...]],
) -> None:
    connection.execute("""
        create table codebook.routing_targets (
            edition_key integer, question_key varchar, option_code varchar,
            condition_key integer, condition varchar, universe varchar
        );
        create table codebook.routing_literals (
            condition_key integer, clause_number integer,
            question_key varchar, option_code varchar, is_negated boolean
        )
    """)
    insert_rows(connection, "codebook.routing_targets", targets)
    insert_rows(connection, "codebook.routing_literals", literals)


def _read_questions(connection: duckdb.DuckDBPyConnection, edition: int) -> list[Question]:
    rows = connection.execute(
        """
        select question_key, question_editions._row, type, wording, relevant, item_relevant
        from codebook.question_editions
        inner join codebook.questions using (question_key)
        where edition_key = ? order by question_editions.position
        """,
        [edition],
    ).fetchall()
    items = _read_codes(connection, edition, "item")
    options = _read_codes(connection, edition, "option")
    return [
        Question(
            key,
            row,
            type_,
            wording,
            relevant,
            item_relevant,
            items.get(key, {}),
            options.get(key, {}),
        )
        for key, row, type_, wording, relevant, item_relevant in rows
    ]


def _read_codes(
    connection: duckdb.DuckDBPyConnection, edition: int, kind: str
) -> dict[str, dict[str, str]]:
    label = "wording" if kind == "item" else f"{kind}_editions.label"
    rows = connection.execute(
        f"""
        select question_key, {kind}_code, {label} from codebook.{kind}_editions
        inner join codebook.question_{kind}s using (question_key, {kind}_code)
        where edition_key = ? order by question_{kind}s.position
        """.replace("question_options", "options"),
        [edition],
    ).fetchall()
    codes: dict[str, dict[str, str]] = {}
    for question, code, text in rows:
        codes.setdefault(question, {})[code] = text
    return codes


class _EditionRoutes:
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
        whole, part = self._parse(question)
        clauses = self._spell_out(question, "relevant", whole)
        self.labels[question.key] = question.wording
        routes: list[Route] = []
        if question.type == "matrix" or part is not None:
            routes = self._add_parts(question, whole, clauses, part)
            clauses = unite([route.clauses for route in routes])
        routes.insert(0, Route(question.key, None, clauses, self._describe(whole)))
        for route in routes:
            self.universes[route.question_key, route.option_code] = route.clauses
        for code, wording in question.items.items():
            self.labels[f"{question.key}.{code}"] = f"{question.wording} - {wording}"
        return routes

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
                place = describe_place("question_editions", question.row, "item_relevant")
                what = f"It says {question.item_relevant!r}; with relevant, for {code!r}: {error}."
                raise InputError([Problem(place, what, "Mend one of the two.")]) from None
            if question.type == "matrix":
                routes.append(Route(f"{question.key}.{code}", None, together, universe))
            else:
                routes.append(Route(question.key, code, together, universe))
        return routes

    def _parse(self, question: Question) -> tuple[Expression | None, Expression | None]:
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
                problems.extend(self._check(question, column, parsed[column], place))
        if problems:
            raise InputError(problems)
        return parsed["relevant"], parsed["item_relevant"]

    def _check(
        self, question: Question, column: str, expression: Expression | None, place: str
    ) -> Iterator[Problem]:
        placeholder = {"matrix": ITEM, "multiple": OPTION}.get(question.type)
        for condition in list_conditions(expression) if expression else []:
            if condition.placeholder is None:
                yield from self._check_condition(question, condition, place)
            elif column == "relevant" or condition.placeholder != placeholder:
                what = f"{condition.placeholder!r} stands for nothing here."
                yield Problem(
                    place, what, "Use item for matrix rows, option for options, in item_relevant."
                )
            else:
                for code in question.codes:
                    filled = fill_placeholder(condition, code)
                    if isinstance(filled, Condition):
                        yield from self._check_condition(question, filled, place)

    def _check_condition(
        self, question: Question, condition: Condition, place: str
    ) -> Iterator[Problem]:
        asked = self.questions.get(condition.question)
        if asked is None:
            action = "Name a question of this edition." + name_candidates(
                condition.question, self.questions
            )
            yield Problem(place, f"{condition.question!r} is not asked in this edition.", action)
            return
        order = list(self.questions)
        if order.index(asked.key) >= order.index(question.key):
            what = f"{asked.key!r} is not asked before {question.key!r}."
            yield Problem(place, what, "Refer to an earlier question only.")
        if (condition.row is not None) != (asked.type == "matrix"):
            what = f"{condition.key!r} is no question that can be answered."
            yield Problem(
                place, what, "Name the row of a matrix as ${question.row}, and of it only."
            )
        elif condition.row is not None and condition.row not in asked.items:
            action = "Name a row it has." + name_candidates(condition.row, asked.items)
            yield Problem(place, f"{asked.key!r} has no row {condition.row!r}.", action)
        if condition.option not in asked.options:
            action = "Name an option it has." + name_candidates(condition.option, asked.options)
            yield Problem(place, f"{asked.key!r} has no option {condition.option!r}.", action)
        if (condition.operator == "selected") != (asked.type == "multiple"):
            what = f"{asked.key!r} is of type {asked.type}."
            yield Problem(place, what, "Use selected() for a multiple choice, = or != for another.")

    def _spell_out(self, question: Question, column: str, expression: Expression | None) -> Clauses:
        if expression is None:
            return ALWAYS
        try:
            return spell_out(expression, self._find_universe)
        except KeyError as error:
            # The question it refers to was refused itself, and is reported there.
            raise InputError([]) from error
        except RoutingError as error:
            place = describe_place("question_editions", question.row, column)
            what = f"It says {getattr(question, column)!r}: {error}."
            raise InputError([Problem(place, what, "Mend the condition.")]) from error

    def _find_universe(self, literal: RoutingLiteral) -> Clauses:
        key = literal.question_key
        own = {option: clauses for (name, option), clauses in self.universes.items() if name == key}
        if len(own) > 1 and literal.is_negated:
            # Answered with another option, and with one that was shown.
            return unite(
                [
                    intersect(
                        [frozenset({frozenset({RoutingLiteral(key, option, False)})}), clauses]
                    )
                    for option, clauses in own.items()
                    if option is not None and option != literal.option_code
                ]
            )
        return own.get(literal.option_code) or self.universes[key, None]

    def _describe(self, *expressions: Expression | None) -> str:
        given = tuple(term for term in expressions if term is not None)
        if not given:
            return EVERYONE
        whole = given[0] if len(given) == 1 else Combination("and", given)
        return describe(whole, self.labels, self.options)
