"""The codebook as a workbook: out, mended in a spreadsheet, and back."""

import csv
import datetime

import openpyxl
import pytest

from ingest.authoring.codebook_workbook import export_codebook, import_codebook
from ingest.authoring.draft import draft_edition
from ingest.exports.files import ExportFile
from ingest.shared.problems import InputError
from tests.conftest import OTHER


def read_texts(folder):
    return {path.relative_to(folder): path.read_text("utf-8") for path in folder.rglob("*.csv")}


def read_first(survey):
    with (survey.codebook / "codebook/editions.csv").open(encoding="utf-8") as file:
        return next(csv.DictReader(file))


@pytest.fixture
def book(other_survey, tmp_path):
    path = tmp_path / "codebook.xlsx"
    export_codebook(other_survey.codebook, path)
    return path


def change(path, **cells):
    """Write cells of a workbook, as `questions__B3=...`."""
    book = openpyxl.load_workbook(path)
    for place, value in cells.items():
        sheet, cell = place.rsplit("__", 1)
        book[sheet][cell] = value
    book.save(path)


def place_columns(path, sheet):
    head = [cell.value for cell in openpyxl.load_workbook(path)[sheet][1]]
    return {name: openpyxl.utils.get_column_letter(n) for n, name in enumerate(head, start=1)}


def test_workbook_that_nobody_changed_changes_nothing(other_survey, book):
    before = read_texts(other_survey.codebook)
    assert import_codebook(other_survey.codebook, book, write=True) == []
    assert read_texts(other_survey.codebook) == before


def test_sheet_lets_people_choose_and_keeps_keys_and_texts(book):
    sheet = openpyxl.load_workbook(book)["questions"]
    at = place_columns(book, "questions")
    assert "notes" in at
    assert sheet.protection.sheet
    assert sheet["A2"].protection.locked
    assert not sheet[f"{at['label']}2"].protection.locked
    assert not sheet.cell(sheet.max_row, 1).protection.locked
    lists = {str(one.sqref).split("2:")[0]: one.formula1
             for one in sheet.data_validations.dataValidation}  # fmt: skip
    assert lists[at["concept"]].startswith("=concepts!$A$2:")
    assert "single,multiple,matrix" in lists[at["type"]]
    # 01 stays 01, and what begins with an equals sign is a text.
    assert sheet["A2"].number_format == "@"
    assert "one of: single" in sheet[f"{at['type']}1"].comment.text


def test_what_a_spreadsheet_changed_is_shown_before_it_is_written(other_survey, book):
    before = read_texts(other_survey.codebook)
    at = place_columns(book, "editions")
    change(
        book,
        **{
            f"editions__{at['label']}2": "Fietsen, de eerste",
            # A spreadsheet makes a date, a truth and a number of what somebody types.
            f"editions__{at['field_end_date']}2": datetime.date(2024, 3, 30),
            f"editions__{at['is_baseline']}2": True,
            f"editions__{at['expected_respondent_count']}2": 8,
            f"editions__{at['notes']}2": "Nog eens nakijken",
        },
    )
    changes = import_codebook(other_survey.codebook, book, write=False)
    assert read_texts(other_survey.codebook) == before
    assert "editions 2024: label 'Dienstfietsen 2024' became 'Fietsen, de eerste'" in changes
    assert "editions 2024: field_end_date '2024-03-31' became '2024-03-30'" in changes
    assert "editions 2024: expected_respondent_count '7' became '8'" in changes
    assert import_codebook(other_survey.codebook, book, write=True) == changes
    first = read_first(other_survey)
    assert (first["field_end_date"], first["notes"]) == ("2024-03-30", "Nog eens nakijken")
    # Nothing reads a note, and nothing loses it.
    other_survey.set("codebook/editions.csv", 2, expected_respondent_count="7")
    other_survey.load()
    layout = ExportFile(2028, OTHER / "exports/fietsen_2026.csv", None, None, None)
    draft_edition(other_survey.codebook, layout)
    assert read_first(other_survey)["notes"] == "Nog eens nakijken"


def test_wrong_cells_are_told_by_their_place_in_the_workbook(other_survey, book):
    before = read_texts(other_survey.codebook)
    change(book, questions__D4="meerkeuze", options__C3="eerste", concepts__A2="")
    with pytest.raises(InputError) as caught:
        import_codebook(other_survey.codebook, book, write=True)
    told = str(caught.value)
    assert "codebook.xlsx, sheet 'questions', cell D4\n    It says 'meerkeuze'." in told
    assert "codebook.xlsx, sheet 'options', cell C3\n    It says 'eerste'." in told
    assert "codebook.xlsx, sheet 'concepts', cell A2\n    It is blank." in told
    assert read_texts(other_survey.codebook) == before


def test_sheet_with_other_columns_is_refused(other_survey, book):
    change(book, options__C1="volgorde")
    with pytest.raises(InputError, match="sheet 'options'\n    Its columns are not those"):
        import_codebook(other_survey.codebook, book, write=True)
    (book.parent / "niets.xlsx").write_text("niets")
    with pytest.raises(InputError, match="no workbook that can be read"):
        import_codebook(other_survey.codebook, book.parent / "niets.xlsx", write=True)


def test_letters_read_in_another_encoding_are_refused(other_survey):
    other_survey.set("codebook/concepts.csv", 2, label="Privé".encode().decode("cp1252"))
    refusal = other_survey.refusal()
    assert "codebook/concepts.csv, row 2, column label" in refusal
    assert "was UTF-8 and was read as something else: 'Privé'." in refusal
    other_survey.set("codebook/concepts.csv", 2, label="Privé, één, Çavaria, €, “ja” – œuvre")
    other_survey.load()
