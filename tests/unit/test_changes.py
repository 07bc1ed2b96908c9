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
                "option_key": "q.o",
                "from_selected_count": before or 0,
                "from_unit_count": before is not None,
                "to_selected_count": after or 0,
                "to_unit_count": after is not None,
            }
            for before, after in zip(from_answers, to_answers, strict=True)
        ]
    ).astype({"from_unit_count": int, "to_unit_count": int})


def test_change_without_overlap_has_newcombes_interval():
    # 30 of 50 before, 20 of 40 after, from a frame so large that nothing needs correction.
    clusters = cell([1] * 30 + [0] * 20 + [None] * 40, [None] * 50 + [1] * 20 + [0] * 20)
    row = compare_shares(clusters, pd.Series({1: 1e-12, 2: 1e-12})).iloc[0]
    assert row["change"] == pytest.approx(-0.1)
    # The variance of a mean divides by n - 1, so it is Newcombe's interval with n - 1.
    expected = confint_proportions_2indep(
        0.5 * 39, 39, 0.6 * 49, 49, method="newcomb", compare="diff"
    )
    assert (row["change_low"], row["change_high"]) == pytest.approx(expected, abs=1e-9)
    error = math.sqrt(0.6 * 0.4 / 49 + 0.5 * 0.5 / 39)
    assert row["p_value"] == pytest.approx(2 * stats.norm.sf(0.1 / error), abs=1e-9)


def test_partial_overlap_by_the_formula_of_tam():
    # 12 before, 10 after, 8 of them the same; a third and a quarter of the frame.
    before = [1, 1, 1, 0, 0, 1, 0, 1, 1, 0, 0, 1] + [None] * 2
    after = [1, 1, 0, 0, 0, 1, 1, 1, None, None, None, None, 1, 0]
    fractions = pd.Series({1: 1 / 3, 2: 1 / 4})
    row = compare_shares(cell(before, after), fractions).iloc[0]
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
    error = math.sqrt(sum(variances) - 2 * covariance)
    assert row["p_value"] == pytest.approx(2 * stats.norm.sf(abs(q - p) / error), abs=1e-12)
    rho = covariance / math.sqrt(variances[0] * variances[1])
    low, high = zip(
        *(
            proportion_confint(
                share * share * (1 - share) / v, share * (1 - share) / v, method="wilson"
            )
            for share, v in zip((p, q), variances, strict=True)
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
    fractions = pd.Series({1: 0.1, 2: 0.1})
    same = compare_shares(cell(answers, later), fractions).iloc[0]
    other = compare_shares(cell(answers + [None] * 12, [None] * 12 + later), fractions).iloc[0]
    assert same["change"] == pytest.approx(other["change"])
    assert same["change_high"] - same["change_low"] < other["change_high"] - other["change_low"]


@pytest.mark.parametrize(("kept", "adopted", "dropped", "never"), [(5, 9, 2, 4), (3, 0, 6, 1)])
def test_panel_is_tested_by_mcnemar(kept, adopted, dropped, never):
    before = [1] * kept + [0] * adopted + [1] * dropped + [0] * never
    after = [1] * kept + [1] * adopted + [0] * dropped + [0] * never
    row = compare_shares(cell(before, after, population="panel"), pd.Series({1: 0.2, 2: 0.2})).iloc[
        0
    ]
    expected = mcnemar([[kept, dropped], [adopted, never]], exact=True)
    assert row["p_value"] == pytest.approx(expected.pvalue, abs=1e-12)
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
    row = compare_shares(cell(before, after, population="panel"), pd.Series({1: 0.2, 2: 0.2})).iloc[
        0
    ]
    assert (row["change_low"], row["change_high"]) == pytest.approx((low, high), abs=5e-5)


def test_few_municipalities_have_no_interval_and_unanimous_ones_no_p_value():
    fractions = pd.Series({1: 0.2, 2: 0.2})
    few = compare_shares(cell([1, 0, 1, 0], [1, 1, 1, 0]), fractions).iloc[0]
    assert few["change"] == pytest.approx(0.25)
    assert np.isnan([few["change_low"], few["change_high"], few["p_value"]]).all()
    same = compare_shares(cell([1] * 6, [1, 0, 1, 0, 1, 1]), fractions).iloc[0]
    assert np.isnan(same["p_value"])
    assert same["change_low"] < same["change"] < same["change_high"]


def test_paired_z_test_is_that_of_the_differences():
    before = [1, 0, 0, 1, 0, 0, 1, 0, 1, 0]
    after = [1, 1, 0, 1, 1, 0, 0, 1, 1, 0]
    clusters = cell(before, after, population="panel", base="respondents")
    row = compare_shares(clusters, pd.Series({1: 0.2, 2: 0.2})).iloc[0]
    differences = np.subtract(after, before)
    error = differences.std(ddof=1) / math.sqrt(10)
    assert row["p_value"] == pytest.approx(2 * stats.norm.sf(differences.mean() / error), abs=1e-9)


def test_colleagues_count_as_one_cluster():
    # Two municipalities of three colleagues who agree tell no more than two of one.
    single = cell([1, 0, 1, 0, 0, 1], [1, 1, 1, 0, 0, 1], base="respondents")
    triple = single.copy()
    for column in ("from_selected_count", "from_unit_count", "to_selected_count", "to_unit_count"):
        triple[column] *= 3
    fractions = pd.Series({1: 0.1, 2: 0.1})
    one, three = (compare_shares(c, fractions).iloc[0] for c in (single, triple))
    assert three["from_base_count"] == 18
    for column in ("change", "change_low", "change_high", "p_value"):
        assert three[column] == pytest.approx(one[column])
