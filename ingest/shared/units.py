"""What respondents are part of, in the words of the codebook."""

import duckdb

from vocabulary.texts import Unit


def read_units(connection: duckdb.DuckDBPyConnection) -> dict[str, Unit]:
    """Return what the codebook calls that of which respondents are part, by language."""
    rows = connection.execute(
        "select language, singular, plural, definite from codebook.units"
    ).fetchall()
    return {language: Unit(*words) for language, *words in rows}
