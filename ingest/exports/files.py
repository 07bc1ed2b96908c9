"""Export files: where they stand, how their cells are named and written as text."""

import datetime
from dataclasses import dataclass, field
from pathlib import Path

from ingest.shared.problems import InputError, Place, Problem
from vocabulary.lists import FileContent


@dataclass(frozen=True)
class ExportFile:
    """Where an edition's export stands and how it is written, from the codebook."""

    edition_key: int
    path: Path
    sheet: str | None
    encoding: str | None
    delimiter: str | None
    header_row_count: int = 1
    # Of another file than the first of an edition.
    content: FileContent | None = None


@dataclass(frozen=True)
class Grid:
    """The cells of an export below its header; `sheet` is None in a text file.

    A blank cell is None. Every row is as wide as the header; `numbers` has the row of the file
    in which each of them stands.
    """

    sheet: str | None
    headers: list[str | None]
    rows: list[list[str | None]]
    numbers: list[int] = field(default_factory=list)


def describe_export(export: ExportFile, sheet: str | None = None, cell: str | None = None) -> Place:
    """Return where in an export something stands: edition, file, sheet, cell."""
    return describe_cell(export.edition_key, export.path.name, sheet, cell)


def describe_cell(
    edition_key: int, file: str, sheet: str | None = None, cell: str | None = None
) -> Place:
    """Return the same of an export that was landed, from what `raw` has of it."""
    source = f"edition {edition_key}: {file}"
    if sheet is not None:
        source += f", sheet {sheet!r}"
    return Place(source, "cell" if cell else "", cell or "")


def refuse(export: ExportFile, what: str, action: str, nearest: str = "") -> InputError:
    """Return the refusal of a whole export."""
    return InputError([Problem(describe_export(export), what, action, nearest)])


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
