"""The tables of the codebook: their columns, keys and references.

The survey itself stands in the CSV files; what stands here is only their shape.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "code", "integer", "number", "date", "boolean"]


@dataclass(frozen=True)
class Column:
    """A column of a codebook file; `values` is the closed list of what it may hold."""

    kind: Kind = "text"
    required: bool = True
    values: tuple[str, ...] = ()

    @property
    def sql_type(self) -> str:
        """The type the column has in the warehouse."""
        return {"text": "varchar", "code": "varchar", "number": "decimal(9, 2)"}.get(
            self.kind, self.kind
        )


@dataclass(frozen=True)
class Reference:
    """Columns whose values must stand in a table; blank in any of them means no reference."""

    columns: tuple[str, ...]
    table: str
    target: tuple[str, ...] = ()

    @property
    def target_columns(self) -> tuple[str, ...]:
        """The columns of the other table, where they have other names there."""
        return self.target or self.columns


@dataclass(frozen=True)
class Table:
    """A codebook file: its place below the codebook folder, columns, keys and references.

    `match` names the column that is also compared with folded white space, quotes and dashes;
    its folded form is loaded beside it as `match_text`.
    """

    path: str
    columns: dict[str, Column]
    keys: tuple[tuple[str, ...], ...]
    references: tuple[Reference, ...] = ()
    match: str | None = None


METADATA_ROLES = (
    "respondent_id",
    "email",
    "started_at",
    "completed_at",
    "is_complete",
    "duration_seconds",
    "channel",
)
COLUMN_ROLES = ("question", "option", "options", "other_text", "ignored", *METADATA_ROLES)
CLOSED_TYPES = ("single", "multiple", "matrix")

TEXT = Column()
BLANK_TEXT = Column(required=False)
CODE = Column("code")
BLANK_CODE = Column("code", required=False)
INTEGER = Column("integer")
DATE = Column("date")
BOOLEAN = Column("boolean")
REVIEW = Column("text", values=("reviewed", "proposed"))

EDITION = Reference(("edition_key",), "editions")
QUESTION = Reference(("question_key",), "questions")
QUESTION_EDITION = Reference(("edition_key", "question_key"), "question_editions")
OPTION_EDITION = Reference(("edition_key", "question_key", "option_code"), "option_editions")
ITEM_EDITION = Reference(("edition_key", "question_key", "item_code"), "item_editions")


def _declare(
    path: str,
    columns: dict[str, Column],
    *keys: tuple[str, ...],
    references: tuple[Reference, ...] = (),
    match: str | None = None,
) -> Table:
    return Table(path, columns, keys, references, match)


TABLES: dict[str, Table] = {
    "editions": _declare(
        "codebook/editions.csv",
        {
            "edition_key": INTEGER,
            "label": TEXT,
            "field_start_date": DATE,
            "field_end_date": DATE,
            "frame_date": DATE,
            "tool": TEXT,
            "is_baseline": BOOLEAN,
            "is_synthetic": BOOLEAN,
            "source_note": BLANK_TEXT,
            "source_file": TEXT,
            "sheet": BLANK_TEXT,
            "encoding": BLANK_TEXT,
            "delimiter": BLANK_TEXT,
            "header_row_count": INTEGER,
            "option_delimiter": BLANK_TEXT,
            "analysis_question_key": CODE,
            "expected_respondent_count": INTEGER,
        },
        ("edition_key",),
        ("source_file",),
        references=(
            Reference(
                ("edition_key", "analysis_question_key"),
                "question_editions",
                ("edition_key", "question_key"),
            ),
        ),
    ),
    "parts": _declare("codebook/parts.csv", {"part": INTEGER, "label": TEXT}, ("part",)),
    "concepts": _declare("codebook/concepts.csv", {"concept": CODE, "label": TEXT}, ("concept",)),
    "questions": _declare(
        "codebook/questions.csv",
        {
            "question_key": CODE,
            "concept": CODE,
            "part": INTEGER,
            "type": Column("text", values=(*CLOSED_TYPES, "text", "integer")),
            "label": TEXT,
            "role": Column(
                "text", required=False, values=("municipality", "postal_code", "function")
            ),
            "municipality_rule": Column(
                "text", required=False, values=("any", "most_complete", "first_listed")
            ),
        },
        ("question_key",),
        ("role",),
        references=(Reference(("concept",), "concepts"), Reference(("part",), "parts")),
    ),
    "question_items": _declare(
        "codebook/question_items.csv",
        {"question_key": CODE, "item_code": CODE, "position": INTEGER, "label": TEXT},
        ("question_key", "item_code"),
        ("question_key", "position"),
        references=(QUESTION,),
    ),
    "options": _declare(
        "codebook/options.csv",
        {
            "question_key": CODE,
            "option_code": CODE,
            "position": INTEGER,
            "label": TEXT,
            "is_exclusive": BOOLEAN,
            "is_missing": BOOLEAN,
        },
        ("question_key", "option_code"),
        ("question_key", "position"),
        references=(QUESTION,),
    ),
    "question_editions": _declare(
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
    "item_editions": _declare(
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
    "option_editions": _declare(
        "codebook/option_editions.csv",
        {
            "edition_key": INTEGER,
            "question_key": CODE,
            "option_code": CODE,
            "label": TEXT,
            "lineage": Column("text", values=("kept", "renamed", "split", "merged", "new")),
            "review": REVIEW,
        },
        ("edition_key", "question_key", "option_code"),
        ("edition_key", "question_key", "label"),
        references=(QUESTION_EDITION, Reference(("question_key", "option_code"), "options")),
    ),
    "option_lineage": _declare(
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
    "option_spellings": _declare(
        "codebook/option_spellings.csv",
        {
            "edition_key": INTEGER,
            "question_key": CODE,
            "option_code": CODE,
            "spelling": TEXT,
            "is_selected": BOOLEAN,
            "review": REVIEW,
        },
        ("edition_key", "question_key", "option_code", "match_text"),
        references=(OPTION_EDITION,),
        match="spelling",
    ),
    "export_columns": _declare(
        "codebook/export_columns.csv",
        {
            "edition_key": INTEGER,
            "header": TEXT,
            "role": Column("text", values=COLUMN_ROLES),
            "question_key": BLANK_CODE,
            "item_code": BLANK_CODE,
            "option_code": BLANK_CODE,
            "privacy": Column("text", values=("public", "open", "personal", "drop")),
            "reason": BLANK_TEXT,
            "review": REVIEW,
        },
        ("edition_key", "match_text"),
        references=(EDITION, QUESTION_EDITION, ITEM_EDITION, OPTION_EDITION),
        match="header",
    ),
    "metadata_values": _declare(
        "codebook/metadata_values.csv",
        {
            "edition_key": INTEGER,
            "role": Column("text", values=("is_complete",)),
            "spelling": TEXT,
            "value": BOOLEAN,
            "review": REVIEW,
        },
        ("edition_key", "role", "match_text"),
        references=(EDITION,),
        match="spelling",
    ),
    "row_exclusions": _declare(
        "codebook/row_exclusions.csv",
        {
            "edition_key": INTEGER,
            "role": Column("text", required=False, values=METADATA_ROLES),
            "value": BLANK_TEXT,
            "reason": TEXT,
        },
        ("edition_key", "role", "value"),
        references=(EDITION,),
        match="value",
    ),
    "corrections": _declare(
        "codebook/corrections.csv",
        {
            "edition_key": INTEGER,
            "respondent_key": TEXT,
            "started_at": BLANK_TEXT,
            "question_key": TEXT,
            "option_code": BLANK_CODE,
            "expected_value": BLANK_TEXT,
            "new_value": BLANK_TEXT,
            "reason": TEXT,
            "corrected_on": DATE,
        },
        ("edition_key", "respondent_key", "question_key", "option_code"),
        references=(EDITION,),
    ),
    "open_codes": _declare(
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
        references=(QUESTION, Reference(("question_key", "option_code"), "options")),
    ),
    "coded_answers": _declare(
        "codebook/coded_answers.csv",
        {
            "edition_key": INTEGER,
            "respondent_key": TEXT,
            "question_key": CODE,
            "option_code": BLANK_CODE,
            "coder": CODE,
            "code": CODE,
            "fingerprint": CODE,
        },
        ("edition_key", "respondent_key", "question_key", "option_code", "coder", "code"),
        references=(QUESTION_EDITION,),
    ),
    "texts": _declare(
        "codebook/texts.csv",
        {"text_key": Column("text", values=("title", "introduction")), "text": TEXT},
        ("text_key",),
    ),
    "release_rules": _declare(
        "codebook/release_rules.csv",
        {
            "rule": Column("text", values=("min_municipality_count",)),
            "value": INTEGER,
            "reason": TEXT,
        },
        ("rule",),
    ),
    "known_findings": _declare(
        "codebook/known_findings.csv",
        {
            "edition_key": INTEGER,
            "rule": CODE,
            "question_key": BLANK_TEXT,
            "respondent_key": BLANK_TEXT,
            "expected_count": INTEGER,
            "explanation": TEXT,
        },
        ("edition_key", "rule", "question_key", "respondent_key"),
        references=(EDITION,),
    ),
    "comparability": _declare(
        "codebook/comparability.csv",
        {
            "from_edition_key": INTEGER,
            "to_edition_key": INTEGER,
            "question_key": CODE,
            "item_code": BLANK_CODE,
            "verdict": Column(
                "text", values=("comparable", "comparable_with_caution", "not_comparable")
            ),
            "reason": TEXT,
        },
        ("from_edition_key", "to_edition_key", "question_key", "item_code"),
        references=(
            Reference(
                ("from_edition_key", "question_key"),
                "question_editions",
                ("edition_key", "question_key"),
            ),
            Reference(
                ("to_edition_key", "question_key"),
                "question_editions",
                ("edition_key", "question_key"),
            ),
        ),
    ),
    "size_categories": _declare(
        "codebook/size_categories.csv",
        {
            "size_category": CODE,
            "position": INTEGER,
            "label": TEXT,
            "is_centrum_city": Column("boolean", required=False),
            "min_population": Column("integer", required=False),
            "max_population": Column("integer", required=False),
        },
        ("size_category",),
        ("position",),
    ),
    "municipalities": _declare(
        "municipalities/municipalities.csv",
        {
            "nis_code": CODE,
            "name": TEXT,
            "province": TEXT,
            "arrondissement": TEXT,
            "is_centrum_city": BOOLEAN,
            "valid_from": DATE,
            "valid_to": Column("date", required=False),
            "successor_nis_code": BLANK_CODE,
            "is_rehearsal": BOOLEAN,
        },
        ("nis_code", "valid_from"),
        references=(Reference(("successor_nis_code",), "municipalities", ("nis_code",)),),
        match="name",
    ),
    "municipality_aliases": _declare(
        "municipalities/aliases.csv",
        {"alias": TEXT, "nis_code": CODE},
        ("match_text",),
        references=(Reference(("nis_code",), "municipalities"),),
        match="alias",
    ),
    "populations": _declare(
        "municipalities/populations.csv",
        {"nis_code": CODE, "year": INTEGER, "population": INTEGER, "is_rehearsal": BOOLEAN},
        ("nis_code", "year"),
    ),
    "postal_codes": _declare(
        "municipalities/postal_codes.csv",
        {"postal_code": TEXT, "nis_code": CODE},
        ("postal_code", "nis_code"),
        references=(Reference(("nis_code",), "municipalities"),),
        match="postal_code",
    ),
    "published_figures": _declare(
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
    "published_size_categories": _declare(
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
            Reference(("nis_code",), "municipalities"),
            Reference(("size_category",), "size_categories"),
        ),
    ),
    "published_anomalies": _declare(
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
            Reference(("nis_code",), "municipalities"),
        ),
    ),
}
