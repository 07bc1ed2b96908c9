"""A survey with every type of question beside the shipped ones, in two editions.

It is of persons, or of one person for each of some municipalities.
"""

import csv
import shutil
from pathlib import Path

from ingest.authoring.beginning import write_codebook
from ingest.codebook.tables import TABLES
from ingest.shared.csv_files import write_file
from tests.conftest import ROOT, Survey

ROWS = {"a": "Werk", "b": "Wonen", "c": "Zorg"}
OPTIONS = {"x": "Folder", "y": "Website"}
# The bands of a number, and where each begins.
BANDS = {"few": "Minder dan 4", "some": "4 tot 8", "many": "8 of meer"}
AT_LEAST = {"few": "", "some": "4", "many": "8"}
OPTIONS_OF = {"grid": OPTIONS, "cells": OPTIONS, "does": {"yes": "Ja", "no": "Nee"}, "staff": BANDS}
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
        f"{number % 28 + 1:02}/03/2020", "Ja" if number < 9 else "Nee",
    ]  # fmt: skip


ANSWERS = [answer(number) for number in range(12)]


def cells(header):
    place = [column[0] for column in COLUMNS].index(header)
    return [row[place] for row in ANSWERS]


def write_places(codebook: Path, rows: dict[str, list[dict[str, str]]]) -> None:
    """Ask for the municipality, of those that the shipped survey knows."""
    for path in (ROOT / "seeds").glob("municipalities/*.csv"):
        shutil.copyfile(path, codebook / "municipalities" / path.name)
    shutil.copyfile(
        ROOT / "seeds/codebook/size_categories.csv", codebook / "codebook/size_categories.csv"
    )
    own = {"question_key": "place"}
    rows["questions"].append(
        own | {"concept": "general", "part": "1", "type": "text", "label": "place",
               "role": "municipality"}
    )  # fmt: skip
    rows["question_editions"] += [
        own | {"edition_key": edition, "position": "99", "number": "99", "wording": "place",
               "is_required": "no", "evidence": "export", "review": "reviewed"}
        for edition in ("1", "2")
    ]  # fmt: skip


def write_survey(folder: Path, places: tuple[str, ...] = ()) -> Survey:
    """The survey in two editions; the second ranks and divides one thing more."""
    answers = [[*answer(number), place] for number, place in enumerate(places)] or ANSWERS
    columns_of = [*COLUMNS, *([("place", "question", "place", "", "")] if places else [])]
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
        options = OPTIONS_OF.get(key, {})
        rows["options"] += [
            {"question_key": key, "option_code": option, "position": str(position),
             "label": label, "is_exclusive": "no", "is_missing": "no",
             "at_least": AT_LEAST.get(option, "")}
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
            rows["option_editions"] += [
                own | {"option_code": option, "label": label,
                       "lineage": "new" if edition == "1" else "kept"}
                for option, label in options.items()
            ]  # fmt: skip
            if type_ in ("checkbox_grid", "single"):
                spelled = {"1": "yes", "0": "no"} if key == "grid" else {}
                rows["option_spellings"] += [
                    own | {"option_code": option, "spelling": text, "is_selected": selected}
                    for option, label in options.items()
                    for text, selected in (spelled or {label: "yes"}).items()
                ]
    for edition in ("1", "2"):
        columns = [*columns_of]
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
             "analysis_question_key": "does", "expected_respondent_count": str(len(answers)),
             "frame_date": f"202{3 + 2 * int(edition)}-01-01" if places else ""}
        )  # fmt: skip
        extra = [[], ["4", "0"]][edition == "2"]
        with (survey.exports / f"ronde {edition}.csv").open("w", newline="") as file:
            csv.writer(file).writerows(
                [[column[0] for column in columns], *([*row, *extra] for row in answers)]
            )
    rows["comparability"] = [
        {"from_edition_key": "1", "to_edition_key": "2", "question_key": key,
         "verdict": "comparable", "reason": "Gelijk."}
        for key in TYPES
    ]  # fmt: skip
    if places:
        write_places(survey.codebook, rows)
    for name, table in TABLES.items():
        if rows[name]:
            write_file(survey.codebook / table.path, list(table.columns), rows[name])
    return survey
