"""Exports as they come, good and bad: real workbooks and text files."""

import datetime
import re
from pathlib import Path

import openpyxl
import pytest

from ingest.exports.files import ExportFile, to_text
from ingest.exports.reading import read_export
from ingest.shared.problems import InputError, Place, Problem
from ingest.shared.text import to_column_letter, to_match_text
from tests.integration.hostile import edit_parts, is_sheet

NAME = "gelijkekansen_2025.xlsx"


@pytest.fixture
def workbook(survey):
    """The export as openpyxl has it, saved again when the test has spoiled it."""

    class Spoiled:
        book = openpyxl.load_workbook(survey.exports / NAME)
        sheet = book["Respons"]

        def refusal(self) -> str:
            self.book.save(survey.exports / NAME)
            return survey.refusal()

        def find(self, header: str) -> str:
            return next(cell.column_letter for cell in self.sheet[1] if cell.value == header)

    return Spoiled()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", None),
        ("  \u00a0", None),
        ("0012", "0012"),
        ("NA", "NA"),
        (" Gent ", " Gent "),
        (7.0, "7"),
        (0.1, "0.1"),
        (-3.0, "-3"),
        (1e300, "1e+300"),
        (True, "true"),
        (datetime.datetime(2025, 11, 3, 8, 0), "2025-11-03T08:00:00"),
        (datetime.date(2025, 11, 3), "2025-11-03"),
        (datetime.timedelta(minutes=90), "PT5400S"),
        (datetime.timedelta(seconds=12345.678), "PT12345.678S"),
        (datetime.timedelta(seconds=1234567), "PT1234567S"),
    ],
)
def test_cell_becomes_a_text_that_loses_nothing(value, text):
    assert to_text(value) == text


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("Sint‑Niklaas\u00a0", "Sint-Niklaas"),
        ("collega’s", "collega's"),
        ("“citaat”", '"citaat"'),
        ("a\u200bb\ufeff", "ab"),
        ("één  –\n twee", "één - twee"),
        ("e\u0301e\u0301n", "één"),
        ("Ja", "Ja"),
        ("ja", "ja"),
    ],
)
def test_texts_are_compared_without_typography(text, match):
    assert to_match_text(text) == match


@pytest.mark.parametrize(("number", "letter"), [(1, "A"), (26, "Z"), (27, "AA"), (169, "FM")])
def test_column_letter_is_that_of_the_spreadsheet(number, letter):
    assert to_column_letter(number) == letter


def test_renamed_column_names_both_ends(workbook):
    cell = workbook.sheet[f"{workbook.find('Einde bereikt')}1"]
    cell.value = "Einde  gehaald"
    refusal = workbook.refusal()
    assert f"sheet 'Respons', cell {cell.coordinate}" in refusal
    assert "The codebook has no column 'Einde  gehaald'." in refusal
    assert "Nearest: 'Einde bereikt'" in refusal
    assert "Column 'Einde bereikt' is missing." in refusal


def test_missing_column_is_named(workbook):
    workbook.sheet.delete_cols(openpyxl.utils.column_index_from_string(workbook.find("IP")))
    assert "sheet 'Respons'\n    Column 'IP' is missing." in workbook.refusal()


def test_doubled_header_is_refused(workbook):
    workbook.sheet["C1"] = "Achternaam"
    refusal = workbook.refusal()
    assert "cell C1\n    The codebook has no column 'Achternaam [2]'." in refusal


def test_answers_under_a_blank_header_are_refused(workbook):
    workbook.sheet["FN5"] = "los"
    assert "cell FN1\n    The codebook has no column '[blank]'." in workbook.refusal()


def test_unknown_options_are_all_named_with_their_cell(workbook):
    column = workbook.find("3. Wat is je functie?")
    workbook.sheet[f"{column}2"] = "Medewerkster"
    workbook.sheet[f"{column}7"] = "Stagiair"
    refusal = workbook.refusal()
    assert refusal.startswith("2 problems")
    assert f"edition 2025: {NAME}, sheet 'Respons', cell {column}2" in refusal
    assert "holds 'Medewerkster', which is no option of this question" in refusal
    assert "Nearest: 'Medewerker'" in refusal
    assert f"cell {column}7" in refusal


def test_unknown_municipality_is_refused_with_candidates(workbook):
    name = workbook.find("1. Voor welk lokaal bestuur vul je deze vragenlijst in?")
    code = workbook.find("2. Wat is de postcode van je gemeente?")
    workbook.sheet[f"{name}2"] = "Lebeke"
    workbook.sheet[f"{code}2"] = None
    refusal = workbook.refusal()
    assert f"cell {name}2\n    'Lebeke' is no municipality of this edition's frame" in refusal
    assert "'Lebbeke'" in refusal


def test_postal_code_of_two_municipalities_settles_nothing(workbook):
    name = workbook.find("1. Voor welk lokaal bestuur vul je deze vragenlijst in?")
    code = workbook.find("2. Wat is de postcode van je gemeente?")
    workbook.sheet[f"{name}2"] = "Eppegem of Vilvoorde"
    workbook.sheet[f"{code}2"] = 1804
    assert "'Eppegem of Vilvoorde' is no municipality" in workbook.refusal()


def test_values_that_are_no_number_date_or_status_are_refused(workbook):
    for header, value in (
        ("Invultijd (seconden)", "lang"),
        ("Datum gestart", "gisteren"),
        ("Einde bereikt", "Misschien"),
        ("2. Wat is de postcode van je gemeente?", "9280A"),
    ):
        workbook.sheet[f"{workbook.find(header)}2"] = value
    workbook.sheet[f"{workbook.find('Einde bereikt')}3"] = None
    refusal = workbook.refusal()
    assert refusal.startswith("5 problems")
    assert "'Invultijd (seconden)' holds 'lang', which is no whole number." in refusal
    assert "'Datum gestart' holds 'gisteren', which is no date or time." in refusal
    assert "'Einde bereikt' holds 'Misschien', which no row of metadata_values.csv" in refusal
    assert "'Einde bereikt' is blank" in refusal
    assert "holds '9280A', which is no whole number." in refusal


def test_problems_of_header_and_cells_are_reported_together(workbook):
    workbook.sheet[f"{workbook.find('IP')}1"] = "IP-adres"
    workbook.sheet[f"{workbook.find('3. Wat is je functie?')}2"] = "Stagiair"
    refusal = workbook.refusal()
    assert "Column 'IP' is missing." in refusal
    assert "holds 'Stagiair'" in refusal


def test_error_cell_is_refused(workbook):
    workbook.sheet["J2"] = "#N/A"
    workbook.sheet["J2"].data_type = "e"
    assert "cell J2\n    It holds an error in place of a value." in workbook.refusal()


@pytest.mark.parametrize(
    "written",
    [
        '<c r="J2" s="1" t="e"><v>#N/A</v></c>',
        '<c t="e" r="J2"><v>#N/A</v></c>',
        "<c t='e' r='J2'><v>#NAME?</v></c>",
        '<c t="e" r="J2"><f>NA()</f><v>#N/A</v></c>',
        '<x:c xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="J2" t = "e">'
        "<x:v>#N/A</x:v></x:c>",
    ],
)
def test_error_cell_is_refused_however_it_is_written(survey, written):
    def put(name: str, content: bytes) -> bytes:
        cell = re.compile(rb'<c r="J2"[^>]*>.*?</c>')
        return cell.sub(written.encode(), content, 1) if is_sheet(name) else content

    edit_parts(put)(survey)
    assert "cell J2\n    It holds an error in place of a value." in survey.refusal()


@pytest.mark.parametrize(
    "written",
    [
        '<row r="1048576"><c r="A1048576"><v>1</v></c></row>',
        "<row spans='1:1' r='1048576'><c r='A1048576'><v>1</v></c></row>",
        '<x:row xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r = "1048576">'
        '<x:c r="A1048576"><x:v>1</x:v></x:c></x:row>',
    ],
)
def test_room_for_a_million_rows_is_refused_however_it_is_written(survey, written):
    def put(name: str, content: bytes) -> bytes:
        end = b"</sheetData>"
        return content.replace(end, written.encode() + end) if is_sheet(name) else content

    edit_parts(put)(survey)
    assert re.search(r"cell A1048576\n    Above it are 10484\d\d blank rows", survey.refusal())


def test_error_on_another_sheet_is_nobodys_business(workbook, survey):
    workbook.book["Info"]["B20"] = "#N/A"
    workbook.book["Info"]["B20"].data_type = "e"
    workbook.book.save(survey.exports / NAME)
    assert survey.load().execute("select count(*) from raw.export_rows").fetchone() == (85,)


def test_formula_that_nobody_calculated_is_refused(workbook):
    cell = workbook.sheet[f"{workbook.find('3. Wat is je functie?')}2"]
    cell.value = '="Soms"'
    cell.data_type = "f"
    refusal = workbook.refusal()
    assert f"cell {cell.coordinate}\n    It holds a formula that nobody has calculated." in refusal


def test_name_like_another_than_the_postal_code_is_refused(workbook):
    name = workbook.find("1. Voor welk lokaal bestuur vul je deze vragenlijst in?")
    code = workbook.find("2. Wat is de postcode van je gemeente?")
    workbook.sheet[f"{name}5"] = "Brugghe"
    workbook.sheet[f"{code}5"] = 9000
    assert (
        f"cell {name}5\n    'Brugghe' looks like 'Brugge', and the postal code is that of 'Gent'."
        in workbook.refusal()
    )


def test_blank_row_without_a_rule_is_refused(survey):
    survey.edit("codebook/row_exclusions.csv", lambda rows: rows[:1])
    refusal = survey.refusal()
    assert "cells A82, A83, A84 and 2 more\n    The row is blank, and no rule excludes" in refusal


def test_sheet_that_is_not_there_is_refused(survey):
    survey.set("codebook/editions.csv", 2, sheet="Response")
    refusal = survey.refusal()
    assert "It has no sheet 'Response'; it has 'Respons', 'Info'." in refusal


def test_empty_sheet_is_refused(survey):
    openpyxl.Workbook().save(survey.exports / NAME)
    survey.set("codebook/editions.csv", 2, sheet="")
    assert "sheet 'Sheet'\n    It is empty." in survey.refusal()


def test_header_without_rows_is_refused(workbook):
    workbook.sheet.delete_rows(2, 200)
    assert "It has no rows below a header." in workbook.refusal()


def test_file_that_is_no_workbook_is_refused(survey):
    (survey.exports / NAME).write_bytes(b"PK\x03\x04 nothing of the kind")
    assert f"{NAME}\n    It is no workbook that can be read" in survey.refusal()


def test_text_renamed_to_a_workbook_is_refused(survey):
    (survey.exports / NAME).write_text("a,b\n1,2\n")
    assert "It is no workbook that can be read" in survey.refusal()


def test_missing_export_and_stray_export_are_both_named(survey):
    (survey.exports / NAME).rename(survey.exports / "gelijkekansen_2025_v2.xlsx")
    refusal = survey.refusal()
    assert f"edition 2025: {NAME}\n    The file is missing." in refusal
    assert "Nearest: 'gelijkekansen_2025_v2.xlsx'" in refusal
    assert "exports: gelijkekansen_2025_v2.xlsx\n    No edition of the codebook" in refusal


def test_edition_without_codebook_rows_is_refused(other_survey):
    (other_survey.exports / "fietsen_2028.csv").write_text("a;b\n1;2\n")
    assert "exports: fietsen_2028.csv\n    No edition of the codebook" in other_survey.refusal()


def test_kind_of_file_that_nobody_exports_is_refused(other_survey):
    path = other_survey.exports / "fietsen.csv"
    path.rename(path.with_suffix(".pdf"))
    other_survey.set("codebook/editions.csv", 2, source_file="fietsen.pdf")
    assert "No export is written as '.pdf'." in other_survey.refusal()


def test_restricted_text_never_stands_in_a_message(workbook):
    workbook.sheet["A1"] = "E-mail"
    workbook.sheet["B2"] = "Jansens"
    refusal = workbook.refusal()
    assert "Jansens" not in refusal
    assert "@" not in refusal


def test_refusal_is_one_readable_list():
    with pytest.raises(InputError) as caught:
        read_export(ExportFile(2031, Path("nowhere/export.xlsx"), None, None, None))
    assert str(caught.value) == (
        "1 problem in the input; nothing was built.\n\n"
        "edition 2031: export.xlsx\n"
        "    The file is missing.\n"
        "    -> Put the export there, or mend source_file in editions.csv."
    )


def test_refusal_groups_what_has_one_cause():
    cells = [f"{column}{row}" for column in ("C", "D") for row in range(2, 9)]
    problems = [
        *(Problem(Place("f.csv", "cell", at), f"{at[0]} holds 'x'.", "Mend it.") for at in cells),
        *(Problem(Place("f.csv", "cell", f"E{n}"), f"E holds '{n}'.", "Look.") for n in range(9)),
        Problem("secret", "It is short.", "Make another."),
    ]  # fmt: skip
    error = InputError(problems)
    assert str(error) == (
        "24 problems in the input; nothing was built.\n\n"
        "f.csv, cells C2, C3, C4 and 4 more\n    C holds 'x'.\n    -> Mend it.\n\n"
        "f.csv, cells D2, D3, D4 and 4 more\n    D holds 'x'.\n    -> Mend it.\n\n"
        + "\n\n".join(f"f.csv, cell E{row}\n    E holds '{row}'.\n    -> Look." for row in range(5))
        + "\n... and 4 more of this kind.\n\nsecret\n    It is short.\n    -> Make another."
    )
    assert error.left_count == 4
    assert error.tell_all().count("-> ") == 24


def test_export_with_blank_rows_only_has_rows_and_no_cells(other_survey):
    path = other_survey.exports / "fietsen.csv"
    header, *_ = path.read_bytes().split(b"\r\n")
    path.write_bytes(header + b"\r\n" + b";" * 22 + b"\r\n" + b";" * 22 + b"\r\n")
    connection = other_survey.load()
    assert connection.execute(
        "select row_number, filled_cell_count, copies_row_number, exclusion_reason is not null"
        " from raw.export_rows where edition_key = 2024"
    ).fetchall() == [(2, 0, None, True), (3, 0, None, True)]
    assert connection.execute(
        "select count(*) from raw.export_cells where edition_key = 2024"
    ).fetchone() == (0,)
