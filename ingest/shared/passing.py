"""Folders that are there for a while, and go even where what made them was killed."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

# A name that nobody gives to a folder of their own.
PREFIX = ".gelijkekansen-passing-"
OURS = {"lock", "files"}


@contextmanager
def passing_folder() -> Iterator[Path]:
    """Yield a folder that nobody else can read, and remove it at the end.

    What commands left that were killed is removed first: nobody holds its lock any more.
    """
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        _sweep(left)
    with tempfile.TemporaryDirectory(prefix=PREFIX) as made, FileLock(Path(made) / "lock"):
        folder = Path(made) / "files"
        folder.mkdir()
        yield folder


def _sweep(folder: Path) -> None:
    """Remove a folder that is as `passing_folder` makes it, and that nobody works in any more."""
    try:
        if folder.is_symlink() or {path.name for path in folder.iterdir()} != OURS:
            return
        with FileLock(folder / "lock", timeout=0):
            shutil.rmtree(folder, ignore_errors=True)
    except (Timeout, OSError):
        # Somebody is at work in it, or it is somebody else's.
        return
