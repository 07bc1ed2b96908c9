"""A raw export read into a grid of texts, cell by cell as it was written."""

import datetime
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from xml.etree import ElementTree

import python_calamine as calamine

from ingest.csv_files import BrokenCsvError, read_rows
from ingest.problems import InputError, Problem, name_candidates
from ingest.text import holds_address, to_column_letter, to_match_text

WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
# A workbook of a thousand respondents unpacks to about 20 MB.
MAXIMUM_UNPACKED_BYTES = 1_000_000_000
MAXIMUM_BLANK_ROWS = 100_000
ROW_TAG = re.compile(rb'<row [^>]*?r="([0-9]+)"[^>]*>\s*<c')
ERROR_CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"[^>]*\bt="e"')
FORMULA_CELL = re.compile(
    rb'<c r="([A-Z]+[0-9]+)"[^>]*>\s*<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True)
class ExportFile:
    """Where an edition's export stands and how it is written, from the codebook."""

    edition_key: int
    path: Path
    sheet: str | None
    encoding: str | None
    delimiter: str | None
    header_row_count: int = 1


@dataclass(frozen=True)
class Grid:
    """The cells of an export below its header; `sheet` is None in a text file.

    A blank cell is None. Every row is as wide as the header; the first one stands in row
    `first_row_number` of the file.
    """

    sheet: str | None
    headers: list[str | None]
    rows: list[list[str | None]]
    first_row_number: int = 2


def describe_export(export: ExportFile, sheet: str | None = None, cell: str | None = None) -> str:
    """Return where in an export something stands: edition, file, sheet, cell."""
    return describe_cell(export.edition_key, export.path.name, sheet, cell)


def describe_cell(
    edition_key: int, file: str, sheet: str | None = None, cell: str | None = None
) -> str:
    """Return the same of an export that was landed, from what `raw` has of it."""
    parts = [f"edition {edition_key}: {file}"]
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
    sheet: str | None = None
    if suffix in WORKBOOK_SUFFIXES:
        sheet, cells = _read_workbook(export)
    elif suffix in (".csv", ".txt", ".tsv"):
        cells = _read_text(export)
    else:
        raise _refuse(export, f"No export is written as {suffix!r}.", "Export it as xlsx or csv.")
    count = export.header_row_count
    if len(cells) <= count or not any(cells[0]):
        what = "It is empty." if not cells else "It has no rows below a header."
        raise InputError([Problem(describe_export(export, sheet), what, "Export it again.")])
    headers = _join_header_rows(cells[:count])
    problems = [
        Problem(
            describe_export(export, sheet, f"{to_column_letter(number)}{count}"),
            "The header holds an e-mail or IP address, so answers are taken for headers.",
            "Mend the number of header rows (header_row_count), or export it with its header.",
        )
        for number, header in enumerate(headers, start=1)
        if header is not None and holds_address(header)
    ]
    if problems:
        raise InputError(problems)
    return Grid(sheet, headers, cells[count:], count + 1)


def _join_header_rows(rows: list[list[str | None]]) -> list[str | None]:
    """Return one header per column; a cell above stands for the blanks to its right as well."""
    *above, last = rows
    headers = last
    for row in reversed(above):
        filled: Iterator[str | None] = accumulate(row, lambda left, cell: cell or left)
        headers = [
            " - ".join(dict.fromkeys(part for part in (top, header) if part)) or None
            if header or cell
            else None
            for top, cell, header in zip(filled, row, headers, strict=True)
        ]
    return headers


def _refuse(export: ExportFile, what: str, action: str) -> InputError:
    return InputError([Problem(describe_export(export), what, action)])


def _read_workbook(export: ExportFile) -> tuple[str, list[list[str | None]]]:
    _check_size(export)
    try:
        workbook = calamine.CalamineWorkbook.from_path(export.path)
    except calamine.PasswordError:
        raise _refuse(export, "It is encrypted.", "Save it without a password.") from None
    except (calamine.CalamineError, OSError) as error:
        what = f"It is no workbook that can be read ({type(error).__name__})."
        raise _refuse(export, what, "Export it again, and do not rename a file to .xlsx.") from None
    name = _find_sheet(export, workbook.sheet_names)
    problems = [
        Problem(
            describe_export(export, name, cell), what, "Put back what was answered, or blank it."
        )
        for cell, what in _find_unreadable_cells(export.path, name)
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
        raise _refuse(export, what, "Export it again.") from None
    if size > MAXIMUM_UNPACKED_BYTES:
        what = (
            f"It unpacks to more than {MAXIMUM_UNPACKED_BYTES / 1e9:.0f} GB, which no export does."
        )
        raise _refuse(export, what, "Export it again; do not open this file.")


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
    raise _refuse(
        export, what, "Mend sheet in editions.csv." + name_candidates(export.sheet, names)
    )


def _find_unreadable_cells(path: Path, sheet: str) -> list[tuple[str, str]]:
    """Return the cells that cannot be used, with the reason; xlsx only.

    The reader gives errors and formulas without a value as blanks, and makes room for every row
    up to the last.
    """
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return []
    with zipfile.ZipFile(path) as archive:
        content = archive.read(_find_part(archive, sheet))
    rows = [int(number) for number in ROW_TAG.findall(content)]
    if rows and max(rows) - len(rows) > MAXIMUM_BLANK_ROWS:
        return [(f"A{max(rows)}", f"Above it are {max(rows) - len(rows)} blank rows.")]
    return [
        (cell.decode(), what)
        for sign, pattern, what in (
            (b't="e"', ERROR_CELL, "It holds an error in place of a value."),
            (b"<f", FORMULA_CELL, "It holds a formula that nobody has calculated."),
        )
        if sign in content
        for cell in pattern.findall(content)
    ]


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
            return f"PT{to_text(value.total_seconds())}S"
        case _:
            return repr(value)


def _read_text(export: ExportFile) -> list[list[str | None]]:
    encoding = export.encoding or "utf-8-sig"
    delimiter = (export.delimiter or ",").replace("\\t", "\t")
    text = _decode(export, encoding)
    if len(delimiter) != 1:
        raise _refuse(
            export, f"The delimiter {delimiter!r} is no single character.", "Mend editions.csv."
        )
    try:
        rows = read_rows(text, delimiter)
    except BrokenCsvError as error:
        raise _refuse(export, str(error), "Look for a quote that is never closed.") from None
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
    return [[to_text(cell) for cell in row] or [None] * width for row in rows]


def _decode(export: ExportFile, encoding: str) -> str:
    content = export.path.read_bytes()
    action = "Set encoding in editions.csv (often cp1252), or export it as UTF-8."
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        what = f"It is not written in {encoding} (byte {error.start + 1})."
        raise _refuse(export, what, action) from None
    except LookupError:
        action = "Mend encoding in editions.csv: utf-8, cp1252, mac-roman."
        raise _refuse(export, f"No encoding is called {encoding!r}.", action) from None
    if "\0" in text:
        raise _refuse(export, f"It is not written in {encoding}; it looks like UTF-16.", action)
    if not encoding.lower().startswith(("utf", "u8")) and not content.isascii():
        try:
            content.decode("utf-8")
        except UnicodeDecodeError:
            return text
        what = f"It is not written in {encoding}; it reads as UTF-8."
        raise _refuse(export, what, "Set encoding in editions.csv to utf-8-sig.")
    return text
