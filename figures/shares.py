"""A share with its variance and interval: one function for levels and for the sides of a change.

Municipalities are the clusters (Särndal, Swensson and Wretman 1992, Model Assisted Survey
Sampling, section 5.6: the linearised variance of a ratio), drawn without replacement from those
who could have answered, of whom `fraction` did: the variance shrinks by 1 - f. The interval is
Wilson's (1927, J. Am. Stat. Assoc. 22, 209-212) at the size at which simple random sampling with
replacement would have that variance; where every cluster is one unit, that is n (N - 1) / (N - n).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from vocabulary.thresholds import CONFIDENCE_Z

Values: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Places: TypeAlias = npt.NDArray[np.integer[Any]]
# Sums one value per cluster into one per cell.
Total: TypeAlias = Callable[[npt.NDArray[np.generic]], Values]


@dataclass(frozen=True)
class Shares:
    """Shares per cell and what they rest on; presence and residual are per cluster."""

    selected: Values
    units: Values
    share: Values
    present: Flags
    residual: Values
    cluster_count: Values
    fraction: Values
    variance: Values
    size: Values
    low: Values
    high: Values


def make_total(table: Places, count: int) -> Total:
    """Return what sums values of clusters by their cell, for so many cells."""

    def total(values: npt.NDArray[np.generic]) -> Values:
        sums: Values = np.bincount(table, values.astype(float), count).astype(float)
        return sums

    return total


def estimate(
    selected: Values, units: Values, fraction: Values, table: Places, total: Total
) -> Shares:
    """Return the shares of all cells.

    `selected` and `units` are per cluster, `table` has the cell of each; `fraction` is per cell.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        present = units > 0
        cluster_count = total(present)
        all_units = total(units)
        share = total(selected) / all_units
        mean_units = all_units / cluster_count
        residual = np.where(present, (selected - share[table] * units) / mean_units[table], 0.0)
        between = total(residual**2) / (cluster_count - 1)
        variance = (1 - fraction) * between / cluster_count
        size = _find_size(share, variance, cluster_count, fraction)
        # Where all took part the size is infinite, and chance has no say.
        low, high = find_wilson(share, size)
    return Shares(
        selected=total(selected),
        units=all_units,
        share=share,
        present=present,
        residual=residual,
        cluster_count=cluster_count,
        fraction=fraction,
        variance=variance,
        size=size,
        low=low,
        high=high,
    )


def _find_size(share: Values, variance: Values, clusters: Values, fraction: Values) -> Values:
    """Return the size at which sampling with replacement would have the variance of a share."""
    finite = clusters - fraction
    # Where everyone agrees there is no variance to go by, only the number of municipalities.
    return np.where(
        variance > 0,
        share * (1 - share) / variance * finite / (clusters - 1),
        finite / (1 - fraction),
    )


def find_wilson(
    share: Values, size: Values, z: Values | float = CONFIDENCE_Z
) -> tuple[Values, Values]:
    """Return Wilson's score interval, two-sided, of shares with an effective size."""
    centre = share + z**2 / (2 * size)
    half = z * np.sqrt(share * (1 - share) / size + z**2 / (4 * size**2))
    return (centre - half) / (1 + z**2 / size), (centre + half) / (1 + z**2 / size)
