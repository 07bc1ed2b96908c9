import csv
import json
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

from ingest.shared.csv_files import write_file
from ingest.shared.problems import InputError
from ingest.survey import load_survey
from pipeline.build import build_warehouse
from pipeline.paths import Paths
from tests.tools import list_missing

ROOT = Path(__file__).parents[1]
OTHER = Path(__file__).parent / "other_survey"


@dataclass(frozen=True)
class Survey:
    """A copy of a codebook and its exports, to be spoiled by a test."""

    codebook: Path
    exports: Path

    def edit(
        self, name: str, change: Callable[[list[dict[str, str]]], list[dict[str, str]] | None]
    ) -> None:
        """Let `change` mend or replace the rows of a codebook file."""
        path = self.codebook / name
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            rows, columns = list(reader), list(reader.fieldnames or [])
        rows = change(rows) or rows
        with path.open("w", encoding="utf-8", newline="") as file:
            # A column that may be left out can be added.
            names = dict.fromkeys([*columns, *(name for row in rows for name in row)])
            writer = csv.DictWriter(file, list(names), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    def set(self, file: str, row: int, **values: str) -> None:
        """Overwrite cells of a row, counted as in the file: the header is row 1."""
        self.edit(file, lambda rows: rows[row - 2].update(values))

    def keep(self, name: str, is_kept: Callable[[dict[str, str]], bool]) -> None:
        """Take rows out of a codebook file; its header stays."""
        path = self.codebook / name
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            rows, columns = [row for row in reader if is_kept(row)], list(reader.fieldnames or [])
        write_file(path, columns, rows)

    def find(self, file: str, **values: str) -> int:
        """Return the first row of a file that has those cells, counted in the same way."""
        with (self.codebook / file).open(encoding="utf-8", newline="") as rows:
            return next(
                number
                for number, row in enumerate(csv.DictReader(rows), start=2)
                if values.items() <= row.items()
            )

    def load(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect()
        connection.execute("attach ':memory:' as restricted")
        load_survey(connection, self.codebook, self.exports)
        return connection

    def refusal(self) -> str:
        """The message with which the survey is refused."""
        with pytest.raises(InputError) as caught:
            self.load()
        return str(caught.value)


def copy_survey(codebook: Path, exports: Path, folder: Path) -> Survey:
    shutil.copytree(codebook, folder / "seeds")
    shutil.copytree(exports, folder / "exports")
    return Survey(folder / "seeds", folder / "exports")


def keep_editions(survey: Survey, last: int) -> Survey:
    """Forget all editions after `last`."""
    for path in (survey.codebook / "codebook").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            rows, columns = list(reader), list(reader.fieldnames or [])
        key = "to_edition_key" if "to_edition_key" in columns else "edition_key"
        if key in columns:
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns, lineterminator="\n")
                writer.writeheader()
                writer.writerows(row for row in rows if int(row[key]) <= last)
                for row in rows:
                    if path.name == "editions.csv" and int(row[key]) > last:
                        (survey.exports / row["source_file"]).unlink()
    return survey


@pytest.fixture
def survey(tmp_path: Path) -> Survey:
    """The baseline alone: its export is the one that tests spoil."""
    return keep_editions(copy_survey(ROOT / "seeds", ROOT / "exports", tmp_path), 2025)


@pytest.fixture
def whole_survey(tmp_path: Path) -> Survey:
    return copy_survey(ROOT / "seeds", ROOT / "exports", tmp_path)


@pytest.fixture
def other_survey(tmp_path: Path) -> Survey:
    return copy_survey(OTHER / "seeds", OTHER / "exports", tmp_path)


def share(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that `make` fills once, for all processes that run tests; nobody writes to it."""
    root = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    folder = root / name
    with FileLock(root / f"{name}.lock"):
        if not (folder / "made").exists():
            folder.mkdir(exist_ok=True)
            make(folder)
            (folder / "made").touch()
    return folder


def build_whole(folder: Path) -> None:
    """Build the shipped editions, and keep what the build told, a line each."""
    told: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.extend(record.getMessage().splitlines())

    listener = Listener()
    loggers = [logging.getLogger(name) for name in ("ingest", "expectations", "pipeline")]
    for logger in loggers:
        logger.addHandler(listener)
        logger.setLevel(logging.INFO)
    paths = Paths(ROOT / "seeds", ROOT / "exports", folder / "warehouse.duckdb")
    told.append(build_warehouse(paths).summary)
    for logger in loggers:
        logger.removeHandler(listener)
    (folder / "told.json").write_text(json.dumps(told))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    folder = share(tmp_path_factory, "whole", build_whole)
    return Paths(ROOT / "seeds", ROOT / "exports", folder / "warehouse.duckdb")


@pytest.fixture(scope="session")
def build_output(built: Paths) -> list[str]:
    """What the build of the fixture `built` has told, a line each."""
    return json.loads((built.warehouse.parent / "told.json").read_text())


@pytest.fixture(scope="session")
def other_built(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    def locate(folder: Path) -> Paths:
        return Paths(OTHER / "seeds", OTHER / "exports", folder / "warehouse.duckdb")

    folder = share(tmp_path_factory, "other", lambda folder: build_warehouse(locate(folder)))
    return locate(folder)


@pytest.fixture
def warehouse(built: Paths) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(built.warehouse, read_only=True) as connection:
        yield connection


@pytest.fixture
def other_warehouse(other_built: Paths) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(other_built.warehouse, read_only=True) as connection:
        yield connection


def pytest_terminal_summary(terminalreporter) -> None:
    """Say at the end what would run the tests that were skipped."""
    missing = list_missing()
    if missing and terminalreporter.stats.get("skipped"):
        from tests.tools import INSTALL

        terminalreporter.write_line(f"To run what was skipped: sudo {INSTALL} {' '.join(missing)}")
