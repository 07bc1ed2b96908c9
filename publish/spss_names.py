"""Names and labels that SPSS takes: unique whatever their case, short enough, and whole."""

import re
from collections.abc import Iterable

LONGEST_NAME, LONGEST_LABEL, LONGEST_VALUE_LABEL, LONGEST_FILE_LABEL = 64, 255, 120, 64
RESERVED = {
    *("all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"),
}


def name_variables(keys: Iterable[str]) -> dict[str, str]:
    """Return a name for each key: the key where it can be one, else one made from it.

    A name begins with a letter, is no reserved word, has no point at its end and at most 64
    bytes; no two names differ in case only.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for key in keys:
        stem = re.sub(r"[^A-Za-z0-9_.]", "_", key).rstrip(".")
        if not stem[:1].isalpha() or stem.casefold() in RESERVED:
            stem = f"v_{stem}"
        name, number = stem[:LONGEST_NAME].rstrip("."), 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem[: LONGEST_NAME - len(str(number)) - 1]}_{number}"
        taken.add(name.casefold())
        names[key] = name
    return names


def cut(text: str, longest: int) -> str:
    """Return the beginning of a text that fits into so many bytes, at a whole character."""
    return text.encode()[:longest].decode(errors="ignore")
