"""What is looked at first: headline figures, and indices made of several questions."""

from ingest.codebook.shape import (
    BLANK_CODE,
    CODE,
    INTEGER,
    TEXT,
    Column,
    Reference,
    Table,
    declare,
)
from vocabulary.lists import PointsRule

OPTION = Reference(("question_key", "option_code"), "options")
ITEM = Reference(("question_key", "item_code"), "question_items")

TABLES: dict[str, Table] = {
    # Few, as they are judged by themselves: all other changes are exploratory.
    "headlines": declare(
        "codebook/headlines.csv",
        {
            "position": INTEGER,
            "question_key": CODE,
            "item_code": BLANK_CODE,
            "option_code": CODE,
            "label": TEXT,
        },
        ("position",),
        ("question_key", "item_code", "option_code"),
        ("label",),
        references=(OPTION, ITEM),
        is_optional=True,
    ),
    "indices": declare(
        "codebook/indices.csv",
        {
            "index_key": CODE,
            "label": TEXT,
            # Several options of one question: the sum of their points, or the highest of them.
            "within_question": Column(values=tuple(PointsRule)),
        },
        ("index_key",),
        ("label",),
        is_optional=True,
    ),
    "index_items": declare(
        "codebook/index_items.csv",
        {
            "index_key": CODE,
            "question_key": CODE,
            "item_code": BLANK_CODE,
            "option_code": CODE,
            "points": Column("number"),
        },
        ("index_key", "question_key", "item_code", "option_code"),
        references=(Reference(("index_key",), "indices"), OPTION, ITEM),
        is_optional=True,
    ),
}
