"""Small inputs after public bug reports of people who do this job, with what is right.

Each folder of tests/cases has an export and what its codebook has of its own; what most share
stands in `common`. What is right was worked out by hand, and stands in the README beside it.
"""

import csv
import shutil
from pathlib import Path

import duckdb
import pyreadstat
import pytest

from ingest.authoring.draft import draft_edition
from ingest.exports.files import ExportFile
from ingest.shared.csv_files import write_file
from ingest.shared.problems import InputError
from ingest.survey import load_survey
from pipeline.build import build_warehouse
from pipeline.modelling import run_dbt
from pipeline.paths import Paths
from publish.research import write_research
from publish.site.writing import write_site
from tests.conftest import ROOT, Survey

CASES = ROOT / "tests/cases"


class Figures(dict):
    """Selected count, base count and percentage of each option, of respondents."""

    def __init__(self, rows):
        super().__init__({row[1]: row[2:] for row in rows if row[0] == "respondents"})
        self.municipalities = {row[1]: row[2:] for row in rows if row[0] == "municipalities"}


@pytest.fixture
def load(tmp_path):
    """Lands a case, its codebook changed where a test says so."""

    def land(name, change=None, database=":memory:"):
        shutil.rmtree(tmp_path / name, ignore_errors=True)
        survey = Survey(tmp_path / name / "seeds", tmp_path / name / "exports")
        # What it shares with most of the others stands once.
        shutil.copytree(CASES / "common", tmp_path / name)
        shutil.copytree(CASES / name, tmp_path / name, dirs_exist_ok=True)
        if change:
            change(survey)
        connection = duckdb.connect(database)
        connection.execute("attach ':memory:' as restricted")
        load_survey(connection, survey.codebook, survey.exports)
        return connection

    return land


@pytest.fixture
def figures(load, tmp_path_factory):
    """What the warehouse makes of a case: selected of base, per option, respondents.

    Those of municipalities stand in its attribute.
    """

    def count(name, change=None, edition=None):
        # Always the same file: for another, dbt would parse its project anew.
        work = tmp_path_factory.getbasetemp() / "cases-work"
        work.mkdir(exist_ok=True)
        database = work / "warehouse.duckdb"
        database.unlink(missing_ok=True)
        load(name, change, database).close()
        run_dbt(["run", "--select", "+mart_question_results"], database, work)
        with duckdb.connect(database, read_only=True) as connection:
            rows = connection.execute(
                "select base, option_key, selected_count, base_count, percentage"
                " from marts.mart_question_results"
                " where coalesce(edition_key = ?, edition_key in"
                " (select min(edition_key) from codebook.editions))",
                [edition],
            ).fetchall()
        return Figures(rows)

    return count


@pytest.fixture
def evolution(load, tmp_path_factory):
    """What the warehouse says of a change, by option and pair of editions."""

    def compare(name, base="respondents", population="cross_section", change=None):
        work = tmp_path_factory.getbasetemp() / "cases-work"
        work.mkdir(exist_ok=True)
        database = work / "warehouse.duckdb"
        database.unlink(missing_ok=True)
        load(name, change, database).close()
        run_dbt(["run", "--select", "+mart_evolution"], database, work)
        with duckdb.connect(database, read_only=True) as connection:
            rows = connection.execute(
                "select * from marts.mart_evolution where base = ? and population = ?",
                [base, population],
            )
            names = [column[0] for column in rows.description]
            found = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
        return {
            (row["option_key"], row["from_edition_key"], row["to_edition_key"]): row
            for row in found
        }

    return compare


def count_of(figures, *options):
    return [figures[option][:2] for option in options]


def add(table, *rows):
    """Return a change that adds rows to a table of the codebook."""
    return lambda survey: survey.edit(f"codebook/{table}.csv", lambda known: [*known, *rows])


def mean_no_answer(edition, spelling, *questions):
    """Return a change by which a text means that there is no answer."""
    return add("option_spellings", *(
        {"edition_key": edition, "question_key": question, "option_code": "",
         "spelling": spelling, "is_selected": "no", "review": "reviewed"}
        for question in questions
    ))  # fmt: skip


REFUSED = {
    "03b-comma-ambiguous": "can be read in several ways: 'Fiets, Auto' or 'Fiets' + 'Auto'.",
    "35-one-spelling-two-options-joined": "Fiets also stands for another option of the same",
    "13-two-digit-years": "'Begonnen' holds '02-03-24 09:00', which is no date or time.",
    "08-same-person-twice": "It is of the same respondent as row 2: the same id or address.",
    "41-same-token-twice": "It is of the same respondent as row 2: the same id or address.",
    "33-codes-for-missing": "'Vervolg?' holds '999', which is no option",
    "tool-joined_ambiguous": "'Housing, Rent' or 'Housing' + 'Rent'.",
    "06-other-text-in-joined-cell": "cell F2\n    'Welke?' holds 'step van de buren', which is no",
    "16-numbers-as-text": "cell F4\n    'Hoeveel VTE?' holds '12,5', which is no whole number.",
    "19-merger-within-fieldwork": "'Aabee' is a municipality, but not on this edition's frame",
    "43-weights": "row 7, column role\n    It says 'weight'.",
    "tool-draft_same_headers_unknown": "cells P3, P4, P5 and 32 more\n    'sat[SQ001]' holds 'N/A'",
    "tool-qualtrics_seen_unanswered_99": "cells T8, T11, T28 and 8 more\n    'Q4 - How many staff?",
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_case_is_refused_with_what_to_do(load, name):
    with pytest.raises(InputError) as caught:
        load(name)
    assert REFUSED[name] in str(caught.value)


def test_header_that_the_codebook_names_is_nobodys(load):
    assert load("31-question-text-with-address").execute(
        "select count(*) from raw.export_cells inner join raw.export_columns"
        " using (edition_key, column_number) where header like '%koepel.example%'"
    ).fetchone() == (2,)


@pytest.mark.slow
def test_delimiter_within_and_behind_options(figures):
    assert count_of(figures("03-comma-in-option"), "k.city_light", "k.cargo", "k.light") == [
        (2, 4), (2, 4), (1, 4),
    ]  # fmt: skip
    assert count_of(figures("04-trailing-delimiter"), "k.city", "k.cargo") == [(2, 3), (2, 3)]


def test_option_that_stands_twice_in_a_cell_counts_once(figures):
    assert count_of(figures("05-same-choice-twice"), "k.city", "k.cargo") == [(1, 2), (1, 2)]
    # Café and Kaffee are one option; rows 2 and 5 have both.
    found = figures("tool-joined_two_spellings_one_option")
    assert count_of(found, "themes.x", "themes.y", "themes.z") == [(3, 5), (3, 5), (2, 5)]


settle = add(
    "row_exclusions",
    {"edition_key": "2024", "role": "repeated", "value": "most_complete",
     "reason": "Twee keer geantwoord."},
)  # fmt: skip


@pytest.mark.parametrize("name", ["08-same-person-twice", "41-same-token-twice"])
def test_one_person_has_one_voice(figures, name):
    found = figures(name, settle)
    assert count_of(found, "h.yes", "h.no", "z.yes") == [(0, 2), (2, 2), (1, 2)]


def test_dates_have_the_form_that_the_codebook_declares(load):
    connection = load(
        "13-two-digit-years",
        lambda survey: survey.edit(
            "codebook/editions.csv",
            lambda rows: [row | {"date_format": "%d-%m-%y %H:%M"} for row in rows],
        ),
    )
    assert [str(moment) for (moment,) in connection.execute(
        "select moment from raw.moments where role = 'started_at' order by 1"
    ).fetchall()] == ["2024-03-02 09:00:00", "2024-04-01 09:00:00"]  # fmt: skip


@pytest.mark.slow
def test_code_for_no_answer_is_no_answer(figures):
    def declare(survey):
        mean_no_answer("2024", "-99", "v", "n")(survey)
        mean_no_answer("2024", "999", "v", "n")(survey)

    found = figures("33-codes-for-missing", declare)
    # Row 3 was not asked, row 4 skipped: neither stands in the base.
    assert count_of(found, "v.yes", "v.no") == [(1, 1), (0, 1)]
    found = figures(
        "tool-qualtrics_seen_unanswered_99",
        mean_no_answer("2026", "-99", *("has", "themes", "staff", "sat", "nps", "rank")),
    )
    # Of 80 that are no preview: 51 yes, 23 no, 6 seen and not answered.
    assert count_of(found, "has.yes", "has.no") == [(51, 74), (23, 74)]
    assert count_of(found, "staff.s1", "staff.s3", "nps.n0") == [(12, 61), (21, 61), (10, 63)]
    assert count_of(found, "sat.desk.l1", "sat.web.l2") == [(15, 40), (16, 43)]
    found = figures(
        "tool-draft_same_headers_unknown", mean_no_answer("2026", "N/A", "sat", "staff")
    )
    assert count_of(found, "has.yes", "staff.s1") == [(51, 74), (12, 61)]


def test_key_with_a_capital_can_be_routed_on(figures):
    assert count_of(figures("25-upper-case-keys"), "Q2.A1", "Q2.A2") == [(1, 1), (0, 1)]


def test_half_of_a_percent_rounds_up(figures):
    found = figures("36-half-up")
    assert [found[option][2] for option in ("h.yes", "h.no")] == [13, 88]


def test_new_way_to_say_none_is_no_plain_decrease(evolution):
    found = evolution("11b-none-option-added-24")
    row = found["k.a", 2024, 2026]
    assert (row["from_share"], row["to_share"]) == (8 / 12, 8 / 24)
    assert row["comparability"] == "comparable_with_caution"
    assert "‘Geen van deze’, to be chosen alone" in row["reason"]
    # Of all who were asked, nothing changed.
    assert (row["from_share_of_asked"], row["to_share_of_asked"]) == (8 / 24, 8 / 24)
    assert found["k.none", 2024, 2026]["reason_code"] == "option_is_new"


def test_option_that_went_or_came_back_is_named_at_its_neighbours(evolution):
    found = evolution("12-neutral-dropped")
    gone = found["s.g", 2024, 2026]
    assert (gone["from_share"], gone["to_share"]) == (2 / 10, 4 / 10)
    assert gone["comparability"] == "comparable_with_caution"
    assert "no longer offers ‘Neutraal’" in gone["reason"]
    back = found["s.g", 2026, 2028]
    assert back["comparability"] == "comparable_with_caution"
    assert "now offers ‘Neutraal’" in back["reason"]
    same = found["s.n", 2024, 2028]
    assert (same["comparability"], same["change"]) == ("comparable", 0)
    assert (same["from_share"], same["to_share"]) == (4 / 10, 4 / 10)
    assert found["s.g", 2024, 2028]["from_share_of_asked"] is None


def test_zeros_of_what_was_not_shown_are_no_answers(figures):
    found = figures("01-zeros-of-not-shown")
    kinds = [f"kinds.{code}" for code in ("city", "cargo", "electric", "none")]
    assert count_of(found, *kinds) == [(2, 2), (1, 2), (0, 2), (0, 2)]


def test_answers_left_behind_are_in_no_base(figures):
    found = figures("02-back-button-cascade")
    assert count_of(found, "kinds.cargo", "condition.cargo.bad") == [(1, 3), (1, 1)]


@pytest.mark.parametrize("name", ["03c-options-in-two-lines", "04b-list-in-brackets"])
def test_options_in_lines_or_in_a_list(figures, name):
    assert count_of(figures(name), "k.city", "k.cargo") == [(1, 2), (2, 2)]


def test_text_of_another_option_is_taken_out_by_a_correction(figures):
    correct = add(
        "corrections",
        {"edition_key": "2024", "respondent_key": "2024-000002", "question_key": "k",
         "started_at": "2024-03-01 09:00:00", "expected_value": "Stadsfiets;step van de buren",
         "new_value": "Stadsfiets;Anders", "reason": "Anders.", "corrected_on": "2024-04-01"},
    )  # fmt: skip
    found = figures("06-other-text-in-joined-cell", correct)
    assert count_of(found, "k.city", "k.cargo", "k.other") == [(1, 2), (1, 2), (1, 2)]


def test_what_is_left_over_in_a_joined_cell_can_be_the_text_of_an_option(figures, load):
    def declare(survey):
        row = survey.find("codebook/export_columns.csv", role="options")
        survey.set("codebook/export_columns.csv", row, option_code="other", privacy="open")

    name = "06-other-text-in-joined-cell"
    found = figures(name, declare)
    assert count_of(found, "k.city", "k.cargo", "k.other") == [(1, 2), (1, 2), (1, 2)]
    connection = load(name, declare)
    assert connection.execute(
        "select cell_text from raw.export_cells inner join raw.export_columns"
        " using (edition_key, column_number) where role = 'options' order by row_number"
    ).fetchall() == [("Stadsfiets;[restricted]",), ("Bakfiets",)]
    assert connection.execute(
        "select cell_text from restricted.export_cells order by row_number"
    ).fetchall() == [("Stadsfiets;step van de buren",), ("Bakfiets",)]


@pytest.mark.parametrize("name", ["07-no-completion-column", "07b-submitdate-as-is_complete"])
def test_filled_column_says_who_is_complete(figures, name):
    # Row 3 stopped before z.
    assert count_of(figures(name), "h.yes", "z.yes") == [(1, 2), (1, 1)]


@pytest.mark.parametrize("name", ["09a-routing", "09b-routing", "09c-routing"])
def test_routing_compares_numbers_and_counts(figures, name):
    # Only the first has twelve, and ticked two.
    assert count_of(figures(name), "v.yes", "v.no") == [(1, 1), (0, 1)]


def test_second_column_of_a_header_is_told_from_the_first(figures, load):
    with pytest.raises(InputError) as caught:
        load("24-two-columns-one-header")
    assert "2024 + Waarom? is declared" in str(caught.value)
    columns = "codebook/export_columns.csv"

    def rename(header):
        return lambda survey: survey.set(
            columns, survey.find(columns, question_key="h3"), header=header
        )

    with pytest.raises(InputError) as caught:
        load("24-two-columns-one-header", rename("Waarom niet?"))
    assert "cell G1\n    The codebook has no column 'Waarom? [2]'." in str(caught.value)
    found = figures("24-two-columns-one-header", rename("Waarom? [2]"))
    assert count_of(found, "h2.yes", "h3.no") == [(1, 1), (1, 1)]


def test_routing_asks_for_a_blank(figures):
    # Only the third ticked nothing, and left what was asked of it blank.
    assert count_of(figures("09d-routing"), "v.yes", "v.no") == [(0, 0), (0, 0)]


def test_routing_reads_and_before_or(figures):
    found = figures("09e-routing")
    assert count_of(found, "v.yes", "k.a", "k.b") == [(0, 0), (2, 2), (1, 2)]


def test_exclusive_option_beside_others_is_counted_as_given(figures):
    found = figures("10-exclusive-with-others")
    assert count_of(found, "k.a", "k.b", "k.none") == [(2, 3), (1, 3), (2, 3)]
    assert found.municipalities["k.none"][:2] == (1, 3)


def test_workbook_may_count_its_days_from_1904(load):
    assert str(load("14-dates-of-1904").execute(
        "select min(moment) from raw.moments where role = 'started_at'"
    ).fetchone()[0]) == "2024-03-02 09:00:00"  # fmt: skip


def test_options_that_became_dates_are_spelled_so(figures):
    found = figures("15-options-that-became-dates")
    assert count_of(found, "n.s", "n.m", "n.l") == [(1, 3), (1, 3), (1, 3)]


def test_number_has_a_mean_with_its_base(load, tmp_path):
    database = tmp_path / "warehouse.duckdb"
    load("16b-decimal", None, database).close()
    run_dbt(["run", "--select", "+mart_scale_results"], database, tmp_path)
    with duckdb.connect(database, read_only=True) as connection:
        assert connection.execute(
            "select question_key, base, mean, median, base_count from marts.mart_scale_results"
        ).fetchall() == [("n", "respondents", 4, 4, 2)]


def test_number_may_have_decimals_in_the_form_of_its_tool(load, tmp_path):
    def declare(survey):
        number = survey.find("codebook/questions.csv", question_key="n")
        survey.set("codebook/questions.csv", number, type="number", unit="VTE", lowest="0",
                   highest="2000", municipality_rule="sum")  # fmt: skip
        survey.set("codebook/editions.csv", 2, number_format="1.234,5")
        add("corrections", *(
            {"edition_key": "2024", "respondent_key": f"2024-{row:06}", "question_key": "n",
             "started_at": started, "expected_value": seen, "new_value": new, "reason": "x",
             "corrected_on": "2024-04-01"}
            for row, started, seen, new in (
                (2, "2024-03-01 09:00:00", "1 200", "1200"),
                (5, "2024-03-04 09:00:00", "50%", "50"),
                (8, "2024-03-07 09:00:00", "1e3", "1.000"),
                (9, "2024-03-08 09:00:00", "'15", "15"),
            )
        ))(survey)  # fmt: skip

    database = tmp_path / "warehouse.duckdb"
    load("16-numbers-as-text", declare, database).close()
    run_dbt(["run", "--select", "+mart_scale_results +fct_number_answers"], database, tmp_path)
    with duckdb.connect(database, read_only=True) as connection:
        numbers = connection.execute("select number from marts.fct_number_answers order by 1")
        assert [number for (number,) in numbers.fetchall()] == [
            12, 12.5, 15, 50, 1000, 1200, 1200, 1200,
        ]  # fmt: skip
        assert connection.execute(
            "select base, mean, base_count from marts.mart_scale_results order by base"
        ).fetchall() == [("municipalities", 586.1875, 8), ("respondents", 586.1875, 8)]


def test_what_only_looks_like_a_number_hides_behind_none(load):
    def write(survey):
        export = survey.exports / "e2024.csv"
        text = export.read_text("utf-8")
        export.write_text(text.replace("1 200", "102").replace(",50%", ",10²"), encoding="utf-8")

    with pytest.raises(InputError) as caught:
        load("16-numbers-as-text", write)
    assert "'10²', which is no whole number" in str(caught.value)


def test_thousands_with_a_point_are_no_decimals_where_decimals_have_a_comma(load):
    def declare(survey):
        survey.set("codebook/editions.csv", 2, number_format="1234,5")
        number = survey.find("codebook/questions.csv", question_key="n")
        survey.set("codebook/questions.csv", number, type="number")

    with pytest.raises(InputError) as caught:
        load("16-numbers-as-text", declare)
    assert "'1.200', which is no number in the form of this edition" in str(caught.value)
    assert "'12,5'" not in str(caught.value)


def test_merger_within_fieldwork_goes_by_the_frame_date(figures):
    correct = add(
        "corrections",
        {"edition_key": "2024", "respondent_key": "2024-000003", "question_key": "place",
         "started_at": "2024-03-20 09:00:00", "expected_value": "Aabee", "new_value": "Bee",
         "reason": "Vroeger Bee.", "corrected_on": "2024-04-01"},
    )  # fmt: skip
    found = figures("19-merger-within-fieldwork", correct)
    assert (found["h.yes"][:2], found.municipalities["h.yes"][:2]) == ((2, 3), (2, 3))
    found = figures("19b-frame-after-merger")
    assert (found["h.yes"][:2], found.municipalities["h.yes"][1]) == ((2, 3), 2)


def test_divided_municipality_is_in_no_panel(evolution):
    panel = evolution("20-municipality-split", population="panel")["h.yes", 2024, 2026]
    assert (panel["from_base_count"], panel["to_base_count"]) == (1, 1)
    assert (panel["from_share"], panel["to_share"]) == (1, 1)
    # Both editions by themselves have all that answered.
    whole = evolution("20-municipality-split")["h.yes", 2024, 2026]
    assert (whole["from_base_count"], whole["to_base_count"]) == (2, 3)


def test_two_waves_in_a_year_are_two_editions(evolution):
    row = evolution("21-two-waves-a-year")["h.yes", 20251, 20252]
    assert (row["from_share"], row["to_share"]) == (0.4, 0.6)


def test_columns_without_any_content_build(figures):
    assert count_of(figures("23-no-dates"), "h.yes") == [(1, 2)]


def test_new_dont_know_is_named_and_can_be_left_out(evolution, figures):
    row = evolution("28-dont-know-added")["h.yes", 2024, 2026]
    assert row["comparability"] == "comparable_with_caution"
    assert "‘Weet niet’" in row["reason"]
    found = figures("28-dont-know-added", edition=2026)
    assert count_of(found, "h.yes", "h.dk") == [(3, 10), (4, 10)]
    assert found["h.yes"][0] / (found["h.yes"][1] - found["h.dk"][0]) == 3 / 6


@pytest.mark.slow
def test_question_that_became_a_row_continues_only_where_the_codebook_says_so(evolution):
    found = evolution("29-single-became-matrix-row")
    assert {row["comparability"] for row in found.values()} == {"not_comparable"}
    assert {row["reason_code"] for row in found.values()} == {"asked_once"}

    def declare(survey):
        table = {"edition_key": "2026", "from_item_code": "", "reason": "Gesplitst."}
        columns = [
            "edition_key", "question_key", "item_code", "from_question_key", "from_item_code",
            "lineage", "reason",
        ]  # fmt: skip
        rows = [
            {"question_key": "hm", "item_code": "plan", "from_question_key": "h",
             "lineage": "continued"},
            {"question_key": "m1", "from_question_key": "m", "lineage": "split"},
            {"question_key": "m2", "from_question_key": "m", "lineage": "split"},
        ]  # fmt: skip
        write_file(
            survey.codebook / "codebook/question_lineage.csv",
            columns,
            [table | row for row in rows],
        )
        add("comparability", {
            "from_edition_key": "2024", "to_edition_key": "2026", "question_key": "hm",
            "item_code": "plan", "verdict": "comparable", "reason": "Dezelfde woorden.",
        })(survey)  # fmt: skip

    for base in ("respondents", "municipalities"):
        for population in ("cross_section", "panel"):
            found = evolution("29-single-became-matrix-row", base, population, declare)
            row = found["hm.plan.yes", 2024, 2026]
            assert (row["from_share"], row["to_share"]) == (5 / 10, 7 / 10)
            assert (row["from_base_count"], row["to_base_count"]) == (10, 10)
            assert row["change"] == pytest.approx(0.2)
            assert row["comparability"] == "comparable"
            if population == "cross_section":
                assert {
                    found[option, 2024, 2026]["reason"] for option in ("m.yes", "m1.no", "m2.yes")
                } == {"Gesplitst."}
                assert ("h.yes", 2024, 2026) not in found


def test_text_without_tick_counts_as_ticked(figures):
    # Rows 2 and 3 wrote beside a box that they left open; row 3 ticked nothing.
    assert count_of(figures("32-other-text-without-tick"), "k.a", "k.o") == [(2, 2), (1, 2)]


def test_weights_are_not_known_and_can_be_ignored(figures):
    def ignore(survey):
        row = survey.find("codebook/export_columns.csv", role="weight")
        survey.set("codebook/export_columns.csv", row, role="ignored", reason="Geen gewichten.")

    assert count_of(figures("43-weights", ignore), "h.yes", "h.no") == [(1, 2), (1, 2)]


def test_excel_of_a_country_with_semicolons_may_save_the_codebook(load, figures):
    name = "39-codebook-saved-by-a-Belgian-Excel"
    assert str(load(name).execute(
        "select field_start_date, frame_date from codebook.editions"
    ).fetchone()) == "(datetime.date(2024, 3, 1), datetime.date(2024, 1, 1))"  # fmt: skip
    assert count_of(figures(name), "h.yes") == [(1, 1)]


def test_line_for_a_spreadsheet_is_no_header(load, figures):
    assert count_of(figures("37-sep-line"), "h.yes") == [(1, 1)]
    assert load("37-sep-line").execute("select row_number from raw.export_rows").fetchone() == (3,)


def test_text_alone_can_choose_an_option(figures, load):
    found = figures("tool-surveymonkey_other_is_text_only")
    names = [f"themes.{code}" for code in ("housing", "green", "nobody", "other")]
    assert count_of(found, *names) == [(23, 39), (20, 39), (0, 39), (24, 39)]
    assert load("tool-surveymonkey_other_is_text_only").execute(
        "select count(*) from raw.export_cells where cell_text like 'something, else%'"
    ).fetchone() == (0,)


def test_predecessors_are_pooled_and_named(evolution):
    found = evolution("statistics-merger", base="municipalities", population="panel")
    assert "the predecessors answered apart before" in found["kinds.city", 2024, 2026]["reason"]
    assert (
        "Municipalities with more respondents than before: 1"
        in (
            evolution("statistics-merger", base="municipalities")["kinds.city", 2024, 2026][
                "reason"
            ]
        )
    )


@pytest.mark.parametrize("name", ["tool-address_in_option_label", "tool-address_in_question_text"])
def test_address_that_the_codebook_names_is_nobodys(figures, name):
    assert count_of(figures(name), "staff.a", "themes.x") == [(1, 5), (3, 5)]


@pytest.mark.slow
def test_long_names_and_labels_lose_no_column_in_spss(load, tmp_path):
    database = tmp_path / "warehouse.duckdb"
    load("22-long-names-and-labels", None, database).close()
    run_dbt(["run"], database, tmp_path)
    with duckdb.connect(database, read_only=True) as connection:
        write_research(connection, tmp_path / "research")
    frame, meta = pyreadstat.read_sav(tmp_path / "research/spss/2024.sav")
    long = [name for name in frame.columns if name.startswith("q_x")]
    assert [list(frame[name]) for name in long] == [[1, 0, 1], [0, 1, 1]]
    assert len({name.casefold() for name in long}) == 2
    assert all(len(name.encode()) <= 64 for name in frame.columns)
    labels = [meta.column_names_to_labels[name] for name in long]
    assert all(len(label.encode()) <= 256 and "\ufffd" not in label for label in labels)


@pytest.mark.slow
def test_braces_and_tags_in_labels_are_texts(load, tmp_path):
    load("30-braces-in-labels").close()
    database = tmp_path / "warehouse.duckdb"
    case = tmp_path / "30-braces-in-labels"
    build_warehouse(Paths(case / "seeds", case / "exports", database))
    with duckdb.connect(database, read_only=True) as connection:
        assert connection.execute(
            "select option_label from public_release.question_results"
            " where option_key = 'h.no' and base = 'respondents'"
        ).fetchall() == [("Nee; <script>alert(1)</script> & é",)]
        write_site(connection, tmp_path / "site")
    pages = [path.read_text("utf-8") for path in (tmp_path / "site").rglob("*.html")]
    assert any("Nee; &lt;script&gt;alert(1)&lt;/script&gt; &amp; é" in page for page in pages)
    assert not any("<script>alert" in page for page in pages)


def test_bare_number_tells_no_label(tmp_path):
    folder = tmp_path / "seeds"
    shutil.copytree(CASES / "common/seeds", folder)
    shutil.copytree(CASES / "38-scale-turned-round" / "seeds", folder, dirs_exist_ok=True)
    # The same header and numbers; 5 is the best now.
    export = CASES / "38-scale-turned-round" / "exports/e2024.csv"
    draft_edition(folder, ExportFile(2026, export, None, None, None, 1), accept=True)
    with (folder / "codebook/option_spellings.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["edition_key"] == "2026"]
    assert {row["review"] for row in rows if row["question_key"] == "s"} == {"proposed"}


def test_every_case_has_its_test():
    told = Path(__file__).read_text("utf-8")
    known = {"common"}
    found = {path.name for path in CASES.iterdir()}
    assert {name for name in found - known if f'"{name}"' not in told} == set()
    assert known < found
