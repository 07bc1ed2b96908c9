"""The editions of one question side by side: its picture, its changes, and files to take along."""

from collections.abc import Iterator
from functools import partial

from markupsafe import Markup

from publish.charts import Heading, draw_intervals, draw_stacks
from publish.describing import (
    collect_cautions,
    collect_reasons,
    group,
    has_few,
    lasts,
    list_sides,
    pair,
    point,
    tell_inside,
)
from publish.reading import Row
from publish.site.context import Site, say_mean, say_weighting, say_yes, tell_stacks
from publish.site.results import take_figures
from publish.site.taking import Cell, head, list_invented, take_along
from publish.speaking import say_change, say_reasons
from vocabulary.lists import Breakdown, Comparability, Population, Verdict
from vocabulary.texts import capitalize_first

# The files that are taken along, and their columns by what the workbook calls them.
FILE = "evolutie"
TAKEN = (
    *("question", "answer", "from", "to", "population"),
    *("from_count", "from_base", "to_count", "to_base", "was_percent", "is_percent"),
    *("change", "low", "high", "weighted", "verdict", "reason", "weighting", "lasts"),
)
SHARES = ("from_share", "to_share")
POINTS = ("change", "change_low", "change_high", "change_weighted")


def describe_evolution(site: Site, question: Row, items: list[Row]) -> Row | None:
    """Return the editions of a question side by side, or of each row of a matrix: one picture.

    None where no two editions asked it. The picture and the changes are written as files.
    """
    compared = {one["question_key"] for one in site.list_compared()}
    asked = [one for one in items or [question] if one["question_key"] in compared]
    if not asked:
        return None
    key, parts = question["question_key"], [_describe_part(site, one) for one in asked]
    editions = _list_asked(parts)
    are_stacks = bool(items) and not question["takes_several"]
    base = site.texts["bases"][site.survey.bases[-1]]
    caption = site.texts.say("page", "stacks_caption" if are_stacks else "evolution_caption",
                             capitalize_first(base))  # fmt: skip
    told = [caption, *(_tell_stacks(site, parts) if are_stacks else ())]
    told += (f"{site.survey.name(edition)}: {site.texts.say('page', 'asked_then', words)}"
             for edition in editions
             for words in [site.asked[edition, key]["wording"]]
             if words != question["wording"])  # fmt: skip
    whole: Row = {
        "label": question["wording"],
        "asked": editions,
        "parts": parts,
        "file": f"data/{FILE}-{key}",
        "shares_file": f"data/{FILE}-{key}-percentages",
        "caption": " ".join(told),
        "draw": partial(_draw_stacks if are_stacks else _draw_points, site, parts),
    }
    _take_along(site, whole)
    return whole | {"chart": Markup(whole["draw"]())}  # noqa: S704


def _describe_part(site: Site, question: Row) -> Row:
    """Return one question's editions side by side, and every comparison of two of them."""
    key = question["question_key"]
    editions = [edition["edition_key"] for edition in site.survey.editions]
    asked = [edition for edition in editions if (edition, key) in site.asked]
    options = group(site.evolution[key,], "option_key")
    rows = _list_rows(site, key, asked, options)
    return {
        "key": key,
        "points": _list_points(site, asked, rows),
        "name": site.name(question),
        "label": question["wording"],
        "is_ordered": question["is_ordered"],
        "asked": asked,
        "rows": rows,
        "reasons": collect_reasons(rows, site.survey.name),
        "cautions": collect_cautions(rows, site.survey.name),
        "panel": site.transitions[key,],
        "labels": {option: cells[-1]["label"] for (option,), cells in options.items()},
        "verdicts": site.survey.compare(key),
    }


def _take_along(site: Site, whole: Row) -> None:
    """Write the picture and the changes of a question as files."""
    editions = whole["asked"]
    heading = head(
        site, whole["label"], ", ".join(map(site.survey.name, editions)), whole["caption"],
        editions=editions,
    )  # fmt: skip
    cells = [
        tell_change(site, part["name"], row["label"], cell)
        for part in whole["parts"]
        for row in part["rows"]
        for cell in row["shown"]
    ]
    take_along(site, whole["file"], whole["draw"](heading), list_change_heads(site), cells)
    shares = [
        cell
        for part in whole["parts"]
        for edition in part["asked"]
        for cell in site.results[edition, part["key"]]
        if cell["breakdown"] == Breakdown.TOTAL
    ]
    take_figures(site, whole["shares_file"], None, shares)


def list_change_heads(site: Site) -> list[str]:
    """Return the heads over changes that are taken along."""
    say = site.texts.say
    own = (say("table", name) for name in ("is_indicative", "is_synthetic"))
    return [*(say("workbook", name) for name in TAKEN), *own]


def tell_change(site: Site, name: str, label: str, cell: Row) -> list[Cell]:
    """Return one change of an answer as it is taken along: shares and changes per hundred."""
    texts, is_withheld = site.texts, bool(cell["suppression"])
    # Of so few there are counts, as on the page.
    names = () if is_withheld or has_few(cell) else (*SHARES, *POINTS)
    numbers = {name: None if cell[name] is None else 100 * cell[name] for name in names}
    sides = [] if is_withheld else list_sides(cell)
    counts = [side[name] for side in sides for name in ("selected_count", "base_count")]
    return [
        name, label, *map(site.survey.name, pair(cell)), texts["populations"][cell["population"]],
        *(counts or [None] * 4), *map(numbers.get, (*SHARES, *POINTS)),
        say_change(texts, cell), say_reasons(cell["reasons"]),
        say_weighting(texts, cell), say_yes(texts, lasts(cell)),
        say_yes(texts, cell["is_indicative"]),
        say_yes(texts, list_invented(site).intersection(pair(cell))),
    ]  # fmt: skip


def _draw_points(site: Site, parts: list[Row], heading: Heading | None = None) -> str:
    """Return the editions of each option under each other, hollow where the last cannot be met."""
    points = [
        {**point(one["cell"]), **{name: one[name] for name in ("label", "series", "is_comparable")},
         "group": part["label"] if len(parts) > 1 else ""}
        for part in parts
        for one in part["points"]
    ]  # fmt: skip
    named = [site.survey.name(edition) for edition in _list_asked(parts)]
    series = [*named, *dict.fromkeys(one["series"] for one in points if one["series"] not in named)]
    return draw_intervals(points, series, _name_axis(site), heading)


def _draw_stacks(site: Site, parts: list[Row], heading: Heading | None = None) -> str:
    """Return a bar per row of a matrix and edition, pale where the last cannot be met."""
    rows: list[Row] = []
    options: dict[str, bool] = {}
    for part in parts:
        options |= {one["label"]: one["is_missing"] for one in part["points"]}
        for (series,), own in group(part["points"], "series").items():
            count = max(one["cell"]["base_count"] for one in own)
            means = site.scales[own[0]["edition"], part["key"]]
            bar = {
                "group": part["label"],
                "label": series + site.texts.say("site", "base_is", count),
                "text": say_mean(site, means, [one["cell"] for one in own if one["edition"]]),
                "is_comparable": all(one["is_comparable"] for one in own),
            }
            rows += (bar | {"option": one["label"], "percentage": 100 * one["cell"]["share"],
                             "inside": tell_inside(one["cell"])}
                     for one in own)  # fmt: skip
    undecided = [option for option, is_missing in options.items() if is_missing]
    is_ordered = any(part["is_ordered"] for part in parts)
    return draw_stacks(
        rows, list(options), undecided, _name_axis(site), is_ordered=is_ordered, heading=heading
    )


def _tell_stacks(site: Site, parts: list[Row]) -> Iterator[str]:
    """Yield what a picture of stacks cannot show: what is pale, indicative, or not in it."""
    say, missing = site.texts.say, []
    if not all(one["is_comparable"] for part in parts for one in part["points"]):
        yield say("page", "pale_means")
    scales = [scale for part in parts for edition in part["asked"]
              for scale in site.scales[edition, part["key"]]]  # fmt: skip
    figures = [one["cell"] for part in parts for one in part["points"] if one["edition"]]
    yield from tell_stacks(site.texts, scales, figures)
    for part in parts:
        absent = set(part["asked"]) - {one["edition"] for one in part["points"]}
        missing += [f"{part['label']} {site.survey.name(edition)}" for edition in sorted(absent)]
    if missing:
        yield say("page", "not_in_picture", ", ".join(missing))


def _list_asked(parts: list[Row]) -> list[int]:
    return sorted({edition for part in parts for edition in part["asked"]})


def _name_axis(site: Site) -> str:
    return site.texts.say("site", f"of_{site.survey.bases[-1]}")


def _list_points(site: Site, asked: list[int], rows: list[Row]) -> list[Row]:
    """Return the figures of a question by edition, and whether the last can be met.

    Where others are asked now, also the figure that an edition before can be held against.
    """
    last, found = asked[-1], []
    for row in rows:
        told = {"label": row["label"], "is_missing": row["is_missing"]}
        found += [
            told | {"series": site.survey.name(edition), "edition": edition, "cell": cell,
                    "is_comparable": edition == last or _is_comparable(row, edition, last)}
            for edition, (*_, cell) in zip(asked, row["editions"], strict=True)
            if cell is not None and cell["share"] is not None and cell["base_count"]
        ]  # fmt: skip
        for cell in row["pairs"]:
            if (
                cell["to_edition_key"] == last
                and cell["is_main"]
                and cell["to_share"] is not None
                and cell["population"] == Population.COMMON_BASE
            ):
                share, name = cell["to_share"], site.survey.name
                series = site.texts.say("page", "on_base_of", name(last),
                                        name(cell["from_edition_key"]))  # fmt: skip
                on_base = {"share": share, "low": 100 * share, "high": 100 * share,
                           "base_count": cell["to_base_count"]}  # fmt: skip
                found.append(told | {"series": series, "edition": None, "cell": on_base,
                                     "is_comparable": True})  # fmt: skip
    return sorted(found, key=lambda one: (one["edition"] is None, one["edition"]))


def _is_comparable(row: Row, edition: int, last: int) -> bool:
    """Whether all who answered an option in two editions can be held against each other."""
    return any(
        cell["comparability"] != Comparability.NOT_COMPARABLE
        for cell in row["pairs"]
        if pair(cell) == (edition, last) and cell["population"] == Population.CROSS_SECTION
    )


def _list_rows(
    site: Site, key: str, asked: list[int], options: dict[tuple[str, ...], list[Row]]
) -> list[Row]:
    """Return a row per option: its figures in each edition, and the comparisons of two."""
    results = {
        (edition, row["option_key"], row["base"]): row
        for edition in asked
        for row in site.results[edition, key]
        if row["breakdown"] == Breakdown.TOTAL
    }
    rows = [
        {
            "key": option,
            "label": cells[-1]["label"],
            "is_missing": cells[-1]["is_missing"],
            "editions": [
                [results.get((edition, option, base)) for base in site.survey.bases]
                for edition in asked
            ],
            "pairs": [
                cell
                for cell in cells
                if cell["base"] == site.survey.bases[-1] and cell["from_edition_key"] in asked
            ],
        }
        for (option,), cells in options.items()
    ]
    for row in rows:
        # What to go by, and the same respondents' units where they can be held against each other.
        row["shown"] = sorted(
            (cell for cell in row["pairs"] if cell["is_main"] or (
                cell["population"] == Population.PANEL and not cell["suppression"]
                and cell["verdict"] != Verdict.NOT_COMPARABLE)),
            key=lambda cell: (*pair(cell)[::-1], not cell["is_main"]),
        )  # fmt: skip
    return rows
