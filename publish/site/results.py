"""The figures of one question in one edition: its chart, tables, and files to take along."""

from markupsafe import Markup

from publish.charts import Heading, draw_shares, draw_stacks
from publish.describing import (
    describe_breakdowns,
    group,
    list_bars,
    summarise,
    tell_base,
    tell_inside,
)
from publish.reading import Row
from publish.site.context import Site, say_mean, say_scale, say_yes, tell_stacks
from publish.site.taking import head, take_along
from vocabulary.lists import Breakdown, Population
from vocabulary.thresholds import FEW_BASE_COUNT

# The columns of a table that is taken along, by their names in the texts.
COLUMNS = (
    *("edition_key", "question_key", "question", "option_key", "option_label", "base", "breakdown"),
    "level",
    *("selected_count", "base_count", "percentage", "low", "high"),
    *("share_weighted", "weighted_low", "weighted_high", "suppression", "is_indicative"),
    "is_synthetic",
)
PER_HUNDRED = ("share_weighted", "weighted_low", "weighted_high")
SHARES = ("percentage", "low", "high", *PER_HUNDRED)


def describe_results(site: Site, edition: Row, question: Row) -> Row:
    """Return what is said of one question in one edition, and write its files."""
    block = describe_block(site, edition, question)
    block["chart"] = Markup(draw_block(site, block))  # noqa: S704
    _write_files(site, block)
    return block


def describe_block(site: Site, edition: Row, question: Row) -> Row:
    """Return what is known of one question in one edition: a table for each of its rows."""
    key, number = question["question_key"], edition["edition_key"]
    items = site.survey.list_items(number, key) or [question]
    tables = [describe_table(site, number, item) for item in items]
    return {
        "key": key,
        "edition": edition,
        "label": question["wording"],
        "number": question["number"],
        "universe": site.survey.routing.describe(number, key),
        "is_matrix": question["has_rows"],
        "takes_several": question["takes_several"],
        "tables": tables,
        "file": f"data/{number}-{key}",
        "words": [
            words
            for table in tables
            for words in (table["label"], *(row["label"] for row in table["rows"]))
        ],
        "summary": summarise(tables, site.survey.bases[-1]),
        "marks_mean": _tell_marks(site, question, tables),
    }


def _tell_marks(site: Site, question: Row, tables: list[Row]) -> str:
    """Return what lines over bars mean, and marks of an edition before; of a scale, its mean."""
    if question["has_rows"] and not question["takes_several"]:
        scales = [scale for table in tables for scale in table["scales"]]
        figures = [row[site.survey.bases[-1]] for table in tables for row in table["rows"]]
        return " ".join(tell_stacks(site.texts, scales, figures))
    told = [site.texts.say("page", "bar_means")]
    before = max((table["before"] or 0 for table in tables), default=0)
    if before:
        told.append(site.texts.say("page", "mark_means", site.survey.name(before)))
    return " ".join(told)


def describe_table(site: Site, edition: int, question: Row) -> Row:
    """Return one table: a row per option, with both bases and the breakdowns."""
    key = question["question_key"]
    cells = site.results[edition, key]
    total = [row for row in cells if row["breakdown"] == Breakdown.TOTAL]
    rows = [
        {name: bases[0][name] for name in ("option_key", "is_missing")}
        | {"label": bases[0]["option_label"]}
        | {row["base"]: row for row in bases}
        for bases in group(total, "option_key").values()
    ]
    bases = site.survey.bases
    counts = {
        base: None
        if any(r[base]["suppression"] for r in rows)
        else max((r[base]["base_count"] for r in rows), default=0)
        for base in bases
    }
    marks = _find_marks(site, edition, key)
    return {
        "label": question["wording"],
        "key": key,
        "rows": rows,
        "counts": counts,
        "marks": marks,
        "before": next(
            (row["from_edition_key"] for row in marks.values() if row["from_share"] is not None),
            None,
        ),
        "has_option_bases": any(len({r[base]["base_count"] for r in rows}) > 1 for base in bases),
        "is_indicative": any(r[base]["is_indicative"] for r in rows for base in bases),
        "breakdowns": describe_breakdowns(cells),
        "scales": site.scales[edition, key],
        "mean": say_mean(site, site.scales[edition, key], [row[bases[-1]] for row in rows]),
        "scale": [
            say_scale(site.texts, scale)
            for scale in site.scales[edition, key]
            if scale["base_count"] >= FEW_BASE_COUNT
        ],
        "is_ordered": question["is_ordered"],
        "is_weighted": any(
            r[base]["share_weighted"] is not None and r[base]["base_count"] >= FEW_BASE_COUNT
            for r in rows
            for base in bases
        ),
    }


def _find_marks(site: Site, edition: int, key: str) -> dict[str, Row]:
    """Return the comparison of each option with the last edition before that asked it."""
    rows = [
        row
        for row in site.evolution[key,]
        if row["to_edition_key"] == edition
        and row["base"] == site.survey.bases[-1]
        and row["population"] == Population.CROSS_SECTION
    ]
    last = max((row["from_edition_key"] for row in rows), default=None)
    return {row["option_key"]: row for row in rows if row["from_edition_key"] == last}


def draw_block(site: Site, block: Row, heading: Heading | None = None) -> str:
    """Return the chart of a question: bars with their intervals, or of a matrix a bar per row."""
    base = site.survey.bases[-1]
    axis = site.texts.say("site", f"of_{base}")
    tables = block["tables"]
    if not block["is_matrix"]:
        return draw_shares(list_bars(tables[0], base, tables[0]["marks"]), axis, heading)
    if block["takes_several"]:
        bars = [
            {"group": table["label"] + tell_base(table, base)} | bar
            for table in tables
            for bar in list_bars(table, base, table["marks"])
        ]
        return draw_shares(bars, axis, heading)
    rows = [
        {
            "label": table["label"] + tell_base(table, base),
            "text": table["mean"],
            "option": row["label"],
            "percentage": 100 * (row[base]["share"] or 0),
            "inside": tell_inside(row[base]),
        }
        for table in tables
        for row in table["rows"]
    ]
    options = [row["label"] for row in tables[0]["rows"]]
    undecided = [row["label"] for row in tables[0]["rows"] if row["is_missing"]]
    return draw_stacks(
        rows, options, undecided, axis, is_ordered=any(table["is_ordered"] for table in tables),
        heading=heading,
    )  # fmt: skip


def _write_files(site: Site, block: Row) -> None:
    """Write the chart with all that it needs without its page, and the table behind it."""
    edition, tables = block["edition"], block["tables"]
    base = site.texts["bases"][site.survey.bases[-1]]
    # Each row of a matrix has its own N beside it.
    count = "" if block["is_matrix"] else tell_base(tables[0], site.survey.bases[-1])
    heading = head(
        site, block["label"], f"{edition['label']}{count}, {base}", block["marks_mean"],
        editions=[edition["edition_key"]],
    )  # fmt: skip
    chart = draw_block(site, block, heading)
    rows = [row for table in tables for row in site.results[edition["edition_key"], table["key"]]]
    take_figures(site, block["file"], chart, rows)


def take_figures(site: Site, file: str, chart: str | None, rows: list[Row]) -> None:
    """Write figures of the release as they are taken along, with the chart of them if any."""
    cells = [[_tell(site, row, name) for name in COLUMNS] for row in rows]
    take_along(site, file, chart, [site.texts.say("table", name) for name in COLUMNS], cells)


def _tell(site: Site, row: Row, name: str) -> str | float | None:
    """Return a cell of a table that is taken along: codes in words."""
    if name == "question":
        return site.name(site.asked[row["edition_key"], row["question_key"]])
    value = row[name]
    if name in SHARES and (row["base_count"] or 0) < FEW_BASE_COUNT:
        # Of so few there are counts, as on the page.
        return None
    if name == "edition_key":
        return site.survey.name(value)
    if name == "level" and row["breakdown"] == Breakdown.TOTAL:
        return site.texts["breakdowns"][Breakdown.TOTAL]
    if name in PER_HUNDRED:
        return None if value is None else 100 * value
    if isinstance(value, bool):
        return say_yes(site.texts, value)
    lists = {"base": "bases", "breakdown": "breakdowns", "suppression": "suppressions"}
    return site.texts[lists[name]][value] if value is not None and name in lists else value
