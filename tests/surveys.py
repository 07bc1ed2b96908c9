"""Surveys made up by tests: questions and answers, written as a codebook and an export."""

import csv
from dataclasses import dataclass, field
from pathlib import Path

from ingest.codebook.tables import TABLES
from ingest.shared.csv_files import write_file

EDITION = "2031"
HOSTILE = ("'; drop table x; --", '"', ";", "=1+1", "-", "@a", "{{ ref('x') }}", "%s", "é’", "\\")
PLACES = ("m1", "m2", "m3", "m4")


@dataclass
class Question:
    """A question; `rows` are those of a matrix, a number has no codes."""

    key: str
    type: str
    codes: list[str]
    relevant: str = ""
    item_relevant: str = ""
    rows: list[str] = field(default_factory=list)
    rule: str = ""
    is_ordered: bool = False

    def __post_init__(self) -> None:
        rules = {"multiple": "any", "integer": ""}
        self.rule = self.rule or rules.get(self.type, "most_complete")

    def list_keys(self) -> list[str]:
        """The question, or each of its rows."""
        return [f"{self.key}.{row}" for row in self.rows] or [self.key]


@dataclass
class Answers:
    """What one respondent chose, by question or matrix row."""

    place: str
    is_complete: bool
    given: dict[str, set[str]] = field(default_factory=dict)


def write_survey(folder: Path, questions: list[Question], people: list[Answers]) -> None:
    """Write the codebook and the export of one edition; labels and names mean harm."""
    codes = dict.fromkeys(code for question in questions for code in question.codes)
    labels = {code: f"{HOSTILE[n % len(HOSTILE)]} {n}" for n, code in enumerate(codes)}
    tables: dict[str, list[dict]] = {name: [] for name in TABLES}
    tables["editions"] = [
        {
            "edition_key": EDITION, "label": "'; --", "field_start_date": "2031-01-01",
            "field_end_date": "2031-02-01", "frame_date": "2031-01-01", "tool": '"', "is_baseline":
            "yes", "is_synthetic": "yes", "source_file": "x'y;z.csv", "header_row_count": "1",
            "analysis_question_key": questions[0].key,
            "expected_respondent_count": str(len(people)),
        }
    ]  # fmt: skip
    tables["parts"] = [{"part": "1", "label": ";'"}]
    tables["concepts"] = [{"concept": "c", "label": '"'}]
    tables["texts"] = [
        {"text_key": "title", "text": "=1+1"},
        {"text_key": "introduction", "text": "<b>'"},
    ]
    tables["release_rules"] = [{"rule": "min_municipality_count", "value": "1", "reason": "x"}]
    tables["size_categories"] = [{"size_category": "s", "position": "1", "label": "'"}]
    tables["metadata_values"] = [
        {"edition_key": EDITION, "role": "is_complete", "spelling": text, "value": value,
         "review": "reviewed"}
        for text, value in (("ja", "yes"), ("nee", "no"))
    ]  # fmt: skip
    for number, place in enumerate(PLACES):
        tables["municipalities"].append(
            {"nis_code": place, "name": f"{HOSTILE[number]} {place}", "province": "'",
             "arrondissement": '"', "is_centrum_city": "no", "valid_from": "2000-01-01",
             "is_rehearsal": "no"}
        )  # fmt: skip
        tables["populations"].append(
            {"nis_code": place, "year": "2031", "population": "10", "is_rehearsal": "no"}
        )

    columns: list[tuple[str, str, str, str]] = []

    def declare(key: str, kind: str, role: str = "", rule: str = "", **routing: str) -> None:
        position = str(len(tables["questions"]) + 1)
        tables["questions"].append(
            {"question_key": key, "concept": "c", "part": "1", "type": kind, "label": f"'{key}",
             "role": role, "municipality_rule": rule}
        )  # fmt: skip
        tables["question_editions"].append(
            {"edition_key": EDITION, "question_key": key, "position": position, "number": position,
             "wording": f'"{key}";', "is_required": "no", "evidence": "x", "review": "reviewed",
             **routing}
        )  # fmt: skip

    declare("place", "text", role="municipality")
    columns.append(("place", "", "", "place"))
    for question in questions:
        routing = {"relevant": question.relevant, "item_relevant": question.item_relevant}
        declare(question.key, question.type, rule=question.rule, **routing)
        here = {"edition_key": EDITION, "question_key": question.key, "review": "reviewed"}
        for position, code in enumerate(question.codes, start=1):
            option = {"question_key": question.key, "option_code": code, "label": labels[code]}
            tables["options"].append(
                {**option, "position": str(position), "is_exclusive": "no", "is_missing": "no",
                 "score": str(position) if question.is_ordered else ""}
            )  # fmt: skip
            tables["option_editions"].append({**here, **option, "lineage": "new"})
            tables["option_spellings"].append(
                {**here, "option_code": code, "spelling": labels[code], "is_selected": "yes"}
            )
            if question.type == "multiple":
                columns.append((question.key, "", code, f"{question.key}: {labels[code]}"))
        if question.type in ("single", "integer"):
            columns.append((question.key, "", "", question.key))
        for position, row in enumerate(question.rows, start=1):
            item = {"question_key": question.key, "item_code": row}
            tables["question_items"].append({**item, "position": str(position), "label": row})
            tables["item_editions"].append({**here, **item, "wording": f"{row}'"})
            columns.append((question.key, row, "", f"{question.key} / {row}"))
    tables["export_columns"] = [
        {"edition_key": EDITION, "header": header, "role": "option" if option else "question",
         "question_key": key, "item_code": row, "option_code": option, "privacy": "public",
         "review": "reviewed"}
        for key, row, option, header in columns
    ] + [
        {"edition_key": EDITION, "header": "klaar", "role": "is_complete", "privacy": "public",
         "review": "reviewed"}
    ]  # fmt: skip
    for name, table in TABLES.items():
        path = folder / "seeds" / table.path
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, list(table.columns), tables[name])
    (folder / "exports").mkdir()
    names = {row["nis_code"]: row["name"] for row in tables["municipalities"]}
    with (folder / "exports/x'y;z.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*(header for *_, header in columns), "klaar"])
        for person in people:
            cells = []
            for key, row, option, _ in columns:
                chosen = sorted(person.given.get(f"{key}.{row}" if row else key, ()))
                if key == "place":
                    cells.append(names[person.place])
                elif option:
                    cells.append(labels[option] if option in chosen else "")
                else:
                    cells.append(labels.get(chosen[0], chosen[0]) if chosen else "")
            writer.writerow([*cells, "ja" if person.is_complete else "nee"])
