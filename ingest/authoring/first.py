"""The first edition of a survey, proposed from its export, and from its questionnaire if given.

Columns that begin alike and end in an option or a row are one question; what stands in them tells
of what type. A questionnaire says more: every option, and who was asked what. All that is proposed
is marked so, and what could be otherwise is told.
"""

import datetime
from pathlib import Path

from ingest.authoring.beginning import PART
from ingest.authoring.draft_files import Row, Tables, read_tables, write_tables
from ingest.authoring.first_rows import list_rows
from ingest.authoring.found import Found, find_questions
from ingest.authoring.metadata import find_roles
from ingest.authoring.questionnaires.placed import (
    Column,
    find_column,
    name_columns,
    place_questions,
)
from ingest.authoring.questionnaires.reading import read_questionnaire
from ingest.codebook.tables import TABLES
from ingest.exports.data_files import read_titles
from ingest.exports.files import ExportFile, Grid
from ingest.exports.reading import read_export
from ingest.shared.problems import InputError, Problem
from vocabulary.lists import AnswerRole, MetadataRole, Privacy, Review

ISO = "%Y-%m-%d %H:%M:%S"
STAMPS = (
    *(ISO, "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"),
    *("%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M"),
    *("%d/%m/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M:%S %p"),
)


def draft_first(folder: Path, layout: ExportFile, questionnaire: Path | None = None) -> list[str]:
    """Propose the rows of a survey's first edition into an empty codebook; return what was found.

    Raises InputError where the codebook has editions, or one of the files cannot be read.
    """
    tables = read_tables(folder)
    if tables["editions"]:
        place = f"codebook: {TABLES['editions'].path}"
        what = "It has editions, of which a new one can be drawn."
        raise InputError([Problem(place, what, "Draft without --first.")])
    grid = read_export(layout)
    form = read_questionnaire(questionnaire) if questionnaire is not None else None
    # What the questionnaire asks tells nothing beside the answers, whatever it looks like.
    rest = _leave_out(grid, name_columns(form.asked) if form else {})
    # Each role once: what else looks so is a question.
    roles = {role: header for header, role in reversed(find_roles(rest).items())}
    roles = {header: role for role, header in roles.items()}
    stamp, date_format, doubt = _find_stamp(rest, roles)
    if stamp is not None:
        roles[stamp] = MetadataRole.COMPLETED_AT
    told: list[str] = []
    others: list[str] = []
    if form is None:
        found = list(find_questions(grid, roles, read_titles(layout)))
    else:
        found, others, told = place_questions(form, grid, roles)
    rows_of = list_rows(found, roles, layout, grid)
    rows_of["export_columns"] += _ignore(others, layout)
    rows_of["editions"][0]["date_format"] = date_format
    made: Tables = {}
    for name, rows in rows_of.items():
        # Parts of a questionnaire stand in the place of the one that every codebook has.
        is_replaced = name == "parts" and any(row["part"] == PART for row in rows)
        kept = [] if is_replaced else tables[name]
        made[name] = kept + rows
    write_tables(folder, made)
    return [
        f"{len(grid.headers)} columns, {len(grid.rows)} rows: {len(found)} questions",
        *(f"  {role}: {header}" for header, role in roles.items()),
        *(_describe(question) for question in found),
        *([doubt] if doubt else []),
        *([f"not in the questionnaire: {', '.join(others)}"] if others else []),
        *(["not carried over:"] if told else []),
        *(f"  {text}" for text in told),
    ]


def _leave_out(grid: Grid, known: dict[str, Column]) -> Grid:
    """Return an export without the columns that its questionnaire knows."""
    kept = [n for n, header in enumerate(grid.headers)
            if header is None or find_column(header, known) is None]  # fmt: skip
    rows = [[row[n] for n in kept] for row in grid.rows]
    return Grid(grid.sheet, [grid.headers[n] for n in kept], rows, grid.numbers)


def _ignore(headers: list[str], layout: ExportFile) -> list[Row]:
    """Return columns of no question: until somebody judged them they go nowhere."""
    return [
        {"edition_key": str(layout.edition_key), "header": header, "role": AnswerRole.IGNORED,
         "privacy": Privacy.PERSONAL, "reason": "?", "review": Review.PROPOSED}
        for header in headers
    ]  # fmt: skip


def _find_stamp(grid: Grid, roles: dict[str, str]) -> tuple[str | None, str, str]:
    """Return the one column of moments that a form keeps, how it writes them, and a doubt."""
    if MetadataRole.COMPLETED_AT in roles.values():
        return None, "", ""
    for number, header in enumerate(grid.headers):
        cells = [row[number] for row in grid.rows if row[number]]
        forms = [form for form in STAMPS if cells and all(_is_moment(cell, form) for cell in cells)]
        # A moment is often told from all others, as an id is.
        is_free = roles.get(header or "") in (None, MetadataRole.RESPONDENT_ID)
        if header is not None and is_free and forms:
            doubt = f"  {header}: day or month first? Taken for {forms[0]}."
            return header, forms[0] if forms[0] != ISO else "", doubt if len(forms) > 1 else ""
    return None, "", ""


def _is_moment(cell: str | None, form: str) -> bool:
    try:
        datetime.datetime.strptime(cell or "", form)
    except ValueError:
        return False
    return True


def _describe(question: Found) -> str:
    told = f"  {question.type}: {question.label}"
    if question.items:
        told += f" ({len(question.items)} rows)"
    return told + (f": {', '.join(question.options)}" if question.options else "")
