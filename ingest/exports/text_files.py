"""A csv read into cells, in the encoding that the codebook declares."""

import re
from dataclasses import replace

from ingest.exports.files import ExportFile, describe_export, refuse, to_text
from ingest.shared.csv_files import BrokenCsvError, read_rows
from ingest.shared.problems import InputError, Problem

# Written above the header for a spreadsheet, which hides it.
SEPARATOR_LINE = re.compile(r"sep=.\r?\n")


def read_text_file(export: ExportFile) -> tuple[int, list[list[str | None]]]:
    """Return how many rows stand above the header, and the cells of a csv; blank ones are None.

    Raises InputError where it cannot be read.
    """
    encoding = export.encoding or "utf-8-sig"
    delimiter = (export.delimiter or ",").replace("\\t", "\t")
    text = _decode(export, encoding)
    line = SEPARATOR_LINE.match(text)
    text, above = (text[line.end() :], 1) if line else (text, 0)
    if len(delimiter) != 1:
        raise refuse(
            export, f"The delimiter {delimiter!r} is no single character.", "Mend editions.csv."
        )
    try:
        rows = read_rows(text, delimiter)
    except BrokenCsvError as error:
        raise refuse(export, str(error), "Look for a quote that is never closed.") from None
    width = len(rows[0]) if rows else 0
    problems = [
        Problem(
            replace(describe_export(export), kind="row", spot=str(number)),
            f"It has {len(row)} cells where the header has {width}.",
            "Export it again, or mend delimiter in editions.csv.",
        )
        for number, row in enumerate(rows, start=1 + above)
        if row and len(row) != width
    ]
    if problems:
        raise InputError(problems)
    return above, [[to_text(cell) for cell in row] or [None] * width for row in rows]


def _decode(export: ExportFile, encoding: str) -> str:
    content = export.path.read_bytes()
    action = "Set encoding in editions.csv (often cp1252), or export it as UTF-8."
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        what = f"It is not written in {encoding} (byte {error.start + 1})."
        raise refuse(export, what, action) from None
    except LookupError:
        action = "Mend encoding in editions.csv: utf-8, cp1252, mac-roman."
        raise refuse(export, f"No encoding is called {encoding!r}.", action) from None
    if "\0" in text:
        raise refuse(export, f"It is not written in {encoding}; it looks like UTF-16.", action)
    if not encoding.lower().startswith(("utf", "u8")) and not content.isascii():
        try:
            content.decode("utf-8")
        except UnicodeDecodeError:
            return text
        what = f"It is not written in {encoding}; it reads as UTF-8."
        raise refuse(export, what, "Set encoding in editions.csv to utf-8-sig.")
    return text
