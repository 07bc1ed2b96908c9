"""A second wave from outside the house: its exports in three layouts, and what is right of them.

`truth_2027.json` has the questions, and per question the state and answer of each row of an export
(88, of which two are tests), worked out by somebody else. The codebook is written from it here.
"""

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from ingest.codebook.tables import TABLES
from ingest.shared.csv_files import write_file
from tests.conftest import ROOT

HERE = Path(__file__).parent
TRUTH = json.loads((HERE / "truth_2027.json").read_text("utf-8"))
EDITION = "2027"
# Options that nothing can be chosen beside.
EXCLUSIVE = ("none", "dont_know")
ITEM_RELEVANT = {
    "staff_for": "selected(${themes}, item)",
    "partner_satisfaction": "${expert_organisations.item} = 'works_with'",
    "vvsg_support_helpful": "selected(${vvsg_support_known}, item)",
}
# The single answer of colleagues is the first in the list that one of them gave.
FIRST_LISTED = ("has_policy",)
METADATA = {
    "E-mailadres": ("email", "personal"),
    "Datum doorgeklikt": ("started_at", "public"),
    "Datum geantwoord": ("completed_at", "public"),
    "Einde bereikt": ("is_complete", "public"),
    "Invultijd (seconden)": ("duration_seconds", "public"),
    "Distributiemethode": ("channel", "public"),
}
LAYOUTS = {"A_codes": 1, "C_two_rows": 2, "D_delimited": 1}


def find_rule(question: dict) -> str:
    """How colleagues become one answer."""
    if question["type"] == "multiple":
        return "any"
    return "first_listed" if question["key"] in FIRST_LISTED else "most_complete"


def write_codebook(folder: Path, layout: str, metadata: list[str]) -> None:
    """Write the codebook of one layout; `metadata` has the headers that are no questions."""
    shutil.copytree(ROOT / "seeds/municipalities", folder / "municipalities")
    _merge(folder / "municipalities")
    shutil.copytree(ROOT / "seeds/published", folder / "published")
    tables: dict[str, list[dict]] = {name: [] for name in TABLES}
    row = {"edition_key": EDITION, "review": "reviewed"}
    tables["editions"] = [{
        **row, "label": "2027 van elders", "field_start_date": "2027-11-02",
        "field_end_date": "2027-12-10", "frame_date": "2027-01-01", "tool": "Medallia",
        "is_baseline": "yes", "is_synthetic": "yes", "source_file": f"{layout}.xlsx",
        "sheet": "Respons", "header_row_count": str(LAYOUTS[layout]), "option_delimiter": ", ",
        "analysis_question_key": "has_policy", "expected_respondent_count": "86",
    }]  # fmt: skip
    tables["parts"] = [{"part": "1", "label": "Alles"}]
    tables["concepts"] = [{"concept": "all", "label": "Alles"}]
    tables["texts"] = [{"text_key": key, "text": key} for key in ("title", "introduction")]
    tables["release_rules"] = [{"rule": "min_municipality_count", "value": "5", "reason": "x"}]
    with (ROOT / "seeds/codebook/size_categories.csv").open(encoding="utf-8") as file:
        tables["size_categories"] = list(csv.DictReader(file))
    yes, no = ("1", "0") if layout == "A_codes" else ("Ja", "Neen")
    tables["metadata_values"] = [
        {**row, "role": role, "spelling": spelling, "value": value}
        for role, spelling, value in (
            ("is_complete", yes, "yes"), ("is_complete", no, "no"), ("channel", "E-mail", "yes"),
        )
    ]  # fmt: skip
    tables["row_exclusions"] = [
        {**row, "role": "channel", "value": "Toolrevisie", "reason": "Een test."}
    ]
    for header in metadata:
        role, privacy = METADATA.get(header, ("ignored", "drop"))
        reason = "Niet nodig." if role == "ignored" else ""
        tables["export_columns"].append(
            {**row, "header": header, "role": role, "privacy": privacy, "reason": reason}
        )
    for question in TRUTH["questions"]:
        for name, rows in _list_rows(question, layout).items():
            tables[name] += [{**row, **values} for values in rows]
    for name, rows in tables.items():
        path = folder / TABLES[name].path
        if rows or not path.exists() or name.startswith("published"):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_file(path, list(TABLES[name].columns), rows)


def _merge(folder: Path) -> None:
    """Two municipalities became one on the day of the frame, as the answers have it."""
    with (folder / "municipalities.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    merged = {"nis_code": "13099", "name": "Herselt-Hulshout", "valid_from": "2027-01-01",
              "valid_to": "", "successor_nis_code": "", "is_rehearsal": "yes"}  # fmt: skip
    for row in rows:
        if row["name"] in ("Herselt", "Hulshout"):
            row |= {"valid_to": "2027-01-01", "successor_nis_code": merged["nis_code"]}
            merged = row | merged
    write_file(folder / "municipalities.csv", list(merged), [*rows, merged])
    with (folder / "populations.csv").open(encoding="utf-8") as file:
        sizes = list(csv.DictReader(file))
    size = {"nis_code": "13099", "year": "2027", "population": "26000", "is_rehearsal": "yes"}
    # Those that ended on that day have none in its frame.
    ended = {row["nis_code"] for row in rows if row["successor_nis_code"] == merged["nis_code"]}
    kept = [one for one in sizes if one["year"] != "2027" or one["nis_code"] not in ended]
    write_file(folder / "populations.csv", list(size), [*kept, size])


def _list_rows(question: dict, layout: str) -> dict[str, list[dict]]:
    """The rows of one question, by table."""
    key, number, kind = question["key"], str(question["number"]), question["type"]
    own = {"question_key": key}
    role = key if key in ("municipality", "postal_code", "function") else ""
    options, items = question["options"], question["items"]
    is_coded = layout == "A_codes"
    rows = {
        "questions": [{
            **own, "concept": "all", "part": "1", "type": kind, "label": question["text"],
            "role": role, "municipality_rule": find_rule(question) if options else "",
        }],
        "question_editions": [{
            **own, "position": number, "number": number, "wording": question["text"],
            "relevant": question["relevant"], "item_relevant": ITEM_RELEVANT.get(key, ""),
            "is_required": "no", "evidence": "export",
        }],
        "options": [
            {**own, "option_code": code, "position": str(n), "label": label,
             "is_exclusive": "yes" if kind == "multiple" and code in EXCLUSIVE else "no",
             "is_missing": "no"}
            for n, (code, label) in enumerate(options, start=1)
        ],
        "option_editions": [
            {**own, "option_code": code, "label": label, "lineage": "new"}
            for code, label in options
        ],
        "question_items": [
            {**own, "item_code": code, "position": str(n), "label": label}
            for n, (code, label) in enumerate(items, start=1)
        ],
        "item_editions": [{**own, "item_code": code, "wording": label} for code, label in items],
        "export_columns": list(list_columns(question, layout)),
    }  # fmt: skip
    rows["option_spellings"] = [
        {**own, "option_code": code, "is_selected": "yes",
         "spelling": ("1" if kind == "multiple" else str(n)) if is_coded else label}
        for n, (code, label) in enumerate(options, start=1)
    ]  # fmt: skip
    return rows


def list_columns(question: dict, layout: str) -> Iterator[dict]:
    """The columns of one question, as the layout heads them."""
    key, kind = question["key"], question["type"]
    number, whole = f"q{question['number']}", f"{question['number']}. {question['text']}"
    is_coded = layout == "A_codes"
    is_typed = kind in ("text", "integer") and key not in ("municipality", "postal_code")
    column = {"question_key": key, "privacy": "open" if is_typed else "public"}
    parts = question["items"] if kind == "matrix" else question["options"]
    if kind == "matrix" or (kind == "multiple" and layout != "D_delimited"):
        part, role = ("item_code", "question") if kind == "matrix" else ("option_code", "option")
        for n, (code, label) in enumerate(parts, start=1):
            header = f"{number}_{n}" if is_coded else f"{whole} - {label}"
            yield {**column, part: code, "role": role, "header": header}
    else:
        header = number if is_coded else whole
        yield {**column, "role": "options" if kind == "multiple" else "question", "header": header}
    for code, label in question["options"]:
        if code == "other":
            header = f"{number}_other" if is_coded else f"{whole} - {label} (open antwoord)"
            yield {**column, "option_code": code, "role": "other_text", "header": header,
                   "privacy": "open"}  # fmt: skip
