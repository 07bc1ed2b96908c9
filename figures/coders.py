"""How far two coders agree, per code.

Cohen's kappa: Cohen 1960, Educational and Psychological Measurement 20, 37-46.
"""

import itertools
import math
from typing import Any

import duckdb
import pandas as pd

PAIR = ["edition_key", "code_key", "first_coder", "second_coder"]
COUNTS = ["both_count", "first_count", "second_count", "neither_count"]


def compare_coders(coded: duckdb.DuckDBPyRelation, codes: duckdb.DuckDBPyRelation) -> pd.DataFrame:
    """Return one row per edition, code and pair of coders with answers that both coded.

    `coded` is `int_answers_coded`, `codes` the codebook's list. Kappa is NaN where both gave the
    code to all or to none: then there is no chance to beat.
    """
    given: dict[tuple[Any, ...], dict[str, dict[str, list[str]]]] = {}
    columns = "edition_key, question_key, option_code, coder, respondent_key, codes"
    for *place, coder, respondent, told in (
        coded.filter("not is_deciding").project(columns).order("all").fetchall()
    ):
        given.setdefault(tuple(place), {}).setdefault(coder, {})[respondent] = told
    lists: dict[tuple[Any, ...], list[tuple[str, str]]] = {}
    for question, option, code in (
        codes.project("question_key, option_code, code").order("all").fetchall()
    ):
        key = ".".join(filter(None, (question, option, code)))
        lists.setdefault((question, option), []).append((key, code))
    rows = [
        (edition, key, first, second, *_count(coders[first], coders[second], code))
        for (edition, *place), coders in given.items()
        for first, second in itertools.combinations(coders, 2)
        if coders[first].keys() & coders[second].keys()
        for key, code in lists[tuple(place)]
    ]
    result = pd.DataFrame(rows, columns=[*PAIR, *COUNTS, "kappa"])
    types = dict.fromkeys(["edition_key", *COUNTS], "int32") | {"kappa": "float64"}
    return result.astype(types | dict.fromkeys(PAIR[1:], "str"))


def _count(
    first: dict[str, list[str]], second: dict[str, list[str]], code: str
) -> tuple[int, int, int, int, float]:
    """Answers given the code by both, the first only, the second only, neither; and kappa."""
    pairs = [(code in first[key], code in second[key]) for key in first.keys() & second.keys()]
    both, only_first, only_second, neither = (
        pairs.count((here, there)) for here in (True, False) for there in (True, False)
    )
    return (
        *(both, only_first, only_second, neither),
        find_kappa(both, only_first, only_second, neither),
    )


def find_kappa(both: int, first: int, second: int, neither: int) -> float:
    """Return Cohen's kappa: agreement beyond chance, as a part of what chance leaves to agree."""
    count = both + first + second + neither
    observed = (both + neither) / count
    expected = (
        (both + first) * (both + second) + (neither + first) * (neither + second)
    ) / count**2
    is_unanimous = count in (both, neither)
    return math.nan if is_unanimous else (observed - expected) / (1 - expected)
