"""A raw export read into a grid of texts, cell by cell as it was written."""

from collections.abc import Container, Iterator
from itertools import accumulate

from ingest.exports.data_files import DATA_SUFFIXES, read_data_file
from ingest.exports.files import ExportFile, Grid, describe_export, refuse
from ingest.exports.text_files import read_text_file
from ingest.exports.workbooks import read_workbook
from ingest.shared.problems import InputError, Problem, name_candidates
from ingest.shared.text import holds_address, to_column_letter, to_match_text

WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
TEXT_SUFFIXES = (".csv", ".txt", ".tsv")
# What a column without a header is called.
BLANK_HEADER = "[blank]"


def read_export(export: ExportFile, known: Container[str] = ()) -> Grid:
    """Read the sheet or text file that holds an edition's answers.

    `known` has the headers that the codebook names: they are nobody's, whatever they look like.
    Headers are told apart: the second of a kind ends in ` [2]`, and a blank one over something
    is `[blank]`.

    Raises InputError where the file is missing, is not what its name says, or holds no rows.
    """
    if not export.path.is_file():
        others = [path.name for path in export.path.parent.glob("*") if path.is_file()]
        action = "Put the export there, or mend source_file in editions.csv."
        nearest = name_candidates(export.path.name, others)
        raise refuse(export, "The file is missing.", action, nearest)
    try:
        sheet, above, cells = _read_cells(export)
    except (InputError, KeyboardInterrupt, SystemExit):
        raise
    # Each reader has errors of its own, a Rust one even panics, and the file is not ours.
    except BaseException as error:
        what = f"It cannot be read: it is damaged, or no {export.path.suffix}."
        raise refuse(export, f"{what} ({type(error).__name__})", "Export it again.") from error
    count = export.header_row_count
    if len(cells) <= count or not any(cells[0]):
        what = "It is empty." if not cells else "It has no rows below a header."
        raise InputError([Problem(describe_export(export, sheet), what, "Export it again.")])
    written = _join_header_rows(cells[:count])
    headers = [
        name
        if header is not None
        or to_match_text(name) in known
        or any(row[number] is not None for row in cells[count:])
        else None
        for number, (header, name) in enumerate(zip(written, _name_apart(written), strict=True))
    ]
    problems = [
        Problem(
            describe_export(export, sheet, f"{to_column_letter(number)}{count}"),
            "The header holds an e-mail or IP address, so answers are taken for headers.",
            "Mend the number of header rows (header_row_count), or export it with its header.",
        )
        for number, header in enumerate(headers, start=1)
        if header is not None and to_match_text(header) not in known and holds_address(header)
    ]
    if problems:
        raise InputError(problems)
    rows = cells[count:]
    start = above + count + 1
    return Grid(sheet, headers, rows, list(range(start, start + len(rows))))


def _read_cells(export: ExportFile) -> tuple[str | None, int, list[list[str | None]]]:
    """Return the sheet, how many rows stand above the header, and the cells."""
    suffix = export.path.suffix.lower()
    if suffix in WORKBOOK_SUFFIXES:
        sheet, cells = read_workbook(export)
        return sheet, 0, cells
    if suffix in TEXT_SUFFIXES:
        return None, *read_text_file(export)
    if suffix in DATA_SUFFIXES:
        return None, 0, read_data_file(export)
    known = ", ".join((*WORKBOOK_SUFFIXES, *TEXT_SUFFIXES, *DATA_SUFFIXES))
    raise refuse(export, f"No export is written as {suffix!r}.", f"Export it as one of {known}.")


def _name_apart(headers: list[str | None]) -> list[str]:
    """Return headers of which no two are alike: the second of a kind gets ` [2]`."""
    taken = {to_match_text(header) for header in headers if header is not None}
    seen: dict[str, int] = {}
    named = []
    for header in headers:
        name = text = BLANK_HEADER if header is None else header
        match = to_match_text(text)
        while match in seen and to_match_text(name) in taken:
            seen[match] += 1
            name = f"{text} [{seen[match]}]"
        seen.setdefault(match, 1)
        taken.add(to_match_text(name))
        named.append(name)
    return named


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
