"""What the README says is so."""

import re

import pytest
from typer.main import get_command

from pipeline.cli import app
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
COOKBOOK = (ROOT / "docs/cookbook.md").read_text(encoding="utf-8")
ANALYST = (ROOT / "docs/analyst.md").read_text(encoding="utf-8")
TAKE_OVER = (ROOT / "docs/take-over.md").read_text(encoding="utf-8")
QUERY = re.compile(r"```sql\n(.*?)```\n\n((?:\|[^\n]*\n)+)", flags=re.DOTALL)
QUERIES = [query for text in (README, ANALYST, COOKBOOK) for query in QUERY.findall(text)]


def render(result) -> str:
    def to_row(cells):
        return "| " + " | ".join("" if cell is None else str(cell) for cell in cells) + " |\n"

    names = [column[0] for column in result.description]
    return (
        to_row(names) + "|" + "---|" * len(names) + "\n" + "".join(map(to_row, result.fetchall()))
    )


def test_every_query_stands_above_its_table_and_the_readme_is_short():
    for text in (README, ANALYST, COOKBOOK):
        assert len(QUERY.findall(text)) == text.count("```sql") > 0
    assert len(QUERY.findall(COOKBOOK)) >= 20
    assert len(README.splitlines()) < 300


def test_every_picture_and_page_that_is_linked_is_there():
    pages = ["README.md", "CONTRIBUTING.md", "schedule/README.md"]
    pages += [path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md")]
    for name in pages:
        text = (ROOT / name).read_text("utf-8")
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
            assert (ROOT / name).parent.joinpath(target).exists(), (name, target)


def test_whatever_a_page_names_is_there():
    pages = [ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    tops = {path.name for path in ROOT.iterdir()}
    for page in pages:
        for name in re.findall(r"`([\w./]+/[\w./-]+)`", page.read_text("utf-8")):
            # What a build makes, and examples, are not here.
            if name.split("/")[0] in tops - {"exports", "site", "new", "files"}:
                assert (ROOT / name).exists(), (page.name, name)


@pytest.mark.parametrize(("sql", "table"), QUERIES)
def test_query_gives_the_table_below_it(warehouse, sql, table):
    assert render(warehouse.execute(sql)) == table


def test_every_table_that_people_query_is_listed(warehouse):
    tables = warehouse.execute(
        """
        select if(schema_name = 'marts', table_name, schema_name || '.' || table_name) from (
            select schema_name, table_name from duckdb_tables()
            union all
            select schema_name, view_name from duckdb_views() where not internal
        )
        where schema_name in ('marts', 'audit', 'public_release')
        """
    ).fetchall()
    listed = set(re.findall(r"^\| `([\w.]+)` \|", ANALYST, flags=re.MULTILINE))
    assert {name for (name,) in tables} <= listed


def test_every_command_is_listed():
    commands = set(get_command(app).commands)
    assert commands == set(re.findall(r"^\| `gelijkekansen (\w+)` \|", README, flags=re.MULTILINE))


def test_every_codebook_file_is_listed():
    for path in (ROOT / "seeds/codebook").glob("*.csv"):
        assert path.name in TAKE_OVER, path.name


def test_output_of_the_build_is_the_one_printed(built, build_output):
    printed = README.split("$ make warehouse\n")[1].split("```")[0].splitlines()
    told = [re.sub(r"in \d+ s\b", "in 14 s", line) for line in build_output]
    for line in printed:
        assert line.strip() == "..." or line in told, line
