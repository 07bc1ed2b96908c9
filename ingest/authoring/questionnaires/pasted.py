"""A questionnaire as somebody copies it from a document: a CSV of numbers, texts and options."""

from pathlib import Path

from ingest.authoring.questionnaires.form import Asked, Questionnaire, UnreadableError
from ingest.shared.csv_files import BrokenCsvError, read_cells
from ingest.shared.text import to_plain
from vocabulary.types import DECLARED_TYPES, TRAITS, QuestionType

NEEDED, OPTIONAL = ("number", "text"), ("type", "options", "rows", "relevant", "required")


def read_pasted(path: Path) -> Questionnaire:
    """Return the questions of a CSV with the columns NEEDED, and those of OPTIONAL that it has.

    Options and rows stand one below the other in their cell, or with `|` between; their codes are
    1, 2, 3. A question is called q and its number. Raises UnreadableError where it is none.
    """
    try:
        lines = read_cells(path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, BrokenCsvError) as error:
        raise UnreadableError(str(error)) from error
    header, *rows = [[cell.strip() for cell in line] for line in lines if any(line)] or [[]]
    if missing := [name for name in NEEDED if name not in header]:
        raise UnreadableError(f"It has no column {' and '.join(missing)}.")
    if strange := [name for name in header if name not in (*NEEDED, *OPTIONAL)]:
        raise UnreadableError(f"It has columns that say nothing here: {', '.join(strange)}.")
    asked = [_read_question(dict(zip(header, row, strict=False))) for row in rows]
    return Questionnaire(asked)


def _read_question(row: dict[str, str]) -> Asked:
    options, items = (_number(row.get(name, "")) for name in ("options", "rows"))
    guess = QuestionType.MATRIX if items else QuestionType.SINGLE if options else QuestionType.TEXT
    kind = row.get("type") or guess
    number = row["number"].rstrip(".")
    if kind not in DECLARED_TYPES:
        known = ", ".join(DECLARED_TYPES)
        raise UnreadableError(f"Question {number} is of type {kind!r}; there are {known}.")
    if TRAITS[QuestionType(kind)].is_closed and not options:
        raise UnreadableError(f"Question {number} is of type {kind!r} and has no options.")
    return Asked(
        f"q{number}",
        to_plain(row["text"]),
        QuestionType(kind),
        options,
        items,
        relevant=row.get("relevant", ""),
        is_required=row.get("required", "").lower() in ("yes", "ja", "x"),
    )


def _number(cell: str) -> dict[str, str]:
    pieces = [to_plain(piece) for line in cell.splitlines() for piece in line.split("|")]
    return {str(n): text for n, text in enumerate(filter(None, pieces), start=1)}
