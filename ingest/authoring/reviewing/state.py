"""Where a review stands: the codebook's rows, the export, and what the models make of both."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ingest.authoring.draft_files import PER_EDITION, Row, Tables
from ingest.exports.files import ExportFile, Grid
from ingest.exports.reading import read_export
from ingest.shared.problems import InputError, Problem
from vocabulary.lists import Review, SiteText
from vocabulary.texts import OF_THE_SITE, Texts, read_texts
from vocabulary.types import TRAITS, QuestionType, Traits


@dataclass(frozen=True)
class Study:
    """What a build would find, were all proposals right; or why it would be refused.

    `chosen` has how many chose an option of how many who answered, by edition, question and
    option; `off_route` how many answered what the routing of the edition kept from
    them; `most_chosen` the most options that anybody chose.
    """

    chosen: dict[tuple[str, str, str], tuple[int, int]] = field(default_factory=dict)
    off_route: dict[str, int] = field(default_factory=dict)
    most_chosen: dict[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class State:
    """A codebook in which an edition is reviewed; `edition` is its key, as the files have it."""

    tables: Tables
    edition: str
    exports: Path
    study: Study = Study()

    @cached_property
    def earlier(self) -> list[str]:
        """The editions before it, the last one at the end."""
        keys = [row["edition_key"] for row in self.tables["editions"]]
        return sorted((key for key in keys if int(key) < int(self.edition)), key=int)

    @cached_property
    def row(self) -> Row:
        """Its row in editions.csv. Raises InputError where there is none, or none before it."""
        own = self.list_own("editions")
        if not own or not self.earlier:
            keys = ", ".join(row["edition_key"] for row in self.tables["editions"])
            what = f"Edition {self.edition} was not drafted, or has none before it: {keys}."
            action = f"Draft it first: gelijkekansen draft {self.edition} FILE."
            raise InputError([Problem("codebook: codebook/editions.csv", what, action)])
        return own[0]

    @property
    def layout(self) -> ExportFile:
        """Where its export stands, and how it is written."""
        row = self.row
        return ExportFile(
            int(self.edition), self.exports / row["source_file"], row["sheet"] or None,
            row["encoding"] or None, row["delimiter"] or None, int(row["header_row_count"]),
        )  # fmt: skip

    @cached_property
    def grid(self) -> Grid | None:
        """Its export; None where it is planned. Raises InputError where it cannot be read."""
        return read_export(self.layout) if self.row["source_file"] else None

    @cached_property
    def words(self) -> Texts:
        """The texts in the language in which the survey speaks."""
        named = [row["text"] for row in self.tables["texts"] if row["text_key"] ==
                 SiteText.LANGUAGE]  # fmt: skip
        return read_texts(named[0] if named else OF_THE_SITE)

    def list_own(self, name: str, **cells: str) -> list[Row]:
        """Return the rows of a file that are of the edition, and have those cells."""
        return find_rows(self.tables, name, edition_key=self.edition, **cells)

    def is_asked(self, edition: str, question: str) -> bool:
        """Whether an edition asks a question."""
        return (edition, question) in self._asked

    @cached_property
    def _asked(self) -> set[tuple[str, str]]:
        return {
            (row["edition_key"], row["question_key"]) for row in self.tables["question_editions"]
        }

    def find_traits(self, question: str) -> Traits:
        """Return what follows from a question's type."""
        return TRAITS[QuestionType(find_rows(self.tables, "questions",
                                             question_key=question)[0]["type"])]  # fmt: skip

    def find_before(self, edition: str, question: str) -> str | None:
        """Return what an earlier edition called a question, or None where it did not ask it."""
        if self.is_asked(edition, question):
            return question
        for row in self.list_own("question_lineage", question_key=question, item_code=""):
            if self.is_asked(edition, row["from_question_key"]):
                return row["from_question_key"]
        return None

    def count_values(self, role: str) -> Counter[str]:
        """Return how often each text stands in the column of a role."""
        headers = [row["header"] for row in self.list_own("export_columns", role=role)]
        if self.grid is None or not headers or headers[0] not in self.grid.headers:
            return Counter()
        column = self.grid.headers.index(headers[0])
        return Counter(row[column] or "" for row in self.grid.rows if row[column])

    def list_proposed(self, **cells: str) -> Iterator[tuple[str, Row]]:
        """Yield the rows of the edition that nobody has looked at, with their file."""
        for name in PER_EDITION:
            for row in self.list_own(name, review=Review.PROPOSED):
                if all(row.get(column) == cell for column, cell in cells.items()):
                    yield name, row


def find_rows(tables: Tables, name: str, **cells: str) -> list[Row]:
    """Return the rows of a file that have those cells."""
    return [
        row
        for row in tables[name]
        if all(row.get(column) == cell for column, cell in cells.items())
    ]


def mark_reviewed(state: State, **cells: str) -> None:
    """Say of the edition's rows with those cells that somebody looked at them."""
    for _, row in state.list_proposed(**cells):
        row["review"] = Review.REVIEWED
