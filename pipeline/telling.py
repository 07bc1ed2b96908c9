"""What every command does alike: find its files, and say why it refused."""

import errno
from pathlib import Path
from typing import NoReturn

import typer

from ingest.shared.problems import InputError
from pipeline.options import CODEBOOK, EXPORTS
from pipeline.paths import BusyError, Paths

# No room, no right, no such disk any more; of other errors it must be seen where they arose.
NAMES = ("ENOSPC", "EACCES", "EPERM", "EROFS", "EDQUOT", "EIO")
OF_THE_DISK = {getattr(errno, name) for name in NAMES if hasattr(errno, name)}


def locate(warehouse: Path) -> Paths:
    """Return where a warehouse and all that belongs to it stand."""
    return Paths(CODEBOOK.resolve(), EXPORTS.resolve(), warehouse.resolve())


def list_problems(error: Exception) -> dict[str, object]:
    """Return what stopped a build: its message, and every problem of the input."""
    problems = error.problems if isinstance(error, InputError) else ()
    return {
        "is_built": False,
        "summary": str(error).splitlines()[0],
        "problems": [
            {"where": str(problem.where), "what": problem.what, "action": problem.advice}
            for problem in problems
        ],
    }


def as_workbook(path: Path) -> Path:
    """Return a place for a workbook; another kind of file is never overwritten by one."""
    if path.suffix.lower() != ".xlsx":
        refuse(ValueError(f"{path}: a workbook is written as .xlsx."))
    return path


def tell_changes(changes: list[str], *, is_done: bool) -> None:
    """Tell each change and how many there are; of what is only shown, how it is done."""
    for line in changes:
        typer.echo(line)
    typer.echo(f"{len(changes)} changes" + ("" if is_done or not changes else ": add --write"))


def say_of_disk(error: Exception) -> str | None:
    """Return what to say of a file that could not be read or written; None of any other error."""
    import duckdb

    if isinstance(error, OSError) and error.errno in OF_THE_DISK:
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror}."
    if isinstance(error, duckdb.IOException | duckdb.OutOfMemoryException):
        return str(error).splitlines()[0]
    return None


def refuse(error: Exception, summary: str = "", rest: str = "") -> NoReturn:
    """Say why nothing was done, and end: with 3 where another command is at work, else 1."""
    typer.echo(f"{summary}{error}{rest}", err=True)
    raise typer.Exit(3 if isinstance(error, BusyError) else 1) from error
