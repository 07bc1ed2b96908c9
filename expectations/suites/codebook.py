"""What was landed against the codebook and what was published."""

from expectations.suites.suite import (
    AT_LEAST,
    CRITICAL,
    EQUAL,
    IN_SET,
    NOT_IN_SET,
    NOT_NULL,
    WARNING,
    Rule,
    Suite,
)

SUITES = (
    Suite(
        "codebook_choices",
        """
        select
            corrected_cells.edition_key, respondent_key, export_columns.question_key,
            cell_text as value,
            cell_options.option_code
        from raw.corrected_cells
        inner join raw.export_columns using (edition_key, column_number)
        inner join staging.stg_raw__respondents using (edition_key, row_number)
        inner join codebook.questions
            on questions.question_key = split_part(export_columns.question_key, '.', 1)
        left join raw.cell_options
            on cell_options.edition_key = corrected_cells.edition_key
            and cell_options.question_key = questions.question_key
            and cell_options.match_text = corrected_cells.match_text
            and coalesce(cell_options.option_code = export_columns.option_code, true)
        where is_answer and is_closed
        """,
        (
            Rule(
                "choices_are_options",
                CRITICAL,
                NOT_NULL,
                {"column": "option_code"},
            ),
        ),
    ),
    Suite(
        "codebook_respondents",
        """
        select
            edition_key, respondent_key, null as question_key,
            started_at || ' in ' || municipality_match_text as value,
            started_at::date as started_date, coalesce(completed_at, started_at)::date as last_date,
            field_start_date, field_end_date, has_other_postal_code
        from staging.stg_raw__respondents
        inner join intermediate.int_respondents_located using (edition_key, respondent_key)
        inner join codebook.editions using (edition_key)
        """,
        (
            Rule(
                "respondents_start_in_fieldwork",
                WARNING,
                AT_LEAST,
                {
                    "column_A": "started_date",
                    "column_B": "field_start_date",
                    "or_equal": True,
                    "ignore_row_if": "either_value_is_missing",
                },
            ),
            Rule(
                "respondents_end_in_fieldwork",
                WARNING,
                AT_LEAST,
                {
                    "column_A": "field_end_date",
                    "column_B": "last_date",
                    "or_equal": True,
                    "ignore_row_if": "either_value_is_missing",
                },
            ),
            Rule(
                "postal_codes_agree",
                WARNING,
                NOT_IN_SET,
                {"column": "has_other_postal_code", "value_set": [True]},
            ),
        ),
    ),
    Suite(
        "codebook_places",
        """
        select
            edition_key, respondent_key, question_key,
            coalesce(municipality_match_text, '(nothing)') || ', taken for ' || name as value,
            location_method
        from staging.stg_raw__respondents
        inner join intermediate.int_respondents_located using (edition_key, respondent_key)
        inner join marts.dim_municipalities using (municipality_key)
        inner join codebook.questions on role = 'municipality'
        """,
        (
            Rule(
                "places_are_named",
                WARNING,
                NOT_IN_SET,
                {"column": "location_method", "value_set": ["postal_code"]},
            ),
        ),
    ),
    Suite(
        "codebook_published",
        """
        select
            edition_key, null as respondent_key, question_key,
            option_code || ': ' || coalesce(computed_count, 0) || ' of '
            || coalesce(computed_base_count, 0) || ', published '
            || coalesce(published_count::varchar, published_percentage || '%') || ' of '
            || published_base_count as value,
            status
        from marts.mart_published_reconciliation
        """,
        (
            Rule(
                "published_figures_are_reproduced",
                CRITICAL,
                IN_SET,
                {"column": "status", "value_set": ["match", "known_anomaly"]},
            ),
        ),
    ),
    Suite(
        "codebook_sizes",
        """
        select
            edition_key, null as respondent_key, null as question_key,
            name || ': published ' || published_size_category || ', by its population '
            || size_category as value,
            published_size_category, size_category
        from marts.fct_municipality_editions
        inner join marts.dim_municipalities using (municipality_key)
        where published_size_category is not null and not exists (
            select 1 from codebook.published_anomalies
            where published_anomalies.edition_key = fct_municipality_editions.edition_key
                and published_anomalies.nis_code = dim_municipalities.nis_code
        )
        """,
        (
            Rule(
                "published_sizes_are_reproduced",
                WARNING,
                EQUAL,
                {"column_A": "published_size_category", "column_B": "size_category"},
            ),
        ),
    ),
)
