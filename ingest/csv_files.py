"""The codebook's CSV files, as Excel may have saved them."""

import csv
import io
from pathlib import Path

# Longer than any cell of a workbook can be.
csv.field_size_limit(10_000_000)


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
    """Return the rows of a codebook file; a Belgian Excel separates with semicolons."""
    text = path.read_text(encoding="utf-8-sig")
    header = text.partition("\n")[0]
    return read_rows(text, ";" if header.count(";") > header.count(",") else ",")


def write_file(path: Path, columns: list[str], rows: list[dict[str, str]]) -> None:
    """Write rows to a codebook file; what is no column of it is left out."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
