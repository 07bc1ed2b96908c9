"""What is only proposed is refused, in every table that knows of it."""

from ingest.codebook.rules.rule import Rule
from ingest.codebook.tables import TABLES

RULES = tuple(
    Rule(
        f"{table}_are_reviewed",
        table,
        "{seen} is only proposed.",
        "Look at it, mend it, and write reviewed in the column review.",
        f"""
        select _row, 'Edition ' || edition_key || ': this row' from codebook.{table}
        where review = 'proposed'
        """,
    )
    for table, declared in TABLES.items()
    if "review" in declared.columns
)
