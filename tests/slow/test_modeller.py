import os
import re
import shutil
import signal
import subprocess
import sys
import time

import duckdb
import pytest

from pipeline.modeller import start_modeller
from pipeline.modelling import ModellingError
from tests.conftest import ROOT


def test_modeller_builds_what_was_landed_since_it_started(other_built, tmp_path):
    database = tmp_path / "warehouse.duckdb"
    told = []
    with start_modeller(database, tmp_path) as start_models:
        shutil.copyfile(other_built.warehouse, database)
        with duckdb.connect(database) as connection:
            connection.execute("drop schema marts cascade")
        models = start_models(told.append)
        done = re.fullmatch(
            r"dbt build: (\d+) models, (\d+) tests, (\d+) exposures", models.result()
        )
    count = sum(map(int, done.groups()))
    assert count > 120
    assert told == [f"modelling: {number} models and tests done" for number in range(1, count + 1)]
    with duckdb.connect(database, read_only=True) as connection:
        assert connection.execute("select count(*) from marts.dim_editions").fetchone() == (2,)
        ((comment,),) = connection.execute(
            "select comment from duckdb_tables() where table_name = 'dim_editions'"
        ).fetchall()
    assert comment


def test_what_is_no_warehouse_is_told(tmp_path):
    database = tmp_path / "warehouse.duckdb"
    database.write_text("secret")
    with (
        start_modeller(database, tmp_path) as start_models,
        pytest.raises(ModellingError, match="not a valid DuckDB database file"),
    ):
        start_models(print).result()


def test_modeller_that_dies_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with (
        start_modeller(tmp_path / "warehouse.duckdb", tmp_path) as start_models,
        pytest.raises(ModellingError, match="dbt's process died"),
    ):
        start_models(print).result()


def test_models_that_fail_are_told_through_it(tmp_path):
    with (
        start_modeller(tmp_path / "warehouse.duckdb", tmp_path) as start_models,
        pytest.raises(ModellingError, match="dbt's models and tests failed") as told,
    ):
        start_models(print).result()
    assert "dim_municipalities: " in str(told.value)


def is_alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("is_building", [False, True])
def test_modeller_ends_with_the_one_who_started_it(other_built, tmp_path, is_building):
    database = tmp_path / "warehouse.duckdb"
    shutil.copyfile(other_built.warehouse, database)
    lines = (
        "import subprocess",
        "from pathlib import Path",
        "from pipeline.modeller import start_modeller",
        "start = subprocess.Popen.__init__",
        "def tell(self, *args, **kwargs):",
        "    start(self, *args, **kwargs)",
        "    print(self.pid, flush=True)",
        "subprocess.Popen.__init__ = tell",
        f"with start_modeller(Path({str(database)!r}), Path('.')) as start_models:",
        f"    {is_building} and start_models(lambda words: print(words, flush=True))",
        "    input()",
    )
    asker = subprocess.Popen(
        [sys.executable, "-c", "\n".join(lines)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    modeller = int(asker.stdout.readline())
    os.kill(modeller, 0)
    if is_building:
        assert asker.stdout.readline() == b"modelling: 1 models and tests done\n"
    asker.send_signal(signal.SIGKILL)
    assert asker.communicate()[1] == b""
    while is_alive(modeller):
        time.sleep(0.01)
