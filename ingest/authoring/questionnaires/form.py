"""A questionnaire as its tool has it: what is asked, of whom, and what has no place here."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from vocabulary.types import QuestionType


@dataclass
class Asked:
    """A question of a questionnaire; options and rows by their code there, with their labels.

    `relevant` and `item_relevant` are written as XLSForm writes them, with the tool's own names
    and codes; empty where everyone is asked. `total` is what the rows of a constant sum add up to.
    """

    name: str
    label: str
    type: QuestionType
    options: dict[str, str] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)
    relevant: str = ""
    part: str = ""
    is_required: bool = False
    total: str = ""


@dataclass
class Questionnaire:
    """The questions in their order, and in words what has no place in a codebook."""

    asked: list[Asked] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


class UnreadableError(ValueError):
    """A file that is no questionnaire of the tool that its name says."""


def make_keys(names: Iterable[str]) -> dict[str, str]:
    """Return a key for each name or code of a tool, as a codebook writes it; no two alike."""
    keys: dict[str, str] = {}
    for name in names:
        base = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_") or "x"
        key, number = base, 2
        while key in keys.values():
            key, number = f"{base}_{number}", number + 1
        keys[name] = key
    return keys


def join_conditions(*conditions: str) -> str:
    """Return conditions that must all hold as one."""
    given = [condition for condition in conditions if condition]
    return given[0] if len(given) == 1 else " and ".join(f"({one})" for one in given)
