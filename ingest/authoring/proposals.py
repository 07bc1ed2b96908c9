"""The rows proposed for a new edition, table by table, and what a reviewer should look at."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.authoring.draft_files import Row, Tables
from ingest.authoring.knowledge import Knowledge, find_code
from ingest.authoring.matching import Match, simplify
from ingest.exports.files import Grid
from ingest.routing.expressions import ROUTING
from ingest.shared.text import to_match_text, to_plain
from vocabulary.keys import KEY
from vocabulary.lists import AnswerRole, MetadataRole, Privacy, RowRole

CERTAIN = "_certain"
LONGEST_CODE = 40


@dataclass(frozen=True)
class Proposal:
    """Rows by table, each with CERTAIN where nobody need look; and what is worth a look."""

    rows: Tables = field(default_factory=dict)
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def join_proposals(proposals: list[Proposal]) -> Proposal:
    """Return proposals as one, in their order."""
    joined = Proposal()
    for proposal in proposals:
        for table, rows in proposal.rows.items():
            joined.rows.setdefault(table, []).extend(rows)
        joined.new.extend(proposal.new)
        joined.changed.extend(proposal.changed)
        joined.missing.extend(proposal.missing)
    return joined


def read_values(grid: Grid, header: str) -> list[str]:
    """Return what stands in the column of a header, each cell in its form for comparing."""
    column = grid.headers.index(header)
    return [to_match_text(row[column] or "") for row in grid.rows if row[column]]


def choose_code(known: Knowledge, label: str) -> str:
    """Return the code that other questions have for a label, else one made from its words."""
    return find_code(known, label) or make_code(label)


def make_code(label: str) -> str:
    """Return a code made from the words of a label."""
    words = re.sub(r"[^a-z0-9]+", "_", simplify(label)).strip("_")
    return words[:LONGEST_CODE].rstrip("_") or "option"


def say_unknown(header: str) -> str:
    """Return what is said of a column that no earlier edition had."""
    return f"column {header!r}: nothing like it before"


def propose_columns(known: Knowledge, matches: list[Match]) -> Proposal:
    """Propose what each column holds, and who may see it."""
    before = known.tables["export_columns"]
    same = {simplify(row["header"]): row for row in before}
    privacy = {
        (row["role"], row["question_key"], row["option_code"]): row["privacy"]
        for row in before
        # Of what is ignored, each column has a reason and a privacy of its own.
        if row["role"] != AnswerRole.IGNORED
    }
    proposal = Proposal({"export_columns": []})
    for match in matches:
        target = match.target
        if target is None:
            proposal.new.append(say_unknown(match.header))
        question = (target and target.question_key) or ""
        role = target.role if target else AnswerRole.IGNORED
        item, option = (target and target.item_code) or "", (target and target.option_code) or ""
        if match.label is not None and target and not (item or option):
            code = choose_code(known, match.label)
            item, option = (code, "") if role == AnswerRole.QUESTION else ("", code)
            proposal.new.append(f"{question}.{code}: {match.label!r}")
        earlier = same.get(simplify(match.header), {})
        proposal.rows["export_columns"].append(
            {
                "edition_key": known.edition,
                "header": match.header,
                "role": role,
                "question_key": question,
                "item_code": item,
                "option_code": option,
                # What nobody has judged yet is kept out of the warehouse.
                "privacy": (privacy.get((role, question, option)) if target else None)
                or (Privacy.PUBLIC if known.find_traits(question).is_closed else "")
                or earlier.get("privacy", Privacy.PERSONAL),
                "same_as": earlier.get("same_as", ""),
                "reason": earlier.get("reason", ""),
                CERTAIN: "yes" if match.is_certain else "",
            }
        )
    return proposal


def propose_questions(known: Knowledge, matches: list[Match]) -> Proposal:
    """Propose the questions that have a column, with the routing that they had before."""
    found: dict[str, tuple[int, Match]] = {}
    # The place of its column: what the draft does not know has room in between.
    for position, match in enumerate(matches, start=1):
        if match.target is not None and match.target.question_key:
            found.setdefault(match.target.question_key, (position, match))
    proposal = Proposal({"question_editions": []})
    for key, row in known.questions.items():
        if row["edition_key"] == known.last and key not in found:
            proposal.missing.append(f"question {key}: {row['wording']!r}")
    for key, (position, match) in found.items():
        before = known.questions[key]
        wording = to_plain(match.wording)
        is_same = to_match_text(wording) == to_match_text(before["wording"])
        if not is_same:
            proposal.changed.append(f"{key}: {before['wording']!r} became {wording!r}")
        gone = list(find_gone(before, set(found)))
        proposal.changed.extend(f"{key}: {words}" for words in gone)
        proposal.rows["question_editions"].append(
            before
            | {
                "edition_key": known.edition,
                "position": str(position),
                "number": match.number or str(position),
                "wording": wording,
                "evidence": "drafted",
                # Carried routing is for somebody to look at, however alike the words.
                CERTAIN: "yes" if is_same and not before["relevant"] and not gone else "",
            }
        )
    return proposal


def find_gone(question: Row, found: set[str]) -> Iterator[str]:
    """Yield what the routing of a question names and no column has."""
    for column in ROUTING:
        named = re.findall(rf"\$\{{({KEY})", question[column])
        gone = ", ".join(name for name in named if name not in found)
        if gone:
            yield f"{column} names {gone}, which is missing: {question[column]}"


def propose_items(known: Knowledge, columns: list[Row], labels: dict[str, str | None]) -> Proposal:
    """Propose the rows of matrices; `labels` has the label of each header."""
    rows = []
    for column in columns:
        key = column["question_key"]
        if known.find_traits(key).has_rows and column["role"] == AnswerRole.QUESTION:
            wording = to_plain(labels[column["header"]] or "")
            before = known.items.get((key, column["item_code"]))
            rows.append(
                {
                    "edition_key": known.edition,
                    "question_key": key,
                    "item_code": column["item_code"],
                    "wording": wording,
                    CERTAIN: "yes" if before and before["wording"] == wording else "",
                }
            )
    return Proposal({"item_editions": rows})


def propose_metadata(known: Knowledge, columns: list[Row], grid: Grid, reviewed: str) -> Proposal:
    """Propose what stands for "completed", and which channels count.

    What the reviewed edition knew of a column with the same header is taken over. Else "completed"
    is told by who has an end; whether a channel counts nobody can tell from the file, and is left
    blank.
    """
    explained = {
        (row["role"], simplify(row["spelling"])): row["value"]
        for row in known.tables["metadata_values"]
    }
    excluded = {(row["role"], simplify(row["value"])) for row in known.tables["row_exclusions"]}
    headers = {row["role"]: row["header"] for row in columns}
    ended = _list_ended(headers, grid)
    same = {
        row["role"]
        for row in known.tables["export_columns"]
        if row["edition_key"] == reviewed and headers.get(row["role"]) == row["header"]
    }
    rows = [
        row | {"edition_key": known.edition, CERTAIN: "yes"}
        for row in known.tables["metadata_values"]
        if row["edition_key"] == reviewed and row["role"] in same
    ]
    known_here = {(row["role"], to_match_text(row["spelling"])) for row in rows}
    for role in (MetadataRole.IS_COMPLETE, MetadataRole.CHANNEL):
        values = set(read_raw_values(grid, headers[role])) if role in headers else set()
        values = {one for one in values if (role, to_match_text(one)) not in known_here}
        for value in sorted(values):
            certain = explained.get((role, simplify(value)))
            guess = ("yes" if value in ended else "no") if role == MetadataRole.IS_COMPLETE else ""
            if (role, simplify(value)) not in excluded:
                rows.append(
                    {
                        "edition_key": known.edition,
                        "role": role,
                        "spelling": value,
                        "value": certain or guess,
                        CERTAIN: "yes" if certain else "",
                    }
                )
    return Proposal({"metadata_values": rows})


def read_raw_values(grid: Grid, header: str) -> list[str]:
    """Return what stands in the column of a header, as it was written."""
    column = grid.headers.index(header)
    return [row[column] or "" for row in grid.rows if row[column]]


def _list_ended(headers: dict[str, str], grid: Grid) -> set[str]:
    """Return what stands for "completed" where there is an end."""
    if not {MetadataRole.IS_COMPLETE, MetadataRole.COMPLETED_AT} <= headers.keys():
        return set()
    column, end = (
        grid.headers.index(headers[role])
        for role in (MetadataRole.IS_COMPLETE, MetadataRole.COMPLETED_AT)
    )
    return {row[column] or "" for row in grid.rows if row[column] and row[end]}


def carry_exclusions(known: Knowledge, columns: list[Row], reviewed: str) -> list[Row]:
    """Return the rules by which rows did not count in the edition most alike, for the new one."""
    roles = {"", *RowRole, *(row["role"] for row in columns)}
    return [
        row | {"edition_key": known.edition}
        for row in known.tables["row_exclusions"]
        if row["edition_key"] == reviewed and row["role"] in roles
    ]
