"""The page of a review in a real browser: by keyboard, on a phone, without barrier or request."""

import shutil
import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from werkzeug.serving import make_server

from ingest.authoring.reviewing.serving import make_app
from tests.output.test_site import AXE, SCREENSHOTS
from tests.reviews import FACTS, draft_outside, open_review


@pytest.fixture
def served(tmp_path_factory, tmp_path):
    shutil.copytree(draft_outside(tmp_path_factory), tmp_path / "survey")
    server = make_server("127.0.0.1", 0, make_app(open_review(tmp_path / "survey")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.mark.slow
def test_review_goes_by_keyboard_and_fits_a_phone_without_barrier(page, served):
    page.goto(served)
    for name, value in FACTS.items():
        page.locator(f"[name='say:{name}']").focus()
        page.locator(f"[name='say:{name}']").fill(value)
    page.keyboard.press("Enter")
    page.get_by_role("status").wait_for()
    assert page.get_by_role("status").inner_text().startswith("edition 2027: 2027")
    assert page.get_by_role("heading", level=2).inner_text() == "Who completed the questionnaire"
    SCREENSHOTS.mkdir(exist_ok=True)
    for key in ("changed:aldermen", "routing:all", "columns"):
        page.goto(f"{page.url.partition('?')[0]}?decision={key}")
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                violations = Axe().run(page, options=AXE).response["violations"]
                assert [one["id"] for one in violations] == []
                name = f"review-{key.replace(':', '-')}-{width}-{scheme}.png"
                page.screenshot(path=SCREENSHOTS / name, full_page=True)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
