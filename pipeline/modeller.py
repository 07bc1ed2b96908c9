"""dbt in a process of its own: it gets ready while exports are landed, and builds the models.

dbt takes seconds to import and to read its project, which it does while exports are landed; Great
Expectations takes seconds to import, which is done while dbt builds. Python runs on one core.
"""

import ctypes
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, cast

from pipeline.modelling import BUILD, ModellingError, run_dbt

Tell = Callable[[str], None]
# Of Linux's prctl: with which signal a process ends when the one that started it does.
PR_SET_PDEATHSIG = 1


@contextmanager
def start_modeller(database: Path, workspace: Path) -> Iterator[Callable[[Tell], Future[str]]]:
    """Start dbt, and yield what lets it build the models in `database` and test them.

    That returns at once; its result is what was built, in a line, or a ModellingError. From that
    call until the result nobody else may have the database open. dbt ends with the context, or
    with this process.
    """
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "pipeline.modeller", database.resolve(), workspace.resolve()],
        cwd=Path(__file__).parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # An interrupt is for the one who started it, who then ends it.
        start_new_session=True,
    )
    with process, ThreadPoolExecutor(1) as listener:
        try:
            yield lambda tell: listener.submit(_model, process, tell)
        finally:
            process.kill()


def _model(process: "subprocess.Popen[bytes]", tell: Tell) -> str:
    stdin, stdout = cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout)
    with suppress(BrokenPipeError):
        os.write(stdin.fileno(), b"\n")
    try:
        while True:
            kind, words = pickle.load(stdout)  # noqa: S301 - from our own child
            if kind == "told":
                tell(words)
            elif kind == "failed":
                raise ModellingError(words)
            else:
                return str(words)
    except (EOFError, pickle.UnpicklingError):
        raise ModellingError("The models could not be built: dbt's process died.") from None


def main(database: Path, workspace: Path) -> None:
    """Read the project, wait for a line on standard input, then build; answer what happens."""
    _end_with_parent()
    # What dbt writes for itself goes with the workspace, whatever ends this process.
    passing = database.parent / "passing"
    passing.mkdir(parents=True, exist_ok=True)
    tempfile.tempdir = str(passing)
    with os.fdopen(os.dup(1), "wb", buffering=0) as answers:
        # What libraries print is no part of the answer.
        os.dup2(2, 1)

        def answer(kind: str, words: str) -> None:
            answers.write(pickle.dumps((kind, words)))

        try:
            words = run_dbt(BUILD, database, workspace, lambda words: answer("told", words), _wait)
            answer("done", words)
        except ModellingError as error:
            answer("failed", str(error))
        except Exception as error:
            # Its message may quote a row.
            traceback.print_tb(error.__traceback__)
            answer("failed", f"dbt stopped unexpectedly ({type(error).__name__}).")


def _end_with_parent() -> None:
    """End this process with the one that started it, also while it is stopped.

    Only Linux can; elsewhere a process that goes on sees its standard input close.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _wait() -> None:
    """Wait for a line; from then on end when the one that started this process does."""
    if not sys.stdin.buffer.readline():
        os._exit(1)
    threading.Thread(target=_end_with, args=(sys.stdin.buffer,), daemon=True).start()


def _end_with(stream: IO[bytes]) -> None:
    """End this process when a stream closes: the one at its other end has ended."""
    # Past the stream's own lock, which Python wants when it ends.
    os.read(stream.fileno(), 1)
    os._exit(1)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
