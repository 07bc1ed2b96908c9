"""Surveys of any size, made of the exports that ship, as they are landed."""

from pathlib import Path

import duckdb
import openpyxl
from python_calamine import CalamineWorkbook

from ingest.shared.tables import attach_database, limit_memory

# Every answer of a respondent goes along, so that routing holds and figures can be foretold.
ENLARGED = """
    create table raw.{table} as
    with numbered as (
        select edition_key, row_number, row_number() over edition as place,
            count(*) over (partition by edition_key) as row_count
        from source.raw.export_rows where exclusion_reason is null
        window edition as (partition by edition_key order by row_number)
    ),
    copies as (
        select
            edition_key, row_number,
            copy * row_count + place as new_number
        from numbered, range({size} // (select min(row_count) from numbered) + 1) as copies(copy)
        where copy * row_count + place <= {size}
    )
    select rows.* replace ({made_anew})
    from copies inner join source.raw.{table} as rows using (edition_key, row_number)
"""


# What tells a row from the one that it is a copy of.
MADE_ANEW = {
    "row_number": "new_number::integer as row_number",
    "respondent_key": "format('{}-{:06d}', edition_key, new_number) as respondent_key",
}


def enlarge(source: Path, target: Path, size: int) -> int:
    """Write a database as landing leaves it, with `size` respondents in each edition.

    The source is a built warehouse, whose respondents are repeated in turn. Returns how many
    cells there are.
    """
    target.unlink(missing_ok=True)
    with duckdb.connect(target, config={"storage_compatibility_version": "v1.2.0"}) as connection:
        limit_memory(connection)
        attach_database(connection, source, "source", read_only=True)
        for schema, table in connection.execute("""
            select schema_name, table_name from duckdb_tables()
            where database_name = 'source' and schema_name in ('raw', 'codebook', 'vocabulary')
        """).fetchall():
            connection.execute(f"create schema if not exists {schema}")
            columns = [
                name
                for (name,) in connection.execute(
                    f"select column_name from (describe source.{schema}.{table})"
                ).fetchall()
            ]
            if schema == "raw" and "row_number" in columns:
                made = ", ".join(MADE_ANEW[name] for name in columns if name in MADE_ANEW)
                connection.execute(ENLARGED.format(table=table, size=size, made_anew=made))
            else:
                connection.execute(f"create table {schema}.{table} as from source.{schema}.{table}")
        # One after another, as they were made: some read others.
        for (view,) in connection.execute("""
            select sql from duckdb_views()
            where database_name = 'source' and schema_name = 'raw' order by view_oid
        """).fetchall():
            connection.execute(view)
        ((count,),) = connection.execute("select count(*) from raw.export_cells").fetchall()
    return int(count)


def write_workbook(source: Path, target: Path, header_rows: int, size: int) -> None:
    """Write a workbook with `size` rows below its header: those of a shipped one, in turn.

    What tells respondents apart, the columns in which no two rows are alike, gets a number.
    """
    sheet = CalamineWorkbook.from_path(source).get_sheet_by_index(0)
    rows = sheet.to_python(skip_empty_area=False)
    headers, answers = rows[:header_rows], rows[header_rows:]
    unique = {
        number
        for number, cells in enumerate(zip(*answers, strict=True))
        if len(set(cells)) == len(cells) and isinstance(cells[0], str)
    }
    book = openpyxl.Workbook(write_only=True)
    written = book.create_sheet(sheet.name)
    for row in headers:
        written.append([_quote(cell) for cell in row])
    for place in range(size):
        row = answers[place % len(answers)]
        written.append(
            [
                _quote(f"{place}{cell}" if number in unique else cell)
                for number, cell in enumerate(row)
            ]
        )
    book.save(target)


def _quote(cell: object) -> object:
    """Return what to write for a cell; a text that begins with = would become a formula."""
    return None if cell == "" else str(cell).lstrip("=") if isinstance(cell, str) else cell
