"""Shares of one edition with their intervals, as they are and weighted to the frame."""

import duckdb
import numpy as np
import pandas as pd

from figures.shares import Places, Total, Values, estimate, make_total
from figures.weights import WeightedShares, rake, weigh
from vocabulary.lists import Base

CELL = ["edition_key", "base", "question_key", "option_key"]
WEIGHTED = ("share_weighted", "weighted_low", "weighted_high", "share_raked")
COUNTS = ["frame_count", "participating_count"]


def estimate_levels(
    units: duckdb.DuckDBPyRelation,
    bases: duckdb.DuckDBPyRelation,
    strata: duckdb.DuckDBPyRelation,
) -> pd.DataFrame:
    """Return a row per edition, base and option of `int_units`: intervals, and weighted shares.

    `bases` is `int_question_bases`, `strata` is `int_strata`. Respondents are not weighted: theirs
    is the design effect of colleagues who answer alike.
    """
    # In one order, so that sums are the same in every build.
    rows = units.order("all").df()
    cells = rows.groupby(CELL, sort=True)
    table, count = cells.ngroup().to_numpy(), cells.ngroups
    result: pd.DataFrame = cells.size().reset_index()[CELL]
    keys = ["edition_key", "question_key"]
    known = bases.df().set_index(keys)
    places = pd.MultiIndex.from_frame(result[keys])
    answering = known["answering_share"].reindex(places).to_numpy(float)
    is_municipal = (result["base"] == Base.MUNICIPALITIES).to_numpy()
    # How many people work in the municipalities is not known: of them nothing is corrected for.
    fraction = np.where(is_municipal, known["sampled_share"].reindex(places).to_numpy(float), 0.0)
    selected = rows["selected_count"].to_numpy(float)
    counts = rows["unit_count"].to_numpy(float)
    shares = estimate(selected, counts, fraction, table, make_total(table, count))
    result["share_low"], result["share_high"] = shares.low, shares.high
    classes = strata.order("all").df()
    found = dict.fromkeys(WEIGHTED, np.full(count, np.nan))
    effective = np.full(count, np.nan)
    cost = np.full(count, np.nan)
    # Where respondents speak for themselves alone, there is no frame to weight to.
    if len(classes):
        weighted = _weigh_cells(rows, table, result, classes, answering)
        found = {"share_weighted": weighted.share, "weighted_low": weighted.low,
                 "weighted_high": weighted.high,
                 "share_raked": _rake_shares(rows, classes, make_total(table, count))}  # fmt: skip
        effective, cost = weighted.effective_base, weighted.design_effect
    for name, values in found.items():
        result[name] = np.where(is_municipal, values, np.nan)
    effective = np.where(is_municipal, effective, shares.size)
    result["design_effect"] = np.where(is_municipal, cost, shares.units / effective)
    result["effective_base"] = effective
    return result


def _weigh_cells(
    rows: pd.DataFrame,
    table: Places,
    cells: pd.DataFrame,
    classes: pd.DataFrame,
    answering: Values,
) -> WeightedShares:
    by_size = classes.groupby(["edition_key", "size_position"])[COUNTS].sum().unstack(fill_value=0)
    order = sorted(classes["size_position"].unique())
    frame, took_part = (
        by_size[name].reindex(cells["edition_key"]).to_numpy(float) for name in COUNTS
    )
    place = np.searchsorted(order, rows["size_position"].to_numpy())
    by_class = np.zeros((2, len(cells), len(order)))
    for side, name in enumerate(("selected_count", "unit_count")):
        np.add.at(by_class[side], (table, place), rows[name].to_numpy(float))
    return weigh(by_class[0], by_class[1], frame, took_part, answering)


def _rake_shares(rows: pd.DataFrame, classes: pd.DataFrame, total: Total) -> Values:
    """Return the shares weighted to size and province at once."""
    found = []
    for edition, own in classes.groupby("edition_key"):
        frame, took_part = (
            own.pivot_table(name, "size_position", "province", "sum", fill_value=0)
            for name in COUNTS
        )
        weights = rake(took_part.to_numpy(float), frame.to_numpy(float))
        known = pd.DataFrame(weights, frame.index, frame.columns).reset_index()
        known = known.melt("size_position", value_name="weight")
        found.append(known.assign(edition_key=edition))
    keys = ["edition_key", "size_position", "province"]
    weight = rows[keys].merge(pd.concat(found), how="left", on=keys)["weight"].to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        shares: Values = total(weight * rows["selected_count"].to_numpy()) / total(
            weight * rows["unit_count"].to_numpy()
        )
    return shares
