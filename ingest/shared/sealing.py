"""Cells that nobody can read without the secret: each is encrypted by itself.

Fernet (AES in CBC mode, with an HMAC) of the package cryptography, with a key made from the secret.
Two cells with one text are not alike, so that nobody sees who answered the same.
"""

import base64
from collections.abc import Callable

import duckdb
import pandas as pd
from cryptography.fernet import Fernet

from ingest.shared.identity import Secret

PLACE = ("edition_key", "row_number", "column_number")


def seal(connection: duckdb.DuckDBPyConnection, secret: Secret) -> None:
    """Encrypt the cells of the database attached as `restricted`, and note with which secret."""
    box = _make_box(secret)
    _replace(connection, lambda text: box.encrypt(text.encode()).decode())
    connection.execute("update restricted.build set sealed_with = ?", [secret.key_id])


def open_sealed(connection: duckdb.DuckDBPyConnection, secret: Secret) -> None:
    """Decrypt the cells of the database attached as `restricted`, which is no file.

    Raises cryptography.fernet.InvalidToken for a cell that was changed.
    """
    box = _make_box(secret)
    _replace(connection, lambda text: box.decrypt(text.encode()).decode())
    connection.execute("update restricted.build set sealed_with = null")


def _make_box(secret: Secret) -> Fernet:
    key = bytes.fromhex(secret.hash("key of restricted cells", length=64))
    return Fernet(base64.urlsafe_b64encode(key))


def _replace(connection: duckdb.DuckDBPyConnection, change: Callable[[str], str]) -> None:
    rows = connection.execute(
        f"select {', '.join(PLACE)}, cell_text from restricted.export_cells"
        " where cell_text is not null"
    ).fetchall()
    if not rows:
        return
    changed = [(*place, change(text)) for *place, text in rows]
    connection.register("changed", pd.DataFrame(changed, columns=[*PLACE, "changed_text"]))
    same = " and ".join(f"export_cells.{name} = changed.{name}" for name in PLACE)
    connection.execute(
        f"update restricted.export_cells set cell_text = changed_text from changed where {same}"
    )
    connection.unregister("changed")
