"""The macros that compute: rounding as in Python."""

import duckdb
import pytest
from jinja2 import Template

from tests.conftest import ROOT
from vocabulary.rounding import round_half_up

TEMPLATE = (ROOT / "dbt_project/macros/statistics.sql").read_text(encoding="utf-8")


def test_sql_and_python_round_alike():
    call = "{{ percentage_half_up('selected', 'base', 0) }}"
    sql = Template(TEMPLATE + call).render()
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
