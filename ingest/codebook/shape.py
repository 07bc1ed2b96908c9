"""The tables of the codebook: their columns, keys and references.

The survey itself stands in the CSV files; what stands here is only their shape.
"""

from dataclasses import dataclass
from typing import Literal

from vocabulary.lists import Review

Kind = Literal["text", "code", "integer", "number", "date", "boolean"]
# A column that every file may have, for whoever keeps it: nothing reads it, and nothing loses it.
NOTES = "notes"


@dataclass(frozen=True)
class Column:
    """A column of a codebook file; `values` is the closed list of what it may hold."""

    kind: Kind = "text"
    required: bool = True
    values: tuple[str, ...] = ()

    @property
    def sql_type(self) -> str:
        """The type the column has in the warehouse."""
        return {"text": "varchar", "code": "varchar", "number": "decimal(9, 2)"}.get(
            self.kind, self.kind
        )


@dataclass(frozen=True)
class Reference:
    """Columns whose values must stand in a table; blank in any of them means no reference.

    `table` is a codebook file, or one of DERIVED.
    """

    columns: tuple[str, ...]
    table: str
    target: tuple[str, ...] = ()

    @property
    def target_columns(self) -> tuple[str, ...]:
        """The columns of the other table, where they have other names there."""
        return self.target or self.columns


@dataclass(frozen=True)
class Table:
    """A codebook file: its place below the codebook folder, columns, keys and references.

    `match` names the column that is also compared with folded white space, quotes and dashes;
    its folded form is loaded beside it as `match_text`. An optional file need not be there.
    """

    path: str
    columns: dict[str, Column]
    keys: tuple[tuple[str, ...], ...]
    references: tuple[Reference, ...] = ()
    match: str | None = None
    is_optional: bool = False


# Questions and rows of matrices, by their keys in the warehouse: a matrix row is a question of its
# own. `{0}` is what the tables begin with, as files or in their schema.
ASKED_ROWS = """
    select edition_key, question_key from {0}question_editions
    union all
    select edition_key, question_key || '.' || item_code from {0}item_editions
"""
# What rows can refer to that is no file: by its name, a query over the files.
DERIVED = {"asked": ASKED_ROWS.format("file_")}
DERIVED_IN_WORDS = {"asked": "question_editions.csv, nor as a row in item_editions.csv"}

TEXT = Column()
BLANK_TEXT = Column(required=False)
CODE = Column("code")
BLANK_CODE = Column("code", required=False)
INTEGER = Column("integer")
DATE = Column("date")
BOOLEAN = Column("boolean")
REVIEW = Column(values=tuple(Review))

EDITION = Reference(("edition_key",), "editions")
QUESTION = Reference(("question_key",), "questions")
QUESTION_EDITION = Reference(("edition_key", "question_key"), "question_editions")
OPTION_EDITION = Reference(("edition_key", "question_key", "option_code"), "option_editions")
ITEM_EDITION = Reference(("edition_key", "question_key", "item_code"), "item_editions")
# Where a matrix row can be named as well.
ASKED = Reference(("edition_key", "question_key"), "asked")
MUNICIPALITY = Reference(("nis_code",), "municipalities")


def declare(
    path: str,
    columns: dict[str, Column],
    *keys: tuple[str, ...],
    references: tuple[Reference, ...] = (),
    match: str | None = None,
    is_optional: bool = False,
) -> Table:
    """Return a table, its keys one after another."""
    return Table(path, columns, keys, references, match, is_optional)
