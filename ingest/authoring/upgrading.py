"""A codebook of an older form brought to the one that this program reads."""

from pathlib import Path

from ingest.authoring.beginning import list_first_rows
from ingest.authoring.undo import write_texts
from ingest.codebook.tables import TABLES
from ingest.shared.csv_files import read_file, render_file

# What every row had before there was a column for it; a column that may be blank needs none.
BEFORE = {
    "header_row_count": "1",
    "review": "reviewed",
    "is_rehearsal": "no",
    "is_exclusive": "no",
    "is_missing": "no",
    "is_selected": "yes",
    "is_required": "no",
    "lineage": "kept",
}
NOTE = "upgraded"


def upgrade_codebook(folder: Path, *, write: bool) -> list[str]:
    """Add the files and columns that a codebook lacks; return each change in words.

    A column that every row must fill says what held before it was there. Nothing else is touched,
    and `put_back` with NOTE takes it back. Without `write` nothing changes.
    """
    first = list_first_rows(_read_title(folder))
    told: list[str] = []
    texts: dict[str, str] = {}
    for name, table in TABLES.items():
        path = folder / table.path
        if not path.exists():
            if not table.is_optional:
                rows = first.get(name, [])
                told.append(f"{table.path}: a new file, with {len(rows)} rows")
                texts[table.path] = render_file(list(table.columns), rows)
            continue
        header, *cells = read_file(path)
        lacking = [one for one in table.columns if one in BEFORE and one not in header]
        if not lacking:
            continue
        rows = [dict(zip(header, row, strict=False)) for row in cells if any(row)]
        added = {one: BEFORE[one] for one in lacking}
        told += [f"{table.path}: column {one}, {BEFORE[one]} in {len(rows)} rows" for one in added]
        texts[table.path] = render_file([*header, *lacking], [row | added for row in rows])
    if write:
        write_texts(folder, NOTE, texts)
    return told


def _read_title(folder: Path) -> str:
    """Return what the survey is called, as far as an older codebook says it: its first part."""
    path = folder / TABLES["parts"].path
    rows = read_file(path)[1:] if path.exists() else []
    return next((row[1] for row in rows if len(row) > 1), "?")
