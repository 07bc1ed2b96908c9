"""The suites run in a process of their own, which gets ready while the models are built.

Great Expectations takes longer to import than to run, and there is a core to spare.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from expectations.report import Report

Check = Callable[[Path, Path], Report]


class CheckerError(Exception):
    """The suites could not be run; that is not a verdict."""


@contextmanager
def start_checker() -> Iterator[Check]:
    """Start a checker, and yield what lets it run every suite on a database, with Data Docs.

    It reads the database, which nobody may have open for writing. It ends with the context, or
    with this process. Raises CheckerError where it ends before it has reported.
    """
    command = [sys.executable, "-m", "expectations.checker"]
    folder = Path(__file__).parents[1]
    process = subprocess.Popen(  # noqa: S603
        command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        yield lambda database, docs: _ask(process, database, docs)
    finally:
        process.kill()
        process.communicate()


def _ask(process: "subprocess.Popen[bytes]", database: Path, docs: Path) -> Report:
    answer, _ = process.communicate(pickle.dumps((database, docs)))
    if process.returncode:
        raise CheckerError(f"The expectations could not be checked (exit {process.returncode}).")
    report: Report = pickle.loads(answer)  # noqa: S301 - from our own child
    return report


def main() -> None:
    """Answer one question on standard input; without any, the one who asked is gone."""
    with os.fdopen(os.dup(1), "wb") as answer:
        # What libraries print is no part of the answer.
        os.dup2(2, 1)
        from expectations.run import load_library, run_suites

        load_library()
        question = sys.stdin.buffer.read()
        if question:
            database, docs = pickle.loads(question)  # noqa: S301 - from our own parent
            with duckdb.connect(database, read_only=True) as connection:
                pickle.dump(run_suites(connection, docs), answer)
    # What was imported is not worth taking apart.
    os._exit(0)


if __name__ == "__main__":
    main()
