from figures.scales import compare_scales


def model(dbt, session):
    dbt.config(materialized="fresh_table")
    return compare_scales(dbt.ref("int_scores"), dbt.ref("int_municipality_frames"))
