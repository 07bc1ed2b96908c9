"""In which words a command speaks to readers: the language and the unit of its survey."""

import re
from contextvars import ContextVar
from datetime import date
from typing import Any

import duckdb

from ingest.shared.units import read_units
from vocabulary.lists import Comparability, Population, SiteText, Verdict
from vocabulary.texts import LANGUAGES, OF_THE_SITE, Texts, read_texts

_SPOKEN: ContextVar[Texts] = ContextVar("texts")
_TRANSLATED: ContextVar[dict[str, str]] = ContextVar("translated")
QUOTED = re.compile("‘([^’]+)’")
# Of these the values name something, whatever language is spoken.
NAMING = ("_key", "_code", "_keys")


def list_languages(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the languages in which the survey can speak: its own, then those it is translated to.

    Its own is the one that the codebook names in texts.csv.
    """
    row = connection.execute(
        "select text from codebook.texts where text_key = ?", [SiteText.LANGUAGE]
    ).fetchone()
    translated = connection.execute("select language from codebook.translations").fetchall()
    own = row[0] if row else OF_THE_SITE
    return [own, *(one for one in LANGUAGES if (one,) in translated and one != own)]


def speak_for(connection: duckdb.DuckDBPyConnection, language: str | None = None) -> None:
    """Speak a language, that of the survey if none is named, with its words for the unit."""
    language = language or list_languages(connection)[0]
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
    return " ".join(
        texts.say("reasons", part["code"], *(_translate_told(told) for told in part["arguments"]))
        for part in reasons
    )


def _translate_told(told: str) -> str:
    """Return an argument of a reason: a text of the codebook, or such texts in quotes."""
    known = _TRANSLATED.get({})
    whole = known.get(told, told)
    return QUOTED.sub(lambda found: f"‘{known.get(found[1], found[1])}’", whole)


def say_verdict(texts: Texts, pair: dict[str, Any]) -> str:
    """Return the verdict on a question in two editions, and of whom, where others were asked."""
    verdict = texts["comparability"][pair["comparability"]]
    if pair["population"] != Population.COMMON_BASE:
        return verdict
    return f"{verdict} {texts['populations'][pair['population']]}"


def say_change(texts: Texts, pair: dict[str, Any]) -> str:
    """Return the verdict on a change of an answer, and whether it is to be taken with caution."""
    if pair["suppression"]:
        return texts.say("site", "withheld")
    verdict = texts["verdicts"][pair["verdict"]]
    if pair["comparability"] != Comparability.WITH_CAUTION:
        return verdict
    return f"{verdict}, {texts.say('site', 'with_caution')}"


def say_outcome(texts: Texts, pair: dict[str, Any]) -> str:
    """Return what is said of a change of an answer, with what it rests on."""
    if pair["suppression"]:
        return texts.say("site", "withheld")
    told = [texts["verdicts"][pair["verdict"]]]
    if pair["verdict"] == Verdict.NOT_COMPARABLE:
        return told[0]
    if pair["population"] == Population.COMMON_BASE:
        told.append(texts["populations"][pair["population"]])
    if pair["comparability"] == Comparability.WITH_CAUTION:
        told.append(texts.say("site", "with_caution"))
    if pair["is_indicative"]:
        told.append(texts.say("site", "indicative"))
    return ", ".join(told)


def say_day(texts: Texts, day: date) -> str:
    """Return a day as people write it."""
    return f"{day.day} {texts['months'][str(day.month)]} {day.year}"


def name_row(parent: str | None, wording: str) -> str:
    """Return a question's wording; a matrix row's behind that of its matrix."""
    return f"{parent.rstrip(' .:')} – {wording}" if parent else wording
