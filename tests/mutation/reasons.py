"""Why it is right that a change of a figure is not told, by kind of change.

Whatever the kind, a build says how many figures changed since the one before, and
`audit.figure_changes` names each with the file and row that changed.
"""

ANSWER = "another answer that the respondent could have given: only they know which they gave"
REASONS: dict[str, str] = {
    "export: cell": ANSWER,
    "export: below": ANSWER,
    "export: blank": "a question that the respondent could have skipped: its state is skipped, and"
    " it no longer stands in the base",
    "export: slip": "a text that is another accepted one, or a postal code or moment that is one",
    "comparability: row removed": "without a verdict there is no change: the pair is told as not"
    " reviewed",
    "comparability.verdict": "a person's verdict, with its reason beside it; what speaks against"
    " `comparable` is told",
    "options.is_exclusive": "whether an answer excludes the others is the codebook's to say; who"
    " chose it with others is a finding where it says so",
    "municipalities/municipalities.is_centrum_city": "which municipalities are centre cities is the"
    " codebook's to say; the sizes that were published are compared where they were",
    "municipalities/municipalities.province": "a municipality in another province than it is:"
    " a name of a province that is nearly another's is refused",
    "municipalities/populations.population": "a number within a quarter of the one before, so a"
    " population that it could have: a larger jump is refused",
}


def find_reason(kind: str) -> str | None:
    """Return why changes of a kind go untold, or None where nobody has said so."""
    return next((reason for start, reason in REASONS.items() if kind.startswith(start)), None)
