"""What a rule of the codebook is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """A query that finds the rows of `table` that break a rule, as (row, what was seen).

    A test spoils a codebook for each `key`.
    """

    key: str
    table: str
    what: str
    action: str
    sql: str
