"""The round trip of open answers to a person who codes them, and back: a workbook."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import BadZipFile

import duckdb
import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ingest.authoring.coding import INVENTED, OPEN_ANSWERS, make_fingerprint
from ingest.codebook.tables import TABLES
from ingest.exports.files import to_text
from ingest.shared.csv_files import read_file, write_file
from ingest.shared.identity import Secret
from ingest.shared.problems import InputError, Place, Problem, name_candidates
from ingest.shared.text import to_column_letter
from vocabulary.keys import KEY

ANSWERS, CODES = "answers", "codes"
FIXED = ("edition", "respondent", "question", "option", "wording", "answer")
CODE_COLUMNS = ("code_1", "code_2", "code_3")
LONGEST_CELL = 32_767
WIDTHS = (10, 14, 24, 12, 40, 60, 20, 20, 20)

# No column of the file: where a respondent stands in the export as it is.
NOW = "respondent_now"
CODEBOOK_PATH = TABLES["coded_answers"].path


@dataclass(frozen=True)
class Answer:
    """An open answer that can be coded; `option` where it was written beside an option."""

    edition: str
    respondent: str
    question: str
    option: str
    wording: str
    text: str
    lasting_key: str
    is_invented: bool

    @property
    def place(self) -> tuple[str, str, str]:
        """Where it stands: respondent, question, option."""
        return self.respondent, self.question, self.option


def export_answers(
    connection: duckdb.DuckDBPyConnection, codebook: Path, coder: str, path: Path
) -> int:
    """Write a workbook of the answers that a coder has not coded yet, and return how many.

    The connection has a warehouse, and its restricted database attached as `restricted`. The
    file can be read by its owner only (mode 600). Raises InputError where there is no code list.
    """
    _check_coder(coder)
    if path.exists():
        what = "It is there already, and may hold somebody's codes."
        raise InputError([Problem(str(path), what, "Bring it in, or name another file.")])
    coded = {
        (row[NOW], row["question_key"], row["option_code"])
        for row in _read_codings(codebook, connection)
        if row["coder"] == coder
    }
    answers = [answer for answer in _read_answers(connection) if answer.place not in coded]
    codes = _read_codes(connection)
    if not codes:
        place = f"codebook: {TABLES['open_codes'].path}"
        action = "Add a row per code: the question, the code, its position and label. Then build."
        raise InputError([Problem(place, "No open question has a code list.", action)])
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(ANSWERS)
    _fill_answers(sheet, answers, len(codes))
    _fill_codes(book.create_sheet(CODES), codes)
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    path.chmod(0o600)
    book.save(path)
    return len(answers)


def import_codes(
    connection: duckdb.DuckDBPyConnection, codebook: Path, coder: str, path: Path, secret: Secret
) -> int:
    """Write the codes of a filled workbook into the codebook, and return of how many answers.

    What this coder gave the same answers before is replaced. Raises InputError with every cell
    that is wrong; then nothing is written.
    """
    _check_coder(coder)
    codings = _read_codings(codebook, connection)
    others = {row["fingerprint"].partition("_")[0] for row in codings}
    if others - {secret.key_id, INVENTED.key_id}:
        what = "The codes that are there were given with another secret."
        raise InputError([Problem(f"codebook: {CODEBOOK_PATH}", what, "Use the same secret.")])
    known = {answer.place: answer for answer in _read_answers(connection)}
    codes = {(question, option, code) for question, option, code, _ in _read_codes(connection)}
    problems: list[Problem] = []
    coded: dict[tuple[str, str, str], list[str]] = {}
    for number, place, text, given in _read_workbook(path):
        answer = known.get(place)
        where = Place(f"{path.name}, sheet {ANSWERS!r}", "row", str(number))
        if answer is None or _to_cell(answer.text) != text:
            what = "The warehouse has no such answer, or another text for it."
            problems.append(Problem(where, what, "Export it again; its answers may not be edited."))
        for column, code in given:
            if (place[1], place[2], code) not in codes:
                what = f"{code!r} is no code for this question."
                candidates = name_candidates(code, (c for q, o, c in codes if (q, o) == place[1:]))
                action = "Choose one of sheet 'codes', or add it to open_codes.csv."
                problems.append(Problem(replace(where, column=column), what, action, candidates))
        if given:
            coded[place] = list(dict.fromkeys(code for _, code in given))
    if problems:
        raise InputError(problems)
    kept = [
        row
        for row in codings
        if row["coder"] != coder or (row[NOW], row["question_key"], row["option_code"]) not in coded
    ]
    new = [
        {
            "edition_key": known[place].edition,
            "respondent_key": place[0],
            "lasting_key": known[place].lasting_key,
            "question_key": place[1],
            "option_code": place[2],
            "coder": coder,
            "code": code,
            "fingerprint": make_fingerprint(
                INVENTED if known[place].is_invented else secret, known[place].text
            ),
        }
        for place, given_codes in coded.items()
        for code in given_codes
    ]
    columns = list(TABLES["coded_answers"].columns)
    rows = sorted([*kept, *new], key=lambda row: [row[column] for column in columns])
    write_file(codebook / CODEBOOK_PATH, columns, rows)
    return len(coded)


def _check_coder(coder: str) -> None:
    if not re.fullmatch(KEY, coder):
        action = "Use letters, digits and underscores."
        raise InputError([Problem("coder", f"{coder!r} cannot be a coder's name.", action)])


def _read_answers(connection: duckdb.DuckDBPyConnection) -> list[Answer]:
    rows = connection.execute(f"""
        select
            edition_key::varchar, respondent_key, question_key, coalesce(option_code, ''),
            concat_ws(' - ', question_editions.wording, option_editions.label), cell_text,
            coalesce(lasting_key, ''), is_synthetic
        from ({OPEN_ANSWERS}) as answers
        inner join codebook.editions using (edition_key)
        left join codebook.question_editions using (edition_key, question_key)
        left join codebook.option_editions using (edition_key, question_key, option_code)
        where exists (
            select 1 from codebook.open_codes
            where open_codes.question_key = answers.question_key
                and open_codes.option_code is not distinct from answers.option_code
        )
        order by question_key, option_code, respondent_key
    """).fetchall()
    return [Answer(*row) for row in rows]


def _read_codes(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str, str]]:
    return connection.execute("""
        select question_key, coalesce(option_code, ''), code, label
        from codebook.open_codes order by question_key, option_code, position
    """).fetchall()


def _read_codings(codebook: Path, connection: duckdb.DuckDBPyConnection) -> list[dict[str, str]]:
    """Return the codes that were given; NOW has the row in which their respondent stands now.

    It is blank for a respondent who is not found again: then the code is nobody's, and is kept.
    """
    header, *rows = read_file(codebook / CODEBOOK_PATH)
    codings = [{"lasting_key": "", **dict(zip(header, row, strict=True))} for row in rows if row]
    places: dict[tuple[str, str], list[str]] = {}
    for edition, key, respondent in connection.execute(
        "select edition_key::varchar, lasting_keys.lasting_key, respondent_key"
        " from raw.lasting_keys inner join raw.export_rows using (edition_key, row_number)"
        " where exclusion_reason is null"
    ).fetchall():
        places.setdefault((edition, key), []).append(respondent)
    for row in codings:
        found = places.get((row["edition_key"], row["lasting_key"]), [])
        is_there = not row["lasting_key"] or row["respondent_key"] in found
        row[NOW] = row["respondent_key"] if is_there else found[0] if len(found) == 1 else ""
    return codings


def _fill_answers(sheet: Worksheet, answers: list[Answer], code_count: int) -> None:
    sheet.append([*FIXED, *CODE_COLUMNS])
    for answer in answers:
        fields = (*answer.place, answer.wording, answer.text)
        _append(sheet, [answer.edition, *map(_to_cell, fields)])
    for number, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[to_column_letter(number)].width = width
        sheet.cell(1, number).font = Font(bold=True)
    sheet.freeze_panes = "A2"
    choice = DataValidation("list", formula1=f"={CODES}!$C$2:$C${code_count + 1}")
    first, last = (to_column_letter(len(FIXED) + n) for n in (1, len(CODE_COLUMNS)))
    choice.add(f"{first}2:{last}{max(len(answers) + 1, 2)}")
    sheet.add_data_validation(choice)


def _fill_codes(sheet: Worksheet, codes: list[tuple[str, str, str, str]]) -> None:
    sheet.append(["question", "option", "code", "label"])
    for row in codes:
        _append(sheet, list(row))


def _append(sheet: Worksheet, texts: list[str]) -> None:
    """Add a row of texts; one that begins with "=" stays a text."""
    sheet.append(texts)
    for cell in sheet[sheet.max_row]:
        cell.data_type, cell.quotePrefix = "s", True
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _to_cell(text: str) -> str:
    """Return a text as a cell can hold it and gives it back."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return ILLEGAL_CHARACTERS_RE.sub("", lines)[:LONGEST_CELL].strip()


def _read_workbook(
    path: Path,
) -> Iterator[tuple[int, tuple[str, str, str], str, list[tuple[str, str]]]]:
    """Yield each answer's row, place, text and its codes with their columns."""
    try:
        sheet = openpyxl.load_workbook(path, read_only=True, data_only=True)[ANSWERS]
        rows = [
            ["" if cell is None else to_text(cell) or "" for cell in row]
            for row in sheet.iter_rows(values_only=True)
        ]
    except (KeyError, OSError, ValueError, BadZipFile, InvalidFileException) as error:
        what = f"It is no workbook of answers to code ({type(error).__name__})."
        raise InputError([Problem(path.name, what, "Make one with coding export.")]) from None
    if not rows or tuple(rows[0]) != (*FIXED, *CODE_COLUMNS):
        what = "Its columns are not those that coding export writes."
        raise InputError([Problem(path.name, what, "Keep the header as it was.")])
    for number, row in enumerate(rows[1:], start=2):
        cells = dict(zip(rows[0], row, strict=True))
        place = (cells["respondent"], cells["question"], cells["option"])
        cells["answer"] = _to_cell(cells["answer"])
        given = [(column, cells[column]) for column in CODE_COLUMNS if cells[column]]
        if any(row):
            yield number, place, cells["answer"], given
