"""The explorer's page: what is looked at stands in its address, so that a view is a link."""

import io
from functools import partial
from pathlib import Path

import duckdb
from flask import Flask, Response, render_template, request, send_file
from openpyxl import Workbook

from ingest.shared.csv_files import guard
from ingest.shared.local_pages import make_local_app
from publish.charts import Heading, draw_intervals, draw_stacks
from publish.explorer.crossing import LEVELS, Crossing, View, cross, list_questions
from publish.reading import Row, read_rows
from publish.speaking import speak_for, spoken
from vocabulary.lists import Base
from vocabulary.rounding import round_half_up

EDITIONS = "select edition_key, label, is_synthetic from marts.dim_editions order by 1 desc"


def make_app(connection: duckdb.DuckDBPyConnection) -> Flask:
    """Return the page of cross tables of a warehouse, its table as XLSX and its picture."""
    app, _ = make_local_app(__name__, Path(__file__).parent / "pages")
    speak_for(connection)
    texts, say = spoken(), partial(spoken().say, "explorer")
    editions = read_rows(connection, EDITIONS)

    def read_view() -> tuple[View, dict[str, str], list[str]]:
        """Return what the address asks for, and what of it is not there and stands for else."""
        asked = request.args
        keys = [row["edition_key"] for row in editions]
        wanted = asked.get("edition", "")
        edition = int(wanted) if wanted.isdigit() and int(wanted) in keys else keys[0]
        questions = list_questions(connection, edition)
        question, by = asked.get("question", ""), asked.get("by", "")
        base = asked.get("base", "") if asked.get("base", "") in [*Base] else Base.MUNICIPALITIES
        view = View(
            edition,
            question if question in questions else next(iter(questions), ""),
            by if by in questions or by in LEVELS else "",
            base,
            asked.get("weighted") == "yes",
        )  # fmt: skip
        given = {"edition": str(view.edition), "question": view.question, "by": view.by,
                 "base": view.base}  # fmt: skip
        return view, questions, [
            say("is_not_there", say(name), asked[name], shown or texts["by"][""])
            for name, shown in given.items() if asked.get(name) and asked[name] != shown
        ]  # fmt: skip

    def is_synthetic(view: View) -> bool:
        return any(row["is_synthetic"] for row in editions if row["edition_key"] == view.edition)

    @app.get("/")
    def show() -> str:
        view, questions, missed = read_view()
        made = cross(connection, view)
        return render_template(
            "explorer.html",
            missed=missed, view=view, questions=questions, editions=editions,
            levels=texts["by"], made=made, say=say, language=texts.language,
            bases=texts["bases"], percent=lambda share: round_half_up(100 * share),
            link=request.query_string.decode(),
            chart=_draw(made), adds_up=_adds_up(made), is_synthetic=is_synthetic(view),
            not_real=texts.say("page", "not_real"),
        )  # fmt: skip

    @app.get("/table.xlsx")
    def take_table() -> Response:
        view, questions, missed = read_view()
        by = questions.get(view.by) or texts["by"][view.by]
        notes = [questions[view.question], f"{view.edition}, {texts['bases'][view.base]}",
                 *([f"{say('by')}: {by}"] if view.by else []),
                 *([say("weighted")] if view.is_weighted else []), *missed]  # fmt: skip
        if is_synthetic(view):
            notes.append(texts.say("page", "not_real"))
        return send_file(
            _write_table(cross(connection, view), notes),
            as_attachment=True, download_name=f"{view.edition}-{view.question}.xlsx",
        )  # fmt: skip

    @app.get("/picture.svg")
    def take_picture() -> Response:
        view, questions, _ = read_view()
        title = questions[view.question]
        heading = Heading(title, (f"{view.edition}, {texts['bases'][view.base]}",))
        svg = _draw(cross(connection, view), heading)
        return Response(svg, mimetype="image/svg+xml")

    return app


def _draw(made: Crossing, heading: Heading | None = None) -> str:
    """Return a bar per group, divided over the answers; where they add up to more, points."""
    names = {level: f"{level} (N = {count})" for level, count in made.groups.items()}
    shares = [
        (names[level], option, cells[level])
        for level in made.groups
        for option, cells in made.rows.items()
        if level in cells
    ]
    if not shares:
        return ""
    if _adds_up(made):
        stacks: list[Row] = [
            {
                "label": name,
                "option": option,
                "percentage": 100 * cell.share,
                "inside": str(round_half_up(100 * cell.share)),
            }
            for name, option, cell in shares
        ]
        return draw_stacks(
            stacks, list(made.rows), [], "%", is_ordered=made.is_ordered, heading=heading
        )
    points: list[Row] = [
        {"label": option, "series": name, "percentage": 100 * cell.share, "low": 100 * cell.low,
         "high": 100 * cell.high, "is_comparable": True}
        for name, option, cell in shares
    ]  # fmt: skip
    return draw_intervals(points, list(names.values()), "%", heading)


def _adds_up(made: Crossing) -> bool:
    """Whether everybody is in one answer."""
    return all(
        abs(sum(cells[level].share for cells in made.rows.values() if level in cells) - 1) < 1e-6
        for level in made.groups
    )


def _write_table(made: Crossing, notes: list[str]) -> io.BytesIO:
    """Return a workbook with the table, below what it is of, and with the query."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("table")
    few = [level for level, count in made.places.items() if count < made.fewest]
    if few:
        words = spoken().say("explorer", "not_to_be_published")
        notes = [*notes, f"{words} {', '.join(few)}"]
    for note in notes:
        sheet.append([guard(note)])
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
