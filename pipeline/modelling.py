"""dbt, run in this process on a database file."""

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vocabulary.texts import OF_THE_WAREHOUSE, read_texts
from vocabulary.thresholds import (
    CONFIDENCE,
    DECIDING_CODER,
    DETECTION_Z,
    INDICATIVE_BASE_COUNT,
    INDICATIVE_WIDTH,
    NOTABLE_DIFFERENCE,
)

if TYPE_CHECKING:
    import duckdb

SHOWN = 5
PROJECT = Path(__file__).parents[1] / "dbt_project"
# Unit tests look at the models, not at what goes through them; `make test` runs them.
BUILD = ["build", "--exclude-resource-type", "unit_test"]


def list_variables() -> dict[str, str | float]:
    """Return what the models are told: thresholds and the language they explain themselves in."""
    return {
        "language": OF_THE_WAREHOUSE,
        "confidence": CONFIDENCE,
        "detection_z": DETECTION_Z,
        "indicative_base_count": INDICATIVE_BASE_COUNT,
        "indicative_width": INDICATIVE_WIDTH,
        "notable_difference": NOTABLE_DIFFERENCE,
        "deciding_coder": DECIDING_CODER,
        "interval_label": read_texts(OF_THE_WAREHOUSE).say("intervals", "label"),
    }


class ModellingError(Exception):
    """dbt failed; the message has every model and test that did."""


def run_dbt(
    command: list[str],
    database: Path,
    workspace: Path,
    tell: Callable[[str], None] = lambda words: None,
    wait: Callable[[], None] = lambda: None,
) -> str:
    """Run one dbt command on `database`, with its artifacts in `workspace`.

    `tell` hears how far it is; `wait` is called when the project is read, before the database is
    opened. Returns what was done, in a line. Raises ModellingError with the message of every node
    that failed.
    """
    os.environ["DO_NOT_TRACK"] = "1"
    os.environ["GELIJKEKANSEN_DBT_DATABASE"] = str(database)
    _use_plain_locks()
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    options = [
        f"--project-dir={PROJECT}",
        f"--profiles-dir={PROJECT}",
        f"--target-path={workspace / 'target'}",
    ]
    options.append(f"--vars={json.dumps(list_variables())}")
    quiet = [f"--log-path={workspace / 'logs'}", "--log-level=none", "--no-version-check"]
    if command[0] != "docs":
        # Only the docs read what dbt writes of its manifest.
        quiet.append("--no-write-json")
    try:
        runner = dbtRunner(callbacks=[_Listener(tell, wait).hear])
        outcome = runner.invoke([*quiet, *command, *options])
    finally:
        # Until then the file stays locked.
        DuckDBConnectionManager.close_all_connections()
    if not outcome.success:
        raise ModellingError(_describe_failure(outcome, database))
    if command[0] == "build":
        _write_comments(outcome.result.results, database)
    return f"dbt {command[0]}: {_count_results(outcome.result)}"


def _use_plain_locks() -> None:
    """Give dbt locks that no process watches over: that one could outlive a build that is killed.

    dbt makes them as it is imported, for processes that it never starts.
    """
    if os.name == "posix":
        import multiprocessing

        from dbt import mp_context

        mp_context._MP_CONTEXT = multiprocessing.get_context("fork")


def _write_comments(results: list[Any], database: Path) -> None:
    """Carry the descriptions of models and columns into the database, all at once."""
    import duckdb

    from ingest.codebook.words import name_units

    comments = []
    for node in (result.node for result in results if result.node.resource_type == "model"):
        table = f'"{node.schema}"."{node.alias}"'
        comments.append((f"table {table}", node.description))
        comments += [
            (f'column {table}."{column.name}"', column.description)
            for column in node.columns.values()
        ]
    statements = [
        "comment on {} is '{}'".format(target, words.strip().replace("'", "''"))
        for target, words in comments
    ]
    with duckdb.connect(database) as connection:
        try:
            connection.execute(";\n".join(["begin", *statements, "commit"]))
            # Without a codebook, as where an empty project is measured, nothing names them.
            if connection.execute("from duckdb_tables() where schema_name = 'codebook'").fetchone():
                name_units(connection)
        except duckdb.CatalogException as error:
            raise ModellingError(f"What is described is not there: {error}") from error


class _Listener:
    """Hears from dbt that it has read the project, and which models and tests are done."""

    def __init__(self, tell: Callable[[str], None], wait: Callable[[], None]) -> None:
        self.tell, self.wait, self.count = tell, wait, 0
        # dbt's threads tell at the same time; what is told goes up one by one.
        self.lock = threading.Lock()

    def hear(self, event: Any) -> None:  # noqa: ANN401 - dbt's events are not typed
        if event.info.name == "FoundStats":
            self.wait()
        elif event.info.name == "NodeFinished":
            with self.lock:
                self.count += 1
                self.tell(f"modelling: {self.count} models and tests done")


def _count_results(result: object) -> str:
    results = getattr(result, "results", [])
    kinds = [node.node.resource_type for node in results if hasattr(node, "node")]
    return ", ".join(f"{kinds.count(kind)} {kind}s" for kind in dict.fromkeys(kinds)) or "done"


def _describe_failure(outcome: Any, database: Path) -> str:  # noqa: ANN401 - dbt is not typed
    import duckdb

    from ingest.shared.tables import limit_memory

    if outcome.exception is not None:
        return f"dbt stopped: {outcome.exception}"
    results = getattr(outcome.result, "results", [])
    failed = [node for node in results if node.status in ("error", "fail")]
    with duckdb.connect(database, read_only=True) as connection:
        limit_memory(connection)
        lines = [_describe_node(connection, node) for node in failed]
    return "\n".join([f"{len(failed)} of dbt's models and tests failed.", *sorted(lines)])


def _describe_node(connection: "duckdb.DuckDBPyConnection", node: Any) -> str:  # noqa: ANN401
    """Return what failed and, of a test, the first rows that it found: ours give counts only."""
    words = f"{node.node.name}: {(node.message or node.status).strip()}"
    if node.status != "fail" or not getattr(node.node, "compiled_code", None):
        return words
    rows = connection.execute(node.node.compiled_code).fetchmany(SHOWN)
    return "; ".join([words, *sorted(", ".join(map(str, row)) for row in rows)])
