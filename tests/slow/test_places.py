"""Builds where a machine is not as it should be: each works, or says in a line what to do."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.conftest import OTHER, copy_survey
from tests.torture.full_disk import small_disk

COMMAND = Path(sys.executable).with_name("gelijkekansen")


def build(survey, folder, env=None, umask=None, **more):
    """Build in a folder, and return the finished process."""
    return subprocess.run(
        [COMMAND, "build", "--codebook", survey.codebook, "--exports", survey.exports,
         "--warehouse", folder / "warehouse.duckdb"],
        cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, **(env or {})}, umask=-1 if umask is None else umask, **more,
    )  # fmt: skip


def count(folder):
    with duckdb.connect(folder / "warehouse.duckdb", read_only=True) as connection:
        return connection.execute("select count(*) from marts.dim_respondents").fetchone()[0]


@pytest.mark.parametrize("name", ['it\'s 100% "raar" café & co', "x" * 200, "$(touch gehackt)"])
def test_folder_may_be_called_anything(tmp_path, name):
    folder = tmp_path / name
    survey = copy_survey(OTHER / "seeds", OTHER / "exports", folder)
    done = build(survey, folder)
    assert done.returncode == 0, done.stderr
    assert count(folder) == 11
    assert not (folder / "gehackt").exists()


@pytest.mark.parametrize(
    "env",
    [
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0",
         "HOME": "/nonexistent", "USER": "", "LOGNAME": "", "PATH": "/nonexistent"},
        {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "America/New_York"},
    ],
    ids=["bare and far east", "Turkish"],
)  # fmt: skip
def test_environment_may_be_anything(tmp_path, other_built, env):
    survey = copy_survey(OTHER / "seeds", OTHER / "exports", tmp_path)
    done = build(survey, tmp_path, env)
    assert done.returncode == 0, done.stderr
    query = "select * from marts.mart_question_results order by all"
    rows = []
    for path in (tmp_path / "warehouse.duckdb", other_built.warehouse):
        with duckdb.connect(path, read_only=True) as connection:
            rows.append(connection.execute(query).fetchall())
    assert rows[0] == rows[1]


def test_what_can_name_a_person_is_for_its_owner_whatever_the_mask(tmp_path):
    survey = copy_survey(OTHER / "seeds", OTHER / "exports", tmp_path)
    done = build(survey, tmp_path, umask=0o000)
    assert done.returncode == 0, done.stderr
    for path in tmp_path.rglob("*restricted*"):
        assert path.stat().st_mode & 0o077 == 0, path
    assert (tmp_path / ".warehouse-build").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda path: (path.unlink(), os.mkfifo(path)), "fietsen.csv"),
        (lambda path: (path.unlink(), path.mkdir()), "fietsen.csv"),
        (lambda path: (path.unlink(), path.symlink_to("/nonexistent")), "fietsen.csv"),
    ],
    ids=["pipe", "folder", "link to nowhere"],
)
def test_export_that_is_no_file_is_refused_by_name(tmp_path, spoil, told):
    survey = copy_survey(OTHER / "seeds", OTHER / "exports", tmp_path)
    spoil(survey.exports / "fietsen.csv")
    done = build(survey, tmp_path, timeout=60)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert told in done.stderr


def test_clock_that_was_set_back_loses_no_build(tmp_path, monkeypatch):
    survey = copy_survey(OTHER / "seeds", OTHER / "exports", tmp_path)
    assert build(survey, tmp_path).returncode == 0
    history = tmp_path / ".warehouse-build/builds.jsonl"
    # As if the last build had been made next year.
    history.write_text(history.read_text().replace('"20', '"21'))
    survey.set("codebook/parts.csv", 2, label="Dienstfietsen")
    done = build(survey, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("built warehouse.duckdb")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a disk")
def test_disk_that_cannot_be_written_is_told(tmp_path):
    survey = copy_survey(OTHER / "seeds", OTHER / "exports", tmp_path / "own")
    folder = tmp_path / "disk"
    with small_disk(folder, 1):
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        done = build(survey, folder)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Read-only file system" in done.stderr
