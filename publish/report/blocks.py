"""Tables and figures as Word has them: numbered captions, alternative texts, the house's styles."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docxtpl import DocxTemplate

from publish.charts import to_png

CAPTION, GRID = "Caption", "Table Grid"
# Of a page between its margins, and of the first column of a table, which has the words.
WIDTH, FIRST = Mm(150), Mm(55)


@dataclass(frozen=True)
class Table:
    """A table with its caption; all cells are texts."""

    caption: str
    heads: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Figure:
    """A chart with its caption, and what it shows for who cannot see it; drawn when written."""

    caption: str
    draw: Callable[[], str]
    alternative: str


class Block:
    """What a tag gives that stands in paragraphs of its own: parts, and lines of text."""

    def __init__(self, parts: Sequence[Table | Figure], *lines: str) -> None:
        self.parts, self.lines = parts, lines


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
                self._write_caption(made, part)
                self._write_table(made, part)
                made.add_paragraph()
            else:
                self._write_figure(made, part)
                self._write_caption(made, part)
        return made

    def _write_caption(self, made: Any, part: Table | Figure) -> None:  # noqa: ANN401
        self.counts[type(part)] += 1
        paragraph = made.add_paragraph()
        _set_style(paragraph, self.template, CAPTION)
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
        paragraph.add_run(f". {part.caption}")
        paragraph.paragraph_format.keep_with_next = isinstance(part, Table)

    def _write_table(self, made: Any, part: Table) -> None:  # noqa: ANN401
        table = made.add_table(rows=1, cols=len(part.heads))
        _set_style(table, self.template, GRID)
        for cell, head in zip(table.rows[0].cells, part.heads, strict=True):
            cell.paragraphs[0].add_run(head).bold = True
        # The heads come back on every page, and are read as heads.
        mark = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(mark)
        for row in part.rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
        table.autofit = False
        rest = Mm((WIDTH - FIRST) / Mm(1) / max(len(part.heads) - 1, 1))
        for number, column in enumerate(table.columns):
            for cell in column.cells:
                cell.width = rest if number else FIRST

    def _write_figure(self, made: Any, part: Figure) -> None:  # noqa: ANN401
        paragraph = made.add_paragraph()
        picture = paragraph.add_run().add_picture(BytesIO(to_png(part.draw())), width=WIDTH)
        picture._inline.docPr.set("descr", part.alternative)
        paragraph.paragraph_format.keep_with_next = True


def _set_style(part: Any, template: DocxTemplate, name: str) -> None:  # noqa: ANN401
    """Give a part the style that the template has under a name, if it has one."""
    if name in [style.name for style in template.docx.styles]:
        part.style = template.docx.styles[name]
