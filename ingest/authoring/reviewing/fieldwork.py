"""Decisions on an edition as a whole: its dates, which rows count, columns that nobody knows."""

from collections.abc import Iterable, Iterator

from ingest.authoring.filling import FACTS
from ingest.authoring.first_rows import find_privacy
from ingest.authoring.found import find_questions
from ingest.authoring.knowledge import gather_knowledge
from ingest.authoring.matching import NUMBER, simplify
from ingest.authoring.new_questions import ROWS, add_questions
from ingest.authoring.reviewing.decision import Decision, Field, Line, Values
from ingest.authoring.reviewing.state import State, find_rows, mark_reviewed
from ingest.codebook.tables import TABLES
from ingest.exports.files import Grid
from ingest.shared.problems import InputError, Problem, shorten
from ingest.shared.text import to_match_text
from vocabulary.lists import AnswerRole, MetadataRole, Privacy, Review

NEW = "new"
# How many of the texts of a column are shown.
SHOWN = 3
YES_NO = (("yes", "yes"), ("no", "no"))
EXCLUDED = "excluded"


def find_facts(state: State) -> Iterator[Decision]:
    """Yield what is not known of the edition itself."""
    row = state.row
    last = find_rows(state.tables, "editions", edition_key=state.earlier[-1])[0]
    asked = [name for name in FACTS if last[name]]
    if all(row[name] for name in asked):
        return
    proposed = {"label": state.edition, "tool": last["tool"]}
    moments = sorted(state.count_values(MetadataRole.STARTED_AT))
    count = len(state.grid.rows) if state.grid else 0
    yield Decision(
        "edition",
        f"Edition {state.edition}",
        "What no export tells. How many respondents are expected comes from the fieldwork, never"
        " from this file: it is what the file is checked by.",
        (
            *(
                Field(name, name.replace("_", " "), row[name] or proposed.get(name, ""), kind)
                for name, kind in FACTS.items()
                if name in asked
            ),
            Field("is_synthetic", "are its answers invented, as for a rehearsal?",
                  row["is_synthetic"], "choice", YES_NO),
        ),
        (
            *(Line(name, last[name], row[name]) for name in asked),
            Line("rows in the export", "", str(count)),
            *(Line("first and last start", "", f"{moments[0]} - {moments[-1]}")
              for _ in moments[:1]),
        ),
    )  # fmt: skip


def take_facts(state: State, _: str, values: Values) -> list[str]:
    """Fill in the edition's row."""
    state.row.update(values)
    days = f"{values['field_start_date']} to {values['field_end_date']}"
    return [f"edition {state.edition}: {values['label']}, {days}"]


def find_counting(state: State) -> Iterator[Decision]:
    """Yield which rows count: what stands for completed, and which channels are respondents."""
    for role in (MetadataRole.IS_COMPLETE, MetadataRole.CHANNEL):
        counts = state.count_values(role)
        if not _is_open(state, role, counts):
            continue
        excluded = {to_match_text(row["value"]): row["reason"]
                    for row in find_rows(state.tables, "row_exclusions", role=role)}  # fmt: skip
        # Of each text, the last edition that says anything, the one in review after all others.
        known = {
            simplify(row["spelling"]): row
            for row in sorted(find_rows(state.tables, "metadata_values", role=role),
                              key=lambda row: int(row["edition_key"]))
            if row["value"]
        }  # fmt: skip
        blank = {"value": "", "edition_key": ""}
        before = {text: row for text, row in known.items() if row["edition_key"] != state.edition}
        is_channel = role == MetadataRole.CHANNEL
        choices = (*YES_NO, (EXCLUDED, "not counted: no respondent")) if is_channel else YES_NO
        fields = [
            Field(text, f"{text!r}: {'counts' if is_channel else 'completed'}?",
                  EXCLUDED if to_match_text(text) in excluded
                  else known.get(simplify(text), blank)["value"], "choice", choices)
            for text in counts
        ]  # fmt: skip
        if is_channel:
            reason = next(iter(excluded.values()), "")
            fields.append(Field("reason", "why some do not count", reason, is_required=False))
        yield Decision(
            f"counts:{role}",
            "Which channels count" if is_channel else "Who completed the questionnaire",
            "Each text that the export has there, and how often.",
            tuple(fields),
            tuple(Line(text, "{value} {edition_key}".format_map(before.get(simplify(text), blank)),
                       f"{count} rows") for text, count in counts.items()),
        )  # fmt: skip


def _is_open(state: State, role: str, texts: Iterable[str]) -> bool:
    """Whether a text of the export is nobody's yet, or its row only proposed."""
    rows = state.list_own("metadata_values", role=role)
    known = {to_match_text(row["spelling"]) for row in rows if row["review"] == Review.REVIEWED}
    known |= {to_match_text(row["value"]) for row in state.list_own("row_exclusions", role=role)}
    return not known.issuperset(map(to_match_text, texts))


def take_counting(state: State, role: str, values: Values) -> list[str]:
    """Say of each spelling whether it counts, and exclude the rows of those that are nobody's."""
    own = state.list_own("row_exclusions", role=role)
    carried = [row for row in own if row["value"] not in values]
    for text, said in values.items():
        if text == "reason":
            continue
        rows = state.list_own("metadata_values", role=role, spelling=text)
        if said == EXCLUDED:
            reason = values["reason"]
            # A rule that finds nothing here is what this one was called before.
            row = carried.pop() if carried else {"edition_key": state.edition, "role": role}
            if row not in state.tables["row_exclusions"]:
                state.tables["row_exclusions"].append(row)
            row |= {"value": text, "reason": reason or row.get("reason", "")}
            _remove(state, "metadata_values", rows)
        elif rows:
            rows[0]["value"] = said
        else:
            state.tables["metadata_values"].append(
                {"edition_key": state.edition, "role": role, "spelling": text, "value": said,
                 "review": Review.PROPOSED}
            )  # fmt: skip
    mark_reviewed(state, role=role)
    return [f"{text}: {said}" for text, said in values.items() if text != "reason"]


def find_columns(state: State) -> Iterator[Decision]:
    """Yield the columns that no earlier edition had, and that nobody gave a reason to leave out."""
    rows = [
        row
        for row in state.list_own("export_columns", role=AnswerRole.IGNORED)
        if row["review"] == Review.PROPOSED and not row["reason"]
    ]
    if not rows:
        return
    used = {row["role"] for row in state.list_own("export_columns")}
    choices = (
        (AnswerRole.IGNORED.value, "not needed"),
        (NEW, "a new question"),
        *((role.value, role.value) for role in MetadataRole if role not in used),
        *((f"question:{key}", f"question {key}") for key in _list_open(state)),
    )
    grid = state.grid
    yield Decision(
        "columns",
        f"{len(rows)} columns that are new",
        "Nothing like them was in an export before. What is not needed stays out of the"
        " warehouse, with its reason.",
        tuple(
            field
            for row in rows
            for field in (
                Field(
                    row["header"],
                    row["header"],
                    NEW if NUMBER.match(row["header"]) else AnswerRole.IGNORED,
                    "choice",
                    choices,
                ),
                Field(f"{row['header']}: reason", "why it is not needed",
                      state.words.say("drafted", "not_needed"), is_required=False),
            )
        ),
        tuple(
            Line(row["header"], "", _describe_column(grid, row["header"]))
            for row in rows if grid
        ),
    )  # fmt: skip


def take_columns(state: State, _: str, values: Values) -> list[str]:
    """Give each column its role, or the reason why it has none."""
    blank = [
        Problem(f"columns: {header}", "It is not needed, and no reason is given.", "Say why.")
        for header, said in values.items()
        if said == AnswerRole.IGNORED and not values.get(f"{header}: reason")
    ]
    if blank:
        raise InputError(blank)
    new = [header for header, said in values.items() if said == NEW]
    told = [f"{key}: a new question" for key in _ask_anew(state, new)]
    for row in state.list_own("export_columns", role=AnswerRole.IGNORED):
        said = values.get(row["header"])
        if said is None or said == NEW:
            continue
        role, _, question = said.partition(":")
        if role == AnswerRole.QUESTION:
            _ask_again(state, question, row["header"])
            row |= {"role": role, "question_key": question, "privacy": _find_privacy(state,
                    question)}  # fmt: skip
        elif role == AnswerRole.IGNORED:
            row["reason"] = values[f"{row['header']}: reason"]
        else:
            row |= {"role": role, "privacy": find_privacy(role)}
        row["review"] = Review.REVIEWED
        told.append(f"{row['header']}: {said}")
    return told


def _list_open(state: State) -> list[str]:
    """Return the questions of before that are no list and that no column has now."""
    return [
        row["question_key"]
        for row in state.tables["questions"]
        if not state.find_traits(row["question_key"]).is_closed
        and not state.find_traits(row["question_key"]).has_rows
        and not state.is_asked(state.edition, row["question_key"])
    ]


def _ask_again(state: State, question: str, header: str) -> None:
    """Add the edition's row of a question as it was asked last, at the place of its column."""
    grid = state.grid
    position = str(grid.headers.index(header) + 1) if grid else ""
    rows = find_rows(state.tables, "question_editions", question_key=question)
    last = max(rows, key=lambda row: int(row["edition_key"]))
    state.tables["question_editions"].append(
        last | {"edition_key": state.edition, "position": position, "number": position,
                "wording": header, "review": Review.PROPOSED}
    )  # fmt: skip


def _ask_anew(state: State, headers: list[str]) -> list[str]:
    """Add the questions that columns show to be asked for the first time; return their keys."""
    grid = state.grid
    if grid is None or not headers:
        return []
    others = {header: "" for header in grid.headers if header and header not in headers}
    titles = {header: NUMBER.sub("", header) for header in headers}
    known = gather_knowledge(state.tables, int(state.edition))
    found = list(find_questions(grid, others, titles))
    asked = state.list_own("question_editions")
    rows = add_questions(state.tables, known, found, state.layout, grid, asked)
    for row in rows["question_editions"]:
        number = NUMBER.match(grid.headers[int(row["position"]) - 1] or "")
        row["number"] = number[1] if number else row["number"]
    columns = {row["header"] for row in rows["export_columns"]}
    state.tables["export_columns"] = [
        row for row in state.tables["export_columns"]
        if row["edition_key"] != state.edition or row["header"] not in columns
    ]  # fmt: skip
    for name in (*ROWS, "export_columns", "options", "question_items"):
        blank = dict.fromkeys(TABLES[name].columns, "")
        state.tables[name] += [blank | row for row in rows[name]]
    return [row["question_key"] for row in rows["questions"]]


def _find_privacy(state: State, question: str) -> str:
    if state.find_traits(question).is_open:
        return Privacy.OPEN
    rows = find_rows(state.tables, "export_columns", question_key=question)
    return rows[0]["privacy"] if rows else Privacy.PERSONAL


def _describe_column(grid: Grid, header: str) -> str:
    """Return in how many rows a column is filled, and what stands in the first of them."""
    column = grid.headers.index(header)
    texts = [row[column] or "" for row in grid.rows if row[column]]
    first = ", ".join(list(dict.fromkeys(texts))[:SHOWN])
    return f"filled in {len(texts)} rows: {shorten(first)}"


def _remove(state: State, name: str, rows: list[dict[str, str]]) -> None:
    state.tables[name] = [row for row in state.tables[name] if row not in rows]
