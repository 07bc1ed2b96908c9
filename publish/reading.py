"""What the pages say, read from the warehouse: only what may be published."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import duckdb

from publish.routing import Routing
from publish.speaking import name_row, speak_for, translate
from vocabulary.lists import Base, Breakdown, Population, quote

Row = dict[str, Any]


def read_rows(connection: duckdb.DuckDBPyConnection, sql: str, *parameters: object) -> list[Row]:
    """Return the rows of a query as dictionaries, texts of the codebook in the language spoken."""
    result = connection.execute(sql, list(parameters))
    names = [column[0] for column in result.description or []]
    return [
        {name: translate(name, value) for name, value in zip(names, row, strict=True)}
        for row in result.fetchall()
    ]


# The sizes in their order.
RATES = """
    select response_rates.* from public_release.response_rates
    left join codebook.size_categories on level = label
    order by edition_key, breakdown, position, level
"""
EDITIONS = "from public_release.editions order by edition_key"
PARTS = "select distinct part, part_label as label from marts.dim_questions order by part"

QUESTIONS = """
    select
        edition_key, question_key, parent_question_key, part, type, number, position, wording,
        label, condition_key, is_closed, has_rows, takes_several,
        is_closed and not has_rows as has_figures, is_ordered
    from marts.bridge_question_editions
    inner join marts.dim_questions using (question_key)
    left join codebook.routing_targets using (edition_key, question_key)
    where option_code is null
    order by edition_key, position
"""

RESULTS = f"""
    select
        edition_key, base, breakdown, level, question_key, option_key, option_code, option_label,
        option_position, selected_count, base_count, share, percentage, 100 * share_low as low,
        100 * share_high as high, is_indicative, is_synthetic, is_safe_beside_own_answer,
        suppression, is_missing,
        share_weighted, weighted_low, weighted_high, effective_base, is_weighting_notable,
        coalesce(size_categories.position, 0) as level_position
    from public_release.question_results
    inner join marts.dim_options using (question_key, option_key, option_code)
    left join codebook.size_categories on level = size_categories.label
    order by
        edition_key, question_key, option_position, base,
        list_position([{quote(Breakdown)}], breakdown), level_position, level
"""

EVOLUTION = f"""
    select * from public_release.evolution
    inner join marts.dim_options using (question_key, option_key, option_code)
    order by
        question_key, position, from_edition_key, to_edition_key,
        list_position([{quote(Population)}], population)
"""

SCALES = "from public_release.scale_results order by edition_key, question_key"

TRANSITIONS = """
    select panel_transitions.* from public_release.panel_transitions
    inner join marts.dim_options using (question_key, option_key)
    order by question_key, position, from_edition_key, to_edition_key
"""

HEADLINES = "from public_release.headlines order by position, edition_key"

CHANGES = """
    select * from marts.mart_questionnaire_changes
    order by from_edition_key, to_edition_key, change, question_key, option_key
"""

LITERALS = """
    select
        condition_key, clause_number, question_key, measure, option_code, comparison, number,
        is_negated, is_absent
    from codebook.routing_literals
    order by all
"""

COMPARISONS = """
    select * from public_release.question_comparisons
    order by question_key, from_edition_key, to_edition_key, base
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
    scales: list[Row]
    headlines: list[Row]
    evolution: list[Row]
    transitions: list[Row]
    changes: list[Row]
    routing: Routing
    option_labels: list[Row]
    texts: dict[str, str]
    comparisons: list[Row]
    names: dict[int, str]

    @cached_property
    def bases(self) -> list[Base]:
        """The bases that figures have; without a frame there are respondents only."""
        found = {row["base"] for row in self.results}
        return [base for base in Base if base in found or base == Base.RESPONDENTS]

    @property
    def has_frame(self) -> bool:
        """Whether it is known of whom those who answered are a part."""
        return Base.MUNICIPALITIES in self.bases

    def name(self, edition: int) -> str:
        """Return what an edition is called where its label is too long."""
        return self.names.get(edition, str(edition))

    @cached_property
    def names_asked(self) -> dict[tuple[int, str], str]:
        """What each question of an edition is called, in their order: a row behind its matrix."""
        asked = {(row["edition_key"], row["question_key"]): row for row in self.questions}
        wordings = {place: row["wording"] for place, row in asked.items()}
        return {
            (edition, key): name_row(
                wordings.get((edition, row["parent_question_key"])), row["wording"]
            )
            for (edition, key), row in asked.items()
        }

    def compare(self, key: str) -> list[Row]:
        """Return the verdict on a question for each pair of editions, on the base of its charts."""
        return [
            row
            for row in self.comparisons
            if (row["question_key"], row["base"]) == (key, self.bases[-1])
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


def read_survey(connection: duckdb.DuckDBPyConnection, language: str | None = None) -> Survey:
    """Read what the pages need, and speak a language, or that of the survey, from here on."""
    speak_for(connection, language)
    editions = read_rows(connection, EDITIONS)
    questions = read_rows(connection, QUESTIONS)
    labels = read_rows(connection, OPTION_LABELS)
    return Survey(
        editions=editions,
        names={row["edition_key"]: row["edition_name"] for row in editions},
        parts=read_rows(connection, PARTS),
        questions=questions,
        results=read_rows(connection, RESULTS),
        scales=read_rows(connection, SCALES),
        headlines=read_rows(connection, HEADLINES),
        evolution=read_rows(connection, EVOLUTION),
        transitions=read_rows(connection, TRANSITIONS),
        changes=read_rows(connection, CHANGES),
        routing=Routing(read_rows(connection, LITERALS), questions, labels),
        option_labels=labels,
        comparisons=read_rows(connection, COMPARISONS),
        texts={
            row["text_key"]: row["text"] for row in read_rows(connection, "from codebook.texts")
        },
    )
