"""A decision as it is put to a person: what is known, what can be said, and what is proposed."""

from collections.abc import Mapping
from dataclasses import dataclass

from ingest.shared.problems import Problem, name_candidates
from ingest.shared.text import is_date

Values = Mapping[str, str]


@dataclass(frozen=True)
class Field:
    """One thing to say: a text, or one of `choices` (codes with their words); several in a row.

    `kind` is text, date, number, choice or several; of several, the codes stand between blanks.
    """

    name: str
    label: str
    proposed: str = ""
    kind: str = "text"
    choices: tuple[tuple[str, str], ...] = ()
    is_required: bool = True

    def find_fault(self, value: str) -> tuple[str, str] | None:
        """Return what is wrong with a value and what to do, or None."""
        if not value:
            return ("It is blank.", "Say something.") if self.is_required else None
        codes = [code for code, _ in self.choices]
        given = value.split() if self.kind == "several" else [value]
        strange = [code for code in given if code not in codes] if self.choices else []
        if strange:
            nearest = name_candidates(strange[0], codes)
            return f"{strange[0]!r} is none of the choices.", f"Choose one of them.{nearest}"
        if self.kind == "number" and not value.isdigit():
            return f"{value!r} is no whole number.", "Write digits alone."
        if self.kind == "date" and not is_date(value):
            return f"{value!r} is no date.", "Write it as year-month-day."
        return None


@dataclass(frozen=True)
class Line:
    """A line of evidence: what it is of, how it was, and how it is now; counts always differ."""

    what: str
    before: str
    now: str
    is_count: bool = False

    @property
    def is_changed(self) -> bool:
        """Whether one text became another."""
        return bool(self.before and self.now) and self.before != self.now and not self.is_count


@dataclass(frozen=True)
class Decision:
    """What is to be decided; `key` names it in a written list: its topic, and what it is about."""

    key: str
    title: str
    told: str
    fields: tuple[Field, ...]
    evidence: tuple[Line, ...] = ()

    @property
    def topic(self) -> str:
        """What kind of decision it is."""
        return self.key.partition(":")[0]

    def find_problems(self, values: Values) -> list[Problem]:
        """Return what is wrong with what was said, field by field."""
        names = {field.name for field in self.fields}
        problems = [
            Problem(f"{self.key}: {name}", "It is no field of this decision.",
                    "Name one of its fields.", name_candidates(name, names))
            for name in values if name not in names
        ]  # fmt: skip
        for field in self.fields:
            fault = field.find_fault(values.get(field.name, field.proposed).strip())
            if fault is not None:
                problems.append(Problem(f"{self.key}: {field.name}", *fault))
        return problems

    def complete(self, values: Values) -> dict[str, str]:
        """Return a value for every field: what was said, else what is proposed."""
        return {field.name: values.get(field.name, field.proposed).strip() for field in self.fields}
