from figures.levels import estimate_levels


def model(dbt, session):
    dbt.config(materialized="fresh_table")
    return estimate_levels(
        dbt.ref("int_units"), dbt.ref("int_question_bases"), dbt.ref("int_strata")
    )
