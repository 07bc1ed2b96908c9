"""An edition taken out of the codebook, and put back."""

import pytest

from ingest.authoring.draft_files import read_tables
from ingest.authoring.forgetting import forget_edition, recall_edition
from ingest.shared.problems import InputError


def read_texts(folder):
    return {path.relative_to(folder): path.read_text("utf-8") for path in folder.rglob("*.csv")}


def test_rehearsals_go_with_what_only_they_had(whole_survey):
    before = read_tables(whole_survey.codebook)
    shown = forget_edition(whole_survey.codebook, 2029, write=False)
    assert read_tables(whole_survey.codebook) == before
    assert forget_edition(whole_survey.codebook, 2029, write=True) == shown
    assert "export gelijkekansen_2029.csv: move it away" in str(shown)
    forget_edition(whole_survey.codebook, 2027, write=True)
    for file in ("gelijkekansen_2027.xlsx", "gelijkekansen_2029.csv"):
        (whole_survey.exports / file).unlink()
    left = read_tables(whole_survey.codebook)
    for name, rows in left.items():
        keys = {row.get(column) for row in rows for column in row if column.endswith("edition_key")}
        assert keys <= {"2025"}, name
    # The rehearsed merger of Damme and Zuienkerke, and the populations of its frame.
    assert not any(row["is_rehearsal"] == "yes" for row in left["municipalities"])
    assert {row["year"] for row in left["populations"] if row["is_rehearsal"] == "yes"} == set()
    damme = next(row for row in left["municipalities"] if row["name"] == "Damme")
    assert (damme["valid_to"], damme["successor_nis_code"]) == ("", "")
    asked = {(row["question_key"], row["option_code"]) for row in left["option_editions"]}
    assert {(row["question_key"], row["option_code"]) for row in left["options"]} == asked
    # What is left lands as the baseline does.
    connection = whole_survey.load()
    assert connection.sql("select edition_key, row_count from raw.exports").fetchall() == [
        (2025, 85)
    ]


def test_what_was_forgotten_comes_back_to_the_letter(whole_survey):
    before = read_texts(whole_survey.codebook)
    forget_edition(whole_survey.codebook, 2029, write=True)
    assert read_texts(whole_survey.codebook) != before
    recall_edition(whole_survey.codebook, 2029)
    assert read_texts(whole_survey.codebook) == before
    with pytest.raises(InputError, match="Nothing was done here that forgotten-2029"):
        recall_edition(whole_survey.codebook, 2029)


def test_file_that_changed_since_is_not_overwritten(whole_survey):
    forget_edition(whole_survey.codebook, 2029, write=True)
    whole_survey.set("codebook/concepts.csv", 2, label="Iets anders")
    whole_survey.set("codebook/editions.csv", 2, label="Iets anders")
    with pytest.raises(InputError, match=r"editions\.csv\n    It has changed since"):
        recall_edition(whole_survey.codebook, 2029)
    assert read_tables(whole_survey.codebook)["editions"][0]["label"] == "Iets anders"


def test_edition_that_later_ones_build_on_is_not_forgotten(whole_survey):
    before = read_texts(whole_survey.codebook)
    with pytest.raises(InputError, match="nothing was built"):
        forget_edition(whole_survey.codebook, 2025, write=True)
    assert read_texts(whole_survey.codebook) == before
    with pytest.raises(InputError, match="It has no edition 2031; it has 2025, 2027, 2029"):
        forget_edition(whole_survey.codebook, 2031, write=True)
