"""A workbook read into cells, after a look at what its reader would get wrong."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree

import python_calamine as calamine

from ingest.exports.files import ExportFile, describe_export, refuse, to_text
from ingest.shared.problems import InputError, Problem, name_candidates
from ingest.shared.text import to_column_letter, to_column_number, to_match_text

# A workbook of a thousand respondents unpacks to about 20 MB.
MAXIMUM_UNPACKED_BYTES = 1_000_000_000
MAXIMUM_BLANK_ROWS = 100_000
# A cell far to the right; the reader makes room for every cell up to the last.
MAXIMUM_CELLS = 200_000_000
FAR_CELL = re.compile(rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*["']([A-Z]{3})([0-9]+)["']""")
ROW_TAG = re.compile(
    rb"""<(?:\w+:)?row\s(?:[^>]*?\s)?r\s*=\s*["']([0-9]+)["'][^>]*>\s*<(?:\w+:)?c"""
)
# An error or a formula somewhere, however it is written; most exports have neither.
UNUSUAL_CELL = re.compile(rb"""\bt\s*=\s*["']e["']|<(?:\w+:)?f[\s/>]""")
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def read_workbook(export: ExportFile) -> tuple[str, list[list[str | None]]]:
    """Return the sheet that was read, and its cells as texts; blank ones are None.

    Raises InputError where it cannot be read, or a cell of it cannot.
    """
    _check_size(export)
    try:
        workbook = calamine.CalamineWorkbook.from_path(export.path)
    except calamine.PasswordError:
        raise refuse(export, "It is encrypted.", "Save it without a password.") from None
    except (calamine.CalamineError, OSError) as error:
        what = f"It is no workbook that can be read ({type(error).__name__})."
        raise refuse(export, what, "Export it again, and do not rename a file to .xlsx.") from None
    name = _find_sheet(export, workbook.sheet_names)
    problems = [
        Problem(describe_export(export, name, cell), what, action)
        for cell, what, action in _find_unreadable_cells(export.path, name)
    ]
    if problems:
        raise InputError(problems)
    sheet = workbook.get_sheet_by_name(name)
    # Most cells are blank or a text as it is.
    return name, [
        [
            None if cell == "" else cell if type(cell) is str and cell.strip() else to_text(cell)
            for cell in row
        ]
        for row in sheet.to_python(skip_empty_area=False)
    ]


def _check_size(export: ExportFile) -> None:
    """Refuse a workbook that would fill the memory once unpacked, before it is."""
    if not zipfile.is_zipfile(export.path):
        return
    try:
        with zipfile.ZipFile(export.path) as archive:
            size = sum(_measure(archive, part) for part in archive.infolist())
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError):
        what = "It is damaged: its parts are not what they say they are."
        raise refuse(export, what, "Export it again.") from None
    if size > MAXIMUM_UNPACKED_BYTES:
        what = (
            f"It unpacks to more than {MAXIMUM_UNPACKED_BYTES / 1e9:.0f} GB, which no export does."
        )
        raise refuse(export, what, "Export it again; do not open this file.")


def _measure(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Return how large a part really is: what it says of itself may be a lie."""
    if part.file_size > MAXIMUM_UNPACKED_BYTES:
        return part.file_size
    with archive.open(part) as stream:
        return sum(len(chunk) for chunk in iter(lambda: stream.read(1 << 20), b""))


def _find_sheet(export: ExportFile, names: Sequence[str]) -> str:
    if export.sheet is None:
        return names[0]
    for name in names:
        if to_match_text(name) == to_match_text(export.sheet):
            return name
    what = f"It has no sheet {export.sheet!r}; it has {', '.join(map(repr, names))}."
    nearest = name_candidates(export.sheet, names)
    raise refuse(export, what, "Mend sheet in editions.csv.", nearest)


def _find_unreadable_cells(path: Path, sheet: str) -> list[tuple[str, str, str]]:
    """Return the cells that cannot be used, with the reason and what to do; xlsx only.

    The reader gives errors and formulas without a value as blanks, and makes room for every row
    up to the last.
    """
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return []
    with zipfile.ZipFile(path) as archive:
        content = archive.read(_find_part(archive, sheet))
    rows = [int(number) for number in ROW_TAG.findall(content)]
    if rows and max(rows) - len(rows) > MAXIMUM_BLANK_ROWS:
        what = f"Above it are {max(rows) - len(rows)} blank rows."
        return [(f"A{max(rows)}", what, "Delete the rows that hold no answers.")]
    cells = [(letters.decode(), int(row)) for letters, row in FAR_CELL.findall(content)]
    far = {(to_column_number(letters), row, letters) for letters, row in cells}
    width, row, letters = max(far, default=(0, 0, ""))
    if width * max(rows, default=row) > MAXIMUM_CELLS:
        return [(f"{letters}{row}", "Nothing of an export stands so far to the right.",
                 "Delete what stands there.")]  # fmt: skip
    return list(_find_unusual_cells(content)) if UNUSUAL_CELL.search(content) else []


def _find_unusual_cells(content: bytes) -> Iterator[tuple[str, str, str]]:
    """Yield the cells of a sheet that hold an error, or a formula without a value."""
    row, column = 0, 0
    for event, element in ElementTree.iterparse(io.BytesIO(content), ("start", "end")):  # noqa: S314
        tag = element.tag.rpartition("}")[2]
        if event == "start" and tag == "row":
            row, column = int(element.get("r", row + 1)), 0
        elif event == "end" and tag == "c":
            column += 1
            # Some writers leave the place out, and give every cell.
            place = element.get("r", f"{to_column_letter(column)}{row}")
            parts = {part.tag.rpartition("}")[2]: part.text for part in element}
            if element.get("t") == "e":
                what = "It holds an error in place of a value."
                yield place, what, "Put back what was answered."
            elif "f" in parts and not parts.get("v"):
                what = "It holds a formula that nobody has calculated."
                yield place, what, "Put the value in its place; an export has no formulas."
        elif event == "end" and tag == "row":
            element.clear()


def _find_part(archive: zipfile.ZipFile, sheet: str) -> str:
    """Return the file of a workbook in which a sheet stands."""
    ids = {
        element.get("name"): element.get(RELATION)
        for element in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter()  # noqa: S314
        if element.tag.endswith("}sheet")
    }
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {element.get("Id"): element.get("Target") for element in relations}
    target = str(targets[ids[sheet]])
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
