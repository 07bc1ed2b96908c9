"""The macros that compute: an interval of a published example, rounding as in Python."""

import duckdb
import pytest
from jinja2 import Template

from tests.conftest import ROOT
from vocabulary.rounding import round_half_up
from vocabulary.thresholds import CONFIDENCE_Z

TEMPLATE = (ROOT / "dbt_project/macros/statistics.sql").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("selected", "base", "low", "high"), [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605)]
)
def test_interval_of_a_published_example(selected, base, low, high):
    # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3.
    for side, expected in ((-1, low), (1, high)):
        call = f"{{{{ wilson_bound('{selected} / {base}', {base}, 0, {side}) }}}}"
        sql = Template(TEMPLATE + call).render(var=lambda _: CONFIDENCE_Z)
        assert duckdb.execute(f"select {sql}").fetchone()[0] == pytest.approx(expected, abs=5e-5)


def test_sql_and_python_round_alike():
    call = "{{ percentage_half_up('selected', 'base', 0) }}"
    sql = Template(TEMPLATE + call).render(var=lambda _: CONFIDENCE_Z)
    rows = duckdb.execute(
        f"select selected, base, {sql} from range(1, 201) as bases(base),"
        " unnest(range(0, base + 1)) as chosen(selected)"
    ).fetchall()
    assert len(rows) == 20_300
    assert [row for row in rows if round_half_up(100 * row[0] / row[1]) != row[2]] == []


@pytest.mark.parametrize(
    ("value", "rounded"),
    [(12.5, 13), (-12.5, -13), (0.5, 1), (-0.4, 0), (2.4999, 2), (100 * 0.145, 15)],
)
def test_halves_go_away_from_zero(value, rounded):
    assert round_half_up(value) == rounded
