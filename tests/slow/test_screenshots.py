"""Every kind of page as it is seen: on a telephone, a tablet, a desk, light, dark, printed."""

import duckdb
import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe

from publish.sheets import write_sheets
from tests.output.conftest import browser, page, served, site  # noqa: F401 -- fixtures
from tests.output.test_site import AXE, KINDS, SCREENSHOTS

WIDTHS = (320, 768, 1280)
# Whatever is wider than the window and stands in nothing that can be scrolled.
TOO_WIDE = """
    [...document.querySelectorAll('main *')].filter(
        each => each.getBoundingClientRect().right > innerWidth + 1 && !each.closest('.scroll')
            && !each.closest('.sr')
    ).map(each => each.outerHTML.slice(0, 120))
"""


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "moved"])
def test_page_is_whole_at_every_width_light_dark_and_printed(page, served, kind):  # noqa: F811
    folder = SCREENSHOTS / "kinds"
    folder.mkdir(parents=True, exist_ok=True)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, media="screen")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{served}/{KINDS[kind]}")
            page.screenshot(path=folder / f"{kind}-{width}-{scheme}.png")
            assert page.evaluate(TOO_WIDE) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        for details in page.query_selector_all("details"):
            details.evaluate("element => element.open = true")
        outcome = Axe().run(page, options=AXE)
        assert outcome.violations_count == 0, outcome.generate_report()
    page.emulate_media(media="print")
    page.screenshot(path=folder / f"{kind}-print.png", full_page=True)
    # On paper the marks of what is not real, and where the figures are from, are there.
    assert page.locator("aside.banner").is_visible()
    assert page.locator("footer").is_visible()


@pytest.mark.parametrize("edition", [2025, 2027, 2029])
def test_every_sheet_prints_on_two_pages(built, tmp_path, edition):
    with duckdb.connect(built.warehouse, read_only=True) as connection:
        count = write_sheets(connection, tmp_path, edition, [])
    pages = [len(pypdf.PdfReader(path).pages) for path in tmp_path.glob("*.pdf")]
    assert len(pages) == count
    assert max(pages) <= 2
