"""Changes between two editions, with what chance alone could have made of them.

The two shares are those of `figures.shares`. Municipalities that took part both times tie them
together; the covariance of overlapping samples is that of Tam (1984, The American Statistician 38,
288-289), and where there is no overlap to estimate it from, the largest that it can be. The
interval of a change follows from the Wilson intervals of the two shares by square-and-add for
dependent estimates (Zou and Donner 2008, Statistics in Medicine 27, 1693-1702); its p-value is the
level at which that interval just touches zero, so that the two never disagree.

A panel is a sample of its own, without correction; for municipalities it is paired: McNemar's
mid-p test (Fagerland, Lydersen and Laake 2013, BMC Med. Res. Methodol. 13, 91), and the interval
of Newcombe (1998, Statistics in Medicine 17, 2635-2650, method 10). With too few municipalities
on a side, or with either answer, there is no interval.

Among many changes some look real by chance: `q_value` is the share of such among all with a
p-value as small (Benjamini and Hochberg 1995, J. R. Stat. Soc. B 57, 289-300).
"""

import duckdb
import numpy as np
import pandas as pd

# Not `scipy.stats`, nor statsmodels: importing those takes longer than all there is to compute.
from scipy import special

from figures.shares import Flags, Places, Shares, Total, Values, estimate, find_wilson, make_total
from vocabulary.lists import Base, Population
from vocabulary.thresholds import CONFIDENCE_Z, MINIMUM_CLUSTERS

CELL = [
    *("from_edition_key", "to_edition_key", "population", "base"),
    *("from_question_key", "question_key", "option_key"),
]
# Halvings of the normal quantile between 0 and HIGHEST_Z, at which the interval touches zero.
HALVINGS = 60
HIGHEST_Z = 40.0


def compare_clusters(
    clusters: duckdb.DuckDBPyRelation, bases: duckdb.DuckDBPyRelation
) -> pd.DataFrame:
    """Return the changes of `int_clusters_compared`, given `int_question_bases`."""
    shares = bases.project("edition_key, question_key, sampled_share").df()
    # In one order, so that sums are the same in every build.
    return compare_shares(
        clusters.order("all").df(),
        shares.set_index(["edition_key", "question_key"])["sampled_share"],
    )


def compare_shares(clusters: pd.DataFrame, sampled_shares: "pd.Series[float]") -> pd.DataFrame:
    """Return one row per cell: shares, base counts, change, interval, p-value and correlation.

    `clusters` has a row per cell and municipality with the selected and all units of both
    sides; `sampled_shares` the part of those who could have answered that did, by edition and
    question.
    """
    cells = clusters.groupby(CELL, sort=True)
    table = cells.ngroup().to_numpy()
    result: pd.DataFrame = cells.size().reset_index()[CELL]
    total = make_total(table, cells.ngroups)
    is_panel = (result["population"] == Population.PANEL).to_numpy()
    is_municipal = (result["base"] == Base.MUNICIPALITIES).to_numpy()
    is_paired = is_panel & is_municipal
    sides = {}
    for side in ("from", "to"):
        selected = clusters[f"{side}_selected_count"].to_numpy(float)
        units = clusters[f"{side}_unit_count"].to_numpy(float)
        asked = "from_question_key" if side == "from" else "question_key"
        places = pd.MultiIndex.from_frame(result[[f"{side}_edition_key", asked]])
        fraction = sampled_shares.reindex(places).to_numpy(float)
        # A panel is a sample of its own; how many colleagues there are is not known.
        own = np.where(is_panel | ~is_municipal, 0.0, fraction)
        sides[side] = estimate(selected, units, own, table, total)
    start, end = sides["from"], sides["to"]
    pairs = _count_pairs(clusters, total)
    correlation = _find_correlation(start, end, is_panel, table, total)
    correlation = np.where(is_paired, _find_phi(*pairs), correlation)
    change = end.share - start.share
    low, high = _find_interval(start, end, correlation, CONFIDENCE_Z)
    p_value = np.where(is_paired, _test_pairs(pairs[1], pairs[2]), _invert(start, end, correlation))
    is_known = _has_enough(clusters, start, end, total)
    for side, described in sides.items():
        result[f"{side}_selected_count"] = described.selected.astype(int)
        result[f"{side}_base_count"] = described.units.astype(int)
        result[f"{side}_share"] = described.share
    result["overlap_count"] = total(start.present & end.present).astype(int)
    result["change"] = change
    result["change_low"] = np.where(is_known, low, np.nan)
    result["change_high"] = np.where(is_known, high, np.nan)
    result["p_value"] = np.where(is_known, p_value, np.nan)
    result["correlation"] = correlation
    return result


def _has_enough(clusters: pd.DataFrame, start: Shares, end: Shares, total: Total) -> Flags:
    """Whether enough municipalities stand on each side, and with each of the two answers."""
    selected = (clusters["from_selected_count"] + clusters["to_selected_count"]).to_numpy()
    units = (clusters["from_unit_count"] + clusters["to_unit_count"]).to_numpy()
    counts = [start.cluster_count, end.cluster_count, total(selected > 0), total(units > selected)]
    enough: Flags = np.minimum.reduce(counts) >= MINIMUM_CLUSTERS
    return enough


def _find_interval(
    start: Shares, end: Shares, correlation: Values, z: Values | float
) -> tuple[Values, Values]:
    """Square and add: the interval of a change, from those of its two shares at a quantile."""
    with np.errstate(divide="ignore", invalid="ignore"):
        (start_low, start_high), (end_low, end_high) = (
            find_wilson(side.share, side.size, z) for side in (start, end)
        )
        below = _square_and_add(end.share - end_low, start_high - start.share, correlation)
        above = _square_and_add(end_high - end.share, start.share - start_low, correlation)
        change = end.share - start.share
        return change - below, change + above


def _invert(start: Shares, end: Shares, correlation: Values) -> Values:
    """Return the two-sided p-value at whose level the interval of a change touches zero."""
    change = end.share - start.share
    inside, outside = np.zeros_like(change), np.full_like(change, HIGHEST_Z)
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2
        low, high = _find_interval(start, end, correlation, middle)
        excludes = np.where(change > 0, low > 0, high < 0)
        inside, outside = np.where(excludes, middle, inside), np.where(excludes, outside, middle)
    p_value: Values = 2 * special.ndtr(-inside)
    return p_value


def _find_correlation(
    start: Shares, end: Shares, is_panel: Flags, table: Places, total: Total
) -> Values:
    """Return how the two shares hang together, by the municipalities that are in both."""
    overlap = start.present & end.present
    with np.errstate(divide="ignore", invalid="ignore"):
        overlap_count = total(overlap)
        means = [total(side.residual * overlap) / overlap_count for side in (start, end)]
        product = (start.residual - means[0][table]) * (end.residual - means[1][table])
        # Nothing to see it from: the most that it can be, which makes the interval wider.
        most = np.sqrt(
            total(start.residual**2)
            / (start.cluster_count - 1)
            * total(end.residual**2)
            / (end.cluster_count - 1)
        )
        between = np.where(overlap_count > 1, total(product * overlap) / (overlap_count - 1), most)
        sizes = start.cluster_count * end.cluster_count
        population = np.sqrt(sizes / (start.fraction * end.fraction))
        weight = overlap_count / sizes - np.where(is_panel, 0.0, 1 / population)
        spread = np.sqrt(start.variance * end.variance)
        correlation: Values = np.where(spread > 0, np.clip(weight * between / spread, -1, 1), 0.0)
    return correlation


def _count_pairs(clusters: pd.DataFrame, total: Total) -> tuple[Values, Values, Values, Values]:
    """Municipalities that kept, dropped, adopted and never chose the option, per cell."""
    before = (clusters["from_selected_count"] > 0).to_numpy()
    after = (clusters["to_selected_count"] > 0).to_numpy()
    both = ((clusters["from_unit_count"] > 0) & (clusters["to_unit_count"] > 0)).to_numpy()
    return (
        total(before & after & both),
        total(before & ~after & both),
        total(~before & after & both),
        total(~before & ~after & both),
    )


def _find_phi(kept: Values, dropped: Values, adopted: Values, never: Values) -> Values:
    """Newcombe's phi: the correlation of a paired table, positive ones corrected for continuity."""
    count = kept + dropped + adopted + never
    excess = kept * never - dropped * adopted
    excess = np.where(excess > 0, np.maximum(excess - count / 2, 0), excess)
    margins = (kept + dropped) * (adopted + never) * (kept + adopted) * (dropped + never)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(margins > 0, excess / np.sqrt(margins), 0.0)


def _square_and_add(first: Values, second: Values, correlation: Values) -> Values:
    return np.sqrt(np.maximum(first**2 - 2 * correlation * first * second + second**2, 0))


def _test_pairs(dropped: Values, adopted: Values) -> Values:
    """McNemar's mid-p: the binomial test of the pairs that changed, half of what was seen."""
    changed, fewer = dropped + adopted, np.minimum(dropped, adopted)
    below = special.bdtr(fewer, changed, 0.5)
    seen = below - np.where(fewer > 0, special.bdtr(fewer - 1, changed, 0.5), 0.0)
    p_value: Values = np.minimum(1.0, 2 * below - seen)
    return p_value
