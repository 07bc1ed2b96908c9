"""Rules of what was published before."""

from ingest.codebook.rules.rule import Rule

RULES = (
    Rule(
        "anomalies_give_figures",
        "published_anomalies",
        "{seen} explains a cell without saying what the right figures are.",
        "Fill in computed_count and computed_base_count.",
        """
        select _row, question_key || '.' || option_code from codebook.published_anomalies
        where option_code is not null
            and (computed_count is null or computed_base_count is null)
        """,
    ),
    Rule(
        "anomalies_are_explained_once",
        "published_anomalies",
        "{seen} explains a cell that another row explains too.",
        "Join the two explanations.",
        """
        select _row, question_key || '.' || option_code from codebook.published_anomalies
        where option_code is not null
        qualify count(*) over (partition by edition_key, question_key, option_code) > 1
        """,
    ),
)
