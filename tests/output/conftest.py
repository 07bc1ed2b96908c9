"""A browser, and a page in it that fails on whatever goes wrong."""

import functools
import http.server
import threading

import duckdb
import pytest
from playwright.sync_api import sync_playwright

from pipeline.inspect import write_docs
from publish.site import write_site
from tests.conftest import share
from tests.tools import need


@pytest.fixture(scope="session")
def browser():
    need("libatomic1")
    program = need("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-quic", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser):
    """A page that fails on anything that goes wrong in it, or that it asks of elsewhere."""
    context = browser.new_context(viewport={"width": 1100, "height": 900})
    page = context.new_page()
    troubles = []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("requestfailed", lambda request: troubles.append(request.url))
    page.on(
        "request",
        lambda request: (
            request.url.startswith(("http://127.0.0.1:", "file:", "data:"))
            or troubles.append(request.url)
        ),
    )
    yield page
    context.close()
    assert troubles == []


@pytest.fixture(scope="session")
def site(built, tmp_path_factory):
    def make(folder):
        with duckdb.connect(built.warehouse, read_only=True) as connection:
            write_site(connection, folder / "site")
        write_docs(built.warehouse, folder / "site")

    return share(tmp_path_factory, "shown", make) / "site"


@pytest.fixture(scope="session")
def served(site):
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(site))
    handler.log_message = lambda *_: None
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
