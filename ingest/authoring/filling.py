"""A codebook that is not finished as a build could take it, so that a change can be checked."""

from pathlib import Path

from ingest.authoring.draft_files import Row, Tables, check_changed
from ingest.codebook.tables import TABLES
from ingest.shared.problems import InputError, Place, Problem
from vocabulary.lists import AnswerRole, Review

# What no export tells of an edition, by the kind of what is said.
FACTS = {
    "label": "text",
    "field_start_date": "date",
    "field_end_date": "date",
    "frame_date": "date",
    "tool": "text",
    "expected_respondent_count": "number",
}
STAND_IN = "-"


def fill(tables: Tables) -> Tables:
    """Return the tables with all that is proposed taken for right, and something in every blank.

    A blank that a person is still to fill keeps a build from looking at the rest. What stands in
    for it decides no figure: of a scale with a point that has no score, none has one.
    """
    model: Row = max(tables["editions"], key=lambda row: sum(bool(row[name]) for name in FACTS))
    filled = {
        name: [row | {"review": Review.REVIEWED} if "review" in row else row for row in rows]
        for name, rows in tables.items()
    }
    filled["editions"] = [
        # Of a rehearsal no real populations are asked: they may come after the answers.
        row | {name: row[name] or model[name] for name in FACTS} | {"is_synthetic": "yes"}
        for row in tables["editions"]
    ]
    filled["metadata_values"] = [
        row | {"value": row["value"] or "yes"} for row in filled["metadata_values"]
    ]
    filled["export_columns"] = [
        row | {"reason": row["reason"] or STAND_IN} if row["role"] == AnswerRole.IGNORED else row
        for row in filled["export_columns"]
    ]
    unscored = {
        row["question_key"]
        for row in tables["options"]
        if not row["score"] and row["is_missing"] != "yes"
    }
    filled["options"] = [
        row | {"score": ""} if row["question_key"] in unscored else row for row in tables["options"]
    ]
    return filled


def refuse_new_faults(folder: Path, before: Tables, after: Tables) -> None:
    """Raise InputError where a build would refuse what it did not refuse before a change."""
    faults = _find_faults(folder, after)
    known = set(map(_strip, _find_faults(folder, before) if faults else ()))
    if new := [fault for fault in faults if _strip(fault) not in known]:
        raise InputError(new)


def _find_faults(folder: Path, tables: Tables) -> tuple[Problem, ...]:
    try:
        check_changed(folder, fill(tables), TABLES)
    except InputError as error:
        return error.problems
    return ()


def _strip(problem: Problem) -> tuple[str, str, str]:
    """Return a problem without the row in which it stands: rows before it come and go."""
    where = problem.where
    return (where.source if isinstance(where, Place) else where, problem.what, problem.action)
