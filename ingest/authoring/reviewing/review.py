"""The decisions on a drafted edition: which are left, what each does, and how it is taken back."""

import copy
import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.authoring.draft_files import Tables, read_tables
from ingest.authoring.filling import fill, refuse_new_faults
from ingest.authoring.reviewing import (
    carried_routing,
    changed_questions,
    fieldwork,
    new_questions,
    rest,
)
from ingest.authoring.reviewing.decision import Decision, Values
from ingest.authoring.reviewing.state import State, Study
from ingest.authoring.undo import list_notes, put_back, write_tables
from ingest.codebook.tables import TABLES
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
            if topic in STUDIED and state.study == Study() and not found:
                state = self._look_into(state)
            found += find(state)
        return found

    def take(self, key: str, values: Values) -> list[str]:
        """Do what was decided, in all files at once, and say what became.

        Raises InputError, and changes nothing, where the decision is not there or a value is none
        of it, and where the codebook would have a problem that it has not yet.
        """
        decisions = {one.key: one for one in self.list_decisions()}
        if key not in decisions:
            what, action = f"{key!r} is not left to decide.", "Name one that is."
            raise InputError([Problem("review", what, action, name_candidates(key, decisions))])
        decision = decisions[key]
        problems = decision.find_problems(values)
        if problems:
            raise InputError(problems)
        state = self._read()
        before = copy.deepcopy(state.tables)
        topic, _, about = key.partition(":")
        told = TOPICS[topic][1](state, about, decision.complete(values))
        refuse_new_faults(self.folder, before, state.tables)
        changed = [name for name in TABLES if state.tables[name] != before[name]]
        write_tables(self.folder, f"{self._note}{self.taken_count + 1:03}", state.tables, changed)
        return told

    def take_back(self) -> list[str]:
        """Take back what was decided last; return the files.

        Raises InputError where nothing was, or a file has changed since.
        """
        notes = list_notes(self.folder, self._note)
        return put_back(self.folder, notes[-1] if notes else f"{self._note}001")

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
    def taken_count(self) -> int:
        """How many decisions were taken, and can be taken back."""
        return len(list_notes(self.folder, self._note))

    @property
    def _note(self) -> str:
        return f"reviewed-{self.edition}-"

    def _read(self) -> State:
        return State(read_tables(self.folder), str(self.edition), self.exports, self._studied[1])

    def _look_into(self, state: State) -> State:
        """Return the state with what a build would find."""
        asked = repr(
            [(row["question_key"], row["relevant"], row["item_relevant"])
             for row in state.list_own("question_editions")]
        )  # fmt: skip
        if self._studied[0] != asked:
            self._studied = (asked, self.study(fill(state.tables)))
        return State(state.tables, state.edition, state.exports, self._studied[1])


def read_list(path: Path) -> dict[str, dict[str, str]]:
    """Return a written list of decisions: a CSV of decision, field and value.

    Raises InputError where it has no such columns.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if not set(COLUMNS) <= set(reader.fieldnames or ()):
            what = "It has no columns decision, field and value."
            raise InputError([Problem(path.name, what, "Write it as review --list does.")])
        decided: dict[str, dict[str, str]] = {}
        for row in reader:
            values = decided.setdefault(row["decision"], {})
            # A row without a field says that all is as it was proposed.
            if row["field"]:
                values[row["field"]] = row["value"] or ""
    return decided
