"""Routing: states, bases and follow-ups."""

from expectations.suites.suite import (
    AT_LEAST,
    CRITICAL,
    EQUAL,
    IN_SET,
    NOT_IN_SET,
    WARNING,
    Rule,
    Suite,
)
from vocabulary.thresholds import MOST_OFF_ROUTE_SHARE

SUITES = (
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
        where not has_rows and not (parent_question_key is not null and item_relevant is not null)
        """,
        (
            Rule(
                "answers_are_on_route",
                WARNING,
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
                WARNING,
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
                CRITICAL,
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
                edition_key, respondent_key, question_key, takes_several,
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
            if(takes_several, null, selected_count) as single_choice_count,
            if(has_exclusive, selected_count, null) as exclusive_choice_count
        from chosen
        """,
        (
            Rule(
                "single_choices_are_single",
                CRITICAL,
                IN_SET,
                {"column": "single_choice_count", "value_set": [1]},
            ),
            Rule(
                "exclusive_options_stand_alone",
                WARNING,
                IN_SET,
                {"column": "exclusive_choice_count", "value_set": [1]},
            ),
        ),
    ),
    Suite(
        "routing_rows",
        """
        select
            numbers.edition_key, numbers.respondent_key, questions.question_key,
            string_agg(numbers.number::varchar, ' + ' order by asked.position) as value,
            if(
                any_value(questions.type) = 'rank',
                count(*) - count(distinct numbers.number), null
            ) as tied_count,
            round(sum(numbers.number) - any_value(questions.total), 2) as left_over
        from marts.fct_number_answers as numbers
        inner join intermediate.int_questions_asked as asked using (edition_key, question_key)
        inner join codebook.questions on questions.question_key = asked.parent_question_key
        where questions.type in ('rank', 'constant_sum')
        group by all
        """,
        (
            Rule(
                "ranks_differ",
                WARNING,
                IN_SET,
                {"column": "tied_count", "value_set": [0]},
            ),
            Rule(
                "points_add_up",
                WARNING,
                IN_SET,
                {"column": "left_over", "value_set": [0]},
            ),
        ),
    ),
    Suite(
        "routing_other_texts",
        """
        select
            export_rows.edition_key, export_rows.respondent_key, export_columns.question_key,
            options.label as value,
            coalesce(answers.is_selected, false) as is_ticked,
            if(is_ticked, export_cells.column_number is not null, null) as has_text,
            if(export_cells.column_number is not null, is_ticked, null) as has_tick
        from raw.export_columns
        inner join raw.export_rows using (edition_key)
        inner join intermediate.int_options_asked as options
            on options.edition_key = export_columns.edition_key
            and options.question_key = export_columns.question_key
            and options.option_code = export_columns.option_code
        left join raw.export_cells
            on export_cells.edition_key = export_rows.edition_key
            and export_cells.row_number = export_rows.row_number
            and export_cells.column_number = export_columns.column_number
        left join marts.fct_answers as answers
            on answers.respondent_key = export_rows.respondent_key
            and answers.option_key = options.option_key
        where role = 'other_text' and exclusion_reason is null
        """,
        (
            Rule(
                "other_texts_have_their_tick",
                WARNING,
                IN_SET,
                {"column": "has_tick", "value_set": [True]},
            ),
            Rule(
                "ticks_have_their_other_text",
                WARNING,
                IN_SET,
                {"column": "has_text", "value_set": [True]},
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
                CRITICAL,
                AT_LEAST,
                {"column_A": "asked_count", "column_B": "base_count", "or_equal": True},
            ),
        ),
    ),
    Suite(
        "routing_universes",
        f"""
        select
            edition_key, null as respondent_key, question_key,
            universe || ': ' || asked_count || ' asked, ' || answered_count || ' answered, '
            || off_route_count || ' off route' as value,
            off_route_count > 0 and asked_count = 0 as is_asked_of_nobody,
            off_route_count > {MOST_OFF_ROUTE_SHARE} * (answered_count + off_route_count)
                as is_mostly_off_route
        from marts.mart_routing_audit
        inner join marts.bridge_question_editions using (edition_key, question_key)
        """,
        (
            Rule(
                "questions_with_answers_are_asked",
                CRITICAL,
                NOT_IN_SET,
                {"column": "is_asked_of_nobody", "value_set": [True]},
            ),
            Rule(
                "answers_are_mostly_on_route",
                CRITICAL,
                NOT_IN_SET,
                {"column": "is_mostly_off_route", "value_set": [True]},
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
                CRITICAL,
                EQUAL,
                {"column_A": "state_count", "column_B": "edition_count"},
            ),
        ),
    ),
)
