"""Changes between two editions, against statsmodels, formulas written out, and publications."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from figures.changes import compare_shares


def cell(from_answers, to_answers, population="cross_section", base="municipalities"):
    """Clusters of one unit each: 1 chose the option, 0 did not, None did not take part."""
    return pd.DataFrame(
        [
            {
                "from_edition_key": 1,
                "to_edition_key": 2,
                "population": population,
                "base": base,
                "question_key": "q",
                "from_question_key": "q",
                "option_key": "q.o",
                "from_selected_count": before or 0,
                "from_unit_count": before is not None,
                "to_selected_count": after or 0,
                "to_unit_count": after is not None,
            }
            for before, after in zip(from_answers, to_answers, strict=True)
        ]
    ).astype({"from_unit_count": int, "to_unit_count": int})


def fractions(by_edition):
    keys = pd.MultiIndex.from_product([by_edition, ["q"]], names=["edition_key", "question_key"])
    return pd.Series(list(by_edition.values()), index=keys)


def test_change_without_overlap_has_newcombes_interval():
    # 30 of 50 before, 20 of 40 after, from a frame so large that nothing needs correction.
    clusters = cell([1] * 30 + [0] * 20 + [None] * 40, [None] * 50 + [1] * 20 + [0] * 20)
    row = compare_shares(clusters, fractions({1: 1e-12, 2: 1e-12})).iloc[0]
    assert row["change"] == pytest.approx(-0.1)
    expected = confint_proportions_2indep(20, 40, 30, 50, method="newcomb", compare="diff")
    assert (row["change_low"], row["change_high"]) == pytest.approx(expected, abs=1e-9)
    # At the level of its p-value the interval touches zero.
    _, touching = confint_proportions_2indep(
        20, 40, 30, 50, method="newcomb", compare="diff", alpha=row["p_value"]
    )
    assert touching == pytest.approx(0, abs=1e-9)


def test_without_overlap_the_covariance_is_the_most_that_it_can_be():
    # 10 and 10 of 40: the same population without one municipality in both.
    clusters = cell([1] * 5 + [0] * 5 + [None] * 10, [None] * 10 + [1] * 6 + [0] * 4)
    row = compare_shares(clusters, fractions({1: 0.25, 2: 0.25})).iloc[0]
    one, two = 0.5 * 0.5 * 10 / 9, 0.6 * 0.4 * 10 / 9
    spread = 0.75 * math.sqrt(one * two) / 10
    assert row["correlation"] == pytest.approx(-math.sqrt(one * two) / 40 / spread)


def test_partial_overlap_by_the_formula_of_tam():
    # 12 before, 10 after, 8 of them the same; a third and a quarter of the frame.
    before = [1, 1, 1, 0, 0, 1, 0, 1, 1, 0, 0, 1] + [None] * 2
    after = [1, 1, 0, 0, 0, 1, 1, 1, None, None, None, None, 1, 0]
    sampled = fractions({1: 1 / 3, 2: 1 / 4})
    row = compare_shares(cell(before, after), sampled).iloc[0]
    one = [x for x in before if x is not None]
    two = [x for x in after if x is not None]
    p, q = sum(one) / 12, sum(two) / 10
    both = [(x - p, y - q) for x, y in zip(before, after, strict=True) if None not in (x, y)]
    assert (row["from_share"], row["to_share"], row["overlap_count"]) == (7 / 12, 6 / 10, 8)
    variances = [
        (1 - 1 / 3) * p * (1 - p) / 11,
        (1 - 1 / 4) * q * (1 - q) / 9,
    ]
    between = np.cov(np.array(both).T, ddof=1)[0, 1]
    covariance = (8 / (12 * 10) - 1 / math.sqrt(36 * 40)) * between
    rho = covariance / math.sqrt(variances[0] * variances[1])
    # n (N - 1) / (N - n): of 36 and of 40.
    low, high = zip(
        *(
            proportion_confint(share * size, size, method="wilson")
            for share, size in ((p, 12 * 35 / 24), (q, 10 * 39 / 30))
        ),
        strict=True,
    )
    below = math.sqrt(
        (q - low[1]) ** 2 - 2 * rho * (q - low[1]) * (high[0] - p) + (high[0] - p) ** 2
    )
    above = math.sqrt(
        (high[1] - q) ** 2 - 2 * rho * (high[1] - q) * (p - low[0]) + (p - low[0]) ** 2
    )
    assert row["change_low"] == pytest.approx(q - p - below, abs=1e-12)
    assert row["change_high"] == pytest.approx(q - p + above, abs=1e-12)


def test_overlap_narrows_the_interval():
    answers = [1] * 6 + [0] * 6
    later = [1] * 7 + [0] * 5
    sampled = fractions({1: 0.1, 2: 0.1})
    same = compare_shares(cell(answers, later), sampled).iloc[0]
    other = compare_shares(cell(answers + [None] * 12, [None] * 12 + later), sampled).iloc[0]
    assert same["change"] == pytest.approx(other["change"])
    assert same["change_high"] - same["change_low"] < other["change_high"] - other["change_low"]


@pytest.mark.parametrize(("kept", "adopted", "dropped", "never"), [(5, 9, 2, 4), (3, 0, 6, 1)])
def test_panel_is_tested_by_mcnemar(kept, adopted, dropped, never):
    before = [1] * kept + [0] * adopted + [1] * dropped + [0] * never
    after = [1] * kept + [1] * adopted + [0] * dropped + [0] * never
    row = compare_shares(cell(before, after, population="panel"), fractions({1: 0.2, 2: 0.2})).iloc[
        0
    ]
    # Mid-p: half of the probability of what was seen does not count.
    exact = mcnemar([[kept, dropped], [adopted, never]], exact=True).pvalue
    expected = exact - stats.binom.pmf(min(dropped, adopted), dropped + adopted, 0.5)
    assert row["p_value"] == pytest.approx(expected, abs=1e-12)
    assert row["change"] == pytest.approx((adopted - dropped) / len(before))
    assert row["change_low"] <= row["change"] <= row["change_high"]


@pytest.mark.parametrize(
    ("kept", "dropped", "adopted", "never", "low", "high"),
    [(14, 5, 0, 22, -0.2265, -0.0115), (19, 1, 5, 1, -0.0487, 0.3509)],
)
def test_panel_has_newcombes_paired_interval(kept, dropped, adopted, never, low, high):
    # Newcombe 1998, method 10: Wilson intervals, phi corrected for continuity.
    before = [1] * (kept + dropped) + [0] * (adopted + never)
    after = [1] * kept + [0] * dropped + [1] * adopted + [0] * never
    row = compare_shares(cell(before, after, population="panel"), fractions({1: 0.2, 2: 0.2})).iloc[
        0
    ]
    assert (row["change_low"], row["change_high"]) == pytest.approx((low, high), abs=5e-5)


def test_few_municipalities_on_a_side_or_with_an_answer_have_no_interval():
    sampled = fractions({1: 0.2, 2: 0.2})
    few = compare_shares(cell([1, 0, 1, 0], [1, 1, 1, 0]), sampled).iloc[0]
    assert few["change"] == pytest.approx(0.25)
    # Only four municipalities ever chose it.
    rare = compare_shares(cell([1, 1] + [0] * 10, [0, 0, 1, 1] + [0] * 8), sampled).iloc[0]
    assert rare["change"] == 0
    for row in (few, rare):
        assert np.isnan([row["change_low"], row["change_high"], row["p_value"]]).all()


def test_unanimous_side_has_an_interval_and_a_p_value_that_agree():
    row = compare_shares(cell([1] * 12, [1] * 6 + [0] * 6), fractions({1: 0.2, 2: 0.2})).iloc[0]
    assert row["change_low"] < row["change_high"] < 0
    assert row["p_value"] < 0.05


@pytest.mark.parametrize("base", ["respondents", "municipalities"])
def test_p_value_never_denies_the_interval(base):
    chance = np.random.default_rng(14)
    for _ in range(60):
        before, after = ([int(x) for x in chance.random(24) < share]
                         for share in chance.random(2) * 0.6 + 0.2)  # fmt: skip
        row = compare_shares(cell(before, after, base=base), fractions({1: 0.1, 2: 0.1})).iloc[0]
        if not np.isnan(row["p_value"]):
            excludes = row["change_low"] > 0 or row["change_high"] < 0
            assert excludes == (row["p_value"] < 0.05)


def test_colleagues_count_as_one_cluster():
    # Two municipalities of three colleagues who agree tell no more than two of one.
    single = cell([1, 0, 1, 0, 0, 1] * 2, [1, 1, 1, 0, 0, 1] * 2, base="respondents")
    triple = single.copy()
    for column in ("from_selected_count", "from_unit_count", "to_selected_count", "to_unit_count"):
        triple[column] *= 3
    sampled = fractions({1: 0.1, 2: 0.1})
    one, three = (compare_shares(c, sampled).iloc[0] for c in (single, triple))
    assert three["from_base_count"] == 36
    for column in ("change", "change_low", "change_high", "p_value"):
        assert three[column] == pytest.approx(one[column])
