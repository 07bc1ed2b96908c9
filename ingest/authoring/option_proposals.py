"""The options proposed for closed questions, and how the new export writes them."""

from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from ingest.authoring.draft_files import Row
from ingest.authoring.knowledge import Knowledge, list_spellings
from ingest.authoring.proposals import CERTAIN, Proposal, choose_code, make_code, read_values
from ingest.exports.files import Grid
from ingest.exports.joined import read_joined
from ingest.shared.text import to_match_text, to_plain
from vocabulary.lists import AnswerRole, Lineage

DELIMITERS = (";", ",", "|")
NOT_SELECTED = ("0", "-")
NEAR_VALUE = 80
# More answers than this that no list had before are no options, but what people wrote.
MOST_NEW_LABELS = 12


@dataclass(frozen=True)
class Labels:
    """The label of every option that an export has or may have, by code.

    `seen` are those that somebody chose or that have a column; `doubt` is what makes the list
    look like no list at all; `delimiter` stands between the options of one cell; `written` has
    the code of each text that stands in one.
    """

    by_code: dict[str, str]
    seen: frozenset[str]
    doubt: str | None = None
    delimiter: str | None = None
    written: dict[str, str] = field(default_factory=dict)


def propose_options(
    known: Knowledge, question: str, columns: list[Row], labels: Labels, grid: Grid
) -> Proposal:
    """Propose the options of a question and the texts that stand for them."""
    headers = [column["header"] for column in columns if column["role"] == AnswerRole.OPTION]
    used = {value for header in headers for value in read_values(grid, header)}
    is_marked = bool(used) and used.isdisjoint(map(to_match_text, labels.by_code.values()))
    proposal = Proposal({"option_editions": [], "option_spellings": []})
    for code, label in labels.by_code.items():
        before = known.options.get((question, code))
        is_same = before is not None and to_match_text(before["label"]) == to_match_text(label)
        if before is None and not headers:
            proposal.new.append(f"option {question}.{code}: {label!r}")
        elif before is not None and not is_same:
            proposal.changed.append(f"{question}.{code}: {before['label']!r} became {label!r}")
        if code not in labels.seen:
            proposal.missing.append(
                f"option {question}.{code}: nobody chose it; is it still offered?"
            )
        row = {
            "edition_key": known.edition,
            "question_key": question,
            "option_code": code,
            CERTAIN: "yes" if is_same and code in labels.seen else "",
        }
        lineage = Lineage.KEPT if is_same else Lineage.RENAMED
        proposal.rows["option_editions"].append(
            row
            | {
                "label": before["label"] if is_same and before else label,
                "lineage": Lineage.NEW if before is None else lineage,
            }
        )
        # As a page writes it, where a tool exports the text of its page: &amp; for an ampersand.
        written = {*used, *(text for text, one in labels.written.items() if one == code)}
        spellings = {label: "yes"} | {text: "yes" for text in sorted(written)
                                      if text != label and to_plain(text) == label}  # fmt: skip
        if is_marked:
            spellings = {value: "no" if value in NOT_SELECTED else "yes" for value in sorted(used)}
        proposal.rows["option_spellings"].extend(
            row | {"spelling": spelling, "is_selected": is_selected}
            for spelling, is_selected in spellings.items()
        )
    for (key, code), before in known.options.items():
        is_last = key == question and before["edition_key"] == known.last
        if is_last and code not in labels.by_code:
            proposal.missing.append(f"option {question}.{code}: {before['label']!r}")
    return proposal


def carry_bands(known: Knowledge, question: str) -> Proposal:
    """Propose the bands of a number as they were: an export has numbers, and no bands."""
    rows = [
        row | {"edition_key": known.edition, "lineage": Lineage.KEPT, CERTAIN: "yes"}
        for (key, _), row in known.options.items()
        if key == question
    ]
    return Proposal({"option_editions": rows})


def read_labels(
    known: Knowledge,
    question: str,
    columns: list[Row],
    header_labels: dict[str, str | None],
    grid: Grid,
    offered: list[str],
) -> Labels:
    """Return the options of a question, from the headers of its columns or from their cells.

    `offered` has the labels that a questionnaire offers: then it is known what is no longer asked.
    """
    if any(column["role"] == AnswerRole.OPTION for column in columns):
        by_code = {
            row["option_code"]: to_plain(header_labels.get(row["header"]) or row["header"])
            for row in columns
            if row["role"] == AnswerRole.OPTION
        }
        return Labels(by_code, frozenset(by_code))
    earlier = {code: row for (key, code), row in known.options.items() if key == question}
    by_text = list_spellings(known.tables, question) | {
        to_match_text(row["label"]): code for code, row in earlier.items()
    }
    by_code = {
        code: row["label"]
        for code, row in earlier.items()
        if row["edition_key"] == known.last and not offered
    }
    values = {
        value
        for column in columns
        if column["role"] in (AnswerRole.QUESTION, AnswerRole.OPTIONS)
        for value in read_values(grid, column["header"])
    }
    values |= set(map(to_match_text, offered))
    delimiter = None
    if any(column["role"] == AnswerRole.OPTIONS for column in columns):
        values, delimiter = split_values(values, set(by_text))
    if len(values - set(by_text)) > MOST_NEW_LABELS:
        doubt = f"{question}: too many different answers for a list; is it open now?"
        return Labels(by_code, frozenset(), doubt, delimiter)
    seen = {
        value: _find_option(known, question, value, by_text, values) for value in sorted(values)
    }
    # What only some export wrote for an option is no label of it.
    labels = {to_match_text(row["label"]) for row in earlier.values()}
    by_code |= {
        code: to_plain(value) if value in labels or value not in by_text else earlier[code]["label"]
        for value, code in seen.items()
        if code not in by_code or value in labels or value not in by_text
    }
    return Labels(by_code, frozenset(seen.values()), delimiter=delimiter, written=seen)


def _find_option(
    known: Knowledge, question: str, value: str, by_text: dict[str, str], values: set[str]
) -> str:
    """Return the code of the option that a value stands for, or one for a new option."""
    # A tool may write what stands on its page: &amp; for an ampersand.
    for text in (value, to_plain(value)):
        if text in by_text:
            return by_text[text]
    near = process.extractOne(value, list(by_text), scorer=fuzz.ratio)
    if near and near[1] >= NEAR_VALUE and near[0] not in values:
        return by_text[near[0]]
    code = choose_code(known, value)
    # The code of that label elsewhere can mean something else here.
    return make_code(value) if (question, code) in known.options else code


def split_values(values: set[str], known: set[str]) -> tuple[set[str], str]:
    """Take joined cells apart, by the delimiter with which most can be read; return both."""
    pieces = {text: text for text in known}
    readings = {
        delimiter: [list(read_joined(value, delimiter, pieces)) for value in values]
        for delimiter in DELIMITERS
    }
    best = max(DELIMITERS, key=lambda mark: sum(map(bool, readings[mark])))
    found = {piece for ways in readings[best] for way in ways for piece in way}
    for value, ways in zip(values, readings[best], strict=True):
        if not ways:
            rest = value
            for label in sorted(known, key=len, reverse=True):
                rest = rest.replace(label, "")
            found.update(part.strip() for part in rest.split(best) if part.strip())
    return found, best
