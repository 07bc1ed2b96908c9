"""Which questions changed their place between two editions.

Of the questions that both ask, the longest run that stands in the same order stayed; the others
moved. What is added or dropped moves nothing.
"""

from bisect import bisect_left
from itertools import combinations

import duckdb
import pandas as pd


def list_moves(asked: duckdb.DuckDBPyRelation) -> pd.DataFrame:
    """Return one row per pair of editions and question that both ask, of `int_questions_asked`."""
    top = asked.filter("parent_question_key is null").project("edition_key, position, question_key")
    orders: dict[int, list[str]] = {}
    for edition, _, question in top.order("all").fetchall():
        orders.setdefault(edition, []).append(question)
    rows = [
        (earlier, later, question, question not in stayed)
        for earlier, later in combinations(sorted(orders), 2)
        for stayed in [list_stayed(orders[earlier], orders[later])]
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
