"""Persons: followed across editions with a secret, and not without."""

import stat
import subprocess
import sys
from pathlib import Path

import duckdb
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
    other_survey.edit(
        "codebook/row_exclusions.csv",
        lambda rows: [
            *rows,
            {"edition_key": "2026", "role": "repeated", "value": "latest", "reason": "Dubbel."},
        ],
    )
    other_survey.set("codebook/editions.csv", 3, expected_respondent_count="3")
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
    assert build_warehouse(paths, Options(secret_file=secret)).summary.startswith("nothing changed")
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
