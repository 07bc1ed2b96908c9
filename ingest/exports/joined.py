"""Cells that hold all the options somebody chose, one after another."""

import re
from collections.abc import Iterator

import duckdb

from ingest.shared.tables import insert_rows
from ingest.shared.text import to_match_text


def split_joined_cells(connection: duckdb.DuckDBPyConnection) -> None:
    """Create `raw.cell_options`: what each text of an export stands for.

    One row per edition, question, text and option that it names: the spellings of the
    codebook and, for columns with the role `options`, every cell that can be read in just one
    way as spellings joined by the edition's delimiter. Labels may contain the delimiter.
    """
    connection.execute("""
        create table raw.cell_options as
        select edition_key, question_key, match_text, option_code, is_selected
        from codebook.option_spellings;
        comment on table raw.cell_options is
            'One row per text of an export and option that it stands for.'
    """)
    spellings: dict[tuple[int, str], dict[str, str]] = {}
    for edition, question, text, option in connection.execute(
        "select edition_key, question_key, match_text, option_code"
        " from codebook.option_spellings where is_selected"
    ).fetchall():
        spellings.setdefault((edition, question), {})[text] = option
    cells = connection.execute("""
        select distinct
            edition_key, question_key, option_delimiter, corrected_cells.match_text
        from raw.corrected_cells
        inner join raw.export_columns using (edition_key, column_number)
        inner join codebook.editions using (edition_key)
        where role = 'options' and privacy = 'public'
    """).fetchall()
    rows: list[tuple[int, str, str, str, bool]] = []
    for edition, question, delimiter, text in cells:
        known = spellings[edition, question]
        readings = list(read_joined(text, to_match_text(delimiter), known))
        if text not in known and len(readings) == 1:
            rows.extend((edition, question, text, known[piece], True) for piece in readings[0])
    insert_rows(connection, "raw.cell_options", rows)


def read_joined(text: str, delimiter: str, known: dict[str, str]) -> Iterator[tuple[str, ...]]:
    """Yield every way to read a text as different spellings joined by the delimiter."""
    if text in known:
        yield (text,)
    for match in re.finditer(rf"\s*{re.escape(delimiter)}\s*", text):
        first, rest = text[: match.start()], text[match.end() :]
        if first in known:
            yield from (
                (first, *others)
                for others in read_joined(rest, delimiter, known)
                if first not in others
            )
