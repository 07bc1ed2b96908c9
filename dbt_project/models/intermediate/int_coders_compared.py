"""How far two coders agree, per code.

Cohen's kappa: Cohen 1960, Educational and Psychological Measurement 20, 37-46.
"""

import itertools

import pandas as pd

ANSWER = ["respondent_key", "question_key", "option_code"]


def model(dbt, session):  # noqa: ANN001, ANN201, D103 - the signature is dbt's
    dbt.config(materialized="fresh_table")
    coded = dbt.ref("int_answers_coded").df()
    codes = dbt.ref("dim_open_codes").df()
    return compare_coders(coded[~coded["is_deciding"]], codes)


def compare_coders(coded, codes):  # noqa: ANN001, ANN201
    """Return one row per edition, code and pair of coders with answers that both coded.

    Kappa is NaN where both gave the code to all or to none: then there is no chance to beat.
    """
    rows = []
    for question, group in coded.groupby(
        ["edition_key", "question_key", "option_code"], dropna=False
    ):
        frame = codes[(codes["question_key"] == question[1])]
        same = (
            frame["option_code"].isna()
            if pd.isna(question[2])
            else frame["option_code"] == question[2]
        )
        given = group.set_index(["respondent_key", "coder"])["codes"].unstack()
        for first, second in itertools.combinations(sorted(given.columns), 2):
            both = given[[first, second]].dropna()
            rows += [
                (question[0], code.code_key, first, second, *_count(both, code.code))
                for code in frame[same].itertuples()
                if len(both)
            ]
    columns = ["edition_key", "code_key", "first_coder", "second_coder"]
    counts = ["both_count", "first_count", "second_count", "neither_count"]
    result = pd.DataFrame(rows, columns=[*columns, *counts, "kappa"])
    types = dict.fromkeys(["edition_key", *counts], "int32") | {"kappa": "float64"}
    return result.astype(types | dict.fromkeys(columns[1:], "str"))


def _count(both, code):  # noqa: ANN001, ANN202
    """Answers given the code by both, the first only, the second only, neither; and kappa."""
    # Takes a second to import, and most builds have nothing to compare.
    from statsmodels.stats.inter_rater import cohens_kappa

    first, second = ([code in codes for codes in both[coder]] for coder in both.columns)
    pairs = list(zip(first, second, strict=True))
    counts = [pairs.count(pair) for pair in itertools.product((True, False), repeat=2)]
    is_unanimous = sum(counts[:3]) == 0 or sum(counts[1:]) == 0
    table = [counts[:2], counts[2:]]
    return (*counts, float("nan") if is_unanimous else cohens_kappa(table, return_results=False))
