"""What is expected of a built warehouse.

What ingest refuses before anything is built is expected here too: `gelijkekansen check` looks at a
warehouse of which nobody knows how it was built.

Every suite looks at the rows of one query, filtered on one edition. Its columns
`respondent_key`, `question_key` and `value` name what a failed expectation has found.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["critical", "warning"]


@dataclass(frozen=True)
class Rule:
    """One expectation: a Great Expectations class by its name, with its arguments.

    A critical rule that fails stops the build, unless the codebook knows every finding;
    a warning is reported.
    """

    key: str
    words: str
    severity: Severity
    expectation: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Suite:
    """The rules that hold for the rows of one query."""

    name: str
    sql: str
    rules: tuple[Rule, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the rules look at, each once."""
        names = ("column", "column_A", "column_B")
        looked_at = (rule.arguments.get(name) for rule in self.rules for name in names)
        return tuple(dict.fromkeys(column for column in looked_at if column))


NOT_NULL = "ExpectColumnValuesToNotBeNull"
NULL = "ExpectColumnValuesToBeNull"
NOT_IN_SET = "ExpectColumnValuesToNotBeInSet"
IN_SET = "ExpectColumnValuesToBeInSet"
EQUAL = "ExpectColumnPairValuesToBeEqual"
AT_LEAST = "ExpectColumnPairValuesAToBeGreaterThanB"

RAW = (
    Suite(
        "raw_columns",
        """
        select
            expected.edition_key, null as respondent_key, expected.question_key,
            expected.header as value, landed.header as landed_header
        from codebook.export_columns as expected
        left join raw.export_columns as landed using (edition_key, match_text)
        """,
        (
            Rule(
                "columns_are_landed",
                "Every column that the codebook names stands in the export.",
                "critical",
                NOT_NULL,
                {"column": "landed_header"},
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
                "As many respondents count as the codebook expects.",
                "critical",
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
        inner join staging.stg_raw__respondents using (edition_key, row_number)
        where exclusion_reason is null
        """,
        (
            Rule(
                "rows_differ",
                "No two rows of an export are the same.",
                "critical",
                NULL,
                {"column": "copies_row_number"},
            ),
            Rule(
                "respondents_answer_once",
                "No respondent (by id or e-mail address) stands in an export twice.",
                "warning",
                NULL,
                {"column": "repeats_row_number"},
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
                "Every rule that excludes rows applies to at least one.",
                "warning",
                NOT_IN_SET,
                {"column": "row_count", "value_set": [0]},
            ),
        ),
    ),
)

CODEBOOK = (
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
        left join codebook.cell_options
            on cell_options.edition_key = corrected_cells.edition_key
            and cell_options.question_key = questions.question_key
            and cell_options.match_text = corrected_cells.match_text
            and coalesce(cell_options.option_code = export_columns.option_code, true)
        where export_columns.role in ('question', 'option', 'options')
            and type in ('single', 'multiple', 'matrix')
        """,
        (
            Rule(
                "choices_are_options",
                "Every choice in the export is an option of its question.",
                "critical",
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
                "Nobody began before the fieldwork did.",
                "warning",
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
                "Nobody was at work on it after the fieldwork had ended.",
                "warning",
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
                "The postal code belongs to the municipality that is named.",
                "warning",
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
                "The municipality is named, and not only told by its postal code.",
                "warning",
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
                "Every published figure is reproduced, or its difference explained.",
                "critical",
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
                "Every published size category follows from the population, or is explained.",
                "warning",
                EQUAL,
                {"column_A": "published_size_category", "column_B": "size_category"},
            ),
        ),
    ),
)

ROUTING = (
    Suite(
        "routing_answers",
        """
        select
            responses.edition_key, respondent_key, responses.question_key,
            state || '; asked of: ' || universe as value, state
        from marts.fct_question_responses as responses
        inner join intermediate.int_questions_asked as asked using (edition_key, question_key)
        inner join codebook.question_editions
            on question_editions.edition_key = asked.edition_key
            and question_editions.question_key = asked.codebook_question_key
        where type <> 'matrix' and not (type = 'matrix_row' and item_relevant is not null)
        """,
        (
            Rule(
                "answers_are_on_route",
                "Nobody answered a question that they were routed away from.",
                "warning",
                NOT_IN_SET,
                {"column": "state", "value_set": ["off_route"]},
            ),
        ),
    ),
    Suite(
        "routing_follow_ups",
        """
        select
            answers.edition_key, answers.respondent_key, answers.question_key,
            options.label || '; asked of: ' || universe as value, is_on_route
        from intermediate.int_answers_routed as answers
        inner join intermediate.int_options_asked as options
            using (edition_key, question_key, option_code)
        inner join codebook.routing_targets as targets
            on targets.edition_key = answers.edition_key
            and targets.question_key = answers.question_key
            and targets.option_code is not distinct from
            if(has_own_universe, answers.option_code, null)
        inner join codebook.question_editions
            on question_editions.edition_key = answers.edition_key
            and question_editions.question_key = options.codebook_question_key
        where item_relevant is not null
        """,
        (
            Rule(
                "follow_ups_stay_within",
                "A follow-up has answers only for what was chosen before.",
                "warning",
                NOT_IN_SET,
                {"column": "is_on_route", "value_set": [False]},
            ),
        ),
    ),
    Suite(
        "routing_required",
        """
        select
            edition_key, respondent_key, question_key,
            state || '; asked of: ' || universe as value, state
        from marts.fct_question_responses
        inner join marts.bridge_question_editions using (edition_key, question_key)
        where is_required
        """,
        (
            Rule(
                "required_questions_are_answered",
                "Nobody who went on left a required question empty.",
                "critical",
                NOT_IN_SET,
                {"column": "state", "value_set": ["skipped"]},
            ),
        ),
    ),
    Suite(
        "routing_choices",
        """
        with chosen as (
            select
                edition_key, respondent_key, question_key, type,
                count(*) filter (is_selected) as selected_count,
                bool_or(is_selected and is_exclusive) as has_exclusive,
                string_agg(options.label, ' + ' order by options.position)
                    filter (is_selected) as value
            from marts.fct_answers
            inner join intermediate.int_options_asked as options
                using (edition_key, question_key, option_key)
            inner join marts.dim_questions using (question_key)
            group by all
        )
        select
            edition_key, respondent_key, question_key, value,
            if(type = 'multiple', null, selected_count) as single_choice_count,
            if(has_exclusive, selected_count, null) as exclusive_choice_count
        from chosen
        """,
        (
            Rule(
                "single_choices_are_single",
                "A single choice has one answer.",
                "critical",
                IN_SET,
                {"column": "single_choice_count", "value_set": [1]},
            ),
            Rule(
                "exclusive_options_stand_alone",
                "An exclusive option is chosen alone.",
                "warning",
                IN_SET,
                {"column": "exclusive_choice_count", "value_set": [1]},
            ),
        ),
    ),
    Suite(
        "routing_bases",
        """
        with municipalities_asked as (
            select edition_key, question_key, count(distinct municipality_key) as asked_count
            from marts.fct_question_responses
            inner join marts.dim_respondents using (edition_key, respondent_key)
            where state in ('answered', 'skipped')
            group by all
        )
        select
            results.edition_key, null as respondent_key, results.question_key,
            option_code || ', ' || base || ': N = ' || base_count || ', asked '
            || coalesce(if(base = 'respondents', audit.asked_count, asked.asked_count), 0) as value,
            base_count,
            coalesce(if(base = 'respondents', audit.asked_count, asked.asked_count), 0)
                as asked_count
        from marts.mart_question_results as results
        inner join marts.mart_routing_audit as audit using (edition_key, question_key)
        left join municipalities_asked as asked using (edition_key, question_key)
        """,
        (
            Rule(
                "bases_are_within_asked",
                "A base N is at most the number that was asked.",
                "critical",
                AT_LEAST,
                {"column_A": "asked_count", "column_B": "base_count", "or_equal": True},
            ),
        ),
    ),
    Suite(
        "routing_states",
        """
        select
            edition_key, null as respondent_key, question_key,
            answered_count || ' answered + ' || skipped_count || ' skipped + '
            || not_shown_count || ' not shown + ' || not_reached_count || ' not reached + '
            || off_route_count || ' off route, of ' || edition_count as value,
            answered_count + skipped_count + not_shown_count + not_reached_count
            + off_route_count as state_count,
            edition_count
        from marts.mart_routing_audit
        inner join (
            select edition_key, count(*) as edition_count
            from raw.export_rows where exclusion_reason is null group by all
        ) using (edition_key)
        """,
        (
            Rule(
                "states_add_up",
                "The states of a question add up to the respondents of the edition.",
                "critical",
                EQUAL,
                {"column_A": "state_count", "column_B": "edition_count"},
            ),
        ),
    ),
)

COMPARABILITY = (
    Suite(
        "comparability_changes",
        """
        select
            to_edition_key as edition_key, null as respondent_key, question_key,
            option_key || ' since ' || from_edition_key || ', ' || base || ', ' || population
            || ': ' || change || ' from ' || coalesce(change_low::varchar, 'nowhere') || ' to '
            || coalesce(change_high::varchar, 'nowhere') as value,
            if(
                exists (
                    select 1 from codebook.comparability as judged
                    where judged.from_edition_key = evolution.from_edition_key
                        and judged.to_edition_key = evolution.to_edition_key
                        and judged.question_key = split_part(evolution.question_key, '.', 1)
                        and judged.verdict <> 'not_comparable'
                ), null, change
            ) as unjudged_change,
            change, change_low, change_high
        from marts.mart_evolution as evolution
        """,
        (
            Rule(
                "changes_are_judged",
                "No change is shown that the codebook did not judge comparable.",
                "critical",
                NULL,
                {"column": "unjudged_change"},
            ),
            Rule(
                "changes_exceed_their_lower_end",
                "A change lies in its interval, not below it.",
                "critical",
                AT_LEAST,
                {
                    "column_A": "change",
                    "column_B": "change_low",
                    "or_equal": True,
                    "ignore_row_if": "either_value_is_missing",
                },
            ),
            Rule(
                "changes_keep_below_their_upper_end",
                "A change lies in its interval, not above it.",
                "critical",
                AT_LEAST,
                {
                    "column_A": "change_high",
                    "column_B": "change",
                    "or_equal": True,
                    "ignore_row_if": "either_value_is_missing",
                },
            ),
        ),
    ),
)

# Run after all the others, with what they found as the frame `found`, and all keys as `rules`.
FINDINGS = Suite(
    "codebook_findings",
    """
    with compared as (
        select known.*, (
            select count(*) from found
            where found.edition_key = known.edition_key and found.rule = known.rule
                and found.question_key is not distinct from known.question_key
                and coalesce(found.respondent_key = known.respondent_key, true)
        ) as found_count,
        rule in (select rule from rules) as is_rule
        from codebook.known_findings as known
    )
    select
        edition_key, null as respondent_key, question_key,
        rule || ': ' || found_count || ' found, ' || expected_count || ' known' as value,
        found_count, expected_count, is_rule
    from compared
    """,
    (
        Rule(
            "known_findings_name_rules",
            "Every known finding names an expectation that exists.",
            "critical",
            IN_SET,
            {"column": "is_rule", "value_set": [True]},
        ),
        Rule(
            "known_findings_are_found",
            "What the codebook explains is found as often as it says.",
            "warning",
            EQUAL,
            {"column_A": "found_count", "column_B": "expected_count"},
        ),
    ),
)

SUITES = (*RAW, *CODEBOOK, *ROUTING, *COMPARABILITY)
