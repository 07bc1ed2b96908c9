"""Rounding, for pages and files; in SQL the macro `percentage_half_up` does the same.

Halves go away from zero, as in Excel and in print: 12.5 becomes 13, and -12.5 becomes -13.
"""

from decimal import ROUND_HALF_UP, Decimal

# A share is a ratio of counts: what floating point puts below a half is a half.
_NOISE = 9


def round_half_up(value: float) -> int:
    """Return a number rounded to a whole one, halves away from zero."""
    return int(_round(value, Decimal(1)))


def write_half_up(value: float) -> str:
    """Return a number with one decimal, halves away from zero, with a point."""
    return str(_round(value, Decimal("0.1")))


def _round(value: float, to: Decimal) -> Decimal:
    return Decimal(repr(round(value, _NOISE))).quantize(to, rounding=ROUND_HALF_UP)
