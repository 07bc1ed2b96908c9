"""Site, workbook and comments in the language and with the unit that the codebook names."""

import re
import shutil

import duckdb
import openpyxl
import pytest

from ingest.shared.csv_files import write_file
from pipeline.build import build_warehouse
from pipeline.paths import Paths
from publish.research import write_research
from publish.sheets import write_sheets
from publish.site.writing import write_site
from publish.workbook import write_workbook
from tests.conftest import OTHER, Survey, share
from vocabulary.texts import read_texts

TRANSLATED = {
    "Zijn er dienstfietsen?": "Are there bicycles?",
    "Stadsfiets": "City bicycle",
    "Dienstfietsen 2024": "Bicycles, in spring",
}


@pytest.fixture(scope="module")
def schools(tmp_path_factory):
    """The survey of bicycles, as if schools had been asked, for readers of English."""

    def make(folder):
        survey = Survey(folder / "seeds", folder / "exports")
        shutil.copytree(OTHER, folder, dirs_exist_ok=True)
        (survey.codebook / "codebook/units.csv").write_text(
            "language,singular,plural,definite\nen,school,schools,the school\n"
        )
        survey.edit(
            "codebook/texts.csv", lambda rows: [*rows, {"text_key": "language", "text": "en"}]
        )
        write_file(
            survey.codebook / "codebook/translations.csv",
            ["language", "text", "translation"],
            [{"language": "en", "text": text, "translation": own}
             for text, own in TRANSLATED.items()],
        )  # fmt: skip
        survey.set("codebook/editions.csv", 2, edition_name="2024-spring")
        build_warehouse(Paths(survey.codebook, survey.exports, folder / "warehouse.duckdb"))

    folder = share(tmp_path_factory, "schools", make)
    with duckdb.connect(folder / "warehouse.duckdb", read_only=True) as connection:
        yield connection


def list_words(text):
    return set(re.findall(r"[a-zà-ÿ]{3,}", text.casefold()))


def test_site_is_in_english_and_of_schools(schools, tmp_path):
    write_site(schools, tmp_path)
    pages = {path: path.read_text("utf-8") for path in tmp_path.rglob("*.html")}
    english, dutch = (
        set().union(*(list_words(text) for texts in read_texts(language).lists.values()
                      for text in texts.values()))
        for language in ("en", "nl")
    )  # fmt: skip
    survey = set().union(
        *(list_words(path.read_text("utf-8")) for path in (OTHER / "seeds").rglob("*.csv"))
    )
    for path, page in pages.items():
        assert '<html lang="en">' in page
        visible = re.sub(r"<(style|script)\b.*?</\1>|<[^>]*>|vega\S*", " ", page, flags=re.S)
        words = list_words(visible)
        assert words & (dutch - english - survey - {"site", "van", "info"}) == set(), path.name
        assert not re.search("municipalit|gemeente", visible, re.IGNORECASE), path.name
        # What an edition is called, and never its key, but in addresses.
        assert not re.search(
            r"\b2024(?!-|/)",
            re.sub(r"\d [A-Z][a-z]+ 2024|fietsen 2024|2024-0", "", visible, flags=re.I),
        ), path.name
    start = pages[tmp_path / "index.html"]
    assert "Schools" in start
    assert "How do you read this?" in start
    # What the codebook says in English stands there in English, wherever it stands.
    assert "Bicycles, in spring" in start
    results = pages[tmp_path / "resultaten/2024-1.html"]
    for text, own in TRANSLATED.items():
        assert text not in results
        assert own in results
    assert "‘Are there bicycles?’" not in results


def test_workbook_sheets_and_files_speak_the_same(schools, tmp_path):
    write_workbook(schools, tmp_path / "figures.xlsx")
    book = openpyxl.load_workbook(tmp_path / "figures.xlsx")
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "Schools" in cells
    assert "2024-spring (no real answers)" in cells
    assert not any("emeente" in cell or "unicipalit" in cell for cell in cells)
    write_sheets(schools, tmp_path / "sheets", 2024, [])
    sheet = next((tmp_path / "sheets").glob("*.html")).read_text("utf-8")
    assert "beside schools of the same size" in sheet
    write_research(schools, tmp_path / "research")
    labels = (tmp_path / "research/spss/2024.xml").read_text("utf-8")
    assert "Code (school)" in labels
    assert "Are there bicycles?" in labels
    assert any("City bicycle" in cell for cell in cells)


def test_comments_and_texts_of_the_warehouse_speak_of_schools(schools):
    assert schools.execute(
        "select comment from duckdb_columns() where schema_name = 'marts'"
        " and table_name = 'mart_panel_transitions' and column_name = 'municipality_count'"
    ).fetchone() == ("Schools that answered both times.",)
    assert schools.execute(
        "select language, text from vocabulary.texts where list = 'bases'"
        " and code = 'municipalities' order by language"
    ).fetchall() == [("en", "schools"), ("nl", "gemeenten")]


def test_language_that_nobody_speaks_is_refused(other_survey):
    other_survey.edit(
        "codebook/texts.csv", lambda rows: [*rows, {"text_key": "language", "text": "fr"}]
    )
    assert "fr is no language that the site speaks." in other_survey.refusal()
