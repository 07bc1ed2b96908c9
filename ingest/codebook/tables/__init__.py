"""The tables of the codebook, by subject: their columns, keys and references."""

from ingest.codebook.shape import Table
from ingest.codebook.tables import (
    editions,
    exports,
    findings,
    municipalities,
    open_answers,
    published,
    questions,
)

TABLES: dict[str, Table] = {
    **editions.TABLES,
    **questions.TABLES,
    **exports.TABLES,
    **municipalities.TABLES,
    **published.TABLES,
    **open_answers.TABLES,
    **findings.TABLES,
}
