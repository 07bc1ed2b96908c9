"""One verdict on a question, pair of editions and base, wherever it is shown."""

import re

import duckdb
import openpyxl
import pytest

from publish.report.tags import Tags
from publish.site.context import make_site
from publish.workbook import write_workbook
from tests.output.conftest import site  # noqa: F401 -- a fixture
from vocabulary.texts import read_texts


@pytest.fixture(scope="module")
def release(built):
    """The words of each verdict, by question, from and to, on the base of the charts."""
    texts = read_texts("nl")
    with duckdb.connect(built.warehouse, read_only=True) as connection:
        rows = connection.execute(
            "select question_key, from_edition_key, to_edition_key, comparability, population"
            " from public_release.question_comparisons where base = 'municipalities'"
        ).fetchall()
    return {
        (question, earlier, later): texts["comparability"][verdict]
        + (f" {texts['populations'][population]}" if population == "common_base" else "")
        for question, earlier, later, verdict, population in rows
    }


def read_pairs(text):
    """Every `2025 \u2192 2027: words.` of a text."""
    return {
        (int(earlier), int(later)): words
        for earlier, later, words in re.findall(r"(\d{4}) \u2192 (\d{4}):? ([^.;<]+)", text)
    }


def test_pages_and_workbook_and_report_say_what_the_release_says(
    site,  # noqa: F811
    built,
    release,
    tmp_path,
):
    seen = set()
    for path in (site / "vragenlijst").glob("*.html"):
        page = path.read_text(encoding="utf-8")
        if "<h2>Vergelijkbaar?</h2>" in page:
            told = page.partition("<h2>Vergelijkbaar?</h2>")[2].partition("</ul>")[0]
            for (earlier, later), words in read_pairs(told).items():
                assert words == release[path.stem, earlier, later], path.stem
                seen.add((path.stem, earlier, later))
        begins = re.compile(r'id="evolutie-([\w.]+)"(.*?)<div class="scroll"', flags=re.DOTALL)
        for key, block in begins.findall(page):
            plain = re.sub(r"</?(?:strong|p|summary|details|div)[^>]*>", "", block)
            for (earlier, later), words in read_pairs(plain).items():
                assert words == release[key, earlier, later], key
                seen.add((key, earlier, later))
    assert len(seen) > 130
    with duckdb.connect(built.warehouse, read_only=True) as connection:
        write_workbook(connection, tmp_path / "figures.xlsx")
        written = make_site(connection, tmp_path)
        tags = Tags(written, 2027)
        for (key, earlier, later), words in release.items():
            if later == 2027 and earlier == 2025:
                (table,) = tags.evolution(key, since=2025).parts
                assert table.caption.endswith(f": {words}"), key
    book = openpyxl.load_workbook(tmp_path / "figures.xlsx")
    told = [
        str(cell.value) for sheet in book.worksheets for cell in sheet["A"]
        if str(cell.value).startswith("Vergelijkbaar: ")
    ]  # fmt: skip
    assert sum(len(read_pairs(text)) for text in told) > 100
    assert {words for text in told for words in read_pairs(text).values()} <= set(release.values())
