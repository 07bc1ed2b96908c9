"""Intervals against statsmodels; rounding half up."""

import duckdb
import pytest
from statsmodels.stats.proportion import proportion_confint


def test_interval_of_respondents_is_wilsons(warehouse: duckdb.DuckDBPyConnection):
    rows = warehouse.execute(
        """
        select selected_count, base_count, share_low, share_high
        from marts.mart_question_results where base = 'respondents' and base_count > 0
        """
    ).fetchall()
    assert len(rows) > 250
    for selected, base, low, high in rows:
        expected = proportion_confint(selected, base, method="wilson")
        assert (low, high) == pytest.approx(expected, abs=1e-12)


def test_interval_of_municipalities_has_the_finite_population_correction(warehouse):
    # 70 of 285 took part: z^2/n shrinks by 1 - 70/285, as if n were 285/215 times larger.
    rows = warehouse.execute(
        """
        select selected_count, base_count, share_low, share_high
        from marts.mart_question_results
        where edition_key = 2025 and base = 'municipalities' and base_count > 0
        """
    ).fetchall()
    for selected, base, low, high in rows:
        factor = 285 / (285 - 70)
        expected = proportion_confint(selected * factor, base * factor, method="wilson")
        assert (low, high) == pytest.approx(expected, abs=1e-12)


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
