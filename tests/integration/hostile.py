"""Exports that are broken or mean harm, and what becomes of them.

`python -m tests.integration.hostile` writes docs/hostile-input.md, which the tests compare with
what happens.
"""

import shutil
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from ingest.shared.problems import InputError
from tests.conftest import OTHER, ROOT, Survey, copy_survey, keep_editions

PAGE = ROOT / "docs/hostile-input.md"
WORKBOOK = "gelijkekansen_2025.xlsx"
TEXT = "fietsen.csv"
HEAD = """# Hostile and broken input

What a build makes of each, as the tests have seen it: what it says, or that it takes it and why
that is harmless. Nothing is evaluated, and a refusal leaves the warehouse as it was.

| input | what happens |
|---|---|
"""


@dataclass(frozen=True)
class Case:
    """Something wrong: what, how it is made, and why it is harmless where it is taken."""

    words: str
    spoil: Callable[[Survey], None]
    harmless: str = ""
    is_text: bool = False


def edit_sheet(change: Callable[[openpyxl.worksheet.worksheet.Worksheet], None]):
    def spoil(survey: Survey) -> None:
        book = openpyxl.load_workbook(survey.exports / WORKBOOK)
        change(book["Respons"])
        book.save(survey.exports / WORKBOOK)

    return spoil


def set_cell(place: str, value: object, **others: object):
    def change(sheet) -> None:
        for cell, content in {place: value, **others}.items():
            sheet[cell] = content
            sheet[cell].number_format = "General"

    return edit_sheet(change)


def edit_parts(change: Callable[[str, bytes], bytes], **added: bytes):
    """Rewrite the parts of the workbook as a zip file."""

    def spoil(survey: Survey) -> None:
        path = survey.exports / WORKBOOK
        old = path.with_suffix(".old")
        path.rename(old)
        with zipfile.ZipFile(old) as before, zipfile.ZipFile(path, "w") as after:
            for part in before.infolist():
                content = change(part.filename, before.read(part))
                after.writestr(part.filename, content, zipfile.ZIP_DEFLATED)
            for name, content in added.items():
                after.writestr(name.replace("__", "/"), content, zipfile.ZIP_DEFLATED)
        old.unlink()

    return spoil


def keep(name: str, content: bytes) -> bytes:
    return content


def is_sheet(name: str) -> bool:
    return name == "xl/worksheets/sheet1.xml"


def bomb(survey: Survey) -> None:
    path = survey.exports / WORKBOOK
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        zeros = bytes(100_000_000)
        for number in range(11):
            archive.writestr(f"xl/media/{number}.bin", zeros, compresslevel=1)


def forge(survey: Survey) -> None:
    """A bomb whose parts say that they are small."""
    bomb(survey)
    path = survey.exports / WORKBOOK
    content = path.read_bytes()
    path.write_bytes(content.replace((100_000_000).to_bytes(4, "little"), b"\x10\0\0\0"))


def add_blank_rows(name: str, content: bytes) -> bytes:
    rows = b"".join(b'<row r="%d"/>' % number for number in range(100, 1_000_100))
    return content.replace(b"</sheetData>", rows + b"</sheetData>") if is_sheet(name) else content


def add_last_row(name: str, content: bytes) -> bytes:
    row = b'<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    return content.replace(b"</sheetData>", row + b"</sheetData>") if is_sheet(name) else content


def add_formula(formula: bytes):
    def change(name: str, content: bytes) -> bytes:
        cell = b'<row r="999"><c r="A999"><f>%s</f></c></row>' % formula
        added = content.replace(b"</sheetData>", cell + b"</sheetData>")
        return added if is_sheet(name) else content

    return change


def merge_header(sheet) -> None:
    sheet.merge_cells("T1:V1")


def encrypt(survey: Survey) -> None:
    # What Excel makes of a workbook with a password: a compound file that holds an encrypted one.
    shutil.copyfile(Path(__file__).parent / "encrypted.xlsx", survey.exports / WORKBOOK)


def recode(encoding: str):
    def spoil(survey: Survey) -> None:
        path = survey.exports / TEXT
        text = path.read_bytes().decode("cp1252")
        path.write_bytes(text.encode(encoding, errors="replace"))

    return spoil


def replace_bytes(old: bytes, new: bytes):
    def spoil(survey: Survey) -> None:
        path = survey.exports / TEXT
        content = path.read_bytes()
        assert old in content
        path.write_bytes(content.replace(old, new, 1))

    return spoil


CASES = (
    Case("A zip bomb: a workbook that unpacks to more than a gigabyte", bomb),
    Case("A zip bomb that says it is small", forge),
    Case("A million blank rows below the answers", edit_parts(add_blank_rows),
         "blank rows are not read"),
    Case("A stray cell in the last row of the sheet", edit_parts(add_last_row)),
    Case("Macros in the workbook", edit_parts(keep, xl__vbaProject__bin=b"Sub Auto_Open()"),
         "nothing is executed"),
    Case("An external link that nobody has followed", edit_parts(add_formula(b"[1]Sheet1!A1"))),
    Case("A formula that reads a web page",
         edit_parts(add_formula(b"WEBSERVICE(&quot;https://x.example&quot;)"))),
    Case("A text that begins with = (the sample has one)", lambda survey: None, "it stays a text"),
    Case("A workbook with a password", encrypt),
    Case("A header of merged cells", edit_sheet(merge_header)),
    Case("A header that stands there twice", set_cell("B1", "E-mailadres")),
    Case("Control characters in a header", set_cell("S1", "5. Werkt\tje\nlokaal bestuur _x0007_?")),
    Case("A terminal's control characters in a name", set_cell("O5", "Gent_x001B_[31m", P5=None)),
    Case("A cell of 32,767 characters in a closed question", set_cell("Q5", "x" * 32_767)),
    Case("A number where a text belongs", set_cell("Q5", 12)),
    Case("A text where a number belongs", set_cell("J5", "een half uur")),
    Case("A date written as a number", set_cell("G5", 45965.5)),
    Case("An error in a cell", set_cell("Q5", "#N/A")),
    Case("Another workbook's sheet", lambda s: s.set("codebook/editions.csv", 2, sheet="Blad1")),
    Case("A csv in UTF-16", recode("utf-16"), is_text=True),
    Case("A csv in UTF-8, declared as cp1252", recode("utf-8"), is_text=True),
    Case("A csv in Mac Roman, declared as cp1252", recode("mac-roman"), is_text=True),
    Case("A csv with a row that is too long", replace_bytes(b";volledig;web;X;Bedorp",
         b";;volledig;web;X;Bedorp"), is_text=True),
    Case("A csv with a row cut off", replace_bytes(b";;;Ja;1;0;1;;\r\n", b";;;Ja\r\n"),
         is_text=True),
    Case("A quote that is never closed", replace_bytes(b"X;Bedorp", b'"X;Bedorp'), is_text=True),
    Case("SQL in an answer", replace_bytes(b";Dehoek;", b";\"'; drop table raw.exports; --\";"),
         is_text=True),
    Case("A null byte in a csv", replace_bytes(b"Dehoek", b"De\0hoek"), is_text=True),
)  # fmt: skip


def try_case(case: Case, folder: Path) -> str:
    """What happens: the message, or why it is harmless."""
    if case.is_text:
        survey = copy_survey(OTHER / "seeds", OTHER / "exports", folder)
    else:
        survey = keep_editions(copy_survey(ROOT / "seeds", ROOT / "exports", folder), 2025)
    case.spoil(survey)
    try:
        connection = survey.load()
    except InputError as error:
        first = error.problems[0]
        more = len(error.problems) - 1
        rest = f" (and {more} more)" if more else ""
        words = f"{first.where}: {first.what} {first.advice}{rest}".replace("|", "\\|")
        assert all(character.isprintable() for character in words), repr(words)
        return f"refused: {words}"
    assert case.harmless, "taken without a word"
    count = connection.execute(
        "select count(*) from raw.export_rows where exclusion_reason is null"
    ).fetchall()[0][0]
    return f"taken ({count} respondents): {case.harmless}"


def write_page() -> str:
    lines = []
    for case in CASES:
        with tempfile.TemporaryDirectory() as name:
            lines.append(f"| {case.words} | {try_case(case, Path(name))} |\n")
            print(lines[-1], file=sys.stderr)
    return HEAD + "".join(lines)


if __name__ == "__main__":
    PAGE.write_text(write_page(), encoding="utf-8")
