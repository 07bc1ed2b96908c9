"""Charts as SVG, drawn by Vega-Lite without a network; colours that the colour-blind tell apart.

A label stands above its bar, so that a chart is as wide as a telephone and grows with its page;
text takes the colour of the page, light or dark. Rows with a `group` stand together under it.
"""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import vl_convert
from altair.utils.schemapi import disable_debug_mode

# Okabe and Ito's palette, which the colour-blind tell apart; and Brewer's blues, light to dark.
SERIES = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#f0e442", "#7f7f7f"]
STEPS = ["#c6dbef", "#9ecae1", "#6baed6", "#3182bd", "#08519c"]
BAR, UNDECIDED = "#4292c6", "#bdbdbd"
# Grey, to be seen on light and on dark, and to be read across.
TEXT, GRID = "#1a1a1a", "#8884"
WIDTH, LABEL_LETTERS, LINE, BAR_HEIGHT = 340, 44, 14, 11
SHORT, PALE = 10, 0.4
# On these white is read better than black; and how much of a bar has room for a number.
DARK, ROOM = ("#0072b2", "#08519c"), 7.5
PADDING = {"left": 12, "right": 12, "top": 5, "bottom": 5}

# What its rows are called within a chart, and what each of its layers says for itself.
DATA, OF_LAYER = "rows", ("mark", "encoding", "transform")
# Lines of a name are kept apart by what no name has in it.
GROUPS = {
    "field": "group", "type": "nominal", "title": None,
    "header": {
        "labelOrient": "top", "labelAnchor": "start", "labelAngle": 0, "labelFontSize": 12,
        "labelFontWeight": 700, "labelColor": TEXT, "labelLimit": 0, "labelPadding": 0,
        "labelExpr": "split(datum.label, '\\n')",
    },
}  # fmt: skip
CONFIG = {
    "aria": False,
    "font": "sans-serif",
    "axis": {
        "labelColor": TEXT, "titleColor": TEXT, "labelFontSize": 11, "titleFontSize": 11,
        "titleFontWeight": 400, "gridColor": GRID,
    },
    "legend": {"labelColor": TEXT, "labelFontSize": 12},
    "view": {"stroke": None},
}  # fmt: skip

# Every part of every chart would be held to the schema as it is made: a test does so for the whole.
disable_debug_mode()

# The size of most letters is that of the whole, once.
SIZE = ' font-size="11px"'

_ROLES = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
# What Vega writes into every element and no page needs: names for scripts, what is the default, and
# shapes without a size.
_EMPTY = re.compile(
    r'<path class="(?:background|foreground)"(?: aria-hidden="true")? d="(?:M0,0h0v0h0Z)?"[^>]*/>'
    r'| (?:class|pointer-events|font-family|version|xmlns:xlink)="[^"]*"'
    r'| (?:opacity|stroke-width|stroke-opacity|fill-opacity)="1"'
    r'| transform="translate\(0,0\)"| text-anchor="start"| font-weight="400"| y2="0"'
)
_DECIMALS = re.compile(r"(\d+\.\d)\d+")

Row = dict[str, Any]


@dataclass(frozen=True)
class Heading:
    """What stands above a chart that leaves its page: title, base and source; or nothing at all."""

    title: str
    lines: tuple[str, ...]


def draw_shares(rows: Sequence[Row], title: str, heading: Heading | None = None) -> str:
    """Return a bar of `percentage` per `label`, with its `text` and, if known, `low` to `high`.

    `mark` is where another edition stood: filled where the two may be compared, else hollow.
    """
    values, lines = _prepare(rows)
    chart = _begin()
    height = lines * LINE + 2 * BAR_HEIGHT
    layers = _bar(chart, rows, height, title)
    for is_comparable in (True, False):
        if any(row.get("mark") is not None and row["is_comparable"] == is_comparable
               for row in rows):  # fmt: skip
            layers.append(
                chart.transform_filter(
                    f"isValid(datum.mark) && datum.is_comparable == {str(is_comparable).lower()}"
                )
                .mark_point(shape="diamond", size=55, filled=is_comparable, color=SERIES[1],
                            yOffset=-BAR_HEIGHT, opacity=1)
                .encode(x=alt.X("mark:Q", scale=_SCALE))
            )  # fmt: skip
    return _draw(layers, values, height, heading)


def specify_choices(
    rows: Sequence[Row], choices: dict[str, tuple[str, list[str]]], told: dict[str, str], title: str
) -> Row:
    """Return the specification of a chart as `draw_shares` gives, of the rows that are chosen.

    A choice is a column with its name and values, of which the first holds at first; `told` are the
    columns with their names that a bar tells under the pointer.
    """
    values, lines = _prepare(rows)
    chart = _begin().encode(tooltip=[alt.Tooltip(f"{name}:N", title=words)
                                     for name, words in told.items()])  # fmt: skip
    for name in choices:
        chart = chart.transform_filter(f"datum.{name} === chosen_{name}")
    height = lines * LINE + 2 * BAR_HEIGHT
    made = specify(_bar(chart, rows, height, title), values, height, None)
    # What has no bar keeps its place all the same.
    made["config"] = {**CONFIG, "mark": {"invalid": "show", "aria": False}}
    made["params"] = [
        {"name": f"chosen_{name}", "value": found[0],
         "bind": {"input": "select", "options": found, "name": f"{words} "}}
        for name, (words, found) in choices.items()
    ]  # fmt: skip
    return made


def _bar(chart: Any, rows: Sequence[Row], height: int, title: str) -> list[Any]:  # noqa: ANN401
    """Return the layers of a chart of bars with labels above them and intervals over them."""
    # A bar stands in the middle of its band, whatever its place in it.
    below = height / 2 - BAR_HEIGHT
    bars = chart.mark_bar(size=BAR_HEIGHT, color=BAR, yOffset=below).encode(
        x=_percentage_axis(title)
    )
    layers = [bars, *_label(chart, has_text=True)]
    if any(row.get("low") is not None for row in rows):
        layers.append(
            chart.transform_filter("isValid(datum.low)")
            .mark_rule(strokeWidth=1.5, color=TEXT, yOffset=-BAR_HEIGHT)
            .encode(x=alt.X("low:Q", scale=_SCALE), x2=alt.X2("high:Q"))
        )
    return layers


def draw_stacks(
    rows: Sequence[Row],
    options: list[str],
    undecided: list[str],
    title: str,
    *,
    is_ordered: bool,
    heading: Heading | None = None,
) -> str:
    """Return one bar per `label` divided over its options, by `percentage`, with its `text`.

    What is told `inside` of a part stands in it where there is room. Of an ordered scale the
    colours go from light to dark; others are only told apart. A bar that not `is_comparable` with
    the last of its `group` is pale.
    """
    scale = [option for option in options if option not in undecided]
    step = (len(STEPS) - 1) / max(len(scale) - 1, 1)
    colors = {
        option: STEPS[round(number * step)] if is_ordered else SERIES[number % len(SERIES)]
        for number, option in enumerate(scale)
    }
    palette = [colors.get(option, UNDECIDED) for option in options]
    order = {option: number for number, option in enumerate(options)}
    bars: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        bars.setdefault((row.get("group"), row["label"]), []).append(row)
    values, lines = _prepare([
        {"is_comparable": True, "inside": "", **row, "order": order[row["option"]],
         "is_first": row is bar[0], "ink": _choose_ink(row, palette[order[row["option"]]]),
         "middle": row["percentage"] / 2 + sum(one["percentage"] for one in bar
                                               if order[one["option"]] < order[row["option"]])}
        for bar in bars.values()
        for row in bar
    ])  # fmt: skip
    chart = _begin()
    height = lines * LINE + 2 * BAR_HEIGHT
    below = height / 2 - BAR_HEIGHT
    parts = chart.mark_bar(size=BAR_HEIGHT + 3, yOffset=below, stroke="white").encode(
        x=_percentage_axis(title),
        color=alt.Color(
            "option:N",
            scale=alt.Scale(domain=options, range=palette),
            legend=alt.Legend(
                title=None, orient="top", labelLimit=WIDTH, columns=1, symbolType="square"
            ),
        ),
        order=alt.Order("order:Q"),
        opacity=alt.condition("datum.is_comparable", alt.value(1), alt.value(PALE)),
    )
    inside = (
        chart.transform_filter(f"datum.inside && datum.percentage >= {ROOM}")
        .mark_text(yOffset=-BAR_HEIGHT)
        .encode(
            x=alt.X("middle:Q", scale=_SCALE), text=alt.Text("inside:N"),
            color=alt.Color("ink:N", scale=None),
        )
    )  # fmt: skip
    has_text = any(row.get("text") for row in rows)
    labels = _label(chart.transform_filter("datum.is_first"), has_text=has_text)
    return _draw([parts, inside, *labels], values, height, heading)


def _choose_ink(row: Row, color: str) -> str:
    """Return the colour of what is told on a part of a bar; of a pale one, that of its page."""
    if not row.get("is_comparable", True):
        return TEXT
    return "white" if color in DARK else "black"


def draw_intervals(
    rows: Sequence[Row], series: list[str], title: str, heading: Heading | None = None
) -> str:
    """Return points of `percentage` per `label` and series, each from `low` to `high`.

    What `is_comparable` is hollow, on a broken line, where it is not.
    """
    place = {name: number for number, name in enumerate(series)}
    values, lines = _prepare(rows)
    chart = _begin()
    layers: list[Any] = _label(
        chart.transform_filter(alt.FieldOneOfPredicate("series", series[-1:])), has_text=False
    )
    for name in series:
        offset = -BAR_HEIGHT * (len(series) - place[name] - 0.5)
        for is_comparable in (True, False):
            own = chart.transform_filter(
                f"datum.series == {name!r} && datum.is_comparable == {str(is_comparable).lower()}"
            ).encode(color=_series_color(series), y=_LABELS)
            layers.append(
                own.mark_rule(strokeWidth=2, strokeDash=[1, 0] if is_comparable else [3, 3],
                              yOffset=offset)
                .encode(x=alt.X("low:Q", scale=_SCALE), x2=alt.X2("high:Q"))
            )  # fmt: skip
            layers.append(
                own.mark_point(filled=is_comparable, size=50, opacity=1, yOffset=offset).encode(
                    x=_percentage_axis(title),
                    shape=alt.Shape("series:N", scale=alt.Scale(domain=series), legend=None),
                )
            )
    height = lines * LINE + (len(series) + 1) * BAR_HEIGHT
    return _draw(layers, values, height, heading)


def to_png(svg: str) -> bytes:
    """Return a chart as a picture for who cannot use SVG, twice as large as it is drawn."""
    return bytes(vl_convert.svg_to_png(svg, scale=2))


# What is given as a word or a number is looked up in the whole schema, at every chart.
_LEFT, _RIGHT = (alt.XValue(at) for at in (0, WIDTH))  # type: ignore[no-untyped-call]
_SCALE = alt.Scale(domain=[0, 100])
_BANDS = alt.Scale(paddingInner=0, paddingOuter=0)
_LABELS = alt.Y("label:N", sort=None, axis=None, bandPosition=1, scale=_BANDS)


def _prepare(rows: Sequence[Row]) -> tuple[list[Row], int]:
    """Return rows with their labels in lines, and of how many lines the longest label is."""
    labels = [textwrap.wrap(row["label"], LABEL_LETTERS) or [""] for row in rows]
    most = max(map(len, labels), default=1)
    # What is shorter stands next to its bar as well.
    values = [
        {**row, "lines": [""] * (most - len(label)) + label, "last": [""] * (most - 1)
         + [row.get("text", "")],
         "group": "\n".join(textwrap.wrap(row.get("group", ""), LABEL_LETTERS))}
        for row, label in zip(rows, labels, strict=True)
    ]  # fmt: skip
    return values, most


def _begin() -> Any:  # noqa: ANN401 - a chart of Altair
    # Altair copies a chart at every step: its rows are put in at the end.
    return alt.Chart(alt.NamedData(name=DATA)).encode(y=_LABELS)


def _label(chart: Any, *, has_text: bool) -> list[Any]:  # noqa: ANN401 - a chart of Altair
    top = alt.Y("label:N", sort=None, axis=None, bandPosition=0, scale=_BANDS)
    texts = [
        chart.mark_text(align="left", baseline="top", dy=3, lineHeight=LINE, color=TEXT).encode(
            text=alt.Text("lines:N"), x=_LEFT, y=top
        )
    ]
    if has_text:
        texts.append(
            chart.mark_text(
                align="right", baseline="top", dy=3, color=TEXT, fontWeight="bold", lineHeight=LINE
            ).encode(text=alt.Text("last:N"), x=_RIGHT, y=top)
        )
    return texts


def _percentage_axis(title: str) -> alt.X:
    axis = alt.Axis(title=title, values=[0, 25, 50, 75, 100], format=".0f", gridOpacity=0.5)
    return alt.X("percentage:Q", scale=_SCALE, axis=axis)


def _series_color(series: list[str]) -> alt.Color:
    legend = None
    if len(series) > 1:
        # Names that are short stand beside each other.
        columns = 1 if max(map(len, series)) > SHORT else len(series)
        legend = alt.Legend(title=None, orient="top", labelLimit=0, columns=columns)
    scale = alt.Scale(domain=series, range=SERIES[: len(series)])
    return alt.Color("series:N", scale=scale, legend=legend)


def _draw(layers: list[Any], values: list[Row], height: int, heading: Heading | None) -> str:
    """Return the picture of layers over the same rows, of which each label is `height` high."""
    drawn = specify(layers, values, height, heading)
    svg = _ROLES.sub("", vl_convert.vegalite_to_svg(drawn))
    if heading is not None:
        return svg
    # It is a picture with one text alternative, in the letters and colours of its page.
    plain = _DECIMALS.sub(r"\1", _EMPTY.sub("", svg)).replace(f' fill="{TEXT}"', "")
    plain = plain.replace(TEXT, "currentColor").replace(SIZE, "")
    return plain.replace("<svg ", f'<svg aria-hidden="true" focusable="false"{SIZE} ', 1)


def specify(layers: list[Any], values: list[Row], height: int, heading: Heading | None) -> Row:
    """Return layers as one specification of Vega-Lite.

    To put them together as a chart of Altair, or hold them to its schema, takes longer than to draw
    them: a test does the second.
    """
    made: Row = {
        "$schema": alt.SCHEMA_URL,
        "datasets": {DATA: values},
        "data": {"name": DATA},
        "layer": [
            {name: part for name, part in layer.to_dict(validate=False).items() if name in OF_LAYER}
            for layer in layers
        ],
        "width": WIDTH,
        "height": {"step": height},
        "padding": PADDING,
        "background": "transparent" if heading is None else "white",
        "config": CONFIG,
    }
    groups = list(dict.fromkeys(row["group"] for row in values))
    if any(groups):
        layer, own = made.pop("layer"), {name: made.pop(name) for name in ("width", "height")}
        made |= {"facet": {"row": {**GROUPS, "sort": groups}}, "spec": {"layer": layer, **own},
                 "spacing": 8, "resolve": {"scale": {"y": "independent"}}}  # fmt: skip
    if heading is not None and heading.title:
        words = [line for one in heading.lines for line in textwrap.wrap(one, 58)]
        made["title"] = {
            "text": textwrap.wrap(heading.title, 50), "subtitle": words, "anchor": "start",
            "fontSize": 13, "subtitleFontSize": 11, "frame": "group", "offset": 12,
        }  # fmt: skip
    return made
