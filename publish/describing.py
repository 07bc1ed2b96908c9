"""What a page says of the rows of the warehouse, before it is laid out."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeAlias

from publish.reading import Row
from publish.speaking import say_reasons, spoken
from vocabulary.lists import Base, Breakdown, Comparability, Population, Reason, Verdict
from vocabulary.rounding import round_half_up
from vocabulary.texts import Texts, capitalize_first
from vocabulary.thresholds import CONFIDENCE, FEW_BASE_COUNT

# How many of the shares of a chart are told to who cannot see it.
TOLD = 3
# Stands behind a percentage or a mean that is indicative.
INDICATIVE = "*"


def list_bars(table: Row, base: str, marks: dict[str, Row]) -> list[Row]:
    """Return the bars of one question on one base, the largest first unless they have an order.

    `marks` has the comparison with the edition before, by option.
    """
    texts = _speak()
    rows = [row for row in table["rows"] if row[base]["share"] is not None]
    if not table["is_ordered"]:
        rows.sort(key=lambda row: (row["is_missing"], -row[base]["share"]))
    return [
        {"label": row["label"], **point(row[base]), **_mark(marks.get(row["option_key"])),
         "text": say_share_of(texts, row[base])}
        for row in rows
    ]  # fmt: skip


def _mark(comparison: Row | None) -> Row:
    """Return where the edition before stood, and whether the two may be compared."""
    if comparison is None or comparison["from_share"] is None:
        return {"mark": None, "is_comparable": False}
    is_comparable = comparison["comparability"] != Comparability.NOT_COMPARABLE
    return {"mark": 100 * comparison["from_share"], "is_comparable": is_comparable}


def summarise(tables: list[Row], base: str) -> str:
    """Return what a chart on a base shows, for who cannot see it: the largest of its shares."""
    texts, parts = _speak(), []
    for table in tables:
        rows = [row for row in table["rows"] if row[base]["percentage"] is not None]
        rows.sort(key=lambda row: -row[base]["percentage"])
        told = [f"{row['label']} {say_share(texts, row[base])}" for row in rows[:TOLD]]
        if len(table["rows"]) > TOLD:
            told.append(texts.say("site", "further_answers", len(table["rows"]) - TOLD))
        if rows:
            name = f"{table['label']}: " if len(tables) > 1 else ""
            parts.append(f"{name}{', '.join(told)}{tell_base(table, base)}")
    if not parts:
        return texts.say("site", "no_figures")
    return f"{texts.say('site', f'of_{base}')}: {'; '.join(parts)}"


def say_share(texts: Texts, cell: Row) -> str:
    """Return a share in whole percents, or what stands for it."""
    return say_instead(texts, cell) or f"{cell['percentage']}%"


def say_share_of(texts: Texts, cell: Row) -> str:
    """Return a share with the counts that it is of, or what stands for it."""
    counts = (cell[name] for name in ("percentage", "selected_count", "base_count"))
    return say_instead(texts, cell) or texts.say("site", "share_of", *counts)


def say_instead(texts: Texts, cell: Row) -> str | None:
    """Return what stands for a percentage that is not shown; None where it is.

    It is withheld, of nobody, or of so few that their counts are given.
    """
    if cell["suppression"]:
        return texts.say("site", "withheld")
    if not cell["base_count"]:
        return "–"
    if cell["base_count"] < FEW_BASE_COUNT:
        return texts.say("site", "part_of_whole", cell["selected_count"], cell["base_count"])
    return None


def has_few(pair: Row) -> bool:
    """Whether one side of a comparison is of so few that it is told in counts."""
    return any((pair[f"{side}_base_count"] or 0) < FEW_BASE_COUNT for side in ("from", "to"))


def list_sides(pair: Row) -> list[Row]:
    """Return the two sides of a comparison that is not withheld, as the cells of a table are."""
    return [
        {"suppression": None, "base_count": base, "selected_count": round((share or 0) * base),
         "percentage": round_half_up(100 * (share or 0))}
        for side in ("from", "to")
        for share, base in [(pair[f"{side}_share"], pair[f"{side}_base_count"] or 0)]
    ]  # fmt: skip


def say_shares(texts: Texts, pair: Row) -> str:
    """Return the two sides of a comparison, as percentages or in counts."""
    sides = list_sides(pair)
    if not has_few(pair):
        return texts.say(
            "page", "from_share_to_share", *(f"{side['percentage']}%" for side in sides)
        )
    counts = (side[name] for side in sides for name in ("selected_count", "base_count"))
    return texts.say("page", "counts_then", *counts)


def say_caution(texts: Texts, pair: Row) -> str:
    """Return why a change is to be read with care, or is none; nothing where all is plain."""
    if pair["suppression"]:
        return ""
    reasons = pair["reasons"]
    is_shared = pair["population"] == Population.COMMON_BASE
    if pair["comparability"] == Comparability.COMPARABLE and not is_shared:
        # That somebody found the questions the same is nothing to take care of.
        reasons = [part for part in reasons if part["code"] != Reason.REVIEWED]
    whom = texts["populations"][Population.COMMON_BASE] + ": " if is_shared else ""
    return capitalize_first(whom) + say_reasons(reasons)


def lasts(row: Row) -> bool:
    """Whether a change outlasts a correction for how many were tested."""
    return row["q_value"] is not None and bool(row["q_value"] <= 1 - CONFIDENCE)


def pair(cell: Row) -> tuple[int, int]:
    """Return which two editions a comparison is of."""
    return cell["from_edition_key"], cell["to_edition_key"]


def tell_base(table: Row, base: str = Base.RESPONDENTS) -> str:
    """Return the N of a table for a label; that it is withheld, where it is."""
    count = table["counts"][base]
    return (
        _speak().say("site", "base_is_withheld")
        if count is None
        else _speak().say("site", "base_is", count)
    )


def tell_inside(cell: Row) -> str:
    """Return what stands within a part of a bar: its percentage, unless it is of so few."""
    is_told = cell["base_count"] is not None and cell["base_count"] >= FEW_BASE_COUNT
    return str(cell["percentage"]) if is_told else ""


def point(cell: Row) -> dict[str, float]:
    """Return where a figure stands in a chart, and how far chance could move it."""
    return {"percentage": 100 * cell["share"], "low": cell["low"], "high": cell["high"]}


def describe_breakdowns(cells: list[Row]) -> list[Row]:
    """Return a small table per breakdown: options by level, in municipalities."""
    tables = []
    found = group(cells, "breakdown")
    for kind in Breakdown:
        own = found.get((kind,))
        if own and kind != Breakdown.TOTAL:
            places = {row["level"]: (row["level_position"], row["level"]) for row in own}
            rows = {
                option: {row["level"]: row for row in cells}
                for (option,), cells in group(own, "option_label").items()
            }
            levels = sorted(places, key=lambda level: places[level])
            tables.append({"kind": kind, "levels": levels, "rows": rows})
    return tables


Told: TypeAlias = list[tuple[str, str, str]]


def collect_reasons(rows: list[Row], name: Callable[[int], str]) -> Told:
    """Return why something cannot be compared, each reason once, with the options it is of."""
    return _collect(
        rows,
        name,
        lambda cell: cell["is_main"] and cell["verdict"] == Verdict.NOT_COMPARABLE,
    )


def collect_cautions(rows: list[Row], name: Callable[[int], str]) -> Told:
    """Return with what in mind something can be compared, likewise."""
    return _collect(rows, name, lambda cell: cell["comparability"] == Comparability.WITH_CAUTION)


def _collect(rows: list[Row], name: Callable[[int], str], is_told: Callable[[Row], bool]) -> Told:
    reasons: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows:
        for cell in filter(is_told, row["pairs"]):
            editions = f"{name(cell['from_edition_key'])} → {name(cell['to_edition_key'])}"
            if cell["population"] == Population.PANEL:
                editions += f" ({_speak()['populations'][Population.PANEL]})"
            reasons[editions, say_reasons(cell["reasons"])].append(row["label"])
    return [
        (pair, reason, "" if len(set(labels)) == len(rows) else ", ".join(dict.fromkeys(labels)))
        for (pair, reason), labels in sorted(reasons.items())
    ]


def _speak() -> Texts:
    return spoken()


def group(rows: list[Row], *names: str) -> dict[tuple[Any, ...], list[Row]]:
    """Return rows by the values of some columns."""
    grouped: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        grouped[tuple(row[name] for name in names)].append(row)
    return grouped
