"""Weighted shares against examples worked out by hand, and against another survey in R."""

import csv

import numpy as np
import pytest

from figures.weights import join_classes, rake, weigh
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("counts", "groups"),
    [
        ((9, 7, 8, 6), (0, 1, 2, 3)),
        # The small class goes with the next one, the last with the one before.
        ((2, 7, 8), (0, 0, 2)),
        ((9, 7, 4), (0, 1, 1)),
        ((1, 1, 1, 1, 1, 9), (0, 0, 0, 0, 0, 5)),
        ((2, 1), (0, 0)),
    ],
)
def test_classes_with_few_answers_are_joined_with_their_neighbours(counts, groups):
    assert join_classes(counts) == groups


def weigh_one(selected, answered, frame, participating):
    rows = (np.array([row], dtype=float) for row in (selected, answered, frame, participating))
    return weigh(*rows, np.array([1.0]))


def test_weighted_share_by_hand():
    # Cities: 12 of 13 took part, 9 of 12 chose it. Villages: 10 of 100, 2 of 10 chose it.
    found = weigh_one((9, 2), (12, 10), (13, 100), (12, 10))
    share = (13 * 9 / 12 + 100 * 2 / 10) / 113
    assert found.share[0] == pytest.approx(share)
    # Stratified sampling: W^2 (1 - f) s^2 / n, with s^2 = p (1 - p) n / (n - 1).
    variance = (13 / 113) ** 2 * (1 - 12 / 13) * 0.75 * 0.25 / 11
    variance += (100 / 113) ** 2 * (1 - 10 / 100) * 0.2 * 0.8 / 9
    simple = 0.5 * 0.5 / 21 * (1 - 22 / 113)
    assert found.design_effect[0] == pytest.approx(variance / simple)
    assert found.effective_base[0] == pytest.approx(22 * min(simple / variance, 1))


def test_weights_that_are_all_alike_change_nothing():
    found = weigh_one((4, 3), (10, 10), (100, 100), (10, 10))
    assert found.share[0] == pytest.approx(7 / 20)


def test_too_few_answers_have_no_weighted_share():
    found = weigh_one((1, 1), (2, 2), (9, 9), (3, 3))
    assert np.isnan(found.share).all()


def test_nothing_to_weigh_is_nothing():
    empty = np.zeros((0, 4))
    assert weigh(empty, empty, empty, empty, np.zeros(0)).share.size == 0


def read_another_survey():
    """200 schools of California, drawn by type: 4,421, 755 and 1,018 in the frame."""
    with (ROOT / "tests/r/another_survey.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", read_another_survey(), ids=lambda row: row["question"])
def test_weighted_share_of_another_survey_is_that_of_r(row):
    drawn, frame = (100, 50, 50), (4421, 755, 1018)
    chosen = tuple(int(row[f"chosen_{kind}"]) for kind in "ehm")
    found = weigh_one(chosen, drawn, frame, drawn)
    assert found.share[0] == pytest.approx(float(row["share_weighted"]), abs=1e-6)
    low, high = float(row["weighted_low"]), float(row["weighted_high"])
    if row["question"] == "sch.wide":
        # Of these three classes R's interval is narrower than that of 200 schools unweighted.
        assert found.low[0] < low < high < found.high[0]
    else:
        assert (found.low[0], found.high[0]) == pytest.approx((low, high), abs=1e-6)
    assert found.design_effect[0] == pytest.approx(float(row["design_effect"]), abs=1e-6)


def test_raking_meets_both_margins():
    frame = np.array([[10.0, 30.0], [40.0, 20.0]])
    took_part = np.array([[5.0, 6.0], [7.0, 8.0]])
    weighted = rake(took_part, frame) * took_part
    assert weighted.sum(axis=0) == pytest.approx([50, 50])
    assert weighted.sum(axis=1) == pytest.approx([40, 60])
    # What raking leaves alone: the odds ratio of those who took part.
    odds = weighted[0, 0] * weighted[1, 1] / (weighted[0, 1] * weighted[1, 0])
    assert odds == pytest.approx(5 * 8 / (6 * 7))


@pytest.mark.parametrize(
    ("took_part", "frame"),
    [([[1, 0], [0, 1]], [[1, 2], [3, 4]]), ([[5, 0], [3, 4]], [[6, 9], [3, 4]])],
)
def test_margins_that_no_weights_meet_leave_nothing(took_part, frame):
    assert np.isnan(rake(np.array(took_part, dtype=float), np.array(frame, dtype=float))).all()


def test_nobody_of_a_province_leaves_nothing_to_rake():
    frame, took_part = np.full((2, 2), 10.0), np.array([[5.0, 0.0], [7.0, 0.0]])
    assert np.isnan(rake(took_part, frame)).all()
