"""What the pages say, read from the warehouse: only what may be published."""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

Row = dict[str, Any]


def read_rows(connection: duckdb.DuckDBPyConnection, sql: str, *parameters: object) -> list[Row]:
    """Return the rows of a query as dictionaries."""
    result = connection.execute(sql, list(parameters))
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


EDITIONS = "from public_release.editions order by edition_key"
PARTS = "select distinct part, part_label as label from marts.dim_questions order by part"

QUESTIONS = """
    select
        edition_key, question_key, parent_question_key, part, type, number, position, wording,
        label, condition_key
    from marts.bridge_question_editions
    inner join marts.dim_questions using (question_key)
    left join codebook.routing_targets using (edition_key, question_key)
    where option_code is null
    order by edition_key, position
"""

RESULTS = """
    select
        edition_key, base, breakdown, level, question_key, option_key, option_code, option_label,
        option_position, selected_count, base_count, share, percentage, is_indicative,
        suppression, is_missing
    from public_release.question_results
    inner join marts.dim_options using (question_key, option_key, option_code)
    order by edition_key, option_position, base
"""

INTERVALS = """
    select edition_key, option_key, base, 100 * share_low as low, 100 * share_high as high
    from marts.mart_question_results
"""

EVOLUTION = """
    select * from public_release.evolution
    inner join marts.dim_options using (question_key, option_key, option_code)
    order by
        question_key, position, from_edition_key, to_edition_key,
        list_position(['cross_section', 'common_base', 'panel'], population)
"""

CHANGES = """
    select * from marts.mart_questionnaire_changes
    order by from_edition_key, to_edition_key, change, question_key, option_key
"""

LITERALS = """
    select condition_key, clause_number, question_key, option_code, is_negated
    from codebook.routing_literals
    order by all
"""

VERDICTS = """
    select questions.question_key, from_edition_key, to_edition_key, verdict, reason
    from marts.dim_questions as questions
    inner join codebook.comparability as reviewed
        on reviewed.question_key = split_part(questions.question_key, '.', 1)
        and coalesce(
            questions.question_key = reviewed.question_key || '.' || reviewed.item_code, true
        )
    qualify row_number() over (
        partition by questions.question_key, from_edition_key, to_edition_key
        order by item_code nulls last
    ) = 1
"""

OPTION_LABELS = """
    select edition_key, option_key, bridge_option_editions.label, lineage
    from marts.bridge_option_editions
    inner join marts.dim_options using (option_key) order by position
"""


@dataclass(frozen=True)
class Survey:
    """Everything the pages need, each read once."""

    editions: list[Row]
    parts: list[Row]
    questions: list[Row]
    results: list[Row]
    evolution: list[Row]
    transitions: list[Row]
    changes: list[Row]
    routing: "Routing"
    option_labels: list[Row]
    texts: dict[str, str]
    verdicts: dict[tuple[str, int, int], Row]

    def compare(self, key: str) -> list[Row]:
        """Return the codebook's verdict on a question for each pair of editions that asked it."""
        asked = [q["edition_key"] for q in self.questions if q["question_key"] == key]
        unknown = {"verdict": None, "reason": None}
        return [
            {"from_edition_key": start, "to_edition_key": end}
            | self.verdicts.get((key, start, end), unknown)
            for start, end in itertools.combinations(asked, 2)
        ]

    def list_questions(self, edition: int, part: int | None = None) -> list[Row]:
        """Return the questions of an edition, of one part or all, without matrix rows."""
        return [
            row
            for row in self.questions
            if row["edition_key"] == edition
            and row["parent_question_key"] is None
            and part in (None, row["part"])
        ]

    def list_items(self, edition: int, question: str) -> list[Row]:
        """Return the rows of a matrix."""
        return [
            row
            for row in self.questions
            if (row["edition_key"], row["parent_question_key"]) == (edition, question)
        ]


class Routing:
    """Who was asked what, in words."""

    def __init__(self, literals: list[Row], questions: list[Row], labels: list[Row]) -> None:
        self.numbers = {(q["edition_key"], q["question_key"]): q["number"] for q in questions}
        self.rows = {
            (q["edition_key"], q["question_key"]): q for q in questions if q["parent_question_key"]
        }
        self.keys = {(q["edition_key"], q["question_key"]): q["condition_key"] for q in questions}
        self.labels = {(row["edition_key"], row["option_key"]): row["label"] for row in labels}
        self.clauses: dict[int, dict[int, list[tuple[str, str, bool]]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for row in literals:
            literal = (row["question_key"], row["option_code"], row["is_negated"])
            self.clauses[row["condition_key"]][row["clause_number"]].append(literal)

    def describe(self, edition: int, question: str) -> str:
        """Return whom a question was asked."""
        key = self.keys.get((edition, question))
        if key is None:
            return "iedereen"
        clauses = [set(clause) for clause in self.clauses[key].values()]
        common = set.intersection(*clauses)
        rest = [clause - common for clause in clauses if clause - common]
        words = [
            self._describe(edition, question, [option], negated)
            for question, option, negated in sorted(common)
        ]
        if len(rest) == len(clauses):
            words.append(self._describe_either(edition, rest))
        return "wie " + " en ".join(words)

    def _describe_either(self, edition: int, clauses: list[set[tuple[str, str, bool]]]) -> str:
        """Return alternatives in words; those of one question are told together."""
        alone = {literal for clause in clauses if len(clause) == 1 for literal in clause}
        groups: dict[tuple[str, bool], list[str]] = defaultdict(list)
        matrices: dict[tuple[str, str, bool], int] = defaultdict(int)
        for question, option, negated in sorted(alone):
            row = self.rows.get((edition, question))
            if row:
                label = self.labels.get((edition, f"{question}.{option}"), option)
                matrices[row["number"], label, negated] += 1
            else:
                groups[question, negated].append(option)
        told = [
            self._describe(edition, question, options, negated)
            for (question, negated), options in groups.items()
        ]
        told += [
            f"bij minstens één rij van vraag {number} {_but(negated)}‘{label}’ antwoordde"
            for number, label, negated in matrices
        ]
        told += [
            " en ".join(self._describe(edition, q, [o], n) for q, o, n in sorted(clause))
            for clause in clauses
            if len(clause) > 1
        ]
        return told[0] if len(told) == 1 else f"({' of '.join(told)})"

    def list_sources(self, edition: int, question: str) -> list[str]:
        """Return the questions that decide whether this one is asked."""
        key = self.keys.get((edition, question))
        clauses = self.clauses[key].values() if key else ()
        return sorted({literal[0] for clause in clauses for literal in clause})

    def list_targets(self, edition: int, question: str) -> list[str]:
        """Return the questions that this one decides on."""
        return [
            target
            for (where, target) in self.keys
            if where == edition and question in self.list_sources(edition, target)
        ]

    def _describe(self, edition: int, question: str, options: list[str], is_negated: bool) -> str:
        labels = [
            f"‘{self.labels.get((edition, f'{question}.{option}'), option)}’" for option in options
        ]
        told = labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} of {labels[-1]}"
        number = self.numbers.get((edition, question), question)
        row = self.rows.get((edition, question))
        name = f", {row['wording']}, " if row else " "
        return f"bij vraag {number}{name}{_but(is_negated)}{told} antwoordde"


def _but(is_negated: bool) -> str:
    return "iets anders dan " if is_negated else ""


def read_survey(connection: duckdb.DuckDBPyConnection) -> Survey:
    """Read what the pages need."""
    questions = read_rows(connection, QUESTIONS)
    labels = read_rows(connection, OPTION_LABELS)
    return Survey(
        editions=read_rows(connection, EDITIONS),
        parts=read_rows(connection, PARTS),
        questions=questions,
        results=_with_intervals(connection),
        evolution=read_rows(connection, EVOLUTION),
        transitions=read_rows(connection, "from public_release.panel_transitions"),
        changes=read_rows(connection, CHANGES),
        routing=Routing(read_rows(connection, LITERALS), questions, labels),
        option_labels=labels,
        verdicts={
            (row["question_key"], row["from_edition_key"], row["to_edition_key"]): row
            for row in read_rows(connection, VERDICTS)
        },
        texts=dict(connection.execute("select text_key, text from codebook.texts").fetchall()),
    )


def _with_intervals(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """Return the results; those in total that are published have their interval."""
    bounds = {
        (row["edition_key"], row["option_key"], row["base"]): row
        for row in read_rows(connection, INTERVALS)
    }
    return list(_add_bounds(read_rows(connection, RESULTS), bounds))


def _add_bounds(results: list[Row], bounds: dict[tuple[Any, ...], Row]) -> Iterator[Row]:
    for row in results:
        bound = bounds[row["edition_key"], row["option_key"], row["base"]]
        shown = row["breakdown"] == "total" and row["suppression"] is None
        yield row | {side: bound[side] if shown else None for side in ("low", "high")}
