"""Where a build reads, works and writes."""

import re
from dataclasses import dataclass
from pathlib import Path

DEFAULT_STEM = "warehouse"
# What DuckDB 1.2 and later can read, so that other clients can open the file.
STORAGE_VERSION = "v1.2.0"
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "storage_compatibility_version": STORAGE_VERSION
}
# How many previous warehouses are kept.
KEPT_COUNT = 3
# DuckDB calls a file's catalog after it, and these names mean something else.
TAKEN_STEMS = {
    *("raw", "codebook", "staging", "intermediate", "marts", "audit", "public_release"),
    *("main", "memory", "previous", "system", "temp"),
}


class BuildError(Exception):
    """The command was refused or could not go on; the warehouse is as it was."""


class BusyError(BuildError):
    """Another command holds the workspace."""


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
    def waiting(self) -> Path:
        """Where a new warehouse waits for one that is open and cannot be replaced."""
        # No warehouse can have this name: it has a point too many.
        return self.warehouse.with_name(f"{self.warehouse.stem}.new.duckdb")

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
    def kept(self) -> Path:
        """The folder of previous warehouses, one folder per build."""
        return self.workspace / "kept"

    @property
    def report(self) -> Path:
        """Why the last build failed; there is none where it did not."""
        return self.workspace / "report.txt"

    @property
    def data_docs(self) -> Path:
        """The Data Docs of the last build."""
        return self.workspace / "data_docs"


def check_target(paths: Paths) -> None:
    """Refuse a warehouse that could not be put in place, before anything is built."""
    name = paths.warehouse.name
    if not re.fullmatch(r"[A-Za-z0-9_-]+\.duckdb", name) or name.endswith("restricted.duckdb"):
        raise BuildError(
            f"{name!r} cannot be the name of a warehouse. Use letters, digits, _ and -, then"
            " .duckdb; restricted.duckdb is for what can name a person."
        )
    if paths.warehouse.stem.lower() in TAKEN_STEMS:
        raise BuildError(f"{name!r} means something else within a warehouse. Choose another name.")
    if "?" in str(paths.warehouse):
        raise BuildError("DuckDB opens no file below a folder with a question mark in its name.")
    if not paths.warehouse.parent.is_dir():
        raise BuildError(f"There is no folder {paths.warehouse.parent}. Make it first.")
    for path in (paths.warehouse, paths.restricted):
        if path.exists() and not path.is_file():
            raise BuildError(f"{path} is no file. Move it away, or name another warehouse.")
    if paths.warehouse.exists() and not _is_warehouse(paths.warehouse):
        raise BuildError(
            f"{paths.warehouse} is no warehouse of this project, and would be lost. Move it away,"
            " or name another."
        )


def _is_warehouse(path: Path) -> bool:
    """Whether a file was built here; one that is open for writing cannot be asked, and may be."""
    import duckdb

    try:
        with duckdb.connect(path, read_only=True) as connection:
            return bool(
                connection.execute(
                    "select 1 from duckdb_schemas() where schema_name = 'marts'"
                ).fetchall()
            )
    except duckdb.IOException as error:
        return "lock" in str(error).lower()
    except duckdb.Error:
        return False
