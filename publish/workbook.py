"""The figures as an Excel workbook: a sheet per part, a table per question, native charts."""

from pathlib import Path
from typing import Any

import duckdb
import openpyxl
from openpyxl.chart import BarChart, Reference
from openpyxl.chart.data_source import NumFmt
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.legend import Legend
from openpyxl.chart.series import SeriesLabel
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from ingest.shared.text import to_column_letter
from publish.reading import RATES, Row, Survey, read_rows, read_survey
from publish.speaking import say_outcome, say_reasons, say_verdict, spoken
from vocabulary.lists import Breakdown

MEASURES = ("count", "percentage", "base")
HEADER_ROWS = 3
A4, NUMBER_WIDTH = 9, 7
BOLD, TITLE = Font(bold=True), Font(bold=True, size=12)
HEADER = PatternFill("solid", fgColor="DCE6F1")
WRAPPED = Alignment(wrap_text=True, vertical="top")
# Centimetres: a row; of a chart a bar, and what stands around the bars.
ROW_HEIGHT, BAR, AROUND = 0.53, 0.42, 3.0
NOTES = [f"note_{number}" for number in range(1, 7)]
# Of the two bases, where there are two.
NOTE_OF_BASES = "note_3"


def _say(code: str, *arguments: object) -> str:
    return spoken().say("workbook", code, *arguments)


def write_workbook(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write the figures that may be published, all editions side by side."""
    survey = read_survey(connection)
    results = {
        (row["edition_key"], row["option_key"], row["base"]): row
        for row in survey.results
        if row["breakdown"] == Breakdown.TOTAL
    }
    book = openpyxl.Workbook()
    _fill_notes(book.worksheets[0], survey)
    for part in survey.parts:
        sheet = book.create_sheet(_say("part", part["part"]))
        _fill_header(sheet, survey, part)
        row = HEADER_ROWS + 1
        for key in _list_questions(survey, part["part"]):
            row = _fill_question(sheet, survey, results, key, row)
        if row == HEADER_ROWS + 1:
            book.remove(sheet)
    if len(survey.editions) > 1:
        _fill_evolution(book.create_sheet(_say("evolution")), survey)
    if survey.has_frame:
        _fill_breakdowns(book.create_sheet(_say("breakdowns")), survey)
        _fill_rates(book.create_sheet(_say("response")), survey, read_rows(connection, RATES))
    _list_contents(book)
    book.properties.title = survey.texts["title"]
    book.properties.language = spoken().language
    book.properties.creator = ""
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def _list_questions(survey: Survey, part: int) -> list[str]:
    keys = dict.fromkeys(
        question["question_key"]
        for question in survey.questions
        if question["part"] == part and question["has_figures"]
    )
    return list(keys)


def _fill_notes(sheet: Worksheet, survey: Survey) -> None:
    sheet.title = _say("read_me")
    sheet.column_dimensions["A"].width = 110
    _fit_page(sheet)
    _put(sheet, 1, 1, _say("title", survey.texts["title"]), TITLE)
    notes = [note for note in NOTES if survey.has_frame or note != NOTE_OF_BASES]
    for number, note in enumerate(notes, start=2):
        _put(sheet, number, 1, _say(note))
    for number, edition in enumerate(survey.editions, start=len(notes) + 3):
        words = edition["label"]
        if edition["is_synthetic"]:
            words = _say("synthetic_note", words, edition["source_note"] or "")
        _put(sheet, number, 1, words, BOLD if edition["is_synthetic"] else None)


def _fill_evolution(sheet: Worksheet, survey: Survey) -> None:
    """Write every comparison to go by, a line each: what it was and is, its verdict and reason."""
    heads = {"question": 45, "answer": 35, "from": 8, "to": 8, "was": 8, "from_base": 8, "is": 8,
             "to_base": 8, "change": 10, "low": 8, "high": 8, "weighted": 12, "verdict": 28,
             "reason": 60}  # fmt: skip
    names = {key: name for (_, key), name in survey.names_asked.items()}
    # The order of the last edition that asked it.
    order = {key: number for number, (_, key) in enumerate(survey.names_asked)}
    rows = []
    for row in sorted(survey.evolution, key=lambda row: order[row["question_key"]]):
        if row["is_main"] and row["base"] == survey.bases[-1]:
            points = [None if row[name] is None else round(100 * row[name], 1) for name in
                      ("change", "change_low", "change_high", "change_weighted")]  # fmt: skip
            rows.append([
                names[row["question_key"]], row["option_label"],
                survey.name(row["from_edition_key"]), survey.name(row["to_edition_key"]),
                row["from_share"], row["from_base_count"], row["to_share"], row["to_base_count"],
                *points, say_outcome(spoken(), row), say_reasons(row["reasons"]),
            ])  # fmt: skip
    _fill_list(sheet, heads, rows, shares=(5, 7))


def _fill_breakdowns(sheet: Worksheet, survey: Survey) -> None:
    """Write every figure by size and by province, a line each."""
    heads = {"edition": 10, "question": 45, "answer": 35, "breakdown": 14, "level": 28,
             "count": 10, "base": 8, "percentage": 8}  # fmt: skip
    names, texts = survey.names_asked, spoken()
    order = {place: number for number, place in enumerate(names)}

    def place(row: Row) -> int:
        return order[row["edition_key"], row["question_key"]]

    rows = []
    for row in sorted(survey.results, key=place):
        if row["breakdown"] != Breakdown.TOTAL:
            figures = [row["selected_count"], row["base_count"], row["share"]]
            rows.append([
                survey.name(row["edition_key"]),
                names[row["edition_key"], row["question_key"]], row["option_label"],
                texts["breakdowns"][row["breakdown"]], row["level"],
                *([texts.say("site", "withheld"), None, None] if row["suppression"] else figures),
            ])  # fmt: skip
    _fill_list(sheet, heads, rows, shares=(8,))


def _fill_rates(sheet: Worksheet, survey: Survey, rates: list[Row]) -> None:
    """Write who took part, by size and by province."""
    heads = {"edition": 10, "breakdown": 14, "level": 28, "took_part": 12, "frame": 12, "rate": 12}
    texts = spoken()
    total = texts["breakdowns"][Breakdown.TOTAL]
    rows = [
        [survey.name(row["edition_key"]), texts["breakdowns"][row["breakdown"]],
         total if row["breakdown"] == Breakdown.TOTAL else row["level"],
         row["participating_count"], row["frame_count"], row["response_rate"]]
        for row in rates
    ]  # fmt: skip
    _fill_list(sheet, heads, rows, shares=(6,))


def _fill_list(
    sheet: Worksheet, heads: dict[str, int], rows: list[list[Any]], shares: tuple[int, ...]
) -> None:
    """Write a list to filter: `heads` with their widths; `shares` are the columns of percents."""
    for column, (head, width) in enumerate(heads.items(), start=1):
        _put(sheet, 1, column, _say(head), BOLD)
        sheet.cell(1, column).fill = HEADER
        sheet.cell(1, column).alignment = WRAPPED
        sheet.column_dimensions[to_column_letter(column)].width = width
    for number, row in enumerate(rows, start=2):
        for column, cell in enumerate(row, start=1):
            _put(sheet, number, column, cell)
            if isinstance(cell, str):
                sheet.cell(number, column).alignment = WRAPPED
        for column in shares:
            sheet.cell(number, column).number_format = "0%"
    sheet.freeze_panes, sheet.print_title_rows = "C2", "1:1"
    sheet.auto_filter.ref = sheet.dimensions
    _fit_page(sheet)


def _list_contents(book: openpyxl.Workbook) -> None:
    """Put a link to every sheet below the notes of the first."""
    first = book.worksheets[0]
    row = first.max_row + 2
    lists = {_say(name) for name in ("evolution", "breakdowns", "response")}
    _put(first, row, 1, _say("contents"), BOLD)
    for sheet in book.worksheets[1:]:
        row += 1
        title = sheet.title if sheet.title in lists else f"{sheet.title}: {sheet['A1'].value}"
        _put(first, row, 1, title)
        cell = first.cell(row, 1)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{sheet.title}'!A1")
        cell.style = "Hyperlink"


def _fill_header(sheet: Worksheet, survey: Survey, part: Row) -> None:
    _put(sheet, 1, 1, f"{part['part']}. {part['label']}", TITLE)
    column = 2
    for edition in survey.editions:
        name = edition["edition_name"]
        if edition["is_synthetic"]:
            name = _say("synthetic", name)
        _put(sheet, 1, column, name, BOLD)
        for base in survey.bases:
            _put(sheet, 2, column, spoken()["bases"][base].capitalize(), BOLD)
            for measure in MEASURES:
                _put(sheet, 3, column, _say(measure), BOLD)
                sheet.cell(3, column).alignment = Alignment(horizontal="right")
                column += 1
    for row in range(1, HEADER_ROWS + 1):
        for number in range(1, column):
            sheet.cell(row, number).fill = HEADER
    sheet.column_dimensions["A"].width = 50
    for number in range(2, column):
        sheet.column_dimensions[to_column_letter(number)].width = NUMBER_WIDTH
    sheet.freeze_panes = f"B{HEADER_ROWS + 1}"
    sheet.print_title_rows = f"1:{HEADER_ROWS}"
    _fit_page(sheet)


def _fill_question(
    sheet: Worksheet, survey: Survey, results: dict[Any, Row], key: str, row: int
) -> int:
    """Write one table from a row on, and return where the next one begins."""
    instances = [q for q in survey.questions if q["question_key"] == key]
    parent = next((q for q in survey.questions if q["question_key"] ==
                   instances[0]["parent_question_key"]), None)  # fmt: skip
    title = instances[-1]["wording"]
    _put(sheet, row, 1, f"{parent['wording']} – {title}" if parent else title, TITLE)
    for note in _list_notes(survey, instances, key):
        row += 1
        _put(sheet, row, 1, note, Font(italic=True, color="555555"))
        sheet.cell(row, 1).alignment = Alignment(wrap_text=False)
    first = row + 1
    labels = {
        label["option_key"]: label["label"]
        for label in survey.option_labels
        if label["option_key"].rsplit(".", 1)[0] == key
    }
    for option, label in labels.items():
        row += 1
        _put(sheet, row, 1, label)
        for number, edition in enumerate(survey.editions):
            for place, base in enumerate(survey.bases):
                figure = results.get((edition["edition_key"], option, base))
                _fill_figure(
                    sheet, row, 2 + _width(survey) * number + len(MEASURES) * place, figure
                )
    base = survey.bases[-1]
    counts = {
        edition["edition_key"]: [
            figure["base_count"] for option in labels
            if (figure := results.get((edition["edition_key"], option, base)))
            and figure["base_count"] is not None
        ]
        for edition in survey.editions
    }  # fmt: skip
    most = {edition: max(found) for edition, found in counts.items() if found}
    height = _add_chart(sheet, survey, key, most, (first, row))
    return row + round(height / ROW_HEIGHT) + 3


def _list_notes(survey: Survey, instances: list[Row], key: str) -> list[str]:
    asked = [
        _say(
            "asked",
            survey.name(q["edition_key"]),
            q["number"],
            survey.routing.describe(q["edition_key"], key),
        )
        for q in instances
    ]
    texts = spoken()
    told = "; ".join(
        f"{survey.name(pair['from_edition_key'])} → {survey.name(pair['to_edition_key'])} "
        + say_verdict(texts, pair)
        for pair in survey.compare(key)
    )
    return [*asked, *([_say("comparable", told)] if told else [])]


def _fill_figure(sheet: Worksheet, row: int, column: int, figure: Row | None) -> None:
    if figure is None:
        return
    if figure["suppression"]:
        _put(sheet, row, column, spoken().say("site", "withheld"))
        return
    font = Font(italic=True) if figure["is_indicative"] else None
    for offset, name in enumerate(("selected_count", "share", "base_count")):
        _put(sheet, row, column + offset, figure[name], font)
    sheet.cell(row, column + 1).number_format = "0%"


def _width(survey: Survey) -> int:
    """Return how many columns an edition has."""
    return len(MEASURES) * len(survey.bases)


def _add_chart(
    sheet: Worksheet, survey: Survey, key: str, counts: dict[int, int], rows: tuple[int, int]
) -> float:
    """Put a bar chart of the last base below the table, a series per edition; return its height.

    A series says how many answered, by edition in `counts`, and whether it may be held against the
    last.
    """
    chart, (first, last) = BarChart(), rows
    chart.type, chart.style = "bar", 10
    chart.title = spoken().say("site", f"of_{survey.bases[-1]}")
    verdicts = {pair["from_edition_key"]: say_verdict(spoken(), pair)
                for pair in survey.compare(key)
                if pair["to_edition_key"] == survey.editions[-1]["edition_key"]}  # fmt: skip
    for number, edition in enumerate(survey.editions):
        if edition["edition_key"] not in counts:
            continue
        column = 3 + _width(survey) * number + len(MEASURES) * (len(survey.bases) - 1)
        chart.add_data(Reference(sheet, min_col=column, min_row=first, max_row=last))
        told = [f"N = {counts[edition['edition_key']]}"]
        if edition["edition_key"] in verdicts:
            told.append(verdicts[edition["edition_key"]])
        chart.series[-1].tx = SeriesLabel(v=f"{edition['edition_name']} ({', '.join(told)})")
    if not chart.series:
        return 0
    chart.set_categories(Reference(sheet, min_col=1, min_row=first, max_row=last))
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, 1
    chart.y_axis.numFmt = NumFmt("0%", sourceLinked=False)
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.tickLblSkip = 1
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.dataLabels = DataLabelList(
        showVal=True, showSerName=False, showCatName=False, showLegendKey=False, numFmt="0%"
    )
    chart.height = AROUND + BAR * (last - first + 1) * (len(chart.series) + 1)
    chart.width = 20
    chart.legend = Legend()
    chart.legend.position = "b"
    # Below the table: a page is as wide as that.
    sheet.add_chart(chart, f"A{last + 1}")
    return float(chart.height)


def _fit_page(sheet: Worksheet) -> None:
    """Print a sheet as wide as a page, on its side."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _put(
    sheet: Worksheet, row: int, column: int, value: str | float | None, font: Font | None = None
) -> None:
    cell = sheet.cell(row, column, value)
    if isinstance(value, str):
        # A label that begins with "=" is a text, and stays one.
        cell.data_type = "s"
    if font is not None:
        cell.font = font
