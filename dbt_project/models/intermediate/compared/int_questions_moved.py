from figures.moves import list_moves


def model(dbt, session):
    dbt.config(materialized="fresh_table")
    return list_moves(dbt.ref("int_questions_asked"))
