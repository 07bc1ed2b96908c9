"""How an export writes what was answered."""

from ingest.codebook.shape import (
    BLANK_CODE,
    BLANK_TEXT,
    BOOLEAN,
    CODE,
    EDITION,
    INTEGER,
    ITEM_EDITION,
    OPTION_EDITION,
    QUESTION_EDITION,
    REVIEW,
    TEXT,
    Column,
    Table,
    declare,
)
from vocabulary.lists import COLUMN_ROLES, Privacy

TABLES: dict[str, Table] = {
    "option_spellings": declare(
        "codebook/option_spellings.csv",
        {
            "edition_key": INTEGER,
            "question_key": CODE,
            # Blank: the text means that there is no answer.
            "option_code": BLANK_CODE,
            "spelling": TEXT,
            "is_selected": BOOLEAN,
            "review": REVIEW,
        },
        ("edition_key", "question_key", "option_code", "match_text"),
        references=(QUESTION_EDITION, OPTION_EDITION),
        match="spelling",
    ),
    "export_columns": declare(
        "codebook/export_columns.csv",
        {
            "edition_key": INTEGER,
            "header": TEXT,
            "role": Column(values=COLUMN_ROLES),
            "question_key": BLANK_CODE,
            "item_code": BLANK_CODE,
            "option_code": BLANK_CODE,
            "privacy": Column(values=tuple(Privacy)),
            # The header of the column that this one is another column of.
            "same_as": BLANK_TEXT,
            "reason": BLANK_TEXT,
            "review": REVIEW,
        },
        ("edition_key", "match_text"),
        references=(EDITION, QUESTION_EDITION, ITEM_EDITION, OPTION_EDITION),
        match="header",
    ),
}
