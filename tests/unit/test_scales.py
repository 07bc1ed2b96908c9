"""Scales against scipy, and against what can be worked out by hand."""

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from figures.scales import compare_scales, estimate_scales

BEFORE = [1, 2, 2, 3, 3, 3, 4, 5, 1, 2]
AFTER = [2, 3, 3, 4, 4, 5, 5, 5, 3, 2, 4]


def scores(*editions, base="municipalities"):
    """One answer per municipality; the first of each edition are the same ones."""
    return pd.DataFrame(
        [
            {"edition_key": edition, "base": base, "question_key": "q",
             "municipality_key": f"{prefix}{n}", "score": float(score),
             "is_top_two": score >= 4, "unit_count": 1}
            for edition, prefix, values in editions
            for n, score in enumerate(values)
        ]
    )  # fmt: skip


def estimate(frame, sampled=0.0):
    bases = pd.DataFrame({"edition_key": [1, 2], "question_key": "q", "sampled_share": sampled})
    return estimate_scales(duckdb.from_df(frame), duckdb.from_df(bases)).iloc[0]


def compare(frame):
    places = frame["municipality_key"].unique()
    heirs = pd.DataFrame({"municipality_key": places, "frame_edition_key": 2,
                          "frame_municipality_key": places})  # fmt: skip
    return compare_scales(duckdb.from_df(frame), duckdb.from_df(heirs)).iloc[0]


def test_mean_has_students_interval():
    row = estimate(scores((1, "a", BEFORE)))
    expected = stats.t.interval(0.95, 9, np.mean(BEFORE), stats.sem(BEFORE))
    assert (row["mean_low"], row["mean_high"]) == pytest.approx(expected)


def test_mean_of_a_large_part_of_the_frame_is_surer():
    row = estimate(scores((1, "a", BEFORE)), sampled=0.75)
    expected = stats.t.interval(0.95, 9, np.mean(BEFORE), stats.sem(BEFORE) / 2)
    assert (row["mean_low"], row["mean_high"]) == pytest.approx(expected)


def test_superiority_is_mann_and_whitneys():
    row = compare(scores((1, "a", BEFORE), (2, "b", AFTER)))
    u = stats.mannwhitneyu(AFTER, BEFORE).statistic
    assert row["superiority"] == pytest.approx(u / (len(BEFORE) * len(AFTER)))
    assert row["superiority_low"] < row["superiority"] < row["superiority_high"]
    assert row["mean_change"] == pytest.approx(np.mean(AFTER) - np.mean(BEFORE))


def test_the_same_municipalities_twice_are_tied_together():
    # Each one point higher: paired, that is sure; as if they were others, it is not.
    later = [score + 1 for score in BEFORE]
    tied = compare(scores((1, "a", BEFORE), (2, "a", later)))
    apart = compare(scores((1, "a", BEFORE), (2, "b", later)))
    assert (tied["mean_change_low"], tied["mean_change_high"]) == pytest.approx((1, 1))
    assert apart["mean_change_low"] < 0 < 1 < apart["mean_change_high"]


def test_small_side_makes_the_interval_wide():
    # Welch: nearly all that is unsure comes of the five, and so do the degrees of freedom.
    few, many = [1, 2, 3, 4, 5], [3] * 50 + [2] * 25 + [4] * 25
    row = compare(scores((1, "a", few), (2, "b", many)))
    expected = stats.ttest_ind(many, few, equal_var=False).confidence_interval(0.95)
    assert (row["mean_change_low"], row["mean_change_high"]) == pytest.approx(tuple(expected))


def test_all_above_all_has_no_interval():
    row = compare(scores((1, "a", [1, 2] * 3), (2, "b", [4, 5] * 3)))
    assert row["superiority"] == 1
    assert np.isnan(row["superiority_low"])


def test_few_municipalities_have_no_interval():
    row = compare(scores((1, "a", BEFORE), (2, "b", AFTER[:4])))
    assert np.isnan([row["superiority_low"], row["mean_change_high"]]).all()
    assert np.isnan(estimate(scores((1, "a", BEFORE[:4])))["mean_low"])


def test_nothing_on_a_scale_has_no_rows():
    empty = scores((1, "a", BEFORE)).iloc[:0]
    bases = pd.DataFrame({"edition_key": [1], "question_key": ["q"], "sampled_share": [0.1]})
    heirs = pd.DataFrame({"municipality_key": ["a"], "frame_edition_key": [2],
                          "frame_municipality_key": ["a"]})  # fmt: skip
    assert estimate_scales(duckdb.from_df(empty), duckdb.from_df(bases)).empty
    assert compare_scales(duckdb.from_df(empty), duckdb.from_df(heirs)).empty
