"""The explorer's page: what is looked at stands in its address, so that a view is a link."""

import io
from pathlib import Path

import duckdb
from flask import Flask, Response, render_template, request, send_file
from openpyxl import Workbook

from ingest.shared.csv_files import guard
from ingest.shared.local_pages import make_local_app
from publish.charts import Heading, draw_stacks
from publish.explorer.crossing import LEVELS, OF_RESPONDENTS, Crossing, View, cross, list_questions
from publish.reading import Row, read_rows
from publish.speaking import speak_for, spoken
from vocabulary.lists import Base
from vocabulary.rounding import round_half_up
from vocabulary.thresholds import as_words

EDITIONS = "select edition_key, label, is_synthetic from marts.dim_editions order by 1 desc"


def make_app(connection: duckdb.DuckDBPyConnection) -> Flask:
    """Return the page of cross tables of a warehouse, its table as XLSX and its picture."""
    app, _ = make_local_app(__name__, Path(__file__).parent / "pages")
    speak_for(connection)
    editions = read_rows(connection, EDITIONS)

    def read_view() -> tuple[View, dict[str, str]]:
        """Return what the address asks for; what is not there is what stands first."""
        keys = [row["edition_key"] for row in editions]
        wanted = request.args.get("edition", "")
        edition = int(wanted) if wanted.isdigit() and int(wanted) in keys else keys[0]
        questions = list_questions(connection, edition)
        question, by = request.args.get("question", ""), request.args.get("by", "")
        base = request.args.get("base", "")
        base = base if base in [*Base] else Base.MUNICIPALITIES
        if by not in questions and by not in LEVELS:
            by = ""
        return View(
            edition,
            question if question in questions else next(iter(questions), ""),
            "" if by in OF_RESPONDENTS and base != Base.RESPONDENTS else by,
            base,
            request.args.get("weighted") == "yes",
        ), questions

    @app.get("/")
    def show() -> str:
        view, questions = read_view()
        made = cross(connection, view)
        return render_template(
            "explorer.html",
            view=view, questions=questions, editions=editions, levels=LEVELS, made=made,
            bases=spoken()["bases"], percent=lambda share: round_half_up(100 * share),
            of_respondents=OF_RESPONDENTS, link=request.query_string.decode(),
            chart=_draw(made), confidence=as_words()["confidence"],
            is_synthetic=any(row["is_synthetic"] for row in editions
                             if row["edition_key"] == view.edition),
        )  # fmt: skip

    @app.get("/table.xlsx")
    def take_table() -> Response:
        view, questions = read_view()
        return send_file(
            _write_table(cross(connection, view), questions[view.question]),
            as_attachment=True, download_name=f"{view.edition}-{view.question}.xlsx",
        )  # fmt: skip

    @app.get("/picture.svg")
    def take_picture() -> Response:
        view, questions = read_view()
        title = questions[view.question]
        heading = Heading(title, (f"{view.edition}, {spoken()['bases'][view.base]}",))
        svg = _draw(cross(connection, view), heading)
        return Response(svg, mimetype="image/svg+xml")

    return app


def _draw(made: Crossing, heading: Heading | None = None) -> str:
    """Return a bar per group, divided over the answers where they add up."""
    rows: list[Row] = [
        {
            "label": f"{level} (N = {count})",
            "option": option,
            "percentage": 100 * cells[level].share,
        }
        for level, count in made.groups.items()
        for option, cells in made.rows.items()
        if level in cells
    ]
    whole = all(
        abs(sum(cells[level].share for cells in made.rows.values() if level in cells) - 1) < 1e-6
        for level in made.groups
    )
    if not rows or not whole:
        return ""
    return draw_stacks(rows, list(made.rows), [], "%", is_ordered=False, heading=heading)


def _write_table(made: Crossing, title: str) -> io.BytesIO:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("table")
    sheet.append([guard(title)])
    sheet.append(["", *(guard(level) for level in made.groups)])
    sheet.append(["N", *made.groups.values()])
    for option, cells in made.rows.items():
        shares = [cells[level].share if level in cells else None for level in made.groups]
        sheet.append([guard(option), *shares])
    query = book.create_sheet("sql")
    for line in made.sql.splitlines():
        query.append([guard(line)])
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file
