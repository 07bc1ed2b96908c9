"""The explorer's cross tables: their numbers are those of the marts, and nobody else sees them."""

import io
import threading

import duckdb
import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from werkzeug.serving import make_server

from publish.explorer.crossing import View, cross, write_sql
from publish.explorer.serving import make_app
from publish.speaking import speak_for
from tests.output.test_site import AXE, SCREENSHOTS
from vocabulary.lists import Base


@pytest.fixture(scope="module")
def connection(built):
    with duckdb.connect(built.warehouse, read_only=True) as connection:
        # As the command does: another test of this process may have spoken another language.
        speak_for(connection)
        yield connection


def test_by_size_is_the_breakdown_of_the_release(connection):
    made = cross(connection, View(2025, "policy_plan", by=".size"))
    rows = connection.execute(
        "select option_label, level, selected_count, share from public_release.question_results"
        " where edition_key = 2025 and question_key = 'policy_plan'"
        " and breakdown = 'size_category' and suppression is null"
    ).fetchall()
    assert len(rows) > 5
    for option, level, count, share in rows:
        assert made.rows[option][level].count == count
        assert made.rows[option][level].share == pytest.approx(share)


def test_weighted_by_size_is_the_weighted_share_of_the_mart(connection):
    made = cross(connection, View(2025, "has_policy", is_weighted=True))
    rows = connection.execute(
        "select option_label, share_weighted from marts.mart_question_results"
        " where edition_key = 2025 and question_key = 'has_policy' and base = 'municipalities'"
    ).fetchall()
    for option, share in rows:
        assert made.rows[option]["in totaal"].share == pytest.approx(share, abs=1e-9)


def test_question_by_question_is_a_count_by_hand(connection):
    made = cross(connection, View(2025, "themes", by="function", base=Base.RESPONDENTS))
    assert made.rows["LGBTI+ personen"]["Medewerker"].count == connection.execute(
        "select count(*) from marts.fct_answers inner join marts.dim_respondents"
        " using (edition_key, respondent_key) where edition_key = 2025"
        " and option_key = 'themes.lgbti' and is_selected and function_code = 'staff'"
    ).fetchone()[0]  # fmt: skip
    # The query that is shown gives the table when it is run.
    sql = write_sql(View(2025, "themes", by="function", base=Base.RESPONDENTS))
    assert len(connection.execute(sql).fetchall()) == sum(map(len, made.rows.values()))
    # An answer is called what it was called in its edition.
    assert "LGBTQIA+ personen" in cross(connection, View(2029, "themes", by=".size")).rows
    both = cross(connection, View(2025, "coalition_agreement", by="policy_plan"))
    assert len(both.groups) == 3


def test_small_group_is_told_and_strangers_are_refused(connection):
    client = make_app(connection).test_client()
    page = client.get("/?edition=2025&question=policy_plan&by=aldermen").text
    assert "Niet te publiceren:" in page
    assert "Geen echte antwoorden." in page
    assert client.get("/", base_url="http://elsewhere.example").status_code == 403
    # What is not there is what stands first; nothing of an address reaches the query.
    odd = client.get("/?edition=x&question=' or 1=1 --&by=drop&base=all&weighted=perhaps")
    assert odd.status_code == 200
    assert odd.text.count('role="alert"') == 4
    gone = client.get("/?edition=2025&question=discrimination_contact").text
    assert "Vraag ‘discrimination_contact’ bestaat niet: dit is ‘" in gone
    assert "1=1" not in odd.text.partition("<pre")[2].partition("</pre>")[0]


def test_table_and_picture_can_be_taken_along(connection):
    client = make_app(connection).test_client()
    link = "edition=2027&question=policy_plan&by=.province"
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/table.xlsx?{link}").data))
    made = cross(connection, View(2027, "policy_plan", by=".province"))
    sheet = book["table"]
    notes = [sheet.cell(row, 1).value for row in range(2, 5)]
    assert notes == ["2027, gemeenten", "Naar: provincie", "Geen echte antwoorden."]
    assert [cell.value for cell in sheet[5]][1:] == list(made.groups)
    option, cells = next(iter(made.rows.items()))
    assert [sheet.cell(7, 1).value, sheet.cell(7, 2).value] == [
        option, pytest.approx(cells[next(iter(made.groups))].share),
    ]  # fmt: skip
    assert client.get(f"/picture.svg?{link}").data.startswith(b"<svg")


def test_every_view_of_every_pair_is_shown(connection):
    client = make_app(connection).test_client()
    for by in ("function", ".participation", "vvsg_contact_frequency"):
        for base in Base:
            page = client.get(f"/?edition=2027&question=aldermen&by={by}&base={base}")
            assert page.status_code == 200
            assert "<svg" in page.text
    # What adds up to more has a picture too, and says so; a scale goes from light to dark.
    several = client.get("/?edition=2027&question=themes&by=.size").text
    assert "telt niet op tot 100%" in several
    assert "<svg" in several
    scale = client.get("/?edition=2027&question=partner_satisfaction.rosa").text
    assert "#c6dbef" in scale
    assert "#0072b2" not in scale


def test_page_has_no_barrier_and_fits_a_phone(page, connection):
    server = make_server("127.0.0.1", 0, make_app(connection))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page.goto(f"http://127.0.0.1:{server.server_port}/?edition=2027&question=policy_plan&by=.size")
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        outcome = Axe().run(page, options=AXE)
        assert outcome.violations_count == 0, outcome.generate_report()
        page.screenshot(path=SCREENSHOTS / f"explorer-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_label("Naar", exact=True).select_option(".province")
    page.get_by_role("button", name="Toon").click()
    page.wait_for_url("**by=.province**")
    server.shutdown()
