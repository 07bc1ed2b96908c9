"""What is asked: questions, their rows and options, as they last and as each edition has them."""

from ingest.codebook.shape import (
    BLANK_CODE,
    BLANK_TEXT,
    BOOLEAN,
    CODE,
    EDITION,
    INTEGER,
    ITEM_EDITION,
    OPTION_EDITION,
    QUESTION,
    QUESTION_EDITION,
    REVIEW,
    TEXT,
    Column,
    Reference,
    Table,
    declare,
)
from vocabulary.lists import (
    Comparability,
    Lineage,
    MunicipalityRule,
    QuestionLineage,
    QuestionRole,
)
from vocabulary.types import DECLARED_TYPES

TABLES: dict[str, Table] = {
    "parts": declare("codebook/parts.csv", {"part": INTEGER, "label": TEXT}, ("part",), ("label",)),
    "concepts": declare("codebook/concepts.csv", {"concept": CODE, "label": TEXT}, ("concept",)),
    "questions": declare(
        "codebook/questions.csv",
        {
            "question_key": CODE,
            "concept": CODE,
            "part": INTEGER,
            "type": Column(values=DECLARED_TYPES),
            "label": TEXT,
            "role": Column(required=False, values=tuple(QuestionRole)),
            "municipality_rule": Column(required=False, values=tuple(MunicipalityRule)),
            # Of a number: what it counts, and between what it can be.
            "unit": BLANK_TEXT,
            "lowest": Column("number", required=False),
            "highest": Column("number", required=False),
            # Of a constant sum: what its rows add up to.
            "total": Column("number", required=False),
        },
        ("question_key",),
        ("role",),
        references=(Reference(("concept",), "concepts"), Reference(("part",), "parts")),
    ),
    "question_items": declare(
        "codebook/question_items.csv",
        {"question_key": CODE, "item_code": CODE, "position": INTEGER, "label": TEXT},
        ("question_key", "item_code"),
        ("question_key", "position"),
        references=(QUESTION,),
    ),
    "options": declare(
        "codebook/options.csv",
        {
            "question_key": CODE,
            "option_code": CODE,
            "position": INTEGER,
            "label": TEXT,
            "is_exclusive": BOOLEAN,
            "is_missing": BOOLEAN,
            # Of an ordered scale: its mean, and what is higher.
            "score": Column("number", required=False),
            # Of a number, where options divide it into bands: where each begins, but the lowest.
            "at_least": Column("number", required=False),
        },
        ("question_key", "option_code"),
        ("question_key", "position"),
        references=(QUESTION,),
    ),
    "question_editions": declare(
        "codebook/question_editions.csv",
        {
            "edition_key": INTEGER,
            "question_key": CODE,
            "position": INTEGER,
            "number": TEXT,
            "wording": TEXT,
            "relevant": BLANK_TEXT,
            "item_relevant": BLANK_TEXT,
            "is_required": BOOLEAN,
            "evidence": TEXT,
            "review": REVIEW,
        },
        ("edition_key", "question_key"),
        ("edition_key", "position"),
        ("edition_key", "number"),
        references=(EDITION, QUESTION),
    ),
    "item_editions": declare(
        "codebook/item_editions.csv",
        {
            "edition_key": INTEGER,
            "question_key": CODE,
            "item_code": CODE,
            "wording": TEXT,
            "review": REVIEW,
        },
        ("edition_key", "question_key", "item_code"),
        ("edition_key", "question_key", "wording"),
        references=(QUESTION_EDITION, Reference(("question_key", "item_code"), "question_items")),
    ),
    "option_editions": declare(
        "codebook/option_editions.csv",
        {
            "edition_key": INTEGER,
            "question_key": CODE,
            "option_code": CODE,
            "label": TEXT,
            "lineage": Column(values=tuple(Lineage)),
            "review": REVIEW,
        },
        ("edition_key", "question_key", "option_code"),
        ("edition_key", "question_key", "label"),
        references=(QUESTION_EDITION, Reference(("question_key", "option_code"), "options")),
    ),
    "option_lineage": declare(
        "codebook/option_lineage.csv",
        {
            "edition_key": INTEGER,
            "question_key": CODE,
            "option_code": CODE,
            "from_option_code": CODE,
        },
        ("edition_key", "question_key", "option_code", "from_option_code"),
        references=(
            OPTION_EDITION,
            Reference(
                ("question_key", "from_option_code"), "options", ("question_key", "option_code")
            ),
        ),
    ),
    # A question, or row of a matrix, that continues another, or came of one.
    "question_lineage": declare(
        "codebook/question_lineage.csv",
        {
            "edition_key": INTEGER,
            "question_key": CODE,
            "item_code": BLANK_CODE,
            "from_question_key": CODE,
            "from_item_code": BLANK_CODE,
            "lineage": Column(values=tuple(QuestionLineage)),
            "reason": TEXT,
        },
        ("edition_key", "question_key", "item_code", "from_question_key", "from_item_code"),
        references=(
            QUESTION_EDITION,
            ITEM_EDITION,
            Reference(("from_question_key",), "questions", ("question_key",)),
            Reference(
                ("from_question_key", "from_item_code"),
                "question_items",
                ("question_key", "item_code"),
            ),
        ),
        is_optional=True,
    ),
    "comparability": declare(
        "codebook/comparability.csv",
        {
            "from_edition_key": INTEGER,
            "to_edition_key": INTEGER,
            "question_key": CODE,
            "item_code": BLANK_CODE,
            "verdict": Column(values=tuple(Comparability)),
            "seen": BLANK_TEXT,
            "reason": TEXT,
        },
        ("from_edition_key", "to_edition_key", "question_key", "item_code"),
        references=(
            # The question as the later edition has it; the earlier one can have another key for it.
            Reference(("from_edition_key",), "editions", ("edition_key",)),
            *(
                Reference(("to_edition_key", *columns), table, ("edition_key", *columns))
                for columns, table in (
                    (("question_key",), "question_editions"),
                    (("question_key", "item_code"), "item_editions"),
                )
            ),
        ),
    ),
}
