"""What readers take along: a chart as SVG and PNG, the table behind it as CSV and XLSX."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from ingest.shared.csv_files import guard
from ingest.shared.text import fit_width, to_column_letter
from publish.charts import Heading, to_png
from publish.site.context import Site, say_yes

Cell: TypeAlias = str | float | None
# How many letters a name of a sheet may have.
LONGEST_NAME = 31


def head(site: Site, title: str, *lines: str, editions: Sequence[int]) -> Heading:
    """Return what stands above a picture that leaves its page: what, of whom, and where from."""
    told = [*lines, site.survey.texts["title"]]
    if list_invented(site).intersection(editions):
        told.append(site.texts.say("page", "not_real"))
    return Heading(title, tuple(filter(None, told)))


def list_invented(site: Site) -> set[int]:
    """Return the editions whose answers are invented."""
    return {row["edition_key"] for row in site.survey.editions if row["is_synthetic"]}


def take_along(
    site: Site,
    file: str,
    chart: str | None,
    heads: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    edition: int | None = None,
) -> None:
    """Write a chart, if there is one, with all that it needs without its page, and its table.

    A table of one `edition` says of which, and whether its answers are invented.

    `file` is their path in the site, without what tells them apart.
    """
    if edition is not None:
        invented = say_yes(site.texts, edition in list_invented(site))
        heads = [site.texts.say("table", "edition_key"), *heads,
                 site.texts.say("table", "is_synthetic")]  # fmt: skip
        rows = [[site.survey.name(edition), *row, invented] for row in rows]
    # A file may have points in its name, as the key of a row has.
    svg, png, as_csv, xlsx = (
        site.folder / f"{file}.{kind}" for kind in ("svg", "png", "csv", "xlsx")
    )
    svg.parent.mkdir(parents=True, exist_ok=True)
    if chart:
        svg.write_text(chart, encoding="utf-8")
        png.write_bytes(to_png(chart))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=site.texts.say("table", "delimiter"), lineterminator="\n")
    writer.writerow(heads)
    writer.writerows([guard(_spell(site, cell)) for cell in row] for row in rows)
    as_csv.write_text(text.getvalue(), encoding="utf-8-sig")
    _write_workbook(xlsx, heads, rows)


def _write_workbook(path: Path, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """Write a table as a sheet that is called as its file, its heads in sight."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(path.stem[:LONGEST_NAME])
    sheet.freeze_panes = "A2"
    for number, column in enumerate(zip(heads, *rows, strict=True), start=1):
        words = (str(cell) for cell in column if not isinstance(cell, float))
        sheet.column_dimensions[to_column_letter(number)].width = fit_width(words)

    def style(cell: Cell, name: str, value: object) -> Any:  # noqa: ANN401 - of openpyxl
        made = WriteOnlyCell(sheet, cell)
        setattr(made, name, value)
        return made

    sheet.append([style(head, "font", Font(bold=True)) for head in heads])
    for row in rows:
        sheet.append([
            style(cell, "number_format", "0.0") if isinstance(cell, float)
            else guard(cell) if isinstance(cell, str) else cell
            for cell in row
        ])  # fmt: skip
    book.save(path)


def _spell(site: Site, cell: Cell) -> str:
    """Return a cell as a spreadsheet of the readers takes it."""
    if isinstance(cell, float):
        # Nothing is a negative zero.
        return site.texts.say("site", "decimal", *f"{round(cell, 6) + 0:.6f}".split("."))
    return "" if cell is None else str(cell)
