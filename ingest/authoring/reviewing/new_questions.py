"""Decisions on questions that look new: they are, they are an old one, or they continue one."""

from collections.abc import Iterator

from rapidfuzz import fuzz

from ingest.authoring.matching import simplify
from ingest.authoring.reviewing.decision import Decision, Field, Line, Values
from ingest.authoring.reviewing.same_questions import call_the_same, rename_question
from ingest.authoring.reviewing.state import State, find_rows, mark_reviewed
from ingest.shared.problems import InputError, Problem
from vocabulary.lists import QuestionLineage, Review

NEW, SAME = "new", "same"
# Below this a likeness of words says nothing.
NEAR = 55


def find_new(state: State) -> Iterator[Decision]:
    """Yield the questions of the edition that none before it asked, and nobody has looked at."""
    gone = {
        row["question_key"]: row
        for edition in state.earlier
        for row in find_rows(state.tables, "question_editions", edition_key=edition)
        if not state.is_asked(state.edition, row["question_key"])
    }
    for row in state.list_own("question_editions", review=Review.PROPOSED):
        key = row["question_key"]
        if any(state.find_before(edition, key) for edition in state.earlier):
            continue
        likeness = {
            old: fuzz.token_sort_ratio(simplify(row["wording"]), simplify(was["wording"]))
            for old, was in gone.items()
        }
        near = sorted(gone, key=lambda old: -likeness[old])
        best = near[0] if near and likeness[near[0]] >= NEAR else ""
        yield Decision(
            f"new:{key}",
            row["wording"],
            "No earlier edition had it under these words. The same question in other words keeps"
            " the key that it had; one that only continues another keeps its own.",
            (
                Field("is", "what it is", SAME if best else NEW, "choice",
                      ((NEW, "a new question"), (SAME, "an old one, in other words"),
                       *((one.value, f"another question: {one} from an old one")
                         for one in QuestionLineage))),
                Field("old", "which old one", best, "choice",
                      tuple((old, f"{old}: {gone[old]['wording']}") for old in near),
                      is_required=False),
                Field("key", "the key by which queries know a new one", key, is_required=False),
                Field("relevant", "whom a new one is asked, as routing; blank is everybody",
                      row["relevant"], is_required=False),
                Field("reason", "of one that continues another: what changed",
                      is_required=False),
            ),
            (
                *(Line("most like it", gone[old]["wording"], row["wording"]) for old in near[:1]
                  if best),
                Line("answers", _list_answers(state, best) if best else "",
                     _list_answers(state, key), is_count=True),
            ),
        )  # fmt: skip


def take_new(state: State, key: str, values: Values) -> list[str]:
    """Give a question the key it had, tie it to what it continues, or leave it new."""
    said, old = values["is"], values["old"]
    if said != NEW and not old:
        what = "It is said to be, or to continue, an old question, and not which."
        raise InputError([Problem(f"new:{key}: old", what, "Choose one.")])
    if said == SAME:
        # Its routing and options are decided next, as those of an old question.
        return call_the_same(state.tables, int(state.edition), key, old)
    (row,) = state.list_own("question_editions", question_key=key)
    row["relevant"] = values["relevant"]
    if said != NEW:
        state.tables["question_lineage"].append(
            {"edition_key": state.edition, "question_key": key, "item_code": "",
             "from_question_key": old, "from_item_code": "", "lineage": said,
             "reason": values["reason"]}
        )  # fmt: skip
    mark_reviewed(state, question_key=key)
    if values["key"] and values["key"] != key:
        rename_question(state.tables, key, values["key"])
        key = values["key"]
    return [f"{key}: {said}{f' from {old}' if said != NEW else ''}"]


def _list_answers(state: State, key: str) -> str:
    asked = find_rows(state.tables, "option_editions", question_key=key)
    last = max((row["edition_key"] for row in asked), key=int, default="")
    rows = [row for row in asked if row["edition_key"] == last]
    return " | ".join(row["label"] for row in rows) or "(in one's own words)"
