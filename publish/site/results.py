"""Pages with the figures of one part of the questionnaire in one edition."""

import csv
import io

from markupsafe import Markup

from ingest.shared.csv_files import guard
from publish.charts import draw_stacks
from publish.describing import describe_breakdowns, draw_results, group, summarise, tell_base
from publish.reading import Row
from publish.site.context import Site, say_scale
from vocabulary.lists import Base, Breakdown

CSV_COLUMNS = (
    "edition_key",
    "question_key",
    "option_key",
    "option_label",
    "base",
    "breakdown",
    "level",
    "selected_count",
    "base_count",
    "percentage",
    "low",
    "high",
    "share_weighted",
    "weighted_low",
    "weighted_high",
    "suppression",
)


def describe_results(site: Site, edition: int, question: Row) -> Row:
    """Return what a page says of one question in one edition, and write its table as a file."""
    key = question["question_key"]
    items = site.survey.list_items(edition, key) or [question]
    tables = [_describe_table(site, edition, item) for item in items]
    is_matrix = question["has_rows"]
    _write_csv(site, edition, key, items)
    return {
        "key": key,
        "label": question["wording"],
        "number": question["number"],
        "universe": site.survey.routing.describe(edition, key),
        "is_matrix": is_matrix,
        "tables": tables,
        "chart": Markup(_draw_matrix(site, tables) if is_matrix else draw_results(tables[0])),  # noqa: S704
        "csv": f"data/{edition}-{key}.csv",
        "words": [row["label"] for table in tables for row in table["rows"]],
        "summary": summarise(tables),
    }


def _describe_table(site: Site, edition: int, question: Row) -> Row:
    """Return one table: a row per option, with both bases and the breakdowns."""
    cells = site.results[edition, question["question_key"]]
    total = [row for row in cells if row["breakdown"] == Breakdown.TOTAL]
    rows = [
        {"label": bases[0]["option_label"], "is_missing": bases[0]["is_missing"]}
        | {row["base"]: row for row in bases}
        for bases in group(total, "option_key").values()
    ]
    counts = {
        base: None
        if any(r[base]["suppression"] for r in rows)
        else max((r[base]["base_count"] for r in rows), default=0)
        for base in site.survey.bases
    }
    return {
        "label": question["wording"],
        "key": question["question_key"],
        "rows": rows,
        "counts": counts,
        "has_option_bases": any(
            len({r[base]["base_count"] for r in rows}) > 1 for base in site.survey.bases
        ),
        "is_indicative": any(r[base]["is_indicative"] for r in rows for base in site.survey.bases),
        "breakdowns": describe_breakdowns(cells),
        "scale": [
            say_scale(site.texts, scale) for scale in site.scales[edition, question["question_key"]]
        ],
        "is_weighted": any(
            r[base]["share_weighted"] is not None for r in rows for base in site.survey.bases
        ),
    }


def _draw_matrix(site: Site, tables: list[Row]) -> str:
    """Return the chart of a matrix, a bar for each of its rows."""
    rows = [
        {
            "label": table["label"] + tell_base(table),
            "option": row["label"],
            "percentage": 100 * (row[Base.RESPONDENTS]["share"] or 0),
        }
        for table in tables
        for row in table["rows"]
    ]
    options = [row["label"] for row in tables[0]["rows"]]
    undecided = [row["label"] for row in tables[0]["rows"] if row["is_missing"]]
    return draw_stacks(rows, options, undecided, site.texts.say("site", "of_respondents"))


def _write_csv(site: Site, edition: int, key: str, items: list[Row]) -> None:
    """Write the table behind a chart, as Excel opens it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for item in items:
        for row in site.results[edition, item["question_key"]]:
            cells = ("" if row[name] is None else row[name] for name in CSV_COLUMNS)
            writer.writerow(guard(str(cell)) for cell in cells)
    path = site.folder / f"data/{edition}-{key}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.getvalue(), encoding="utf-8-sig")
