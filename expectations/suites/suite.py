"""What a suite is, and the expectations of the library that it uses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from vocabulary.lists import Severity
from vocabulary.texts import OF_THE_WAREHOUSE, read_texts


@dataclass(frozen=True)
class Rule:
    """One expectation: a Great Expectations class by its name, with its arguments.

    A critical rule that fails stops the build, unless the codebook knows every finding;
    a warning is reported. Its words stand in the texts of each language, by its key.
    """

    key: str
    severity: Severity
    expectation: str
    arguments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """What is expected, in the language of the warehouse."""
        return read_texts(OF_THE_WAREHOUSE)["expectations"][self.key]


@dataclass(frozen=True)
class Suite:
    """The rules that hold for the rows of one query."""

    name: str
    sql: str
    rules: tuple[Rule, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the rules look at, each once."""
        names = ("column", "column_A", "column_B")
        looked_at = (rule.arguments.get(name) for rule in self.rules for name in names)
        return tuple(dict.fromkeys(column for column in looked_at if column))


NOT_NULL = "ExpectColumnValuesToNotBeNull"
NULL = "ExpectColumnValuesToBeNull"
NOT_IN_SET = "ExpectColumnValuesToNotBeInSet"
IN_SET = "ExpectColumnValuesToBeInSet"
EQUAL = "ExpectColumnPairValuesToBeEqual"
AT_LEAST = "ExpectColumnPairValuesAToBeGreaterThanB"
CRITICAL, WARNING = Severity
