"""A later export of an edition that lost something on the way: told before the swap, or refused."""

import csv
import logging

import duckdb
import pytest

import pipeline.build
from pipeline.build import Options, build_warehouse
from pipeline.paths import BuildError, Paths

ID = "2026,Begonnen,respondent_id,,,,personal"


@pytest.fixture
def later(other_survey, tmp_path):
    """A survey that was built once, and what changes its second export."""
    paths = Paths(other_survey.codebook, other_survey.exports, tmp_path / "warehouse.duckdb")
    build_warehouse(paths)
    export = other_survey.exports / "fietsen_2026.csv"

    def change(mend):
        with export.open(newline="") as file:
            rows = list(csv.reader(file))
        with export.open("w", newline="") as file:
            csv.writer(file).writerows(mend(rows))

    return paths, change


def read_ledger(paths):
    with duckdb.connect(paths.warehouse, read_only=True) as connection:
        return connection.execute("select count(*) from audit.builds").fetchone()


def test_respondents_who_are_gone_are_named_and_may_be_refused(later, caplog):
    paths, change = later
    other = paths.codebook / "codebook/editions.csv"
    other.write_text(other.read_text().replace(",has_bikes,4", ",has_bikes,3"))
    change(lambda rows: [*rows[:2], *rows[3:]])
    before = paths.warehouse.read_bytes()
    with pytest.raises(BuildError, match="1 of the 4 respondents") as refused:
        build_warehouse(paths, Options(max_lost=0))
    assert "2026-000003" in str(refused.value)
    assert "No more than 0 may be gone." in str(refused.value)
    assert paths.warehouse.read_bytes() == before
    with caplog.at_level(logging.WARNING):
        assert build_warehouse(paths, Options(max_lost=1)).is_built
    assert "1 of the 4 respondents of the warehouse in place are not in this export" in caplog.text
    # Rows in another order lose nobody.
    caplog.clear()
    change(lambda rows: [rows[0], *rows[:0:-1]])
    with caplog.at_level(logging.WARNING):
        assert build_warehouse(paths, Options(max_lost=0)).is_built
    assert "respondents of the warehouse" not in caplog.text


def test_respondents_of_another_secret_are_counted(later, caplog):
    paths, change = later
    # A tool that tells no moments: who answered is known by what a secret hides.
    columns = paths.codebook / "codebook/export_columns.csv"
    columns.write_text(columns.read_text().replace("2026,Begonnen,started_at,,,,public", ID))
    secrets = [paths.codebook.parent / name for name in ("one.key", "other.key")]
    for secret in secrets:
        secret.write_text(f"the secret of {secret.stem}, long enough")
        secret.chmod(0o600)
    one, other = (Options(secret_file=secret, max_lost=0) for secret in secrets)
    build_warehouse(paths, one)
    with caplog.at_level(logging.WARNING):
        assert build_warehouse(paths, other).is_built
    assert "respondents of the warehouse" not in caplog.text
    editions = paths.codebook / "codebook/editions.csv"
    editions.write_text(editions.read_text().replace(",has_bikes,4", ",has_bikes,3"))
    change(lambda rows: rows[:-1])
    with pytest.raises(BuildError, match=r"1 of the 4 respondents .*: it has 3\n"):
        build_warehouse(paths, one)


def test_respondent_whom_the_codebook_leaves_out_is_told_as_well(later):
    paths, _ = later
    editions = paths.codebook / "codebook/editions.csv"
    editions.write_text(editions.read_text().replace(",has_bikes,4", ",has_bikes,3"))
    exclusions = paths.codebook / "codebook/row_exclusions.csv"
    exclusions.write_text(exclusions.read_text() + "2026,started_at,2026-03-03 09:00:00,Proef.\n")
    with pytest.raises(BuildError, match=r"1 of the 4 .* or no longer count: it has 3: 2026-"):
        build_warehouse(paths, Options(max_lost=0))


def test_export_of_others_loses_everybody(later):
    paths, change = later
    change(lambda rows: [rows[0], *(["2026-03-20" + row[0][10:], *row[1:]] for row in rows[1:])])
    with pytest.raises(BuildError, match=r"4 of the 4 .*: it has 4: 2026-"):
        build_warehouse(paths, Options(max_lost=0))


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ((4, 10), "edition 2026: has_bikes has the answers that plans had, and the reverse"),
        ((5, 9), "edition 2026: kinds.cargo_large has the answers that kinds.city had"),
    ],
)
def test_two_columns_that_changed_places_are_told(later, caplog, columns, told):
    paths, change = later
    one, other = columns
    # Routing is not to be in the way of what is tried here.
    questions = paths.codebook / "codebook/question_editions.csv"
    text = questions.read_text()
    for condition in ("${has_bikes} = 'yes' or ${has_bikes} = 'no'", "${has_bikes} = 'yes'"):
        text = "\n".join(
            line.replace(f",{condition},", ",,") if line.startswith("2026") else line
            for line in text.splitlines()
        )
    questions.write_text(text + "\n")
    build_warehouse(paths)

    def swap(rows):
        for row in rows[1:]:
            row[one], row[other] = row[other], row[one]
            if one == 5:
                # As the tool writes them: by the name of their option.
                row[one], row[other] = (
                    name if cell else ""
                    for name, cell in ((rows[0][one][8:-1], row[one]),
                                       (rows[0][other][8:-1], row[other]))
                )  # fmt: skip
        return rows

    change(swap)
    with caplog.at_level(logging.WARNING):
        build_warehouse(paths)
    assert told in caplog.text


def test_export_of_another_edition_is_refused(later):
    paths, _ = later
    editions = paths.codebook / "codebook/editions.csv"
    editions.write_text(editions.read_text().replace("fietsen_2026.csv", "again.csv"))
    (paths.exports / "fietsen_2026.csv").unlink()
    (paths.exports / "again.csv").write_bytes((paths.exports / "fietsen.csv").read_bytes())
    with pytest.raises(Exception, match="the export of edition 2024") as refused:
        build_warehouse(paths)
    assert "again.csv" in refused.value.tell_all()


def test_export_that_changes_while_it_is_read_is_no_warehouse(later, monkeypatch):
    paths, change = later
    describe = pipeline.build.describe_inputs

    def describe_and_replace(*arguments):
        described = describe(*arguments)
        change(lambda rows: rows[:-1])
        return described

    monkeypatch.setattr(pipeline.build, "describe_inputs", describe_and_replace)
    before = read_ledger(paths)
    change(lambda rows: [*rows[:2], *rows[3:]])
    with pytest.raises(BuildError, match=r"fietsen_2026.csv changed while it was read"):
        build_warehouse(paths)
    assert read_ledger(paths) == before
