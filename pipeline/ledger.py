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
from pipeline.paths import Paths
from pipeline.place import list_kept

logger = logging.getLogger(__name__)

LEDGER_TABLES = """
    create schema if not exists audit;
    create or replace table audit.builds (
        build_id varchar, started_at timestamp, reason varchar, input_sha256 varchar,
        code_revision varchar, code_sha256 varchar, codebook_sha256 varchar,
        export_sha256 varchar, versions varchar, land_seconds double, model_seconds double,
        check_seconds double, verdict varchar, message varchar
    );
    create or replace table audit.input_changes (
        build_id varchar, input varchar, path varchar, row_number integer, edition_key integer,
        question_key varchar, change varchar, old_value varchar, new_value varchar
    );
    create or replace table audit.figure_changes (
        build_id varchar, edition_key integer, base varchar, question_key varchar,
        option_key varchar, old_selected_count integer, new_selected_count integer,
        old_base_count integer, new_base_count integer, old_percentage integer,
        new_percentage integer, old_share_low double, new_share_low double,
        old_share_high double, new_share_high double, changed_inputs varchar
    );
    comment on table audit.builds is
        'One row per build up to this one, also those that were refused or cut off.';
    comment on column audit.builds.build_id is 'The build, named after when it began (UTC).';
    comment on column audit.builds.started_at is 'When it began (UTC).';
    comment on column audit.builds.reason is 'Why it was run, as told with --why.';
    comment on column audit.builds.input_sha256 is
        'SHA-256 of all inputs together: code, codebook, exports, versions, key of persons.';
    comment on column audit.builds.code_revision is
        'Commit of the code, with + where it was changed since; null outside a repository.';
    comment on column audit.builds.code_sha256 is 'SHA-256 of the code.';
    comment on column audit.builds.codebook_sha256 is 'SHA-256 of the codebook.';
    comment on column audit.builds.export_sha256 is 'SHA-256 of every export, as JSON.';
    comment on column audit.builds.versions is 'Versions of what it ran on, as JSON.';
    comment on column audit.builds.land_seconds is 'How long codebook and exports took.';
    comment on column audit.builds.model_seconds is
        'How long the models and their tests took, once the exports were landed.';
    comment on column audit.builds.check_seconds is 'How long the expectations took.';
    comment on column audit.builds.verdict is 'built, refused, failed, killed or restored.';
    comment on column audit.builds.message is 'What it ended with, where it was not built.';
    comment on table audit.input_changes is
        'One row per build and input that differs from the build before it.';
    comment on column audit.input_changes.build_id is 'The build that had the new value.';
    comment on column audit.input_changes.input is
        'export, codebook, correction, code or version.';
    comment on column audit.input_changes.path is 'The file; for code the project.';
    comment on column audit.input_changes.row_number is
        'Row of a codebook file: the new one, or the old one where it was removed.';
    comment on column audit.input_changes.edition_key is 'The edition it is of; null: of all.';
    comment on column audit.input_changes.question_key is 'The question it is of; null: of all.';
    comment on column audit.input_changes.change is 'added, removed or changed.';
    comment on column audit.input_changes.old_value is 'The row, hash, commit or version before.';
    comment on column audit.input_changes.new_value is 'The row, hash, commit or version now.';
    comment on table audit.figure_changes is
        'One row per build and figure of mart_question_results that differs from the build before.';
    comment on column audit.figure_changes.build_id is 'The build that had the new figure.';
    comment on column audit.figure_changes.edition_key is 'The edition, as its year.';
    comment on column audit.figure_changes.base is 'respondents or municipalities.';
    comment on column audit.figure_changes.question_key is 'The question or matrix row.';
    comment on column audit.figure_changes.option_key is 'The option.';
    comment on column audit.figure_changes.old_selected_count is 'Chosen by, before; null: new.';
    comment on column audit.figure_changes.new_selected_count is 'Chosen by, now; null: gone.';
    comment on column audit.figure_changes.old_base_count is 'Base N before.';
    comment on column audit.figure_changes.new_base_count is 'Base N now.';
    comment on column audit.figure_changes.old_percentage is 'Percentage before.';
    comment on column audit.figure_changes.new_percentage is 'Percentage now.';
    comment on column audit.figure_changes.old_share_low is 'Lower bound of its interval, before.';
    comment on column audit.figure_changes.new_share_low is 'Lower bound of its interval, now.';
    comment on column audit.figure_changes.old_share_high is 'Upper bound of its interval, before.';
    comment on column audit.figure_changes.new_share_high is 'Upper bound of its interval, now.';
    comment on column audit.figure_changes.changed_inputs is
        'The inputs that changed and can touch the figure: of its edition or of all, and of its '
        'question, of one that routes to it, or of none; where there are no such, of its edition.';
"""

OTHER_ROWS = """
    with now as (select * from ({new})), was as (select * from ({old}))
    select
        coalesce(now._row, was._row), coalesce(now.edition, was.edition),
        coalesce(now.question, was.question),
        case when was.content is null then 'added' when now.content is null then 'removed'
            else 'changed' end,
        was.content, now.content
    from now full join was on now.key is not distinct from was.key
    where now.content is distinct from was.content
    order by all
"""

CHANGED_FIGURES = """
    insert into audit.figure_changes
    with inputs as (
        select
            edition_key, question_key,
            concat_ws(' ', input, path, 'row ' || row_number) as words
        from audit.input_changes where build_id = $build_id
    ),
    figures as (
        select
            edition_key, base, coalesce(now.question_key, was.question_key) as question_key,
            option_key, was.selected_count, now.selected_count, was.base_count, now.base_count,
            was.percentage, now.percentage, was.share_low, now.share_low,
            was.share_high, now.share_high
        from marts.mart_question_results as now
        full join previous.marts.mart_question_results as was
            using (edition_key, base, option_key)
        where was.selected_count is distinct from now.selected_count
            or was.base_count is distinct from now.base_count
            or round(was.share_low, 9) is distinct from round(now.share_low, 9)
            or round(was.share_high, 9) is distinct from round(now.share_high, 9)
    ),
    deciding as (
        select distinct
            targets.edition_key, targets.question_key,
            split_part(literals.question_key, '.', 1) as source_question_key
        from codebook.routing_targets as targets
        inner join codebook.routing_literals as literals using (condition_key)
    )
    select
        $build_id, figures.*, coalesce(
            (
                select string_agg(distinct words, '; ' order by words) from inputs
                where coalesce(inputs.edition_key = figures.edition_key, true) and (
                    inputs.question_key is null
                    or split_part(inputs.question_key, '.', 1)
                        = split_part(figures.question_key, '.', 1)
                    or exists (
                        select 1 from deciding
                        where deciding.edition_key = figures.edition_key
                            and deciding.question_key = figures.question_key
                            and source_question_key = split_part(inputs.question_key, '.', 1)
                    )
                )
            ),
            (
                select string_agg(distinct words, '; ' order by words) from inputs
                where coalesce(inputs.edition_key = figures.edition_key, true)
            )
        )
    from figures
    order by edition_key, base, option_key
"""


FIELDWORK = """
    select edition_key, field_end_date from marts.dim_editions
    where not is_synthetic and field_end_date >= current_date
"""

OLDER_EXPORTS = """
    with now as (
        select edition_key, max(coalesce(completed_at, started_at)) as last_at
        from staging.stg_raw__respondents group by all
    ),
    was as (
        select edition_key, max(coalesce(completed_at, started_at)) as last_at
        from previous.staging.stg_raw__respondents group by all
    )
    select edition_key, now.last_at, was.last_at from now inner join was using (edition_key)
    where now.last_at < was.last_at
"""


def write_ledger(connection: duckdb.DuckDBPyConnection, paths: Paths, build: Build) -> int | None:
    """Write the ledger of the warehouse being built, compared with the one in place.

    Returns how many figures changed; None where there is nothing to compare with.
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
        return _compare(connection, build)
    except duckdb.CatalogException:
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
            connection.execute(f"""
                insert into audit.{table} by name
                select * from previous.audit.{table}
                where build_id not in (select build_id from audit.{table})
            """)
    except duckdb.Error:
        logger.warning("%s is of an older make: its changes are not kept", path)
    finally:
        connection.execute("detach previous")


def _to_row(build: Build) -> list[object]:
    values = (getattr(build, field.name) for field in fields(build))
    return [json.dumps(value) if isinstance(value, dict) else value for value in values]


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
        ["export", file, None, edition, None, _name_change(old, new), old, new]
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
        kind = "correction" if name == "corrections" else "codebook"
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
        yield ["code", "the project", None, None, None, change, old, new]
    earlier = json.loads(versions)
    for name in sorted({*earlier, *build.versions}):
        was, now = earlier.get(name), build.versions.get(name)
        if was != now:
            yield ["version", name, None, None, None, _name_change(was, now), was, now]


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
        return "added"
    return "removed" if new is None else "changed"


def warn_of_fieldwork(connection: duckdb.DuckDBPyConnection) -> None:
    """Say which editions are still being answered, so that their figures will change."""
    for edition, date in connection.execute(FIELDWORK).fetchall():
        logger.warning("edition %s: fieldwork is open until %s; figures will change", edition, date)
