"""The codebook rows of one edition, and what was answered before, for a rehearsal to play."""

from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from ingest.codebook.loading import load_codebook
from ingest.exports.corrections import apply_corrections
from ingest.exports.files import ExportFile
from ingest.exports.joined import split_joined_cells
from ingest.exports.landing import create_raw_tables, land_export
from ingest.exports.municipalities import build_municipality_names


@dataclass
class Questionnaire:
    """The codebook rows of one edition, as dictionaries."""

    edition: dict
    questions: list[dict]
    items: dict[str, list[str]]
    options: dict[str, list[dict]]
    columns: list[dict]
    spellings: dict[tuple[str, str, bool], str]
    complete: dict[bool, str]
    municipalities: list[dict]
    earlier: dict[str, dict[str, set[str]]] = field(default_factory=dict)


def rows_of(connection: duckdb.DuckDBPyConnection, sql: str, *parameters: object) -> list[dict]:
    result = connection.execute(sql, parameters)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def read_questionnaire(codebook: Path, exports: Path, edition: int) -> Questionnaire:
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as restricted")
    load_codebook(connection, codebook)
    build_municipality_names(connection)
    items: dict[str, list[str]] = {}
    for row in rows_of(
        connection,
        "select question_key, item_code from codebook.item_editions"
        " inner join codebook.question_items using (question_key, item_code)"
        " where edition_key = ? order by position",
        edition,
    ):
        items.setdefault(row["question_key"], []).append(row["item_code"])
    options: dict[str, list[dict]] = {}
    for row in rows_of(
        connection,
        "select question_key, option_code, is_exclusive, is_missing from codebook.option_editions"
        " inner join codebook.options using (question_key, option_code)"
        " where edition_key = ? order by position",
        edition,
    ):
        options.setdefault(row["question_key"], []).append(row)
    return Questionnaire(
        edition=rows_of(
            connection, "select * from codebook.editions where edition_key = ?", edition
        )[0],
        questions=rows_of(
            connection,
            "select question_editions.*, questions.type, questions.role"
            " from codebook.question_editions"
            " inner join codebook.questions using (question_key)"
            " where edition_key = ? order by position",
            edition,
        ),
        items=items,
        options=options,
        columns=rows_of(
            connection,
            "select * from codebook.export_columns where edition_key = ? order by _row",
            edition,
        ),
        spellings={
            (row["question_key"], row["option_code"], row["is_selected"]): row["spelling"]
            for row in rows_of(
                connection,
                "select * from codebook.option_spellings where edition_key = ?",
                edition,
            )
        },
        complete={
            row["value"]: row["spelling"]
            for row in rows_of(
                connection,
                "select * from codebook.metadata_values where edition_key = ?"
                " and role = 'is_complete'",
                edition,
            )
        },
        municipalities=rows_of(
            connection,
            "select nis_code, name, postal_code from codebook.municipalities"
            " inner join codebook.municipality_successions using (nis_code, valid_from)"
            " left join (select nis_code, min(postal_code) as postal_code"
            " from codebook.postal_codes group by all) using (nis_code)"
            " where edition_key = ? and nis_code = frame_nis_code"
            " and valid_from <= ? and ? < coalesce(valid_to, 'infinity') order by nis_code",
            edition,
            *rows_of(
                connection,
                "select frame_date, frame_date as again from codebook.editions"
                " where edition_key = ?",
                edition,
            )[0].values(),
        ),
        earlier=read_earlier_answers(connection, exports, edition),
    )


def read_earlier_answers(
    connection: duckdb.DuckDBPyConnection, exports: Path, edition: int
) -> dict[str, dict[str, set[str]]]:
    """What each municipality chose before, by its code in this edition's frame."""
    create_raw_tables(connection)
    for row in rows_of(
        connection, "select * from codebook.editions where edition_key < ?", edition
    ):
        land_export(
            connection,
            [
                ExportFile(
                    row["edition_key"],
                    exports / row["source_file"],
                    row["sheet"],
                    row["encoding"],
                    row["delimiter"],
                    row["header_row_count"],
                )
            ],
        )
    list(apply_corrections(connection))
    split_joined_cells(connection)
    answers: dict[str, dict[str, set[str]]] = {}
    for row in rows_of(
        connection,
        """
        with places as (
            select cells.edition_key, row_number, any_value(later.frame_nis_code) as nis_code
            from raw.corrected_cells as cells
            inner join raw.export_columns as columns using (edition_key, column_number)
            inner join codebook.questions on questions.question_key = columns.question_key
            inner join codebook.municipality_names as names
                on names.edition_key = cells.edition_key and names.role = questions.role
                and names.match_text = cells.match_text
            inner join codebook.municipality_successions as later
                on later.nis_code = names.nis_code and later.edition_key = ?
            group by all
        )
        select nis_code, columns.question_key, choices.option_code
        from raw.corrected_cells as cells
        inner join raw.export_columns as columns using (edition_key, column_number)
        inner join places using (edition_key, row_number)
        inner join raw.cell_options as choices
            on choices.edition_key = cells.edition_key
            and choices.question_key = split_part(columns.question_key, '.', 1)
            and choices.match_text = cells.match_text and choices.is_selected
            and coalesce(choices.option_code = columns.option_code, true)
        order by cells.edition_key, row_number, column_number
        """,
        edition,
    ):
        choices = answers.setdefault(row["nis_code"], {})
        choices.setdefault(row["question_key"], set()).add(row["option_code"])
    return answers
