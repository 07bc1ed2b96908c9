from figures.scales import estimate_scales


def model(dbt, session):
    dbt.config(materialized="fresh_table")
    return estimate_scales(dbt.ref("int_scores"), dbt.ref("int_question_bases"))
