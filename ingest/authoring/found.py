"""Questions as the columns of an export show them, and of what type they seem to be."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.exports.files import Grid
from ingest.exports.joined import JSON, LINES
from ingest.shared.text import to_match_text
from vocabulary.lists import AnswerRole
from vocabulary.texts import LANGUAGES, read_texts
from vocabulary.types import QuestionType

# How tools end the header of one option or row: `Question [Option]`, `Question - Option`.
PARTS = (re.compile(r"(.+?) *\[(.+)\]"), re.compile(r"(.+) - (.+)"), re.compile(r"(.+)[:/] ?(.+)"))
TICKED, UNTICKED = (
    {digit, *(word for one in LANGUAGES for word in read_texts(one)["boxes"][code].split(", "))}
    for code, digit in (("ticked", "1"), ("unticked", "0"))
)
DELIMITERS = (";", "|", ", ")
# More answers than this, or longer ones, are somebody's own words.
MOST_OPTIONS, LONGEST_OPTION = 20, 120
NUMBER = re.compile(r"-?\d+([.]\d+)?")
# A telephone number or a code of a person or place: digits that nobody adds up.
NO_AMOUNT = re.compile(r"[+0]\d[\d ./-]+|\d{9,}")


@dataclass
class Found:
    """A question as its columns show it: options by label, rows by label, and its columns.

    A questionnaire, where there is one, gives the code of each option and row, and the rest.
    """

    label: str
    type: QuestionType
    options: dict[str, str] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)
    # Header, role, item label and option label of each column, and what stands in it.
    columns: list[tuple[str, AnswerRole, str, str]] = field(default_factory=list)
    spellings: list[tuple[str, str, bool]] = field(default_factory=list)
    delimiter: str = ""
    key: str = ""
    relevant: str = ""
    part: str = ""
    is_required: bool = False
    total: str = ""


def find_questions(
    grid: Grid, roles: dict[str, str], titles: dict[str, str] | None = None
) -> Iterator[Found]:
    """Yield the questions of an export, in the order of its columns; `roles` are metadata.

    `titles` says what a column is called where its header is but a name.
    """
    called = titles or {}
    columns = [
        (header, [row[number] for row in grid.rows])
        for number, header in enumerate(grid.headers)
        if header is not None and header not in roles
    ]
    stems = Counter(
        stem for header, _ in columns for stem, _ in _list_ends(called.get(header, header))
    )
    groups: dict[tuple[str, bool], dict[str, list[str]]] = {}
    for header, cells in columns:
        own = groups.setdefault(_split(called.get(header, header), stems), {})
        own[header] = [cell for cell in cells if cell]
    for (stem, is_part), own in groups.items():
        ends = {header: _end(called.get(header, header), stem) for header in own}
        if is_part:
            yield from _find_group(stem, own, ends)
        else:
            yield from (
                _find_single(called.get(header, header), header, cells)
                for header, cells in own.items()
            )


def _list_ends(header: str) -> list[tuple[str, str]]:
    """Return the ways to take a header for a question and what it says of one column of it."""
    matches = (form.fullmatch(header) for form in PARTS)
    return [(match[1], match[2]) for match in matches if match]


def _split(header: str, stems: Counter[str]) -> tuple[str, bool]:
    """Return what a header begins with, and whether another begins with the same."""
    shared = (stem for stem, _ in _list_ends(header) if stems[stem] > 1)
    stem = next(shared, None)
    return (header, False) if stem is None else (stem, True)


def _end(header: str, stem: str) -> str:
    return next((end for own, end in _list_ends(header) if own == stem), header)


def _find_group(stem: str, columns: dict[str, list[str]], ends: dict[str, str]) -> Iterator[Found]:
    """Yield several columns as one question: boxes that were ticked, or rows of a matrix.

    A column of words among boxes is what somebody wrote beside them, and chooses an option; where
    all hold words, each is a question by itself.
    """
    values = {
        header: list(dict.fromkeys(map(to_match_text, cells))) for header, cells in columns.items()
    }
    boxes = {header for header, own in values.items() if _is_ticks(own, ends[header])}
    options = _order(text for own in values.values() for text in own)
    if 2 * len(boxes) > len(columns):
        yield _find_boxes(stem, values, boxes, ends)
    elif _is_list(options, sum(map(len, columns.values()))):
        found = Found(stem, QuestionType.MATRIX, dict.fromkeys(options, ""))
        for header in columns:
            found.items[ends[header]] = ""
            found.columns.append((header, AnswerRole.QUESTION, ends[header], ""))
        found.spellings = [(label, label, True) for label in found.options]
        yield found
    else:
        yield from (
            _find_single(f"{stem} [{ends[header]}]", header, cells)
            for header, cells in columns.items()
        )


def _find_boxes(
    stem: str, values: dict[str, list[str]], boxes: set[str], ends: dict[str, str]
) -> Found:
    found = Found(stem, QuestionType.MULTIPLE)
    for header, own in values.items():
        label = ends[header]
        found.options[label] = ""
        role = AnswerRole.OPTION if header in boxes else AnswerRole.OTHER_CHOICE
        found.columns.append((header, role, "", label))
        spelled = (own or ["1"]) if header in boxes else []
        found.spellings += [(label, text, text.lower() not in UNTICKED) for text in spelled]
    return found


def _is_list(options: list[str], count: int) -> bool:
    """Whether so many answers seem to be of a list: each given twice or more, few and short."""
    is_short = max(map(len, options), default=0) < LONGEST_OPTION
    return 0 < 2 * len(options) <= count and is_short and len(options) <= MOST_OPTIONS


def _is_ticks(values: list[str], label: str) -> bool:
    return all(text.lower() in TICKED | UNTICKED or text == to_match_text(label) for text in values)


def _find_single(label: str, header: str, cells: list[str]) -> Found:
    """Return one column as one question: a number, a choice, several in one cell, or words."""
    counts = Counter(map(to_match_text, cells))
    if any(NO_AMOUNT.fullmatch(text) for text in counts):
        return Found(label, QuestionType.TEXT, columns=[(header, AnswerRole.QUESTION, "", "")])
    if counts and all(NUMBER.fullmatch(text) for text in counts):
        is_whole = all("." not in text for text in counts)
        kind = QuestionType.INTEGER if is_whole else QuestionType.NUMBER
        return Found(label, kind, columns=[(header, AnswerRole.QUESTION, "", "")])
    delimiter, pieces = find_pieces(cells)
    is_joined = bool(delimiter) and len(pieces) < len(counts)
    options = _order(pieces if is_joined else counts)
    answers = sum(len(cell.split(delimiter)) for cell in cells) if is_joined else len(cells)
    if _is_list(options, answers):
        kind = QuestionType.MULTIPLE if is_joined else QuestionType.SINGLE
        role = AnswerRole.OPTIONS if is_joined else AnswerRole.QUESTION
        return Found(
            *(label, kind, dict.fromkeys(options, "")),
            columns=[(header, role, "", "")],
            spellings=[(option, option, True) for option in options],
            delimiter=delimiter if is_joined else "",
        )
    return Found(label, QuestionType.TEXT, columns=[(header, AnswerRole.QUESTION, "", "")])


def find_pieces(cells: list[str]) -> tuple[str, list[str]]:
    """Return what stands between the options of joined cells, and the options, if they are."""
    if any(cell.startswith("[") and cell.endswith("]") for cell in cells):
        form, pieces = JSON, [piece for cell in cells for piece in re.findall(r'"([^"]+)"', cell)]
    elif any("\n" in cell for cell in cells):
        form, pieces = LINES, [line for cell in cells for line in cell.splitlines()]
    else:
        held = (one for one in DELIMITERS if any(one in cell for cell in cells))
        form = next(held, "")
        pieces = [piece for cell in cells for piece in cell.split(form)] if form else []
    stripped = (piece.strip() for piece in pieces)
    return form.strip(" "), list(dict.fromkeys(piece for piece in stripped if piece))


def _order(texts: Iterator[str] | list[str] | Counter[str]) -> list[str]:
    """Return texts once each, numbers by their size, others as they came."""
    distinct = list(dict.fromkeys(map(to_match_text, texts)))
    return sorted(distinct, key=lambda text: float(text) if NUMBER.fullmatch(text) else 0)
