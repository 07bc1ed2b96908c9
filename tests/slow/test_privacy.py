"""Nothing that can name a person leaves the restricted database, in any layer."""

import re
import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import openpyxl
import pytest

from tests.conftest import ROOT

COMMAND = Path(sys.executable).with_name("gelijkekansen")
PASSPHRASE = "correct horse battery staple"  # noqa: S105 - of a test


def run(*arguments, cwd=ROOT):
    return subprocess.run(
        [str(COMMAND), *map(str, arguments)], capture_output=True, text=True, cwd=cwd, check=False
    )


def read_private_texts(restricted: Path) -> set[str]:
    """What people wrote or are called, without what the codebook says as well."""
    with duckdb.connect(restricted, read_only=True) as connection:
        cells = connection.execute("select distinct trim(cell_text) from export_cells").fetchall()
    public = "\n".join(path.read_text("utf-8") for path in (ROOT / "seeds").rglob("*.csv"))
    texts = {text for (text,) in cells if len(text) > 3 and not text.isdigit()}
    return {text for text in texts if text not in public}


def search(texts: set[str], content: str) -> list[str]:
    """The texts that stand in a content, as words of their own."""
    return [
        text
        for text in texts
        if text in content and re.search(rf"(?<!\w){re.escape(text)}(?!\w)", content)
    ]


def test_no_file_that_a_build_leaves_names_anybody(built, build_output, tmp_path):
    texts = read_private_texts(built.restricted)
    assert len(texts) > 250
    assert {"@", ".", " "} <= set("".join(texts))
    found = []
    with duckdb.connect(built.warehouse, read_only=True) as connection:
        columns = connection.execute(
            "select database_name, schema_name, table_name, column_name from duckdb_columns()"
            " where not internal and data_type = 'VARCHAR'"
        ).fetchall()
        assert len(columns) > 250
        for _, schema, table, column in columns:
            rows = connection.execute(f'select distinct "{column}" from {schema}."{table}"')
            content = "\n".join(text for (text,) in rows.fetchall() if text)
            found += [(f"{schema}.{table}.{column}", hit) for hit in search(texts, content)]
    assert run("docs", "--warehouse", built.warehouse, "--to", tmp_path / "site").returncode == 0
    files = [
        *(path for path in built.workspace.rglob("*") if path.is_file()),
        *(path for path in (tmp_path / "site").rglob("*") if path.is_file()),
        built.warehouse,
    ]
    assert len([path for path in files if path.suffix == ".html"]) > 5
    for path in files:
        if path.name != built.restricted.name:
            # A database packs its texts; what it does not pack would show in its bytes.
            content = path.read_bytes().decode("utf-8", errors="replace")
            found += [(path.name, hit) for hit in search(texts, content)]
    found += [("output", hit) for hit in search(texts, "\n".join(build_output))]
    assert found == []


def test_draft_and_refusals_name_nobody(whole_survey, built, tmp_path):
    texts = read_private_texts(built.restricted)
    export = whole_survey.exports / "gelijkekansen_2025.xlsx"
    book = openpyxl.load_workbook(export)
    sheet = book.worksheets[0]
    sheet["A1"] = "E-mail adres van wie antwoordt"
    sheet["B1"] = "Naam"
    book.save(export)
    refused = run(
        "build", "--codebook", whole_survey.codebook, "--exports", whole_survey.exports,
        "--warehouse", tmp_path / "warehouse.duckdb",
    )  # fmt: skip
    assert refused.returncode == 1
    drafted = run("draft", 2031, export, "--codebook", whole_survey.codebook)
    assert drafted.returncode == 0, drafted.stderr
    written = "\n".join(path.read_text("utf-8") for path in whole_survey.codebook.rglob("*.csv"))
    told = refused.stdout + refused.stderr + drafted.stdout + drafted.stderr + written
    assert search(texts, told) == []


def test_address_in_a_public_column_stops_the_build_without_being_told(other_survey):
    export = other_survey.exports / "fietsen.csv"
    text = export.read_bytes().replace(b";Bedorp;;Ja;", b";jan.j@bedorp.example;3000;Ja;")
    text = text.replace(b";Dehoek;", b";10.2.3.4;")
    export.write_bytes(text.replace(b";Bedorp;;Nee;;", b";jan.j@bedorp.example;;Nee;;"))
    message = other_survey.refusal()
    assert "cells G4, G7" in message
    assert "this cell holds an e-mail or IP address" in message
    assert "jan.j" not in message
    assert "10.2.3.4" not in message


@pytest.mark.parametrize(
    "text", [b"2001:db8::7a3f", b"jan@voorbeeld.example", b"zie ::1", b"van 10.1.2.3."]
)
def test_other_kinds_of_address_stop_the_build_as_well(other_survey, text):
    export = other_survey.exports / "fietsen.csv"
    export.write_bytes(
        export.read_bytes().replace(b";volledig;web;", b";volledig;" + text + b";", 1)
    )
    assert "this cell holds an e-mail or IP address" in other_survey.refusal()


def test_answers_taken_for_headers_are_not_told(whole_survey, tmp_path):
    export = whole_survey.exports / "gelijkekansen_2025.xlsx"
    before = {path: path.read_bytes() for path in whole_survey.codebook.rglob("*.csv")}
    done = run("draft", 2031, export, "--header-rows", 2, "--codebook", whole_survey.codebook)
    assert done.returncode == 1
    assert "The header holds an e-mail or IP address" in done.stderr
    assert "respondent0" not in done.stdout + done.stderr
    assert {path: path.read_bytes() for path in before} == before


def test_correction_with_an_address_is_refused(other_survey):
    other_survey.edit(
        "codebook/corrections.csv",
        lambda rows: [
            {"edition_key": "2024", "respondent_key": "2024-000005", "started_at": "",
             "question_key": "plans", "option_code": "", "expected_value": "Nee",
             "new_value": "Ja", "reason": "Volgens jan@x.example", "corrected_on": "2024-04-01"}
        ],
    )  # fmt: skip
    message = other_survey.refusal()
    assert "an e-mail address stands here" in message
    assert "jan@" not in message


def test_restricted_files_can_be_read_by_their_owner_only(built):
    assert stat.S_IMODE(built.restricted.stat().st_mode) == 0o600
    assert stat.S_IMODE(built.workspace.stat().st_mode) == 0o700
