"""How headers, labels and names are compared."""

import datetime
import html
import ipaddress
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_FOLDED = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4\u0060", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\u00ad"),
    }
)


# No column of a sheet is wider.
WIDEST = 60
# An e-mail address has a domain with a point in it; an IP address is looked for word by word.
EMAIL = re.compile(r"[^\s@]+@[^\s@.]+(?:[.][^\s@.]+)*[.][^\W\d_]{2,}")
WORD = re.compile(r"[0-9A-Fa-f:.]+")


def holds_address(text: str) -> bool:
    """Whether an e-mail address with its domain, or a whole IP address, stands in a text."""
    return EMAIL.search(text) is not None or any(
        _is_address(word.strip(".:") if word.count(":") < 2 else word.rstrip("."))
        for word in WORD.findall(text)
        if word.count(".") > 2 or word.count(":") > 1
    )


def _is_address(word: str) -> bool:
    try:
        ipaddress.ip_address(word)
    except ValueError:
        return False
    # Two colons by themselves are an address to a machine only.
    return any(letter.isalnum() for letter in word)


@lru_cache(maxsize=100_000)
def to_match_text(text: str) -> str:
    """Return the form in which two texts are compared: NFKC, white space, quotes, dashes folded.

    Letter case is kept: a spelling that differs in case is a spelling of its own.
    """
    # Folded before NFKC too, which would turn an acute accent into a space and a mark.
    normal = unicodedata.normalize("NFKC", text.translate(_FOLDED)).translate(_FOLDED)
    return " ".join(normal.split())


# A mark of a page begins with a letter: what is below a number stays.
MARK = re.compile(r"</?[A-Za-z][^>]*>")


def to_plain(text: str) -> str:
    """Return a text without the marks of a page, in one line."""
    return " ".join(html.unescape(MARK.sub(" ", text)).split())


def is_date(text: str) -> bool:
    """Whether a text is a day of the calendar, as year-month-day."""
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def fit_width(words: Iterable[str]) -> int:
    """Return how wide a column of a sheet is, in letters, to show its longest text or a line."""
    return min(max(map(len, words), default=0) + 2, WIDEST)


def to_column_letter(column_number: int) -> str:
    """Return the letters a spreadsheet gives a column: 1 is A, 27 is AA."""
    letters = ""
    while column_number:
        column_number, remainder = divmod(column_number - 1, 26)
        letters = chr(ord("A") + remainder) + letters
    return letters


def to_column_number(letters: str) -> int:
    """Return the number of a spreadsheet's column: A is 1, XFD is 16,384."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number
