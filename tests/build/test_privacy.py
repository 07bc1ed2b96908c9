"""Nothing that can name a person leaves the restricted database, in any layer."""

import re
import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import openpyxl
import pytest

from ingest.shared.identity import Secret, read_secret
from ingest.shared.problems import InputError
from pipeline.build import Options, build_warehouse
from pipeline.paths import Paths
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
    assert "cell G4" in message
    assert "cell G7" in message
    assert "this cell holds an e-mail or IP address" in message
    assert "jan.j" not in message
    assert "10.2.3.4" not in message


@pytest.mark.parametrize("text", [b"2001:db8::7a3f", b"jan@localhost", b"zie ::1"])
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
    assert "cell A2\n    The header holds an e-mail or IP address" in done.stderr
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


def read_person_keys(paths):
    with duckdb.connect(paths.warehouse, read_only=True) as connection:
        return connection.execute(
            "select edition_key, person_key from marts.dim_respondents order by respondent_key"
        ).fetchall(), connection.execute("from marts.mart_person_panel").fetchall()


@pytest.fixture
def mailed(other_survey):
    """Both editions with e-mail addresses: two of 2024 take part again, one in capitals."""
    first, second = (other_survey.exports / name for name in ("fietsen.csv", "fietsen_2026.csv"))
    lines = first.read_bytes().split(b"\r\n")
    mails = [b"Mail", *(b"p%d@x.example" % n for n in range(1, 9)), b"", b""]
    first.write_bytes(
        b"\r\n".join(
            b"%s;%s" % (m, line) if line else line for m, line in zip(mails, lines, strict=True)
        )
    )
    lines = second.read_text("utf-8").splitlines()
    mails = ["Mail", "P1@x.example", "p9@x.example", " p2@x.example", "p9@x.example"]
    second.write_text("".join(f"{m},{line}\n" for m, line in zip(mails, lines, strict=True)))
    other_survey.edit(
        "codebook/export_columns.csv",
        lambda rows: rows
        + [
            {"edition_key": edition, "header": "Mail", "role": "email", "question_key": "",
             "item_code": "", "option_code": "", "privacy": "drop", "reason": "",
             "review": "reviewed"}
            for edition in ("2024", "2026")
        ],
    )  # fmt: skip
    return other_survey


def test_persons_are_followed_with_a_secret_and_not_without(mailed, tmp_path):
    paths = Paths(mailed.codebook, mailed.exports, tmp_path / "warehouse.duckdb")
    build_warehouse(paths)
    keys, panel = read_person_keys(paths)
    assert len({key for _, key in keys}) == 7 + 3
    assert panel == []
    secret = tmp_path / "secret"
    build_warehouse(paths, Options(secret_file=secret))
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    keys, panel = read_person_keys(paths)
    # 7 persons in 2024; 3 in 2026, one of whom answered twice; two are the same.
    assert panel == [(2024, 2026, 7, 3, 2, True)]
    assert len({key for _, key in keys}) == 8
    assert build_warehouse(paths, Options(secret_file=secret)).startswith("nothing changed")
    build_warehouse(paths, Options(secret_file=secret, is_forced=True))
    assert read_person_keys(paths)[0] == keys


def test_hash_is_hmac_with_sha_256():
    # RFC 4231, test case 2.
    hashed = Secret(b"Jefe").hash("what do ya want for nothing?", 64)
    assert hashed == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


def test_weak_or_open_secret_is_refused(tmp_path, monkeypatch):
    short = tmp_path / "short"
    short.write_text("1234")
    short.chmod(0o600)
    with pytest.raises(InputError, match="fewer than 16 characters"):
        read_secret(short)
    short.write_text(PASSPHRASE)
    short.chmod(0o644)
    with pytest.raises(InputError, match="Others can read it"):
        read_secret(short)
    monkeypatch.setenv("GELIJKEKANSEN_SECRET", PASSPHRASE)
    assert read_secret(None).content == PASSPHRASE.encode()
    assert PASSPHRASE not in repr(read_secret(None))


@pytest.fixture
def coded(other_survey, tmp_path):
    """A survey with a code list for its open remark, built, and with room for six answers."""
    export = other_survey.exports / "fietsen.csv"
    lines = export.read_bytes().split(b"\r\n")
    texts = [b"=goed", b"meer", b'"go\x07ed\r\nen wel"', b"niets"]
    for number, text in enumerate(texts, start=2):
        lines[number] = lines[number].rsplit(b";", 1)[0] + b";" + text
    export.write_bytes(b"\r\n".join(lines))
    other_survey.edit(
        "codebook/open_codes.csv",
        lambda rows: [
            {"question_key": "remark", "option_code": "", "code": code, "position": str(number),
             "label": f"'=HYPERLINK({code})"}
            for number, code in enumerate(("praise", "wish"), start=1)
        ],
    )  # fmt: skip
    paths = Paths(other_survey.codebook, other_survey.exports, tmp_path / "warehouse.duckdb")
    build_warehouse(paths)
    return paths


def code(paths, tmp_path, coder, codes):
    """Send the answers out, fill in codes in their order, and bring them in."""
    file, secret = tmp_path / f"{coder}.xlsx", tmp_path / "secret"
    shared = ("--codebook", paths.codebook, "--warehouse", paths.warehouse)
    done = run("coding", "export", coder, file, *shared)
    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    book = openpyxl.load_workbook(file)
    sheet = book["answers"]
    for each in book.worksheets:
        assert all(cell.data_type != "f" for row in each.iter_rows() for cell in row)
    for row, given in zip(sheet.iter_rows(min_row=2), codes, strict=True):
        for cell, value in zip(row[6:], given, strict=False):
            cell.value = value
    book.save(file)
    return run("coding", "import", coder, file, "--secret-file", secret, *shared)


def test_codes_come_back_and_texts_do_not(coded, tmp_path):
    first = [("praise",), ("praise",), ("wish",), ("praise", "wish"), ("wish",)]
    second = [("praise",), ("praise",), ("wish",), ("praise",), ("praise",)]
    assert "5 answers coded by an" in code(coded, tmp_path, "an", first).stdout
    assert code(coded, tmp_path, "bo", second).returncode == 0
    again = run(
        "coding", "export", "an", tmp_path / "an.xlsx", "--codebook", coded.codebook,
        "--warehouse", coded.warehouse,
    )  # fmt: skip
    assert again.returncode == 1
    assert "may hold somebody's codes" in again.stderr
    assert "0 answers to code" in run(
        "coding", "export", "an", tmp_path / "again.xlsx", "--codebook", coded.codebook,
        "--warehouse", coded.warehouse,
    ).stdout  # fmt: skip
    build_warehouse(coded, Options(secret_file=tmp_path / "secret"))
    with duckdb.connect(coded.warehouse, read_only=True) as connection:
        agreement = connection.execute(
            "select code_key, both_count, first_only_count, second_only_count, neither_count,"
            " round(kappa, 4) from marts.mart_coding_agreement order by 1"
        ).fetchall()
        # Praise: both 3, an 0, bo 1, neither 1: agreement 0.8, by chance 0.6 * 0.8 + 0.4 * 0.2.
        # Wish: both 1, an 2, bo 0, neither 2: agreement 0.6, by chance 0.6 * 0.2 + 0.4 * 0.8.
        assert agreement == [
            ("remark.praise", 3, 0, 1, 1, round((0.8 - 0.56) / 0.44, 4)),
            ("remark.wish", 1, 2, 0, 2, round((0.6 - 0.44) / 0.56, 4)),
        ]
        # The two agree on three answers.
        assert connection.execute(
            "select code, selected_count, base_count from marts.mart_coded_results order by 1"
        ).fetchall() == [("praise", 2, 3), ("wish", 1, 3)]
    assert code(coded, tmp_path, "agreed", [*first[:4], ("praise",)]).returncode == 0
    build_warehouse(coded, Options(secret_file=tmp_path / "secret"))
    with duckdb.connect(coded.warehouse, read_only=True) as connection:
        assert connection.execute(
            "select code, selected_count, base_count from marts.mart_coded_results order by 1"
        ).fetchall() == [("praise", 4, 5), ("wish", 2, 5)]
    written = (coded.codebook / "codebook/coded_answers.csv").read_text("utf-8")
    assert "goed" not in written
    with pytest.raises(InputError, match="cannot be seen without the secret"):
        build_warehouse(coded)
    with pytest.raises(InputError, match="was coded with another secret"):
        build_warehouse(coded, Options(secret_file=tmp_path / "other secret"))
    export = coded.exports / "fietsen.csv"
    export.write_bytes(export.read_bytes().replace(b";meer", b";minder"))
    with pytest.raises(InputError, match="2024-000004 to 'remark' is not the one that was coded"):
        build_warehouse(coded, Options(secret_file=tmp_path / "secret"))


def test_workbook_that_does_not_fit_is_refused_whole(coded, tmp_path):
    before = (coded.codebook / "codebook/coded_answers.csv").read_bytes()
    done = code(coded, tmp_path, "an", [("prais",), ("wish",), ("wish",), ("wish",), ("wish",)])
    assert done.returncode == 1
    assert "answers', row 2, column code_1\n    'prais' is no code for this question" in done.stderr
    assert "Nearest: 'praise'" in done.stderr
    assert (coded.codebook / "codebook/coded_answers.csv").read_bytes() == before
    (tmp_path / "text.xlsx").write_text("no workbook")
    done = run("coding", "import", "an", tmp_path / "text.xlsx", "--secret-file", tmp_path / "s",
               "--codebook", coded.codebook, "--warehouse", coded.warehouse)  # fmt: skip
    assert done.returncode == 1
    assert "no workbook of answers to code" in done.stderr
