"""The database of what can name a person: written for its owner alone, opened by who may."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from cryptography.fernet import InvalidToken

from ingest.shared.identity import SECRET_VARIABLE, Secret
from ingest.shared.sealing import open_sealed
from ingest.shared.tables import attach_database
from pipeline.inspect import open_warehouse, require
from pipeline.paths import CONFIG, BuildError, Paths

OF_ONE_BUILD = """
    select 1 from restricted.build
    where build_id = (select max(build_id) from audit.builds where verdict = 'built')
"""


def save_restricted(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write the database attached as `restricted` into a file that its owner alone can read.

    It takes the place of one that is there, whole or not at all.
    """
    draft = path.with_name(f".{path.name}.part")
    log = draft.with_name(f"{draft.name}.wal")
    mask = os.umask(0o077)
    try:
        draft.unlink(missing_ok=True)
        duckdb.connect(draft, config=CONFIG).close()
        attach_database(connection, draft, "saved", read_only=False)
        connection.execute("copy from database restricted to saved")
        connection.execute("detach saved")
        draft.replace(path)
    finally:
        os.umask(mask)
        for left in (draft, log):
            left.unlink(missing_ok=True)


@contextmanager
def open_restricted(paths: Paths, secret: Secret | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a warehouse read-only, with what can name a person attached as `restricted`, readable.

    It is a copy in memory. Raises BuildError where there is none, the two are not of the same
    build, or it is sealed with another secret.
    """
    require(paths.restricted)
    with open_warehouse(paths.warehouse):
        # That it can be opened is known then; what is read-only has no room in memory.
        pass
    with duckdb.connect() as connection:
        name = f'"{paths.warehouse.stem}"'
        attach_database(connection, paths.warehouse, name, read_only=True)
        connection.execute(f"use {name}; attach ':memory:' as restricted")
        attach_database(connection, paths.restricted, "sealed", read_only=True)
        connection.execute("copy from database sealed to restricted")
        connection.execute("detach sealed")
        if not connection.execute(OF_ONE_BUILD).fetchall():
            raise BuildError(f"{paths.restricted} is not of the build of {paths.warehouse}.")
        _unseal(connection, paths, secret)
        yield connection


def unlock(paths: Paths, secret: Secret | None, to: Path) -> int:
    """Write a readable copy of what can name a person, and return how many cells it has.

    Raises BuildError where the file is there already, or as `open_restricted`.
    """
    if to.exists():
        raise BuildError(f"{to} is there already. Name another file.")
    with open_restricted(paths, secret) as connection:
        save_restricted(connection, to)
        counted = connection.execute("select count(*) from restricted.export_cells").fetchall()
    return int(counted[0][0])


def _unseal(connection: duckdb.DuckDBPyConnection, paths: Paths, secret: Secret | None) -> None:
    ((key_id,),) = connection.execute("select sealed_with from restricted.build").fetchall()
    if key_id is None:
        return
    if secret is None or secret.key_id != key_id:
        other = "another secret" if secret else "a secret"
        raise BuildError(
            f"{paths.restricted} is sealed with {other}. Name its --secret-file, or set"
            f" {SECRET_VARIABLE}."
        )
    try:
        open_sealed(connection, secret)
    except InvalidToken:
        raise BuildError(f"{paths.restricted} was changed since it was sealed.") from None
