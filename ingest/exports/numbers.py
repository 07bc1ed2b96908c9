"""Numbers as an export writes them, in one form per edition."""

import contextlib

import duckdb

from ingest.exports.moments import AS_ISO
from vocabulary.lists import NumberFormat

# The mark before decimals, and the one between thousands.
MARKS = {
    NumberFormat.POINT: (".", ""),
    NumberFormat.COMMA: (",", ""),
    NumberFormat.POINT_AFTER_COMMAS: (".", ","),
    NumberFormat.COMMA_AFTER_POINTS: (",", "."),
    NumberFormat.COMMA_AFTER_SPACES: (",", " "),
}
TABLE = """
    create table raw.numbers (
        edition_key integer, question_key varchar, match_text varchar, number double
    );
    comment on table raw.numbers is
        'One row per text that an export writes for a number, in the form of its edition, a day
        (its number from 1970-01-01 on) or the place of a row in a rank.';
"""
# What a workbook holds as a number has a point and no thousands, whatever the form; where that
# could be thousands, as in 1.200, a form with a mark for those decides, and any other refuses.
# What only looks like a digit (10²) is none.
READ = r"""
    insert into raw.numbers
    with texts as (
        select edition_key, columns.question_key, read_cells.match_text, is_whole
        from raw.read_cells
        inner join raw.export_columns as columns using (edition_key, column_number)
        inner join codebook.questions
            on questions.question_key = split_part(columns.question_key, '.', 1)
        where edition_key = $edition and is_number and privacy = 'public'
            and columns.role = 'question'
        group by all
        -- A text that 10² is compared by as well is no number in any cell.
        having bool_and(
            regexp_extract_all(cell_text, '[0-9]')
            = regexp_extract_all(read_cells.match_text, '[0-9]')
        )
    ),
    plain as (
        select *, case
            when $thousands <> '' and regexp_full_match(match_text, $grouped)
                then replace(replace(match_text, $thousands, ''), $decimal, '.')
            when regexp_full_match(match_text, $single) then replace(match_text, $decimal, '.')
            when $decimal <> '.' and regexp_full_match(match_text, '-?[0-9]{1,3}([.][0-9]{3})+')
                then null
            when regexp_full_match(match_text, '-?[0-9]{1,15}([.][0-9]+)?') then match_text
        end as number_text
        from texts
    )
    select edition_key, question_key, match_text, number_text::double
    from plain
    where number_text is not null
        and (not is_whole or regexp_full_match(number_text, '-?[0-9]{1,9}'))
"""


# A day, as the edition writes moments or without their time.
READ_DAYS = f"""
    insert into raw.numbers
    select distinct
        edition_key, question_key, corrected_cells.match_text,
        coalesce(try_strptime(corrected_cells.match_text, $forms), {AS_ISO})::date
            - date '1970-01-01' as number
    from raw.read_cells as corrected_cells
    inner join raw.export_columns using (edition_key, column_number)
    inner join codebook.questions using (question_key)
    where edition_key = $edition and is_date and privacy = 'public' and number is not null
"""


def read_numbers(connection: duckdb.DuckDBPyConnection) -> None:
    """Create `raw.numbers`: what the texts of numeric questions are, where they can be read.

    An edition writes them in the form that its `number_format` shows, or with a point; a day in
    the form of its `date_format`, with or without a time, or as ISO 8601 has it.
    """
    connection.execute(TABLE)
    for edition, form, moments in connection.execute(
        "select edition_key, number_format, date_format from codebook.editions order by 1"
    ).fetchall():
        forms = [moments, moments.split()[0]] if moments else ["%Y-%m-%d"]
        # A format that is none has its problem already.
        with contextlib.suppress(duckdb.InvalidInputException):
            connection.execute(READ_DAYS, {"edition": edition, "forms": forms})
        decimal, thousands = MARKS[NumberFormat(form or NumberFormat.POINT)]
        decimals = rf"([{decimal}][0-9]+)?"
        connection.execute(
            READ,
            {
                "edition": edition,
                "thousands": thousands,
                "decimal": decimal,
                "grouped": rf"-?[0-9]{{1,3}}([{thousands}][0-9]{{3}})+{decimals}"
                if thousands
                else "",
                "single": rf"-?[0-9]{{1,15}}{decimals}",
            },
        )
