"""Changes between two editions, with what chance alone could have made of them.

Municipalities are the clusters (Särndal, Swensson and Wretman 1992, Model Assisted Survey
Sampling, section 5.6: the linearised variance of a ratio), drawn without replacement from the
frame, so that the variance of a share shrinks by 1 - f. Municipalities that took part both times
tie the two shares together; the covariance of overlapping samples is that of Tam (1984, The
American Statistician 38, 288-289). The interval of a change follows from the Wilson intervals of
the two shares, at the sample size at which simple random sampling would have their variance, by
square-and-add for dependent estimates (Zou and Donner 2008, Statistics in Medicine 27,
1693-1702).

A panel is a sample of its own, without correction; for municipalities it is paired: McNemar's
exact test, and the interval of Newcombe (1998, Statistics in Medicine 17, 2635-2650, method 10).
With too few municipalities on a side there is no interval; where one side is unanimous
its variance cannot be estimated, and the z-test has no p-value.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

# Not `scipy.stats`, nor statsmodels: importing those takes longer than all there is to compute.
from scipy import special

from vocabulary.lists import Base, Population
from vocabulary.thresholds import CONFIDENCE_Z, MINIMUM_CLUSTERS

CELL = ["from_edition_key", "to_edition_key", "population", "base", "question_key", "option_key"]

Values: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Places: TypeAlias = npt.NDArray[np.integer[Any]]
# Sums one value per cluster into one per cell.
Total: TypeAlias = Callable[[npt.NDArray[np.generic]], Values]


@dataclass(frozen=True)
class Side:
    """One edition of each cell: totals and shares per cell, presence and residual per cluster."""

    selected: Values
    units: Values
    share: Values
    present: Flags
    residual: Values
    cluster_count: Values
    fraction: Values
    variance: Values
    low: Values
    high: Values


def compare_clusters(
    clusters: duckdb.DuckDBPyRelation, participation: duckdb.DuckDBPyRelation
) -> pd.DataFrame:
    """Return the changes of `int_clusters_compared`, given `int_participation`."""
    shares = participation.project("edition_key, participating_share").df()
    # In one order, so that sums are the same in every build.
    return compare_shares(
        clusters.order("all").df(), shares.set_index("edition_key")["participating_share"]
    )


def compare_shares(clusters: pd.DataFrame, sampled_shares: "pd.Series[float]") -> pd.DataFrame:
    """Return one row per cell: shares, base counts, change, interval and p-value.

    `clusters` has a row per cell and municipality with the selected and all units of both
    sides; `sampled_shares` the part of the frame that took part, by edition.
    """
    cells = clusters.groupby(CELL, sort=True)
    table = cells.ngroup().to_numpy()
    count = cells.ngroups
    result: pd.DataFrame = cells.size().reset_index()[CELL]

    def total(values: npt.NDArray[np.generic]) -> Values:
        sums: Values = np.bincount(table, values.astype(float), count).astype(float)
        return sums

    is_panel = (result["population"] == Population.PANEL).to_numpy()
    is_paired = is_panel & (result["base"] == Base.MUNICIPALITIES).to_numpy()
    sides = {}
    for side in ("from", "to"):
        selected = clusters[f"{side}_selected_count"].to_numpy(float)
        units = clusters[f"{side}_unit_count"].to_numpy(float)
        fraction = result[f"{side}_edition_key"].map(sampled_shares).to_numpy(float)
        sides[side] = _describe_side(
            selected, units, np.where(is_panel, 0.0, fraction), is_paired, table, total
        )
    start, end = sides["from"], sides["to"]
    with np.errstate(divide="ignore", invalid="ignore"):
        covariance = _find_covariance(start, end, is_panel, table, total)
        spread = np.sqrt(start.variance * end.variance)
        correlation = np.where(spread > 0, np.clip(covariance / spread, -1, 1), 0.0)
        pairs = _count_pairs(clusters, total)
        correlation = np.where(is_paired, _find_phi(*pairs), correlation)
        change = end.share - start.share
        below = _square_and_add(end.share - end.low, start.high - start.share, correlation)
        above = _square_and_add(end.high - end.share, start.share - start.low, correlation)
        error = np.sqrt(np.maximum(start.variance + end.variance - 2 * correlation * spread, 0))
        p_value = 2 * special.ndtr(-np.abs(change) / error)
        p_value[(start.variance == 0) | (end.variance == 0)] = np.nan
    for side, described in sides.items():
        result[f"{side}_selected_count"] = described.selected.astype(int)
        result[f"{side}_base_count"] = described.units.astype(int)
        result[f"{side}_share"] = described.share
    result["overlap_count"] = total(start.present & end.present).astype(int)
    result["change"] = change
    result["change_low"] = change - below
    result["change_high"] = change + above
    result["p_value"] = np.where(is_paired, _test_pairs(pairs[1], pairs[2]), p_value)
    return result


def _describe_side(
    selected: Values,
    units: Values,
    fraction: Values,
    is_paired: Flags,
    table: Places,
    total: Total,
) -> Side:
    """Share, linearised residuals, variance and Wilson interval of one edition, per cell."""
    with np.errstate(divide="ignore", invalid="ignore"):
        present = units > 0
        cluster_count = total(present)
        all_units = total(units)
        share = total(selected) / all_units
        mean_units = all_units / cluster_count
        residual = np.where(present, (selected - share[table] * units) / mean_units[table], 0.0)
        between = total(residual**2) / (cluster_count - 1)
        variance = (1 - fraction) * between / cluster_count
        # Where everyone agrees there is no variance to go by, only the number of municipalities.
        size = np.where(
            variance > 0, share * (1 - share) / variance, cluster_count / (1 - fraction)
        )
        size = np.where(is_paired, all_units, size)
        # Where all took part the size is infinite, and chance has no say.
        low, high = _find_wilson(share, size)
    is_known = cluster_count >= MINIMUM_CLUSTERS
    return Side(
        selected=total(selected),
        units=all_units,
        share=share,
        present=present,
        residual=residual,
        cluster_count=cluster_count,
        fraction=fraction,
        variance=np.where(is_known, variance, np.nan),
        low=np.where(is_known, low, np.nan),
        high=np.where(is_known, high, np.nan),
    )


def _find_wilson(share: Values, size: Values) -> tuple[Values, Values]:
    """Wilson's score interval (1927, J. Am. Stat. Assoc. 22, 209-212), two-sided."""
    z = CONFIDENCE_Z
    centre = share + z**2 / (2 * size)
    half = z * np.sqrt(share * (1 - share) / size + z**2 / (4 * size**2))
    return (centre - half) / (1 + z**2 / size), (centre + half) / (1 + z**2 / size)


def _find_covariance(
    start: Side, end: Side, is_panel: Flags, table: Places, total: Total
) -> Values:
    overlap = start.present & end.present
    overlap_count = total(overlap)
    means = [total(side.residual * overlap) / overlap_count for side in (start, end)]
    product = (start.residual - means[0][table]) * (end.residual - means[1][table])
    between = np.where(overlap_count > 1, total(product * overlap) / (overlap_count - 1), 0.0)
    sizes = start.cluster_count * end.cluster_count
    population = np.sqrt(sizes / (start.fraction * end.fraction))
    weight = overlap_count / sizes - np.where(is_panel, 0.0, 1 / population)
    return weight * between


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
    return np.where(margins > 0, excess / np.sqrt(margins), 0.0)


def _square_and_add(first: Values, second: Values, correlation: Values) -> Values:
    return np.sqrt(np.maximum(first**2 - 2 * correlation * first * second + second**2, 0))


def _test_pairs(dropped: Values, adopted: Values) -> Values:
    """McNemar's exact test, two-sided: the binomial test of the pairs that changed."""
    changed = dropped + adopted
    p_value: Values = np.minimum(1.0, 2 * special.bdtr(np.minimum(dropped, adopted), changed, 0.5))
    return p_value
