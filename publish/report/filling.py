"""A template filled: its tags found and checked with their places, its prose left as it is."""

import csv
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO
from zipfile import BadZipFile

import jinja2
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2.sandbox import SandboxedEnvironment

from ingest.shared.csv_files import guard, unguard
from ingest.shared.files import hash_file
from ingest.shared.passing import passing_folder
from ingest.shared.problems import InputError, Problem, shorten
from publish.placing import replaced
from publish.report.blocks import Block, Figure, Table, Writer, add_styles
from publish.report.tags import TagError, Tags

TAG = re.compile(r"\{\{(p |r )?\s*(.+?)\s*\}\}")
BROKEN = re.compile(r"\{\{|\}\}|\{%|%\}")
# In the list of numbers: which file was made with them.
MADE = "(report)"
STATEMENT = re.compile(r"\{%.*?%\}")
# What stands beside the text, and what its place is called.
EDGE, NOTE = "(head or foot of the page)", "(note)"
BESIDE = {
    RELATIONSHIP_TYPE.HEADER: EDGE, RELATIONSHIP_TYPE.FOOTER: EDGE,
    RELATIONSHIP_TYPE.FOOTNOTES: NOTE, RELATIONSHIP_TYPE.ENDNOTES: NOTE,
}  # fmt: skip
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Word curls the quotes that somebody types.
STRAIGHT = str.maketrans("‘’“”", "''\"\"")
NUMBER = re.compile(r"\d+(?:[.,]\d+)?\s*%?")


@dataclass(frozen=True)
class Place:
    """A paragraph of a template: below which heading, its words, and its tags."""

    heading: str
    text: str

    def __str__(self) -> str:
        return f"{self.heading or '(before the first heading)'}: {shorten(self.text)!r}"


@dataclass
class Filled:
    """What came of a report.

    `seen` has what every tag gave, by row where it gave a table or a chart; `typed` numbers that
    somebody typed beside others that differ; `changes` what changed since the last report: tag,
    what it was, what it is.
    """

    seen: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    tag_count: int = 0


def fill_report(tags: Tags, template: Path, to: Path) -> Filled:
    """Fill a template's tags and write the report, with what every tag gave beside it.

    Beside the report stands a CSV of its numbers; one that is there already, of the last report, is
    what the new numbers are held against. Raises InputError with every tag that names nothing; then
    nothing is written.
    """
    try:
        document = DocxTemplate(template)
        document.init_docx()
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError, OSError) as error:
        what = f"It is no Word document (.docx). ({type(error).__name__})"
        raise InputError([Problem(template.name, what, "Save it as .docx.")]) from None
    filled = Filled()
    _refuse_places(template, to)
    # Whoever fills a template need not trust who wrote it.
    environment = SandboxedEnvironment(undefined=jinja2.StrictUndefined, autoescape=True)
    _check(document, tags, environment, filled, template.name)
    words: dict[type, str] = {kind: tags.site.texts.say("report", name) for kind, name in
             ((Table, "a_table"), (Figure, "a_figure"))}  # fmt: skip
    add_styles(document)
    writer = Writer(document, words, {Table: 0, Figure: 0})

    def give(tag: Any) -> Any:  # noqa: ANN401 - a tag gives a text, or a block
        def called(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401
            made = tag(*arguments, **named)
            return writer.write(made) if isinstance(made, Block) else made

        return called

    try:
        document.render({name: give(tag) for name, tag in tags.list_all().items()}, environment)
    except (jinja2.TemplateError, TagError) as error:
        what = f"It cannot be filled: {error}."
        raise InputError([Problem(template.name, what, "Mend the tag.")]) from None
    numbers = _find_numbers(to)
    filled.changes = list(_compare(numbers, filled.seen))
    with replaced(to) as draft:
        document.save(str(draft))
    with replaced(numbers) as draft, draft.open("w", encoding="utf-8-sig", newline="") as file:
        _write_rows(file, ("tag", "value"), [*filled.seen.items(), (MADE, hash_file(to))])
    changes = to.with_name(f"{to.stem}-changes.csv")
    if filled.changes:
        with replaced(changes) as draft, draft.open("w", encoding="utf-8-sig", newline="") as file:
            _write_rows(file, ("tag", "was", "is"), filled.changes)
    return filled


def _write_rows(file: TextIO, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows([guard(cell) for cell in row] for row in rows)


def _find_numbers(report: Path) -> Path:
    """Return where the numbers of a report stand: beside it."""
    return report.with_name(f"{report.stem}-numbers.csv")


def _refuse_places(template: Path, to: Path) -> None:
    """Refuse to write over the template, over a report that was edited since, or into nowhere."""
    what = action = ""
    if not to.parent.is_dir():
        what, action = f"There is no folder {to.parent}.", "Make it first."
    elif to.exists() and to.resolve() == template.resolve():
        what, action = "It is the template itself.", "Name another file: --to."
    elif to.exists():
        numbers = _find_numbers(to)
        made = numbers.read_text("utf-8-sig") if numbers.exists() else ""
        if f"{MADE},{hash_file(to)}" not in made:
            what = "It was not made here, or was edited since: that would be lost."
            action = "Move it away, or name another file; write in the template."
    if what:
        raise InputError([Problem(to.name, what, action)])


def write_pdf(report: Path) -> None:
    """Write a report as accessible PDF (PDF/UA) beside it, by LibreOffice.

    Raises OSError where there is none, or it fails.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise OSError("There is no LibreOffice on this machine, which makes the PDF.")
    options = '{"PDFUACompliance":{"type":"boolean","value":"true"}}'
    with passing_folder() as home:
        done = subprocess.run(  # noqa: S603 - found on the path, with our own file
            [program, f"-env:UserInstallation=file://{home}", "--headless", "--convert-to",
             f"pdf:writer_pdf_Export:{options}", "--outdir", str(report.parent), str(report)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    if done.returncode or not report.with_suffix(".pdf").exists():
        raise OSError(f"LibreOffice made no PDF: {done.stderr.strip()}")


def list_places(document: DocxTemplate) -> Iterator[Place]:
    """Yield every paragraph that has words, below its heading.

    Those in tables, boxes and notes are as well, and those at the head and foot of pages.
    """
    from docx.oxml import parse_xml
    from docx.oxml.ns import qn
    from docx.text.paragraph import Paragraph

    beside = [
        (BESIDE[relation.reltype], parse_xml(relation.target_part.blob))
        for relation in document.docx.part.rels.values()
        if relation.reltype in BESIDE
    ]
    for begin, part in (("", document.docx.element.body), *beside):
        heading = begin
        for element in part.iter(qn("w:p")):
            if next(element.iterancestors(FALLBACK), None) is not None:
                # What a box says twice, for programs that know no boxes.
                continue
            paragraph = Paragraph(element, document.docx)
            if paragraph.style is not None and str(paragraph.style.name).startswith("Heading"):
                heading = paragraph.text
            if paragraph.text.strip():
                yield Place(heading, paragraph.text)


def _check(
    document: DocxTemplate, tags: Tags, environment: jinja2.Environment, filled: Filled, name: str
) -> None:
    """Evaluate every tag by itself; raise InputError with those that name nothing."""
    problems = []
    known = tags.list_all()
    looked_at: list[tuple[Place, dict[str, str], dict[str, str]]] = []
    for place in list_places(document):
        given: dict[str, str] = {}
        cells: dict[str, str] = {}
        looked_at.append((place, given, cells))
        if statement := STATEMENT.search(place.text):
            what = f"{statement[0]!r} repeats or leaves out: what it gives cannot be looked at."
            problems.append(Problem(f"{name}, {place}", what, "Write a tag for each."))
            continue
        if BROKEN.search(TAG.sub("", place.text)):
            what = "A tag is not closed, or not opened."
            problems.append(Problem(f"{name}, {place}", what, "Write {{ and }} around it."))
            continue
        for form, expression in TAG.findall(place.text):
            plain = expression.translate(STRAIGHT)
            try:
                value = environment.compile_expression(plain, undefined_to_none=False)(**known)
                if isinstance(value, jinja2.Undefined):
                    raise TagError(f"There is no tag {expression!r}: {', '.join(known)}.")
                made = _check_form(value, form, is_alone=not TAG.sub("", place.text).strip())
                if isinstance(made, Block) and place.heading in (EDGE, NOTE):
                    raise TagError("It gives paragraphs, and stands in a note or at a page's edge.")
            except (TagError, jinja2.TemplateError, TypeError) as error:
                problems.append(
                    Problem(f"{name}, {place}", str(error), f"Mend {{{{{expression}}}}}.")
                )
                continue
            filled.tag_count += 1
            if isinstance(made, Block):
                texts = list(made.list_texts())
                filled.seen |= {f"{expression}: {name}": text for name, text in texts}
                cells[expression] = " ".join(text for _, text in texts)
            else:
                given[expression] = filled.seen[expression] = made
    if problems:
        raise InputError(problems)
    for number, (place, given, _) in enumerate(looked_at):
        beside: dict[str, str] = {}
        for other, _, cells in looked_at[max(number - 1, 0) : number + 2]:
            beside |= cells if other.heading == place.heading else {}
        filled.typed += _find_typed(place, given, beside, tags.list_years())


def _check_form(value: object, form: str, *, is_alone: bool) -> str | Block:
    """Return what a tag gives.

    Raises TagError where what takes paragraphs stands within one, or the other way round, and where
    it is no tag that was called: a number, or a name without its brackets.
    """
    if not isinstance(value, str | Block):
        raise TagError("It gives no text: a tag has brackets after its name.")
    if isinstance(value, Block) and form != "p ":
        raise TagError("It gives paragraphs, and stands in one: write a p after its braces.")
    if isinstance(value, Block) and not is_alone:
        raise TagError("It gives paragraphs, and words stand beside it: they would be lost.")
    if not isinstance(value, Block) and form == "p ":
        raise TagError("It gives a number or a sentence: write no p after its braces.")
    return value


def _find_typed(
    place: Place, given: dict[str, str], beside: dict[str, str], years: set[str]
) -> Iterator[str]:
    """Yield the numbers that somebody typed near tags that give others of their kind.

    A percentage is held against percentages, a count against counts; an edition's year is neither.
    `given` has what tags in the paragraph give. `beside` has what a table or chart right above or
    below it shows: against that, percentages are held, for of counts a text has many of its own.
    """
    told = _list_numbers(given)
    shown = {number for number in _list_numbers(beside) if number.endswith("%")}
    kinds = {number.endswith("%") for number in told | shown}
    near = [*given.values(), *beside]
    for number in map(_strip, NUMBER.findall(TAG.sub(" ", place.text))):
        if number not in told | shown | years and number.endswith("%") in kinds:
            yield f"{place}: {number}, beside {', '.join(near)}"


def _list_numbers(texts: dict[str, str]) -> set[str]:
    return {_strip(number) for text in texts.values() for number in NUMBER.findall(text)}


def _strip(number: str) -> str:
    return re.sub(r"\s", "", number)


def _compare(numbers: Path, seen: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield what changed since the numbers of the last report: the tag, what it was, what it is."""
    if not numbers.exists():
        return
    with numbers.open(encoding="utf-8-sig", newline="") as file:
        before = {
            unguard(row["tag"]): unguard(row["value"])
            for row in csv.DictReader(file)
            if row["tag"] != MADE
        }
    for tag in dict.fromkeys([*before, *seen]):
        was, now = before.get(tag, ""), seen.get(tag, "")
        if was != now:
            yield tag, was, now
