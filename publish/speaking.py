"""In which words a command speaks to readers: the language and the unit of its survey."""

from contextvars import ContextVar
from typing import Any

import duckdb

from ingest.shared.units import read_units
from vocabulary.lists import Population, SiteText
from vocabulary.texts import OF_THE_SITE, Texts, read_texts

_SPOKEN: ContextVar[Texts] = ContextVar("texts")
_TRANSLATED: ContextVar[dict[str, str]] = ContextVar("translated")
# Of these the values name something, whatever language is spoken.
NAMING = ("_key", "_code", "_keys")


def speak_for(connection: duckdb.DuckDBPyConnection) -> None:
    """Speak the language that the codebook names in texts.csv, with its words for the unit."""
    row = connection.execute(
        "select text from codebook.texts where text_key = ?", [SiteText.LANGUAGE]
    ).fetchone()
    language = row[0] if row else OF_THE_SITE
    _SPOKEN.set(read_texts(language, read_units(connection).get(language)))
    rows = connection.execute(
        "select text, translation from codebook.translations where language = ?", [language]
    ).fetchall()
    _TRANSLATED.set(dict(rows))


def spoken() -> Texts:
    """Return the texts of the survey that is read; before that, those of the site."""
    return _SPOKEN.get(read_texts(OF_THE_SITE))


def translate(column: str, value: object) -> object:
    """Return what a text of the codebook is in the language that is spoken."""
    if not isinstance(value, str) or column.endswith(NAMING):
        return value
    return _TRANSLATED.get({}).get(value, value)


def say_reasons(reasons: list[dict[str, Any]]) -> str:
    """Return the reasons of a comparison, in the language of the readers."""
    texts = spoken()
    return " ".join(texts.say("reasons", part["code"], *part["arguments"]) for part in reasons)


def say_verdict(texts: Texts, pair: dict[str, Any]) -> str:
    """Return the verdict on a question in two editions, and of whom, where others were asked."""
    verdict = texts["comparability"][pair["comparability"]]
    if pair["population"] != Population.COMMON_BASE:
        return verdict
    return f"{verdict} {texts['populations'][pair['population']]}"


def name_row(parent: str | None, wording: str) -> str:
    """Return a question's wording; a matrix row's behind that of its matrix."""
    return f"{parent} – {wording}" if parent else wording
