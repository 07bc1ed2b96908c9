"""Which figures may be published, so that none on too few municipalities can be worked out.

A figure is the answer of a set of municipalities, and figures of one question can be added and
subtracted: a total less three of its four size categories is the fourth. First what rests on too
few municipalities is withheld (primary), then, until no sum or difference of the rest is a figure
on too few, the least of those in it (secondary). Breakdowns divide the whole, so whatever can be
worked out with the fewest municipalities is a sum of levels of one less a sum of levels of another
(a cut of the bipartite graph of their levels), with the total, common base and panels of other
editions added or taken away. See Cox 1980, Suppression methodology and statistical disclosure
control, J. Am. Stat. Assoc. 75, 377-385.
"""

import itertools
from collections import Counter
from functools import lru_cache

import numpy as np
import pandas as pd

# What is withheld first, where it must be.
LAST_TO_GO = ["province", "panel", "common_base", "size_category", "total"]
# The levels of one breakdown are added, those of the other taken away.
BREAKDOWNS = {"size_category": 1, "province": -1}
TOTAL = ("total", "total")

KEY = ["edition_key", "question_key", "option_key"]


def model(dbt, session):  # noqa: ANN001, ANN201, D103 - the signature is dbt's
    dbt.config(materialized="table")
    figures = dbt.ref("int_figure_municipalities").df()
    rules = dbt.source("codebook", "release_rules").df()
    minimum = int(rules.loc[rules["rule"] == "min_municipality_count", "value"].iloc[0])
    return release_figures(figures, minimum)


def release_figures(figures, minimum):  # noqa: ANN001, ANN201
    """Return one row per edition, option and set: municipality_count, and suppression or null.

    `figures` has a row per edition, option, set (kind and level) and municipality.
    """
    known = {}
    rows = []
    figures = figures.sort_values(["kind", "level", "municipality_key"])
    for key, option in figures.groupby(KEY, sort=True):
        # Most options of a question, and many questions, rest on the same municipalities.
        sets = {
            place: tuple(members)
            for place, members in option.groupby(["kind", "level"])["municipality_key"]
        }
        family = tuple(sorted(sets.items()))
        if family not in known:
            known[family] = _suppress(sets, minimum)
        rows += [
            (*key, *place, len(members), known[family].get(place))
            for place, members in sets.items()
        ]
    columns = [*KEY, "kind", "level", "municipality_count", "suppression"]
    return pd.DataFrame(rows, columns=columns).astype(
        {"edition_key": "int32", "municipality_count": "int32"}
        | dict.fromkeys([*KEY[1:], "kind", "level", "suppression"], "str")
    )


def _suppress(sets, minimum):  # noqa: ANN001, ANN202
    """Return why each set of municipalities that must be withheld is withheld."""
    withheld = {place: "primary" for place, members in sets.items() if len(members) < minimum}
    while True:
        kept = [place for place in sets if place not in withheld]
        revealing = find_revealing({place: sets[place] for place in kept}, minimum)
        if not revealing:
            return withheld
        weakest = min(revealing, key=lambda place: (LAST_TO_GO.index(place[0]), len(sets[place])))
        withheld[weakest] = "secondary"


def find_revealing(sets, minimum):  # noqa: ANN001, ANN201
    """Return the sets whose sums and differences tell about too few municipalities, or none."""
    terms = list(_list_terms(sets))
    if not terms:
        return []
    members = [part for _, part, _ in terms]
    # Municipalities that are in the same sets are never told apart.
    profiles = Counter(
        tuple(unit in part for part in members) for unit in frozenset().union(*members)
    )
    combined = list_combinations(tuple(signs for signs, _, _ in terms))
    sums = combined @ np.array(list(profiles), dtype=np.float32).T
    counts = (sums != 0) @ np.array(list(profiles.values()))
    few = np.flatnonzero((counts > 0) & (counts < minimum))
    if not few.size:
        return []
    simplest = few[np.abs(combined[few]).sum(axis=1).argmin()]
    chosen = zip(terms, combined[simplest], strict=True)
    return sorted({place for (_, _, places), sign in chosen if sign for place in places})


def _list_terms(sets):  # noqa: ANN001, ANN202
    """Yield what can be added or taken away: its signs, its municipalities, the sets it needs.

    What a breakdown withholds can be added up as well: it is the total less what it shows.
    """
    for breakdown, sign in BREAKDOWNS.items():
        levels = [place for place in sets if place[0] == breakdown]
        shown = frozenset(unit for place in levels for unit in sets[place])
        rest = frozenset(sets.get(TOTAL, ())) - shown
        if rest:
            yield (0, sign), rest, [*levels, TOTAL]
        for place in levels:
            yield (0, sign), frozenset(sets[place]), [place]
    for place in sets:
        if place[0] not in (*BREAKDOWNS, TOTAL[0]):
            yield (-1, 0, 1), frozenset(sets[place]), [place]


@lru_cache
def list_combinations(signs):  # noqa: ANN001, ANN201
    """Return the sums and differences to look at, a row each with -1, 0 or 1 per term."""
    return np.array(list(itertools.product(*signs)), dtype=np.float32)
