"""What can name a person, encrypted at rest and opened by who has the secret."""

import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from ingest.shared.identity import Secret, read_secret
from pipeline.build import Options, build_warehouse
from pipeline.paths import BuildError, Paths
from pipeline.restricting import open_restricted, unlock

COMMAND = Path(sys.executable).with_name("gelijkekansen")
CELLS = "select edition_key, row_number, column_number, cell_text from {} order by all"


def read_cells(path):
    with duckdb.connect(path, read_only=True) as connection:
        return connection.execute(CELLS.format("export_cells")).fetchall()


@pytest.fixture
def paths(other_survey, tmp_path):
    return Paths(other_survey.codebook, other_survey.exports, tmp_path / "warehouse.duckdb")


def test_cells_are_sealed_with_the_secret_and_opened_by_it_alone(paths, tmp_path):
    build_warehouse(paths)
    plain = read_cells(paths.restricted)
    texts = {text for *_, text in plain if len(text) > 6}
    assert texts
    secret_file = tmp_path / "secret"
    build_warehouse(paths, Options(secret_file=secret_file, is_forced=True))
    sealed = read_cells(paths.restricted)
    assert [row[:3] for row in sealed] == [row[:3] for row in plain]
    # Two that answered the same are not told to be alike.
    assert len({text for *_, text in sealed}) == len(sealed) > len({text for *_, text in plain})
    content = paths.restricted.read_bytes()
    assert [text for text in texts if text.encode() in content] == []
    secret = read_secret(secret_file)
    with open_restricted(paths, secret) as connection:
        assert connection.execute(CELLS.format("restricted.export_cells")).fetchall() == plain
    for other, told in ((None, "is sealed with a secret"), (Secret(b"x" * 20), "another secret")):
        with pytest.raises(BuildError, match=told), open_restricted(paths, other):
            pass
    # It is the same for whoever builds again with it, and the file says with which.
    to = tmp_path / "open.duckdb"
    assert unlock(paths, secret, to) == len(plain)
    assert read_cells(to) == plain
    assert stat.S_IMODE(to.stat().st_mode) == stat.S_IMODE(paths.restricted.stat().st_mode) == 0o600
    with pytest.raises(BuildError, match="is there already"):
        unlock(paths, secret, to)


def test_sealed_cell_that_somebody_changed_is_told(paths, tmp_path):
    build_warehouse(paths, Options(secret_file=tmp_path / "secret"))
    with duckdb.connect(paths.restricted) as connection:
        connection.execute("update export_cells set cell_text = 'gAAAAA' where row_number = 2")
    with (
        pytest.raises(BuildError, match="was changed since it was sealed"),
        open_restricted(paths, read_secret(tmp_path / "secret")),
    ):
        pass


def test_command_says_what_to_name(paths, tmp_path):
    build_warehouse(paths, Options(secret_file=tmp_path / "secret"))
    call = [COMMAND, "unlock", "--warehouse", paths.warehouse, "--to", tmp_path / "open.duckdb"]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Name its --secret-file, or set GELIJKEKANSEN_SECRET." in done.stderr
    done = subprocess.run(
        [*call, "--secret-file", tmp_path / "secret"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "remove it when you are done" in done.stdout
