"""What is wrong with the input, said so that a person can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN = 50
SHOWN_LENGTH = 100
CANDIDATES = 3
CANDIDATE_SCORE = 50
SURE_SCORE = 80


@dataclass(frozen=True)
class Problem:
    """One thing that stops a build: where it stands, what was seen there, what to do."""

    where: str
    what: str
    action: str

    def __str__(self) -> str:
        return f"{self.where}\n    {self.what}\n    -> {self.action}"


class InputError(Exception):
    """The codebook or an export cannot be used; carries every problem that was found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(dict.fromkeys(problems))
        count = len(self.problems)
        heading = f"{count} problem{'s' if count > 1 else ''} in the input; nothing was built."
        shown = [str(problem) for problem in self.problems[:SHOWN]]
        rest = [f"... and {count - SHOWN} more."] if count > SHOWN else []
        super().__init__("\n\n".join([heading, *shown, *rest]))


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
