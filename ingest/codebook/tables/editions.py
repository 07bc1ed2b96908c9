"""Editions, and what is declared of each as a whole."""

from ingest.codebook.shape import (
    ASKED,
    BLANK_CODE,
    BLANK_TEXT,
    BOOLEAN,
    CODE,
    DATE,
    EDITION,
    INTEGER,
    OPTION_EDITION,
    REVIEW,
    TEXT,
    Column,
    Reference,
    Table,
    declare,
)
from vocabulary.lists import (
    CompletionRule,
    FileContent,
    MetadataRole,
    NumberFormat,
    ReleaseRule,
    RowRole,
    SiteText,
)
from vocabulary.texts import LANGUAGES

TABLES: dict[str, Table] = {
    "editions": declare(
        "codebook/editions.csv",
        {
            "edition_key": INTEGER,
            # What it is called in few words, where its key says too little: 2024-spring.
            "edition_name": BLANK_TEXT,
            "label": TEXT,
            "field_start_date": DATE,
            "field_end_date": DATE,
            # Of the municipalities; blank where respondents speak for themselves alone.
            "frame_date": Column("date", required=False),
            "tool": TEXT,
            "is_baseline": BOOLEAN,
            "is_synthetic": BOOLEAN,
            "source_note": BLANK_TEXT,
            # Blank where the edition is planned: its questionnaire is there, and no answers yet.
            "source_file": BLANK_TEXT,
            "sheet": BLANK_TEXT,
            "encoding": BLANK_TEXT,
            "delimiter": BLANK_TEXT,
            "header_row_count": INTEGER,
            "option_delimiter": BLANK_TEXT,
            "date_format": BLANK_TEXT,
            "number_format": Column(required=False, values=tuple(NumberFormat)),
            "complete_when": Column(required=False, values=tuple(CompletionRule)),
            "analysis_question_key": CODE,
            "expected_respondent_count": INTEGER,
        },
        ("edition_key",),
        ("edition_name",),
        references=(
            Reference(
                ("edition_key", "analysis_question_key"),
                "question_editions",
                ("edition_key", "question_key"),
            ),
        ),
    ),
    # Of these nothing that can name a person is kept: `gelijkekansen purge` adds them.
    "purged_editions": declare(
        "codebook/purged_editions.csv",
        {"edition_key": INTEGER, "purged_on": DATE},
        ("edition_key",),
        references=(EDITION,),
        is_optional=True,
    ),
    "edition_files": declare(
        "codebook/edition_files.csv",
        {
            "edition_key": INTEGER,
            "source_file": TEXT,
            "sheet": BLANK_TEXT,
            "encoding": BLANK_TEXT,
            "delimiter": BLANK_TEXT,
            "header_row_count": INTEGER,
            "content": Column(values=tuple(FileContent)),
        },
        ("edition_key", "source_file", "sheet"),
        references=(EDITION,),
        is_optional=True,
    ),
    "metadata_values": declare(
        "codebook/metadata_values.csv",
        {
            "edition_key": INTEGER,
            "role": Column(
                values=(MetadataRole.IS_COMPLETE, MetadataRole.CHANNEL, MetadataRole.EDITION)
            ),
            "spelling": TEXT,
            "value": BOOLEAN,
            "review": REVIEW,
        },
        ("edition_key", "role", "match_text"),
        references=(EDITION,),
        match="spelling",
    ),
    "row_exclusions": declare(
        "codebook/row_exclusions.csv",
        {
            "edition_key": INTEGER,
            "role": Column(required=False, values=(*MetadataRole, *RowRole)),
            "value": BLANK_TEXT,
            "reason": TEXT,
        },
        ("edition_key", "role", "value"),
        references=(EDITION,),
        match="value",
    ),
    "corrections": declare(
        "codebook/corrections.csv",
        {
            "edition_key": INTEGER,
            "respondent_key": TEXT,
            "lasting_key": BLANK_TEXT,
            "started_at": BLANK_TEXT,
            "question_key": TEXT,
            "option_code": BLANK_CODE,
            "expected_value": BLANK_TEXT,
            "new_value": BLANK_TEXT,
            "reason": TEXT,
            "corrected_on": DATE,
        },
        ("edition_key", "respondent_key", "question_key", "option_code"),
        references=(EDITION, ASKED, OPTION_EDITION),
    ),
    "known_findings": declare(
        "codebook/known_findings.csv",
        {
            "edition_key": INTEGER,
            "rule": CODE,
            "question_key": BLANK_TEXT,
            "respondent_key": BLANK_TEXT,
            "lasting_key": BLANK_TEXT,
            "expected_count": INTEGER,
            "explanation": TEXT,
        },
        ("edition_key", "rule", "question_key", "respondent_key"),
        references=(EDITION, ASKED),
    ),
    "release_rules": declare(
        "codebook/release_rules.csv",
        {
            "rule": Column(values=tuple(ReleaseRule)),
            "value": INTEGER,
            "reason": TEXT,
        },
        ("rule",),
    ),
    # What respondents are part of, where that is no municipality.
    "units": declare(
        "codebook/units.csv",
        {
            "language": Column(values=LANGUAGES),
            "singular": TEXT,
            "plural": TEXT,
            "definite": TEXT,
        },
        ("language",),
        is_optional=True,
    ),
    # What labels, wordings and other texts of the codebook are in another language: for a site that
    # speaks it, and for the draft of an export that was filled in in it.
    "translations": declare(
        "codebook/translations.csv",
        {"language": CODE, "text": TEXT, "translation": TEXT},
        ("language", "text"),
        is_optional=True,
    ),
    # What people look for, and the word of the survey that has it.
    "synonyms": declare(
        "codebook/synonyms.csv",
        {"word": TEXT, "means": TEXT},
        ("word", "means"),
        is_optional=True,
    ),
    "texts": declare(
        "codebook/texts.csv",
        {"text_key": Column(values=tuple(SiteText)), "text": TEXT},
        ("text_key",),
    ),
}
