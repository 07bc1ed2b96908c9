"""Ordered scales and numbers: means with intervals, and whether later answers are higher.

Municipalities are the clusters. A mean is a ratio with its linearised variance (Särndal, Swensson
and Wretman 1992, section 5.6) and Student's interval. Between two editions, `superiority` is the
probability that a later answer is higher than an earlier one, ties counting half (Mann and Whitney
1947, Ann. Math. Stat. 18, 50-60), with the variance of its placements (DeLong, DeLong and
Clarke-Pearson 1988, Biometrics 44, 837-845) summed by cluster (Obuchowski 1997, Biometrics 53,
567-578), so that municipalities that answered twice are not taken for two.
"""

import duckdb
import numpy as np
import pandas as pd
from scipy import special

from figures.shares import Values, estimate, make_total
from vocabulary.lists import Base
from vocabulary.thresholds import CONFIDENCE, MINIMUM_CLUSTERS

CELL = ["edition_key", "base", "question_key"]
PAIR = ["from_edition_key", "to_edition_key", "base", "question_key"]


def estimate_scales(
    scores: duckdb.DuckDBPyRelation, bases: duckdb.DuckDBPyRelation
) -> pd.DataFrame:
    """Return a row per edition, base and question of `int_scores`: intervals of mean and top two.

    `bases` is `int_question_bases`. There is no interval with fewer than MINIMUM_CLUSTERS
    municipalities.
    """
    rows = scores.order("all").df()
    rows["score_sum"] = rows["score"] * rows["unit_count"]
    rows["top_count"] = rows["is_top_two"].fillna(False).astype(float) * rows["unit_count"]
    sums = rows.groupby([*CELL, "municipality_key"], sort=True, as_index=False)[
        ["score_sum", "top_count", "unit_count"]
    ].sum()
    cells = sums.groupby(CELL, sort=True)
    table, count = cells.ngroup().to_numpy(), cells.ngroups
    result: pd.DataFrame = cells.size().reset_index()[CELL]
    places = pd.MultiIndex.from_frame(result[["edition_key", "question_key"]])
    known = bases.df().set_index(["edition_key", "question_key"])["sampled_share"]
    is_municipal = (result["base"] == Base.MUNICIPALITIES).to_numpy()
    # An index has no f of its own: of it, as of respondents, nothing is corrected for.
    own = known.reindex(places).fillna(0.0).to_numpy(float)
    fraction = np.where(is_municipal, own, 0.0)
    total, units = make_total(table, count), sums["unit_count"].to_numpy(float)
    means = estimate(sums["score_sum"].to_numpy(float), units, fraction, table, total)
    tops = estimate(sums["top_count"].to_numpy(float), units, fraction, table, total)
    enough = means.cluster_count >= MINIMUM_CLUSTERS
    reach = _find_reach(means.cluster_count) * np.sqrt(means.variance)
    for name, values in {
        "mean_low": means.share - reach,
        "mean_high": means.share + reach,
        "top_two_low": tops.low,
        "top_two_high": tops.high,
    }.items():
        result[name] = np.where(enough, values, np.nan)
    return result


def compare_scales(
    scores: duckdb.DuckDBPyRelation, frames: duckdb.DuckDBPyRelation
) -> pd.DataFrame:
    """Return a row per pair of editions, base and question: change of the mean, and superiority.

    `frames` is `int_municipality_frames`: in which municipality of the later edition one stands.
    """
    rows = scores.order("all").df()
    heirs = frames.df().set_index(["municipality_key", "frame_edition_key"])[
        "frame_municipality_key"
    ]
    found = []
    for (base, question), own in rows.groupby(["base", "question_key"], sort=True):
        editions = dict(iter(own.groupby("edition_key")))
        for one, start in editions.items():
            for two, end in editions.items():
                if one < two:
                    clusters = [_follow(side, two, heirs) for side in (start, end)]
                    found.append((one, two, base, question, *_compare(start, end, *clusters)))
    columns = [
        *PAIR, "mean_change", "mean_change_low", "mean_change_high",
        "superiority", "superiority_low", "superiority_high",
    ]  # fmt: skip
    types = dict.fromkeys(columns, "float64")
    types |= dict.fromkeys(PAIR[:2], "int32") | dict.fromkeys(PAIR[2:], "str")
    return pd.DataFrame(found, columns=columns).astype(types)


def _follow(side: pd.DataFrame, edition: int, heirs: "pd.Series[str]") -> "pd.Series[str]":
    keys = pd.MultiIndex.from_arrays([side["municipality_key"], [edition] * len(side)])
    return pd.Series(heirs.reindex(keys).to_numpy(), side.index).fillna(side["municipality_key"])


def _compare(
    start: pd.DataFrame, end: pd.DataFrame, before: "pd.Series[str]", after: "pd.Series[str]"
) -> tuple[float, ...]:
    x, y = start["score"].to_numpy(float), end["score"].to_numpy(float)
    n, m = start["unit_count"].to_numpy(float), end["unit_count"].to_numpy(float)
    of_x, of_y = 1 - _place(x, y, m), _place(y, x, n)
    mean_x, mean_y = (x * n).sum() / n.sum(), (y * m).sum() / m.sum()
    superiority = float((of_y * m).sum() / m.sum())
    results: list[float] = []
    for value, low, high in (
        (mean_y - mean_x, (mean_x - x) * n / n.sum(), (y - mean_y) * m / m.sum()),
        (superiority, (of_x - superiority) * n / n.sum(), (of_y - superiority) * m / m.sum()),
    ):
        reach = _reach(_sum_up(low, before), _sum_up(high, after))
        results += [float(value), float(value) - reach, float(value) + reach]
    *change, superiority, low_end, high_end = results
    if superiority in (0.0, 1.0):
        # All are on one side of all: their placements say nothing of how they vary.
        low_end = high_end = np.nan
    low_end, high_end = (float(end) for end in np.clip((low_end, high_end), 0.0, 1.0))
    return (*change, superiority, low_end, high_end)


def _place(scores: Values, others: Values, counts: Values) -> Values:
    """Return the share of others, each counted so often, below each score; ties count half."""
    order = np.argsort(others, kind="stable")
    below = np.concatenate([[0.0], np.cumsum(counts[order])])
    first = np.searchsorted(others[order], scores, "left")
    last = np.searchsorted(others[order], scores, "right")
    placed: Values = (below[first] + below[last]) / (2 * below[-1])
    return placed


def _sum_up(parts: Values, clusters: "pd.Series[str]") -> "pd.Series[float]":
    return pd.Series(parts, clusters.to_numpy()).groupby(level=0).sum()


def _reach(start: "pd.Series[float]", end: "pd.Series[float]") -> float:
    """Return half the width of an interval, from what each cluster of two editions adds.

    Welch's degrees of freedom (1947, Biometrika 34, 28-35); NaN with too few clusters on a side.
    """
    counts = np.array([len(start), len(end)], dtype=float)
    if counts.min() < MINIMUM_CLUSTERS:
        return float("nan")
    variances = counts / (counts - 1) * np.array([(start**2).sum(), (end**2).sum()])
    together = (start * end).dropna().sum() * np.sqrt(np.prod(counts / (counts - 1)))
    if not variances.sum() > 0:
        return 0.0
    freedom = variances.sum() ** 2 / (variances**2 / (counts - 1)).sum()
    spread = np.sqrt(max(variances.sum() + 2 * together, 0.0))
    return float(special.stdtrit(freedom, (1 + CONFIDENCE) / 2) * spread)


def _find_reach(clusters: Values) -> Values:
    """Return Student's quantile of an interval, at one degree less than there are clusters."""
    reach: Values = special.stdtrit(np.maximum(clusters - 1, 1), (1 + CONFIDENCE) / 2)
    return reach
