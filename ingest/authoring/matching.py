"""The columns of a new export, matched to what earlier editions know."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from ingest.shared.text import to_match_text, to_plain
from vocabulary.lists import AnswerRole
from vocabulary.types import TRAITS, QuestionType

EXACT = 100
# Below these a likeness says nothing: the text of a question, of an option, of a metadata header.
NEAR_QUESTION = 70
NEAR_LABEL = 75
NEAR_METADATA = 60

NUMBER = re.compile(r"^[A-Za-z]{0,2}(\d+[a-z]?)[.:)]?\s+")
SEPARATORS = (" - ", " [", ": ", " | ")


@dataclass(frozen=True)
class Target:
    """What a column of an export can hold; `text` is its question, `label` what is below it."""

    role: str
    question_key: str | None = None
    item_code: str | None = None
    option_code: str | None = None


@dataclass(frozen=True)
class KnownQuestion:
    """A question with all wordings and labels that earlier editions had for it."""

    question_key: str
    type: QuestionType
    wordings: frozenset[str]
    labels: dict[str, str]  # label, simplified -> code of the matrix row or option
    doubtful: frozenset[str] = frozenset()  # labels that, simplified, stand for two codes


@dataclass(frozen=True)
class Match:
    """A header with the target proposed for it; score 100 is an exact match, 0 is none.

    `wording` and `label` are the header's own words for the question and what is below it.
    """

    header: str
    target: Target | None
    score: int
    number: str | None
    wording: str
    label: str | None

    @property
    def is_certain(self) -> bool:
        """Whether every part is, to the letter, what an earlier edition had."""
        return self.target is not None and self.score == EXACT


def simplify(text: str) -> str:
    """Return a text without case and punctuation, for comparing headers."""
    return " ".join(re.findall(r"[\w+&<>=≤≥]+", to_match_text(to_plain(text)).casefold()))


def match_header(
    header: str, questions: Iterable[KnownQuestion], metadata: dict[str, str], other: str
) -> Match:
    """Return the best match of one header.

    `metadata` has simplified earlier headers with their roles; `other` is how earlier editions
    ended the header of an "other, namely" text.
    """
    number = NUMBER.match(to_match_text(header))
    found = number.group(1) if number else None
    role = metadata.get(simplify(header))
    if role is not None:
        return Match(header, Target(role), EXACT, None, header, None)
    _, best = max(
        _match_parts(header, found, list(questions), other),
        key=lambda ranked: ranked[0],
        default=((), Match(header, None, 0, found, NUMBER.sub("", header), None)),
    )
    if best.score < NEAR_QUESTION and found is None:
        near = process.extractOne(simplify(header), list(metadata), scorer=fuzz.token_sort_ratio)
        if near is not None and near[1] >= NEAR_METADATA:
            score = min(int(near[1]), EXACT - 1)
            return Match(header, Target(metadata[near[0]]), score, None, header, None)
    return best


def _match_parts(
    header: str, number: str | None, questions: list[KnownQuestion], other: str
) -> Iterator[tuple[tuple[int, ...], Match]]:
    """Yield every way to read a header, ranked by the likeness of its question first."""
    whole = NUMBER.sub("", to_match_text(header))
    for left, right in [(whole, None), *split_header(whole)]:
        for question in questions:
            traits = TRAITS[question.type]
            score = _compare(simplify(left), question.wordings)
            if score < NEAR_QUESTION:
                continue
            if right is not None and (traits.has_rows or traits.takes_several):
                match = _match_label(header, number, question, left, right, score, other)
                yield (score, match.score, len(left)), match
            elif right is None and not traits.has_rows:
                role = AnswerRole.OPTIONS if traits.takes_several else AnswerRole.QUESTION
                target = Target(role, question.question_key)
                yield (score, score, len(left)), Match(header, target, score, number, left, None)


def split_header(text: str) -> Iterator[tuple[str, str]]:
    """Yield every way to take a header for a question and what is below it."""
    for separator in SEPARATORS:
        start = text.find(separator)
        while start >= 0:
            right = text[start + len(separator) :]
            yield text[:start], right.removesuffix("]") if separator == " [" else right
            start = text.find(separator, start + 1)


def _match_label(
    header: str,
    number: str | None,
    question: KnownQuestion,
    left: str,
    right: str,
    score: int,
    other: str,
) -> Match:
    is_other = bool(other) and simplify(right).endswith(other)
    label = simplify(right)[: -len(other)].strip() if is_other else simplify(right)
    near = process.extractOne(label, list(question.labels), scorer=fuzz.ratio)
    code = None
    label_score = 0
    if near is not None and near[1] >= NEAR_LABEL:
        code = question.labels[near[0]]
        is_exact = near[0] == label and label not in question.doubtful
        label_score = EXACT if is_exact else min(int(near[1]), EXACT - 1)
    has_rows = TRAITS[question.type].has_rows
    role = AnswerRole.QUESTION if has_rows else AnswerRole.OPTION
    item, option = (code, None) if has_rows else (None, code)
    target = Target(
        AnswerRole.OTHER_TEXT if is_other else role, question.question_key, item, option
    )
    # A label nobody knows is a new row or option of a known question.
    total = min(score, label_score) if code else min(score, NEAR_QUESTION)
    return Match(header, target, total, number, left, right)


def _compare(text: str, known: Iterable[str]) -> int:
    if text in known:
        return EXACT
    scores = [fuzz.ratio(text, other) for other in known]
    return min(int(max(scores, default=0)), EXACT - 1)


def match_headers(
    headers: Iterable[str],
    questions: list[KnownQuestion],
    metadata: dict[str, str],
    other: str,
) -> list[Match]:
    """Return one match per header; a target goes to the header that is most like it."""
    matches = [match_header(header, questions, metadata, other) for header in headers]
    taken: dict[Target, Match] = {}
    for match in sorted(matches, key=lambda match: -match.score):
        if match.target is not None and not _is_shared(match):
            taken.setdefault(match.target, match)
    return [
        match
        if match.target is None or _is_shared(match) or taken[match.target] is match
        else Match(match.header, None, 0, match.number, match.wording, match.label)
        for match in matches
    ]


def _is_shared(match: Match) -> bool:
    """Whether several headers may have this target: new labels, and ignored columns."""
    target = match.target
    return target is not None and (
        target.role == AnswerRole.IGNORED
        or (match.label is not None and not (target.item_code or target.option_code))
    )
