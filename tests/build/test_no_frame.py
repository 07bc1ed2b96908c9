"""A survey of persons: no municipality is asked for, and nothing speaks of one."""

import re
import shutil

import duckdb
import openpyxl
import pyreadstat
import pytest
from statsmodels.stats.proportion import proportion_confint

from pipeline.build import build_warehouse
from pipeline.paths import Paths
from publish.research import write_research
from publish.site.writing import write_site
from publish.workbook import write_workbook
from tests.conftest import ROOT, Survey, share


def strip(survey: Survey) -> None:
    """Take the municipalities out of a codebook, and the questions that told of them."""
    for table in ("municipalities", "aliases", "postal_codes", "populations"):
        survey.keep(f"municipalities/{table}.csv", lambda row: False)
    survey.keep("codebook/size_categories.csv", lambda row: False)
    survey.keep("published/size_categories.csv", lambda row: False)
    survey.keep("published/anomalies.csv", lambda row: not row["nis_code"])
    survey.keep("codebook/known_findings.csv", lambda row: row["question_key"] not in PLACES)
    for table in ("questions", "question_editions"):
        survey.keep(f"codebook/{table}.csv", lambda row: row["question_key"] not in PLACES)

    def ignore(rows):
        for row in rows:
            if row["question_key"] in PLACES:
                row.update(role="ignored", question_key="", reason="Niet nodig.", privacy="drop")

    survey.edit("codebook/export_columns.csv", ignore)
    survey.edit("codebook/editions.csv", lambda rows: [row | {"frame_date": ""} for row in rows])


PLACES = ("place", "zip")


@pytest.fixture(scope="module")
def persons(tmp_path_factory):
    def make(folder):
        survey = Survey(folder / "seeds", folder / "exports")
        shutil.copytree(ROOT / "tests/other_survey", folder, dirs_exist_ok=True)
        strip(survey)
        build_warehouse(Paths(survey.codebook, survey.exports, folder / "warehouse.duckdb"))

    folder = share(tmp_path_factory, "persons", make)
    with duckdb.connect(folder / "warehouse.duckdb", read_only=True) as connection:
        yield connection


def test_figures_are_of_respondents_alone(persons):
    assert persons.execute("select distinct base from marts.mart_question_results").fetchall() == [
        ("respondents",)
    ]
    # As they are in the survey that knows its municipalities.
    assert persons.execute(
        """
        select selected_count, base_count, share_weighted from marts.mart_question_results
        where edition_key = 2024 and option_key = 'has_bikes.yes'
        """
    ).fetchone() == (3, 5, None)
    assert persons.execute(
        "select count(*), count(municipality_key) from marts.dim_respondents"
    ).fetchone() == (11, 0)
    for table in ("dim_municipalities", "fct_municipality_editions", "fct_municipality_answers"):
        assert persons.execute(f"select count(*) from marts.{table}").fetchone() == (0,)


def test_interval_is_wilsons_of_persons(persons):
    low, high = persons.execute(
        """
        select share_low, share_high from marts.mart_question_results
        where edition_key = 2024 and option_key = 'has_bikes.yes'
        """
    ).fetchone()
    assert (low, high) == pytest.approx(proportion_confint(3, 5, method="wilson"))


def test_changes_are_of_two_samples_of_persons(persons):
    rows = persons.execute(
        """
        select base, population, from_share, to_share, overlap_count from marts.mart_evolution
        where option_key = 'has_bikes.yes'
        """
    ).fetchall()
    assert rows == [("respondents", "cross_section", 3 / 5, 3 / 6, 0)]


def test_nothing_that_people_get_speaks_of_a_municipality(persons, tmp_path):
    write_site(persons, tmp_path / "site")
    write_workbook(persons, tmp_path / "figures.xlsx")
    write_research(persons, tmp_path / "research")
    pages = list((tmp_path / "site").rglob("*.html"))
    assert len(pages) > 10
    assert not (tmp_path / "site/respons").exists()
    texts = {path.name: path.read_text("utf-8") for path in pages}
    workbook = openpyxl.load_workbook(tmp_path / "figures.xlsx")
    texts["figures.xlsx"] = " ".join(
        str(cell.value) for sheet in workbook for row in sheet.iter_rows() for cell in row
    )
    _, meta = pyreadstat.read_sav(tmp_path / "research/spss/2024.sav")
    texts["2024.sav"] = " ".join([*meta.column_names, *map(str, meta.column_labels)])
    texts["2024.xml"] = (tmp_path / "research/spss/2024.xml").read_text("utf-8")
    words = re.compile(r"gemeente|municipal|provinc|inwoners", re.IGNORECASE)
    assert {name for name, text in texts.items() if words.search(text)} == set()
    assert "Stadsfiets" in texts["figures.xlsx"]
    assert "3 van 5" in texts["2024-1.html"]


def test_no_comment_speaks_of_a_municipality(persons):
    told = persons.execute(
        "select comment from duckdb_columns() union select comment from duckdb_tables()"
        " union select comment from duckdb_views()"
    ).fetchall()
    # Names of tables and the codes of bases are the contract's.
    spoken = [re.sub(r"`\w+`|int_\w+", "", comment) for (comment,) in told if comment]
    assert len(spoken) > 300
    assert [text for text in spoken if re.search("municipalit|gemeente", text, re.I)] == []


def test_municipality_that_is_asked_for_needs_a_frame_date(other_survey):
    other_survey.set("codebook/editions.csv", 2, frame_date="")
    assert "Edition 2024 has no frame date." in other_survey.refusal()
