"""Shares of one edition with their intervals, as they are and weighted to the frame."""

import duckdb
import numpy as np
import pandas as pd

from figures.shares import estimate, make_total
from figures.weights import weigh
from vocabulary.lists import Base

CELL = ["edition_key", "base", "question_key", "option_key"]


def estimate_levels(
    units: duckdb.DuckDBPyRelation,
    bases: duckdb.DuckDBPyRelation,
    strata: duckdb.DuckDBPyRelation,
) -> pd.DataFrame:
    """Return a row per edition, base and option of `int_units`: intervals, and weighted shares.

    `bases` is `int_question_bases`, `strata` is `int_strata`. Respondents are not weighted.
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
    classes = strata.df().pivot(index="edition_key", columns="size_position")
    order = sorted({position for _, position in classes.columns})
    frame, took_part = (
        classes[name]
        .reindex(columns=order)
        .fillna(0)
        .reindex(result["edition_key"])
        .to_numpy(float)
        for name in ("frame_count", "participating_count")
    )
    place = np.searchsorted(order, rows["size_position"].to_numpy())
    by_class = np.zeros((2, count, len(order)))
    for side, values in enumerate((selected, counts)):
        np.add.at(by_class[side], (table, place), values)
    weighted = weigh(by_class[0], by_class[1], frame, took_part, answering)
    for name, values in {
        "share_weighted": weighted.share,
        "weighted_low": weighted.low,
        "weighted_high": weighted.high,
        "design_effect": weighted.design_effect,
        "effective_base": weighted.effective_base,
    }.items():
        result[name] = np.where(is_municipal, values, np.nan)
    return result
