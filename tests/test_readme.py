"""What the README says is so."""

import re

import pytest

from pipeline.cli import app
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```\n\n((?:\|[^\n]*\n)+)", README, flags=re.DOTALL)


def render(result) -> str:
    def to_row(cells):
        return "| " + " | ".join("" if cell is None else str(cell) for cell in cells) + " |\n"

    names = [column[0] for column in result.description]
    return (
        to_row(names) + "|" + "---|" * len(names) + "\n" + "".join(map(to_row, result.fetchall()))
    )


def test_readme_has_at_least_five_queries():
    assert len(QUERIES) == README.count("```sql") >= 5


@pytest.mark.parametrize(("sql", "table"), QUERIES)
def test_query_gives_the_table_below_it(warehouse, sql, table):
    assert render(warehouse.execute(sql)) == table


def test_every_table_that_people_query_is_listed(warehouse):
    tables = warehouse.execute(
        """
        select if(schema_name = 'marts', table_name, schema_name || '.' || table_name)
        from duckdb_tables() where schema_name in ('marts', 'audit')
        """
    ).fetchall()
    listed = set(re.findall(r"^\| `([\w.]+)` \|", README, flags=re.MULTILINE))
    assert {name for (name,) in tables} <= listed


def test_every_command_is_listed():
    commands = {command.callback.__name__ for command in app.registered_commands}
    assert commands == set(re.findall(r"^\| `gelijkekansen (\w+)` \|", README, flags=re.MULTILINE))


def test_every_codebook_file_is_listed():
    for path in (ROOT / "seeds/codebook").glob("*.csv"):
        assert path.name in README, path.name


def test_counts_that_the_readme_prints_are_those_of_a_build(warehouse):
    count = warehouse.execute("select count(*) from audit.expectation_results").fetchone()[0]
    assert f"{count} expectations: 17 passed, 2 known" in README
    assert f"routing: {count} expectations per edition" in README
