"""Folders of files that are written beside, and put in their place whole or not at all."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Says which files of a folder are ours: no other is ever removed or overwritten.
MARKER = ".made-by-gelijkekansen.json"


class OutputError(ValueError):
    """A folder that holds what somebody else put there."""


@contextmanager
def placed(folder: Path) -> Iterator[Path]:
    """Yield a folder to write into, whose files take the place of those in `folder` at the end.

    Where writing stops half-way, `folder` is as it was. What else stands in it stays. Raises
    OutputError where it holds files and none is known to be ours, or one of somebody else stands
    where one of ours has to.
    """
    folder = folder.resolve()
    draft, old = (folder.with_name(f".{folder.name}.{end}") for end in ("part", "old"))
    if not folder.exists() and (old / MARKER).exists():
        # Stopped between taking one out and putting the other in.
        old.rename(folder)
    ours = _read_marker(folder)
    for left in (draft, old):
        _read_marker(left)
        shutil.rmtree(left, ignore_errors=True)
    draft.mkdir(parents=True)
    (draft / MARKER).write_text("[]", encoding="utf-8")
    try:
        yield draft
        made = _list_files(draft)
        foreign = _list_files(folder) - ours - {MARKER}
        if both := sorted(foreign & made):
            raise OutputError(f"{folder / both[0]} is not ours, and stands in the place of a file.")
        (draft / MARKER).write_text(json.dumps(sorted(made)), encoding="utf-8")
        for name in foreign:
            (draft / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(folder / name, draft / name)
        if folder.exists():
            folder.rename(old)
        draft.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Yield a file to write, which takes the place of `path` at the end, whole or not at all."""
    draft = path.with_name(f".{path.name}.part")
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _read_marker(folder: Path) -> set[str]:
    """Return which files of a folder are ours; raises OutputError where it has others alone."""
    path = folder / MARKER
    if path.exists():
        names: list[str] = json.loads(path.read_text(encoding="utf-8"))
        return set(names)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise OutputError(
            f"{folder} holds files that this program does not know as its own. Name another"
            " folder, or empty that one."
        )
    return set()


def _list_files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
