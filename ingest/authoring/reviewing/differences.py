"""What differs of a question between two editions, and the verdict that this suggests."""

from collections.abc import Iterator
from dataclasses import dataclass

from ingest.authoring.draft_files import Row
from ingest.authoring.matching import simplify
from ingest.authoring.reviewing.decision import Line
from ingest.authoring.reviewing.state import State, find_rows
from vocabulary.lists import Comparability, Contradiction

WORDING, LABEL = "wording", "label"
# Each row of a matrix has a trend of its own, which those that come and go leave alone.
OF_ROWS = ("rows_new", "rows_gone")
# Where others were asked, both editions are held against each other on who was asked in both.
HARMLESS = ("routing", *OF_ROWS)


@dataclass(frozen=True)
class Difference:
    """One thing that differs: the code of its words, the texts, and what it contradicts."""

    code: str
    before: str
    now: str
    contradiction: Contradiction | None = None


def find_differences(state: State, question: str, earlier: str) -> list[Difference]:
    """Return what differs of a question since an earlier edition that asked it."""
    return list(_list_differences(state, question, earlier))


def is_unchanged(state: State, question: str, earlier: str) -> bool:
    """Whether nothing differs of a question that touches its trend."""
    return _is_harmless(find_differences(state, question, earlier), OF_ROWS)


def _is_harmless(differences: list[Difference], harmless: tuple[str, ...]) -> bool:
    return all(one.code in harmless for one in differences)


def _list_differences(state: State, question: str, earlier: str) -> Iterator[Difference]:
    before = state.find_before(earlier, question) or question
    (was,) = find_rows(state.tables, "question_editions", edition_key=earlier,
                       question_key=before)  # fmt: skip
    (now,) = state.list_own("question_editions", question_key=question)
    if simplify(was["wording"]) != simplify(now["wording"]):
        yield Difference(WORDING, was["wording"], now["wording"], Contradiction.WORDING)
    if (was["relevant"], was["item_relevant"]) != (now["relevant"], now["item_relevant"]):
        yield Difference("routing", _join(was), _join(now), Contradiction.ROUTING)
    yield from _list_lists(state, before, question, earlier)
    points = {edition: _count_points(state, edition, key)
              for edition, key in ((earlier, before), (state.edition, question))}  # fmt: skip
    if points[earlier] != points[state.edition]:
        yield Difference("points", str(points[earlier]), str(points[state.edition]))
    if before != question:
        yield Difference("continues", before, question)
    traits = state.find_traits(before), state.find_traits(question)
    if traits[0].takes_several and not traits[1].takes_several:
        yield Difference("single_now", "", "1")
    elif traits[1].takes_several and state.study.most_chosen.get(question) == 1:
        yield Difference("single_now", "", "1", Contradiction.TYPE)


def _list_lists(state: State, before: str, question: str, earlier: str) -> Iterator[Difference]:
    """Yield what came, went and has other words of the options and of the rows."""
    for name, code, label, contradictions in (
        ("option_editions", "option_code", "label",
         (Contradiction.OPTIONS, Contradiction.LABELS)),
        ("item_editions", "item_code", "wording", (None, None)),
    ):  # fmt: skip
        was = read_labels(state, name, earlier, before, code, label)
        now = read_labels(state, name, state.edition, question, code, label)
        kind = "options" if name == "option_editions" else "rows"
        gone = [text for one, text in was.items() if one not in now]
        new = [text for one, text in now.items() if one not in was]
        if gone:
            yield Difference(f"{kind}_gone", " | ".join(gone), "", contradictions[0])
        if new:
            yield Difference(f"{kind}_new", "", " | ".join(new), contradictions[0])
        for one, text in now.items():
            if one in was and simplify(was[one]) != simplify(text):
                yield Difference(f"{kind}_labels", was[one], text, contradictions[1])


def read_labels(
    state: State, name: str, edition: str, question: str, code: str, label: str
) -> dict[str, str]:
    """Return the labels of a question's options or rows in an edition, by their codes."""
    rows = find_rows(state.tables, name, edition_key=edition, question_key=question)
    return {row[code]: row[label] for row in rows}


def _count_points(state: State, edition: str, question: str) -> int:
    """Return how many points the scale of a question has in an edition, 0 where it is none."""
    asked = read_labels(state, "option_editions", edition, question, "option_code", "label")
    rows = find_rows(state.tables, "options", question_key=question)
    if not any(row["score"] for row in rows):
        return 0
    # What is new has no score until somebody gives it one.
    return sum(row["is_missing"] != "yes" for row in rows if row["option_code"] in asked)


def _join(row: Row) -> str:
    return "; ".join(filter(None, (row["relevant"], row["item_relevant"]))) or "(everybody)"


def describe(differences: list[Difference]) -> list[Line]:
    """Return differences as lines of evidence."""
    return [Line(one.code.replace("_", " "), one.before, one.now) for one in differences]


def list_seen(differences: list[Difference]) -> str:
    """Return what a verdict has seen, as its row has it."""
    return " ".join(sorted({one.contradiction for one in differences if one.contradiction}))


def suggest_verdict(state: State, question: str, earlier: str) -> tuple[str, str]:
    """Return the verdict that what differs suggests, and the reason in the survey's language.

    A verdict on the same step up to an edition in between is carried on where nothing differs
    since. Where anything differs but whom it was asked, only a person can call it comparable.
    """
    carried = _find_carried(state, question, earlier)
    if carried is not None:
        return carried["verdict"], carried["reason"]
    say = state.words.say
    differences = find_differences(state, question, earlier)
    if _is_harmless(differences, OF_ROWS):
        return Comparability.COMPARABLE, say("drafted", "as_before")
    reason = " ".join(
        dict.fromkeys(say("drafted", one.code, one.before, one.now) for one in differences)
    )
    codes = {one.code for one in differences}
    if codes & {"points", "single_now"}:
        return Comparability.NOT_COMPARABLE, reason
    is_harmless = _is_harmless(differences, HARMLESS)
    return (Comparability.COMPARABLE if is_harmless else Comparability.WITH_CAUTION), reason


def _find_carried(state: State, question: str, earlier: str) -> Row | None:
    """Return the verdict on an edition in between after which nothing changed."""
    for between in reversed(state.earlier):
        if int(between) > int(earlier) and state.is_asked(between, question):
            step = {"from_edition_key": earlier, "to_edition_key": between}
            rows = find_rows(
                state.tables, "comparability", question_key=question, item_code="", **step
            )
            if rows and is_unchanged(state, question, between):
                return rows[0]
    return None
