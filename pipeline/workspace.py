"""The folder in which builds work: who holds it, and what a killed one left behind."""

import getpass
import json
import logging
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from pipeline.history import Build, append_build, read_builds, to_build
from pipeline.paths import BuildError, BusyError, Paths
from pipeline.place import finish_swap, has_swap_begun
from vocabulary.lists import BuildVerdict

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Holder:
    """Who works in the workspace, and since when."""

    user: str
    host: str
    process: int

    def __str__(self) -> str:
        return f"{self.user} on {self.host}, process {self.process}"


@contextmanager
def hold_workspace(paths: Paths, build: Build) -> Iterator[None]:
    """Hold the workspace for one command, after mending what a killed one left behind.

    The lock is the system's, and ends with the process that has it, however that ends. Raises
    BusyError, which names the holder, where another command has it.
    """
    try:
        # Previous restricted databases are kept there.
        paths.workspace.mkdir(parents=True, exist_ok=True)
        paths.workspace.chmod(0o700)
    except OSError as error:
        raise BuildError(f"{paths.workspace} cannot be made ({error.strerror}).") from None
    lock = FileLock(paths.workspace / "lock")
    note = paths.workspace / "running.json"
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise BusyError(_describe_holder(note)) from None
    try:
        _recover(paths, note)
        holder = Holder(_find_user(), socket.gethostname(), os.getpid())
        _write(note, {"holder": vars(holder), "build": build.to_record()})
        yield
        note.unlink(missing_ok=True)
    except Exception:
        # A refusal is in the ledger already; only a killed command leaves its note.
        note.unlink(missing_ok=True)
        raise
    finally:
        lock.release()


def _recover(paths: Paths, note: Path) -> None:
    """Finish a swap that had begun; forget any other work that was cut off."""
    left = _read(note)
    if has_swap_begun(paths):
        finish_swap(paths)
        logger.info("finished the swap of a build that was cut off")
    if left is not None:
        build = left[1]
        if build.build_id not in {ended.build_id for ended in read_builds(paths)}:
            append_build(paths, build.ended(BuildVerdict.KILLED, "It was cut off before its end."))
            logger.info("cleaned up after the build of %s, which was cut off", build.started_at)
        shutil.rmtree(paths.staged.parent, ignore_errors=True)
    note.unlink(missing_ok=True)
    for path in paths.kept.glob("*.part"):
        shutil.rmtree(path, ignore_errors=True)
    for path in paths.workspace.glob("*.part"):
        path.unlink(missing_ok=True)


def _describe_holder(note: Path) -> str:
    left = _read(note)
    if left is None:
        return "Another command is at work here. Wait for it, and try again."
    holder, build = left
    return (
        f"Another command is at work here: {holder}, since {build.started_at} UTC"
        f" ({build.reason}). Wait for it, and try again."
    )


def _find_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "somebody"


def _write(path: Path, content: dict[str, Any]) -> None:
    draft = path.with_suffix(".part")
    draft.write_text(json.dumps(content), encoding="utf-8")
    draft.replace(path)


def _read(path: Path) -> tuple[Holder, Build] | None:
    """Return who left the note and what they were at; None where there is none to be read."""
    try:
        content = json.loads(path.read_bytes())
        return Holder(**content["holder"]), to_build(content["build"])
    except (OSError, ValueError, TypeError, KeyError):
        return None
