"""What is expected of a built warehouse.

What ingest refuses before anything is built is expected here too: `gelijkekansen check` looks at a
warehouse of which nobody knows how it was built.

Every suite looks at the rows of one query, filtered on one edition. Its columns
`respondent_key`, `question_key` and `value` name what a failed expectation has found.
"""

from expectations.suites import codebook, comparability, raw, routing
from expectations.suites.findings import FINDINGS
from expectations.suites.suite import Rule, Suite

SUITES: tuple[Suite, ...] = (
    *raw.SUITES,
    *codebook.SUITES,
    *routing.SUITES,
    *comparability.SUITES,
)

__all__ = ["FINDINGS", "SUITES", "Rule", "Suite"]
