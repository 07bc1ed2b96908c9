"""Charts: their specifications are Vega-Lite's, whatever draws them."""

import re

import altair as alt
import pytest

from publish import charts
from publish.charts import (
    Heading,
    draw_intervals,
    draw_shares,
    draw_stacks,
    specify_choices,
)

SHARES = [
    {"label": "Ja", "percentage": 60, "low": 45, "high": 73, "text": "60%", "mark": 50,
     "is_comparable": True},
    {"label": "Neen", "percentage": 40, "low": 27, "high": 55, "text": "40%", "mark": 50,
     "is_comparable": False},
]  # fmt: skip
POINTS = [row | {"series": "2025"} for row in SHARES]
STACKS = [{"label": "Rij", "option": row["label"], "percentage": row["percentage"]}
          for row in SHARES]  # fmt: skip
PAIRS = [
    {**row, "group": group, "label": edition, "text": mean, "is_comparable": edition == "2027"}
    for group in ("Werk", "Rust")
    for edition, mean in (("2025", "3,2"), ("2027", "3,9"))
    for row in STACKS
]


@pytest.fixture
def specified(monkeypatch):
    """What was given to be drawn."""
    given = []

    def keep(spec):
        given.append(spec)
        return "<svg ></svg>"

    monkeypatch.setattr(charts.vl_convert, "vegalite_to_svg", keep)
    return given


def test_charts_are_as_the_schema_of_vega_lite_says(specified):
    heading = Heading("Werkt u eraan?", ("2025 (N = 10)", "Bron"))
    draw_shares(SHARES, "%", heading)
    draw_stacks(STACKS, ["Ja", "Neen"], ["Neen"], "%", is_ordered=True)
    draw_intervals(POINTS, ["2025"], "%")
    draw_stacks(PAIRS, ["Ja", "Neen"], [], "%", is_ordered=True)
    specified.append(
        specify_choices([{**SHARES[0], "edition": "2025"}], {"edition": ("Editie", ["2025"])},
                        {"label": "Antwoord"}, "%")
    )  # fmt: skip
    assert len(specified) == 5
    for spec in specified:
        kind = alt.FacetChart if "facet" in spec else alt.LayerChart
        kind.from_dict(spec, validate=True)


def test_bars_stand_under_their_group_with_their_mean_and_pale_where_not_to_be_met():
    svg = draw_stacks(PAIRS, ["Ja", "Neen"], [], "%", is_ordered=True)
    texts = re.findall(r"<text[^>]*>([^<]+)</text>", svg)
    told = [text for text in texts if text in {"Werk", "Rust", "2025", "2027", "3,2", "3,9"}]
    assert [text for text in told if text in {"Werk", "Rust"}] == ["Werk", "Rust"]
    assert sorted(told) == sorted(["Werk", "Rust", *["2025", "2027", "3,2", "3,9"] * 2])
    # Of two rows, two answers of the first edition.
    assert svg.count(f'opacity="{charts.PALE}"') == 4


def test_number_stands_in_the_middle_of_its_part_where_there_is_room():
    parts = [("Ja", 60.0), ("Neen", 35.0), ("Geen", 5.0)]
    rows = [{"label": "Rij", "option": option, "percentage": share, "inside": f"{share:.0f}"}
            for option, share in parts]  # fmt: skip
    svg = draw_stacks(rows, [option for option, _ in parts], [], "%", is_ordered=False)
    inside = re.findall(r'translate\(([\d.]+),\d+\)" fill="(\w+)">(\d+)</text>', svg)
    # 30% and 77.5% of 340 px; white on the blue of the first, black on the second's orange.
    assert inside == [("102", "white", "60"), ("263.5", "black", "35")]
    rows = [row | {"is_comparable": False} for row in rows]
    assert 'fill="white"' not in draw_stacks(
        rows, ["Ja", "Neen", "Geen"], [], "%", is_ordered=False
    )


def test_schema_would_find_a_fault(specified):
    draw_shares(SHARES, "%")
    specified[0]["layer"][0]["encoding"]["x"]["scael"] = 1
    with pytest.raises(Exception, match="scael"):
        alt.LayerChart.from_dict(specified[0], validate=True)
