"""A raw export read into a grid of texts, cell by cell as it was written."""

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import python_calamine as calamine

from ingest.problems import InputError, Problem, name_candidates
from ingest.text import to_match_text

WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
ERROR_CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"[^>]*\bt="e"')


@dataclass(frozen=True)
class ExportFile:
    """Where an edition's export stands and how it is written, from the codebook."""

    edition_key: int
    path: Path
    sheet: str | None
    encoding: str | None
    delimiter: str | None


@dataclass(frozen=True)
class Grid:
    """The cells of an export, header row first; `sheet` is None in a text file.

    A blank cell is None. Every row is as wide as the widest.
    """

    sheet: str | None
    rows: list[list[str | None]]

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.rows[0])


def describe_export(export: ExportFile, sheet: str | None = None, cell: str | None = None) -> str:
    """Return where in an export something stands: edition, file, sheet, cell."""
    parts = [f"edition {export.edition_key}: {export.path.name}"]
    if sheet is not None:
        parts.append(f"sheet {sheet!r}")
    if cell is not None:
        parts.append(f"cell {cell}")
    return ", ".join(parts)


def read_export(export: ExportFile) -> Grid:
    """Read the sheet or text file that holds an edition's answers.

    Raises InputError where the file is missing, is not what its name says, or holds no rows.
    """
    if not export.path.is_file():
        others = [path.name for path in export.path.parent.glob("*") if path.is_file()]
        action = "Put the export there, or mend source_file in editions.csv."
        raise _refuse(
            export, "The file is missing.", action + name_candidates(export.path.name, others)
        )
    suffix = export.path.suffix.lower()
    if suffix in WORKBOOK_SUFFIXES:
        grid = _read_workbook(export)
    elif suffix in (".csv", ".txt", ".tsv"):
        grid = _read_text(export)
    else:
        raise _refuse(export, f"No export is written as {suffix!r}.", "Export it as xlsx or csv.")
    if len(grid.rows) < 2 or not any(grid.rows[0]):
        what = "It is empty." if not grid.rows else "It has no rows below a header."
        raise InputError([Problem(describe_export(export, grid.sheet), what, "Export it again.")])
    return grid


def _refuse(export: ExportFile, what: str, action: str) -> InputError:
    return InputError([Problem(describe_export(export), what, action)])


def _read_workbook(export: ExportFile) -> Grid:
    try:
        workbook = calamine.CalamineWorkbook.from_path(export.path)
    except calamine.PasswordError:
        raise _refuse(export, "It is encrypted.", "Save it without a password.") from None
    except (calamine.CalamineError, OSError) as error:
        what = f"It is no workbook that can be read ({type(error).__name__})."
        raise _refuse(export, what, "Export it again, and do not rename a file to .xlsx.") from None
    name = _find_sheet(export, workbook.sheet_names)
    sheet = workbook.get_sheet_by_name(name)
    problems = [
        Problem(
            describe_export(export, name, cell),
            "It holds an error in place of a value.",
            "Put back what was answered, or blank it.",
        )
        for cell in _find_error_cells(export.path)
    ]
    if problems:
        raise InputError(problems)
    return Grid(name, [list(map(to_text, row)) for row in sheet.to_python(skip_empty_area=False)])


def _find_sheet(export: ExportFile, names: Sequence[str]) -> str:
    if export.sheet is None:
        return names[0]
    for name in names:
        if to_match_text(name) == to_match_text(export.sheet):
            return name
    what = f"It has no sheet {export.sheet!r}; it has {', '.join(map(repr, names))}."
    raise _refuse(
        export, what, "Mend sheet in editions.csv." + name_candidates(export.sheet, names)
    )


def _find_error_cells(path: Path) -> list[str]:
    """Return the cells with an error (#N/A), which the reader gives as blanks; xlsx only."""
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return []
    with zipfile.ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        return [cell.decode() for name in sheets for cell in ERROR_CELL.findall(archive.read(name))]


def to_text(value: object) -> str | None:
    """Return a cell's value as a text that loses nothing; None where it holds white space only.

    Dates and times follow ISO 8601, a whole number has no decimals, another number has the
    fewest digits that give it back.
    """
    match value:
        case str():
            return value if value.strip() else None
        case bool():
            return str(value).lower()
        case float() if value.is_integer() and abs(value) < 2**53:
            return str(int(value))
        case datetime.date() | datetime.time():
            return value.isoformat()
        case datetime.timedelta():
            return f"PT{value.total_seconds():g}S"
        case _:
            return repr(value)


def _read_text(export: ExportFile) -> Grid:
    encoding = export.encoding or "utf-8-sig"
    delimiter = (export.delimiter or ",").replace("\\t", "\t")
    try:
        text = export.path.read_bytes().decode(encoding)
    except UnicodeDecodeError as error:
        what = f"It is not written in {encoding} (byte {error.start + 1})."
        action = "Set encoding in editions.csv (often cp1252), or export it as UTF-8."
        raise _refuse(export, what, action) from None
    except LookupError:
        action = "Mend encoding in editions.csv: utf-8, cp1252, mac-roman."
        raise _refuse(export, f"No encoding is called {encoding!r}.", action) from None
    if len(delimiter) != 1:
        raise _refuse(
            export, f"The delimiter {delimiter!r} is no single character.", "Mend editions.csv."
        )
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    width = len(rows[0]) if rows else 0
    problems = [
        Problem(
            f"{describe_export(export)}, row {number}",
            f"It has {len(row)} cells where the header has {width}.",
            "Export it again, or mend delimiter in editions.csv.",
        )
        for number, row in enumerate(rows, start=1)
        if row and len(row) != width
    ]
    if problems:
        raise InputError(problems)
    return Grid(None, [[to_text(cell) for cell in row] or [None] * width for row in rows])
