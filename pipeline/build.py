"""The build: land, model, check beside the warehouse; move it into place where all is well."""

import logging
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from ingest.survey import load_survey
from pipeline.modelling import run_dbt

logger = logging.getLogger(__name__)

# What DuckDB 1.2 and later can read, so that other clients can open the file.
STORAGE_VERSION = "v1.2.0"
DEFAULT_STEM = "warehouse"


_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "storage_compatibility_version": STORAGE_VERSION
}


class BuildError(Exception):
    """The build was refused or could not run; the warehouse is as it was."""


@dataclass(frozen=True)
class Paths:
    """What a build reads and where it writes."""

    codebook: Path
    exports: Path
    warehouse: Path

    @property
    def restricted(self) -> Path:
        """The database of what can name a person, beside the warehouse and named after it."""
        stem = self.warehouse.stem
        prefix = "" if stem == DEFAULT_STEM else f"{stem}-"
        return self.warehouse.with_name(f"{prefix}restricted.duckdb")

    @property
    def workspace(self) -> Path:
        """The folder, on the same file system, in which a build works."""
        return self.warehouse.parent / f".{self.warehouse.stem}-build"

    @property
    def staged(self) -> Path:
        """The warehouse being built; views need it to have the name it will have."""
        return self.workspace / "staged" / self.warehouse.name

    @property
    def staged_restricted(self) -> Path:
        """The database of what can name a person, being built."""
        return self.staged.with_name(self.restricted.name)

    @property
    def data_docs(self) -> Path:
        """The Data Docs of the last build."""
        return self.workspace / "data_docs"


def build_warehouse(paths: Paths) -> None:
    """Build the warehouse from the codebook and the exports, and swap it in whole.

    Raises InputError, ModellingError or BuildError; then the warehouse is as it was, and what
    was built stays in the workspace.
    """
    started = time.monotonic()
    _check_target(paths)
    paths.workspace.mkdir(parents=True, exist_ok=True)
    with _hold_lock(paths.workspace / "lock"):
        shutil.rmtree(paths.staged.parent, ignore_errors=True)
        paths.staged.parent.mkdir()
        _land(paths)
        run_dbt(["build", "--exclude-resource-type", "unit_test"], paths.staged, paths.workspace)
        _check(paths)
        _swap(paths)
    logger.info("built %s in %.0f s", paths.warehouse.name, time.monotonic() - started)


def _check_target(paths: Paths) -> None:
    """Refuse a warehouse that could not be put in place, before anything is built."""
    name = paths.warehouse.name
    if not re.fullmatch(r"[A-Za-z0-9_-]+\.duckdb", name) or name.endswith("restricted.duckdb"):
        raise BuildError(
            f"{name!r} cannot be the name of a warehouse. Use letters, digits, _ and -, then"
            " .duckdb; restricted.duckdb is for what can name a person."
        )
    if not paths.warehouse.parent.is_dir():
        raise BuildError(f"There is no folder {paths.warehouse.parent}. Make it first.")
    for path in (paths.warehouse, paths.restricted):
        if path.exists() and not path.is_file():
            raise BuildError(f"{path} is no file. Move it away, or name another warehouse.")


@contextmanager
def _hold_lock(path: Path) -> Iterator[None]:
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise BuildError(f"Another build is at work here (it holds {path}). Wait for it.") from None
    try:
        yield
    finally:
        lock.release()


def _land(paths: Paths) -> None:
    # What can name a person is never readable by others, not even while it is written.
    mask = os.umask(0o077)
    try:
        duckdb.connect(paths.staged_restricted, config=_CONFIG).close()
    finally:
        os.umask(mask)
    with duckdb.connect(paths.staged, config=_CONFIG) as connection:
        restricted = str(paths.staged_restricted).replace("'", "''")
        connection.execute(f"attach '{restricted}' as restricted")
        load_survey(connection, paths.codebook, paths.exports)


def _check(paths: Paths) -> None:
    from expectations.report import write_report
    from expectations.run import run_suites

    shutil.rmtree(paths.data_docs, ignore_errors=True)
    with duckdb.connect(paths.staged) as connection:
        report = run_suites(connection, paths.data_docs)
        write_report(connection, report)
    logger.info("%s", report)
    if report.failures:
        raise BuildError(
            f"{len(report.failures)} critical expectations failed; the warehouse is as it was."
            f" What was built is kept in {paths.staged}."
        )


def _swap(paths: Paths) -> None:
    for staged, final in (
        (paths.staged_restricted, paths.restricted),
        (paths.staged, paths.warehouse),
    ):
        if staged.with_name(f"{staged.name}.wal").exists():
            raise BuildError(f"{staged} was not closed cleanly; build again.")
        with staged.open("rb") as file:
            os.fsync(file.fileno())
        final.with_name(f"{final.name}.wal").unlink(missing_ok=True)
        staged.replace(final)
