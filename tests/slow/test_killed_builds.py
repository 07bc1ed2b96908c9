"""Builds cut off, builds in a full place, builds with nothing to do."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from pipeline.build import Options, build_warehouse, restore_warehouse
from pipeline.history import read_builds
from pipeline.paths import Paths
from tests.conftest import OTHER, ROOT

COMMAND = Path(sys.executable).with_name("gelijkekansen")


@pytest.fixture
def paths(tmp_path):
    return Paths(OTHER / "seeds", OTHER / "exports", tmp_path / "warehouse.duckdb")


def start_build(paths: Paths, *more: str) -> subprocess.Popen:
    return subprocess.Popen(
        [COMMAND, "build", "--codebook", paths.codebook, "--exports", paths.exports, "--warehouse",
         paths.warehouse, *more],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_build_killed_at_many_points_leaves_the_warehouse_and_the_next_one_cleans_up(
    paths, other_built
):
    for name in (paths.warehouse, paths.restricted):
        name.write_bytes(other_built.warehouse.with_name(name.name).read_bytes())
    before = paths.warehouse.read_bytes()
    # Killed once its note is there, once it has landed something, and while models are built.
    points = (
        paths.workspace / "running.json",
        paths.staged_restricted,
        paths.workspace / "logs",
    )
    for point in points:
        shutil.rmtree(paths.workspace / "logs", ignore_errors=True)
        shutil.rmtree(paths.staged.parent, ignore_errors=True)
        running = start_build(paths)
        while not point.exists():
            assert running.poll() is None, running.communicate()
            time.sleep(0.01)
        running.send_signal(signal.SIGKILL)
        running.communicate()
        assert paths.warehouse.read_bytes() == before
    first = start_build(paths, "--why", "schedule")
    # The last one that was killed has left its note; wait for that of this one.
    while "schedule" not in (paths.workspace / "running.json").read_text():
        assert first.poll() is None, first.communicate()
        time.sleep(0.01)
    # It holds still, so that the second finds it at work.
    first.send_signal(signal.SIGSTOP)
    second = start_build(paths)
    told, errors = second.communicate()
    assert second.returncode == 3, errors
    assert "Another command is at work here" in errors
    assert "(schedule)" in errors
    first.send_signal(signal.SIGCONT)
    told, errors = first.communicate()
    assert first.returncode == 0, errors
    assert told.startswith("built warehouse.duckdb in ")
    verdicts = [build.verdict for build in read_builds(paths)]
    assert verdicts[-1] == "built"
    assert set(verdicts[:-1]) == {"killed"}
    assert len(verdicts) == len(points) + 1
    with duckdb.connect(paths.warehouse, read_only=True) as connection:
        recorded = connection.execute("select verdict from audit.builds order by build_id")
        assert [verdict for (verdict,) in recorded.fetchall()] == verdicts
    assert not paths.staged.exists()


def test_full_disk_leaves_the_warehouse_and_says_so(paths, other_built):
    for name in (paths.warehouse, paths.restricted):
        name.write_bytes(other_built.warehouse.with_name(name.name).read_bytes())
    before = paths.warehouse.read_bytes()
    # No file may grow beyond half a megabyte: to a program, that is a disk that is full.
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000));"
        "from pipeline.cli import app; app()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "build", "--codebook", paths.codebook, "--exports",
         paths.exports, "--warehouse", paths.warehouse],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert paths.warehouse.read_bytes() == before
    assert read_builds(paths)[-1].verdict == "failed"
    assert paths.report.read_text().startswith("build ")


def test_build_where_nothing_changed_does_nothing(other_survey, tmp_path):
    paths = Paths(other_survey.codebook, other_survey.exports, tmp_path / "warehouse.duckdb")
    assert build_warehouse(paths).summary.startswith("built warehouse.duckdb")
    stamp = os.stat(paths.warehouse)
    assert build_warehouse(paths).summary.startswith("nothing changed since the build of ")
    assert os.stat(paths.warehouse) == stamp
    # A codebook file saved anew with the same content changes nothing either.
    other_survey.set("codebook/parts.csv", 2, label="Fietsen")
    assert build_warehouse(paths).summary.startswith("nothing changed")
    other_survey.set("codebook/parts.csv", 2, label="Dienstfietsen")
    assert build_warehouse(paths).summary.startswith("built")
    first, second = (build.build_id for build in read_builds(paths))
    restore_warehouse(paths, first)
    # One goes back on purpose; a schedule must not undo that.
    assert build_warehouse(paths).summary.startswith("nothing changed")
    assert build_warehouse(paths, Options(is_forced=True)).summary.startswith("built")
    with duckdb.connect(paths.warehouse, read_only=True) as connection:
        rows = connection.execute(
            "select build_id, verdict from audit.builds order by 1"
        ).fetchall()
    assert [verdict for _, verdict in rows] == ["built", "built", "restored", "built"]
    assert rows[1][0] == second


def test_leftovers_of_a_killed_build_are_cleaned_up(paths):
    paths.staged.parent.mkdir(parents=True)
    paths.staged.write_bytes(b"half a warehouse")
    paths.staged.with_name("warehouse.duckdb.wal").write_bytes(b"and its log")
    build_warehouse(paths)
    with duckdb.connect(paths.warehouse, read_only=True) as connection:
        assert connection.execute(
            "select count(*) from marts.dim_respondents where edition_key = 2024"
        ).fetchone() == (7,)
    assert not paths.staged.exists()


def test_progress_is_shown_on_a_terminal_only(paths):
    arguments = ["build", "--codebook", paths.codebook, "--exports", paths.exports,
                 "--warehouse", paths.warehouse]  # fmt: skip
    line = " ".join(map(str, [COMMAND, *arguments]))
    terminal = subprocess.run(
        ["script", "--quiet", "--return", "--command", line, "/dev/null"],
        capture_output=True, text=True, check=True, cwd=ROOT,
    ).stdout  # fmt: skip
    assert re.search(r"modelling: \d+ models and tests done", terminal)
    assert "dbt build: 88 models" in terminal
    plain = subprocess.run(
        [COMMAND, *arguments, "--force"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert "\x1b" not in plain.stdout + plain.stderr
    assert "modelling:" not in plain.stderr
