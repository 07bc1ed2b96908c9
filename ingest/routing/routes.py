"""From the `relevant` cells of the codebook to tables that say who was asked what."""

from collections.abc import Iterator

import duckdb

from ingest.routing.literals import ALWAYS, Clause, Clauses
from ingest.routing.questions import read_questions
from ingest.routing.universes import EditionRoutes, Route
from ingest.shared.problems import InputError, Problem
from ingest.shared.tables import insert_rows


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
        builder = EditionRoutes(read_questions(connection, edition))
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
        for number, clause in enumerate(sorted(clauses, key=_write_literals)):
            for literal in sorted(clause, key=str):
                what = literal.criterion
                yield (
                    *(key, number, str(what), what.question_key, what.measure, what.option_code),
                    *(what.comparison, what.number, literal.is_negated, literal.is_absent),
                )


def _write_literals(clause: Clause) -> list[str]:
    return sorted(map(str, clause))


def _write_out(clauses: Clauses) -> str:
    """Return clauses as one text that is the same wherever they are: `a=x & b!=y | c=z`."""
    return " | ".join(" & ".join(literals) for literals in sorted(map(_write_literals, clauses)))


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
            condition_key integer, clause_number integer, criterion varchar,
            question_key varchar, measure varchar, option_code varchar,
            comparison varchar, number double, is_negated boolean, is_absent boolean
        )
    """)
    insert_rows(connection, "codebook.routing_targets", targets)
    insert_rows(connection, "codebook.routing_literals", literals)
