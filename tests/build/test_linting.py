"""A questionnaire before the field: it stands nowhere as results, and says what breaks a trend."""

import pytest

from ingest.authoring.linting import lint_edition
from ingest.shared.problems import InputError


def plan(survey):
    """Make 2026 an edition that is planned: no export, and nothing said of one."""
    survey.set("codebook/editions.csv", 3, source_file="", frame_date="", option_delimiter="")
    for table in ("export_columns", "option_spellings", "metadata_values"):
        survey.keep(f"codebook/{table}.csv", lambda row: row["edition_key"] != "2026")
    (survey.exports / "fietsen_2026.csv").unlink()


def test_planned_edition_is_built_without(other_survey):
    plan(other_survey)
    connection = other_survey.load()
    assert connection.sql("select edition_key from codebook.editions").fetchall() == [(2024,)]
    assert connection.sql("from codebook.comparability").fetchall() == []
    assert connection.sql("select distinct edition_key from raw.export_rows").fetchall() == [
        (2024,)
    ]


def test_what_touches_a_trend_is_said(other_survey):
    plan(other_survey)
    row = other_survey.find(
        "codebook/question_editions.csv", edition_key="2026", question_key="has_bikes"
    )
    other_survey.set(
        "codebook/question_editions.csv", row, wording="Heeft je bestuur dienstfietsen?"
    )
    other_survey.keep("codebook/comparability.csv", lambda row: row["question_key"] != "plans")
    told = {words.split(":")[0]: dict(rows)
            for words, rows in lint_edition(other_survey.codebook, 2026)}  # fmt: skip
    assert told["asked in other words"] == {
        "has_bikes": "Zijn er dienstfietsen? -> Heeft je bestuur dienstfietsen? (comparable)"
    }
    assert told["has no verdict"] == {"plans": "Komen er?"}
    # One cargo bicycle became two; the rest of the baseline's questions are asked no more.
    assert told["option that can only be compared as one with others (split or merged)"] == {
        "kinds.cargo_large": "from cargo", "kinds.cargo_small": "from cargo",
    }  # fmt: skip
    assert {"condition", "wishes", "number", "remark"} <= told["no longer asked"].keys()
    assert "asked of others" in told


def test_question_that_nobody_can_reach_is_told(other_survey):
    plan(other_survey)
    editions = "codebook/question_editions.csv"
    row = other_survey.find(editions, edition_key="2026", question_key="kinds")
    other_survey.set(
        editions, row, relevant="${has_bikes} = 'yes' and ${has_bikes} = 'no'"
    )  # fmt: skip
    told = {words.split(":")[0]: dict(rows)
            for words, rows in lint_edition(other_survey.codebook, 2026)}  # fmt: skip
    assert told["asked of nobody"].keys() == {"kinds"}
    # One of two ways to be asked is enough.
    other_survey.set(
        editions, row,
        relevant="${has_bikes} = 'yes' and ${has_bikes} = 'no' or ${has_bikes} = 'yes'",
    )  # fmt: skip
    assert "asked of nobody" not in {
        words.split(":")[0] for words, _ in lint_edition(other_survey.codebook, 2026)
    }
    other_survey.set(editions, row, relevant="${has_bikes} = 'misschien'")
    with pytest.raises(InputError, match="has no option 'misschien'"):
        list(lint_edition(other_survey.codebook, 2026))
    other_survey.set(editions, row, relevant="")
    with pytest.raises(InputError, match="Edition 2024 has none before it"):
        list(lint_edition(other_survey.codebook, 2024))
