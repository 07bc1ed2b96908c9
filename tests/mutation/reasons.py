"""Why it is right that a change of a figure is not told, by kind of change."""

REASONS: dict[str, str] = {}


def find_reason(kind: str) -> str | None:
    """Return why changes of a kind go untold, or None where nobody has said so."""
    return next((reason for start, reason in REASONS.items() if kind.startswith(start)), None)
