"""An export of codes as its questionnaire lets people read it, and what is drafted of it put back.

A draft looks for texts that earlier editions had. Where headers are names (`q5_1`) and cells are
codes, the questionnaire gives the texts; the draft is then written with the names and codes again.
"""

import re
from dataclasses import dataclass, field

from ingest.authoring.draft_files import Row
from ingest.authoring.questionnaires.form import Asked, Questionnaire
from ingest.authoring.questionnaires.placed import Column, find_column, name_columns
from ingest.exports.files import Grid
from ingest.shared.text import to_match_text
from vocabulary.lists import AnswerRole

NUMBERED = re.compile(r"[A-Za-z]{0,3}_?(\d+[a-z]?)")


@dataclass
class Translation:
    """The export with texts for its names and codes.

    `names` has the header that the export has for each that was put in its place, `columns` what
    the questionnaire says of it, `labelled` those whose cells hold labels, `told` what does not
    fit.
    """

    grid: Grid
    names: dict[str, str] = field(default_factory=dict)
    columns: dict[str, Column] = field(default_factory=dict)
    labelled: set[str] = field(default_factory=set)
    told: list[str] = field(default_factory=list)

    def put_back(self, columns: list[Row], spellings: list[Row]) -> None:
        """Give drafted rows the names and codes of the export."""
        codes: dict[str, dict[str, str]] = {}
        for row in columns:
            column = self.columns.get(row["header"])
            if row["header"] in self.labelled:
                codes.setdefault(row["question_key"], {})
            elif column is not None and column.role == AnswerRole.QUESTION:
                codes.setdefault(row["question_key"], {}).update(
                    (to_match_text(label), code) for code, label in column.asked.options.items()
                )
            row["header"] = self.names.get(row["header"], row["header"])
        for row in spellings:
            own = codes.get(row["question_key"], {})
            row["spelling"] = own.get(to_match_text(row["spelling"]), row["spelling"])


def translate(questionnaire: Questionnaire, grid: Grid, other: str) -> Translation:
    """Return an export as if it had been downloaded with texts.

    `other` is how earlier editions end the header of an "other, namely" text.
    """
    known = name_columns(questionnaire.asked)
    made = Translation(grid)
    headers: list[str | None] = []
    labels: list[dict[str, str]] = []
    for number, header in enumerate(grid.headers):
        column = find_column(header, known) if header is not None else None
        if header is None or column is None:
            headers.append(header)
            labels.append({})
            continue
        text = _describe(column, other)
        headers.append(text)
        made.names[text], made.columns[text] = header, column
        is_coded = column.role == AnswerRole.QUESTION
        own = column.asked.options if is_coded else {}
        values = {to_match_text(row[number] or "") for row in grid.rows if row[number]}
        texts = {*map(to_match_text, own.values())}
        strange = sorted(values - own.keys() - texts) if own else []
        if len(values & texts) > len(values & own.keys()):
            made.labelled.add(text)
            own = {}
        made.told += [f"{header}: holds {text!r}, which is no option" for text in strange[:3]]
        labels.append(own)
    placed = {column.asked.name for column in made.columns.values()}
    made.told += [
        f"{one.name}: has no column in the export"
        for one in questionnaire.asked
        if one.name not in placed
    ]
    rows = [
        [own.get(cell, cell) if cell is not None else None
         for own, cell in zip(labels, row, strict=True)]
        for row in grid.rows
    ]  # fmt: skip
    made.grid = Grid(grid.sheet, headers, rows, grid.numbers)
    return made


def _describe(column: Column, other: str) -> str:
    """Return a header as the tool writes it with full texts."""
    asked = column.asked
    number = NUMBERED.fullmatch(asked.name)
    question = f"{number[1]}. {asked.label}" if number else asked.label
    ends = [asked.items.get(column.item, ""), asked.options.get(column.option, "")]
    if column.role == AnswerRole.OTHER_TEXT:
        ends.append(other)
    return " - ".join([question, " ".join(end for end in ends if end)]).removesuffix(" - ")


def list_offered(translation: Translation, columns: list[Row]) -> dict[str, list[str]]:
    """Return the labels of the options that the questionnaire offers, by question."""
    offered: dict[str, list[str]] = {}
    for row in columns:
        column = translation.columns.get(row["header"])
        if column is not None and column.role in (AnswerRole.QUESTION, AnswerRole.OPTIONS):
            offered[row["question_key"]] = list(column.asked.options.values())
    return offered


def list_new(translation: Translation, headers: set[str]) -> list[Asked]:
    """Return the questions whose columns no earlier edition knows, all of them."""
    asked: dict[str, Asked] = {}
    known = set()
    for text, column in translation.columns.items():
        asked[column.asked.name] = column.asked
        if text not in headers:
            known.add(column.asked.name)
    return [one for name, one in asked.items() if name not in known]
