"""Ranks, points that are divided, grids of boxes and of numbers, and days: from cells to figures.

Twelve invented respondents in two editions; what is right is counted from the rows, by hand.
"""

import csv
import re
import statistics

import duckdb
import pyreadstat
import pytest

from pipeline.build import build_warehouse
from pipeline.paths import Paths
from publish.research import write_research
from publish.site.writing import write_site
from tests.conftest import share
from tests.survey_of_types import OPTIONS, ROWS, cells, write_survey


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    def make(folder):
        survey = write_survey(folder)
        build_warehouse(Paths(survey.codebook, survey.exports, folder / "warehouse.duckdb"))

    return share(tmp_path_factory, "types", make)


@pytest.fixture(scope="module")
def warehouse(folder):
    with duckdb.connect(folder / "warehouse.duckdb", read_only=True) as connection:
        yield connection


def means(warehouse, key):
    return dict(
        warehouse.execute(
            "select question_key, (mean, base_count) from marts.mart_scale_results"
            " where edition_key = 1 and starts_with(question_key, ?)",
            [f"{key}."],
        ).fetchall()
    )


@pytest.mark.parametrize("key", ["order", "points"])
def test_row_of_a_rank_and_of_points_has_its_mean(warehouse, key):
    assert means(warehouse, key) == {
        f"{key}.{item}": (pytest.approx(statistics.mean(map(int, cells(f"{key} {item}")))), 12)
        for item in ROWS
    }


def test_rank_in_one_cell_gives_each_row_its_place(warehouse):
    expected = {}
    for item, label in ROWS.items():
        places = [text.split(";").index(label) + 1 for text in cells("wish") if label in text]
        expected[f"wish.{item}"] = (pytest.approx(statistics.mean(places)), len(places))
    assert means(warehouse, "wish") == expected
    # Who did not name a row skipped it.
    assert warehouse.execute(
        "select count(*) from marts.fct_question_responses"
        " where edition_key = 1 and question_key = 'wish.b' and state = 'skipped'"
    ).fetchone() == (12 - expected["wish.b"][1],)


def test_routing_can_ask_for_a_place_in_a_rank(warehouse):
    shown = [n for n, place in enumerate(cells("order a")) if int(place) <= 2]
    assert len(shown) == 8
    assert means(warehouse, "staff")["staff.c"] == (
        pytest.approx(statistics.mean(number + 2 for number in shown)), 8,
    )  # fmt: skip


def test_bands_of_a_number_are_counted_as_options(warehouse):
    shown = [n for n, place in enumerate(cells("order a")) if int(place) <= 2]
    assert shown == [0, 1, 3, 4, 6, 7, 9, 10]
    # The row c has two more than that: 2, 3, 5, 6, 8, 9, 11, 12.
    assert warehouse.execute(
        "select option_key, selected_count, base_count, percentage"
        " from marts.mart_question_results"
        " where edition_key = 1 and question_key = 'staff.c' order by option_position"
    ).fetchall() == [
        ("staff.c.few", 2, 8, 25), ("staff.c.some", 2, 8, 25), ("staff.c.many", 4, 8, 50),
    ]  # fmt: skip
    # Below the highest at_least, on it, and above it.
    assert warehouse.execute(
        "select number, option_key from marts.fct_number_answers"
        " inner join marts.fct_answers using (respondent_key, question_key)"
        " where question_key = 'staff.c' and is_selected and number between 6 and 9"
        " and fct_number_answers.edition_key = 1 order by number"
    ).fetchall() == [(6, "staff.c.some"), (8, "staff.c.many"), (9, "staff.c.many")]


@pytest.mark.parametrize("key", ["grid", "cells"])
def test_box_of_a_grid_is_counted_in_its_row(warehouse, key):
    found = dict(
        warehouse.execute(
            "select option_key, (selected_count, base_count) from marts.mart_question_results"
            " where edition_key = 1 and starts_with(option_key, ?)",
            [f"{key}."],
        ).fetchall()
    )
    expected = {}
    for item in ROWS:
        for option, label in OPTIONS.items():
            if key == "grid":
                ticks = [cell == "1" for cell in cells(f"grid {item} {option}")]
                answered = [
                    "1" in pair
                    for pair in zip(cells(f"grid {item} x"), cells(f"grid {item} y"), strict=True)
                ]
            else:
                ticks = [label in cell for cell in cells(f"cells {item}")]
                answered = [bool(cell) for cell in cells(f"cells {item}")]
            expected[f"{key}.{item}.{option}"] = (sum(ticks), sum(answered))
    assert found == expected


def test_day_has_its_earliest_middle_and_latest(warehouse):
    assert warehouse.execute(
        "select base_count, earliest_day::varchar, median_day::varchar, latest_day::varchar"
        " from marts.mart_day_results where edition_key = 1 and question_key = 'since'"
    ).fetchall() == [(12, "2020-03-01", "2020-03-06", "2020-03-12")]


def test_ranks_among_other_rows_are_not_compared(warehouse):
    compared = warehouse.execute(
        "select distinct split_part(question_key, '.', 1) from marts.mart_scale_evolution"
    ).fetchall()
    assert {key for (key,) in compared} == {"wish", "staff"}


@pytest.mark.parametrize(
    ("header", "text", "told"),
    [
        ("order a", "4", "'order a' holds '4', which is out of its range."),
        ("order a", "1,5", "'order a' holds '1,5', which is no whole number."),
        ("wish", "Werk;Werk", "'wish' holds 'Werk', which is no row of this rank, or stands"),
        ("wish", "Werk;Spel", "'wish' holds 'Spel', which is no row of this rank"),
        ("points a", "veel", "'points a' holds 'veel', which is no number in the form"),
        ("since", "31/02/2020", "'since' holds '31/02/2020', which is no day."),
        ("cells a", "Folder;Affiche", "'cells a' holds 'Affiche', which is no option"),
    ],
)
def test_what_is_none_of_them_is_refused(tmp_path, header, text, told):
    survey = write_survey(tmp_path)
    path = survey.exports / "ronde 1.csv"
    with path.open(newline="") as file:
        rows = list(csv.reader(file))
    rows[3][rows[0].index(header)] = text
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    assert told in survey.refusal()


def test_research_file_has_them(warehouse, tmp_path):
    write_research(warehouse, tmp_path)
    frame, meta = pyreadstat.read_sav(tmp_path / "spss/1.sav", user_missing=True)
    by_label = {label: name for name, label in meta.column_names_to_labels.items()}
    points = frame[by_label["points – Zorg"]].tolist()
    assert points == [float(cell) for cell in cells("points c")]
    assert meta.variable_measure[by_label["points – Zorg"]] == "scale"
    # Who answered what was not to be shown has the code for that.
    staff = frame[by_label["staff – Werk"]].tolist()
    assert staff == [
        -4 if place == "3" else float(number) for number, place in enumerate(cells("order a"))
    ]
    assert frame[by_label["since"]].astype(str).tolist()[0] == "2020-03-01"
    assert frame[by_label["cells – Werk: Website"]].tolist()[:3] == [0, 1, -2]


def test_site_has_pages_of_what_has_options(warehouse, tmp_path):
    write_site(warehouse, tmp_path)
    page = (tmp_path / "vragenlijst/grid.html").read_text(encoding="utf-8")
    assert "Tabel met meerdere antwoorden per rij." in page
    # Who ticks two boxes is in two of them: bars beside each other, which no stack can hold.
    chart = (tmp_path / "data/1-grid.svg").read_text(encoding="utf-8")
    counted = warehouse.execute(
        "select selected_count || ' van ' || base_count from public_release.question_results"
        " where edition_key = 1 and starts_with(question_key, 'grid.') and base = 'respondents'"
        " and breakdown = 'total'"
    ).fetchall()
    assert len(counted) == len(ROWS) * len(OPTIONS)
    assert sorted(re.findall(r"\d+ van \d+", chart)) == sorted(count for (count,) in counted)
    assert "Website" in (tmp_path / "resultaten/1-1.html").read_text(encoding="utf-8")
