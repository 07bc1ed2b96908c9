"""The codebook's CSV files, as Excel may have saved them."""

import csv
import io
import json
import os
import re
from pathlib import Path

# Longer than any cell of a workbook can be.
csv.field_size_limit(10_000_000)

# What several files of a folder are to hold, while they are written.
JOURNAL = ".writing.json"

# What a spreadsheet would take for a formula is written behind an apostrophe; a number is not.
FORMULA = re.compile(r"(?!'*[-+]?\d+(?:[.,]\d+)?$)'*[=+\-@\t\r]")


class BrokenCsvError(ValueError):
    """A file that stops being a csv; says after which row."""


def read_rows(text: str, delimiter: str) -> list[list[str]]:
    """Return the rows of a csv. Raises BrokenCsvError where a quote is never closed."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    try:
        rows.extend(reader)
    except csv.Error as error:
        raise BrokenCsvError(f"After row {len(rows)} it is no longer a csv ({error}).") from None
    return rows


def read_file(path: Path) -> list[list[str]]:
    """Return the rows of a codebook file."""
    return read_cells(path.read_text(encoding="utf-8-sig"))


def read_cells(text: str) -> list[list[str]]:
    """Return the rows of a text, separated by commas or, from some Excels, semicolons."""
    rows = read_rows(text, ";" if has_semicolons(text) else ",")
    return [[unguard(cell) for cell in row] for row in rows]


def has_semicolons(text: str) -> bool:
    """Whether the cells of a file are separated by semicolons: its decimals may have commas."""
    header = text.partition("\n")[0]
    return header.count(";") > header.count(",")


def write_file(path: Path, columns: list[str], rows: list[dict[str, str]]) -> None:
    """Write rows to a codebook file, whole or not at all; what is no column of it is left out."""
    write_text(path, render_file(columns, rows))


def render_file(columns: list[str], rows: list[dict[str, str]]) -> str:
    """Return the text of a codebook file with those rows."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([guard(row.get(column, "")) for column in columns] for row in rows)
    return made.getvalue()


def write_text(path: Path, text: str) -> None:
    """Write a text file, whole or not at all."""
    # Two that finish the same journal do not stand in each other's way.
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    with draft.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def write_all(folder: Path, texts: dict[str, str | None]) -> None:
    """Write several files of a folder, all or none; None removes one.

    Once the journal is there, whoever comes next finishes what was cut off (`finish_writing`).
    """
    for left in folder.rglob(".*.part"):
        left.unlink(missing_ok=True)
    if texts:
        write_text(folder / JOURNAL, json.dumps(texts, ensure_ascii=False))
        finish_writing(folder)


def finish_writing(folder: Path) -> None:
    """Write what a journal says; doing it twice is doing it once."""
    journal = folder / JOURNAL
    try:
        texts: dict[str, str | None] = json.loads(journal.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    for path, text in texts.items():
        if text is None:
            (folder / path).unlink(missing_ok=True)
        else:
            (folder / path).parent.mkdir(exist_ok=True)
            write_text(folder / path, text)
    journal.unlink(missing_ok=True)


def guard(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def unguard(text: str) -> str:
    """Return what `guard` was given."""
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text
