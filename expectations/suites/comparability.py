"""Changes between editions."""

from expectations.suites.suite import AT_LEAST, CRITICAL, NULL, WARNING, Rule, Suite

SUITES = (
    Suite(
        "comparability_verdicts",
        """
        select
            to_edition_key as edition_key, null as respondent_key, question_key,
            contradiction || ' since ' || from_edition_key || ': ' || from_text || ' > ' || to_text
                as value,
            if(is_seen, null, contradiction) as unseen
        from marts.mart_verdict_contradictions
        """,
        (Rule("verdicts_fit_what_is_known", WARNING, NULL, {"column": "unseen"}),),
    ),
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
                    select 1 from intermediate.int_questions_compared as judged
                    where judged.from_edition_key = evolution.from_edition_key
                        and judged.to_edition_key = evolution.to_edition_key
                        and judged.question_key = evolution.question_key
                        and judged.comparability <> 'not_comparable'
                ), null, change
            ) as unjudged_change,
            change, change_low, change_high
        from marts.mart_evolution as evolution
        """,
        (
            Rule(
                "changes_are_judged",
                CRITICAL,
                NULL,
                {"column": "unjudged_change"},
            ),
            Rule(
                "changes_exceed_their_lower_end",
                CRITICAL,
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
                CRITICAL,
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
