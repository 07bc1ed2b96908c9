"""What the codebook explains, against what was found."""

from expectations.suites.suite import CRITICAL, EQUAL, IN_SET, WARNING, Rule, Suite

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
            CRITICAL,
            IN_SET,
            {"column": "is_rule", "value_set": [True]},
        ),
        Rule(
            "known_findings_are_found",
            WARNING,
            EQUAL,
            {"column_A": "found_count", "column_B": "expected_count"},
        ),
    ),
)
