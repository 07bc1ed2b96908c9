"""The page that says what was checked, explained, corrected and built."""

from publish.reading import Row, read_rows
from publish.site.context import Site

QUALITY = {
    "expectations": """
        select edition_key, rule, verdict, checked_count, finding_count, known_count
        from audit.expectation_results
        -- Without a frame, what places are checked for finds nothing to look at.
        where checked_count > 0
            or exists (select 1 from public_release.editions where frame_size > 0)
        order by edition_key, suite, rule
    """,
    "explanations": """
        select edition_key, rule, explanation, count(*) as count from audit.expectation_findings
        where is_known group by all order by all
    """,
    "differences": """
        select edition_key, question_key, municipalities.name, explanation
        from codebook.published_anomalies
        left join (select distinct on (nis_code) nis_code, name from codebook.municipalities)
            as municipalities using (nis_code)
        order by edition_key, anomaly_number
    """,
    "reconciled": """
        select edition_key, count(*) as count, count(*) filter (status = 'match') as match_count,
            count(*) filter (status = 'known_anomaly') as known_count
        from marts.mart_published_reconciliation group by all order by all
    """,
    "corrections": """
        select edition_key, question_key, reason, corrected_on, count(*) as count
        from audit.corrections group by all order by all
    """,
    "builds": """
        select started_at, reason, code_revision, verdict
        from audit.builds order by build_id desc limit 10
    """,
    "figure_changes": """
        select edition_key, changed_count, changed_inputs
        from public_release.figure_changes
        where build_id = (select max(build_id) from audit.builds where verdict = 'built')
        order by all
    """,
}


def describe_quality(site: Site) -> dict[str, list[Row]]:
    """Return the tables of the page."""
    quality = {name: read_rows(site.connection, sql) for name, sql in QUALITY.items()}
    reasons = site.texts["why_built"]
    for build in quality["builds"]:
        # What somebody wrote with --why stands as it is.
        build["reason"] = reasons.get(build["reason"], build["reason"])
        build["verdict"] = site.texts["build_verdicts"][build["verdict"]]
    for row in quality["differences"]:
        asked = site.asked.get((row["edition_key"], row["question_key"]))
        row["question"] = site.name(asked) if asked else row["question_key"]
    for row in quality["corrections"] + quality["figure_changes"]:
        row["edition_key"] = site.survey.name(row["edition_key"])
    return quality
