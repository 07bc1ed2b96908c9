"""Landed cells checked against the codebook before anything is modelled."""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from ingest.exports.files import describe_cell
from ingest.shared.problems import Problem, find_nearest, name_candidates, shorten
from ingest.shared.text import holds_address
from vocabulary.lists import SPREADSHEET_ERRORS, quote

_CELLS = """
    select
        edition_key, row_number, column_number, header, cell_text,
        corrected_cells.match_text, export_columns.role, is_answer, question_key, option_code,
        split_part(question_key, '.', 1) as codebook_question_key
    from raw.corrected_cells
    inner join raw.export_columns using (edition_key, column_number)
    inner join raw.export_rows using (edition_key, row_number)
    where exclusion_reason is null and privacy = 'public'
"""

# Whether words of the export say who is complete.
_IS_TOLD_BY_WORDS = """
    edition_key in (select edition_key from codebook.editions where complete_when is null)
"""

_IS_UNDECLARED = """
    not exists (
        select 1 from codebook.metadata_values
        where metadata_values.edition_key = cells.edition_key
            and metadata_values.role = cells.role
            and metadata_values.match_text = cells.match_text
    )
"""


_IS_NO_NUMBER = """
    not exists (
        select 1 from raw.numbers
        where numbers.edition_key = cells.edition_key
            and numbers.question_key = cells.question_key
            and numbers.match_text = cells.match_text
    )
"""


# Rows that no municipality can be given to, by its name or its postal code.
_UNPLACED = """
    select
        export_rows.edition_key, export_rows.row_number, export_columns.column_number,
        export_columns.header, coalesce(named.cell_text, ''),
        (
            select list(name) from codebook.municipalities
            inner join codebook.municipality_successions using (nis_code, valid_from)
            where municipality_successions.edition_key = export_rows.edition_key
        )
    from raw.export_rows
    inner join codebook.questions on questions.role = 'municipality'
    inner join raw.export_columns
        on export_columns.edition_key = export_rows.edition_key
        and export_columns.question_key = questions.question_key
    left join cells as named
        on named.edition_key = export_rows.edition_key
        and named.row_number = export_rows.row_number
        and named.question_key = questions.question_key
    where exclusion_reason is null and filled_cell_count > 0 and not exists (
        select 1 from cells
        inner join codebook.questions on questions.question_key = cells.question_key
        inner join codebook.municipality_names
            on municipality_names.edition_key = cells.edition_key
            and municipality_names.role = questions.role
            and municipality_names.match_text = cells.match_text
        where cells.edition_key = export_rows.edition_key
            and cells.row_number = export_rows.row_number
    )
"""

# It cannot be an alias of another: it is a name.
_IS_OF_ANOTHER_DAY = """
    exists (
        select 1 from codebook.municipalities
        left join codebook.municipality_successions as later
            on later.nis_code = municipalities.nis_code
            and later.valid_from = municipalities.valid_from
            and later.edition_key = export_rows.edition_key
        where municipalities.match_text = named.match_text and later.edition_key is null
    )
"""


# Cells of columns that are the same, by what they mean; a correction has judged between them.
_MEANING = """
    coalesce(
        (
            select list_sort(list(concat(cell_options.option_code, ' ', is_selected)))::varchar
            from raw.cell_options
            where cell_options.edition_key = columns.edition_key
                and cell_options.question_key = split_part(columns.question_key, '.', 1)
                and cell_options.match_text = {text}
                and coalesce(cell_options.option_code = columns.option_code, true)
        ),
        (
            select number::varchar from raw.numbers
            where numbers.edition_key = columns.edition_key
                and numbers.question_key = columns.question_key and numbers.match_text = {text}
        ),
        {text}
    )
"""


@dataclass(frozen=True)
class CellCheck:
    """A query over the cells of rows that count; what it returns stops the build.

    `sql` returns edition_key, row_number, column_number, header, what was
    seen, and a list of what could stand there instead.
    """

    what: str
    action: str
    sql: str


CHECKS = (
    CellCheck(
        "{header!r} is public, and this cell holds an e-mail or IP address.",
        "Mark the column open or personal in export_columns.csv; where its question is closed, put"
        " back the option that was chosen.",
        """
        select edition_key, row_number, column_number, header, '', []
        from raw.export_cells
        inner join raw.export_columns using (edition_key, column_number)
        where privacy = 'public' and (
            cell_text like '%@%' or cell_text like '%.%.%.%' or cell_text like '%:%:%'
        ) and holds_address(cell_text) and not exists (
            -- What the codebook itself says is nobody's.
            select 1 from codebook.option_spellings
            where option_spellings.edition_key = export_cells.edition_key
                and option_spellings.match_text = export_cells.match_text
        )
        """,
    ),
    CellCheck(
        "{header!r} holds {seen!r}, which is no option of this question (or several at once).",
        "Add the spelling to option_spellings.csv (without option_code where it means no answer),"
        " or the option to the codebook.",
        """
        select
            cells.edition_key, row_number, column_number, header,
            coalesce(piece, cell_text),
            (
                select list(distinct spelling) from codebook.option_spellings
                where option_spellings.edition_key = cells.edition_key
                    and option_spellings.question_key = cells.codebook_question_key
                    and coalesce(option_spellings.option_code = cells.option_code, true)
            )
        from cells
        inner join codebook.questions on questions.question_key = codebook_question_key
        left join raw.unread_pieces
            on cells.role = 'options'
            and unread_pieces.edition_key = cells.edition_key
            and unread_pieces.question_key = codebook_question_key
            and unread_pieces.match_text = cells.match_text
        where cells.is_answer and questions.is_closed
            and not exists (
                select 1 from raw.cell_options
                where cell_options.edition_key = cells.edition_key
                    and cell_options.question_key = cells.codebook_question_key
                    and cell_options.match_text = cells.match_text
                    and coalesce(cell_options.option_code = cells.option_code, true)
            )
            and not exists (
                select 1 from raw.ambiguous_texts
                where ambiguous_texts.edition_key = cells.edition_key
                    and ambiguous_texts.question_key = cells.codebook_question_key
                    and ambiguous_texts.match_text = cells.match_text
            )
        """,
    ),
    CellCheck(
        "{header!r} can be read in several ways: {seen}.",
        "Export it with a column for each option or with another delimiter, or mend the cell by"
        " a row of corrections.csv.",
        """
        select
            cells.edition_key, row_number, column_number, header, readings, []
        from cells
        inner join raw.ambiguous_texts
            on ambiguous_texts.edition_key = cells.edition_key
            and ambiguous_texts.question_key = cells.codebook_question_key
            and ambiguous_texts.match_text = cells.match_text
        where cells.role in ('options', 'ranking')
        """,
    ),
    CellCheck(
        "{header!r} holds another answer than its other column: {seen}.",
        "Mend the export, or write by a row of corrections.csv which of them counts; where the two"
        " are not the same, take out same_as in export_columns.csv.",
        f"""
        select
            others.edition_key, others.row_number, others.column_number, header,
            concat_ws(
                ' ', others.source_file, others.sheet, others.cell,
                if(is_public, concat('holds ', others.cell_text), null)
            ), []
        from raw.other_cells as others
        inner join raw.export_columns as columns using (edition_key, column_number)
        inner join raw.export_cells as kept using (edition_key, row_number, column_number)
        inner join raw.export_rows using (edition_key, row_number)
        anti join raw.applied_corrections using (edition_key, row_number, column_number)
        where exclusion_reason is null and (
            not is_public
            or {_MEANING.format(text="others.match_text")}
                <> {_MEANING.format(text="kept.match_text")}
        )
        """,
    ),
    CellCheck(
        "{header!r} holds {seen!r}, which is no whole number.",
        "Put back what was answered; where the tool writes thousands with a mark, write in"
        " editions.csv how (number_format), and where decimals are allowed, make it a number.",
        f"""
        select
            edition_key, row_number, column_number, header, cell_text, []
        from cells
        left join codebook.questions on questions.question_key = codebook_question_key
        where (
            cells.role = 'duration_seconds'
            and not regexp_full_match(match_text, '-?[0-9]{{1,9}}')
        ) or (is_whole and cells.role = 'question' and {_IS_NO_NUMBER})
        """,
    ),
    CellCheck(
        "{header!r} holds {seen!r}, which is no number in the form of this edition.",
        "Put back what was answered, or write in editions.csv how the tool writes numbers"
        " (number_format, as 1.234,5).",
        f"""
        select
            edition_key, row_number, column_number, header, cell_text, []
        from cells
        inner join codebook.questions on questions.question_key = codebook_question_key
        where is_number and not is_whole and {_IS_NO_NUMBER}
        """,
    ),
    CellCheck(
        "{header!r} holds {seen!r}, which is no row of this rank, or stands there twice.",
        "Put back what was answered: the rows by their words in item_editions.csv, each once.",
        """
        select cells.edition_key, row_number, column_number, header, piece, []
        from cells
        inner join raw.unread_pieces
            on unread_pieces.edition_key = cells.edition_key
            and unread_pieces.question_key = codebook_question_key
            and unread_pieces.match_text = cells.match_text
        where cells.role = 'ranking'
        """,
    ),
    CellCheck(
        "{header!r} holds {seen!r}, which is no day.",
        "Write in editions.csv how the tool writes it (date_format, as %d/%m/%Y %H:%M:%S), or write"
        " it as YYYY-MM-DD.",
        f"""
        select cells.edition_key, row_number, column_number, header, cell_text, []
        from cells
        inner join codebook.questions on questions.question_key = codebook_question_key
        where is_date and {_IS_NO_NUMBER}
        """,
    ),
    CellCheck(
        "{header!r} holds {seen!r}, which is out of its range.",
        "Put back what was answered, or mend lowest and highest in questions.csv; a rank is a place"
        " among its rows.",
        """
        select
            cells.edition_key, row_number, column_number, header, cell_text, []
        from cells
        inner join codebook.questions on questions.question_key = codebook_question_key
        inner join raw.numbers
            on numbers.edition_key = cells.edition_key
            and numbers.question_key = cells.question_key
            and numbers.match_text = cells.match_text
        where number < lowest or number > highest or type = 'rank' and number not between 1 and (
            select count(*) from codebook.item_editions
            where item_editions.edition_key = cells.edition_key
                and item_editions.question_key = codebook_question_key
        )
        """,
    ),
    CellCheck(
        "{header!r} holds {seen!r}, which is no date or time.",
        "Write in editions.csv how the tool writes it (date_format, as %d/%m/%Y %H:%M:%S), or write"
        " it as YYYY-MM-DD HH:MM:SS.",
        """
        select
            edition_key, row_number, column_number, header, cell_text, []
        from cells
        where role in ('started_at', 'completed_at') and not exists (
            select 1 from raw.moments
            where moments.edition_key = cells.edition_key
                and moments.row_number = cells.row_number and moments.role = cells.role
        )
        """,
    ),
    CellCheck(
        "{header!r} holds {seen!r}, which no row of metadata_values.csv explains.",
        "Add the spelling there, with its value; where any text means complete, write"
        " complete_when = filled in editions.csv.",
        f"""
        select
            edition_key, row_number, column_number, header, cell_text,
            (
                select list(spelling) from codebook.metadata_values
                where metadata_values.edition_key = cells.edition_key
                    and metadata_values.role = cells.role
            )
        from cells
        where role = 'is_complete' and {_IS_TOLD_BY_WORDS} and {_IS_UNDECLARED}
        """,
    ),
    CellCheck(
        "{header!r} holds {seen!r}, a spreadsheet's error and no answer.",
        "Put back what was answered.",
        f"""
        select
            edition_key, row_number, column_number, export_columns.header,
            open_cells.cell_text, []
        from restricted.export_cells as open_cells
        inner join raw.export_columns using (edition_key, column_number)
        inner join raw.export_rows using (edition_key, row_number)
        -- Elsewhere it is an unknown spelling already.
        where open_cells.privacy = 'open' and exclusion_reason is null
            and trim(open_cells.cell_text) in ({quote(SPREADSHEET_ERRORS)})
        """,
    ),
    CellCheck(
        "{header!r} holds {seen!r}, and nothing says whether such a row counts.",
        "Add it to metadata_values.csv with role channel and value yes where it does, else to"
        " row_exclusions.csv with the reason.",
        f"""
        select
            edition_key, row_number, column_number, header, cell_text, []
        from cells
        where role = 'channel' and {_IS_UNDECLARED}
        """,
    ),
    CellCheck(
        "{header!r} is blank, so nobody knows whether this respondent reached the end.",
        "Fill it in, or exclude the row by a rule in row_exclusions.csv; where blank means partial,"
        " write complete_when = filled in editions.csv.",
        f"""
        select
            edition_key, row_number, column_number, header, '', []
        from raw.export_rows
        inner join raw.export_columns using (edition_key)
        where exclusion_reason is null and role = 'is_complete' and filled_cell_count > 0
            and {_IS_TOLD_BY_WORDS} and not exists (
                select 1 from raw.export_cells
                where export_cells.edition_key = export_rows.edition_key
                    and export_cells.row_number = export_rows.row_number
                    and export_cells.column_number = export_columns.column_number
            )
        """,
    ),
    CellCheck(
        "The row is blank, and no rule excludes blank rows.",
        "Add a rule with blank role and value to row_exclusions.csv.",
        """
        select edition_key, row_number, null, '', '', [] from raw.export_rows
        where filled_cell_count = 0 and exclusion_reason is null
        """,
    ),
    CellCheck(
        "{seen!r} is a municipality, but not on this edition's frame date.",
        "Write by a row of corrections.csv what it was on that day, or mend frame_date in"
        " editions.csv.",
        f"{_UNPLACED} and {_IS_OF_ANOTHER_DAY}",
    ),
    CellCheck(
        "{seen!r} is no municipality of this edition's frame, and no postal code settles it.",
        "Add the name to aliases.csv with its NIS code.",
        f"{_UNPLACED} and not {_IS_OF_ANOTHER_DAY}",
    ),
)


_PLACES_BY_POSTAL_CODE = """
    with named as (
        select cells.* from cells
        inner join codebook.questions using (question_key)
        where questions.role = 'municipality' and not exists (
            select 1 from codebook.municipality_names
            where municipality_names.edition_key = cells.edition_key
                and municipality_names.role = 'municipality'
                and municipality_names.match_text = cells.match_text
        )
    )
    select
        named.edition_key, named.row_number, named.column_number, named.header,
        named.cell_text,
        row(municipalities.name, (
            select list(name) from codebook.municipalities
            inner join codebook.municipality_successions using (nis_code, valid_from)
            where municipality_successions.edition_key = named.edition_key
        ))
    from named
    inner join cells as coded
        on coded.edition_key = named.edition_key and coded.row_number = named.row_number
    inner join codebook.questions
        on questions.question_key = coded.question_key and questions.role = 'postal_code'
    inner join codebook.municipality_names as names
        on names.edition_key = coded.edition_key and names.role = 'postal_code'
        and names.match_text = coded.match_text
    inner join codebook.municipality_frames as frames
        on frames.edition_key = named.edition_key and frames.nis_code = names.nis_code
    inner join codebook.municipalities
        on municipalities.nis_code = frames.nis_code
        and municipalities.valid_from = frames.valid_from
"""

# Where what a check found stands: a cell can stand in another file or column than its numbers say.
_PLACED = """
    with cells as ({cells}),
    found (edition_key, row_number, column_number, header, seen, other) as ({sql})
    select
        edition_key,
        coalesce(origins.source_file, places.source_file) as source_file,
        if(origins.cell is null, places.sheet, origins.sheet) as sheet,
        coalesce(origins.cell, concat(coalesce(column_letter, 'A'), file_row_number)) as cell,
        found.header, seen, other
    from found
    inner join raw.row_places as places using (edition_key, row_number)
    left join raw.export_columns as columns using (edition_key, column_number)
    left join raw.cell_origins as origins using (edition_key, row_number, column_number)
    order by edition_key, row_number, cell
"""


def check_places(connection: duckdb.DuckDBPyConnection) -> Iterator[Problem]:
    """Yield the names that nobody knows and that are like another than the postal code tells."""
    sql = _PLACED.format(cells=_CELLS, sql=_PLACES_BY_POSTAL_CODE)
    for edition, file, sheet, cell, _, seen, (told, names) in connection.execute(sql).fetchall():
        nearest = find_nearest(seen, names)
        if nearest not in (None, told) and not holds_address(seen):
            yield Problem(
                describe_cell(edition, file, sheet, cell),
                f"{seen!r} looks like {nearest!r}, and the postal code is that of {told!r}.",
                "Add the name to aliases.csv with the right NIS code, or mend the postal code.",
            )


def check_cells(connection: duckdb.DuckDBPyConnection) -> Iterator[Problem]:
    """Yield every landed cell that the codebook cannot read, with its place and candidates."""
    for check in CHECKS:
        rows = connection.execute(_PLACED.format(cells=_CELLS, sql=check.sql)).fetchall()
        for edition, file, sheet, cell, header, seen, known in rows:
            if holds_address(seen):
                # The first check has its cell, and does not tell what stands there.
                continue
            yield Problem(
                describe_cell(edition, file, sheet, cell),
                check.what.format(header=shorten(header), seen=shorten(seen)),
                check.action,
                name_candidates(shorten(seen), known or []),
            )
