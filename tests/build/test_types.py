"""Ranks, points that are divided, grids of boxes and of numbers, and days: from cells to figures.

Twelve invented respondents in two editions; what is right is counted from the rows, by hand.
"""

import csv
import statistics

import duckdb
import pyreadstat
import pytest

from ingest.authoring.beginning import write_codebook
from ingest.codebook.tables import TABLES
from ingest.shared.csv_files import write_file
from pipeline.build import build_warehouse
from pipeline.paths import Paths
from publish.research import write_research
from publish.site.writing import write_site
from tests.conftest import Survey, share

ROWS = {"a": "Werk", "b": "Wonen", "c": "Zorg"}
OPTIONS = {"x": "Folder", "y": "Website"}
COLUMNS = [
    ("id", "respondent_id", "", "", ""),
    *((f"order {item}", "question", "order", item, "") for item in ROWS),
    ("wish", "ranking", "wish", "", ""),
    *((f"points {item}", "question", "points", item, "") for item in ROWS),
    *((f"grid {item} {option}", "option", "grid", item, option)
      for item in ROWS for option in OPTIONS),
    *((f"cells {item}", "options", "cells", item, "") for item in ROWS),
    *((f"staff {item}", "question", "staff", item, "") for item in ROWS),
    ("since", "question", "since", "", ""),
    ("does", "question", "does", "", ""),
]  # fmt: skip
TYPES = {
    "order": "rank", "wish": "rank", "points": "constant_sum", "grid": "checkbox_grid",
    "cells": "checkbox_grid", "staff": "numbers", "since": "date", "does": "single",
}  # fmt: skip
RULES = {"grid": "any", "cells": "any", "does": "most_complete"}


def answer(number):
    """What one respondent answered, in the order of COLUMNS."""
    orders = ["123", "213", "321"]
    order = orders[number % 3]
    ranked = [label for _, label in sorted(zip(order, ROWS.values(), strict=True))]
    joined = ["Folder", "Folder;Website", ""]
    return [
        f"r{number}", *order,
        # The last of three is not told by all.
        ";".join(ranked[: 2 + number % 2]),
        *(("50", "30", "20") if number % 2 else ("70", "30", "0")),
        *("1" if (number + place) % 2 else "0" for place in range(6)),
        *(joined[(number + place) % 3] for place in range(3)),
        *(str(number + place) for place in range(3)),
        f"{number + 1:02}/03/2020", "Ja" if number < 9 else "Nee",
    ]  # fmt: skip


ANSWERS = [answer(number) for number in range(12)]


def cells(header):
    place = [column[0] for column in COLUMNS].index(header)
    return [row[place] for row in ANSWERS]


def write_survey(folder):
    """A survey of persons in two editions; the second ranks and divides one thing more."""
    survey = Survey(folder / "seeds", folder / "exports")
    write_codebook(survey.codebook, "Proef")
    survey.exports.mkdir()
    rows = {name: [] for name in TABLES}
    for place, (key, type_) in enumerate(TYPES.items(), start=1):
        rows["questions"].append(
            {"question_key": key, "concept": "general", "part": "1", "type": type_, "label": key,
             "municipality_rule": RULES.get(key, "mean" if type_ != "date" else ""),
             "total": "100" if type_ == "constant_sum" else ""}
        )  # fmt: skip
        if type_ not in ("date", "single"):
            rows["question_items"] += [
                {"question_key": key, "item_code": item, "position": str(position), "label": label}
                for position, (item, label) in enumerate({**ROWS, "d": "Sport"}.items(), start=1)
            ]
        options = {"yes": "Ja", "no": "Nee"} if key == "does" else OPTIONS
        if type_ in ("checkbox_grid", "single"):
            rows["options"] += [
                {"question_key": key, "option_code": option, "position": str(position),
                 "label": label, "is_exclusive": "no", "is_missing": "no"}
                for position, (option, label) in enumerate(options.items(), start=1)
            ]  # fmt: skip
        for edition in ("1", "2"):
            own = {"edition_key": edition, "question_key": key, "review": "reviewed"}
            # Who does not do it was not shown the days before: routed on a place in a rank.
            relevant = "${order.a} <= 2" if key == "staff" else ""
            rows["question_editions"].append(
                own | {"position": str(place), "number": str(place), "wording": key,
                       "relevant": relevant, "is_required": "no", "evidence": "export"}
            )  # fmt: skip
            if type_ not in ("date", "single"):
                more = {"d": "Sport"} if edition == "2" and key in ("order", "points") else {}
                rows["item_editions"] += [
                    own | {"item_code": item, "wording": label}
                    for item, label in {**ROWS, **more}.items()
                ]
            if type_ in ("checkbox_grid", "single"):
                rows["option_editions"] += [
                    own | {"option_code": option, "label": label,
                           "lineage": "new" if edition == "1" else "kept"}
                    for option, label in options.items()
                ]  # fmt: skip
                spelled = {"1": "yes", "0": "no"} if key == "grid" else {}
                rows["option_spellings"] += [
                    own | {"option_code": option, "spelling": text, "is_selected": selected}
                    for option, label in options.items()
                    for text, selected in (spelled or {label: "yes"}).items()
                ]
    for edition in ("1", "2"):
        columns = [*COLUMNS]
        if edition == "2":
            columns += [(f"{key} d", "question", key, "d", "") for key in ("order", "points")]
        rows["export_columns"] += [
            {"edition_key": edition, "header": header, "role": role, "question_key": key,
             "item_code": item, "option_code": option, "privacy": "public", "review": "reviewed"}
            for header, role, key, item, option in columns
        ]  # fmt: skip
        rows["editions"].append(
            {"edition_key": edition, "label": f"Ronde {edition}",
             "field_start_date": f"203{edition}-03-01", "field_end_date": f"203{edition}-03-31",
             "tool": "x", "is_baseline": "yes" if edition == "1" else "no", "is_synthetic": "yes",
             "source_file": f"ronde {edition}.csv", "header_row_count": "1",
             "option_delimiter": ";", "date_format": "%d/%m/%Y %H:%M", "complete_when": "always",
             "analysis_question_key": "does", "expected_respondent_count": "12"}
        )  # fmt: skip
        extra = [[], ["4", "0"]][edition == "2"]
        with (survey.exports / f"ronde {edition}.csv").open("w", newline="") as file:
            csv.writer(file).writerows(
                [[column[0] for column in columns], *([*row, *extra] for row in ANSWERS)]
            )
    rows["comparability"] = [
        {"from_edition_key": "1", "to_edition_key": "2", "question_key": key,
         "verdict": "comparable", "reason": "Gelijk."}
        for key in TYPES
    ]  # fmt: skip
    for name, table in TABLES.items():
        if rows[name]:
            write_file(survey.codebook / table.path, list(table.columns), rows[name])
    return survey


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
    assert "Website" in (tmp_path / "resultaten/1-1.html").read_text(encoding="utf-8")
