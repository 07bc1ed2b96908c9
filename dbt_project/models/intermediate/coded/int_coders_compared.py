from figures.coders import compare_coders


def model(dbt, session):
    dbt.config(materialized="fresh_table")
    return compare_coders(dbt.ref("int_answers_coded"), dbt.source("codebook", "open_codes"))
