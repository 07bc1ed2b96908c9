"""Small inputs after public bug reports of people who do this job, with what is right.

Each folder of tests/cases has an export and what its codebook has of its own; what most share
stands in `common`. What is right was worked out by hand, and stands in the README beside it.
"""

import shutil

import duckdb
import pytest

from ingest.shared.problems import InputError
from ingest.survey import load_survey
from pipeline.modelling import run_dbt
from tests.conftest import ROOT, Survey

CASES = ROOT / "tests/cases"


@pytest.fixture
def load(tmp_path):
    """Lands a case, its codebook changed where a test says so."""

    def land(name, change=None, database=":memory:"):
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
    """What the warehouse makes of a case: selected of base, per option, respondents."""

    def count(name, change=None):
        # Always the same file: for another, dbt would parse its project anew.
        work = tmp_path_factory.getbasetemp() / "cases-work"
        work.mkdir(exist_ok=True)
        database = work / "warehouse.duckdb"
        database.unlink(missing_ok=True)
        load(name, change, database).close()
        run_dbt(["run", "--select", "+mart_question_results"], database, work)
        with duckdb.connect(database, read_only=True) as connection:
            return {
                option: (selected, base, percentage)
                for option, selected, base, percentage in connection.execute(
                    "select option_key, selected_count, base_count, percentage"
                    " from marts.mart_question_results where base = 'respondents'"
                ).fetchall()
            }

    return count


@pytest.fixture
def evolution(load, tmp_path_factory):
    """What the warehouse says of a change, respondents of the cross-section, by option and pair."""

    def compare(name):
        work = tmp_path_factory.getbasetemp() / "cases-work"
        work.mkdir(exist_ok=True)
        database = work / "warehouse.duckdb"
        database.unlink(missing_ok=True)
        load(name, None, database).close()
        run_dbt(["run", "--select", "+mart_evolution"], database, work)
        with duckdb.connect(database, read_only=True) as connection:
            rows = connection.execute(
                "select * from marts.mart_evolution"
                " where base = 'respondents' and population = 'cross_section'"
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


REFUSED = {
    "03b-comma-ambiguous": "can be read in several ways: 'Fiets, Auto' or 'Fiets' + 'Auto'.",
    "35-one-spelling-two-options-joined": "Fiets also stands for another option of the same",
    "13-two-digit-years": "'Begonnen' holds '02-03-24 09:00', which is no date or time.",
    "08-same-person-twice": "It is of the same respondent as row 2: the same id or address.",
    "41-same-token-twice": "It is of the same respondent as row 2: the same id or address.",
    "33-codes-for-missing": "'Vervolg?' holds '999', which is no option",
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


def settle(survey):
    survey.edit(
        "codebook/row_exclusions.csv",
        lambda rows: [
            *rows,
            {"edition_key": "2024", "role": "repeated", "value": "most_complete",
             "reason": "Twee keer geantwoord."},
        ],
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


def test_code_for_no_answer_is_no_answer(figures):
    def declare(survey):
        survey.edit(
            "codebook/option_spellings.csv",
            lambda rows: [
                *rows,
                *(
                    {"edition_key": "2024", "question_key": question, "option_code": "",
                     "spelling": spelling, "is_selected": "no", "review": "reviewed"}
                    for question in ("v", "n")
                    for spelling in ("-99", "999")
                ),
            ],
        )  # fmt: skip

    found = figures("33-codes-for-missing", declare)
    # Row 3 was not asked, row 4 skipped: neither stands in the base.
    assert count_of(found, "v.yes", "v.no") == [(1, 1), (0, 1)]


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
