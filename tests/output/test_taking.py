"""What can be taken along from the site: every table, and what is released in its files."""

import csv

import openpyxl
import pytest
from lxml import html

from vocabulary.texts import read_texts


def read_taken(site, name):
    with (site / f"data/{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def add_up(rows, *names):
    return tuple(sum(int(row[name]) for row in rows) for name in names)


def find_left(page):
    """Return the tables of a page that cannot be taken along before the next heading."""
    tree = html.parse(page)
    below = "following::*[self::h1 or self::h2 or contains(@class, 'take')][1]"
    left = []
    for table in tree.iterfind(".//table"):
        links = {link.get("href").rpartition(".")[2]: page.parent / link.get("href")
                 for line in table.xpath(below) for link in line.iterfind("a")}  # fmt: skip
        if not all(kind in links and links[kind].is_file() for kind in ("csv", "xlsx")):
            left.append(table.findtext("caption"))
    return left


def test_every_table_can_be_taken_along(site):
    pages = [page for page in site.rglob("*.html") if "dbt" not in page.parts]
    assert len(pages) > 200
    tables = sum(page.read_text("utf-8").count("<table") for page in pages)
    assert tables > 1000
    left = {page.relative_to(site).as_posix(): found for page in pages
            for found in [find_left(page)] if found}  # fmt: skip
    assert left == {}


def test_a_table_without_its_files_would_be_found(site, tmp_path):
    page = tmp_path / "index.html"
    page.write_text((site / "index.html").read_text("utf-8"), encoding="utf-8")
    assert len(find_left(page)) == 2


def test_nothing_withheld_stands_on_a_page_or_in_a_file(site, warehouse):
    withheld = warehouse.execute(
        "select edition_key, option_key, base, breakdown, level"
        " from public_release.question_results where suppression is not null"
    ).fetchall()
    assert len(withheld) > 500
    texts = read_texts("nl")
    codes = {name: {text: code for code, text in texts[name].items()}
             for name in ("bases", "breakdowns")}  # fmt: skip
    shown = set()
    for path in [*(site / "data").glob("2*.csv"), *(site / "data").glob("*-percentages.csv")]:
        for row in read_taken(site, path.stem):
            if row["Aantal"] or row["%"] or row["% laag"]:
                shown.add((int(row["Editie"]), row["Code van het antwoord"],
                           codes["bases"][row["Basis"]], codes["breakdowns"][row["Indeling"]],
                           row["Groep"]))  # fmt: skip
    assert len(shown) > 3000
    assert not shown & set(withheld)


def test_changes_can_be_taken_along(site, warehouse):
    assert {path.suffix for path in (site / "data").glob("evolutie-funding.*")} == {
        ".csv", ".png", ".svg", ".xlsx",
    }  # fmt: skip
    rows = read_taken(site, "evolutie-funding")
    released = warehouse.execute(
        "select option_label, from_edition_key::varchar, to_edition_key::varchar, population,"
        " 100 * if(least(from_base_count, to_base_count) >= 10, change, null)"
        " from public_release.evolution where question_key = 'funding'"
        " and base = 'municipalities' and (is_main or population = 'panel'"
        " and suppression is null and verdict <> 'not_comparable')"
    ).fetchall()
    populations = read_texts("nl")["populations"]
    expected = {
        (label, first, last, populations[population]): None if change is None else round(change, 2)
        for label, first, last, population, change in released
    }
    found = {
        (row["Antwoord"], row["Editie toen"], row["Editie nu"], row["Van wie"]):
            round(float(number.replace(",", ".")), 2) if number else None
        for row in rows for number in [row["Verschil (punten)"]]
    }  # fmt: skip
    assert found == expected
    assert len(found) > 15
    assert not [
        row for row in rows if row["Oordeel"] == "afgeschermd" and row["N nu"] + row["% nu"]
    ]


def test_changes_have_with_them_what_the_page_says_of_them(site, warehouse):
    told = warehouse.execute(
        "select count_if(comparability = 'comparable_with_caution' and verdict is not null),"
        " count_if(verdict in ('increase', 'decrease') and hangs_on_weighting is null),"
        " count_if(hangs_on_weighting), count_if(q_value <= 0.05 and verdict is not null)"
        " from public_release.evolution where is_main and base = 'municipalities'"
    ).fetchone()
    rows, hangs = read_taken(site, "evolutie"), "Hangt het af van wie antwoordde?"
    assert told == (
        sum(row["Oordeel"].endswith(", met voorbehoud") for row in rows),
        sum(row[hangs] == "weging niet na te gaan" for row in rows),
        sum(row[hangs].startswith("hangt af van") for row in rows),
        sum(row["Ook na correctie voor toeval"] == "ja" for row in rows),
    )  # fmt: skip
    assert told[0] == 42


def test_of_fewer_than_ten_there_are_counts_and_no_percentage(site):
    row = next(row for row in read_taken(site, "evolutie-partner_satisfaction")
               if row["Vraag"].endswith("Vrouwenraad") and row["Antwoord"] == "Erg ontevreden"
               and (row["Editie toen"], row["Editie nu"]) == ("2025", "2029"))  # fmt: skip
    counts = [row[name] for name in ("Aantal toen", "N toen", "Aantal nu", "N nu")]
    assert counts == ["0", "5", "3", "9"]
    assert not any(row[name] for name in ("% toen", "% nu", "Verschil (punten)", "Laag", "Hoog"))
    for path in (site / "data").glob("20*.csv"):
        for row in read_taken(site, path.stem):
            few = row["N"] and int(row["N"]) < 10
            assert not (few and row["%"] + row["% laag"] + row["Gewogen %"]), (path.name, row)


def test_rows_stand_in_the_order_of_the_survey(site):
    rows = read_taken(site, "2029-has_policy")
    assert [row["Groep"] for row in rows][:5] == [
        "in totaal", "Grootsteden en centrumsteden", "Middelgroot", "Klein", "Landelijk",
    ]  # fmt: skip
    assert [row["Code van het antwoord"] for row in read_taken(site, "antwoorden")][:2] == [
        "function.staff", "function.management_team",
    ]  # fmt: skip


def test_sheet_has_a_name_and_its_heads_in_sight(site):
    sheet = openpyxl.load_workbook(site / "data/evolutie-funding.xlsx").active
    assert (sheet.title, sheet.freeze_panes) == ("evolutie-funding", "A2")
    assert sheet["A1"].font.b
    assert sheet["J2"].number_format == "0.0"


def test_who_took_part_and_what_people_wrote_can_be_taken_along(site, warehouse):
    rows = read_taken(site, "deelnemers-2025")
    assert len(rows) == 285
    assert sum(row["Namen deel"] == "ja" for row in rows) == 70
    mechelen = next(row for row in rows if row["Gemeente"] == "Mechelen")
    assert (mechelen["Inwoners"], mechelen["Provincie"]) == ("89655", "Antwerpen")
    svg = (site / "data/deelnemers-2025.svg").read_text("utf-8")
    assert svg.count('class="yes"') == 70 + 1
    rows = {row["Groep"]: row for row in read_taken(site, "respons-2025")}
    assert rows["Alle gemeenten"]["In het kader"] == "285"
    assert rows["Grootsteden en centrumsteden"]["Namen deel"] == "12"
    assert rows["Grootsteden en centrumsteden"]["In het kader"] == "13"
    first = read_taken(site, "thema-2025-local_partners")[0]
    assert (first["Aantal"], first["N"]) == ("13", "33")
    for name in ("deelnemers-2025", "respons-2025", "thema-2025-local_partners",
                 "evolutie-funding"):  # fmt: skip
        rows = read_taken(site, name)
        assert {row["Geen echte antwoorden"] for row in rows} == {"ja"}
        assert (site / f"data/{name}.png").read_bytes().startswith(b"\x89PNG")
        assert openpyxl.load_workbook(site / f"data/{name}.xlsx").active.max_row > 5


def test_editions_can_be_taken_along(site):
    first, *_ = read_taken(site, "edities")
    assert (first["Respondenten"], first["Gemeenten"], first["In het kader"]) == ("79", "70", "285")
    # 70 / 285
    assert first["% van alle gemeenten"] == "24,561404"
    assert first["Geen echte antwoorden"] == "ja"


def test_moves_of_the_same_municipalities_can_be_taken_along(site, warehouse):
    released = warehouse.execute(
        "select count(*), sum(kept_count), sum(adopted_count), sum(dropped_count),"
        " count(suppression) from public_release.panel_transitions"
    ).fetchone()
    rows = read_taken(site, "panel")
    shown = [row for row in rows if not row["Niet getoond"]]
    assert released == (
        len(rows),
        *add_up(shown, "Behouden", "Begonnen", "Gestopt"),
        len(rows) - len(shown),
    )
    assert {row["Behouden"] for row in rows if row["Niet getoond"]} == {""}
    assert len(shown) > 100


def test_headlines_and_every_change_can_be_taken_along(site, warehouse):
    count, changes = warehouse.execute(
        "select count(*), sum(change) filter (least(from_base_count, to_base_count) >= 10)"
        " from public_release.evolution"
        " where is_main and base = 'municipalities'"
    ).fetchone()
    rows = read_taken(site, "evolutie")
    points = [float(row["Verschil (punten)"].replace(",", ".") or 0) for row in rows]
    assert len(rows) == count > 500
    assert sum(points) == pytest.approx(100 * changes, abs=0.01)
    headlines = {row["Vraag"]: row for row in read_taken(site, "kerncijfers")}
    assert len(headlines) == warehouse.execute(
        "select count(distinct option_key) from public_release.headlines"
    ).fetchone()[0]  # fmt: skip
    head = "% van allen, als wie niet antwoordde 20 punten {} zat"
    for row in read_taken(site, "gevoeligheid"):
        lower, higher = (float(row[head.format(end)].replace(",", "."))
                         for end in ("lager", "hoger"))  # fmt: skip
        assert lower < float(row["%"]) < higher


def test_questionnaire_can_be_taken_along(site, warehouse):
    asked = {(row["Editie"], row["Code van de vraag"]): row
             for row in read_taken(site, "vragenlijst")}  # fmt: skip
    (count,) = warehouse.execute("select count(*) from marts.bridge_question_editions").fetchone()
    assert len(asked) == count
    assert asked["2025", "coalition_agreement"]["Nummer"]
    options = read_taken(site, "antwoorden")
    (count,) = warehouse.execute("select count(*) from marts.bridge_option_editions").fetchone()
    assert len(options) == count


def test_checks_can_be_taken_along(site, warehouse):
    released = warehouse.execute(
        "select sum(checked_count), sum(finding_count), sum(known_count)"
        " from audit.expectation_results"
    ).fetchone()
    rows = read_taken(site, "controles")
    assert released == add_up(rows, "Bekeken", "Gevonden", "Verklaard")
