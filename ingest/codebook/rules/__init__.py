"""What must hold between the rows of a codebook, beyond types, keys and references.

Each query returns the offending row's number in its file and what stands there.
"""

from ingest.codebook.rules import (
    editions,
    exports,
    findings,
    municipalities,
    open_answers,
    options,
    published,
    questions,
    review,
)
from ingest.codebook.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    *editions.RULES,
    *questions.RULES,
    *options.RULES,
    *exports.RULES,
    *municipalities.RULES,
    *published.RULES,
    *open_answers.RULES,
    *findings.RULES,
    *review.RULES,
)
