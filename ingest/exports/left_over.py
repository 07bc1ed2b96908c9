"""Joined cells in which somebody's own words stand among the options: the words are taken out."""

import json
from collections.abc import Iterator

import duckdb

from ingest.exports.joined import BLANK, JSON, LINES, list_pieces
from ingest.shared.tables import insert_rows
from ingest.shared.text import to_match_text

# Columns of which the codebook says that what is left over is the text of one of the options.
SPELLINGS = """
    select column_number, option_delimiter, list(distinct option_spellings.match_text)
    from raw.export_columns as columns
    inner join codebook.export_columns using (edition_key, match_text)
    inner join codebook.editions using (edition_key)
    inner join codebook.option_spellings
        on option_spellings.edition_key = columns.edition_key
        and option_spellings.question_key = export_columns.question_key
        and option_spellings.option_code is not null
    where columns.edition_key = ? and columns.role = 'options'
        and export_columns.option_code is not null
    group by all
"""


def mask_left_over(connection: duckdb.DuckDBPyConnection, edition: int, mark: str) -> None:
    """Create the temporary table `masks`: texts of `cells`, with `mark` for what is no option."""
    connection.execute(
        "create temporary table masks (column_number integer, cell_text varchar, masked varchar)"
    )
    rows: list[tuple[object, ...]] = []
    for column, form, known in connection.execute(SPELLINGS, [edition]).fetchall():
        texts = connection.execute(
            "select distinct cell_text from cells where column_number = ?", [column]
        ).fetchall()
        rows.extend((column, text, mask(text, form, set(known), mark)) for (text,) in texts)
    insert_rows(connection, "masks", rows)


def mask(text: str, form: str, known: set[str], mark: str) -> str:
    """Return a joined text with its options as they stand, and `mark` for all the rest."""
    if form in (JSON, LINES, BLANK):
        pieces = list_pieces(text, form)
        kept = [(piece, 1) for piece in pieces if to_match_text(piece) in known]
    else:
        # As they stand, white space too: an option can hold the delimiter.
        pieces = [piece for piece in text.split(form) if piece.strip()]
        kept = list(_find_options(pieces, form, known))
    count = sum(number for _, number in kept)
    told = [option for option, _ in kept] + ([mark] if count < len(pieces) else [])
    if form == JSON:
        return json.dumps(told, ensure_ascii=False)
    return {LINES: "\n", BLANK: " "}.get(form, form).join(told)


def _find_options(pieces: list[str], between: str, known: set[str]) -> Iterator[tuple[str, int]]:
    """Yield the options among the pieces, and of how many each is made: the longest goes first."""
    start = 0
    while start < len(pieces):
        for end in range(len(pieces), start, -1):
            option = between.join(pieces[start:end]).strip()
            if to_match_text(option) in known:
                yield option, end - start
                start = end
                break
        else:
            start += 1
