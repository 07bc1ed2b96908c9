"""Cells that hold all the options somebody chose, one after another."""

import json
import re
from collections.abc import Iterator

import duckdb

from ingest.exports.marks import RESTRICTED_MARK
from ingest.shared.tables import insert_rows
from ingest.shared.text import to_match_text

# How option_delimiter says what it cannot hold; what no text holds stands between such options.
LINES = r"\n"
JSON = "json"
BLANK = r"\s"
UNSEEN = "\x1f"
TABLES = f"""
    create table raw.cell_options as
    select edition_key, question_key, match_text, option_code, is_selected
    from codebook.option_spellings where option_code is not null
    union all
    -- A text that by itself chooses its option, or what is left over in a joined cell.
    select edition_key, question_key, '{RESTRICTED_MARK}', option_code, true
    from codebook.export_columns
    where role in ('options', 'other_choice') and option_code is not null;
    create table raw.ambiguous_texts (
        edition_key integer, question_key varchar, match_text varchar, readings varchar
    );
    create table raw.unread_pieces (
        edition_key integer, question_key varchar, match_text varchar, piece varchar
    );
    comment on table raw.cell_options is
        'One row per text of an export and option that it stands for.';
    comment on table raw.ambiguous_texts is
        'One row per text of an export that joins options and can be read in several ways.';
    comment on table raw.unread_pieces is
        'One row per text of an export that joins options, and piece of it that is none.';
"""
CELLS = """
    select
        edition_key, split_part(question_key, '.', 1) as question_key, option_delimiter,
        read_cells.match_text, role = 'ranking' as is_ranking, min(cell_text) as cell_text
    from raw.read_cells
    inner join raw.export_columns using (edition_key, column_number)
    inner join codebook.editions using (edition_key)
    where role in ('options', 'ranking') and read_cells.match_text is not null
    group by all
"""
# What a cell may call an option, or a row of a rank: by its words or its code.
NAMES = """
    select edition_key, question_key, match_text, option_code
    from raw.cell_options where is_selected
    union all
    select edition_key, question_key, to_match_text(unnest([item_code, wording])), item_code
    from codebook.item_editions inner join codebook.questions using (question_key)
    where type = 'rank'
"""


def split_joined_cells(connection: duckdb.DuckDBPyConnection) -> None:
    """Create `raw.cell_options`, what each text of an export stands for, and what is ambiguous.

    One row per edition, question, text and option that it names: the spellings of the
    codebook and, for columns with the role `options`, every cell that can be read in just one
    way as spellings joined by the edition's delimiter. Labels may contain the delimiter; one
    behind the last option stands for nothing; an option that stands there twice counts once. What a
    cell ranks goes to `raw.numbers`: the place of each row, from 1.
    """
    connection.execute(TABLES)
    spellings: dict[tuple[int, str], dict[str, str]] = {}
    for edition, question, text, option in connection.execute(NAMES).fetchall():
        spellings.setdefault((edition, question), {})[text] = option
    rows: list[tuple[int, str, str, str, bool]] = []
    places: list[tuple[int, str, str, int]] = []
    ambiguous: list[tuple[int, str, str, str]] = []
    unread: list[tuple[int, str, str, str]] = []
    for edition, question, form, text, is_ranking, cell in connection.execute(CELLS).fetchall():
        known = spellings[edition, question]
        joined, delimiter = separate(cell, form)
        readings = find_readings(joined, delimiter, known)
        if len(readings) > 1:
            told = " or ".join(" + ".join(map(repr, pieces)) for pieces in readings)
            ambiguous.append((edition, question, text, told))
        elif not readings:
            pieces = find_unread(joined, delimiter, known)
            unread.extend((edition, question, text, piece) for piece in pieces)
        elif is_ranking:
            ranked = [known[piece] for piece in readings[0]]
            twice = [piece for piece in readings[0] if ranked.count(known[piece]) > 1]
            unread.extend((edition, question, text, piece) for piece in dict.fromkeys(twice))
            places.extend(
                (edition, f"{question}.{item}", text, place)
                for place, item in enumerate(ranked, start=1)
                if not twice
            )
        elif text not in known:
            options = dict.fromkeys(known[piece] for piece in readings[0])
            rows.extend((edition, question, text, option, True) for option in options)
    insert_rows(connection, "raw.cell_options", rows)
    insert_rows(connection, "raw.numbers", places)
    insert_rows(connection, "raw.ambiguous_texts", ambiguous)
    insert_rows(connection, "raw.unread_pieces", unread)


def separate(cell: str, form: str) -> tuple[str, str]:
    """Return a joined cell in its form for comparing, and what stands between its options.

    `form` is the edition's option_delimiter: what it is, or LINES, or BLANK, or JSON for a list
    in brackets.
    """
    if form not in (JSON, LINES, BLANK):
        return to_match_text(cell), to_match_text(form)
    return UNSEEN.join(to_match_text(piece) for piece in list_pieces(cell, form)), UNSEEN


def list_pieces(cell: str, form: str) -> list[str]:
    """Return what stands between the delimiters of a joined cell, blanks left out."""
    if form == JSON:
        try:
            listed = json.loads(cell)
        except (ValueError, RecursionError):
            listed = cell
        every = listed if isinstance(listed, list) else [listed]
        pieces = [str(piece) for piece in every if piece is not None]
    else:
        # White space of any kind, a new line too.
        between = None if form == BLANK else form
        pieces = cell.splitlines() if form == LINES else cell.split(between)
    return [piece.strip() for piece in pieces if piece.strip()]


def find_readings(text: str, delimiter: str, known: dict[str, str]) -> list[tuple[str, ...]]:
    """Return the ways to read a joined text, at most two: those that name other options."""
    ended = text
    while ended not in known and delimiter and ended.endswith(delimiter):
        ended = ended.removesuffix(delimiter).rstrip()
    readings: dict[frozenset[str], tuple[str, ...]] = {}
    for pieces in read_joined(ended, delimiter, known):
        readings.setdefault(frozenset(known[piece] for piece in pieces), pieces)
        if len(readings) > 1:
            break
    return list(readings.values())


def find_unread(text: str, delimiter: str, known: dict[str, str]) -> list[str]:
    """Return the pieces of a joined text that are in no option, or all of it where each is."""
    pieces = [piece.strip() for piece in text.split(delimiter)] if delimiter else []
    unread = [piece for piece in pieces if piece and not any(piece in one for one in known)]
    return list(dict.fromkeys(unread)) or ([text] if text else [])


def read_joined(text: str, delimiter: str, known: dict[str, str]) -> Iterator[tuple[str, ...]]:
    """Yield every way to read a text as spellings joined by the delimiter."""
    if text in known:
        yield (text,)
    for match in re.finditer(rf"\s*{re.escape(delimiter)}\s*", text):
        first, rest = text[: match.start()], text[match.end() :]
        if first in known:
            yield from ((first, *others) for others in read_joined(rest, delimiter, known))
