"""Charts: their specifications are Vega-Lite's, whatever draws them."""

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
    specified.append(
        specify_choices([{**SHARES[0], "edition": "2025"}], {"edition": ("Editie", ["2025"])},
                        {"label": "Antwoord"}, "%")
    )  # fmt: skip
    assert len(specified) == 4
    for spec in specified:
        alt.LayerChart.from_dict(spec, validate=True)


def test_schema_would_find_a_fault(specified):
    draw_shares(SHARES, "%")
    specified[0]["layer"][0]["encoding"]["x"]["scael"] = 1
    with pytest.raises(Exception, match="scael"):
        alt.LayerChart.from_dict(specified[0], validate=True)
