"""Every closed question of every edition in the explorer: its figures are those of the mart."""

import duckdb
import pytest

from publish.explorer.crossing import View, cross, list_questions
from vocabulary.lists import Base


@pytest.fixture(scope="module")
def connection(built):
    with duckdb.connect(built.warehouse, read_only=True) as connection:
        yield connection


def test_all_together_are_the_figures_of_the_mart(connection):
    expected = {
        tuple(key): tuple(figures)
        for *key, figures in connection.execute(
            "select edition_key, question_key, base, option_label, (selected_count, base_count)"
            " from marts.mart_question_results where base_count > 0"
        ).fetchall()
    }
    found = {}
    for edition in (2025, 2027, 2029):
        for question in list_questions(connection, edition):
            for base in Base:
                made = cross(connection, View(edition, question, base=base))
                for option, cells in made.rows.items():
                    cell = cells["in totaal"]
                    count = round(cell.count / cell.share) if cell.count else None
                    found[edition, question, base, option] = (cell.count, count)
    wrong = {
        key: (right, found.get(key)) for key, right in expected.items()
        if found.get(key, (None,))[0] != right[0]
        or found[key][1] not in (None, right[1])
    }  # fmt: skip
    # An option may have another label in another edition: all but those are held.
    renamed = {key for key in wrong if key not in found}
    assert {key: value for key, value in wrong.items() if key not in renamed} == {}
    assert len(renamed) < 0.02 * len(expected)
    assert len(expected) > 1600
