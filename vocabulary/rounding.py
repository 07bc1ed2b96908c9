"""Rounding, for pages and files; in SQL the macro `percentage_half_up` does the same.

Halves go away from zero, as in Excel and in print: 12.5 becomes 13, and -12.5 becomes -13.
"""

from decimal import ROUND_HALF_UP, Decimal

# A share is a ratio of counts: what floating point puts below a half is a half.
_NOISE = 9


def round_half_up(value: float) -> int:
    """Return a number rounded to a whole one, halves away from zero."""
    exact = Decimal(repr(round(value, _NOISE)))
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
