"""What can name a person, removed for good."""

import stat

import duckdb
import pytest

from ingest.shared.problems import InputError
from pipeline.build import Options, build_warehouse
from pipeline.paths import Paths
from pipeline.place import list_kept
from pipeline.purging import purge_edition


@pytest.fixture
def paths(other_survey, tmp_path):
    export = other_survey.exports / "fietsen.csv"
    export.write_bytes(export.read_bytes().replace(b"a1@", b"zeldzaam.adres@"))
    paths = Paths(other_survey.codebook, other_survey.exports, tmp_path / "warehouse.duckdb")
    for _ in range(2):
        build_warehouse(paths, Options(is_forced=True))
    return paths


def list_databases(paths):
    kept = [paths.kept / build / paths.restricted.name for build in list_kept(paths)]
    return [paths.restricted, *kept]


def count_cells(path):
    with duckdb.connect(path, read_only=True) as connection:
        return dict(
            connection.execute(
                "select edition_key, count(*) from export_cells group by 1"
            ).fetchall()
        )


def test_purged_edition_has_no_personal_cell_anywhere_and_none_comes_back(paths, tmp_path):
    before = count_cells(paths.restricted)
    assert before[2024] > 5
    databases = list_databases(paths)
    assert len(databases) == 2
    texts = {text for path in databases for text in read_texts(path)}
    assert texts
    assert any("would be removed" in line for line in purge_edition(paths, 2024, write=False))
    assert count_cells(paths.restricted) == before
    told = purge_edition(paths, 2024, write=True)
    assert told[0] == f"{paths.restricted}: {before[2024]} cells removed"
    assert "out of reach: the export (fietsen.csv)" in told[-1]
    for path in databases:
        assert 2024 not in count_cells(path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        content = path.read_bytes()
        assert [text for text in texts if text.encode() in content] == []
    assert not list(tmp_path.rglob("*.wal"))
    # A later build lands none of them either, and figures are as they were.
    build_warehouse(paths, Options(is_forced=True))
    assert 2024 not in count_cells(paths.restricted)
    with duckdb.connect(paths.warehouse, read_only=True) as connection:
        assert connection.execute("select count(*) from marts.dim_respondents").fetchone() == (11,)
        assert connection.execute("select count(*) from audit.figure_changes").fetchone() == (0,)


def read_texts(path):
    with duckdb.connect(path, read_only=True) as connection:
        rows = connection.execute(
            "select cell_text from export_cells where edition_key = 2024 and length(cell_text) > 6"
        ).fetchall()
    return {text for (text,) in rows}


def test_edition_that_is_not_there_cannot_be_purged(paths):
    with pytest.raises(InputError, match="It has no edition 2031; it has 2024, 2026"):
        purge_edition(paths, 2031, write=True)
