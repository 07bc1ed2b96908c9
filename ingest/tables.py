"""Rows put into a table all at once."""

from collections.abc import Sequence

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
