"""The ledger: which inputs changed, which figures, and which input touches which figure."""

import datetime
import json

import duckdb
import pytest

from ingest.shared.identity import Secret
from ingest.shared.problems import InputError
from ingest.survey import load_survey
from pipeline.build import Options, build_warehouse
from pipeline.history import read_builds
from pipeline.paths import BuildError, Paths

CHANGED = """
    select option_key, base, old_selected_count, new_selected_count, old_base_count,
        new_base_count, changed_inputs
    from audit.figure_changes where build_id = (select max(build_id) from audit.builds)
    order by all
"""


@pytest.fixture
def paths(other_survey, tmp_path):
    return Paths(other_survey.codebook, other_survey.exports, tmp_path / "warehouse.duckdb")


def query(paths, sql):
    with duckdb.connect(paths.warehouse, read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_changes_are_told_with_the_input_that_made_them(other_survey, paths):
    build_warehouse(paths, Options("first"))
    assert query(paths, "from audit.figure_changes") == []
    ((reason, verdict, exports, versions, land, model, check),) = query(
        paths,
        "select reason, verdict, export_sha256, versions, land_seconds, model_seconds,"
        " check_seconds from audit.builds",
    )
    assert (reason, verdict) == ("first", "built")
    assert set(json.loads(exports)) == {"fietsen.csv", "fietsen_2026.csv"}
    assert {"duckdb", "dbt-duckdb", "great-expectations"} <= set(json.loads(versions))
    assert min(land, model, check) > 0

    # a4 said that no bicycles will come. By mistake, we say: they will. Its municipality goes by
    # a3, who answered more.
    other_survey.edit(
        "codebook/corrections.csv",
        lambda rows: [correction(expected_value="Nee", new_value="Ja")],
    )
    summary = build_warehouse(paths).summary
    assert summary.endswith(" 2 figures changed")
    because = "codebook/corrections.csv:2"
    assert query(paths, CHANGED) == [
        ("plans.no", "respondents", 1, 0, 2, 2, because),
        ("plans.yes", "respondents", 1, 2, 2, 2, because),
    ]
    assert query(paths, "select * exclude (edition_key, corrected_on) from audit.corrections") == [
        ("2024-000005", "plans", None, "R", 5, "Nee", "Nee", "Ja", "Vertypt.")
    ]
    # The raw cell is as it was.
    assert query(
        paths,
        "select cell_text from raw.export_cells inner join raw.export_columns"
        " using (edition_key, column_number) where row_number = 5 and edition_key = 2024"
        " and question_key = 'plans'",
    ) == [("Nee",)]

    # An export that came anew: somebody added an answer. The figures of the other edition stay.
    export = other_survey.exports / "fietsen_2026.csv"
    export.write_text(
        export.read_text("utf-8").replace("Dehove,Nee,,,,,,Ja", "Dehove,Nee,,,,,,Nee")
    )
    build_warehouse(paths)
    assert {row[-1] for row in query(paths, CHANGED)} == {"fietsen_2026.csv"}
    assert {row[0] for row in query(paths, CHANGED)} == {"plans.no", "plans.yes"}


def test_which_figures_changed_is_not_published(other_survey, paths):
    build_warehouse(paths)
    # One municipality answers otherwise; the figures before and after are what it answered.
    export = other_survey.exports / "fietsen_2026.csv"
    export.write_text(
        export.read_text("utf-8").replace("Dehove,Nee,,,,,,Ja", "Dehove,Nee,,,,,,Nee")
    )
    build_warehouse(paths)
    # Both answers, on both bases.
    assert query(paths, "select * exclude (build_id) from public_release.figure_changes") == [
        (2026, 4, "fietsen_2026.csv")
    ]


def correction(**values):
    return {
        "edition_key": "2024", "respondent_key": "2024-000005",
        "started_at": "2024-03-05 09:00", "question_key": "plans",
        "option_code": "", "reason": "Vertypt.", "corrected_on": "2024-04-01", **values,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"expected_value": "Misschien", "new_value": "Ja"},
         "It expects 'Misschien', and edition 2024: fietsen.csv, cell R5 holds 'Nee'."),
        ({"respondent_key": "2024-000009", "started_at": "", "new_value": "Ja"},
         "No respondent '2024-000009' counts in edition 2024."),
        ({"question_key": "plan", "new_value": "Ja"},
         "'2024.plan' does not stand in question_editions.csv"),
        ({"question_key": "remark", "new_value": "Ja"}, "'remark' is open, and its texts never"),
        ({"expected_value": "Nee", "new_value": "Wie weet"},
         "'Komen er?' holds 'Wie weet', which is no option"),
    ],
)  # fmt: skip
def test_correction_that_does_not_fit_stops_the_build(other_survey, values, words):
    row = correction(**{"expected_value": "", "new_value": "", **values})
    other_survey.edit("codebook/corrections.csv", lambda rows: [row])
    assert words in other_survey.refusal()


def test_correction_does_not_move_to_who_takes_the_row(other_survey):
    # Somebody is added above; in row 5 stands another now, who said the same.
    export = other_survey.exports / "fietsen.csv"
    lines = export.read_bytes().split(b"\r\n")
    lines.insert(1, lines[4].replace(b"a4", b"a9").replace(b"03-05", b"03-01"))
    lines[4], lines[5] = lines[5], lines[4].replace(b"03-04", b"03-06")
    lines.insert(1, lines[1])
    export.write_bytes(b"\r\n".join(lines))
    row = correction(expected_value="Nee", new_value="Ja", started_at="2024-03-09 09:00")
    other_survey.edit("codebook/corrections.csv", lambda rows: [row])
    assert "and the correction is of who began at 2024-03-09 09:00" in other_survey.refusal()


def test_work_holds_on_to_its_respondent_when_rows_move(other_survey, tmp_path):
    secret = Secret(b"a secret of more than 16")
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as restricted")
        load_survey(connection, other_survey.codebook, other_survey.exports, secret)
        keys = dict(connection.execute(
            "select respondent_key, lasting_key from raw.export_rows where edition_key = 2024"
        ).fetchall())  # fmt: skip
    assert keys["2024-000005"].startswith(f"id_{secret.key_id}_")
    other_survey.edit(
        "codebook/corrections.csv",
        lambda rows: [
            correction(expected_value="Nee", new_value="Ja", started_at="",
                       lasting_key=keys["2024-000005"]),
            # Told by the moment they began.
            correction(respondent_key="2024-000002", started_at="2024-03-02 09:00",
                       question_key="has_bikes", expected_value="Ja", new_value="Nee"),
            correction(respondent_key="2024-000004", started_at="", question_key="has_bikes",
                       expected_value="Nee", new_value="Ja", lasting_key=keys["2024-000004"]),
        ],
    )  # fmt: skip
    before = (other_survey.codebook / "codebook/corrections.csv").read_bytes()
    export = other_survey.exports / "fietsen.csv"
    header, *lines = export.read_bytes().split(b"\r\n")
    # The third is gone, and the others stand in another order.
    moved = [lines[3], lines[1], lines[0], *lines[4:]]
    export.write_bytes(b"\r\n".join([header, *moved]))
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as restricted")
        load_survey(connection, other_survey.codebook, other_survey.exports, secret)
        assert connection.execute(
            "select respondent_key, row_number, raw_value, new_value"
            " from raw.applied_corrections order by 1"
        ).fetchall() == [("2024-000002", 2, "Nee", "Ja"), ("2024-000004", 4, "Ja", "Nee")]
        assert connection.execute("from raw.lost_work").fetchall() == [
            ("corrections", 4, 2024, "2024-000004", keys["2024-000004"])
        ]
    assert (other_survey.codebook / "codebook/corrections.csv").read_bytes() == before
    assert "Its respondent was told by another secret" in other_survey.refusal()


def test_input_of_the_question_does_not_hide_the_export_that_made_the_change(other_survey, paths):
    build_warehouse(paths)
    export = other_survey.exports / "fietsen_2026.csv"
    export.write_text(
        export.read_text("utf-8").replace("Dehove,Nee,,,,,,Ja", "Dehove,Nee,,,,,,Nee")
    )
    other_survey.edit(
        "codebook/questions.csv",
        lambda rows: [
            {**row, "label": "Komen er nog?"} if row["question_key"] == "plans" else row
            for row in rows
        ],
    )
    build_warehouse(paths)
    inputs = {row[-1] for row in query(paths, CHANGED)}
    assert inputs == {"codebook/questions.csv:8; fietsen_2026.csv"}


def test_refused_and_failed_builds_stand_in_the_ledger_with_a_report(other_survey, paths):
    other_survey.set("codebook/editions.csv", 2, label="")
    with pytest.raises(InputError):
        build_warehouse(paths)
    assert "codebook/editions.csv, row 2, column label" in paths.report.read_text()
    other_survey.set("codebook/editions.csv", 2, label="x", expected_respondent_count="9")
    with pytest.raises(BuildError, match="7 rows count, 9 expected"):
        build_warehouse(paths)
    assert "7 rows count, 9 expected" in paths.report.read_text()
    assert paths.staged.exists()
    other_survey.set("codebook/editions.csv", 2, expected_respondent_count="7")
    build_warehouse(paths)
    assert not paths.report.exists()
    assert [build.verdict for build in read_builds(paths)] == ["refused", "failed", "built"]
    told = query(paths, "select verdict from audit.builds order by build_id")
    assert [verdict for (verdict,) in told] == ["refused", "failed", "built"]


def test_open_fieldwork_and_an_older_export_are_told(other_survey, paths, caplog):
    tomorrow = datetime.date.today() + datetime.timedelta(days=1)
    other_survey.set("codebook/editions.csv", 3, is_synthetic="no", field_end_date=str(tomorrow))
    build_warehouse(paths)
    assert f"edition 2026: fieldwork is open until {tomorrow}" in caplog.text
    export = other_survey.exports / "fietsen_2026.csv"
    header, *rows = export.read_text("utf-8").splitlines(keepends=True)
    export.write_text(header + "".join(rows[:-1]))
    other_survey.set("codebook/editions.csv", 3, expected_respondent_count="3")
    build_warehouse(paths)
    assert "edition 2026: this export is older than the one built before" in caplog.text
