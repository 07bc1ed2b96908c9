"""What is wrong with the input, said so that a person can mend it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import cast

SHOWN_OF_CAUSE = 5
SHOWN_SPOTS = 3
SHOWN_LENGTH = 100
CANDIDATES = 3
CANDIDATE_SCORE = 50
SURE_SCORE = 80


@dataclass(frozen=True)
class Place:
    """Where something stands: in which file and sheet, in which cell or row, in which column."""

    source: str
    kind: str = ""
    spot: str = ""
    column: str = ""

    def __str__(self) -> str:
        return self.describe([self.spot] if self.spot else [])

    def describe(self, spots: Sequence[str]) -> str:
        """Return the place in words, with the first of several cells or rows of its kind."""
        parts = [self.source]
        if spots:
            kind = f"{self.kind}s" if len(spots) > 1 else self.kind
            more = len(spots) - SHOWN_SPOTS
            rest = f" and {more} more" if more > 0 else ""
            parts.append(f"{kind} {', '.join(spots[:SHOWN_SPOTS])}{rest}")
        if self.column:
            parts.append(f"column {self.column}")
        return ", ".join(parts)


@dataclass(frozen=True)
class Problem:
    """One thing that stops a build: where it stands, what was seen there, what to do.

    Problems of one file with one `action` have one cause; `nearest` is what may have been meant.
    """

    where: Place | str
    what: str
    action: str
    nearest: str = ""

    def __str__(self) -> str:
        return self.describe(str(self.where))

    def describe(self, where: str) -> str:
        """Return the problem as it is told, with its place in the words given."""
        return f"{where}\n    {self.what}\n    -> {self.advice}"

    @property
    def advice(self) -> str:
        """What to do, with what may have been meant."""
        return f"{self.action}{self.nearest}"


class InputError(Exception):
    """The codebook or an export cannot be used; carries every problem that was found.

    Its text has a line for what is wrong in the same way in the same column, and the first few of
    a cause; `tell_all` has every one.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(dict.fromkeys(problems))
        shown, self.left_count = _sum_up(self.problems)
        super().__init__("\n\n".join([self._tell_count(), *shown]))

    def _tell_count(self) -> str:
        count = len(self.problems)
        return f"{count} problem{'s' if count > 1 else ''} in the input; nothing was built."

    def tell_all(self) -> str:
        """Return every problem with its place, below how many there are."""
        return "\n\n".join([self._tell_count(), *map(str, self.problems)])


def _sum_up(problems: Iterable[Problem]) -> tuple[list[str], int]:
    """Return the problems that are shown, those of a cause together, and how many are left off."""
    causes: dict[tuple[str, str], dict[Problem, list[str]]] = {}
    for problem in problems:
        where = problem.where if isinstance(problem.where, Place) else Place(problem.where)
        alike = replace(problem, where=replace(where, spot=""))
        causes.setdefault((where.source, problem.action), {}).setdefault(alike, []).append(
            where.spot
        )
    shown, left_count = [], 0
    for lines in causes.values():
        first, rest = list(lines.items())[:SHOWN_OF_CAUSE], list(lines.items())[SHOWN_OF_CAUSE:]
        described = [
            problem.describe(cast(Place, problem.where).describe([spot for spot in spots if spot]))
            for problem, spots in first
        ]
        more = sum(len(spots) for _, spots in rest)
        if more:
            described[-1] += f"\n... and {more} more of this kind."
        shown += described
        left_count += more
    return shown, left_count


def make_printable(text: str) -> str:
    """Return a text that does nothing to a terminal: control characters are spelled out."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in text
    )


def shorten(text: str) -> str:
    """Return a text that fits a message: what it begins with, where it is long."""
    return text if len(text) <= SHOWN_LENGTH else f"{text[:SHOWN_LENGTH]}..."


def find_nearest(seen: str, known: Iterable[str]) -> str | None:
    """Return the known name that is surely meant, or None where that is not clear."""
    from rapidfuzz import fuzz, process

    match = process.extractOne(
        seen, sorted(set(known)), scorer=fuzz.ratio, processor=str.casefold, score_cutoff=SURE_SCORE
    )
    return match[0] if match else None


def name_candidates(seen: str, known: Iterable[str]) -> str:
    """Return the nearest known names as a phrase that ends an action, or nothing."""
    from rapidfuzz import fuzz, process

    matches = process.extract(
        seen,
        sorted(set(known)),
        scorer=fuzz.WRatio,
        processor=str.casefold,
        limit=CANDIDATES,
        score_cutoff=CANDIDATE_SCORE,
    )
    return f" Nearest: {', '.join(repr(name) for name, _, _ in matches)}." if matches else ""
