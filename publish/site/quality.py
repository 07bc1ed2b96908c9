"""The page that says what was checked, explained, corrected and built."""

from publish.reading import Row, read_rows
from publish.site.context import Site
from publish.site.taking import Cell, take_along

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


# The tables of the page by what stands above them: their files, and the words above their columns.
TABLES = {
    "checks_by_edition": (
        "controles", ("edition", "rule", "outcome", "looked_at", "findings", "explained")
    ),
    "corrections": ("correcties", ("edition", "question", "reason", "date", "count")),
    "changed_figures": ("veranderde-cijfers", ("edition", "count", "by_what")),
    "last_ten": ("bouw", ("build_begun", "why", "version", "build_outcome")),
}  # fmt: skip


def describe_quality(site: Site) -> Row:
    """Return what the page says and its tables, and write those as files."""
    quality: Row = {name: read_rows(site.connection, sql) for name, sql in QUALITY.items()}
    for row in quality["differences"]:
        asked = site.asked.get((row["edition_key"], row["question_key"]))
        row["question"] = site.name(asked) if asked else row["question_key"]
    cells = {
        "checks_by_edition": [_tell_check(site, row) for row in quality["expectations"]],
        "corrections": [
            [site.survey.name(row["edition_key"]), row["question_key"], row["reason"],
             str(row["corrected_on"]), row["count"]] for row in quality["corrections"]
        ],
        "changed_figures": [
            [site.survey.name(row["edition_key"]), row["changed_count"], row["changed_inputs"]]
            for row in quality["figure_changes"]
        ],
        # What somebody wrote with --why stands as it is.
        "last_ten": [
            [str(row["started_at"]), site.texts["why_built"].get(row["reason"], row["reason"]),
             row["code_revision"], site.texts["build_verdicts"][row["verdict"]]]
            for row in quality["builds"]
        ],
    }  # fmt: skip
    quality["tables"] = {
        name: _take_table(site, file, [site.texts.say("page", word) for word in words], cells[name])
        for name, (file, words) in TABLES.items()
    }
    found = [row["finding_count"] > 0 for row in quality["expectations"]]
    quality["found"], quality["fine"] = (
        [row for row, is_found in zip(cells["checks_by_edition"], found, strict=True)
         if is_found is wanted] for wanted in (True, False)
    )  # fmt: skip
    return quality


def _take_table(site: Site, file: str, heads: list[str], rows: list[list[Cell]]) -> Row:
    if rows:
        take_along(site, f"data/{file}", None, heads, rows)
    return {"file": f"data/{file}", "heads": heads, "rows": rows}


def _tell_check(site: Site, row: Row) -> list[Cell]:
    verdict = site.texts["outcomes"][row["verdict"]]
    if not row["checked_count"]:
        verdict = site.texts.say("page", "not_applicable")
    counts = (row[f"{name}_count"] for name in ("checked", "finding", "known"))
    rule = site.texts["expectations"][row["rule"]]
    return [site.survey.name(row["edition_key"]), rule, verdict, *counts]
