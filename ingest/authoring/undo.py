"""Changes of several codebook files at once, which can be taken back."""

import json
from collections.abc import Iterable
from pathlib import Path

from ingest.authoring.draft_files import Tables, render_table
from ingest.codebook.tables import TABLES
from ingest.shared.csv_files import write_all
from ingest.shared.files import hash_text
from ingest.shared.problems import InputError, Problem

# Below the codebook: what stood in its files before each change, until it is taken back.
NOTES = ".undo"


def write_with_note(folder: Path, note: str, tables: Tables, names: Iterable[str]) -> None:
    """Write codebook files, with a note of what stood there for `put_back`, all or none."""
    texts = {TABLES[name].path: render_table(name, tables[name]) for name in names}
    write_texts(folder, note, texts)


def write_texts(folder: Path, note: str, texts: dict[str, str]) -> None:
    """Write files of a codebook by their paths, with a note for `put_back`, all or none.

    Files that stay as they are are not touched; where all do, no note is left.
    """
    before = {path: _read(folder / path) for path in texts}
    changed = {path: text for path, text in texts.items() if text != before[path]}
    if not changed:
        return
    kept = {
        path: {"before": before[path], "after": hash_text(text)} for path, text in changed.items()
    }
    told = json.dumps(kept, ensure_ascii=False, indent=1)
    write_all(folder, {_find_note(note): told, **changed})


def put_back(folder: Path, note: str) -> list[str]:
    """Put back what stood in the files of a note, and return which they are.

    Raises InputError where there is no such note, or a file has changed since.
    """
    path = folder / _find_note(note)
    if not path.exists():
        what = f"Nothing was done here that {path.name} could take back."
        raise InputError([Problem("codebook", what, "Name what was done.")])
    kept: dict[str, dict[str, str | None]] = json.loads(path.read_text(encoding="utf-8"))
    now = {name: _read(folder / name) for name in kept}
    changed = [
        Problem(f"codebook: {name}", "It has changed since.", "Put back by hand what is needed.")
        for name, texts in kept.items()
        # Taken back by hand already.
        if now[name] != texts["before"] and hash_text(now[name] or "") != texts["after"]
    ]
    if changed:
        raise InputError(changed)
    before = {name: texts["before"] for name, texts in kept.items()}
    write_all(folder, {**before, _find_note(note): None})
    return list(kept)


def list_notes(folder: Path, beginning: str) -> list[str]:
    """Return the notes that begin so, in the order of their names."""
    return sorted(path.stem for path in (folder / NOTES).glob(f"{beginning}*.json"))


def _read(path: Path) -> str | None:
    """Return what stands in a file; None where there is none, as an optional one."""
    return path.read_text(encoding="utf-8") if path.exists() else None


def _find_note(note: str) -> str:
    return f"{NOTES}/{note}.json"
