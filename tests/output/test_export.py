"""The files that people take along, opened by what they are made for."""

import csv
import json
import re
import subprocess
from xml.etree import ElementTree

import duckdb
import frictionless
import numpy as np
import openpyxl
import pypdf
import pyreadstat
import pytest

from publish.ddi import MISSING
from publish.research import write_checksums, write_research
from publish.sheets import SheetError, write_sheets
from publish.workbook import write_workbook
from tests.tools import need

# LibreOffice's csv filter: commas, quotes, UTF-8, values as they are, the third sheet.
AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,3"
DDI = "{ddi:codebook:2_5}"


@pytest.fixture(scope="module")
def folder(built, tmp_path_factory):
    folder = tmp_path_factory.mktemp("export")
    with duckdb.connect(built.warehouse, read_only=True) as connection:
        write_workbook(connection, folder / "figures.xlsx")
        write_research(connection, folder / "research")
    write_checksums(folder)
    return folder


def test_workbook_has_the_figures_of_the_release_as_numbers(folder, warehouse):
    book = openpyxl.load_workbook(folder / "figures.xlsx")
    assert book.sheetnames == [
        "Lees mij",
        "Deel 1",
        "Deel 2",
        "Deel 3",
        "Deel 4",
        "Deel 5",
        "Deel 6",
        "Evolutie",
        "Uitsplitsing",
        "Respons",
    ]
    links = [cell.hyperlink.location for cell in book["Lees mij"]["A"] if cell.hyperlink]
    assert links == [f"'{name}'!A1" for name in book.sheetnames[1:]]
    assert (book.properties.language, book.properties.title) == (
        "nl", "Gelijke kansen in lokale besturen",
    )  # fmt: skip
    sheet = book["Deel 2"]
    assert sheet.freeze_panes == "B4"
    assert len(sheet._charts) > 15
    assert [cell.value for cell in sheet[1]][:2] == [
        "2. Huidige situatie: beleid en werking",
        "2025 (geen echte antwoorden)",
    ]
    (row,) = (row for row in sheet.iter_rows(min_row=4) if row[0].value == "Digitale inclusie"
              and row[1].value == 64)  # fmt: skip
    assert [cell.value for cell in row[1:7]] == [64, 64 / 67, 67, 61, 61 / 63, 63]
    assert row[2].number_format == "0%"
    texts = [sheet.cell(n, 1).value for n in range(1, sheet.max_row + 1)]
    assert any(
        (text or "").startswith("2025 (vraag 6): gesteld aan wie bij vraag 5") for text in texts
    )
    parts = [part for part in book.worksheets if part.title.startswith("Deel ")]
    cells = [cell.value for part in parts for line in part.iter_rows() for cell in line]
    released = warehouse.execute(
        "select count(selected_count), count(suppression) from public_release.question_results"
        " inner join marts.dim_questions using (question_key)"
        " where breakdown = 'total' and type <> 'matrix'"
    ).fetchone()
    assert sum(isinstance(value, int) for value in cells if value is not None) >= 2 * released[0]
    assert cells.count("afgeschermd") == released[1]
    # Of size and province there is a list: as many figures as the release has.
    shown, withheld = warehouse.execute(
        "select count(percentage), count(suppression) from public_release.question_results"
        " where breakdown <> 'total'"
    ).fetchone()
    lines = list(book["Uitsplitsing"].iter_rows(min_row=2, values_only=True))
    assert len(lines) == shown + withheld
    assert sum(line[5] == "afgeschermd" for line in lines) == withheld
    # The questions stand in their order, a row behind its matrix: two matrices have a row 'Ella'.
    asked = list(dict.fromkeys(line[1] for line in lines if line[0] == "2029"))
    first, second = (number for number, name in enumerate(asked) if name.endswith("– Ella"))
    assert asked[first].startswith("Welke van deze Vlaamse partner- en expertiseorganisaties")
    assert asked[second].startswith("In welke mate bent u tevreden")
    changed = [row[0] for row in book["Evolutie"].iter_rows(min_row=2, values_only=True)]
    assert [name for name in dict.fromkeys(changed) if name in asked] == [
        name for name in asked if name in changed
    ]
    # A chart is of the municipalities, as the evolution is, with their number in its legend.
    legend = [series.tx.v for series in sheet._charts[0].series]
    assert legend[0] == "2025 (N = 70, vergelijkbaar)"
    assert book["Evolutie"]["F1"].value == "N toen"


def test_libreoffice_opens_the_workbook_as_it_is(folder, tmp_path):
    soffice = need("libreoffice-calc-nogui")
    subprocess.run(
        [soffice, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile",
         "--convert-to", AS_CSV,
         "--outdir", tmp_path, folder / "figures.xlsx"],
        check=True, capture_output=True,
    )  # fmt: skip
    (path,) = tmp_path.glob("*.csv")
    with path.open(encoding="utf-8") as file:
        rows = {row[0]: row[1:7] for row in csv.reader(file) if row and row[1] == "64"}
    numbers = [
        float(cell.rstrip("%")) / (100 if cell.endswith("%") else 1)
        for cell in rows["Digitale inclusie"]
    ]
    assert numbers == pytest.approx([64, 64 / 67, 67, 61, 61 / 63, 63])


def test_spss_file_gives_the_figures_of_the_mart(folder, warehouse):
    for edition in (2025, 2027, 2029):
        frame, meta = pyreadstat.read_sav(
            folder / f"research/spss/{edition}.sav", user_missing=True
        )
        types = dict(
            warehouse.execute("select question_key, type from marts.dim_questions").fetchall()
        )
        results = warehouse.execute(
            """
            select
                question_key, option_key, option_label, option_position, selected_count, base_count
            from marts.mart_question_results
            where edition_key = ? and base = 'respondents'
            """,
            [edition],
        ).fetchall()
        checked = 0
        for question, option, label, position, selected, base in results:
            if types[question] == "multiple":
                values, code = frame[option], 1
                assert meta.variable_value_labels[option][1] == "aangeduid"
                assert meta.column_names_to_labels[option].endswith(label)
            elif types[question] in ("single", "matrix_row"):
                values, code = frame[question], position
                assert meta.variable_value_labels[question][position] == label
            else:
                continue
            assert ((values == code).sum(), (values >= 0).sum()) == (selected, base), option
            checked += 1
        assert checked > 250


def test_spss_file_has_weights_and_measurement_levels(folder):
    frame, meta = pyreadstat.read_sav(folder / "research/spss/2025.sav", user_missing=True)
    # Together the respondents count as the 285 municipalities of the frame, by size: of the 13
    # largest 12 took part.
    assert frame["weight"].sum() == pytest.approx(285)
    largest = frame[frame["size_category"] == "Grootsteden en centrumsteden"]
    assert largest["weight"].sum() == pytest.approx(13)
    assert largest.groupby("municipality")["weight"].sum().tolist() == [pytest.approx(13 / 12)] * 12
    measures = meta.variable_measure
    assert {measures["weight"], measures["duration_seconds"]} == {"scale"}
    assert measures["partner_satisfaction.rosa"] == measures["cross_service_cooperation"]
    assert measures["cross_service_cooperation"] == "ordinal"
    assert measures["themes.lgbti"] == measures["has_policy"] == measures["province"] == "nominal"
    assert meta.original_variable_types["has_policy"] == "F8.0"


def test_spss_syntax_declares_each_question_of_several_answers_as_a_set(folder, warehouse):
    text = (folder / "research/spss/2025-sets.sps").read_text(encoding="utf-8")
    sets = dict(re.findall(r"MRSETS /MDGROUP NAME=\$(\w+) LABEL='.+'\n  (VARIABLES=[^.]*)", text))
    several = warehouse.execute(
        "select count(distinct question_key) from marts.bridge_question_editions"
        " inner join marts.dim_questions using (question_key)"
        " where edition_key = 2025 and takes_several"
    ).fetchone()[0]
    assert len(sets) == text.count("MRSETS") == several
    _, meta = pyreadstat.read_sav(folder / "research/spss/2025.sav", metadataonly=True)
    named = re.findall(r"VARIABLES=(.+?) VALUE=1", text.replace("\n  ", " "))
    assert {name for one in named for name in one.split()} <= set(meta.column_names)
    assert max(map(len, text.splitlines())) < 600


def test_spss_file_tells_four_kinds_of_missing_apart(folder, warehouse):
    frame, meta = pyreadstat.read_sav(folder / "research/spss/2025.sav", user_missing=True)
    counts = warehouse.execute(
        "select not_shown_count, skipped_count, not_reached_count, off_route_count"
        " from marts.mart_routing_audit where edition_key = 2025 and question_key = 'themes'"
    ).fetchone()
    codes = list(MISSING.values())
    assert tuple((frame["themes.lgbti"] == code).sum() for code in codes) == counts == (7, 0, 4, 1)
    assert meta.missing_ranges["themes.lgbti"] == [{"lo": -4.0, "hi": -1.0}]
    assert meta.variable_value_labels["themes.lgbti"][-3] == "niet bereikt: eerder gestopt"
    plain, _ = pyreadstat.read_sav(folder / "research/spss/2025.sav")
    assert np.isnan(plain["themes.lgbti"]).sum() == sum(counts)
    assert len(frame) == 79


def test_data_package_is_valid_and_says_what_is_in_it(folder, warehouse):
    path = folder / "research/tables/datapackage.json"
    report = frictionless.validate(str(path))
    assert report.valid, report.flatten(["rowNumber", "fieldNumber", "type", "note"])[:5]
    package = json.loads(path.read_text("utf-8"))
    assert len(package["resources"]) >= 30
    for resource in package["resources"]:
        assert resource["description"]
        assert all(field["description"] for field in resource["schema"]["fields"])
    schemas = {resource["name"]: resource["schema"] for resource in package["resources"]}
    assert schemas["dim-options"]["primaryKey"] == "option_key"
    assert {key["fields"]: key["reference"]["resource"]
            for key in schemas["fct-answers"]["foreignKeys"]} == {
        "edition_key": "dim-editions", "option_key": "dim-options",
        "question_key": "dim-questions", "respondent_key": "dim-respondents",
    }  # fmt: skip
    # Means are of questions and of indices, which are no questions.
    assert "question_key" not in [
        key["fields"] for key in schemas["mart-scale-results"]["foreignKeys"]
    ]
    names = {field["name"] for r in package["resources"] for field in r["schema"]["fields"]}
    assert "share_low" in names
    assert "person_key" not in names
    for name in ("fct_answers", "mart_question_results"):
        parquet = folder / f"research/tables/{name}.parquet"
        here = warehouse.execute(f"select count(*) from marts.{name}").fetchall()
        assert duckdb.sql(f"select count(*) from '{parquet}'").fetchall() == here


def test_codebook_in_ddi_has_variables_universes_and_frequencies(folder):
    root = ElementTree.parse(folder / "research/spss/2025.xml").getroot()  # noqa: S314 - our own
    assert root.tag == f"{DDI}codeBook"
    variables = {element.get("name"): element for element in root.iter(f"{DDI}var")}
    lgbti = variables["themes.lgbti"]
    assert lgbti.find(f"{DDI}universe").text == "wie bij vraag 5 ‘Ja’ antwoordde"
    frequencies = {
        category.find(f"{DDI}catValu").text: category.find(f"{DDI}catStat").text
        for category in lgbti.iter(f"{DDI}catgry")
    }
    assert frequencies == {"0": "30", "1": "37", "-1": "7", "-2": "0", "-3": "4", "-4": "1"}


def test_checksums_are_those_of_the_files(folder):
    done = subprocess.run(
        ["sha256sum", "--check", "--quiet", "SHA256SUMS"],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_no_restricted_text_stands_in_any_file(folder, built):
    from tests.slow.test_privacy import read_private_texts, search

    texts = read_private_texts(built.restricted)
    for path in folder.rglob("*"):
        if path.suffix in (".csv", ".xml", ".json", ".sav", ".parquet"):
            assert search(texts, path.read_bytes().decode("utf-8", errors="replace")) == [], path


def test_sheet_has_own_answers_beside_those_of_others(built, tmp_path):
    with duckdb.connect(built.warehouse, read_only=True) as connection:
        assert write_sheets(connection, tmp_path, 2025, ["gent", "33016"]) == 2
        with pytest.raises(SheetError, match="Antwerpen did not take part in 2025"):
            write_sheets(connection, tmp_path, 2025, ["Antwerpen"])
        with pytest.raises(SheetError, match="There is no edition 2031"):
            write_sheets(connection, tmp_path, 2031, [])
        answers = connection.execute(
            "select option_label from intermediate.int_municipality_answers"
            " inner join marts.mart_question_results using (edition_key, question_key, option_key)"
            " where from_edition_key = to_edition_key and edition_key = 2025"
            " and municipality_key like '44021-%' and base = 'respondents' and is_selected"
            " and question_key = 'themes'"
        ).fetchall()
    text = (tmp_path / "2025-44021-Gent.html").read_text("utf-8")
    block = text.split("<h2>Rond welke thema")[1].split("</table>")[0]
    assert block.count("<strong>ja</strong>") == len(answers) > 0
    assert "afgeschermd" in text
    # What stands out rests on figures that stand on the sheet, and on its own answers.
    told = text.split("<h2>Wat opvalt</h2>")[1].split("</section>")[0]
    rare = re.findall(r"jullie kozen ‘(.+?)’(| niet); .*? deed (\d+)% dat.*?\(N = (\d+)\)", told)
    assert 0 < len(rare) <= 5
    below = text.split("<h2>Wat opvalt</h2>")[1].split("</section>", 1)[1]
    for label, omitted, percentage, count in rare:
        assert (int(percentage) >= 75) if omitted else (int(percentage) <= 25)
        assert f"{percentage}% (N = {count})" in below
        assert label in below
    # Of the same size as well, where that tells of nobody.
    assert "; in jullie grootte " in told
    reader = pypdf.PdfReader(tmp_path / "2025-33016-Mesen.pdf")
    # Every municipality's own answers stand on two pages (all were looked at in the slow tests).
    assert len(reader.pages) <= 2
    # Tagged, with its language and title: PDF/UA.
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "nl"
    assert "/StructTreeRoot" in reader.trailer["/Root"]
    assert reader.metadata.title == "Gelijke kansen in lokale besturen: Mesen"
    told = "\n".join(page.extract_text() for page in reader.pages)
    assert "Gelijke kansen in lokale besturen: Mesen" in told
    assert "Geen echte antwoorden" in told
    others = {"Gent", "Brugge", "Aalst"} & set(told.split())
    assert not others
