"""Questions that no earlier edition asked, proposed from the questionnaire."""

from ingest.authoring.draft_files import Row, Tables
from ingest.authoring.first_rows import list_rows
from ingest.authoring.found import Found
from ingest.authoring.knowledge import Knowledge
from ingest.authoring.proposals import CERTAIN, Proposal, choose_code, say_unknown
from ingest.authoring.questionnaires.form import Questionnaire
from ingest.authoring.questionnaires.placed import place_questions
from ingest.authoring.questionnaires.translated import Translation, list_new
from ingest.exports.files import ExportFile, Grid

ROWS = ("question_editions", "item_editions", "option_editions", "option_spellings")


def propose_new(
    tables: Tables,
    known: Knowledge,
    translation: Translation,
    layout: ExportFile,
    unknown: set[str],
    proposal: Proposal,
) -> None:
    """Add rows for questions of the questionnaire that nobody asked before, with their columns.

    They get a key from their text, a concept of their own, and the part of the question before.
    `unknown` has the headers that no earlier edition knows.
    """
    grid = translation.grid
    asked = list_new(translation, unknown)
    found, _, _ = place_questions(Questionnaire(asked), grid, {})
    for question in found:
        question.key = ""
    rows = add_questions(tables, known, found, layout, grid, proposal.rows["question_editions"])
    first = {row["question_key"]: row["header"] for row in reversed(rows["export_columns"])}
    for row in rows["question_editions"]:
        name = translation.columns[first[row["question_key"]]].asked.name
        row["number"] = name.removeprefix("q")
        proposal.new.append(
            f"question {row['question_key']}: {row['wording']!r}; whom is it asked?"
        )
    own = {row["header"] for row in rows["export_columns"]}
    told = {say_unknown(header) for header in own}
    proposal.new[:] = [words for words in proposal.new if words not in told]
    others = [row for row in proposal.rows["export_columns"] if row["header"] not in own]
    proposal.rows["export_columns"] = others + _doubt(rows["export_columns"])
    for name in ROWS:
        proposal.rows.setdefault(name, []).extend(_doubt(rows[name]))


def add_questions(
    tables: Tables,
    known: Knowledge,
    found: list[Found],
    layout: ExportFile,
    grid: Grid,
    asked: list[Row],
) -> Tables:
    """Add questions to the lists that last, and return their rows of the edition, all proposed.

    Each has a concept of its own, and the part of the question before it; `asked` has the rows of
    the questions that the edition is known to ask.
    """
    for question in found:
        # A number says nothing; what other questions call that label does.
        for codes in (question.options, question.items):
            codes |= {label: choose_code(known, label) for label, code in codes.items()
                      if not code or code.isdigit()}  # fmt: skip
    questions = {row["question_key"]: row for row in tables["questions"]}
    rows = list_rows(found, {}, layout, grid, questions)
    first = {row["question_key"]: row["header"] for row in reversed(rows["export_columns"])}
    places = {key: grid.headers.index(header) + 1 for key, header in first.items()}
    for row in rows["questions"]:
        key = row["question_key"]
        row |= {"concept": key, "part": _find_part(asked, questions, places[key])}
        tables["concepts"].append({"concept": key, "label": row["label"]})
        tables["questions"].append(row)
    for row in rows["question_editions"]:
        place = str(places[row["question_key"]])
        row |= {"position": place, "number": place, "relevant": "", "evidence": "drafted"}
    return rows


def _doubt(rows: list[Row]) -> list[Row]:
    return [row | {CERTAIN: ""} for row in rows]


def _find_part(asked: list[Row], questions: dict[str, Row], place: int) -> str:
    """Return the part of the last question before a place that earlier editions know."""
    before = {
        int(row["position"]): questions[row["question_key"]]["part"]
        for row in asked
        if row["question_key"] in questions and int(row["position"]) <= place
    }
    return before[max(before)] if before else min(row["part"] for row in questions.values())
