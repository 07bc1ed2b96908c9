"""What can name a person in an edition, removed for good once nobody needs it any more."""

import datetime
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb

from ingest.authoring.draft_files import read_tables, write_tables
from ingest.authoring.holding import hold_codebook
from ingest.shared.problems import InputError, Problem
from ingest.shared.tables import attach_database
from pipeline.history import Build
from pipeline.paths import BuildError, Paths
from pipeline.restricting import save_restricted
from pipeline.workspace import hold_workspace


def purge_edition(paths: Paths, edition: int, *, write: bool) -> list[str]:
    """Remove the personal cells and open answers of an edition, and say what was out of reach.

    They go from the restricted database and from those that are kept, whose files are written anew,
    so that nothing stays in their free blocks or logs. The codebook remembers it: a later build
    lands none of them. Without `write` nothing changes. Raises InputError where there is no such
    edition, BuildError where a database is open elsewhere.
    """
    tables = read_tables(paths.codebook)
    own = [row for row in tables["editions"] if row["edition_key"] == str(edition)]
    if not own:
        keys = ", ".join(row["edition_key"] for row in tables["editions"])
        what = f"It has no edition {edition}; it has {keys}."
        raise InputError([Problem("codebook: codebook/editions.csv", what, "Name one of them.")])
    now = datetime.datetime.now(datetime.UTC)
    build = Build(f"{now:%Y%m%dT%H%M%S%f}"[:-3], f"{now:%Y-%m-%d %H:%M:%S}", f"purge {edition}")
    with hold_workspace(paths, build):
        if write:
            _remember(paths.codebook, edition, f"{now:%Y-%m-%d}")
        told = [
            f"{path}: {count} cells {'removed' if write else 'would be removed: add --write'}"
            for path, count in _purge_databases(paths, edition, write=write)
        ]
    export = own[0]["source_file"] or "no file"
    return [
        *told,
        f"out of reach: the export ({export}) and other files of the edition, workbooks of open"
        " answers to code, and every copy that somebody made",
    ]


def _remember(codebook: Path, edition: int, date: str) -> None:
    purged = {"edition_key": str(edition), "purged_on": date}
    with hold_codebook(codebook):
        rows = read_tables(codebook)["purged_editions"]
        others = [row for row in rows if row["edition_key"] != str(edition)]
        write_tables(codebook, {"purged_editions": [*others, purged]})


def _purge_databases(paths: Paths, edition: int, *, write: bool) -> Iterator[tuple[Path, int]]:
    # What a build left that was refused is no warehouse, and goes whole.
    if write:
        shutil.rmtree(paths.staged.parent, ignore_errors=True)
    for path in (paths.restricted, *sorted(paths.kept.glob(f"*/{paths.restricted.name}"))):
        if path.exists():
            yield path, _purge(path, paths.workspace, edition, write=write)


def _purge(path: Path, workspace: Path, edition: int, *, write: bool) -> int:
    """Write a database anew without the cells of an edition, and return how many there were."""
    try:
        with duckdb.connect(path, read_only=not write) as connection:
            ((count,),) = connection.execute(
                "select count(*) from export_cells where edition_key = ?", [edition]
            ).fetchall()
            if not write:
                return int(count)
            connection.execute("delete from export_cells where edition_key = ?", [edition])
    except duckdb.IOException as error:
        raise BuildError(f"{path} is open in another program. Close it. ({error})") from None
    # What is deleted stays in the file, in blocks that are free; a build that comes after a kill
    # sweeps what ends so in the workspace.
    clean = workspace / "purged.part"
    with duckdb.connect() as connection:
        attach_database(connection, path, "restricted", read_only=True)
        save_restricted(connection, clean)
    clean.replace(path)
    return int(count)
