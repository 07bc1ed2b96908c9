"""Changes of several codebook files at once, which can be taken back."""

import json
from collections.abc import Iterable
from pathlib import Path

from ingest.authoring.draft_files import Tables, write_table
from ingest.codebook.tables import TABLES
from ingest.shared.files import hash_text
from ingest.shared.problems import InputError, Problem


def write_tables(folder: Path, note: str, tables: Tables, names: Iterable[str]) -> None:
    """Write codebook files, and a note with what stood in them, for `put_back`."""
    paths = {name: folder / TABLES[name].path for name in names}
    before = {name: path.read_text(encoding="utf-8") for name, path in paths.items()}
    for name in paths:
        write_table(folder, name, tables[name])
    kept = {
        TABLES[name].path: {
            "before": before[name], "after": hash_text(path.read_text(encoding="utf-8"))
        }
        for name, path in paths.items()
    }  # fmt: skip
    _find_note(folder, note).write_text(
        json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8"
    )


def put_back(folder: Path, note: str) -> list[str]:
    """Put back what stood in the files of a note, and return which they are.

    Raises InputError where there is no such note, or a file has changed since.
    """
    path = _find_note(folder, note)
    if not path.exists():
        what = f"Nothing was done here that {path.name} could take back."
        raise InputError([Problem("codebook", what, "Name what was done.")])
    kept: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    changed = [
        Problem(f"codebook: {name}", "It has changed since.", "Put back by hand what is needed.")
        for name, texts in kept.items()
        if hash_text((folder / name).read_text(encoding="utf-8")) != texts["after"]
    ]
    if changed:
        raise InputError(changed)
    for name, texts in kept.items():
        (folder / name).write_text(texts["before"], encoding="utf-8")
    path.unlink()
    return list(kept)


def _find_note(folder: Path, note: str) -> Path:
    return folder / f"{note}.json"
