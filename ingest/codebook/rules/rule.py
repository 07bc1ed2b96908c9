"""What a rule of the codebook is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """A query that finds the rows of `table` that break a rule, as (row, what was seen).

    `is_of_export`: what is said of an edition's export, which a planned one does not have. A test
    spoils a codebook for each `key`.
    """

    key: str
    table: str
    what: str
    action: str
    sql: str
    is_of_export: bool = False
