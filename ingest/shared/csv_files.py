"""The codebook's CSV files, as Excel may have saved them."""

import csv
import io
import json
import os
import re
from pathlib import Path

from ingest.shared.problems import InputError, Problem

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

    Once the journal is there, whoever comes next finishes what was cut off (`finish_writing`). What
    the system refuses half-way is taken back. Raises OSError then.
    """
    for left in folder.rglob(".*.part"):
        if not _is_at_work(left):
            left.unlink(missing_ok=True)
    if not texts:
        return
    before = {path: _read(folder / path) for path in texts}
    journal = {path: {"before": before[path], "after": text} for path, text in texts.items()}
    write_text(folder / JOURNAL, json.dumps(journal, ensure_ascii=False))
    try:
        finish_writing(folder)
    except OSError:
        for path, text in before.items():
            _put(folder / path, text)
        (folder / JOURNAL).unlink(missing_ok=True)
        raise


def finish_writing(folder: Path) -> None:
    """Write what a journal says; doing it twice is doing it once.

    Raises InputError where it is no such journal, names a file that is not in the folder, or a file
    holds neither what it was nor what it is to be.
    """
    journal = folder / JOURNAL
    try:
        told = json.loads(journal.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    except ValueError:
        raise _refuse_journal("It cannot be read.") from None
    root = folder.resolve()
    try:
        texts = {root / path: (both["before"], both["after"]) for path, both in told.items()}
    except (AttributeError, KeyError, TypeError):
        raise _refuse_journal("It is no journal.") from None
    for path, both in texts.items():
        if not path.resolve().is_relative_to(root) or path.suffix not in (".csv", ".json"):
            raise _refuse_journal(f"It names {path}, which is no file of this codebook.")
        if _read(path) not in both:
            raise _refuse_journal(f"{path.name} was changed since.")
    for path, (_, text) in texts.items():
        _put(path, text)
    journal.unlink(missing_ok=True)


def _refuse_journal(what: str) -> InputError:
    action = "Look at the files that it names, then remove it."
    return InputError([Problem(f"codebook: {JOURNAL}", what, action)])


def _put(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink(missing_ok=True)
    elif _read(path) != text:
        path.parent.mkdir(exist_ok=True)
        write_text(path, text)


def _read(path: Path) -> str | None:
    return path.read_bytes().decode("utf-8", "replace") if path.exists() else None


def _is_at_work(draft: Path) -> bool:
    """Whether the process that writes a draft, which has its number, is still there."""
    number = draft.suffixes[-2].removeprefix(".")
    if not number.isdigit() or os.name != "posix":
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return int(number) != os.getpid()


def guard(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def unguard(text: str) -> str:
    """Return what `guard` was given."""
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text
