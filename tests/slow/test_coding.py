"""Open answers, out to a person who codes them and back."""

import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import openpyxl
import pytest

from ingest.shared.problems import InputError
from pipeline.build import Options, build_warehouse
from pipeline.paths import Paths
from publish.report.tags import Tags
from publish.site.context import make_site
from tests.conftest import ROOT

COMMAND = Path(sys.executable).with_name("gelijkekansen")
PASSPHRASE = "correct horse battery staple"  # noqa: S105 - of a test


def run(*arguments, cwd=ROOT):
    return subprocess.run(
        [str(COMMAND), *map(str, arguments)], capture_output=True, text=True, cwd=cwd, check=False
    )


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
    other_survey.edit(
        "codebook/editions.csv", lambda rows: [{**row, "is_synthetic": "no"} for row in rows]
    )
    paths = Paths(other_survey.codebook, other_survey.exports, tmp_path / "warehouse.duckdb")
    build_warehouse(paths)
    return paths


def code(paths, tmp_path, coder, codes):
    """Send the answers out, fill in codes in their order, and bring them in."""
    file, secret = tmp_path / f"{coder}.xlsx", tmp_path / "secret"
    shared = ("--codebook", paths.codebook, "--warehouse", paths.warehouse)
    done = run("coding", "export", coder, file, "--secret-file", secret, *shared)
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
        # Five answered, of fewer than five municipalities: colleagues are one.
        assert connection.execute("from public_release.coded_results").fetchall() == []
    rules = coded.codebook / "codebook/release_rules.csv"
    rules.write_text(
        rules.read_text().replace("min_municipality_count,5", "min_municipality_count,3")
    )
    build_warehouse(coded, Options(secret_file=tmp_path / "secret"))
    with duckdb.connect(coded.warehouse, read_only=True) as connection:
        # A report gives them, and says so where there are none.
        ((edition,),) = connection.execute(
            "select distinct edition_key from public_release.coded_results"
        ).fetchall()
        tags = Tags(make_site(connection, tmp_path), edition)
        assert [row[1:] for row in tags.coded("remark").parts[0].rows] == [
            ["4", "4 van 5", "5"], ["2", "2 van 5", "5"],
        ]  # fmt: skip
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


def test_codes_hold_on_to_their_answers_when_rows_move(coded, tmp_path):
    build_warehouse(coded, Options(secret_file=tmp_path / "secret"))
    codes = [("praise",), ("praise",), ("wish",), ("praise", "wish"), ("wish",)]
    assert code(coded, tmp_path, "agreed", codes).returncode == 0
    written = (coded.codebook / "codebook/coded_answers.csv").read_bytes()
    export = coded.exports / "fietsen.csv"
    header, _, *lines = export.read_bytes().split(b"\r\n")
    export.write_bytes(b"\r\n".join([header, *lines]))
    editions = coded.codebook / "codebook/editions.csv"
    editions.write_text(editions.read_text("utf-8").replace("has_bikes,7", "has_bikes,6"), "utf-8")
    for name in ("figures", "anomalies"):
        path = coded.codebook / f"published/{name}.csv"
        path.write_text(f"{path.read_text('utf-8').splitlines()[0]}\n", "utf-8")
    build_warehouse(coded, Options(secret_file=tmp_path / "secret"))
    with duckdb.connect(coded.warehouse, read_only=True) as connection:
        assert connection.execute(
            "select code, selected_count, base_count from marts.mart_coded_results order by 1"
        ).fetchall() == [("praise", 2, 4), ("wish", 3, 4)]
        assert connection.execute("select count(*) from raw.lost_work").fetchone() == (1,)
    assert "0 answers to code" in run(
        "coding", "export", "agreed", tmp_path / "again.xlsx", "--codebook", coded.codebook,
        "--warehouse", coded.warehouse, "--secret-file", tmp_path / "secret",
    ).stdout  # fmt: skip
    assert (coded.codebook / "codebook/coded_answers.csv").read_bytes() == written
    # Whose row somebody else has now is another: their code is kept when others are brought in.
    done = code(coded, tmp_path, "bo", [("wish",)] * 4)
    assert done.returncode == 0, done.stderr
    rows = (coded.codebook / "codebook/coded_answers.csv").read_text("utf-8").splitlines()
    assert {row for row in written.decode().splitlines() if row} <= set(rows)


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
