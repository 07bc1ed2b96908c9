"""What was published before, and where it contradicts itself."""

from ingest.codebook.shape import (
    BLANK_CODE,
    CODE,
    EDITION,
    INTEGER,
    MUNICIPALITY,
    OPTION_EDITION,
    QUESTION_EDITION,
    TEXT,
    Column,
    Reference,
    Table,
    declare,
)

TABLES: dict[str, Table] = {
    "published_figures": declare(
        "published/figures.csv",
        {
            "edition_key": INTEGER,
            "section": TEXT,
            "question_key": CODE,
            "option_code": CODE,
            "published_base_count": INTEGER,
            "published_count": Column("integer", required=False),
            "published_percentage": Column("number", required=False),
        },
        ("edition_key", "question_key", "option_code"),
        references=(OPTION_EDITION,),
    ),
    "published_size_categories": declare(
        "published/size_categories.csv",
        {
            "edition_key": INTEGER,
            "nis_code": CODE,
            "published_name": TEXT,
            "published_population": INTEGER,
            "size_category": CODE,
        },
        ("edition_key", "nis_code"),
        references=(
            EDITION,
            MUNICIPALITY,
            Reference(("size_category",), "size_categories"),
        ),
    ),
    "published_anomalies": declare(
        "published/anomalies.csv",
        {
            "edition_key": INTEGER,
            "anomaly_number": INTEGER,
            "question_key": BLANK_CODE,
            "option_code": BLANK_CODE,
            "computed_count": Column("integer", required=False),
            "computed_base_count": Column("integer", required=False),
            "nis_code": BLANK_CODE,
            "explanation": TEXT,
        },
        ("edition_key", "anomaly_number"),
        references=(
            EDITION,
            QUESTION_EDITION,
            OPTION_EDITION,
            MUNICIPALITY,
        ),
    ),
}
