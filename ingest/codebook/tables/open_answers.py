"""Codes of open answers, and who gave which."""

from ingest.codebook.shape import (
    BLANK_CODE,
    BLANK_TEXT,
    CODE,
    INTEGER,
    OPTION_EDITION,
    QUESTION,
    QUESTION_EDITION,
    TEXT,
    Reference,
    Table,
    declare,
)

TABLES: dict[str, Table] = {
    "open_codes": declare(
        "codebook/open_codes.csv",
        {
            "question_key": CODE,
            "option_code": BLANK_CODE,
            "code": CODE,
            "position": INTEGER,
            "label": TEXT,
        },
        ("question_key", "option_code", "code"),
        ("question_key", "option_code", "position"),
        ("question_key", "option_code", "label"),
        references=(QUESTION, Reference(("question_key", "option_code"), "options")),
    ),
    "coded_answers": declare(
        "codebook/coded_answers.csv",
        {
            "edition_key": INTEGER,
            "respondent_key": TEXT,
            "lasting_key": BLANK_TEXT,
            "question_key": CODE,
            "option_code": BLANK_CODE,
            "coder": CODE,
            "code": CODE,
            "fingerprint": CODE,
        },
        ("edition_key", "respondent_key", "question_key", "option_code", "coder", "code"),
        references=(QUESTION_EDITION, OPTION_EDITION),
    ),
}
