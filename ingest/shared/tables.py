"""Rows put into a table all at once, and databases put beside another."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pandas as pd


def insert_rows(
    connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[object]]
) -> None:
    """Insert rows, their values in the order of the table's columns; set-wise, never row by row."""
    if not rows:
        return
    connection.register("inserted_rows", pd.DataFrame(rows, dtype=object))
    try:
        connection.execute(f"insert into {table} select * from inserted_rows")
    finally:
        connection.unregister("inserted_rows")


def attach_database(
    connection: duckdb.DuckDBPyConnection, path: Path, name: str, *, read_only: bool
) -> None:
    """Attach a database file under a name. Raises duckdb.Error where it cannot be opened."""
    place = str(path).replace("'", "''")
    connection.execute(f"attach '{place}' as {name}{' (read_only)' if read_only else ''}")


def limit_memory(connection: duckdb.DuckDBPyConnection) -> None:
    """Hold a connection to what dbt's profile allows; what does not fit goes to disk."""
    connection.execute("set memory_limit = '2GB'; set preserve_insertion_order = false")
