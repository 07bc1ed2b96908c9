from figures.release import release_figures


def model(dbt, session):
    dbt.config(materialized="fresh_table")
    return release_figures(
        dbt.ref("int_figures"),
        dbt.source("codebook", "release_rules"),
        dbt.source("codebook", "size_categories"),
    )
