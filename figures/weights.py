"""Shares of municipalities weighted to the frame, by post-stratification on size.

Who took part counts for as many municipalities as their class of size has in the frame (Holt and
Smith 1979, J. R. Stat. Soc. A 142, 33-46); that some of them skip a question is not weighted for.
Classes with too few answers are joined with the next one, in the order of the codebook. The
variance is that of a ratio in a stratified sample without replacement, each stratum with its own f
(Särndal, Swensson and Wretman 1992, sections 3.7 and 5.8), the interval Wilson's at the size at
which simple random sampling would have it.

Raking to size and province at once (Deming and Stephan 1940, Ann. Math. Stat. 11, 427-444) shows
what other weights would make of a share; it has no interval.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from figures.shares import Values, find_wilson
from vocabulary.thresholds import MINIMUM_CLUSTERS

# When raking is done: a round moves nobody by more than so many municipalities; and how near to
# the frame both margins must then be.
CLOSE_ENOUGH = 1e-10
NEAR_ENOUGH = 1e-6
MOST_ROUNDS = 1_000


@dataclass(frozen=True)
class WeightedShares:
    """Weighted shares per cell, NaN with fewer than MINIMUM_CLUSTERS answers.

    `effective_base` is the base over the design effect, and never more than the base.
    """

    share: Values
    low: Values
    high: Values
    design_effect: Values
    effective_base: Values


def weigh(
    selected: Values, answered: Values, frame: Values, participating: Values, fraction: Values
) -> WeightedShares:
    """Return the weighted shares of cells, given what they hold per class of size.

    All but `fraction` are cells by classes, in the codebook's order: how many municipalities chose
    the option, answered, stand in the frame, took part. `fraction` is the part of those who took
    part that answered, of those who were asked: f of a class is its own, times that.
    """
    sums = [_join(values, answered) for values in (selected, answered, frame, participating)]
    chose, count, in_frame, took_part = sums
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = np.where(took_part > 0, in_frame / took_part, 0.0)
        total = (weight * count).sum(axis=1)
        share = (weight * chose).sum(axis=1) / total
        here = share[:, None]
        first = (chose - here * count) / total[:, None]
        second = (chose * (1 - here) ** 2 + (count - chose) * here**2) / total[:, None] ** 2
        between = np.where(
            took_part > 1, (second - first**2 / took_part) * took_part / (took_part - 1), 0.0
        )
        sampled = np.where(in_frame > 0, took_part / in_frame, 0.0) * fraction[:, None]
        variance = ((1 - sampled) * weight**2 * between).sum(axis=1)
        base = count.sum(axis=1)
        plain = chose.sum(axis=1) / base
        unweighted_f = took_part.sum(axis=1) / in_frame.sum(axis=1) * fraction
        simple = plain * (1 - plain) / (base - 1) * (1 - unweighted_f)
        # Where everyone agrees, what the weights alone cost (Kish 1965, Survey Sampling, 11.2).
        kish = base * (weight**2 * count).sum(axis=1) / total**2
        design_effect = np.where(variance > 0, variance / simple, kish)
        size = np.where(
            variance > 0, share * (1 - share) / variance, base / kish / (1 - unweighted_f)
        )
        # A few classes in which all agree can make a variance of next to nothing: weights are never
        # taken to tell more than as many answers without them (Korn and Graubard 1998).
        size = np.minimum(size, base / (1 - unweighted_f))
        low, high = find_wilson(share, size)
    is_known = base >= MINIMUM_CLUSTERS
    return WeightedShares(
        *(
            np.where(is_known, values, np.nan)
            for values in (
                *(share, low, high, design_effect),
                base / np.maximum(design_effect, 1.0),
            )
        )
    )


def rake(participating: Values, frame: Values) -> Values:
    """Return a weight per class of size and province, that adds up to both margins of the frame.

    Both are sizes by provinces. NaN where none do, as where nobody of a size or a province took
    part.
    """
    weighted = participating.astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        for _ in range(MOST_ROUNDS):
            before = weighted
            for axis in (1, 0):
                wanted = frame.sum(axis=axis, keepdims=True)
                weighted = weighted * np.where(
                    wanted > 0, wanted / weighted.sum(axis=axis, keepdims=True), 0.0
                )
            if not np.abs(weighted - before).max() > CLOSE_ENOUGH:
                break
        weights: Values = np.where(participating > 0, weighted / participating, 0.0)
    # With too many empty classes there are no weights that meet both.
    missed = [np.abs(weighted.sum(axis=axis) - frame.sum(axis=axis)).max() for axis in (0, 1)]
    if not max(missed) < NEAR_ENOUGH:
        return np.full_like(weights, np.nan)
    return weights


def _join(values: Values, answered: Values) -> Values:
    """Sum classes that are joined; the first of them holds the sum, the others nothing."""
    joined = np.zeros_like(values)
    groups = [join_classes(tuple(counts)) for counts in answered.astype(int)]
    places = np.array(groups, dtype=int).reshape(answered.shape)
    np.add.at(joined, (np.arange(len(values))[:, None], places), values)
    return joined


@lru_cache(maxsize=10_000)
def join_classes(counts: tuple[int, ...]) -> tuple[int, ...]:
    """Return for each class the first one of those it is joined with.

    A class with fewer than MINIMUM_CLUSTERS answers is joined with the next; the last with the one
    before.
    """
    groups: list[int] = []
    starts, running = [0], 0
    for place, count in enumerate(counts):
        groups.append(starts[-1])
        running += count
        if running >= MINIMUM_CLUSTERS and place + 1 < len(counts):
            starts.append(place + 1)
            running = 0
    if running < MINIMUM_CLUSTERS and len(starts) > 1:
        groups = [starts[-2] if group == starts[-1] else group for group in groups]
    return tuple(groups)
