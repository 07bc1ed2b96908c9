"""A sheet for each municipality that took part: its own answers beside those of others."""

import json
import logging
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from publish.describing import say_instead
from publish.reading import Row, Survey, read_rows, read_survey
from publish.speaking import name_row, spoken
from publish.templating import FOLDER, make_environment
from vocabulary.lists import Base, Breakdown
from vocabulary.thresholds import MOST_RARE, RARE_SHARE

logger = logging.getLogger(__name__)

PLACES = """
    select municipality_key, nis_code, name, size_category_label, respondent_count
    from public_release.municipalities
    where edition_key = ? and is_participating order by name
"""
OWN_ANSWERS = """
    select municipality_key, question_key, option_key, is_selected
    from marts.fct_municipality_answers where edition_key = ?
"""


class SheetError(Exception):
    """Nobody can get this sheet: no such edition, or no such participant."""


@dataclass(frozen=True)
class Edition:
    """What the sheets of one edition share: its questions, their options, and the figures."""

    survey: Survey
    row: Row
    questions: list[Row]
    titles: dict[str, str]
    options: dict[str, list[Row]]
    figures: dict[tuple[str, str], Row]


def write_sheets(
    connection: duckdb.DuckDBPyConnection, folder: Path, edition: int | None, names: list[str]
) -> int:
    """Write the sheets of an edition, the last by default, as HTML and PDF; return how many.

    `names` are names or NIS codes; without any, everyone who took part gets one. Raises
    SheetError for one who did not.
    """
    import typst

    own_edition = _read_edition(read_survey(connection), edition)
    key = own_edition.row["edition_key"]
    places = _choose(read_rows(connection, PLACES, key), names, key)
    answers: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in read_rows(connection, OWN_ANSWERS, key):
        answers[row["municipality_key"]][row["option_key"]] = row
    template = make_environment().get_template("sheet.html")
    style = (FOLDER / "assets/sheet.css").read_text(encoding="utf-8")
    compiler = typst.Compiler(FOLDER / "templates/sheet.typ", ignore_system_fonts=True)
    folder.mkdir(parents=True, exist_ok=True)
    for place in places:
        sheet = describe_sheet(own_edition, place, answers[place["municipality_key"]])
        path = folder / f"{key}-{place['nis_code']}-{re.sub(r'[^A-Za-z]+', '-', place['name'])}"
        path.with_suffix(".html").write_text(template.render(style=style, **sheet), "utf-8")
        # Tagged, and checked against PDF/UA as it is made.
        compiler.compile(
            output=str(path.with_suffix(".pdf")),
            sys_inputs={"sheet": json.dumps(sheet)},
            pdf_standards="ua-1",
        )
        logger.info("%s", path.with_suffix(".pdf"))
    return len(places)


def describe_sheet(edition: Edition, place: Row, own: dict[str, Row]) -> dict[str, Any]:
    """Return what a sheet says, in plain texts: the page and the PDF have the same."""
    texts = spoken()

    def say(code: str, *arguments: object) -> str:
        return texts.say("sheet", code, *arguments)

    count = place["respondent_count"]
    colleagues = say("respondent") if count == 1 else say("respondents", count)
    banner = f"{say('synthetic')} {edition.row['source_note'] or ''}".strip()
    return {
        "language": texts.language,
        "title": say("title", edition.survey.texts["title"], place["name"]),
        "lead": say(
            "lead", edition.row["label"], place["name"], colleagues, place["size_category_label"]
        ),
        "banner": banner if edition.row["is_synthetic"] else None,
        "for_whom": say("for_whom", place["name"]),
        "stands_out_heading": say("stands_out"),
        "stands_out": " ".join(_list_rare(edition, own, place["size_category_label"])),
        "headers": [say("answer"), place["name"], place["size_category_label"], say("all")],
        "own_headers": [say("question"), place["name"], place["size_category_label"], say("all")],
        "only_own": say("only_own"),
        "nothing_chosen": say("nothing_chosen"),
        "not_answered": say("not_answered", place["name"]),
        "questions": [
            {
                "heading": _name(edition, question),
                "parent": edition.titles.get(question["parent_question_key"]),
                "label": question["wording"],
                "rows": _describe_rows(edition, question, place["size_category_label"], own),
            }
            for question in edition.questions
        ],
    }


def _name(edition: Edition, question: Row) -> str:
    """Return a question's wording; a matrix row's behind that of its matrix."""
    return name_row(edition.titles.get(question["parent_question_key"]), question["wording"])


def _list_rare(edition: Edition, own: dict[str, Row], size: str) -> list[str]:
    """Return the answers that few others gave, or few others left out, the rarest first.

    They rest on figures that stand on the sheet: of all who took part, and of the same size.
    """
    found = []
    for question in edition.questions:
        for option in edition.options[question["question_key"]]:
            figure = edition.figures.get((option["option_key"], Breakdown.TOTAL))
            answer = own.get(option["option_key"])
            if answer is None or figure is None or not figure["is_safe_beside_own_answer"]:
                continue
            if figure["is_missing"] or figure["is_indicative"]:
                continue
            rarity = figure["share"] if answer["is_selected"] else 1 - figure["share"]
            if rarity <= RARE_SHARE:
                code = "rare_choice" if answer["is_selected"] else "rare_omission"
                like = edition.figures.get((option["option_key"], size))
                of_size = ""
                if like is not None and like["is_safe_beside_own_answer"]:
                    of_size = spoken().say("sheet", "of_size", _describe_figure(like))
                name = _name(edition, question).rstrip(" ?:.")
                words = spoken().say("sheet", code, name, option["label"], figure["percentage"],
                                     figure["base_count"], of_size)  # fmt: skip
                found.append((rarity, words))
    return [words for _, words in sorted(found)[:MOST_RARE]]


def _describe_rows(edition: Edition, question: Row, size: str, own: dict[str, Row]) -> list[Row]:
    """Return a row per option; none where the question was not answered here."""
    options = edition.options[question["question_key"]]
    if not any(option["option_key"] in own for option in options):
        return []
    say = spoken()["sheet"]
    rows = []
    for option in options:
        key = option["option_key"]
        answer = own.get(key)
        is_own = bool(answer and answer["is_selected"])
        rows.append(
            {
                "label": option["label"],
                "is_own": is_own,
                "own": say["not_shown"] if answer is None else say["yes" if is_own else "no"],
                "figures": [
                    _describe_figure(edition.figures.get((key, level)))
                    for level in (size, Breakdown.TOTAL)
                ],
            }
        )
    return rows


def _describe_figure(figure: Row | None) -> str:
    texts = spoken()
    if figure is None or not figure["is_safe_beside_own_answer"]:
        return texts.say("sheet", "withheld")
    if instead := say_instead(texts, figure):
        return instead
    code = "indicative_figure" if figure["is_indicative"] else "figure"
    return texts.say("sheet", code, figure["percentage"], figure["base_count"])


def _read_edition(survey: Survey, edition: int | None) -> Edition:
    editions = {row["edition_key"]: row for row in survey.editions}
    key = max(editions) if edition is None else edition
    if key not in editions:
        raise SheetError(f"There is no edition {key}; there are {sorted(editions)}.")
    questions = [question for question in survey.questions if question["edition_key"] == key]
    options: dict[str, list[Row]] = defaultdict(list)
    for label in survey.option_labels:
        if label["edition_key"] == key:
            options[label["option_key"].rsplit(".", 1)[0]].append(label)
    return Edition(
        survey,
        editions[key],
        questions=[question for question in questions if question["has_figures"]],
        titles={question["question_key"]: question["wording"] for question in questions},
        options=options,
        figures={
            (row["option_key"], row["level"]): row
            for row in survey.results
            if row["edition_key"] == key and row["base"] == Base.MUNICIPALITIES
        },
    )


def _choose(places: list[Row], names: list[str], edition: int) -> list[Row]:
    if not names:
        return places
    known = {place[key].casefold(): place for place in places for key in ("name", "nis_code")}
    unknown = [name for name in names if name.casefold() not in known]
    if unknown:
        raise SheetError(
            f"{', '.join(unknown)} did not take part in {edition}. Name one of: "
            + ", ".join(place["name"] for place in places)
        )
    return [known[name.casefold()] for name in names]
