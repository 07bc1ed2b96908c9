"""A pair of databases put in the place of another: in one step, and never by half.

The warehouse and its restricted database belong together. A journal says that both are ready; from
then on whoever comes next finishes the swap, whatever cut it off.
"""

import json
import logging
import os
import shutil
from pathlib import Path

import duckdb

from pipeline.history import Build, append_build, read_build_id, to_build
from pipeline.paths import BuildError, Paths

logger = logging.getLogger(__name__)


def put_in_place(paths: Paths, build: Build, kept_count: int) -> None:
    """Put the staged pair in place, keep the one that was there, write it in the ledger.

    Raises BuildError where the system refuses to replace a file, as one that is open; then the
    new warehouse waits beside it.
    """
    if is_open_for_writing(paths.warehouse):
        raise BuildError(_wait(paths, paths.warehouse))
    for staged in (paths.staged, paths.staged_restricted):
        if _find_log(staged).exists():
            raise BuildError(f"{staged} was not closed cleanly; build again.")
        _sync(staged)
    _keep_current(paths)
    journal = _find_journal(paths)
    draft = journal.with_suffix(".part")
    draft.write_text(json.dumps(build.to_record()), encoding="utf-8")
    _sync(draft)
    draft.replace(journal)
    finish_swap(paths)
    try:
        _forget_oldest(paths, kept_count)
    except OSError as error:
        logger.warning("a previous warehouse could not be removed (%s)", error)


def has_swap_begun(paths: Paths) -> bool:
    """Whether a swap was cut off after both databases were ready."""
    return _find_journal(paths).exists()


def finish_swap(paths: Paths) -> None:
    """Move what the journal says is ready; doing it twice is doing it once."""
    journal = _find_journal(paths)
    try:
        build = to_build(json.loads(journal.read_bytes()))
    except (ValueError, TypeError, AttributeError):
        raise BuildError(
            f"{journal} cannot be read: somebody changed it. Remove it, and build again."
        ) from None
    for staged, final in (
        (paths.staged, paths.warehouse),
        (paths.staged_restricted, paths.restricted),
    ):
        if staged.exists():
            # What is left of a writer's log would be replayed into the new file.
            _find_log(final).unlink(missing_ok=True)
            try:
                staged.replace(final)
            except OSError as error:
                raise BuildError(_wait(paths, final, journal, error.strerror)) from None
    append_build(paths, build)
    journal.unlink()
    paths.waiting.unlink(missing_ok=True)
    _sync_folder(paths.warehouse.parent)


def list_kept(paths: Paths) -> list[str]:
    """Return the previous warehouses that can be brought back, by build, the newest first."""
    return sorted(
        (
            path.parent.name
            for path in paths.kept.glob(f"*/{paths.warehouse.name}")
            if path.parent.suffix != ".part" and (path.parent / paths.restricted.name).exists()
        ),
        reverse=True,
    )


def stage_kept(paths: Paths, build_id: str) -> None:
    """Stage a previous pair, from its folder. Raises BuildError where there is no room for it."""
    shutil.rmtree(paths.staged.parent, ignore_errors=True)
    try:
        paths.staged.parent.mkdir()
        for name in (paths.warehouse.name, paths.restricted.name):
            shutil.copy2(paths.kept / build_id / name, paths.staged.with_name(name))
    except OSError as error:
        shutil.rmtree(paths.staged.parent, ignore_errors=True)
        what = f"The warehouse of build {build_id} could not be brought back ({error.strerror})."
        raise BuildError(what) from None


def is_open_for_writing(warehouse: Path) -> bool:
    """Whether another process has a warehouse open so that it can change it."""
    if not warehouse.exists():
        return False
    try:
        duckdb.connect(warehouse, read_only=True).close()
    except duckdb.IOException as error:
        return "lock" in str(error).lower()
    except duckdb.Error:
        return False
    return False


def _wait(paths: Paths, final: Path, journal: Path | None = None, reason: str | None = None) -> str:
    """Leave what is ready where it can be found, and return where that is."""
    refused = (
        f"{final} is open in a program that may write to it, or that keeps it from being replaced"
        f"{f' ({reason})' if reason else ''}."
    )
    if final == paths.restricted:
        return f"{refused} Close it and build again; the new warehouse is in place already."
    shutil.copyfile(paths.staged, paths.waiting)
    # Only now is nothing lost by it.
    if journal is not None:
        journal.unlink()
    return (
        f"{refused} The new warehouse waits beside it as {paths.waiting}. Close the programs that"
        " have the old one open and build again."
    )


def _keep_current(paths: Paths) -> None:
    """Give the pair in place a second name, so that it outlives its own."""
    if not (paths.warehouse.exists() and paths.restricted.exists()):
        return
    try:
        build_id = read_build_id(paths.warehouse)
    except duckdb.Error:
        return
    folder = paths.kept / build_id
    if folder.exists():
        shutil.rmtree(folder)
    part = folder.with_suffix(".part")
    part.mkdir(parents=True)
    for path in (paths.warehouse, paths.restricted):
        try:
            os.link(path, part / path.name)
        except OSError:
            shutil.copy2(path, part / path.name)
    part.replace(folder)


def _forget_oldest(paths: Paths, kept_count: int) -> None:
    current = read_build_id(paths.warehouse)
    others = [build_id for build_id in list_kept(paths) if build_id != current]
    for build_id in {*list_kept(paths)} - {*others[:kept_count]}:
        shutil.rmtree(paths.kept / build_id)


def _find_journal(paths: Paths) -> Path:
    return paths.workspace / "swap.json"


def _find_log(database: Path) -> Path:
    return database.with_name(f"{database.name}.wal")


def _sync(path: Path) -> None:
    # Open for writing as well, or Windows does not sync it.
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the new names outlive a power cut, where a system can sync a folder."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
