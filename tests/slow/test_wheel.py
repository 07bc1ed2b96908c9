"""The program without a checkout: a wheel, an empty folder, somebody's own exports and codebook."""

import os
import shutil
import subprocess
import sys
import zipfile

import duckdb
import pytest

from tests.conftest import OTHER, ROOT


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-qq", "--disable-pip-version-check", "--no-deps",
         "--no-build-isolation", "--wheel-dir", folder, ROOT],
        check=True,
    )  # fmt: skip
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


def test_wheel_builds_a_warehouse_and_sheets_in_an_empty_folder(unpacked, tmp_path):
    shutil.copytree(OTHER / "seeds", tmp_path / "seeds")
    shutil.copytree(OTHER / "exports", tmp_path / "exports")
    before = {path: path.stat().st_mtime_ns for path in unpacked.rglob("*.sql")}

    def run(*command):
        code = (
            "import pipeline, sys; from pipeline.cli import main;"
            f"assert pipeline.__file__.startswith({str(unpacked)!r}); main()"
        )
        return subprocess.run(
            [sys.executable, "-c", code, *command],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(unpacked)},
            capture_output=True,
            text=True,
            check=False,
        )

    done = run("build", "--quiet")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    with duckdb.connect(tmp_path / "warehouse.duckdb", read_only=True) as connection:
        assert connection.execute("select count(*) from marts.dim_editions").fetchone() == (2,)
    # Templates, texts and the engine of the PDF are in it.
    assert run("sheets", "--to", "sheets").stdout.startswith("4 sheets in sheets")
    # Nothing of it was written where the program is.
    assert {path: path.stat().st_mtime_ns for path in unpacked.rglob("*.sql")} == before
    assert not (unpacked / "dbt_project/target").exists()
