"""What an earlier edition had under the same header: reviewed already, and taken over as it is."""

import re
from dataclasses import dataclass, replace

from ingest.authoring.draft_files import Row
from ingest.authoring.knowledge import Knowledge
from ingest.authoring.matching import EXACT, Match, Target
from ingest.authoring.proposals import CERTAIN, Proposal
from ingest.exports.files import Grid
from ingest.shared.text import to_match_text
from vocabulary.lists import AnswerRole, Lineage

# A header that says nothing but where its question stood: q5, q5_1.
BARE = re.compile(r"[A-Za-z]{0,3}_?\d+(?:[_.\-]\w{1,8})*")
NUMBER = re.compile(r"-?\d+([.,]\d+)?")
TAKEN_OVER = ("question_editions", "item_editions", "option_editions", "option_spellings")


@dataclass(frozen=True)
class Reviewed:
    """Columns by their header, as the codebook has them of an earlier edition.

    `edition` is the one that most of them are of, `questions` are those of it whose columns are
    all there, and `is_whole` where nothing else is there and nothing is missing.
    """

    edition: str
    columns: dict[str, Row]
    questions: frozenset[str]
    is_whole: bool


def find_reviewed(known: Knowledge, grid: Grid) -> Reviewed:
    """Return what earlier editions had under the headers of an export, the likest edition first.

    A header that is but a number counts only where all such headers are those of that edition:
    elsewhere questions have moved.
    """
    headers = {to_match_text(header): header for header in grid.headers if header is not None}
    editions = {
        edition: {
            to_match_text(row["header"]): row
            for row in known.tables["export_columns"]
            if row["edition_key"] == edition and row["role"] != AnswerRole.ABSENT
        }
        for edition in known.earlier
    }
    bare = {match for match in headers if BARE.fullmatch(match)}
    for edition, rows in editions.items():
        if {match for match in rows if BARE.fullmatch(match)} != bare:
            editions[edition] = {m: row for m, row in rows.items() if m not in bare}
    ranked = sorted(
        known.earlier, key=lambda one: (len(editions[one].keys() & headers), int(one)), reverse=True
    )
    best = ranked[0]
    columns: dict[str, Row] = {}
    taken: set[tuple[str, ...]] = set()
    for edition in ranked:
        for match, row in editions[edition].items():
            target = (row["role"], row["question_key"], row["item_code"], row["option_code"])
            is_free = row["role"] == AnswerRole.IGNORED or target not in taken or row.get("same_as")
            if match in headers and headers[match] not in columns and is_free:
                columns[headers[match]] = row
                taken.add(target)
    missing = [row for match, row in editions[best].items() if match not in headers]
    asked = {row["question_key"] for row in editions[best].values() if row["question_key"]}
    partly = {row["question_key"] for row in missing} | {
        row["question_key"] for row in columns.values() if row["edition_key"] != best
    }
    is_whole = not missing and len(columns) == len(headers)
    return Reviewed(best, columns, frozenset(asked - partly), is_whole)


def match_reviewed(known: Knowledge, reviewed: Reviewed, match: Match) -> Match:
    """Return the match of a header that an earlier edition had, else the match as it is."""
    row = reviewed.columns.get(match.header)
    if row is None:
        return match
    edition, question = row["edition_key"], row["question_key"]
    own = _find(known, "question_editions", edition, question_key=question)
    item = _find(known, "item_editions", edition, question_key=question, item_code=row["item_code"])
    option = _find(
        known, "option_editions", edition, question_key=question, option_code=row["option_code"]
    )
    label = item["wording"] if item else option["label"] if option else None
    return replace(
        match,
        target=Target(
            row["role"], question or None, row["item_code"] or None, row["option_code"] or None
        ),
        score=EXACT,
        number=own["number"] if own else match.number,
        wording=own["wording"] if own else match.wording,
        label=label,
    )


def _find(known: Knowledge, table: str, edition: str, **values: str) -> Row | None:
    if not all(values.values()):
        return None
    wanted = values | {"edition_key": edition}
    return next((row for row in known.tables[table] if wanted.items() <= row.items()), None)


def take_over(known: Knowledge, reviewed: Reviewed, proposal: Proposal, grid: Grid) -> None:
    """Put what was reviewed of whole questions in the place of what was proposed for them."""
    written = {to_match_text(cell) for row in grid.rows for cell in row if cell}
    for name in TAKEN_OVER:
        proposed = proposal.rows.setdefault(name, [])
        before = {
            _identify(name, row): row
            for row in known.tables[name]
            if row["edition_key"] == reviewed.edition and row["question_key"] in reviewed.questions
        }
        alike = {_identify(name, row): row for row in proposed}
        rows = [
            row
            for row in proposed
            if _identify(name, row) not in before
            # How an option is written is known already, but for what stands in the export.
            and (
                name != "option_spellings"
                or row["question_key"] not in reviewed.questions
                or to_match_text(row["spelling"]) in written
            )
        ]
        for identity, row in before.items():
            own = alike.get(identity)
            new = row | {"edition_key": known.edition, CERTAIN: own[CERTAIN] if own else "yes"}
            if "lineage" in row:
                new["lineage"] = Lineage.KEPT
            several = known.find_traits(row["question_key"]).takes_several
            if not several and NUMBER.fullmatch(row.get("spelling", "")):
                # A scale turned round has the same numbers: somebody has to look.
                new[CERTAIN] = ""
            if name == "question_editions" and own and not reviewed.is_whole:
                new |= {"position": own["position"], "number": own["number"]}
            rows.append(new)
        proposal.rows[name] = rows
    absent = [
        row
        for row in known.tables["export_columns"]
        if row["edition_key"] == reviewed.edition
        and row["question_key"] in reviewed.questions
        and row["role"] == AnswerRole.ABSENT
    ]
    as_reviewed = {"edition_key": known.edition, CERTAIN: "yes"}
    proposal.rows["export_columns"] = [
        *(
            reviewed.columns[row["header"]] | as_reviewed
            if row["header"] in reviewed.columns
            else row
            for row in proposal.rows["export_columns"]
        ),
        *(row | as_reviewed for row in absent),
    ]


def _identify(name: str, row: Row) -> tuple[str, ...]:
    columns = {
        "question_editions": ("question_key",),
        "item_editions": ("question_key", "item_code"),
        "option_editions": ("question_key", "option_code"),
        "option_spellings": ("question_key", "option_code", "spelling"),
    }[name]
    return tuple(to_match_text(row[column]) for column in columns)
