"""Questionnaires of other tools, read into one form and written as XLSForm."""
