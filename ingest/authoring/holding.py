"""Who may change a codebook: one command at a time, from reading it to writing it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.authoring.undo import NOTES
from ingest.shared.problems import InputError, Problem

# What a command needs at most, other than one that waits for somebody.
SECONDS = 10


@contextmanager
def hold_codebook(folder: Path, seconds: float = SECONDS) -> Iterator[None]:
    """Hold a codebook, so that no other command changes what this one has read.

    The lock is the system's, and ends with the process that has it. A folder in which nothing can
    be written needs none. Raises InputError where another command has it for too long.
    """
    # Whoever shares the folder shares its lock.
    lock = FileLock(folder / NOTES / "lock", timeout=seconds, mode=0o666)
    try:
        if os.access(folder, os.W_OK):
            (folder / NOTES).mkdir(exist_ok=True)
            lock.acquire()
    except Timeout:
        what = "Another command is changing it."
        raise InputError([Problem(f"codebook: {folder}", what, "Try again later.")]) from None
    except OSError as error:
        what = f"It cannot be held against other commands ({error.strerror})."
        raise InputError([Problem(f"codebook: {folder}", what, "Look at its rights.")]) from None
    try:
        yield
    finally:
        lock.release()
