"""The rows of a codebook's first edition, from the questions that its export shows."""

import re
from collections.abc import Iterable

from ingest.authoring.beginning import CONCEPT, PART
from ingest.authoring.draft_files import Row, Tables
from ingest.authoring.found import UNTICKED, Found
from ingest.authoring.matching import simplify
from ingest.authoring.proposals import LONGEST_CODE
from ingest.exports.files import ExportFile, Grid
from vocabulary.lists import AnswerRole, CompletionRule, MetadataRole, Privacy, Review
from vocabulary.types import TRAITS

TOLD_IN_WORDS = (AnswerRole.OTHER_CHOICE, AnswerRole.OTHER_TEXT)
PERSONAL = (MetadataRole.EMAIL, MetadataRole.RESPONDENT_ID)


class _Names(dict[str, str]):
    """Keys made of labels; no two that were given are alike."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.given: set[str] = set(taken)

    def name(self, label: str, wanted: str = "") -> str:
        words = re.sub(r"[^a-z0-9]+", "_", simplify(label)).strip("_")
        base = wanted or words[:LONGEST_CODE].rstrip("_") or "x"
        key, number = base, 2
        while key in self.given:
            key, number = f"{base}_{number}", number + 1
        self.given.add(key)
        return self.setdefault(label, key) if label not in self else key


def list_rows(
    found: list[Found],
    roles: dict[str, str],
    layout: ExportFile,
    grid: Grid,
    taken: Iterable[str] = (),
) -> Tables:
    """Return the rows to add to each codebook file, all of them proposed.

    `taken` has the keys that other questions have.
    """
    edition, review = str(layout.edition_key), str(Review.PROPOSED)
    here = {"edition_key": edition, "review": review}
    tables: Tables = {
        name: []
        for name in (
            *("questions", "question_items", "options", "question_editions", "item_editions"),
            *("option_editions", "option_spellings", "export_columns", "metadata_values"),
            "parts",
        )
    }
    parts = list(dict.fromkeys(question.part for question in found if question.part))
    # What stands outside every part stands in the first, which is the survey itself.
    first = 1 if all(question.part for question in found) else 2
    numbers = {label: str(number) for number, label in enumerate(parts, start=first)}
    tables["parts"] = [{"part": number, "label": label} for label, number in numbers.items()]
    keys = _Names(taken)
    for position, question in enumerate(found, start=1):
        key = keys.name(question.label, question.key)
        rules = TRAITS[question.type].municipality_rules
        is_number = TRAITS[question.type].is_number
        tables["questions"].append(
            {"question_key": key, "concept": CONCEPT, "type": question.type,
             "part": numbers.get(question.part, PART),
             "label": question.label, "total": question.total,
             "municipality_rule": "" if is_number or not rules else rules[0]}
        )  # fmt: skip
        tables["question_editions"].append(
            here | {"question_key": key, "position": str(position), "number": str(position),
                    "wording": question.label, "relevant": question.relevant,
                    "is_required": "yes" if question.is_required else "no",
                    "evidence": "questionnaire" if question.key else "export"}
        )  # fmt: skip
        items, options = _Names(), _Names()
        for place, (label, code) in enumerate(question.items.items(), start=1):
            item = {"question_key": key, "item_code": items.name(label, code)}
            tables["question_items"].append(item | {"position": str(place), "label": label})
            tables["item_editions"].append(here | item | {"wording": label})
        for place, (label, code) in enumerate(question.options.items(), start=1):
            option = {"question_key": key, "option_code": options.name(label, code), "label": label}
            tables["options"].append(
                option | {"position": str(place), "is_exclusive": "no", "is_missing": "no"}
            )
            tables["option_editions"].append(here | option | {"lineage": "new"})
        for label, text, is_selected in question.spellings:
            tables["option_spellings"].append(
                here | {"question_key": key, "option_code": options[label], "spelling": text,
                        "is_selected": "yes" if is_selected else "no"}
            )  # fmt: skip
        is_open = TRAITS[question.type].is_open
        for header, role, item_label, option_label in question.columns:
            tables["export_columns"].append(
                here | {"header": header, "role": role, "question_key": key,
                        "item_code": items.get(item_label, ""),
                        "option_code": options.get(option_label, ""),
                        "privacy": Privacy.OPEN if is_open or role in TOLD_IN_WORDS
                        else Privacy.PUBLIC}
            )  # fmt: skip
    for header, told in roles.items():
        tables["export_columns"].append(
            here | {"header": header, "role": told, "privacy": find_privacy(told)}
        )
    tables["metadata_values"] = [
        here | {"role": MetadataRole.IS_COMPLETE, "spelling": text,
                "value": "yes" if is_complete else "no"}
        for text, is_complete in _read_completion(roles, grid).items()
    ]  # fmt: skip
    tables["editions"] = [_propose_edition(found, roles, layout, grid, keys)]
    return tables


def find_privacy(role: str) -> Privacy:
    """Return who may see a column that holds no answer."""
    return Privacy.PERSONAL if role in PERSONAL else Privacy.PUBLIC


def _read_completion(roles: dict[str, str], grid: Grid) -> dict[str, bool]:
    """Return what is written of who reached the end, and whether those rows have an end."""
    headers = {role: grid.headers.index(header) for header, role in roles.items()}
    told, end = headers.get(MetadataRole.IS_COMPLETE), headers.get(MetadataRole.COMPLETED_AT)
    found: dict[str, bool] = {}
    for row in grid.rows if told is not None else []:
        text = row[told or 0]
        if text:
            is_complete = text.lower() not in UNTICKED and (end is None or bool(row[end]))
            found[text] = found.get(text, False) or is_complete
    return found


def _propose_edition(
    found: list[Found], roles: dict[str, str], layout: ExportFile, grid: Grid, keys: _Names
) -> Row:
    closed = [question for question in found if TRAITS[question.type].is_closed]
    complete = "" if MetadataRole.IS_COMPLETE in roles.values() else (
        CompletionRule.FILLED if MetadataRole.COMPLETED_AT in roles.values()
        else CompletionRule.ALWAYS
    )  # fmt: skip
    return {
        "edition_key": str(layout.edition_key),
        "is_baseline": "yes",
        "is_synthetic": "no",
        "source_file": layout.path.name,
        "sheet": grid.sheet or "",
        "encoding": layout.encoding or "",
        "delimiter": layout.delimiter or "",
        "header_row_count": str(layout.header_row_count),
        "option_delimiter": next((one.delimiter for one in found if one.delimiter), ""),
        "complete_when": complete,
        "analysis_question_key": keys[closed[0].label] if closed else "",
    }
