"""The ledger in schema `audit`: builds, the inputs that changed, and the figures that did."""

import json
import logging
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import duckdb

from ingest.codebook.tables import TABLES
from ingest.shared.tables import attach_database, insert_rows
from pipeline.history import Build, read_builds
from pipeline.ledger_tables import (
    CHANGED_FIGURES,
    FIELDWORK,
    LEDGER_TABLES,
    LOST_RESPONDENTS,
    OLDER_EXPORTS,
    OTHER_ROWS,
    SWAPPED_ANSWERS,
)
from pipeline.paths import BuildError, Paths
from pipeline.place import list_kept
from vocabulary.lists import Input, InputChange

logger = logging.getLogger(__name__)


# So many are named.
SHOWN = 5


def write_ledger(
    connection: duckdb.DuckDBPyConnection, paths: Paths, build: Build, max_lost: int | None = None
) -> int | None:
    """Write the ledger of the warehouse being built, compared with the one in place.

    Returns how many figures changed; None where there is nothing to compare with. Raises
    BuildError where more respondents of an edition are gone than `max_lost`.
    """
    connection.execute(LEDGER_TABLES)
    history = [*read_builds(paths), build]
    insert_rows(connection, "audit.builds", [_to_row(item) for item in history])
    if not paths.warehouse.exists():
        return None
    # A warehouse that was brought back does not know what came after it; those kept do.
    kept = [paths.kept / build_id / paths.warehouse.name for build_id in list_kept(paths)]
    for path in (paths.warehouse, *kept):
        _copy_changes(connection, path)
    try:
        attach_database(connection, paths.warehouse, "previous", read_only=True)
    except duckdb.Error as error:
        logger.warning("no figures are compared: the warehouse in place cannot be read (%s)", error)
        return None
    try:
        _compare_respondents(connection, max_lost)
        return _compare(connection, build)
    except (duckdb.CatalogException, duckdb.BinderException):
        logger.warning("no figures are compared: the warehouse in place is of an older make")
        return None
    finally:
        connection.execute("detach previous")


def _copy_changes(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Copy what a warehouse knows of earlier builds, as far as it is not there yet."""
    try:
        attach_database(connection, path, "previous", read_only=True)
    except duckdb.Error:
        return
    try:
        for table in ("input_changes", "figure_changes"):
            described = connection.execute(f"describe audit.{table}").fetchall()
            columns = ", ".join(row[0] for row in described)
            connection.execute(f"""
                insert into audit.{table} by name
                select {columns} from previous.audit.{table}
                where build_id not in (select build_id from audit.{table})
            """)
    except duckdb.Error:
        logger.warning("%s is of an older make: its changes are not kept", path)
    finally:
        connection.execute("detach previous")


def _to_row(build: Build) -> list[object]:
    values = (getattr(build, field.name) for field in fields(build))
    return [json.dumps(value) if isinstance(value, dict) else value for value in values]


def _compare_respondents(connection: duckdb.DuckDBPyConnection, max_lost: int | None) -> None:
    """Tell who is gone and what seems swapped, and refuse where more are gone than may be."""
    refused = []
    for edition, lost, was, now, names in connection.execute(LOST_RESPONDENTS).fetchall():
        words = (
            f"edition {edition}: {lost} of the {was} respondents of the warehouse in place are not"
            f" in this export, or no longer count: it has {now}"
        )
        if names:
            more = f" and {lost - SHOWN} more" if lost > SHOWN else ""
            words += f": {', '.join(names[:SHOWN])}{more}"
        logger.warning("%s", words)
        if max_lost is not None and lost > max_lost:
            refused.append(words)
    for edition, one, other in connection.execute(SWAPPED_ANSWERS).fetchall():
        logger.warning(
            "edition %s: %s has the answers that %s had, and the reverse: are two columns swapped?",
            *(edition, one, other),
        )
    if refused:
        raise BuildError(
            "\n".join(refused)
            + f"\nNo more than {max_lost} may be gone. Put the export back, or say --max-lost."
        )


def _compare(connection: duckdb.DuckDBPyConnection, build: Build) -> int:
    for edition, now, was in connection.execute(OLDER_EXPORTS).fetchall():
        logger.warning(
            "edition %s: this export is older than the one built before (last answer %s, was %s)",
            edition,
            now,
            was,
        )
    before = connection.execute(
        "select code_revision, code_sha256, versions from previous.audit.builds"
        " where verdict = 'built' order by build_id desc limit 1"
    ).fetchone()
    changes = [
        *_compare_exports(connection),
        *_compare_codebooks(connection),
        *_compare_code(before, build),
    ]
    insert_rows(connection, "audit.input_changes", [[build.build_id, *row] for row in changes])
    connection.execute(CHANGED_FIGURES, {"build_id": build.build_id})
    counted = connection.execute(
        "select count(*) from audit.figure_changes where build_id = ?", [build.build_id]
    ).fetchall()
    return int(counted[0][0])


def _compare_exports(connection: duckdb.DuckDBPyConnection) -> list[list[Any]]:
    rows = connection.execute("""
        select
            coalesce(now.source_file, was.source_file), edition_key,
            was.source_sha256, now.source_sha256
        from raw.exports as now full join previous.raw.exports as was using (edition_key)
        where was.source_sha256 is distinct from now.source_sha256
    """).fetchall()
    return [
        [Input.EXPORT, file, None, edition, None, _name_change(old, new), old, new]
        for file, edition, old, new in rows
    ]


def _compare_codebooks(connection: duckdb.DuckDBPyConnection) -> Iterator[list[Any]]:
    """Yield the rows of codebook files that differ, matched by the keys of their tables."""
    for name, table in TABLES.items():
        now, was = (_list_columns(connection, schema, name) for schema in ("", "previous."))
        shared = [column for column in table.columns if column in was]
        if not shared:
            continue
        key = [column for column in table.keys[0] if column in (*now, "match_text")]
        queries = {
            side: f"""
                select
                    _row, {_pick(shared, "edition_key", "from_edition_key")} as edition,
                    {_pick(shared, "question_key")} as question,
                    row({", ".join(key)})::varchar as key,
                    concat_ws(', ', {", ".join(f"'{column}=' || {column}" for column in shared)})
                        as content
                from {schema}codebook.{name}
            """
            for side, schema in (("new", ""), ("old", "previous."))
        }
        kind = Input.CORRECTION if name == "corrections" else Input.CODEBOOK
        for row, edition, question, *rest in connection.execute(
            OTHER_ROWS.format(**queries)
        ).fetchall():
            yield [kind, table.path, row, edition, question, *rest]


def _compare_code(before: tuple[Any, ...] | None, build: Build) -> Iterator[list[Any]]:
    revision, digest, versions = before or (None, None, "{}")
    if digest != build.code_sha256:
        old, new = (
            f"{name or 'no commit'} {sha}"
            for name, sha in ((revision, digest), (build.code_revision, build.code_sha256))
        )
        change = _name_change(digest, build.code_sha256)
        yield [Input.CODE, "code", None, None, None, change, old, new]
    earlier = json.loads(versions)
    for name in sorted({*earlier, *build.versions}):
        was, now = earlier.get(name), build.versions.get(name)
        if was != now:
            yield [Input.VERSION, name, None, None, None, _name_change(was, now), was, now]


def _list_columns(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> list[str]:
    try:
        described = connection.execute(f"describe {schema}codebook.{table}").fetchall()
    except duckdb.CatalogException:
        return []
    return [row[0] for row in described]


def _pick(columns: list[str], *wanted: str) -> str:
    return next((column for column in wanted if column in columns), "null")


def _name_change(old: object, new: object) -> str:
    if old is None:
        return InputChange.ADDED
    return InputChange.REMOVED if new is None else InputChange.CHANGED


def warn_of_fieldwork(connection: duckdb.DuckDBPyConnection) -> None:
    """Say which editions are still being answered, so that their figures will change."""
    for edition, date in connection.execute(FIELDWORK).fetchall():
        logger.warning("edition %s: fieldwork is open until %s; figures will change", edition, date)
