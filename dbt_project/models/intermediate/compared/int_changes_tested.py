from figures.changes import compare_clusters


def model(dbt, session):
    dbt.config(materialized="fresh_table")
    return compare_clusters(dbt.ref("int_clusters_compared"), dbt.ref("int_question_bases"))
