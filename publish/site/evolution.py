"""Pages with the editions of one question side by side."""

from collections import defaultdict

from markupsafe import Markup

from publish.charts import Heading, draw_intervals
from publish.describing import collect_cautions, collect_reasons, group, pair, point
from publish.reading import Row
from publish.site.context import Site
from publish.site.taking import take_along
from publish.speaking import say_reasons
from vocabulary.lists import Breakdown, Change, Comparability, Population, Verdict
from vocabulary.rounding import round_half_up
from vocabulary.thresholds import CONFIDENCE

# The files that are taken along, and their columns by what the workbook calls them.
FILE = "evolutie"
TAKEN = (
    *("answer", "from", "to", "population", "was", "from_base", "is", "to_base"),
    *("change", "low", "high", "verdict", "reason"),
)
SIDES = ("from_share", "from_base_count", "to_share", "to_base_count")
POINTS = ("change", "change_low", "change_high")


def describe_evolution(site: Site, question: Row) -> Row:
    """Return one question's editions side by side, and every comparison of two of them."""
    key = question["question_key"]
    editions = [edition["edition_key"] for edition in site.survey.editions]
    asked = [edition for edition in editions if (edition, key) in site.asked]
    options = group(site.evolution[key,], "option_key")
    rows = _list_rows(site, key, asked, options)
    for row in rows:
        # What to go by, and the same respondents' units where they can be held against each other.
        row["shown"] = sorted(
            (cell for cell in row["pairs"] if cell["is_main"] or (
                cell["population"] == Population.PANEL and not cell["suppression"]
                and cell["verdict"] != Verdict.NOT_COMPARABLE)),
            key=lambda cell: (*pair(cell)[::-1], not cell["is_main"]),
        )  # fmt: skip
    _take_along(site, question, rows, asked)
    return {
        "key": key,
        "file": f"data/{FILE}-{key}",
        "name": site.name(question),
        "label": question["wording"],
        "asked": asked,
        "pairs": sorted({pair(cell) for row in rows for cell in row["pairs"]}),
        "rows": rows,
        "reasons": collect_reasons(rows, site.survey.name),
        "cautions": collect_cautions(rows, site.survey.name),
        "panel": site.transitions[key,],
        "labels": {option: cells[-1]["label"] for (option,), cells in options.items()},
        "chart": Markup(_draw(site, rows, asked)),  # noqa: S704
        "words": [row["label"] for row in rows],
        "verdicts": site.survey.compare(key),
    }


def _take_along(site: Site, question: Row, rows: list[Row], asked: list[int]) -> None:
    """Write the chart and the changes of a question as files."""
    say, texts = site.texts.say, site.texts
    base = texts["bases"][site.survey.bases[-1]]
    lines = [", ".join(site.survey.name(edition) for edition in asked), site.survey.texts["title"],
             say("page", "evolution_caption", base[:1].upper() + base[1:])]  # fmt: skip
    if any(row["is_synthetic"] for row in site.survey.editions if row["edition_key"] in asked):
        lines.append(say("page", "not_real"))
    chart = _draw(site, rows, asked, Heading(site.name(question), tuple(lines)))
    cells = []
    for row in rows:
        for cell in row["shown"]:
            points = [None if cell[name] is None else 100 * cell[name] for name in POINTS]
            sides = [None if cell[name] is None else cell[name] if name.endswith("count")
                     else 100 * cell[name] for name in SIDES]  # fmt: skip
            verdict = texts["verdicts"].get(cell["verdict"], say("site", "withheld"))
            cells.append([
                row["label"], *map(site.survey.name, pair(cell)),
                texts["populations"][cell["population"]], *sides, *points, verdict,
                say_reasons(cell["reasons"]),
            ])  # fmt: skip
    take_along(
        site, f"data/{FILE}-{question['question_key']}", chart,
        [say("workbook", name) for name in TAKEN], cells,
    )  # fmt: skip


def _draw(site: Site, rows: list[Row], asked: list[int], heading: Heading | None = None) -> str:
    """Return the editions of each option under each other, hollow where the last cannot be met."""
    points = [
        {
            "label": row["label"],
            "series": site.survey.name(edition),
            "is_comparable": edition == asked[-1] or _is_comparable(row, edition, asked[-1]),
            **point(cell),
        }
        for row in rows
        for edition, (*_, cell) in zip(asked, row["editions"], strict=True)
        if cell is not None and cell["share"] is not None
    ]
    # Where others are asked now, the figure that an edition before can be held against.
    shared = [
        {"label": row["label"], "percentage": 100 * cell["to_share"], "low": 100 * cell["to_share"],
         "high": 100 * cell["to_share"], "is_comparable": True,
         "series": site.texts.say("page", "on_base_of", site.survey.name(asked[-1]),
                                  site.survey.name(cell["from_edition_key"]))}
        for row in rows
        for cell in row["pairs"]
        if cell["to_edition_key"] == asked[-1] and cell["is_main"] and cell["to_share"] is not None
        and cell["population"] == Population.COMMON_BASE
    ]  # fmt: skip
    points += shared
    series = [site.survey.name(edition) for edition in asked]
    series += dict.fromkeys(point["series"] for point in shared)
    axis = site.texts.say("site", f"of_{site.survey.bases[-1]}")
    return draw_intervals(points, series, axis, heading)


def _is_comparable(row: Row, edition: int, last: int) -> bool:
    """Whether all who answered an option in two editions can be held against each other."""
    return any(
        cell["comparability"] != Comparability.NOT_COMPARABLE
        for cell in row["pairs"]
        if pair(cell) == (edition, last) and cell["population"] == Population.CROSS_SECTION
    )


def list_movements(site: Site) -> list[Row]:
    """Return what became of every answer, by its verdict, for each pair of editions that compares.

    The last pair comes first, then since the first edition. A comparison that is withheld is in no
    list.
    """
    editions = [edition["edition_key"] for edition in site.survey.editions]
    moved = _list_moved(site)
    pairs = sorted(count_by_chance(site).items(), key=lambda told: told[0][::-1], reverse=True)
    since_first = (editions[0], editions[-1])
    pairs.sort(key=lambda told: (told[0][1] != editions[-1], told[0] == since_first))
    return [
        {"from": first, "to": last, "count": count, "verdicts": moved[first, last]}
        for (first, last), count in pairs
    ]


def _list_moved(site: Site) -> dict[tuple[int, int], dict[str, list[Row]]]:
    """Return the answers of two editions by what became of them; what lasts stands first."""
    found: dict[tuple[int, int], dict[str, list[Row]]] = defaultdict(
        lambda: {verdict: [] for verdict in Verdict}
    )
    compared = {question["question_key"] for question in site.list_compared()}
    parts = {part["part"]: part["label"] for part in site.survey.parts}
    for (key,), rows in site.evolution.items():
        for row in rows:
            is_shown = row["is_main"] and row["base"] == site.survey.bases[-1]
            if is_shown and row["verdict"] is not None:
                first, last = pair(row)
                asked = site.asked.get((last, key)) or site.asked[first, key]
                found[first, last][row["verdict"]].append(
                    row | {"name": site.name(asked), "part": parts[asked["part"]],
                           "lasts": _lasts(row), "page": asked["parent_question_key"] or key,
                           "anchor": f"evolutie-{key}" if key in compared else "vraag"}
                )  # fmt: skip
    for verdicts in found.values():
        for verdict in (Verdict.INCREASE, Verdict.DECREASE):
            verdicts[verdict].sort(key=lambda row: (not row["lasts"], -abs(row["change"])))
    return found


def _lasts(row: Row) -> bool:
    """Whether a change outlasts a correction for how many were tested."""
    return row["q_value"] is not None and bool(row["q_value"] <= 1 - CONFIDENCE)


def describe_changes(site: Site) -> list[Row]:
    """Return what changed in the questionnaire, without new numbers: where, from what, to what."""
    told = []
    for row in site.survey.changes:
        key, first, last = (row[name] for name in
                            ("question_key", "from_edition_key", "to_edition_key"))  # fmt: skip
        asked = site.asked.get((last, key)) or site.asked.get((first, key))
        if row["change"] != Change.RENUMBERED:
            values = dict(zip(("from_value", "to_value"), _tell_change(site, row), strict=True))
            told.append(row | values | {"name": site.name(asked) if asked else key})
    return told


def describe_headlines(site: Site) -> list[Row]:
    """Return each headline: its figure in every edition, and every change of it."""
    changes = group(site.survey.evolution, "option_key", "base", "is_main")
    return [
        {
            "label": figures[0]["label"],
            "page": figures[-1]["question_key"].partition(".")[0] + ".html#antwoord-" + option,
            "figures": figures,
            "changes": changes[option, site.survey.bases[-1], True],
        }
        for (option,), figures in group(site.survey.headlines, "option_key").items()
    ]


def count_by_chance(site: Site) -> dict[tuple[int, int], dict[str, int]]:
    """Return per pair how many changes were tested, look real, and would by chance alone."""
    counts: dict[tuple[int, int], dict[str, int]] = {}
    main = site.survey.bases[-1]
    for rows in site.evolution.values():
        for row in rows:
            tested = counts.setdefault(
                (row["from_edition_key"], row["to_edition_key"]),
                {"tested": 0, "found": 0, "lasting": 0},
            )
            if (row["base"], row["population"]) == (main, Population.CROSS_SECTION):
                tested["tested"] += row["p_value"] is not None
                is_found = row["verdict"] in (Verdict.INCREASE, Verdict.DECREASE)
                tested["found"] += is_found
                tested["lasting"] += is_found and _lasts(row)
    return {
        pair: {**count, "chance": round_half_up((1 - CONFIDENCE) * count["tested"])}
        for pair, count in counts.items()
    }


def _tell_change(site: Site, change: Row) -> tuple[str | None, str | None]:
    sides = ("from", "to")
    if change["change"] == Change.ROUTING_CHANGED:
        describe = site.survey.routing.describe
        first, second = (
            site.texts.say("site", "asked_of", describe(change[f"{side}_edition_key"], key))
            for side in sides
            for key in [change["question_key"]]
        )
        return first, second
    if change["change"] == Change.REQUIRED_CHANGED:
        first, second = (
            site.texts.say("site", "required" if change[f"{side}_value"] == "true" else "optional")
            for side in sides
        )
        return first, second
    return change["from_value"], change["to_value"]


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
    return [
        {
            "key": option,
            "label": cells[-1]["label"],
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
