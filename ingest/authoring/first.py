"""The first edition of a survey, proposed from its export alone.

Columns that begin alike and end in an option or a row are one question; what stands in them tells
of what type. All that is proposed is marked so, and what could be otherwise is told.
"""

import datetime
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from ingest.authoring.beginning import CONCEPT, PART
from ingest.authoring.draft_files import Row, Tables, read_tables
from ingest.authoring.matching import simplify
from ingest.authoring.metadata import find_roles
from ingest.authoring.proposals import LONGEST_CODE
from ingest.codebook.tables import TABLES
from ingest.exports.files import ExportFile, Grid
from ingest.exports.joined import JSON, LINES
from ingest.exports.reading import read_export
from ingest.shared.csv_files import write_file
from ingest.shared.problems import InputError, Problem
from ingest.shared.text import to_match_text
from vocabulary.lists import AnswerRole, CompletionRule, MetadataRole, Privacy, Review
from vocabulary.texts import LANGUAGES, read_texts
from vocabulary.types import TRAITS, QuestionType

# How tools end the header of one option or row: `Question [Option]`, `Question - Option`.
PARTS = (re.compile(r"(.+?) *\[(.+)\]"), re.compile(r"(.+) - (.+)"), re.compile(r"(.+)[:/] ?(.+)"))
TICKED, UNTICKED = (
    {digit, *(word for one in LANGUAGES for word in read_texts(one)["boxes"][code].split(", "))}
    for code, digit in (("ticked", "1"), ("unticked", "0"))
)
DELIMITERS = (";", "|", ", ")
# More answers than this, or longer ones, are somebody's own words.
MOST_OPTIONS, LONGEST_OPTION = 20, 120
ISO = "%Y-%m-%d %H:%M:%S"
STAMPS = (
    *(ISO, "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"),
    *("%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M"),
    *("%d/%m/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M:%S %p"),
)
PERSONAL = (MetadataRole.EMAIL, MetadataRole.RESPONDENT_ID)
NUMBER = re.compile(r"-?\d+([.]\d+)?")


@dataclass
class Found:
    """A question as its columns show it: options by label, rows by label, and its columns."""

    label: str
    type: QuestionType
    options: dict[str, str] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)
    # Header, role, item label and option label of each column, and what stands in it.
    columns: list[tuple[str, AnswerRole, str, str]] = field(default_factory=list)
    spellings: list[tuple[str, str, bool]] = field(default_factory=list)
    delimiter: str = ""


def draft_first(folder: Path, layout: ExportFile) -> list[str]:
    """Propose the rows of a survey's first edition into an empty codebook; return what was found.

    Raises InputError where the codebook has editions, or the export cannot be read.
    """
    tables = read_tables(folder)
    if tables["editions"]:
        place = f"codebook: {TABLES['editions'].path}"
        what = "It has editions, of which a new one can be drawn."
        raise InputError([Problem(place, what, "Draft without --first.")])
    grid = read_export(layout)
    roles = find_roles(grid)
    stamp, date_format, doubt = _find_stamp(grid, roles)
    if stamp is not None:
        roles[stamp] = MetadataRole.COMPLETED_AT
    found = list(_find_questions(grid, roles))
    rows_of = _list_rows(found, roles, layout, grid)
    rows_of["editions"][0]["date_format"] = date_format
    for name, rows in rows_of.items():
        write_file(folder / TABLES[name].path, list(TABLES[name].columns), tables[name] + rows)
    return [
        f"{len(grid.headers)} columns, {len(grid.rows)} rows: {len(found)} questions",
        *(f"  {role}: {header}" for header, role in roles.items()),
        *(_describe(question) for question in found),
        *([doubt] if doubt else []),
    ]


def _find_stamp(grid: Grid, roles: dict[str, str]) -> tuple[str | None, str, str]:
    """Return the one column of moments that a form keeps, how it writes them, and a doubt."""
    if MetadataRole.COMPLETED_AT in roles.values():
        return None, "", ""
    for number, header in enumerate(grid.headers):
        cells = [row[number] for row in grid.rows if row[number]]
        forms = [form for form in STAMPS if cells and all(_is_moment(cell, form) for cell in cells)]
        # A moment is often told from all others, as an id is.
        is_free = roles.get(header or "") in (None, MetadataRole.RESPONDENT_ID)
        if header is not None and is_free and forms:
            doubt = f"  {header}: day or month first? Taken for {forms[0]}."
            return header, forms[0] if forms[0] != ISO else "", doubt if len(forms) > 1 else ""
    return None, "", ""


def _is_moment(cell: str | None, form: str) -> bool:
    try:
        datetime.datetime.strptime(cell or "", form)
    except ValueError:
        return False
    return True


def _describe(question: Found) -> str:
    told = f"  {question.type}: {question.label}"
    if question.items:
        told += f" ({len(question.items)} rows)"
    return told + (f": {', '.join(question.options)}" if question.options else "")


def _find_questions(grid: Grid, roles: dict[str, str]) -> Iterator[Found]:
    columns = [
        (header, [row[number] for row in grid.rows])
        for number, header in enumerate(grid.headers)
        if header is not None and header not in roles
    ]
    for (stem, is_part), group in groupby(columns, lambda column: _split(column[0], columns)):
        own = {header: [cell for cell in cells if cell] for header, cells in group}
        if is_part:
            yield _find_group(stem, own)
        else:
            yield from (_find_single(header, cells) for header, cells in own.items())


def _split(header: str, columns: list[tuple[str, list[str | None]]]) -> tuple[str, bool]:
    """Return what a header begins with, and whether another begins with the same."""
    for form in PARTS:
        match = form.fullmatch(header)
        if (
            match
            and sum(
                other.startswith(match[1]) and form.fullmatch(other) is not None
                for other, _ in columns
            )
            > 1
        ):
            return match[1], True
    return header, False


def _end(header: str, stem: str) -> str:
    for form in PARTS:
        match = form.fullmatch(header)
        if match and match[1] == stem:
            return match[2]
    return header


def _find_group(stem: str, columns: dict[str, list[str]]) -> Found:
    """Return several columns as one question: boxes that were ticked, or rows of a matrix."""
    values = {
        header: list(dict.fromkeys(map(to_match_text, cells))) for header, cells in columns.items()
    }
    if all(_is_ticks(own, _end(header, stem)) for header, own in values.items()):
        found = Found(stem, QuestionType.MULTIPLE)
        for header, own in values.items():
            label = _end(header, stem)
            found.options[label] = label
            found.columns.append((header, AnswerRole.OPTION, "", label))
            spelled = own or ["1"]
            found.spellings += [(label, text, text.lower() not in UNTICKED) for text in spelled]
        return found
    found = Found(stem, QuestionType.MATRIX)
    found.options = dict.fromkeys(_order(text for own in values.values() for text in own), "")
    for header in columns:
        found.items[_end(header, stem)] = ""
        found.columns.append((header, AnswerRole.QUESTION, _end(header, stem), ""))
    found.spellings = [(label, label, True) for label in found.options]
    return found


def _is_ticks(values: list[str], label: str) -> bool:
    return all(text.lower() in TICKED | UNTICKED or text == to_match_text(label) for text in values)


def _find_single(header: str, cells: list[str]) -> Found:
    """Return one column as one question: a number, a choice, several in one cell, or words."""
    counts = Counter(map(to_match_text, cells))
    if counts and all(NUMBER.fullmatch(text) for text in counts):
        is_whole = all("." not in text for text in counts)
        kind = QuestionType.INTEGER if is_whole else QuestionType.NUMBER
        return Found(header, kind, columns=[(header, AnswerRole.QUESTION, "", "")])
    delimiter, pieces = _find_pieces(cells)
    is_joined = bool(delimiter) and len(pieces) < len(counts)
    options = _order(pieces if is_joined else counts)
    repeats = sum(counts.values()) > len(options)
    if (
        options
        and repeats
        and len(options) <= MOST_OPTIONS
        and max(map(len, options)) < (LONGEST_OPTION)
    ):
        kind = QuestionType.MULTIPLE if is_joined else QuestionType.SINGLE
        role = AnswerRole.OPTIONS if is_joined else AnswerRole.QUESTION
        return Found(
            *(header, kind, dict.fromkeys(options, "")),
            columns=[(header, role, "", "")],
            spellings=[(label, label, True) for label in options],
            delimiter=delimiter if is_joined else "",
        )
    return Found(header, QuestionType.TEXT, columns=[(header, AnswerRole.QUESTION, "", "")])


def _find_pieces(cells: list[str]) -> tuple[str, list[str]]:
    """Return what stands between the options of joined cells, and the options, if they are."""
    if any(cell.startswith("[") and cell.endswith("]") for cell in cells):
        return JSON, [piece for cell in cells for piece in re.findall(r'"([^"]+)"', cell)]
    if any("\n" in cell for cell in cells):
        return LINES, [line for cell in cells for line in cell.splitlines()]
    for delimiter in DELIMITERS:
        if any(delimiter in cell for cell in cells):
            pieces = (piece.strip() for cell in cells for piece in cell.split(delimiter))
            return delimiter.strip(), list(dict.fromkeys(piece for piece in pieces if piece))
    return "", []


def _order(texts: Iterator[str] | list[str] | Counter[str]) -> list[str]:
    """Return texts once each, numbers by their size, others as they came."""
    distinct = list(dict.fromkeys(map(to_match_text, texts)))
    return sorted(distinct, key=lambda text: float(text) if NUMBER.fullmatch(text) else 0)


class _Names(dict[str, str]):
    """Keys made of labels, no two alike."""

    def name(self, label: str) -> str:
        words = re.sub(r"[^a-z0-9]+", "_", simplify(label)).strip("_")
        base = words[:LONGEST_CODE].rstrip("_") or "x"
        key, number = base, 2
        while key in self.values():
            key, number = f"{base}_{number}", number + 1
        self[label] = key
        return key


def _list_rows(found: list[Found], roles: dict[str, str], layout: ExportFile, grid: Grid) -> Tables:
    edition, review = str(layout.edition_key), str(Review.PROPOSED)
    here = {"edition_key": edition, "review": review}
    tables: Tables = {
        name: []
        for name in (
            *("questions", "question_items", "options", "question_editions", "item_editions"),
            *("option_editions", "option_spellings", "export_columns", "metadata_values"),
        )
    }
    keys = _Names()
    for position, question in enumerate(found, start=1):
        key = keys.name(question.label)
        rules = TRAITS[question.type].municipality_rules
        is_number = TRAITS[question.type].is_number
        tables["questions"].append(
            {"question_key": key, "concept": CONCEPT, "part": PART, "type": question.type,
             "label": question.label, "municipality_rule": "" if is_number or not rules
             else rules[0]}
        )  # fmt: skip
        tables["question_editions"].append(
            here | {"question_key": key, "position": str(position), "number": str(position),
                    "wording": question.label, "is_required": "no", "evidence": "export"}
        )  # fmt: skip
        items, options = _Names(), _Names()
        for place, label in enumerate(question.items, start=1):
            item = {"question_key": key, "item_code": items.name(label)}
            tables["question_items"].append(item | {"position": str(place), "label": label})
            tables["item_editions"].append(here | item | {"wording": label})
        for place, label in enumerate(question.options, start=1):
            option = {"question_key": key, "option_code": options.name(label), "label": label}
            tables["options"].append(
                option | {"position": str(place), "is_exclusive": "no", "is_missing": "no"}
            )
            tables["option_editions"].append(here | option | {"lineage": "new"})
        for label, text, is_selected in question.spellings:
            tables["option_spellings"].append(
                here | {"question_key": key, "option_code": options[label], "spelling": text,
                        "is_selected": "yes" if is_selected else "no"}
            )  # fmt: skip
        is_open = TRAITS[question.type].is_open
        for header, role, item_label, option_label in question.columns:
            tables["export_columns"].append(
                here | {"header": header, "role": role, "question_key": key,
                        "item_code": items.get(item_label, ""),
                        "option_code": options.get(option_label, ""),
                        "privacy": Privacy.OPEN if is_open else Privacy.PUBLIC}
            )  # fmt: skip
    for header, told in roles.items():
        privacy = Privacy.PERSONAL if told in PERSONAL else Privacy.PUBLIC
        tables["export_columns"].append(here | {"header": header, "role": told, "privacy": privacy})
        if told == MetadataRole.IS_COMPLETE:
            number = grid.headers.index(header)
            tables["metadata_values"] += [
                here | {"role": told, "spelling": text,
                        "value": "no" if text.lower() in UNTICKED else "yes"}
                for text in dict.fromkeys(row[number] or "" for row in grid.rows) if text
            ]  # fmt: skip
    tables["editions"] = [_propose_edition(found, roles, layout, grid, keys)]
    return tables


def _propose_edition(
    found: list[Found], roles: dict[str, str], layout: ExportFile, grid: Grid, keys: _Names
) -> Row:
    closed = [question for question in found if TRAITS[question.type].is_closed]
    complete = "" if MetadataRole.IS_COMPLETE in roles.values() else (
        CompletionRule.FILLED if MetadataRole.COMPLETED_AT in roles.values()
        else CompletionRule.ALWAYS
    )  # fmt: skip
    return {
        "edition_key": str(layout.edition_key),
        "is_baseline": "yes",
        "is_synthetic": "no",
        "source_file": layout.path.name,
        "sheet": grid.sheet or "",
        "encoding": layout.encoding or "",
        "delimiter": layout.delimiter or "",
        "header_row_count": str(layout.header_row_count),
        "option_delimiter": next((one.delimiter for one in found if one.delimiter), ""),
        "complete_when": complete,
        "analysis_question_key": keys[closed[0].label] if closed else "",
    }
