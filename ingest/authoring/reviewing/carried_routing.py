"""The decision on routing that was carried over: whom each question is asked now."""

from collections.abc import Iterator

from ingest.authoring.proposals import find_gone
from ingest.authoring.reviewing.decision import Decision, Field, Line, Values
from ingest.authoring.reviewing.state import State
from ingest.routing.expressions import ROUTING
from ingest.shared.problems import InputError, Problem
from vocabulary.lists import Review

# The two conditions of a question, and how their fields end: of itself, of each row or option.
ENDS = dict(zip(ROUTING, ("", ": each"), strict=True))
# One who went back and changed an answer leaves some behind in every edition; more are a doubt.
USUAL = 1


def find_routing(state: State) -> Iterator[Decision]:
    """Yield, as one, the routing of all questions that have any, or whose answers speak of some."""
    off_route = state.study.off_route
    rows = [
        row
        for row in state.list_own("question_editions", review=Review.PROPOSED)
        if any(row[column] for column in ROUTING) or off_route.get(row["question_key"], 0)
    ]
    if not rows:
        return
    asked = {row["question_key"] for row in state.list_own("question_editions")}
    rows.sort(key=lambda row: int(row["position"]))
    yield Decision(
        "routing:all",
        f"Whom {len(rows)} questions are asked",
        "As it was in the edition before; hold it against the questionnaire. A blank is everybody."
        f" Below is where more than {USUAL} answered what they would not have been shown.",
        tuple(
            Field(f"{row['question_key']}{end}",
                  f"{row['number']}. {row['wording']}{' - each row or option' if end else ''}",
                  row[column], is_required=False)
            for row in rows for column, end in ENDS.items() if row[column] or not end
        ),
        (
            *(Line(row["question_key"], "", words) for row in rows
              for words in find_gone(row, asked)),
            *(Line(row["question_key"], row["relevant"] or row["item_relevant"],
                   f"answered by {off_route[row['question_key']]} all the same")
              for row in rows if off_route.get(row["question_key"], 0) > USUAL),
        ),
    )  # fmt: skip


def take_routing(state: State, _: str, values: Values) -> list[str]:
    """Write whom the questions are asked; say of which that changed."""
    told = []
    for row in state.list_own("question_editions", review=Review.PROPOSED):
        for column, end in ENDS.items():
            said = values.get(f"{row['question_key']}{end}")
            if said is None:
                continue
            if said != row[column]:
                told.append(f"{row['question_key']}, {column}: {row[column]} -> {said}")
            row |= {column: said, "review": Review.REVIEWED}
    asked = {row["question_key"] for row in state.list_own("question_editions")}
    gone = [
        Problem(f"routing of {row['question_key']}", f"{words}.", "Say whom it is asked now.")
        for row in state.list_own("question_editions")
        for words in find_gone(row, asked)
    ]
    if gone:
        raise InputError(gone)
    return told or ["routing as before"]
