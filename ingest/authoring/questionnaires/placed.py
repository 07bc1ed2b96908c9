"""The columns of an export, found by what its questionnaire calls them and their answers."""

from collections.abc import Iterator
from dataclasses import dataclass

from ingest.authoring.found import TICKED, UNTICKED, Found, find_pieces
from ingest.authoring.matching import NUMBER, simplify
from ingest.authoring.questionnaires.conditions import carry_over, name_all
from ingest.authoring.questionnaires.form import Asked, Questionnaire, make_keys
from ingest.exports.files import Grid
from ingest.exports.joined import BLANK
from ingest.routing.literals import RoutingError
from ingest.shared.text import to_match_text
from vocabulary.lists import AnswerRole
from vocabulary.types import TRAITS, QuestionType

# How tools join the name or the text of a question with that of an option or a row.
JOINED = ("{}/{}", "{}_{}", "{}[{}]", "{} [{}]", "{} - {}", "{}: {}", "{}.{}")
# And of the text beside an option.
OTHER = ("_other", "_other_text", "[other]")
BESIDE = ("{}/{}_text", "{}_{}_text", "{}[{}comment]", "{}_{}_other")


@dataclass(frozen=True)
class Column:
    """What a column of an export is of: a question, and an option or row of it by their codes."""

    asked: Asked
    role: AnswerRole
    item: str = ""
    option: str = ""


def place_questions(
    questionnaire: Questionnaire, grid: Grid, roles: dict[str, str]
) -> tuple[list[Found], list[str], list[str]]:
    """Return the questions with their columns, the headers that are of none, and what is told.

    Each condition is carried over; a question without a column, an answer that is none of its
    options and a condition that cannot be said are told.
    """
    known = name_columns(questionnaire.asked)
    columns: dict[str, list[tuple[str, Column, list[str]]]] = {}
    others = []
    for number, header in enumerate(grid.headers):
        if header is None or header in roles:
            continue
        column = find_column(header, known)
        if column is None:
            others.append(header)
        else:
            cells = [row[number] for row in grid.rows]
            values = list(dict.fromkeys(to_match_text(cell) for cell in cells if cell))
            columns.setdefault(column.asked.name, []).append((header, column, values))
    told = list(questionnaire.left_out)
    names = name_all(questionnaire.asked)
    found = []
    for asked in questionnaire.asked:
        own = columns.get(asked.name, [])
        if not own:
            told.append(f"{asked.name}: has no column in the export")
            continue
        question, joined = _place_question(asked, names[asked.name][0], own, told)
        others.extend(joined)
        try:
            question.relevant = carry_over(asked.relevant, names)
        except RoutingError as error:
            told.append(f"{asked.name}: asked of all; {error}: {asked.relevant}")
        found.append(question)
    return found, others, told


def find_column(header: str, known: dict[str, Column]) -> Column | None:
    """Return what a column is of, by its header or the beginning or end of it."""
    return next((known[name] for name in _list_names(header) if name in known), None)


def _list_names(header: str) -> Iterator[str]:
    """Yield what a header may begin or end with, the whole first."""
    yield simplify(header)
    yield simplify(NUMBER.sub("", header))
    for split in (header.split(" - ")[0], *_list_ends(header)):
        yield simplify(split)


def _list_ends(header: str) -> list[str]:
    parts = header.split("/")
    return ["/".join(parts[start:]) for start in range(1, len(parts))]


def name_columns(every: list[Asked]) -> dict[str, Column]:
    """Return what a header may be called, and what such a column is; the first to say so counts.

    The name of a question goes before all that another may be called.
    """
    listed = [list(_list_columns(asked)) for asked in every]
    own = [(name, column) for asked, columns in zip(every, listed, strict=True)
           for name, column in columns if name == asked.name]  # fmt: skip
    names: dict[str, Column] = {}
    for name, column in [*own, *(pair for columns in listed for pair in columns)]:
        names.setdefault(simplify(name), column)
    return names


def _list_columns(asked: Asked) -> Iterator[tuple[str, Column]]:
    traits = TRAITS[asked.type]
    called = (asked.name, asked.label)
    whole = (
        AnswerRole.RANKING
        if asked.type == QuestionType.RANK
        else AnswerRole.OPTIONS
        if traits.takes_several
        else AnswerRole.QUESTION
    )
    if not traits.has_rows or asked.type == QuestionType.RANK:
        yield from ((name, Column(asked, whole)) for name in called)
    rows = list(asked.items.items()) or [("", "")]
    for item, item_label in rows:
        own = list(called)
        if item:
            own = [form.format(name, end) for name in called for end in (item, item_label)
                   for form in JOINED]  # fmt: skip
            role = AnswerRole.OPTIONS if traits.takes_several else AnswerRole.QUESTION
            yield from ((name, Column(asked, role, item)) for name in own)
            if asked.type in (QuestionType.MATRIX, QuestionType.CHECKBOX_GRID):
                yield item, Column(asked, role, item)
        if asked.options:
            last = list(asked.options)[-1]
            beside = Column(asked, AnswerRole.OTHER_TEXT, item, last)
            yield from ((f"{name}{end}", beside) for name in own for end in OTHER)
        for option, label in asked.options.items():
            texts = [form.format(name, option) for name in own for form in BESIDE]
            yield from ((t, Column(asked, AnswerRole.OTHER_TEXT, item, option)) for t in texts)
            if traits.takes_several:
                boxes = [form.format(name, end) for name in own for end in (option, label)
                         for form in JOINED]  # fmt: skip
                yield from ((b, Column(asked, AnswerRole.OPTION, item, option)) for b in boxes)


def _place_question(
    asked: Asked, key: str, columns: list[tuple[str, Column, list[str]]], told: list[str]
) -> tuple[Found, list[str]]:
    """Return a question with its columns and spellings, and the headers that repeat others."""
    labels = {code: _tell_apart(asked.options, code) for code in asked.options}
    items = {code: _tell_apart(asked.items, code) for code in asked.items}
    option_keys, item_keys = make_keys(asked.options), make_keys(asked.items)
    found = Found(
        asked.label, asked.type,
        options={label: option_keys[code] for code, label in labels.items()},
        items={label: item_keys[code] for code, label in items.items()},
        key=key, part=asked.part, is_required=asked.is_required, total=asked.total,
    )  # fmt: skip
    has_boxes = any(
        column.role == AnswerRole.OPTION and {*map(str.lower, values)} & (TICKED | UNTICKED)
        for _, column, values in columns
    )
    spelled: dict[tuple[str, str], bool] = {}
    repeated = []
    for header, column, values in columns:
        if has_boxes and column.role == AnswerRole.OPTIONS and not column.item:
            # The same once more, joined in a cell.
            repeated.append(header)
            continue
        role = column.role
        words = {column.option, to_match_text(labels.get(column.option, ""))}
        if role == AnswerRole.OPTION and not {*map(str.lower, values)} - TICKED - UNTICKED <= {
            *map(str.lower, words)
        }:
            # What somebody wrote beside the box, and no box.
            role = AnswerRole.OTHER_TEXT
        found.columns.append(
            (header, role, items.get(column.item, ""), labels.get(column.option, ""))
        )
        if role == AnswerRole.OTHER_TEXT:
            continue
        if role == AnswerRole.OPTION:
            ticks = values or ["1"]
            spelled |= {
                (column.option, text): text in words or text.lower() not in UNTICKED
                for text in ticks
            }
        elif column.role in (AnswerRole.OPTIONS, AnswerRole.RANKING):
            found.delimiter = found.delimiter or _find_delimiter(asked, values)
        elif column.role == AnswerRole.QUESTION and asked.options:
            strange = _find_strange(asked, values)
            told.extend(f"{header}: holds {text!r}, which is no option" for text in strange[:3])
    if not has_boxes and asked.options:
        every = [text for _, column, own in columns for text in own
                 if column.role in (AnswerRole.QUESTION, AnswerRole.OPTIONS)]  # fmt: skip
        spelled |= dict.fromkeys(_spell(asked, every, found.delimiter, told).items(), True)
    found.spellings = [(labels[code], text, chosen) for (code, text), chosen in spelled.items()]
    return found, repeated


def _tell_apart(texts: dict[str, str], code: str) -> str:
    """Return a label, with its code where another has the same."""
    label = texts[code]
    return label if list(texts.values()).count(label) == 1 else f"{label} ({code})"


def _spell(asked: Asked, values: list[str], delimiter: str, told: list[str]) -> dict[str, str]:
    """Return what an export writes for each option: its code or its label, as most cells do."""
    between = " " if delimiter == BLANK else delimiter
    cells = (text.split(between) if between else [text] for text in values)
    pieces = [piece.strip() for cell in cells for piece in cell]
    labels = {to_match_text(label) for label in asked.options.values()}
    codes, texts = (sum(piece in one for piece in pieces) for one in (asked.options, labels))
    if codes == texts > 0 and set(asked.options) != labels:
        told.append(f"{asked.name}: do its cells hold codes or labels? Taken for codes")
    has_codes = codes >= texts > 0 or codes > 0 == texts
    return {code: code if has_codes else label for code, label in asked.options.items()}


def _find_strange(asked: Asked, values: list[str]) -> list[str]:
    labels = {to_match_text(label) for label in asked.options.values()}
    return [text for text in values if text not in labels and text not in asked.options]


def _find_delimiter(asked: Asked, values: list[str]) -> str:
    """Return what stands between options: that of their codes, or what labels seem joined by."""
    named = {**asked.options, **asked.items}
    for between in (" ", ",", ";", "|"):
        is_joined = any(between in text for text in values)
        if is_joined and all(
            one.strip() in named for text in values for one in text.split(between)
        ):
            return BLANK if between == " " else between
    return find_pieces(values)[0]
