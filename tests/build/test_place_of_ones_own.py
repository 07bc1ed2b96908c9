"""A folder outside the program: its settings, and its codebook of an older form."""

import os
import re
import subprocess
import sys

import pytest

from ingest.authoring.draft_files import read_tables
from ingest.authoring.undo import put_back
from ingest.authoring.upgrading import BEFORE, NOTE, upgrade_codebook
from ingest.shared.csv_files import read_file, write_file
from ingest.shared.problems import InputError
from tests.conftest import OTHER, copy_survey

COLUMNS = {
    "codebook/editions.csv": "header_row_count",
    "codebook/option_spellings.csv": "review",
    "municipalities/populations.csv": "is_rehearsal",
}


def run(folder, *command, **variables):
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith("GELIJKEKANSEN_")}  # fmt: skip
    return subprocess.run(
        [sys.executable, "-c", "from pipeline.cli import main; main()", *command],
        cwd=folder, env=environment | variables, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_settings_of_a_folder_say_where_everything_is(tmp_path):
    copy_survey(OTHER / "seeds", OTHER / "exports", tmp_path)
    (tmp_path / "seeds").rename(tmp_path / "codebook of 2026")
    assert run(tmp_path, "lint", "2026").returncode == 1
    (tmp_path / "gelijkekansen.toml").write_text('codebook = "codebook of 2026"\nkeep = 0\n')
    # Told from a folder below, by the variable of another, or on the command: those go before it.
    done = run(tmp_path, "lint", "2026")
    assert (done.returncode, done.stderr) == (0, "")
    elsewhere = run(tmp_path, "lint", "2026", GELIJKEKANSEN_CODEBOOK="none")
    assert "none" not in elsewhere.stdout
    assert elsewhere.returncode == 1
    assert run(tmp_path, "lint", "2026", "--codebook", "none").returncode == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("codebook = ", "cannot be read"),
        ('codebok = "seeds"\n', "sets codebok, which means nothing. It can set codebook,"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(tmp_path, text, told):
    (tmp_path / "gelijkekansen.toml").write_text(text)
    done = run(tmp_path, "build")
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_survey_that_begins_has_settings(tmp_path):
    assert run(tmp_path, "init", "bikes", "--title", "Bicycles at work").returncode == 0
    text = (tmp_path / "bikes/gelijkekansen.toml").read_text(encoding="utf-8")
    assert text.startswith("# Bicycles at work\n")
    assert run(tmp_path / "bikes", "build").returncode == 0


def test_codebook_of_an_older_form_is_brought_to_the_new_one(survey):
    after = read_tables(survey.codebook)
    for name, column in COLUMNS.items():
        header, *cells = read_file(survey.codebook / name)
        rows = [dict(zip(header, row, strict=True)) for row in cells]
        header.remove(column)
        write_file(survey.codebook / name, header, rows)
    (survey.codebook / "codebook/release_rules.csv").unlink()
    with pytest.raises(InputError, match=re.escape("gelijkekansen codebook upgrade")):
        read_tables(survey.codebook)
    before = {path: path.read_bytes() for path in survey.codebook.rglob("*.csv")}
    told = upgrade_codebook(survey.codebook, write=False)
    assert told[0] == "codebook/editions.csv: column header_row_count, 1 in 1 rows"
    assert "codebook/release_rules.csv: a new file, with 2 rows" in told
    assert len(told) == 4
    assert {path: path.read_bytes() for path in survey.codebook.rglob("*.csv")} == before
    upgrade_codebook(survey.codebook, write=True)
    upgraded = read_tables(survey.codebook)
    assert {name: rows for name, rows in upgraded.items() if name != "release_rules"} == {
        name: [row | {"is_rehearsal": "no"} if name == "populations" else row for row in rows]
        for name, rows in after.items()
        if name != "release_rules"
    }
    assert upgrade_codebook(survey.codebook, write=True) == []
    put_back(survey.codebook, NOTE)
    assert {path: path.read_bytes() for path in survey.codebook.rglob("*.csv")} == before


def test_every_column_that_an_upgrade_fills_is_one_that_must_be_filled():
    from ingest.codebook.tables import TABLES

    required = {name for table in TABLES.values() for name, column in table.columns.items()
                if column.required}  # fmt: skip
    assert set(BEFORE) <= required
