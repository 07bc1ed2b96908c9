"""Intervals against statsmodels, weighted shares against R; rounding half up."""

import math

import pytest
from scipy import stats
from scipy.stats import false_discovery_control
from statsmodels.stats.proportion import proportion_confint

from tests.conftest import ROOT


def test_interval_of_municipalities_is_wilsons_at_the_finite_size(warehouse):
    # All 70 of 285 that took part were asked has_policy, and answered: n (N - 1) / (N - n).
    rows = warehouse.execute(
        """
        select selected_count, base_count, share_low, share_high
        from marts.mart_question_results
        where edition_key = 2025 and base = 'municipalities' and question_key = 'has_policy'
        """
    ).fetchall()
    size = 70 * 284 / 215
    for selected, base, low, high in rows:
        assert base == 70
        expected = proportion_confint(selected / 70 * size, size, method="wilson")
        assert (low, high) == pytest.approx(expected, abs=1e-12)


def test_skipped_question_has_the_f_of_those_who_answered(warehouse):
    # f = 70/285 x answered / asked, so that N = n / f is larger than the frame.
    (selected, base, low, high, share), = warehouse.execute(
        """
        select selected_count, base_count, share_low, share_high, answering_share
        from marts.mart_question_results as results
        inner join intermediate.int_question_bases using (edition_key, question_key)
        where edition_key = 2025 and base = 'municipalities' and option_key = 'barriers.no_budget'
        """
    ).fetchall()  # fmt: skip
    assert 0.5 < share < 1
    reach = base / (70 / 285 * share)
    size = base * (reach - 1) / (reach - base)
    expected = proportion_confint(selected / base * size, size, method="wilson")
    assert (low, high) == pytest.approx(expected, abs=1e-12)


def test_interval_of_respondents_counts_colleagues_as_clusters(warehouse):
    rows = warehouse.execute(
        """
        select municipality_key, selected_count, unit_count from intermediate.int_units
        where edition_key = 2025 and base = 'respondents' and option_key = 'has_policy.yes'
        """
    ).df()
    low, high, count = warehouse.execute(
        """
        select share_low, share_high, base_count from marts.mart_question_results
        where edition_key = 2025 and base = 'respondents' and option_key = 'has_policy.yes'
        """
    ).fetchone()
    assert (len(rows), rows["unit_count"].sum()) == (70, count)
    share = rows["selected_count"].sum() / count
    residual = (rows["selected_count"] - share * rows["unit_count"]) / (count / 70)
    variance = (residual**2).sum() / 69 / 70
    size = share * (1 - share) / variance * 70 / 69
    expected = proportion_confint(share * size, size, method="wilson")
    assert (low, high) == pytest.approx(expected, abs=1e-12)


def test_weighted_shares_are_those_of_r(warehouse):
    # Made from these editions by tests/r/weighted.R, with survey 4.1.
    assert warehouse.execute(
        f"""
        select
            count(*),
            max(greatest(
                abs(told.share_weighted - results.share_weighted),
                abs(told.design_effect - results.design_effect),
                abs(told.share_raked - results.share_raked)
            )) < 1e-6,
            -- Where the weights would tell more than as many answers without them, ours is wider.
            count_if(greatest(
                abs(told.weighted_low - results.weighted_low),
                abs(told.weighted_high - results.weighted_high)
            ) < 1e-6),
            bool_and(results.weighted_low <= told.weighted_low + 1e-6
                and results.weighted_high >= told.weighted_high - 1e-6)
        from '{ROOT / "tests/r/weighted.csv"}' as told
        inner join intermediate.int_levels_estimated as results
            on results.edition_key = told.edition_key and results.option_key = told.option_key
            and results.base = 'municipalities'
        """
    ).fetchone() == (755, True, 634, True)


def test_means_of_scales_are_those_of_r(warehouse):
    # By tests/r/scales.R; indices, and respondents with colleagues as clusters, among them.
    assert warehouse.execute(
        f"""
        select count(*), count(results.mean_low), max(greatest(
            abs(told.mean - results.mean),
            abs(told.mean_low - results.mean_low),
            abs(told.mean_high - results.mean_high)
        )) < 1e-6
        from '{ROOT / "tests/r/scales.csv"}' as told
        inner join marts.mart_scale_results as results using (edition_key, base, question_key)
        """
    ).fetchone() == (179, 179, True)


def test_index_is_the_points_of_its_options(warehouse):
    # Anchoring by hand, from the answers: a policy, a plan, an alderman, a theme in the agreement.
    rows = warehouse.execute(
        """
        with chosen as (
            select municipality_key, list(option_key) as options
            from marts.fct_municipality_answers
            where edition_key = 2025 and is_selected group by all
        )
        select
            score,
            list_contains(options, 'has_policy.yes')::integer
            + list_contains(options, 'policy_plan.yes')::integer
            + list_has_any(options, [
                'aldermen.one', 'aldermen.two', 'aldermen.three', 'aldermen.more_than_three'
            ])::integer
            + (len(list_filter(options, lambda key: key like 'coalition_agreement.%')) > 0
            and not list_contains(options, 'coalition_agreement.none'))::integer as expected
        from marts.fct_index_scores inner join chosen using (municipality_key)
        where edition_key = 2025 and index_key = 'anchoring'
        """
    ).fetchall()
    assert len(rows) > 40
    assert {score for score, _ in rows} == {0, 1, 2, 3, 4}
    assert [score for score, _ in rows] == [expected for _, expected in rows]


def test_index_needs_every_question_that_was_asked(warehouse):
    # Who has no policy was asked nothing more, and stands at nought.
    assert warehouse.execute(
        """
        select count(*) > 2, max(score) from marts.fct_index_scores
        where index_key = 'anchoring' and edition_key = 2025 and municipality_key in (
            select municipality_key from marts.fct_municipality_answers
            where edition_key = 2025 and option_key = 'has_policy.no' and is_selected
        )
        """
    ).fetchone() == (True, 0)
    assert warehouse.execute(
        """
        select count(*) from marts.fct_index_scores
        semi join intermediate.int_municipalities_asked as asked
            on asked.edition_key = fct_index_scores.edition_key
            and asked.municipality_key = fct_index_scores.municipality_key
            and asked.question_key = 'policy_plan' and not has_answered
        where index_key = 'anchoring'
        """
    ).fetchone() == (0,)


def test_sensitivity_by_hand(warehouse):
    # 66 of the 70 that answered; 10 points less, or at most all, of the other 215.
    share = 66 / 70
    assert warehouse.execute(
        """
        select share_if_10_lower, share_if_10_higher, share_if_20_lower from marts.mart_headlines
        where edition_key = 2025 and option_key = 'has_policy.yes'
        """
    ).fetchone() == pytest.approx(
        (
            (70 * share + 215 * (share - 0.1)) / 285,
            (70 * share + 215) / 285,
            (70 * share + 215 * (share - 0.2)) / 285,
        )
    )


def test_headlines_are_a_family_of_their_own(warehouse):
    p_values, q_values = zip(
        *warehouse.execute(
            """
            select p_value, q_value from marts.mart_evolution
            where from_edition_key = 2025 and to_edition_key = 2029 and base = 'municipalities'
                and population = 'cross_section' and p_value is not null and is_headline
            """
        ).fetchall(),
        strict=True,
    )
    assert 5 < len(p_values) <= 12
    expected = false_discovery_control(p_values, method="bh")
    assert list(q_values) == pytest.approx(list(expected), abs=1e-12)


def test_what_is_indicative(warehouse):
    # By a small base, a small effective base, or a wide interval; each decides somewhere.
    rows = warehouse.execute(
        """
        select base_count < 30, effective_base < 30, share_high - share_low >= 0.3, is_indicative
        from marts.mart_question_results where base_count > 0
        """
    ).fetchall()
    assert all(told == any(why) for *why, told in rows)
    alone = {tuple(bool(one) for one in why) for *why, told in rows if told}
    assert {(False, True, False), (False, False, True)} <= alone


def test_chance_findings_are_told_from_others(warehouse):
    # Benjamini and Hochberg by hand: the step-up rule on the p-values of one family.
    rows = warehouse.execute(
        """
        select p_value, q_value from marts.mart_evolution
        where from_edition_key = 2025 and to_edition_key = 2027 and base = 'municipalities'
            and population = 'cross_section' and p_value is not null and not is_headline
        order by p_value
        """
    ).fetchall()
    p_values = [row[0] for row in rows]
    expected = false_discovery_control(p_values, method="bh")
    assert [row[1] for row in rows] == pytest.approx(list(expected), abs=1e-12)


def test_representativity_by_hand(warehouse):
    # 12 of 13, 25 of 64, 18 of 85, 15 of 123: 1 - 2 x the spread of the rates around 70 of 285.
    rates = ((13, 12 / 13), (64, 25 / 64), (85, 18 / 85), (123, 15 / 123))
    squares = sum(count * (rate - 70 / 285) ** 2 for count, rate in rates)
    assert warehouse.execute(
        "select distinct r_indicator from marts.mart_response_rates"
        " where edition_key = 2025 and breakdown = 'size_category'"
    ).fetchall() == [(pytest.approx(1 - 2 * math.sqrt(squares / 284)),)]


def test_change_is_what_happened_within_sizes_and_their_mix(warehouse):
    sizes = warehouse.execute(
        """
        select edition_key, size_position, count(*), avg(selected_count)
        from intermediate.int_units
        where edition_key in (2025, 2027) and base = 'municipalities'
            and option_key = 'themes.gender_equality'
        group by all order by all
        """
    ).fetchall()
    before, after = ([row[2:] for row in sizes if row[0] == edition] for edition in (2025, 2027))
    n, m = (sum(count for count, _ in side) for side in (before, after))
    rate = sum((a / n + b / m) / 2 * (q - p)
               for (a, p), (b, q) in zip(before, after, strict=True))  # fmt: skip
    change, found, mix = warehouse.execute(
        """
        select change, rate_effect, size_effect from marts.mart_change_composition
        where from_edition_key = 2025 and to_edition_key = 2027 and base = 'municipalities'
            and option_key = 'themes.gender_equality'
        """
    ).fetchone()
    assert (found, mix) == pytest.approx((rate, change - rate))


def test_power_by_hand(warehouse):
    # 70 of 285 answered: as if 70 x 284 / 215 were drawn with replacement, twice, at 50%.
    size = 70 * 284 / 215
    z = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)
    needed = 0.5 * (z / 0.1) ** 2
    assert warehouse.execute(
        "select base_count, detectable_change, needed_count from marts.mart_power"
        " where edition_key = 2025 and question_key = 'has_policy'"
    ).fetchone() == (
        70, pytest.approx(z * math.sqrt(0.5 / size)), math.ceil(needed * 285 / (284 + needed)),
    )  # fmt: skip


def test_percentages_are_rounded_half_up(warehouse):
    rows = warehouse.execute(
        """
        select selected_count, base_count, percentage from marts.mart_question_results
        where base_count > 0
        """
    ).fetchall()
    assert any(selected * 200 % (2 * base) == base for selected, base, _ in rows)
    for selected, base, percentage in rows:
        assert percentage == (200 * selected + base) // (2 * base)


def test_base_after_weighting_is_never_more_than_the_base(warehouse):
    assert warehouse.execute(
        "select count(*) > 500, max(effective_base - base_count) <= 1e-9"
        " from marts.mart_question_results where effective_base is not null and base = ?",
        ["municipalities"],
    ).fetchone() == (True, True)
