"""Rehearsal exports: a questionnaire played through its own routing, by invented respondents.

`python -m tests.rehearsal EDITION` reads the codebook of the edition and writes its export, in
the layout that the codebook declares. Municipalities that took part before mostly repeat what they
answered then, so that panels have something to find. The same seed gives the same file.
"""

import csv
import datetime
import random
import sys
from pathlib import Path

import openpyxl

from ingest.routing.expressions import (
    Combination,
    Condition,
    Expression,
    Negation,
    fill_placeholder,
    parse_expression,
)
from tests.questionnaire import Questionnaire, read_questionnaire
from vocabulary.lists import Comparison
from vocabulary.types import TRAITS

ROOT = Path(__file__).parents[1]

REPEATING = 0.55  # of the municipalities that took part before take part again
KEEPING = 0.85  # of their choices are as before
SKIPPING = 0.06  # of the questions that demand no answer
STOPPING = 0.006  # per question
COLLEAGUES = 0.1  # of the municipalities have a second respondent
OPEN_ANSWERS = ("Voorbeeldantwoord uit een oefening", "Verzonnen; zie de codebook", "=oefening")


def holds(expression: Expression, answers: dict[str, set[str]], negated: bool = False) -> bool:
    """Whether a condition holds, decided the slow and obvious way."""
    match expression:
        case Condition():
            chosen = answers.get(expression.key)
            if not chosen:
                return False
            return (expression.option in chosen) != (
                negated != (expression.comparison == Comparison.UNEQUAL)
            )
        case Negation(term):
            return holds(term, answers, not negated)
        case Combination(operator, terms):
            each = [holds(term, answers, negated) for term in terms]
            return all(each) if (operator == "and") != negated else any(each)


class Player:
    """One respondent, going through the questionnaire."""

    def __init__(self, paper: Questionnaire, nis_code: str, chance: random.Random) -> None:
        self.paper = paper
        self.chance = chance
        self.before = paper.earlier.get(nis_code, {})
        self.answers: dict[str, set[str]] = {}
        self.texts: dict[str, str] = {}
        self.stopped = False

    def play(self, municipality: dict) -> None:
        for number, question in enumerate(self.paper.questions):
            if number > 4 and self.chance.random() < STOPPING:
                self.stopped = True
                return
            if question["role"] == "municipality":
                self.texts[question["question_key"]] = municipality["name"]
            elif question["role"] == "postal_code":
                self.texts[question["question_key"]] = municipality["postal_code"] or ""
            elif self.is_shown(question["relevant"]):
                self.answer(question)

    def is_shown(self, text: str | None, code: str = "") -> bool:
        if text is None:
            return True
        return holds(fill_placeholder(parse_expression(text), code), self.answers)

    def answer(self, question: dict) -> None:
        key = question["question_key"]
        traits = TRAITS[question["type"]]
        if traits.has_rows:
            for item in self.paper.items[key]:
                if self.is_shown(question["item_relevant"], item):
                    self.choose(question, f"{key}.{item}", self.paper.options[key])
        elif traits.takes_several:
            shown = [
                option
                for option in self.paper.options[key]
                if self.is_shown(question["item_relevant"], option["option_code"])
            ]
            self.choose(question, key, shown)
        elif traits.is_closed:
            self.choose(question, key, self.paper.options[key])
        elif self.chance.random() < 0.4:
            self.texts[key] = self.chance.choice(OPEN_ANSWERS)

    def choose(self, question: dict, key: str, options: list[dict]) -> None:
        if not options or (not question["is_required"] and self.chance.random() < SKIPPING):
            return
        codes = [option["option_code"] for option in options]
        before = self.before.get(key, set()) & set(codes)
        if not TRAITS[question["type"]].takes_several:
            likely = random.Random(f"{key} {len(codes)}")
            weights = [likely.uniform(0.5, 4) * (0.2 if o["is_missing"] else 1) for o in options]
            weights[0] *= 3
            kept = before and self.chance.random() < KEEPING
            self.answers[key] = {min(before) if kept else self.chance.choices(codes, weights)[0]}
            return
        plain = [o["option_code"] for o in options if not o["is_exclusive"]]
        known = {code for choices in self.paper.earlier.values() for code in choices.get(key, ())}
        chosen = {
            code
            for code in plain
            if (
                code in before
                if before and code in known and self.chance.random() < KEEPING
                else self.chance.random() < random.Random(f"{key} {code}").uniform(0.25, 0.8)
            )
        }
        alone = [o["option_code"] for o in options if o["is_exclusive"]]
        self.answers[key] = chosen or {alone[0] if alone else self.chance.choice(plain)}


def write_cell(
    paper: Questionnaire, column: dict, player: Player, metadata: dict[str, object]
) -> object:
    role, question = column["role"], column["question_key"]
    if role in metadata:
        return metadata[role]
    if role == "ignored":
        return "Oefening" if column["privacy"] == "public" else "Verzonnen"
    key = f"{question}.{column['item_code']}" if column["item_code"] else question
    chosen = player.answers.get(key, set())
    if role == "other_text":
        return "Verzonnen" if column["option_code"] in chosen else None
    if role == "option":
        spelled = (question, column["option_code"], column["option_code"] in chosen)
        return paper.spellings.get(spelled) if chosen else None
    if role == "options" or chosen:
        order = [o["option_code"] for o in paper.options[question] if o["option_code"] in chosen]
        delimiter = paper.edition["option_delimiter"] or ""
        joined = f"{delimiter} ".join(paper.spellings[question, code, True] for code in order)
        return joined or None
    return player.texts.get(key)


def play_edition(paper: Questionnaire, seed: int) -> list[list[object]]:
    chance = random.Random(f"{seed} {paper.edition['edition_key']}")
    before = [m for m in paper.municipalities if m["nis_code"] in paper.earlier]
    others = [m for m in paper.municipalities if m["nis_code"] not in paper.earlier]
    wanted = paper.edition["expected_respondent_count"]
    again = [m for m in before if chance.random() < REPEATING]
    places = again + chance.sample(others, max(0, round(wanted * (1 - COLLEAGUES)) - len(again)))
    while len(places) < wanted:
        places.append(chance.choice(again))
    chance.shuffle(places)
    rows = []
    start = paper.edition["field_start_date"]
    days = (paper.edition["field_end_date"] - start).days
    for number, municipality in enumerate(places[:wanted], start=1):
        player = Player(paper, municipality["nis_code"], chance)
        player.play(municipality)
        colleague = sum(place is municipality for place in places[:number])
        begun = datetime.datetime.combine(start, datetime.time(9)) + datetime.timedelta(
            days=chance.randrange(days), minutes=chance.randrange(480)
        )
        seconds = chance.randrange(300, 3600)
        metadata = {
            "respondent_id": f"R{number:04}",
            "email": f"{municipality['nis_code']}.{colleague}@oefening.example",
            "started_at": begun,
            "completed_at": None if player.stopped else begun + datetime.timedelta(seconds=seconds),
            "is_complete": paper.complete[not player.stopped],
            "duration_seconds": seconds,
            "channel": "E-mail",
        }
        rows.append([write_cell(paper, column, player, metadata) for column in paper.columns])
    return rows


def split_header(paper: Questionnaire, column: dict) -> tuple[str, str]:
    """A header as two: the question, and what is below it."""
    for question in paper.questions:
        if question["question_key"] == column["question_key"]:
            above = f"{question['number']}. {question['wording']}"
            return above, column["header"].removeprefix(above).removeprefix(" - ")
    return column["header"], ""


def write_export(paper: Questionnaire, rows: list[list[object]], path: Path) -> None:
    headers = [[column["header"] for column in paper.columns]]
    if paper.edition["header_row_count"] == 2:
        pairs = [split_header(paper, column) for column in paper.columns]
        above = [
            top if not number or pairs[number - 1][0] != top else None
            for number, (top, _) in enumerate(pairs)
        ]
        headers = [above, [below or None for _, below in pairs]]
    if path.suffix == ".csv":
        with path.open("w", encoding=paper.edition["encoding"] or "utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=paper.edition["delimiter"] or ",")
            writer.writerows([*headers, *rows])
        return
    book = openpyxl.Workbook()
    book.properties.created = book.properties.modified = datetime.datetime(2026, 1, 1)
    sheet = book.active
    sheet.title = paper.edition["sheet"]
    for row in [*headers, *rows]:
        sheet.append(row)
    for cells in sheet.iter_rows():
        for cell in cells:
            if cell.data_type == "f":
                cell.data_type = "s"
    book.save(path)


def main(edition: int, seed: int = 1) -> Path:
    paper = read_questionnaire(ROOT / "seeds", ROOT / "exports", edition)
    path = ROOT / "exports" / paper.edition["source_file"]
    write_export(paper, play_edition(paper, seed), path)
    return path


if __name__ == "__main__":
    print(main(int(sys.argv[1])))
