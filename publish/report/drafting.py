"""A first template of a report: every chapter that the questionnaire has, with its tags."""

from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from ingest.shared.problems import InputError, Problem
from publish.placing import replaced
from publish.reading import Row, read_rows
from publish.report.blocks import WIDTH
from publish.site.context import Site
from vocabulary.lists import Breakdown

CODED = "select distinct question_key from codebook.open_codes"


def write_template(site: Site, edition: int, to: Path) -> int:
    """Write a template with all figures of an edition, for its author to write the prose in.

    Returns how many tags it has. Raises InputError where the file is there already.
    """
    if to.exists():
        what = "It is there already, and may hold somebody's prose."
        raise InputError([Problem(to.name, what, "Name another file.")])
    document = Document()
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), {"nl": "nl-BE", "en": "en-GB"}[site.texts.language])
    say = site.texts.say
    count = 0

    def head(words: str, level: int) -> None:
        document.add_heading(words, level)

    def put(*tags: str) -> None:
        nonlocal count
        for tag in tags:
            document.add_paragraph(tag)
            count += tag.count("{{")

    title = document.add_heading(site.survey.texts["title"], 0)
    title.add_run().add_break()
    title.add_run("{{ label() }}")
    _set_page(document)
    document.core_properties.title = site.survey.texts["title"]
    document.core_properties.author = ""
    head(say("report", "chapter_method"), 1)
    put("{{p method() }}")
    if site.survey.has_frame:
        head(say("page", "response"), 1)
        put(
            site.texts["report"]["response_sentence"],
            "{{p response() }}",
            "{{p municipalities() }}",
        )
    coded = {row["question_key"] for row in read_rows(site.connection, CODED)}
    for part in site.survey.parts:
        questions = site.survey.list_questions(edition, part["part"])
        if questions:
            head(part["label"], 1)
        for question in questions:
            _put_question(site, question, coded, head, put)
    if edition > min(row["edition_key"] for row in site.survey.editions):
        head(say("page", "evolution"), 1)
        put("{{p changed() }}")
        for part in site.survey.parts:
            tags = [
                _write_evolution(site, edition, question["question_key"])
                for asked in site.survey.list_questions(edition, part["part"])
                for question in site.survey.list_items(edition, asked["question_key"]) or [asked]
            ]
            if any(tags):
                head(part["label"], 2)
            put(*filter(None, tags))
    with replaced(to) as draft:
        document.save(str(draft))
    return count


def _set_page(document: Any) -> None:  # noqa: ANN401 - a document of python-docx
    """Make the pages A4, with their number at the foot."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm((210 - WIDTH) / 2)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), " PAGE ")
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot._p.append(field)


def _write_evolution(site: Site, edition: int, key: str) -> str:
    """Return the tag of what became of a question since an edition before, if there is one."""
    befores = [row["from_edition_key"] for row in site.evolution[key,]
               if row["to_edition_key"] == edition and row["is_main"]]  # fmt: skip
    if not befores:
        return ""
    last = max(one["edition_key"] for one in site.survey.editions if one["edition_key"] < edition)
    since = "" if last in befores else f", since={max(befores)}"
    return f"{{{{p evolution('{key}'{since}) }}}}"


def _put_question(site: Site, question: Row, coded: set[str], head: Any, put: Any) -> None:  # noqa: ANN401
    """Add what is said of one question: a figure and tables, or the codes of open answers."""
    key = question["question_key"]
    if question["is_closed"]:
        head(f"{question['number']}. {question['wording']}", 2)
        if question["has_figures"]:
            rows = [row for row in site.results[question["edition_key"], key]
                    if row["share"] is not None and row["base"] == site.survey.bases[-1]
                    and row["breakdown"] == Breakdown.TOTAL]  # fmt: skip
            best = max(rows, key=lambda row: row["share"], default=None)
            if best is not None:
                put(f"{{{{ sentence('{best['option_key']}') }}}}")
        put(f"{{{{p figure('{key}') }}}}", f"{{{{p table('{key}') }}}}")
        if question["has_figures"] and site.survey.has_frame:
            put(f"{{{{p breakdown('{key}') }}}}")
    elif key in coded:
        head(f"{question['number']}. {question['wording']}", 2)
        put(f"{{{{p coded('{key}') }}}}")
