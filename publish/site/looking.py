"""The chart that readers change themselves: an edition, a row of a matrix, who answered.

It is a specification of Vega-Lite in a script of its own, loaded when somebody asks for it; only
what may be published is in it.
"""

import json
from itertools import product
from pathlib import Path

import vl_convert

from publish.charts import specify_choices
from publish.describing import say_instead
from publish.reading import Row
from publish.site.context import Site
from vocabulary.lists import Breakdown
from vocabulary.rounding import round_half_up

RUNTIME = "assets/vega.js"


def write_runtime(folder: Path) -> None:
    """Write what draws the charts, Vega with Vega-Lite, as one classic script."""
    bundle = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    # Its names are its own.
    (folder / RUNTIME).write_text(f"(() => {{{bundle}}})();\n", encoding="utf-8")


def write_look(site: Site, key: str, blocks: list[Row]) -> str | None:
    """Write the chart of a question, as `describe_block` tells of it, in all editions.

    Returns its file; None where there is nothing to choose.
    """
    say = site.texts.say
    # A row is called as it was last.
    labels = {table["key"]: table["label"] for block in blocks for table in block["tables"]}
    cells = [
        (block, labels[table["key"]], cell)
        for block in reversed(blocks)
        for table in block["tables"]
        for cell in site.results[block["edition"]["edition_key"], table["key"]]
        if not (block["is_matrix"] and cell["breakdown"] != Breakdown.TOTAL)
    ]
    cells.sort(key=lambda told: _place_who(site, told[-1]))
    rows = [_describe(site, *told) for told in cells]
    names = {
        "edition": say("page", "edition"),
        "row": say("page", "row"),
        "who": say("page", "who"),
    }
    choices = {
        name: found
        for name in names
        if (name != "row" or any(block["is_matrix"] for block in blocks))
        and len(found := list(dict.fromkeys(row[name] for row in rows))) > 1
    }
    if not choices:
        return None
    shown = {tuple(row[name] for name in choices) for row in rows}
    empty = [chosen for chosen in product(*choices.values()) if chosen not in shown]
    rows += [{**dict(zip(choices, chosen, strict=True)), "label": say("site", "no_figures"),
              "text": ""} for chosen in empty]  # fmt: skip
    spoken = {"label": say("page", "answer"), "text": "%", "interval": say("page", "interval")}
    chart = specify_choices(
        rows,
        {name: (names[name], found) for name, found in choices.items()},
        spoken,
        "%",
    )
    path = f"data/{key}.js"
    content = json.dumps(chart, ensure_ascii=False, separators=(",", ":"))
    (site.folder / path).write_text(
        f"(window.charts ??= {{}})[{json.dumps(key)}] = {content};\n", encoding="utf-8"
    )
    return path


def _place_who(site: Site, cell: Row) -> tuple[int, int, int, str]:
    """Return where those whom a figure is of stand in the list to choose from."""
    base, kind = site.survey.bases.index(cell["base"]), [*Breakdown].index(cell["breakdown"])
    return -base, kind, cell["level_position"], cell["level"] or ""


def _describe(site: Site, block: Row, label: str, cell: Row) -> Row:
    """Return one bar: what it is of, its share where it is shown as one, and its words."""
    say = site.texts.say
    base, kind = site.texts["bases"][cell["base"]], cell["breakdown"]
    row = {
        "edition": block["edition"]["edition_name"],
        "row": label,
        "who": base if kind == Breakdown.TOTAL else f"{base}: {cell['level']}",
        "label": cell["option_label"],
    }  # fmt: skip
    if instead := say_instead(site.texts, cell):
        share = {"percentage": 100 * cell["share"]} if cell["share"] is not None else {}
        return row | {"text": instead, **share}
    counts = (cell["percentage"], cell["selected_count"], cell["base_count"])
    mark = "*" if cell["is_indicative"] else ""
    row |= {"text": say("site", "share_of", *counts) + mark,
            "percentage": 100 * cell["share"]}  # fmt: skip
    if cell["low"] is None:
        return row
    ends = (f"{round_half_up(cell[end])}%" for end in ("low", "high"))
    return row | {"low": cell["low"], "high": cell["high"],
                  "interval": say("page", "from_to", *ends)}  # fmt: skip
