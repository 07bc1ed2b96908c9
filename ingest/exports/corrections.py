"""Corrections of landed cells: the one place where an answer is not what the export says."""

from collections.abc import Iterator

import duckdb

from ingest.codebook.loading import describe_place
from ingest.exports.files import describe_cell
from ingest.shared.problems import Problem
from ingest.shared.text import to_match_text

TABLES = """
    create table raw.applied_corrections as
    select
        corrections._row, corrections.edition_key, corrections.respondent_key,
        corrections.question_key, corrections.option_code, export_rows.row_number,
        export_columns.column_number, export_columns.column_letter, export_columns.privacy,
        export_cells.cell_text as raw_value, expected_value, new_value,
        to_match_text(new_value) as match_text, corrections.reason, corrected_on,
        corrections.started_at, starts.started_at as found_started_at,
        corrections.lasting_key is null and coalesce(
            try_cast(corrections.started_at as timestamp)::varchar, corrections.started_at
        ) is distinct from coalesce(
            try_cast(starts.started_at as timestamp)::varchar, starts.started_at
        ) as is_of_another
    from codebook.corrections
    left join raw.export_rows
        on export_rows.edition_key = corrections.edition_key
        and export_rows.exclusion_reason is null
        and export_rows.respondent_key = corrections.respondent_key
    left join raw.export_columns
        on export_columns.edition_key = corrections.edition_key
        and export_columns.is_answer
        and export_columns.question_key = corrections.question_key
        and export_columns.option_code is not distinct from corrections.option_code
    left join raw.export_cells
        on export_cells.edition_key = corrections.edition_key
        and export_cells.row_number = export_rows.row_number
        and export_cells.column_number = export_columns.column_number
    left join (
        select edition_key, row_number, cell_text as started_at
        from raw.export_cells inner join raw.export_columns using (edition_key, column_number)
        where role = 'started_at'
    ) as starts
        on starts.edition_key = corrections.edition_key
        and starts.row_number = export_rows.row_number;

    create view raw.corrected_cells as
    with cells as (
        select * from raw.export_cells
        anti join raw.applied_corrections using (edition_key, row_number, column_number)
        union all by name
        select edition_key, row_number, column_number, new_value as cell_text, match_text
        from raw.applied_corrections where new_value is not null
    ),
    -- A text that the codebook gives no option means that there is no answer.
    blanks as (
        select columns.edition_key, columns.column_number, spellings.match_text
        from raw.export_columns as columns
        inner join codebook.option_spellings as spellings
            on spellings.edition_key = columns.edition_key
            and spellings.question_key = split_part(columns.question_key, '.', 1)
        where columns.is_answer and spellings.option_code is null
    )
    select * from cells anti join blanks using (edition_key, column_number, match_text);

    create view raw.read_cells as
    from raw.corrected_cells
    union all by name
    select edition_key, row_number, column_number, cell_text, match_text
    from raw.other_cells where is_public;

    comment on view raw.corrected_cells is
        'One row per cell that is an answer, as export_cells, with the corrections applied.';
    comment on view raw.read_cells is
        'The same with what was kept aside, which has to be read to be compared.';
    comment on table raw.applied_corrections is
        'One row per correction, with the cell that it found and what stood there.';
"""


def apply_corrections(connection: duckdb.DuckDBPyConnection) -> Iterator[Problem]:
    """Create the view `raw.corrected_cells`, and yield the corrections that do not fit.

    A correction fits where one cell of a respondent who counts holds the value it expects, and
    the respondent was found again, or began when it says: rows move when an export comes anew.
    """
    connection.execute(TABLES)
    rows = connection.execute("""
        select
            _row, edition_key, respondent_key, concat_ws('.', question_key, option_code),
            file_row_number, column_letter, privacy, raw_value, expected_value,
            coalesce(origins.source_file, places.source_file),
            if(origins.cell is null, places.sheet, origins.sheet), origins.cell,
            started_at, found_started_at, is_of_another
        from raw.applied_corrections
        left join raw.row_places as places using (edition_key, row_number)
        left join raw.cell_origins as origins using (edition_key, row_number, column_number)
        order by _row
    """).fetchall()
    for row, edition, respondent, key, row_number, letter, privacy, raw, expected, *more in rows:
        file, sheet, origin, told, found, is_of_another = more
        place = describe_place("corrections", row)
        if row_number is None:
            what = f"No respondent {respondent!r} counts in edition {edition}."
            yield Problem(place, what, "Mend respondent_key: the edition and the row, in 6 digits.")
        elif letter is None:
            what = f"Edition {edition} has no column for {key!r}."
            yield Problem(place, what, "Mend question_key or option_code, or add the column.")
        elif privacy != "public":
            what = f"{key!r} is {privacy}, and its texts never stand in a codebook."
            yield Problem(place, what, "Mend it in the export.")
        elif is_of_another:
            what = f"{respondent} began at {found}, and the correction is of who began at {told}."
            action = "Find the row of the same respondent, and mend respondent_key or started_at."
            yield Problem(place, what, action)
        elif _fold(raw) != _fold(expected):
            cell = describe_cell(edition, file, sheet, origin or f"{letter}{row_number}")
            what = f"It expects {expected!r}, and {cell} holds {raw!r}."
            yield Problem(place, what, "Remove it where the source was mended, or look again.")


def _fold(text: str | None) -> str | None:
    return None if text is None else to_match_text(text)
