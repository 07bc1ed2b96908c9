"""A first draft from an export and the questionnaire of its tool: what is landed of it."""

import csv
import json

from ingest.authoring.beginning import write_codebook
from ingest.authoring.first import draft_first
from ingest.codebook.tables import TABLES
from ingest.exports.files import ExportFile
from tests.conftest import Survey
from tests.forms import make_qualtrics

HEADERS = {
    "StartDate": ("Start Date", "startDate"), "EndDate": ("End Date", "endDate"),
    "ResponseId": ("Response ID", "_recordId"), "Has": ("Has?", "QID1"),
    "Kinds": ("Kinds?", "QID2"), "Many": ("Many?", "QID3_TEXT"),
    "Sat_1": ("Sat? - Staff", "QID4_1"), "Sat_2": ("Sat? - People", "QID4_2"),
    "Points_1": ("Points? - X", "QID5_1"), "Points_2": ("Points? - Y", "QID5_2"),
    "Why": ("Why?", "QID6_TEXT"), "Language": ("Language", "lang"),
}  # fmt: skip
ROWS = [
    ("2031-03-01 09:00:00", "2031-03-01 09:05:00", "R_1", "1", "1,2", "5", "1", "2", "60", "40",
     "daarom", "NL"),
    ("2031-03-01 10:00:00", "2031-03-01 10:07:00", "R_2", "0", "2", "1", "", "", "", "", "", "NL"),
    ("2031-03-02 09:00:00", "2031-03-02 09:03:00", "R_3", "1", "1", "", "2", "2", "", "", "", "NL"),
]  # fmt: skip


def test_qualtrics_with_three_header_rows_is_drafted_from_its_survey_file(tmp_path):
    survey = Survey(tmp_path / "seeds", tmp_path / "exports")
    write_codebook(survey.codebook, "Proef")
    survey.exports.mkdir()
    export, form = survey.exports / "qualtrics.csv", tmp_path / "survey.qsf"
    form.write_text(json.dumps(make_qualtrics()))
    with export.open("w", newline="") as file:
        imports = [json.dumps({"ImportId": name}) for _, name in HEADERS.values()]
        writer = csv.writer(file)
        writer.writerows([HEADERS, [text for text, _ in HEADERS.values()], imports, *ROWS])
    told = draft_first(survey.codebook, ExportFile(1, export, None, None, None, 3), form)
    # What is of no question is named, and what of the survey has no place.
    assert any(line.startswith("not in the questionnaire: Language - Language") for line in told)
    assert "  Why: asked of all; its logic is not carried over: If Language is NL" in told
    for table in TABLES.values():
        if "review" in table.columns:
            survey.edit(table.path, lambda rows: [row | {"review": "reviewed"} for row in rows])
    survey.set(
        "codebook/editions.csv", 2, label="Proef", field_start_date="2031-03-01", tool="Qualtrics",
        field_end_date="2031-03-31", expected_respondent_count="3",
    )  # fmt: skip
    survey.edit(
        "codebook/questions.csv",
        lambda rows: [row | {"municipality_rule": row["municipality_rule"]} for row in rows],
    )
    connection = survey.load()
    landed = connection.sql("""
        select columns.question_key, options.option_code, number, count(*)
        from raw.corrected_cells as cells
        inner join raw.export_columns as columns using (edition_key, column_number)
        left join raw.cell_options as options
            on options.question_key = split_part(columns.question_key, '.', 1)
            and options.match_text = cells.match_text
        left join raw.numbers
            on numbers.question_key = columns.question_key
            and numbers.match_text = cells.match_text
        where is_answer and columns.privacy = 'public'
        group by all order by all
    """).fetchall()
    assert landed == [
        ("Has", "0", None, 1), ("Has", "1", None, 2),
        ("Kinds", "1", None, 2), ("Kinds", "2", None, 2),
        ("Many", None, 1, 1), ("Many", None, 5, 1),
        ("Points.1", None, 60, 1), ("Points.2", None, 40, 1),
        ("Sat.1", "1", None, 1), ("Sat.1", "2", None, 1), ("Sat.2", "2", None, 2),
    ]  # fmt: skip
    # Kinds is asked of all, and who did not choose the second goes to the end of the block.
    assert connection.sql(
        "select question_key, condition from codebook.routing_targets"
        " where option_code is null and condition <> '' order by all"
    ).fetchall() == [
        ("Many", "Kinds=2"),
        ("Points", "Has=1 & Kinds!=1 | Has=1 & Kinds=2 & Many>3 | Has=1 & not(answered(Kinds))"),
        *[(f"Points.{n}",
           "Has=1 & Kinds!=1 | Has=1 & Kinds=2 & Many>3 | Has=1 & not(answered(Kinds))")
          for n in (1, 2)],
        *[(key, "Has=1") for key in ("Sat", "Sat.1", "Sat.2", "Why")],
    ]  # fmt: skip
