"""The texts of every language, as a table that models and analysts can join."""

import duckdb

from ingest.shared.tables import insert_rows
from vocabulary.texts import LANGUAGES, read_texts


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
    rows = [
        (language, name, code, text)
        for language in LANGUAGES
        for name, texts in read_texts(language).lists.items()
        for code, text in texts.items()
    ]
    insert_rows(connection, "vocabulary.texts", rows)
