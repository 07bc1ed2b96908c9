"""The form of keys and codes: whatever the codebook may name, routing can name as well."""

KEY = "[A-Za-z0-9_]+"
# A question or, behind a point, a row of it.
QUESTION_KEY = rf"{KEY}(?:\.{KEY})?"
