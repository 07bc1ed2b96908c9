"""The questionnaire of an edition as XLSForm, which ODK and KoBoToolbox can ask."""

from pathlib import Path

import duckdb
import openpyxl
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from ingest.authoring.questionnaires.conditions import NAME, give_out
from ingest.routing.checking import parse_question
from ingest.routing.expressions import Expression, fill_placeholder
from ingest.routing.questions import Question, read_questions
from ingest.shared.problems import InputError, Problem
from vocabulary.types import TRAITS, QuestionType

TYPES = {
    QuestionType.SINGLE: "select_one",
    QuestionType.MULTIPLE: "select_multiple",
    QuestionType.MATRIX: "select_one",
    QuestionType.CHECKBOX_GRID: "select_multiple",
    QuestionType.RANK: "rank",
    QuestionType.CONSTANT_SUM: "decimal",
    QuestionType.NUMBERS: "decimal",
    QuestionType.TEXT: "text",
    QuestionType.INTEGER: "integer",
    QuestionType.NUMBER: "decimal",
    QuestionType.DATE: "date",
}
COLUMNS = ("type", "name", "label", "required", "relevant", "choice_filter", "appearance")
PLACES = """
    select question_key, part, parts.label, is_required from codebook.question_editions
    inner join codebook.questions using (question_key)
    inner join codebook.parts using (part)
    where edition_key = ?
"""
Row = dict[str, str]


def write_questionnaire(connection: duckdb.DuckDBPyConnection, edition: int, path: Path) -> int:
    """Write what an edition asks as an XLSForm workbook; return how many questions.

    Parts are groups, a matrix is a table of choices, and a row of it is named `question_row`.
    Raises KeyError for an edition that the codebook does not have, InputError for a condition
    that routing cannot use.
    """
    editions = connection.execute(
        "select edition_key, label from codebook.editions where edition_key = ?", [edition]
    ).fetchall()
    if not editions:
        raise KeyError(edition)
    questions = read_questions(connection, edition)
    placed = {key: rest for key, *rest in connection.execute(PLACES, [edition]).fetchall()}
    asked = {question.key: question for question in questions}
    survey: list[Row] = []
    part = None
    for question in questions:
        own, label, is_required = placed[question.key]
        if own != part:
            survey += [{"type": "end_group"}] * (part is not None)
            survey.append({"type": "begin_group", "name": f"part_{own}", "label": label})
            part = own
        survey += _list_rows(question, asked, "yes" if is_required else "")
    survey += [{"type": "end_group"}] * (part is not None)
    choices = [
        {"list_name": _name(question.key), "name": code, "label": label}
        for question in questions
        for code, label in (question.options or _list_ranked(question)).items()
    ]
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "survey"
    _fill(book, "survey", COLUMNS, survey)
    _fill(book, "choices", ("list_name", "name", "label"), choices)
    settings = {"form_title": editions[0][1], "form_id": f"edition_{edition}"}
    _fill(book, "settings", tuple(settings), [settings])
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.stem}.part.xlsx")
    book.save(draft)
    try:
        # As the library that ODK reads forms with reads it: what cannot be said is no form.
        convert(xlsform=draft, validate=False)
    except PyXFormError as error:
        draft.unlink()
        what = f"XLSForm cannot ask it: {error}."
        action = "Mend the condition that it names; a place in a rank cannot be asked for."
        raise InputError([Problem(f"edition {edition}", what, action)]) from error
    draft.replace(path)
    return len(questions)


def _list_ranked(question: Question) -> dict[str, str]:
    return question.items if question.type == QuestionType.RANK else {}


def _list_rows(question: Question, asked: dict[str, Question], required: str) -> list[Row]:
    type_ = QuestionType(question.type)
    whole, part = parse_question(question, asked)
    name = _name(question.key)
    kind = TYPES[type_]
    has_choices = TRAITS[type_].is_closed or type_ == QuestionType.RANK
    asks = {"type": f"{kind} {name}" if has_choices else kind, "required": required}
    shown = {"label": question.wording, "relevant": _write(whole)}
    if not question.has_rows or type_ == QuestionType.RANK:
        return [asks | shown | {"name": name, "choice_filter": _write(part)}]
    rows = [
        asks
        | {
            "name": f"{name}_{code}",
            "label": label,
            "relevant": _write(part and fill_placeholder(part, code)),
        }
        for code, label in question.items.items()
    ]
    look = "table-list" if TRAITS[type_].is_closed and part is None else "field-list"
    begin = {"type": "begin_group", "name": name, "appearance": look}
    return [begin | shown, *rows, {"type": "end_group"}]


def _write(expression: Expression | None) -> str:
    if expression is None:
        return ""
    return NAME.sub(lambda found: f"${{{_name(found[1])}}}", give_out(expression))


def _name(key: str) -> str:
    """Return a key as XLSForm takes it: a row behind its question, no digit first."""
    name = key.replace(".", "_")
    return f"_{name}" if name[0].isdigit() else name


def _fill(book: openpyxl.Workbook, name: str, columns: tuple[str, ...], rows: list[Row]) -> None:
    sheet = book[name] if name in book.sheetnames else book.create_sheet(name)
    sheet.append(columns)
    for row in rows:
        sheet.append([row.get(column) or None for column in columns])
