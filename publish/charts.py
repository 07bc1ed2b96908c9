"""Charts as SVG, drawn by Vega-Lite without a network; colours that the colour-blind tell apart."""

import re
from collections.abc import Sequence
from typing import Any

import altair as alt
import vl_convert

# Okabe and Ito's palette, which the colour-blind tell apart; and Brewer's blues, light to dark.
SERIES = ["#0072b2", "#d55e00", "#009e73", "#cc79a7"]
STEPS = ["#c6dbef", "#9ecae1", "#6baed6", "#3182bd", "#08519c"]
UNDECIDED = "#bdbdbd"
TEXT = "#1a1a1a"
WIDTH = 360
LABEL_WIDTH = 380
# Text is measured as narrower than browsers draw it.
PADDING = {"left": 48, "right": 48, "top": 5, "bottom": 5}

_ROLES = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')

Row = dict[str, Any]


def draw_bars(rows: Sequence[Row], series: list[str], title: str) -> str:
    """Return bars of `percentage` per `label`, one for each of the series, with their `text`."""
    base = alt.Chart(alt.InlineData(values=list(rows))).encode(
        y=_label_axis(),
        yOffset=alt.YOffset("series:N", sort=series),
        x=_percentage_axis(title),
    )
    bars = base.mark_bar().encode(color=_series_color(series))
    texts = base.mark_text(align="left", dx=4, color=TEXT).encode(text="text:N")
    return _draw(bars + texts, alt.Step(15 if len(series) > 1 else 22))


def draw_stacks(rows: Sequence[Row], options: list[str], undecided: list[str], title: str) -> str:
    """Return one bar per `label` divided over its options, by `percentage`."""
    scale = [option for option in options if option not in undecided]
    step = (len(STEPS) - 1) / max(len(scale) - 1, 1)
    colors = {option: STEPS[round(number * step)] for number, option in enumerate(scale)}
    palette = [colors.get(option, UNDECIDED) for option in options]
    order = {option: number for number, option in enumerate(options)}
    values = [{**row, "order": order[row["option"]]} for row in rows]
    chart = (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar(stroke="white")
        .encode(
            y=_label_axis(),
            x=_percentage_axis(title),
            color=alt.Color(
                "option:N",
                scale=alt.Scale(domain=options, range=palette),
                legend=alt.Legend(title=None, orient="top", labelLimit=0, columns=2),
            ),
            order="order:Q",
        )
    )
    return _draw(chart, alt.Step(22))


def draw_intervals(rows: Sequence[Row], series: list[str], title: str) -> str:
    """Return points of `percentage` per `label` and series, each from `low` to `high`."""
    base = alt.Chart(alt.InlineData(values=list(rows))).encode(
        y=_label_axis(), yOffset=alt.YOffset("series:N", sort=series), color=_series_color(series)
    )
    lines = base.mark_rule(strokeWidth=2).encode(
        x=alt.X("low:Q", scale=alt.Scale(domain=[0, 100])), x2="high:Q"
    )
    points = base.mark_point(filled=True, size=60, opacity=1).encode(
        x=_percentage_axis(title), shape=alt.Shape("series:N", sort=series, legend=None)
    )
    return _draw(lines + points, alt.Step(13))


def draw_tiles(rows: Sequence[Row], states: list[str]) -> str:
    """Return a square per municipality at its `x` and `y` within its `group`, by `state`."""
    squares = (
        alt.Chart()
        .mark_square(size=190, opacity=1)
        .encode(
            x=alt.X("x:O", axis=None),
            y=alt.Y("y:O", axis=None),
            color=alt.Color(
                "state:N",
                scale=alt.Scale(domain=states, range=[SERIES[0], "#dddddd"]),
                legend=alt.Legend(title=None, orient="top", labelLimit=0),
            ),
        )
        .properties(width=alt.Step(17), height=alt.Step(17))
    )
    chart = alt.layer(squares, data=alt.InlineData(values=list(rows))).facet(
        facet=alt.Facet("group:N", title=None, header=alt.Header(labelFontSize=13)), columns=3
    )
    return _to_svg(chart.resolve_scale(x="independent", y="independent"))


def _label_axis() -> alt.Y:
    axis = alt.Axis(labelLimit=LABEL_WIDTH, labelPadding=8, title=None, ticks=False, domain=False)
    return alt.Y("label:N", sort=None, axis=axis)


def _percentage_axis(title: str) -> alt.X:
    axis = alt.Axis(title=title, values=[0, 25, 50, 75, 100], format=".0f")
    return alt.X("percentage:Q", scale=alt.Scale(domain=[0, 100]), axis=axis)


def _series_color(series: list[str]) -> alt.Color:
    legend = alt.Legend(title=None, orient="top", labelLimit=0) if len(series) > 1 else None
    scale = alt.Scale(domain=series, range=SERIES[: len(series)])
    return alt.Color("series:N", scale=scale, legend=legend)


def _draw(chart: alt.LayerChart | alt.Chart, height: alt.Step) -> str:
    return _to_svg(chart.properties(width=WIDTH, height=height))


def _to_svg(chart: Any) -> str:  # noqa: ANN401 - every kind of chart
    chart = chart.configure(
        aria=False, font="sans-serif", background="white", padding=PADDING
    ).configure_axis(
        labelColor=TEXT, titleColor=TEXT, labelFontSize=12, titleFontSize=12, titleFontWeight=400
    )
    chart = chart.configure_legend(
        labelColor=TEXT, labelFontSize=12, columnPadding=32
    ).configure_view(stroke=None)
    svg = vl_convert.vegalite_to_svg(chart.to_dict())
    # It is a picture with one text alternative, not a document of its own.
    return _ROLES.sub("", svg).replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
