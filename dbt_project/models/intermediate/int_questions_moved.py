"""Which questions changed their place between two editions.

Of the questions that both ask, the longest run that stands in the same order stayed; the others
moved. What is added or dropped moves nothing.
"""

from bisect import bisect_left
from itertools import combinations

import pandas as pd


def model(dbt, session):  # noqa: ANN001, ANN201, D103 - the signature is dbt's
    dbt.config(materialized="fresh_table")
    asked = dbt.ref("int_questions_asked").df()
    asked = asked[asked["parent_question_key"].isna()].sort_values("position")
    orders = {edition: list(rows["question_key"]) for edition, rows in asked.groupby("edition_key")}
    rows = [
        (earlier, later, question, question not in list_stayed(orders[earlier], orders[later]))
        for earlier, later in combinations(sorted(orders), 2)
        for question in orders[later]
        if question in orders[earlier]
    ]
    columns = ["from_edition_key", "to_edition_key", "question_key", "is_moved"]
    # Without a pair of editions the columns would have no types.
    types = ["int32", "int32", "str", "bool"]
    return pd.DataFrame(rows, columns=columns).astype(dict(zip(columns, types, strict=True)))


def list_stayed(before: list[str], after: list[str]) -> set[str]:
    """Return the longest run of questions that has the same order in both lists."""
    place = {question: number for number, question in enumerate(before)}
    shared = [question for question in after if question in place]
    tails: list[int] = []  # the smallest last place of a run of each length
    ends: list[str] = []  # the question at that place
    previous: dict[str, str | None] = {}
    for question in shared:
        length = bisect_left(tails, place[question])
        previous[question] = ends[length - 1] if length else None
        tails[length : length + 1] = [place[question]]
        ends[length : length + 1] = [question]
    stayed = set()
    last = ends[-1] if ends else None
    while last is not None:
        stayed.add(last)
        last = previous[last]
    return stayed
