"""Folders that are there for a while, and go even where what made them was killed."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

PREFIX = "gelijkekansen-"
# A folder without a lock is being made, or was left long ago.
SECONDS_TO_MAKE = 60


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
    lock = folder / "lock"
    try:
        if not lock.exists() and time.time() - folder.stat().st_mtime < SECONDS_TO_MAKE:
            return
        with FileLock(lock, timeout=0):
            shutil.rmtree(folder, ignore_errors=True)
    except (Timeout, OSError):
        # Somebody is at work in it, or it is somebody else's.
        return
