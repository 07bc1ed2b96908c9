"""A data file of a statistics package, or Parquet, read into cells as its labels have them."""

import json
import math
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ingest.exports.files import ExportFile, refuse, to_text

STATISTICS_SUFFIXES = (".sav", ".zsav", ".dta")
DATA_SUFFIXES = (*STATISTICS_SUFFIXES, ".parquet")


def read_data_file(export: ExportFile) -> list[list[str | None]]:
    """Return the names of the variables, and below them a row per case; blank cells are None.

    A value stands as its label where it has one that no other value of the variable has, codes
    that mean missing too: what they stand for is said in the codebook. A list is written as JSON.
    Raises InputError where the file cannot be read.
    """
    is_parquet = export.path.suffix.lower() == ".parquet"
    rows = _read_parquet(export) if is_parquet else _read_statistics(export)
    try:
        return list(rows)
    # Each library has its own errors, and the file is not ours.
    except Exception as error:
        what = f"It cannot be read as {export.path.suffix} ({type(error).__name__}: {error})."
        raise refuse(export, what, "Export it again.") from error


def read_titles(export: ExportFile) -> dict[str, str]:
    """Return what the variables of a statistics file are called, by their names.

    A variable of a multiple response set is `Set [Variable]`. Other files have no titles.
    """
    if export.path.suffix.lower() not in STATISTICS_SUFFIXES:
        return {}
    _, meta = _read(export, metadataonly=True)
    titles = {name: label for name, label in meta.column_names_to_labels.items() if label}
    for name, one in (getattr(meta, "mr_sets", None) or {}).items():
        label = one["label"] or name.lstrip("$")
        for variable in one["variable_list"]:
            titles[variable] = f"{label} [{titles.get(variable, variable)}]"
    return titles


def _read(export: ExportFile, **how: bool) -> tuple[Any, Any]:
    """Return the frame and the metadata of a statistics file."""
    import pyreadstat

    read = pyreadstat.read_dta if export.path.suffix.lower() == ".dta" else pyreadstat.read_sav
    found: tuple[Any, Any] = read(str(export.path), **how)
    return found


def _read_parquet(export: ExportFile) -> Iterator[list[str | None]]:
    import duckdb

    with duckdb.connect() as connection:
        table = connection.read_parquet(str(export.path))
        yield list(table.columns)
        for row in table.fetchall():
            yield [_write(cell) for cell in row]


def _read_statistics(export: ExportFile) -> Iterator[list[str | None]]:
    frame, meta = _read(export, user_missing=True)
    yield list(frame.columns)
    labels = {
        name: {value: label for value, label in known.items() if count[label] == 1}
        for name, known in meta.variable_value_labels.items()
        for count in [Counter(known.values())]
    }
    columns = [
        [labels.get(name, {}).get(cell, _write(cell)) for cell in frame[name].tolist()]
        for name in frame.columns
    ]
    yield from (list(row) for row in zip(*columns, strict=True))


def _write(cell: object) -> str | None:
    match cell:
        case None:
            return None
        case float() if math.isnan(cell):
            return None
        case Decimal():
            return str(cell)
        case list() | dict():
            return json.dumps(cell, ensure_ascii=False, default=str)
    return None if str(cell) == "NaT" else to_text(cell)
