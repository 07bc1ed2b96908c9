"""The texts of every language, and what the codebook calls that of which respondents are part."""

import re

import duckdb

from ingest.shared.tables import insert_rows
from ingest.shared.units import read_units
from vocabulary.texts import LANGUAGES, OF_THE_WAREHOUSE, Unit, read_texts

# What comments call it; not in the names and codes of tables, which stay.
CALLED = re.compile(r"(?<![`\w])(?:municipalit(y|ies)|Municipalit(y|ies))\b")
COMMENTS = """
    select concat('table ', schema_name, '.', table_name), comment from duckdb_tables()
    union all
    select concat('view ', schema_name, '.', view_name), comment from duckdb_views()
    union all
    select concat('column ', schema_name, '.', table_name, '.', column_name), comment
    from duckdb_columns()
"""
# Where respondents are part of nothing that is known.
UNNAMED = Unit("unit", "units", "the unit")


def create_vocabulary(connection: duckdb.DuckDBPyConnection) -> None:
    """Create `vocabulary.texts`: what each code is called, in each language."""
    connection.execute("""
        create schema vocabulary;
        create table vocabulary.texts (
            language varchar, list varchar, code varchar, text varchar
        );
        comment on table vocabulary.texts is
            'One row per language, closed list and code: what it is called. {0} and {1} in a text '
            'stand for its arguments.';
    """)
    units = read_units(connection)
    rows = [
        (language, name, code, text)
        for language in LANGUAGES
        for name, texts in read_texts(language, units.get(language)).lists.items()
        for code, text in texts.items()
    ]
    insert_rows(connection, "vocabulary.texts", rows)


def name_units(connection: duckdb.DuckDBPyConnection) -> None:
    """Let comments of tables and columns call what respondents are part of by its name."""
    unit = read_units(connection).get(OF_THE_WAREHOUSE)
    (has_frame,) = connection.execute(
        "select count(*) > 0 from codebook.municipalities"
    ).fetchall()[0]
    if unit is None and has_frame:
        return
    words = (unit or UNNAMED).as_words()

    def call(found: re.Match[str]) -> str:
        name = "units" if "ies" in found.groups() else "unit"
        return words[name.capitalize() if found[0][0].isupper() else name]

    told = connection.execute(f"from ({COMMENTS}) where comment is not null").fetchall()
    renamed = ((target, comment, CALLED.sub(call, comment)) for target, comment in told)
    statements = [
        "comment on {} is '{}'".format(target, own.replace("'", "''"))
        for target, comment, own in renamed
        if own != comment
    ]
    connection.execute(";\n".join(["begin", *statements, "commit"]))
