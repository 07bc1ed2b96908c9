"""The site in a real browser: no error, no request, no barrier, and the numbers of the mart."""

import csv
import json
import re
from html.parser import HTMLParser
from itertools import product
from xml.etree import ElementTree

import duckdb
import pytest
from axe_playwright_python.sync_playwright import Axe

from publish.site import write_site
from publish.site.response import draw_map
from tests.conftest import ROOT
from vocabulary.texts import read_texts

SCREENSHOTS = ROOT / "test-results"
KINDS = {
    "start": "index.html",
    "results-index": "resultaten/index.html",
    "results": "resultaten/2025-2.html",
    "results-rehearsal": "resultaten/2029-3.html",
    "evolution-index": "evolutie/index.html",
    "moved": "evolutie/coalition_agreement.html",
    "response": "respons/index.html",
    "questions": "vragenlijst/index.html",
    "question": "vragenlijst/coalition_agreement.html",
    "question-matrix": "vragenlijst/staff_for.html",
    "question-scale": "vragenlijst/partner_satisfaction.html",
    "open-question": "vragenlijst/final_remarks.html",
    "quality": "kwaliteit/index.html",
    "search": "zoeken.html?q=gender",
    "english": "en/vragenlijst/themes.html",
}
# WCAG 2.2 AA, and what is good practice besides.
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


# All kinds, at every width and in the dark, are looked at in tests/slow/test_screenshots.py.
@pytest.mark.parametrize("kind", ["start", "question"])
def test_page_has_no_barrier_and_keeps_a_screenshot(page, served, kind):
    page.goto(f"{served}/{KINDS[kind]}")
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{kind}.png", full_page=True)
    for details in page.query_selector_all("details"):
        details.evaluate("element => element.open = true")
    outcome = Axe().run(page, options=AXE)
    assert outcome.violations_count == 0, outcome.generate_report()
    page.set_viewport_size({"width": 320, "height": 800})
    page.screenshot(path=SCREENSHOTS / f"{kind}-320.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    narrow = Axe().run(page, options=AXE)
    assert narrow.violations_count == 0, narrow.generate_report()


def test_axe_would_find_a_barrier(page, served):
    page.goto(f"{served}/index.html")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    assert Axe().run(page, options=AXE).violations_count > 0


@pytest.mark.parametrize("name", ["index.html", "resultaten/2025-2.html", "zoeken.html"])
def test_page_opens_from_disk_and_does_not_shift(page, site, name):
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach("
        "entry => window.shift += entry.value)).observe({type: 'layout-shift', buffered: true})"
    )
    page.goto((site / name).as_uri())
    # Two frames after everything has loaded, whatever would move has moved.
    page.wait_for_load_state("networkidle")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("window.shift") == 0


def test_dbt_docs_open_and_ask_nothing_of_the_network(browser, served):
    page = browser.new_page()
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{served}/dbt/index.html#!/model/model.gelijkekansen.mart_question_results")
    page.get_by_text("share_low").first.wait_for()
    page.screenshot(path=SCREENSHOTS / "dbt.png")
    elsewhere = [url for url in asked if not url.startswith((served, "data:", "blob:"))]
    assert (elsewhere, errors) == ([], [])


def test_every_link_leads_somewhere(site):
    dead = []
    for path in site.rglob("*.html"):
        if path.parent.name == "dbt":
            continue
        text = path.read_text("utf-8")
        for target in re.findall(r'(?:href|src)="([^"#:?]+)(?:#([^"]*))?"', text):
            there = (path.parent / target[0]).resolve()
            if not there.is_file() or (
                target[1] and f'id="{target[1]}"' not in there.read_text("utf-8")
            ):
                dead.append((path.name, target))
    assert dead == []


def test_pages_are_light(site):
    sizes = {
        path.relative_to(site).as_posix(): path.stat().st_size
        for path in site.rglob("*.html")
        if path.parent.name != "dbt"
    }
    assert len(sizes) > 80
    assert [name for name, size in sizes.items() if size > 200_000] == []


def read_table(page, section):
    """The rows of the first table of a section, as texts."""
    return page.eval_on_selector(
        f"[id='{section}'] table",
        "table => [...table.tBodies[0].rows].map(row => [...row.cells].map(c => c.innerText))",
    )


def test_numbers_on_the_page_are_those_of_the_mart(page, served, warehouse):
    seen = 0
    for part in (1, 2, 4, 5, 6):
        page.goto(f"{served}/resultaten/2025-{part}.html")
        for section in page.eval_on_selector_all("section", "all => all.map(each => each.id)"):
            figures = warehouse.execute(
                """
                select option_label, base, selected_count, percentage
                from marts.mart_question_results
                where edition_key = 2025 and question_key = ?
                order by option_position, base desc
                """,
                [section],
            ).fetchall()
            if not figures:
                continue
            expected = []
            for (label, _, count, percentage), (_, _, other, other_percentage) in zip(
                figures[::2], figures[1::2], strict=True
            ):
                expected.append(
                    [label, str(count), f"{percentage}%", str(other), f"{other_percentage}%"]
                )
            rows = [[cell for n, cell in enumerate(row) if len(row) == 5 or n not in (3, 6)]
                    for row in read_table(page, section)]  # fmt: skip
            assert rows == expected
            seen += len(rows)
    assert seen > 60


def test_start_tells_in_one_sight_what_became_of_the_headlines(page, served, warehouse):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{served}/index.html")
    new = page.locator(".new")
    box = new.last.bounding_box()
    assert box["y"] + box["height"] <= 900
    assert new.count() == 2
    assert "202 antwoorden getoetst, 11 stegen of daalden" in new.first.inner_text()
    assert "198 antwoorden getoetst, 86 stegen of daalden" in new.last.inner_text()
    assert "Landelijk (12%)" in page.locator(".sight table").first.locator("tr").nth(1).inner_text()
    rows = page.locator(".sight table").nth(1).locator("tbody tr")
    shown = [cell.split(" ")[0] for row in rows.all()
             for cell in row.locator("td").all_inner_texts()]  # fmt: skip
    released = warehouse.execute(
        "select headlines.percentage, since, round(100 * change)::int"
        " from public_release.headlines cross join (values (2027), (2025)) as years (since)"
        " left join public_release.evolution on evolution.option_key = headlines.option_key"
        "   and to_edition_key = 2029 and from_edition_key = since and is_main"
        "   and evolution.base = 'municipalities'"
        " where edition_key = 2029 order by headlines.position, since desc"
    ).fetchall()
    assert len(released) == 20
    expected = []
    for share, since, change in released:
        expected += [f"{share}%"] if since == 2027 else []
        expected.append(f"{change:+d}".replace("-", "−"))
    assert shown == expected
    notes = page.locator(".notes li")
    for link in page.locator(".sight sup").all_inner_texts():
        assert notes.nth(int(link) - 1).inner_text()
    # What is held against a shared base is no difference of the figures in the table.
    assert "Van 20% naar 68% (N = 49 en 62)" in " ".join(notes.all_inner_texts())
    # Its weighted figure would give others away: that nobody can tell is told.
    # Others answered: the same 21 did as before.
    same = "Bij dezelfde gemeenten: van 52% naar 52% (N = 21), geen aantoonbaar verschil."
    assert same in " ".join(notes.all_inner_texts())
    note = int(page.locator("tr", has_text="Werkt aan een").locator("sup").inner_text())
    assert notes.nth(note - 1).inner_text() == "Weging niet na te gaan."


def test_whether_a_change_hangs_on_who_answered_is_told_or_that_nobody_can_tell(site, warehouse):
    told = dict(warehouse.execute(
        "select hangs_on_weighting, count(*) from public_release.evolution"
        " where is_main and base = 'municipalities' and verdict in ('increase', 'decrease')"
        " group by all"
    ).fetchall())  # fmt: skip
    assert sum(told.values()) == 185
    lists = (site / "evolutie/index.html").read_text("utf-8").partition('id="kerncijfers"')[0]
    assert lists.count("weging niet na te gaan</small>") == told[None]
    assert lists.count("hangt af van wie antwoordde") >= told[True]


def test_what_rose_and_fell_is_as_much_as_is_said(site):
    page = (site / "evolutie/index.html").read_text("utf-8")
    sections = re.findall(r'<section id="van-\d+-naar-\d+">(.*?)</section>', page, flags=re.DOTALL)
    assert len(sections) == 3
    for section in sections:
        (told,) = re.findall(r"(\d+) stegen of daalden", section)
        parts = re.findall(r"<h4>(?:Gestegen|Gedaald) <small>\((\d+)\)", section)
        assert sum(map(int, parts)) == int(told)


def test_changes_on_the_page_are_those_of_the_release(page, served, warehouse):
    page.goto(f"{served}/evolutie/funding.html")
    # The old address leads to the page of the question.
    page.wait_for_url("**/vragenlijst/funding.html#evolutie-funding")
    text = page.inner_text("#evolutie")
    change, low, high = warehouse.execute(
        "select change, change_low, change_high from public_release.evolution"
        " where option_key = 'funding.subsidies' and from_edition_key = 2025"
        " and to_edition_key = 2027 and base = 'municipalities' and population = 'cross_section'"
    ).fetchone()
    assert f"+{100 * change:.0f} (+{100 * low:.0f} tot +{100 * high:.0f})\tstijging" in text
    page.goto(f"{served}/vragenlijst/coalition_agreement.html")
    text = page.inner_text("#evolutie")
    # Others were asked: the figure is that of who was asked in both, 20% and not all of the later.
    assert "2025 → 2027: vergelijkbaar op de gedeelde basis." in text
    assert "2025 → 2027, op de gedeelde basis\tvan 20% naar 56%\t+36 (" in text
    # What is compared after all is not among what cannot be.
    assert "Waarom niet vergelijkbaar" not in text


def read_texts_of(path):
    return re.findall(r"<text[^>]*>([^<]+)</text>", path.read_text("utf-8"))


def test_matrix_has_one_picture_with_its_means_and_one_of_its_evolution(site, warehouse):
    means = warehouse.execute(
        "select edition_key, round(mean, 1) from public_release.scale_results"
        " where starts_with(question_key, 'expert_organisations.') and base = 'municipalities'"
    ).fetchall()
    assert len(means) == 32
    told = [f"gemiddeld {mean:.1f}".replace(".", ",") for _, mean in means]
    shown = read_texts_of(site / "data/evolutie-expert_organisations.svg")
    assert sorted(text for text in shown if "gemiddeld" in text) == sorted(told)
    # Half up, as shares are: 2.25 of three municipalities is 2,3.
    shown = read_texts_of(site / "data/evolutie-partner_satisfaction.svg")
    assert "gemiddeld 2,3*" in shown
    page = (site / "vragenlijst/partner_satisfaction.html").read_text("utf-8")
    assert "Niet in beeld, want afgeschermd of aan niemand gevraagd: RoSa 2025, Ella 2025" in page
    # Of who is fewer than ten no percentage stands in a bar.
    own = [text for text in read_texts_of(site / "data/2027-partner_satisfaction.svg")
           if text.isdecimal() and text not in {"0", "25", "50", "75", "100"}]  # fmt: skip
    released = warehouse.execute(
        "select percentage::varchar from public_release.question_results where edition_key = 2027"
        " and starts_with(question_key, 'partner_satisfaction.') and base = 'municipalities'"
        " and breakdown = 'total' and base_count >= 10 and share >= 0.075"
        " and percentage not in (25, 50, 75, 100)"
    ).fetchall()
    assert sorted(own) == sorted(text for (text,) in released)
    assert len(own) > 20
    own = [text for (edition, _), text in zip(means, told, strict=True) if edition == 2027]
    shown = read_texts_of(site / "data/2027-expert_organisations.svg")
    assert sorted(text for text in shown if "gemiddeld" in text) == sorted(own)
    page = (site / "vragenlijst/expert_organisations.html").read_text("utf-8")
    assert "Gemiddelde op een schaal van 1 tot 4." in page
    with (site / "data/evolutie-expert_organisations.csv").open(encoding="utf-8-sig") as file:
        assert len({row["Vraag"] for row in csv.DictReader(file, delimiter=";")}) == 11


def test_picture_says_where_another_question_was_asked(site, warehouse):
    (before,) = warehouse.execute(
        "select wording from marts.bridge_question_editions"
        " where question_key = 'cross_service_cooperation' and edition_key = 2025"
    ).fetchone()
    svg = (site / "data/evolutie-cross_service_cooperation.svg").read_text("utf-8")
    words = " ".join(re.findall(r"<tspan[^>]*>([^<]+)</tspan>", svg))
    assert f"2025: Toen gevraagd: {before}" in words
    assert "gevraagd:" not in (site / "data/evolutie-funding.svg").read_text("utf-8")


def test_search_finds_questions_and_options_without_accents(page, served):
    page.goto(f"{served}/zoeken.html")
    page.get_by_label("Zoek in vragen en antwoorden").press_sequentially("SCHÉPEN")
    links = page.eval_on_selector_all("#lijst a", "all => all.map(each => each.innerText)")
    assert any("specifieke schepen" in link for link in links)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    assert "schepen" in page.inner_text("h1, h2 >> nth=0").lower() or "#" in page.url


@pytest.mark.parametrize(
    ("word", "found"),
    [("holebi", "Rond welke thema's en/of doelgroepen werkt je lokaal bestuur?"),
     ("geld", "Hoe wordt het lokaal gelijkheidsbeleid"), ("Gent", "Respons"),
     # A row of a matrix, and what is called otherwise.
     ("cavaria", "Welke van deze Vlaamse partner"), ("beleidsplan", "Heeft je lokaal bestuur")],
)  # fmt: skip
def test_search_knows_what_people_call_it_and_each_question_once(page, served, word, found):
    page.goto(f"{served}/zoeken.html?q={word}")
    links = page.eval_on_selector_all("#lijst a", "all => all.map(each => each.innerText)")
    assert any(link.startswith(found) for link in links), links
    assert len(links) == len(set(links))


def test_search_that_finds_nothing_says_what_to_do(page, served):
    page.goto(f"{served}/zoeken.html?q=qqqq")
    assert page.inner_text("#gevonden").startswith("Niets gevonden. Probeer een ander woord")


def test_answer_has_a_place_of_its_own(page, served):
    page.goto(f"{served}/index.html")
    page.get_by_role("link", name="Noemt gendergelijkheid in het bestuursakkoord").click()
    page.wait_for_url("**#antwoord-coalition_agreement.gender_equality")
    assert page.inner_text("tr:target th") == "Gendergelijkheid"


def test_keyboard_reaches_the_content_first(page, served):
    page.goto(f"{served}/resultaten/2025-2.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Naar de inhoud"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhoud"


def test_a_page_can_be_printed(page, served, tmp_path):
    page.goto(f"{served}/resultaten/2025-1.html")
    page.pdf(path=tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").stat().st_size > 10_000


def test_question_says_whom_it_was_asked(site):
    text = (site / "vragenlijst/staff_for.html").read_text("utf-8")
    assert (
        "wie bij vraag 5 ‘Ja’ antwoordde en bij vraag 6 ‘Leeftijdsvriendelijke omgeving’,"
        " ‘Digitale inclusie’," in text
    )
    assert "Gesteld aan iedereen." in (site / "resultaten/2025-2.html").read_text("utf-8")


def test_site_of_one_edition_and_of_another_survey(other_built, tmp_path):
    with duckdb.connect(other_built.warehouse, read_only=True) as connection:
        assert write_site(connection, tmp_path / "other") > 10
    page = (tmp_path / "other/vragenlijst/plans.html").read_text("utf-8")
    assert "wie bij vraag V3 iets anders dan ‘Ja’ antwoordde" in page
    assert "&#34;snel&#34;" in (tmp_path / "other/resultaten/2024-1.html").read_text("utf-8")


def list_words(text):
    return set(re.findall(r"[a-zà-ÿ]{2,}", text.casefold()))


def list_english():
    """The words of the English texts that neither the Dutch ones nor the survey have."""
    english, dutch = (
        set().union(*(list_words(text) for texts in read_texts(language).lists.values()
                      for text in texts.values()))
        for language in ("en", "nl")
    )  # fmt: skip
    survey = set().union(*(list_words(path.read_text("utf-8"))
                           for path in (ROOT / "seeds").rglob("*.csv")
                           # What the unit and the survey are called in each language.
                           if path.name not in ("units.csv", "translations.csv")))  # fmt: skip
    # Words of Dutch prose that English happens to have.
    return english - dutch - survey - {"of", "in", "was", "over", "had", "wave", "been"}


# A commit may have the letters of a word.
REVISION = re.compile(r"\b[0-9a-f]{7,}\b")


class Reader(HTMLParser):
    """Gathers what a page says: its texts but code, scripts and styles; titles and labels."""

    def __init__(self):
        super().__init__()
        self.told, self.silent = [], 0

    def handle_starttag(self, tag, attrs):
        self.silent += tag in ("code", "script", "style")
        self.told += [value for name, value in attrs if name in ("title", "aria-label")]

    def handle_endtag(self, tag):
        self.silent -= tag in ("code", "script", "style")

    def handle_data(self, data):
        if not self.silent:
            self.told.append(data)


# Of each the one of its neighbours that everybody knows.
NEIGHBOURS = {
    "Gent": "Destelbergen", "Brugge": "Damme", "Leuven": "Oud-Heverlee", "Hasselt": "Zonhoven",
    "Mechelen": "Bonheiden", "Oostende": "Bredene", "Kortrijk": "Zwevegem", "Genk": "As",
    "Turnhout": "Oud-Turnhout", "Aalst": "Lede", "Halle": "Beersel",
}  # fmt: skip


def test_map_has_neighbours_near_and_the_ends_of_the_country_at_its_ends(warehouse):
    places = {
        (edition, name): (column, row)
        for edition, name, column, row in warehouse.execute(
            "select edition_key, name, tile_column, tile_row from public_release.municipalities"
        ).fetchall()
    }
    for one, other in NEIGHBOURS.items():
        here, there = places[2025, one], places[2025, other]
        assert max(abs(a - b) for a, b in zip(here, there, strict=True)) <= 2, (one, other)
    own = {name: place for (edition, name), place in places.items() if edition == 2025}
    assert len(set(own.values())) == len(own) == 285
    assert min(own, key=lambda name: own[name][0]) == "De Panne"
    assert max(own, key=lambda name: own[name][0]) == "Voeren"
    assert min(own, key=lambda name: own[name][1]) == "Essen"
    # What merged stands where the first of its parts stood.
    assert places[2029, "Damme-Zuienkerke"] in (own["Damme"], own["Zuienkerke"])


def test_place_without_a_tile_is_named_beside_the_map():
    places = [
        {"name": "Hier", "province": "P", "tile_column": 1, "tile_row": 2},
        {"name": "Daar", "province": "P", "tile_column": None, "tile_row": None},
    ]
    drawn = draw_map(places)
    assert (drawn["places"], drawn["elsewhere"]) == (places[:1], ["Daar"])
    assert draw_map(places[1:]) is None


def test_map_names_a_place_by_pointer_and_by_key(page, served):
    page.goto(f"{served}/respons/index.html")
    name = page.locator(".map-name").first
    page.locator(".map").first.locator("rect", has_text=re.compile("^Gent$")).hover()
    assert name.inner_text() == "Gent: nam deel"
    page.keyboard.press("Tab")
    page.locator(".map").first.focus()
    page.keyboard.press("ArrowDown")
    beside = name.inner_text()
    assert re.fullmatch(r"Destelbergen: nam (niet )?deel", beside)


def test_table_is_copied_and_chart_embedded(page, served):
    page.goto(f"{served}/vragenlijst/themes.html")
    page.get_by_role("button", name="Tabel kopiëren").first.click()
    assert "Gekopieerd" in page.get_by_role("status").first.inner_text()
    page.get_by_text("Grafiek insluiten op een andere pagina").first.click()
    code = page.get_by_label("Grafiek insluiten op een andere pagina").first.input_value()
    address = re.search(r'<iframe src="([^"]+)"', code)[1]
    page.set_content(code)
    page.frame_locator("iframe").get_by_text("Rond welke thema's").first.wait_for()
    assert address.startswith(served)


def test_site_with_an_address_has_a_map_of_its_pages_and_a_feed(other_built, tmp_path):
    (tmp_path / "seen.duckdb").write_bytes(other_built.warehouse.read_bytes())
    told = {"address": "https://example.org/kansen/", "whom_to_ask": "wie@example.org",
            "license": "CC BY 4.0"}  # fmt: skip
    with duckdb.connect(tmp_path / "seen.duckdb") as connection:
        for row in told.items():
            connection.execute("insert into codebook.texts values (?, ?, 9)", row)
        write_site(connection, tmp_path / "site")
    page = (tmp_path / "site/respons/index.html").read_text("utf-8")
    assert '<link rel="canonical" href="https://example.org/kansen/respons/">' in page
    assert "Vragen: wie@example.org. Licentie: CC BY 4.0." in page
    pages = ElementTree.parse(tmp_path / "site/sitemap.xml").getroot()  # noqa: S314 - our own
    listed = {element.text.removeprefix(told["address"]) for element in pages.iter()
              if element.tag.endswith("loc")}  # fmt: skip
    there = {
        path.relative_to(tmp_path / "site").as_posix()
        for path in (tmp_path / "site").rglob("*.html")
        if "http-equiv" not in path.read_text("utf-8")
    }
    assert {path.replace("index.html", "") for path in there} == listed
    feed = ElementTree.parse(tmp_path / "site/feed.xml").getroot()  # noqa: S314
    atom = "{http://www.w3.org/2005/Atom}"
    assert [entry.find(f"{atom}id").text for entry in feed.iter(f"{atom}entry")] == [
        f"https://example.org/kansen/resultaten/#editie-{edition}" for edition in (2026, 2024)
    ]


def test_page_of_an_open_question_has_its_themes(site):
    page = (site / "vragenlijst/local_partners.html").read_text("utf-8")
    row = re.search(r"Regenbooghuizen en LGBTI\+-organisaties</th>(.*?)</tr>", page)[1]
    assert re.findall(r">(\d+%?)<", row) == ["39%", "13"]
    assert "van de 33 respondenten die iets schreven" in page
    assert "Nog niet per thema gelezen: 2027, 2029." in page


def test_dutch_pages_have_no_english_word(site):
    english = list_english()
    assert {"the", "asked", "everyone", "true", "includes"} <= english
    found, count = set(), 0
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        if not name.startswith(("dbt/", "en/")):
            reader = Reader()
            reader.feed(path.read_text("utf-8"))
            words = list_words(REVISION.sub("", " ".join(reader.told)).replace("English", ""))
            assert {"vragenlijst", "resultaten"} <= words or "http-equiv" in path.read_text("utf-8")
            found |= {(name, word) for word in words & english}
            count += 1
    assert (found, count) == (set(), 125)


# Who bears a Dutch name in every language.
NAMES = "onze nieuwe toekomst ouders voor inclusie vrouwenraad lokaal gelijke kansen"


def test_english_pages_have_no_dutch_word(site, warehouse):
    with (ROOT / "seeds/codebook/translations.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    told = {language: read_texts(language).lists.values() for language in ("en", "nl")}
    english, dutch = (
        set().union(*(list_words(text) for texts in told[language] for text in texts.values()),
                    *(list_words(row[column]) for row in rows))
        for language, column in (("en", "translation"), ("nl", "text"))
    )  # fmt: skip
    places = warehouse.execute("select name from marts.dim_municipalities").fetchall()
    dutch -= english | list_words(f"{NAMES} {places}")
    assert {"het", "gevraagd", "antwoorden", "bestuursakkoord", "niet"} <= dutch
    found, count = set(), 0
    for path in sorted((site / "en").rglob("*.html")):
        reader = Reader()
        reader.feed(path.read_text("utf-8"))
        words = list_words(REVISION.sub("", " ".join(reader.told)).replace("Nederlands", ""))
        found |= {(path.name, word) for word in words & dutch}
        count += 1
    assert (found, count) == (set(), 125)


def test_texts_of_the_survey_are_all_translated_but_names(warehouse):
    left = warehouse.execute("""
        select distinct text from (
            select wording as text from marts.bridge_question_editions
            union select label from marts.bridge_option_editions
            union select part_label from marts.dim_questions
            union select label from marts.dim_open_codes
            union select text from codebook.texts
        ) anti join (from codebook.translations where language = 'en') using (text)
        where text is not null order by all
    """).fetchall()
    assert [text for (text,) in left] == [
        "Ella", "Furia", "GRIP", "Helpdesk", "Inter", "LEVL", "Onze Nieuwe Toekomst",
        "Ouders voor Inclusie", "RoSa", "Transgender Infopunt", "Vrouwenraad", "Çavaria",
    ]  # fmt: skip


def read_chart(path):
    text = path.read_text("utf-8")
    return json.loads(text[text.index("{}") + 2 :].partition(" = ")[2].removesuffix(";\n"))


def test_chart_that_readers_change_shows_what_is_published(page, site, served, warehouse):
    # From disk, where a script may load no data but another script.
    page.goto((site / "vragenlijst/themes.html").as_uri())
    page.get_by_role("button", name="Toon de grafiek").click()
    page.locator(".look").get_by_label("Editie").select_option("2027")
    page.locator(".look").get_by_label("Wie").select_option("gemeenten: Klein")
    chart = page.locator(".look svg")
    rows = warehouse.execute(
        "select option_label, percentage, selected_count, base_count, suppression is not null"
        " from public_release.question_results where edition_key = 2027 and level = 'Klein'"
        " and question_key = 'themes' order by option_position"
    ).fetchall()
    assert len(rows) == 12
    told = [
        "afgeschermd" if is_withheld else f"{percentage}% ({count} van {base})*"
        for _, percentage, count, base, is_withheld in rows
    ]
    chart.get_by_text(told[0]).first.wait_for()
    texts = chart.locator("text").all_text_contents()
    labels = [label for label, *_ in rows]
    assert [text for text in texts if text in labels] == labels
    assert [text for text in texts if text in told] == told
    page.goto(f"{served}/en/vragenlijst/themes.html")
    page.get_by_role("button", name="Show the chart").click()
    page.locator(".look .mark-rect path").first.hover()
    page.locator("#vg-tooltip-element.visible").get_by_text("Interval").wait_for()
    assert Axe().run(page, options=AXE).violations_count == 0


def test_chart_that_readers_change_holds_nothing_withheld(site, warehouse):
    withheld = warehouse.execute(
        "select distinct edition_name, level, option_label"
        " from public_release.question_results inner join marts.dim_editions using (edition_key)"
        " where question_key = 'themes' and suppression is not null and breakdown <> 'total'"
    ).fetchall()
    chart = read_chart(site / "data/themes.js")
    rows = {(row["edition"], row["who"], row["label"]): row for row in chart["datasets"]["rows"]}
    assert len(withheld) > 5
    for edition, level, label in withheld:
        row = rows[edition, f"gemeenten: {level}", label]
        assert row["text"] == "afgeschermd"
        assert not {"percentage", "low", "high", "interval"} & set(row)


def test_chart_that_readers_change_says_so_where_it_has_no_figures(site):
    for path in sorted((site / "data").glob("*.js")):
        chart = read_chart(path)
        names = [one["name"].removeprefix("chosen_") for one in chart["params"]]
        options = [one["bind"]["options"] for one in chart["params"]]
        rows = chart["datasets"]["rows"]
        assert {tuple(row[name] for name in names) for row in rows} == {*product(*options)}, path
    rows = read_chart(site / "data/staff_for.js")["datasets"]["rows"]
    assert {
        (row["edition"], row["row"], row["label"]) for row in rows if "Geen cijfers" in row["label"]
    } >= {("2027", "Antiracisme", "Geen cijfers om te tonen")}


def test_question_that_was_reworded_is_no_choice_of_rows(site):
    text = (site / "data/policy_plan.js").read_text("utf-8")
    assert "chosen_edition" in text
    assert "chosen_row" not in text
    assert "chosen_row" in (site / "data/staff_for.js").read_text("utf-8")


def test_language_is_switched_on_the_page_where_one_is(page, served):
    page.goto(f"{served}/vragenlijst/themes.html")
    page.wait_for_load_state("load")
    page.get_by_role("link", name="English").click()
    page.wait_for_load_state("load")
    assert page.url == f"{served}/en/vragenlijst/themes.html"
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("heading", name="On which themes and/or target groups").wait_for()
    page.get_by_role("link", name="Start", exact=True).click()
    page.get_by_role("link", name="documentation", exact=False).first.wait_for()
    page.wait_for_load_state("load")
    page.get_by_role("link", name="Nederlands").click()
    page.wait_for_load_state("load")
    assert page.url == f"{served}/index.html"
