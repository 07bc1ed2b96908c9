"""The report of an edition rehearsed: as PDF pages, and again after a correction."""

import csv

import duckdb
import pypdf
import pytest
from docx import Document
from typer.testing import CliRunner

from ingest.authoring.draft_files import read_tables
from pipeline.cli import app
from publish.report.drafting import write_template
from publish.report.filling import fill_report
from publish.report.tags import Tags
from publish.site.context import make_site
from tests.output.test_report import read
from tests.tools import need


def run(*words):
    outcome = CliRunner().invoke(app, list(map(str, words)))
    assert outcome.exit_code == 0, outcome.output
    return outcome.output


def test_report_is_made_again_after_a_correction(whole_survey, tmp_path):
    need("libreoffice-writer-nogui")
    warehouse, template = tmp_path / "warehouse.duckdb", tmp_path / "sjabloon.docx"
    folders = ("--codebook", whole_survey.codebook, "--exports", whole_survey.exports)
    run("build", *folders, "--warehouse", warehouse)
    run("report", 2027, "--draft", "--to", template, "--warehouse", warehouse)
    document = Document(template)
    document.add_paragraph("Dit schreef ik zelf, en het blijft staan.")
    document.add_paragraph(
        "Werkt eraan: {{ count('vvsg_contact_frequency.1', base='respondents') }}."
    )
    document.save(template)
    report = tmp_path / "verslag.docx"
    made = ("report", 2027, "--template", template, "--to", report, "--warehouse", warehouse)
    told = run(*made, "--pdf")
    assert "changed:" not in told
    pdf = pypdf.PdfReader(report.with_suffix(".pdf"))
    assert len(pdf.pages) > 40
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    with duckdb.connect(warehouse, read_only=True) as connection:
        respondent, started = connection.execute(
            "select respondent_key, strftime(started_at, '%Y-%m-%dT%H:%M:%S')"
            " from marts.fct_answers"
            " inner join marts.dim_respondents using (edition_key, respondent_key)"
            " where option_key = 'vvsg_contact_frequency.0' and is_selected"
            " and edition_key = 2027 order by 1 limit 1"
        ).fetchone()
        ((count,),) = connection.execute(
            "select selected_count from marts.mart_question_results where edition_key = 2027"
            " and base = 'respondents' and option_key = 'vvsg_contact_frequency.1'"
        ).fetchall()
    was, becomes = (
        row["spelling"]
        for row in read_tables(whole_survey.codebook)["option_spellings"]
        if (row["edition_key"], row["question_key"]) == ("2027", "vvsg_contact_frequency")
        and row["option_code"] in ("0", "1")
    )
    whole_survey.edit(
        "codebook/corrections.csv",
        lambda rows: [*rows, {
            "edition_key": "2027", "respondent_key": respondent, "started_at": started,
            "question_key": "vvsg_contact_frequency", "option_code": "", "expected_value": was,
            "new_value": becomes, "reason": "Belde erover.", "corrected_on": "2027-12-20",
        }],
    )  # fmt: skip
    run("build", *folders, "--warehouse", warehouse)
    told = run(*made)
    tag = "count('vvsg_contact_frequency.1', base='respondents')"
    assert f"changed: {tag}: {count} -> {count + 1}" in told
    words = [paragraph.text for paragraph in Document(report).paragraphs]
    assert "Dit schreef ik zelf, en het blijft staan." in words
    assert f"Werkt eraan: {count + 1}." in words
    with report.with_name("verslag-numbers.csv").open(encoding="utf-8-sig") as file:
        assert {row["tag"]: row["value"] for row in csv.DictReader(file)}[tag] == str(count + 1)


@pytest.mark.parametrize(
    ("edition", "chapters", "told"),
    [
        (2025, ["Methode", "Respons"], "70 van de 285 gemeenten namen deel (25%); 61 van de 79"),
        (2027, ["Methode", "Respons", "Evolutie"], "76 van de 285 gemeenten namen deel (27%)"),
        (2029, ["Methode", "Respons", "Evolutie"], "79 van de 284 gemeenten namen deel (28%)"),
    ],
)
def test_first_template_of_an_edition_can_be_filled_as_it_is(
    built, tmp_path, edition, chapters, told
):
    with duckdb.connect(built.warehouse, read_only=True) as connection:
        site = make_site(connection, tmp_path)
        template = tmp_path / "eerste.docx"
        assert write_template(site, edition, template) > 80
        titles = [text for text in read(template) if text in ("Methode", "Respons", "Evolutie")]
        assert titles == chapters
        filled = fill_report(Tags(site, edition), template, tmp_path / "verslag.docx")
    assert (filled.typed, filled.changes) == ([], [])
    words = "\n".join(read(tmp_path / "verslag.docx"))
    assert "{{" not in words
    assert told in words
    made = Document(tmp_path / "verslag.docx")
    # A page of A4 between its margins, with room for the caption.
    assert made.sections[0].page_height.mm == pytest.approx(297, abs=0.1)
    assert max(picture.height.mm for picture in made.inline_shapes) <= 215
