"""Builds of a changed survey, one after another, each compared with that of the survey as it is."""

import logging
import re
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass
from importlib import util
from pathlib import Path
from types import SimpleNamespace

import duckdb

from expectations.run import run_suites
from ingest.shared.problems import InputError
from ingest.survey import load_survey
from pipeline.modelling import run_dbt
from tests.conftest import ROOT
from tests.mutation.changes import Change, list_changes

FIGURES = """
    select edition_key, 0, base, '', option_key, selected_count, base_count,
        round(share_low, 9)::varchar, ''
    from marts.mart_question_results
    union all
    select from_edition_key, to_edition_key, base, population, option_key, from_selected_count,
        to_selected_count, round(change_low, 9)::varchar, comparability
    from marts.mart_evolution
    union all
    select edition_key, 0, breakdown, level, '', participating_count, frame_count, '', ''
    from marts.mart_response_rates
"""


@dataclass(frozen=True)
class Seen:
    """What a build made of a change: `words` is what it said, or which figures moved."""

    kind: str
    path: str
    changed: str
    verdict: str
    words: str


class Builder:
    """Builds a copy of the survey again and again with the statements that dbt once compiled."""

    def __init__(self, work: Path) -> None:
        self.root = work / "survey"
        for name in ("seeds", "exports"):
            shutil.copytree(ROOT / name, self.root / name)
        self.database = work / "warehouse.duckdb"
        self.changes: list[Change] = []
        self._load()
        run_dbt(["build", "--exclude-resource-type", "unit_test"], self.database, work)
        compiled = work / "target/run/gelijkekansen/models"
        self.models = list(_sort_models(compiled))
        self.tests = [
            (path.stem, path.read_text("utf-8"))
            for path in sorted((work / "target/compiled").rglob("*.yml/*.sql"))
        ]
        self.findings, self.figures = self._check()

    def _load(self) -> None:
        self.database.unlink(missing_ok=True)
        with duckdb.connect(self.database) as connection:
            connection.execute("attach ':memory:' as restricted")
            load_survey(connection, self.root / "seeds", self.root / "exports")

    def _model(self, connection: duckdb.DuckDBPyConnection) -> None:
        for schema in ("staging", "intermediate", "marts", "audit", "public_release"):
            connection.execute(f"create schema if not exists {schema}")
        for path in self.models:
            if path.suffix == ".sql":
                # Made beside the table and renamed, where dbt does that.
                connection.execute(path.read_text("utf-8").replace("__dbt_tmp", ""))
            else:
                _run_python(connection, path)
        for name, sql in self.tests:
            if connection.execute(f"select count(*) from ({sql})").fetchone() != (0,):
                raise InputError([]) from RuntimeError(name)

    def _check(self) -> tuple[Counter, set]:
        with duckdb.connect(self.database) as connection:
            report = run_suites(connection)
            if report.failures:
                raise InputError([])
            return (
                Counter((f.edition_key, f.rule, f.question_key, f.respondent_key, f.value,
                         f.is_known) for f in report.findings),
                set(connection.execute(FIGURES).fetchall()),
            )  # fmt: skip

    def see(self, change: Change) -> Seen:
        """Make a change, build, and make it undone."""
        before = (self.root / change.path).read_bytes()
        try:
            change.apply(self.root)
            return Seen(change.kind, change.path, change.words, *self._judge())
        finally:
            (self.root / change.path).write_bytes(before)

    def _judge(self) -> tuple[str, str]:
        try:
            self._load()
            with duckdb.connect(self.database) as connection:
                self._model(connection)
            findings, figures = self._check()
        except (InputError, duckdb.Error) as error:
            return "refused", str(error).splitlines()[-1][:120]
        new = [f for f in findings if findings[f] > self.findings[f]]
        if new:
            return "told", f"{new[0][1]}: {new[0][4]}"[:160]
        moved = figures ^ self.figures
        if moved:
            editions = sorted({str(row[0]) for row in moved})
            return "changed a figure", f"{len(moved)} figures of {', '.join(editions)}"
        return "changed nothing", ""


def _sort_models(folder: Path) -> list[Path]:
    """Return what dbt ran, each after what it reads."""
    paths = {path.stem: path for path in folder.rglob("*.*") if path.parent.suffix != ".yml"}
    reads = {
        path.stem: set(re.findall(r"ref\(['\"](\w+)['\"]\)", path.read_text("utf-8")))
        for path in (ROOT / "dbt_project/models").rglob("*")
        if path.stem in paths and path.suffix in (".sql", ".py")
    }
    done: dict[str, Path] = {}
    while len(done) < len(reads):
        ready = [name for name in sorted(reads) if name not in done and reads[name] <= done.keys()]
        done |= {name: paths[name] for name in ready}
    return list(done.values())


def _run_python(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Run a model in Python as dbt would: it names what it reads, and returns a frame."""
    (source,) = (ROOT / "dbt_project/models").rglob(path.name)
    spec = util.spec_from_file_location(path.stem, source)
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    dbt = SimpleNamespace(
        config=lambda **_: None,
        ref=lambda name: connection.table(f"intermediate.{name}"),
        source=lambda schema, name: connection.table(f"{schema}.{name}"),
    )
    connection.register("frame", module.model(dbt, connection))
    connection.execute(f"create table intermediate.{path.stem} as from frame")
    connection.unregister("frame")


_BUILDER: list[Builder] = []


def start(root: str) -> None:
    """Make a process ready: a copy of the survey, built once."""
    logging.disable(logging.CRITICAL)
    _BUILDER.append(Builder(Path(tempfile.mkdtemp(dir=root))))


def see(arguments: tuple[int, int, int]) -> Seen:
    """Make one change of a list (seed, number, how many there are), and say what came of it."""
    seed, number, count = arguments
    builder = _BUILDER[0]
    if not builder.changes:
        builder.changes = list(list_changes(builder.root, count, seed))
    return builder.see(builder.changes[number])
