"""Texts for people, in a file per language: chosen by a code, filled with arguments.

`languages/nl.toml` and `en.toml` have a section per list; a text has `{0}`, `{1}` for its
arguments, the names of thresholds for their numbers, and `{unit}`, `{units}`, `{Unit}`, `{Units}`
and `{the_unit}` for what respondents are part of: a municipality, a school.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from vocabulary.thresholds import as_words

FOLDER = Path(__file__).parent / "languages"
LANGUAGES = ("en", "nl")
# The warehouse explains itself in the language of its columns; the site has that of its readers,
# which the codebook can name.
OF_THE_WAREHOUSE, OF_THE_SITE = LANGUAGES


@dataclass(frozen=True)
class Unit:
    """What respondents are part of, in one language: one, several, and the one."""

    singular: str
    plural: str
    definite: str

    def as_words(self) -> dict[str, str]:
        """Return its words as texts may use them."""
        one, several = self.singular, self.plural
        return {
            "unit": one,
            "units": several,
            "Unit": capitalize_first(one),
            "Units": capitalize_first(several),
            "the_unit": self.definite,
        }


@dataclass(frozen=True)
class Texts:
    """The texts of one language, by list and code."""

    language: str
    lists: dict[str, dict[str, str]]

    def __getitem__(self, name: str) -> dict[str, str]:
        """Return the words of a list, by code. Raises KeyError for one that no language has."""
        return self.lists[name]

    def say(self, name: str, code: str, *arguments: object) -> str:
        """Return a text with its arguments. Raises KeyError for a code that has none."""
        return self.lists[name][code].format(*arguments)


def capitalize_first(text: str) -> str:
    """Return a text as a sentence begins: the rest of its letters stay as they are."""
    return text[:1].upper() + text[1:]


@cache
def read_texts(language: str, unit: Unit | None = None) -> Texts:
    """Return the texts of a language, with the thresholds and the words of the unit filled in."""
    with (FOLDER / f"{language}.toml").open("rb") as file:
        lists = tomllib.load(file)
    words = as_words() | (unit or Unit(**lists["unit"])).as_words()
    for texts in lists.values():
        for code, text in texts.items():
            for name, word in words.items():
                text = text.replace(f"{{{name}}}", word)
            texts[code] = text
    return Texts(language, lists)
