"""The decisions on a drafted edition: which are left, what each does, and how it is taken back."""

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.authoring.draft_files import Tables, read_tables
from ingest.authoring.filling import fill, refuse_new_faults
from ingest.authoring.holding import hold_codebook
from ingest.authoring.reviewing import (
    carried_routing,
    changed_questions,
    fieldwork,
    new_questions,
    rest,
)
from ingest.authoring.reviewing.decision import Decision, Values
from ingest.authoring.reviewing.state import State, Study
from ingest.authoring.undo import list_notes, put_back, write_with_note
from ingest.codebook.tables import TABLES
from ingest.shared.csv_files import BrokenCsvError, read_file
from ingest.shared.problems import InputError, Problem, name_candidates

# By topic, in the order in which they are put: what finds the decisions, and what takes one.
TOPICS: dict[str, tuple[Callable[[State], Iterator[Decision]],
                        Callable[[State, str, Values], list[str]]]] = {
    "edition": (fieldwork.find_facts, fieldwork.take_facts),
    "counts": (fieldwork.find_counting, fieldwork.take_counting),
    "columns": (fieldwork.find_columns, fieldwork.take_columns),
    "new": (new_questions.find_new, new_questions.take_new),
    "routing": (carried_routing.find_routing, carried_routing.take_routing),
    "changed": (changed_questions.find_changed, changed_questions.take_changed),
    "unchanged": (changed_questions.find_unchanged, changed_questions.take_unchanged),
    "rest": (rest.find_rest, rest.take_rest),
}  # fmt: skip
# From here on the answers are looked at as a build would read them.
STUDIED = ("routing", "changed", "unchanged", "rest")

# What the counts of a study hang on.
COUNTED = (
    *("question_editions", "item_editions", "option_editions", "option_spellings"),
    *("export_columns", "metadata_values", "row_exclusions"),
)
# Of a written list.
COLUMNS = ("decision", "field", "value")
Studies = Callable[[Tables], Study]


@dataclass
class Review:
    """A codebook folder in which one edition is reviewed, with the exports beside it.

    `study` says what a build would find; it is asked again only where its answer can be another.
    """

    folder: Path
    edition: int
    exports: Path
    study: Studies
    _studied: tuple[str, Study] = ("", Study())

    def list_decisions(self) -> list[Decision]:
        """Return what is left to decide, in its order.

        Raises InputError where the edition or its export is not there.
        """
        state = self._read()
        state.row  # noqa: B018 -- refuses an edition that is not there
        found: list[Decision] = []
        for topic, (find, _) in TOPICS.items():
            if topic in STUDIED and not found:
                state = self._look_into(state)
            found += find(state)
        return found

    def take(self, key: str, values: Values) -> list[str]:
        """Do what was decided, in all files at once, and say what became.

        Raises InputError, and changes nothing, where the decision is not there or one before it is
        left, where a value is none of it, and where the codebook would have a problem that it has
        not yet.
        """
        with hold_codebook(self.folder):
            return self._take(key, values)

    def take_back(self) -> list[str]:
        """Take back what was decided last; return the files.

        Raises InputError where nothing was, or a file has changed since.
        """
        with hold_codebook(self.folder):
            notes = list_notes(self.folder, self._note)
            if not notes:
                what = f"Nothing was decided of edition {self.edition} that could be taken back."
                raise InputError([Problem("review", what, "Decide something first.")])
            return put_back(self.folder, notes[-1])

    def play(self, decided: Mapping[str, Values]) -> Iterator[str]:
        """Take a written list of decisions, one after another; yield what became of each.

        Raises InputError at the first that cannot be taken; those before it stand.
        """
        for key, values in decided.items():
            yield from self.take(key, values)

    def find_problems(self) -> tuple[Problem, ...]:
        """Return what a build would still refuse, were all proposals right."""
        return self.study(self._read().tables).problems

    @property
    def missing(self) -> tuple[Problem, ...]:
        """Why nothing is shown of what the answers say, where a build would be refused."""
        return self._studied[1].problems

    @property
    def taken_count(self) -> int:
        """How many decisions were taken, and can be taken back."""
        return len(list_notes(self.folder, self._note))

    @property
    def _note(self) -> str:
        return f"reviewed-{self.edition}-"

    def _take(self, key: str, values: Values) -> list[str]:
        decisions = self.list_decisions()
        decision = next((one for one in decisions if one.key == key), None)
        if decision is None:
            what, action = f"{key!r} is not left to decide.", "Name one that is."
            nearest = name_candidates(key, [one.key for one in decisions])
            raise InputError([Problem("review", what, action, nearest)])
        if not is_next(decision, decisions):
            what = f"{decisions[0].key!r} comes before {key!r}, which can hang on it."
            raise InputError([Problem("review", what, f"Decide {decisions[0].key!r} first.")])
        if problems := decision.find_problems(values):
            raise InputError(problems)
        state = self._read()
        before = copy.deepcopy(state.tables)
        topic, _, about = key.partition(":")
        told = TOPICS[topic][1](state, about, decision.complete(values))
        refuse_new_faults(self.folder, before, state.tables)
        changed = [name for name in TABLES if state.tables[name] != before[name]]
        write_with_note(
            self.folder, f"{self._note}{self.taken_count + 1:03}", state.tables, changed
        )
        return told

    def _read(self) -> State:
        return State(read_tables(self.folder), str(self.edition), self.exports, self._studied[1])

    def _look_into(self, state: State) -> State:
        """Return the state with what a build would find."""
        asked = repr([{**row, "review": ""} for name in COUNTED for row in state.list_own(name)])
        if self._studied[0] != asked:
            self._studied = (asked, self.study(fill(state.tables)))
        return State(state.tables, state.edition, state.exports, self._studied[1])


def is_next(decision: Decision, decisions: list[Decision]) -> bool:
    """Whether a decision can be taken: none of an earlier topic is left."""
    return decision.topic == decisions[0].topic


def read_list(path: Path) -> dict[str, dict[str, str]]:
    """Return a written list of decisions: a CSV of decision, field and value.

    Raises InputError where it is none, or has no such columns.
    """
    try:
        header, *rows = read_file(path)
    except (UnicodeDecodeError, BrokenCsvError, ValueError):
        header, rows = [], []
    if not set(COLUMNS) <= set(header):
        what = "It is no CSV in UTF-8 with the columns decision, field and value."
        raise InputError([Problem(path.name, what, "Write it as review --list does.")])
    decided: dict[str, dict[str, str]] = {}
    for row in rows:
        cells = dict(zip(header, row, strict=False))
        values = decided.setdefault(cells["decision"], {})
        # A row without a field says that all is as it was proposed.
        if cells.get("field"):
            values[cells["field"]] = cells.get("value", "")
    return decided
