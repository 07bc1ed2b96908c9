"""Decisions on questions that an earlier edition asked: what became of them, and their verdict."""

from collections.abc import Iterator

from rapidfuzz import fuzz, process

from ingest.authoring.matching import simplify
from ingest.authoring.reviewing.decision import Decision, Field, Line, Values
from ingest.authoring.reviewing.differences import (
    describe,
    find_differences,
    is_unchanged,
    list_seen,
    read_labels,
    suggest_verdict,
)
from ingest.authoring.reviewing.single_now import can_be_single, make_single
from ingest.authoring.reviewing.state import State, find_rows, mark_reviewed
from ingest.authoring.reviewing.tracing import trace_options
from vocabulary.lists import Comparability, QuestionRole, Review

VERDICTS = tuple((one.value, one.value.replace("_", " ")) for one in Comparability)
NEAR = 60
# What tells where somebody works is no figure.
WHERE = (QuestionRole.MUNICIPALITY, QuestionRole.POSTAL_CODE)


def find_changed(state: State) -> Iterator[Decision]:
    """Yield the questions of which something differs since an edition that asked them."""
    for row in sorted(state.list_own("question_editions"), key=lambda row: int(row["position"])):
        key = row["question_key"]
        pairs = _list_pairs(state, key)
        open_pairs = [one for one in pairs if not _has_verdict(state, one, key)]
        if not all(is_unchanged(state, key, one) for one in open_pairs):
            yield _put(state, key, open_pairs)


def _put(state: State, key: str, pairs: list[str]) -> Decision:
    (row,) = state.list_own("question_editions", question_key=key)
    fields = [*_list_origins(state, key), *_list_scores(state, key)]
    if _is_single(state, key):
        fields.append(
            Field("answers", "how many answers can be given now", "one", "choice",
                  (("one", "one: a question of its own continues it"), ("several", "several"))),
        )  # fmt: skip
    evidence = []
    for earlier in _list_pairs(state, key):
        differences = find_differences(state, key, earlier)
        evidence += [Line(f"{earlier}: {line.what}", line.before, line.now)
                     for line in describe(differences)]  # fmt: skip
    for earlier in pairs:
        verdict, reason = suggest_verdict(state, key, earlier)
        fields += [
            Field(f"verdict_{earlier}", f"can {earlier} and {state.edition} be compared?", verdict,
                  "choice", VERDICTS),
            Field(f"reason_{earlier}", "because", reason),
        ]  # fmt: skip
    return Decision(
        f"changed:{key}",
        row["wording"],
        "Say of each answer that is new or worded otherwise what it comes from: none is new, one"
        " is the same, several were merged, one for several was split.",
        tuple(fields),
        (*evidence, *_list_counts(state, key)),
    )


def take_changed(state: State, key: str, values: Values) -> list[str]:
    """Trace its options and write its verdicts."""
    told = trace_options(
        state, key,
        {name.partition(":")[2]: said.split() for name, said in values.items()
         if name.startswith("from:")},
        {name.partition(":")[2]: said for name, said in values.items()
         if name.startswith("score:")},
    )  # fmt: skip
    if values.get("answers") == "one":
        told.append(f"{key}: one answer now")
        reason = state.words.say("drafted", "single_now", "", "")
        key = make_single(state, key, reason)
    for name, verdict in values.items():
        field, _, earlier = name.partition("_")
        if field == "verdict":
            write_verdict(state, key, earlier, verdict, values[f"reason_{earlier}"])
            told.append(f"{key}, {earlier} and {state.edition}: {verdict}")
    mark_reviewed(state, question_key=key)
    return told


def find_unchanged(state: State) -> Iterator[Decision]:
    """Yield, as one, all questions without a verdict of which nothing differs."""
    pairs = _list_unchanged(state)
    if not pairs:
        return
    keys = list(dict.fromkeys(key for key, _ in pairs))
    yield Decision(
        "unchanged:all",
        f"{len(keys)} questions that are as they were",
        "Words, answers and routing are those of before.",
        (
            Field("reason", "comparable, because", state.words.say("drafted", "as_before")),
            Field("except", "those that cannot be compared all the same", "", "several",
                  tuple((key, key) for key in keys), is_required=False),
            Field("except_reason", "because", is_required=False),
        ),
        tuple(
            Line(row["wording"], ", ".join(one for key, one in pairs if key == row["question_key"]),
                 state.edition, is_count=True)
            for row in state.list_own("question_editions") if row["question_key"] in keys
        ),
    )  # fmt: skip


def take_unchanged(state: State, _: str, values: Values) -> list[str]:
    """Write the verdict of all that is as it was."""
    excepted = values["except"].split()
    pairs = _list_unchanged(state)
    for key, earlier in pairs:
        verdict, reason = Comparability.COMPARABLE, values["reason"]
        if key in excepted:
            verdict, reason = Comparability.NOT_COMPARABLE, values["except_reason"]
        write_verdict(state, key, earlier, verdict, reason)
    return [f"{len(pairs)} verdicts: comparable, but for those excepted"]


def _list_unchanged(state: State) -> list[tuple[str, str]]:
    """Return each question without a verdict of which nothing differs, and since which edition."""
    return [
        (row["question_key"], earlier)
        for row in state.list_own("question_editions")
        for earlier in _list_pairs(state, row["question_key"])
        if not _has_verdict(state, earlier, row["question_key"])
        and is_unchanged(state, row["question_key"], earlier)
    ]


def write_verdict(state: State, key: str, earlier: str, verdict: str, reason: str) -> None:
    """Add a verdict; what differs was seen by who gives it."""
    is_comparable = verdict == Comparability.COMPARABLE
    seen = list_seen(find_differences(state, key, earlier)) if is_comparable else ""
    state.tables["comparability"].append(
        {"from_edition_key": earlier, "to_edition_key": state.edition, "question_key": key,
         "item_code": "", "verdict": verdict, "seen": seen, "reason": reason}
    )  # fmt: skip


def _is_single(state: State, key: str) -> bool:
    """Whether nobody gave more than one answer to a question that took several before."""
    return state.study.most_chosen.get(key) == 1 and can_be_single(state, key)


def _list_pairs(state: State, key: str) -> list[str]:
    """Return the earlier editions with which a question can have a verdict."""
    (row,) = find_rows(state.tables, "questions", question_key=key)
    if state.find_traits(key).is_open or row["role"] in WHERE:
        return []
    return [edition for edition in state.earlier if state.find_before(edition, key)]


def _has_verdict(state: State, earlier: str, key: str) -> bool:
    rows = find_rows(state.tables, "comparability", question_key=key, item_code="")
    step = (earlier, state.edition)
    return any((row["from_edition_key"], row["to_edition_key"]) == step for row in rows)


def _list_origins(state: State, key: str) -> Iterator[Field]:
    """Yield, for each option that is new or worded otherwise, what it may come from."""
    pairs = _list_pairs(state, key)
    if not pairs:
        return
    last = pairs[-1]
    names = ("option_editions", "option_code", "label")
    was = read_labels(state, names[0], last, state.find_before(last, key) or key, *names[1:])
    now = read_labels(state, names[0], state.edition, key, *names[1:])
    lineages = {row["option_code"]: row for row in state.list_own("option_editions",
                                                                  question_key=key)}  # fmt: skip
    # What went, or has other words: of the rest it is known what became of it.
    loose = {code: simplify(label) for code, label in was.items()
             if code not in now or simplify(now[code]) != simplify(label)}  # fmt: skip
    for code, label in now.items():
        if lineages[code]["review"] == Review.REVIEWED:
            continue
        if code in was and simplify(was[code]) == simplify(label):
            continue
        nearest = process.extract(simplify(label), loose, scorer=fuzz.token_set_ratio,
                                  score_cutoff=NEAR)  # fmt: skip
        near = [old for _, _, old in nearest if old not in now or code not in was]
        proposed = [code, *near] if code in was else near[:1]
        yield Field(
            f"from:{code}", f"{label!r} comes from", " ".join(proposed), "several",
            tuple((old, f"{old}: {text}") for old, text in was.items()), is_required=False,
        )  # fmt: skip


def _list_scores(state: State, key: str) -> Iterator[Field]:
    """Yield, of an ordered scale, the score of each option that has none."""
    rows = {row["option_code"]: row for row in find_rows(state.tables, "options",
                                                         question_key=key)}  # fmt: skip
    asked = read_labels(state, "option_editions", state.edition, key, "option_code", "label")
    if any(row["score"] for row in rows.values()):
        for code, label in asked.items():
            if not rows[code]["score"] and rows[code]["is_missing"] != "yes":
                yield Field(f"score:{code}", f"the score of {label!r} on the scale",
                            is_required=False)  # fmt: skip


def _list_counts(state: State, key: str) -> Iterator[Line]:
    """Yield how many chose each option before and now, where the export could be counted."""
    pairs = _list_pairs(state, key)
    chosen = state.study.chosen
    if not pairs:
        return
    last = pairs[-1]
    before = state.find_before(last, key) or key
    codes = {code: None for edition, question, code in chosen
             if (edition, question) in ((last, before), (state.edition, key))}  # fmt: skip
    names = ("option_editions", "option_code", "label")
    labels = read_labels(state, names[0], last, before, *names[1:]) | read_labels(
        state, names[0], state.edition, key, *names[1:]
    )
    for code in codes:
        was, now = (
            "{} of {}".format(*chosen[edition, question, code])
            if (edition, question, code) in chosen
            else ""
            for edition, question in ((last, before), (state.edition, key))
        )
        yield Line(f"chose: {labels.get(code, code)}", was, now, is_count=True)
