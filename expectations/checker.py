"""The suites run in a process of their own, which gets ready while the models are built.

Great Expectations takes longer to import than to run, and there is a core to spare.
"""

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import duckdb

from expectations.report import Report
from ingest.tables import limit_memory

Check = Callable[[Path, Path], Report]


class CheckerError(Exception):
    """The suites could not be run; that is not a verdict."""


@contextmanager
def start_checker() -> Iterator[Check]:
    """Start a checker, and yield what lets it run every suite on a database, with Data Docs.

    It reads the database, which nobody may have open for writing. It ends with the context, or
    with this process. Raises CheckerError where it could not run them.
    """
    command = [sys.executable, "-m", "expectations.checker"]
    folder = Path(__file__).parents[1]
    process = subprocess.Popen(  # noqa: S603
        command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        yield lambda database, docs: _ask(process, database.resolve(), docs.resolve())
    finally:
        process.kill()
        process.communicate()


def _ask(process: "subprocess.Popen[bytes]", database: Path, docs: Path) -> Report:
    stdin, stdout = cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout)
    try:
        stdin.write(pickle.dumps((database, docs)))
        stdin.flush()
        report = pickle.load(stdout)  # noqa: S301 - from our own child
    except (BrokenPipeError, EOFError):
        raise CheckerError("The expectations could not be checked: the checker died.") from None
    if not isinstance(report, Report):
        raise CheckerError(f"The expectations could not be checked ({report}).")
    return report


def main() -> None:
    """Answer one question on standard input, with a report or with the name of an error."""
    with os.fdopen(os.dup(1), "wb") as answer:
        # What libraries print is no part of the answer.
        os.dup2(2, 1)
        from expectations.run import load_library

        load_library()
        try:
            database, docs = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own parent
        except EOFError:
            return
        threading.Thread(target=_end_with, args=(sys.stdin.buffer,), daemon=True).start()
        pickle.dump(_run(database, docs), answer)
    # What was imported is not worth taking apart.
    os._exit(0)


def _run(database: Path, docs: Path) -> Report | str:
    from expectations.run import run_suites

    try:
        with duckdb.connect(database, read_only=True) as connection:
            limit_memory(connection)
            return run_suites(connection, docs)
    except Exception as error:
        # Its message may quote a row.
        return type(error).__name__


def _end_with(stream: IO[bytes]) -> None:
    """End this process when the one that asked does: then its end of the stream closes."""
    stream.read()
    os._exit(1)


if __name__ == "__main__":
    main()
