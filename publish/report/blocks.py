"""Tables and figures as Word has them: numbered captions, alternative texts, the house's styles."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docxtpl import DocxTemplate

from publish.charts import to_png

CAPTION, GRID = "Caption", "Table Grid"
# In mm: a page between its margins; how wide a picture is, and how high it may be.
WIDTH, PICTURE, HIGHEST = 150, 120, 215
# What a column of a table takes in mm: for a letter of one point, and beside its longest word; and
# what the first, which has the answers, gets at least. Letters are as large as leaves it that.
LETTER, BESIDE, FIRST = 0.24, 4.5, 36
SIZES = (10, 9, 8, 7)
# A cell of fewer letters than this stands on one line.
ONE_LINE = 10
# A table of fewer rows than this is not divided over pages.
SHORT = 13


@dataclass(frozen=True)
class Table:
    """A table with its caption, and what must be known to read it; all cells are texts."""

    caption: str
    heads: list[str]
    rows: list[list[str]]
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """A chart with its caption, and what it shows for who cannot see it; drawn when written.

    `rows` has what it shows, as texts.
    """

    caption: str
    draw: Callable[[], str]
    alternative: str
    rows: list[list[str]]


class Block:
    """What a tag gives that stands in paragraphs of its own: parts, and lines of text."""

    def __init__(self, parts: Sequence[Table | Figure], *lines: str) -> None:
        self.parts, self.lines = parts, lines

    def list_texts(self) -> Iterator[tuple[str, str]]:
        """Yield everything that it says, each with a name that lasts: its row, or its line."""
        yield from ((str(number), line) for number, line in enumerate(self.lines, start=1))
        for part in self.parts:
            for label, *cells in part.rows:
                yield f"{part.caption} {label}", " | ".join(cells)


@dataclass
class Writer:
    """Writes blocks into a template, and numbers their captions."""

    template: DocxTemplate
    words: dict[type, str]
    counts: dict[type, int]

    def write(self, block: Block) -> Any:  # noqa: ANN401 - a part of a document of docxtpl
        """Return a block as a part of the document."""
        made = self.template.new_subdoc()
        for line in block.lines:
            made.add_paragraph(line)
        for part in block.parts:
            if isinstance(part, Table):
                self._write_caption(made, part, part.note)
                self._write_table(made, part)
                made.add_paragraph()
            else:
                self._write_figure(made, part)
                self._write_caption(made, part)
        return made

    def _write_caption(
        self,
        made: Any,  # noqa: ANN401
        part: Table | Figure,
        note: str = "",
    ) -> None:
        self.counts[type(part)] += 1
        paragraph = made.add_paragraph()
        paragraph.style = self.template.docx.styles[CAPTION]
        word = self.words[type(part)]
        paragraph.add_run(f"{word} ")
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), f" SEQ {word} \\* ARABIC ")
        run = OxmlElement("w:r")
        text = OxmlElement("w:t")
        text.text = str(self.counts[type(part)])
        run.append(text)
        field.append(run)
        paragraph._p.append(field)
        paragraph.add_run(f". {part.caption} {note}".rstrip())
        paragraph.paragraph_format.keep_with_next = isinstance(part, Table)

    def _write_table(self, made: Any, part: Table) -> None:  # noqa: ANN401
        table = made.add_table(rows=1, cols=len(part.heads))
        table.style = self.template.docx.styles[GRID]
        for cell, head in zip(table.rows[0].cells, part.heads, strict=True):
            cell.paragraphs[0].add_run(head).bold = True
        # The heads come back on every page, and are read as heads.
        mark = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(mark)
        for row in part.rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
        table.autofit = False
        size, widths = fit(part)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
            for cell in column.cells:
                cell.width = Mm(width)
        for row in table.rows:
            # A row stands on one page.
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
            for paragraph in (cell.paragraphs[0] for cell in row.cells):
                # As does a table of few rows.
                is_last = row._tr is table.rows[-1]._tr
                paragraph.paragraph_format.keep_with_next = len(part.rows) < SHORT and not is_last
            for run in (run for cell in row.cells for run in cell.paragraphs[0].runs):
                run.font.size = Pt(size)

    def _write_figure(self, made: Any, part: Figure) -> None:  # noqa: ANN401
        paragraph = made.add_paragraph()
        picture = paragraph.add_run().add_picture(BytesIO(to_png(part.draw())), width=Mm(PICTURE))
        if picture.height > Mm(HIGHEST):
            picture.width = round(picture.width * Mm(HIGHEST) / picture.height)
            picture.height = Mm(HIGHEST)
        picture._inline.docPr.set("descr", part.alternative)
        paragraph.paragraph_format.keep_with_next = True


def fit(table: Table) -> tuple[int, list[float]]:
    """Return how large the letters of a table are, in points, and how wide its columns, in mm.

    A column is as wide as its longest word, and the first gets the rest.
    """
    columns = list(zip(table.heads, *table.rows, strict=True))[1:]
    longest = [
        max(len(word) for text in column
            for word in (text.split() if len(text) > ONE_LINE else [text]))
        for column in columns
    ]  # fmt: skip
    for size in SIZES:
        rest = [LETTER * size * letters + BESIDE for letters in longest]
        if sum(rest) <= WIDTH - FIRST:
            break
    room = min(1.0, (WIDTH - FIRST) / max(sum(rest), 1))
    rest = [width * room for width in rest]
    return size, [WIDTH - sum(rest), *rest]


def add_styles(template: DocxTemplate) -> None:
    """Give a template the styles that its captions and tables take, where it has none yet.

    Word writes them into a document when they are first used.
    """
    styles = template.docx.styles
    names = [style.name for style in styles]
    if CAPTION not in names:
        caption = styles.add_style(CAPTION, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
        caption.font.size, caption.font.bold = Pt(9), True
    if GRID not in names:
        grid = styles.add_style(GRID, WD_STYLE_TYPE.TABLE, builtin=True)
        borders = OxmlElement("w:tblBorders")
        for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
            border = OxmlElement(f"w:{side}")
            for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "auto")):
                border.set(qn(f"w:{name}"), value)
            borders.append(border)
        properties = OxmlElement("w:tblPr")
        properties.append(borders)
        grid.element.append(properties)
