"""The last decision: that somebody looked at all that was proposed and asked no decision."""

from collections import Counter
from collections.abc import Iterator

from ingest.authoring.matching import simplify
from ingest.authoring.reviewing.decision import Decision, Field, Line, Values
from ingest.authoring.reviewing.state import State, find_rows, mark_reviewed
from ingest.codebook.tables import TABLES

# What a column holds.
TARGET = ("role", "question_key", "item_code", "option_code")


def find_rest(state: State) -> Iterator[Decision]:
    """Yield, as one, all rows that are still proposed, with the words that changed among them."""
    proposed = list(state.list_proposed())
    if not proposed:
        return
    counts = Counter(TABLES[name].path for name, _ in proposed)
    last = {
        row["question_key"]: row["wording"]
        for edition in state.earlier
        for row in find_rows(state.tables, "question_editions", edition_key=edition)
    }
    headers = {
        simplify(row["header"])
        for row in state.tables["export_columns"]
        if row["edition_key"] != state.edition
    }
    yield Decision(
        "rest:all",
        f"{len(proposed)} rows that ask no decision of their own",
        "Columns, spellings and words that were found as before, or nearly. Below are those that"
        " are not to the letter what they were; all of them are marked proposed in the files.",
        (Field("looked", "I looked at them, and they are right", "", "choice",
               (("yes", "yes"),)),),
        (
            *(Line(path, "", f"{count} rows") for path, count in counts.items()),
            *(Line(row["question_key"], last[row["question_key"]], row["wording"])
              for name, row in proposed
              if name == "question_editions" and last.get(row["question_key"], row["wording"])
              != row["wording"]),
            *(Line(row["header"], "", " ".join(filter(None, (row[name] for name in TARGET))))
              for name, row in proposed
              if name == "export_columns" and simplify(row["header"]) not in headers),
        ),
    )  # fmt: skip


def take_rest(state: State, _: str, values: Values) -> list[str]:
    """Mark all that is left as looked at."""
    count = sum(1 for _ in state.list_proposed())
    mark_reviewed(state)
    return [f"{count} rows marked reviewed"]
