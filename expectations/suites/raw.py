"""The exports as they were landed."""

from expectations.suites.suite import (
    CRITICAL,
    EQUAL,
    NOT_IN_SET,
    NOT_NULL,
    NULL,
    WARNING,
    Rule,
    Suite,
)

SUITES = (
    Suite(
        "raw_columns",
        """
        select
            expected.edition_key, null as respondent_key, expected.question_key,
            expected.header as value, landed.header as landed_header
        from codebook.export_columns as expected
        left join codebook.export_columns as first
            on first.edition_key = expected.edition_key and first.header = expected.same_as
        left join raw.export_columns as landed
            on landed.edition_key = expected.edition_key
            and landed.match_text = coalesce(first.match_text, expected.match_text)
        where expected.role <> 'absent'
        """,
        (
            Rule(
                "columns_are_landed",
                CRITICAL,
                NOT_NULL,
                {"column": "landed_header"},
            ),
        ),
    ),
    Suite(
        "raw_files",
        """
        select
            edition_key, null as respondent_key, question_key,
            source_file || if(question_key is null, ' has no row for ', ' has no column for ')
                || respondent_count || ' respondents' as value,
            respondent_count
        from raw.file_gaps
        """,
        (
            Rule(
                "files_have_what_others_have",
                WARNING,
                NULL,
                {"column": "respondent_count"},
            ),
        ),
    ),
    Suite(
        "raw_volume",
        """
        select
            edition_key, null as respondent_key, null as question_key,
            respondent_count || ' rows count, ' || expected_respondent_count || ' expected'
                as value,
            respondent_count, expected_respondent_count
        from codebook.editions
        inner join (
            select edition_key, count(*) filter (exclusion_reason is null) as respondent_count
            from raw.export_rows group by all
        ) using (edition_key)
        """,
        (
            Rule(
                "volume_is_expected",
                CRITICAL,
                EQUAL,
                {"column_A": "respondent_count", "column_B": "expected_respondent_count"},
            ),
        ),
    ),
    Suite(
        "raw_rows",
        """
        select
            edition_key, respondent_key, null as question_key,
            'row ' || row_number || coalesce(
                ' repeats row ' || coalesce(copies_row_number, repeats_row_number), ''
            ) as value,
            copies_row_number, repeats_row_number
        from raw.export_rows
        where exclusion_reason is null
        """,
        (
            Rule(
                "rows_differ",
                CRITICAL,
                NULL,
                {"column": "copies_row_number"},
            ),
            Rule(
                "respondents_answer_once",
                WARNING,
                NULL,
                {"column": "repeats_row_number"},
            ),
        ),
    ),
    Suite(
        "raw_lost_work",
        """
        select
            edition_key, respondent_key, null as question_key,
            source || '.csv, row ' || _row as value, lasting_key
        from raw.lost_work
        """,
        (
            Rule(
                "work_finds_its_respondent",
                WARNING,
                NULL,
                {"column": "lasting_key"},
            ),
        ),
    ),
    Suite(
        "raw_exclusions",
        """
        select
            row_exclusions.edition_key, null as respondent_key, null as question_key,
            row_exclusions.reason as value, count(export_rows.row_number) as row_count
        from codebook.row_exclusions
        left join raw.export_rows
            on export_rows.edition_key = row_exclusions.edition_key
            and export_rows.exclusion_reason = row_exclusions.reason
        group by all
        """,
        (
            Rule(
                "exclusions_apply",
                WARNING,
                NOT_IN_SET,
                {"column": "row_count", "value_set": [0]},
            ),
        ),
    ),
)
