"""Which figures may be published, so that none on too few municipalities can be worked out.

A figure is the answer of a set of municipalities, and figures of one question can be added and
subtracted: a total less three of its four size categories is the fourth. First what rests on too
few municipalities is withheld (primary), then, until no sum or difference of the rest is a figure
on too few, the least of those in it (secondary). Breakdowns divide the whole, so whatever can be
worked out with the fewest municipalities is a sum of levels of one less a sum of levels of another
(a cut of the bipartite graph of their levels), with the total, common base and panels of other
editions added or taken away. See Cox 1980, Suppression methodology and statistical disclosure
control, J. Am. Stat. Assoc. 75, 377-385.

A share that is weighted to the frame is one more sum of its size categories, with weights that
everyone can work out. It is published where it tells nothing new: where the classes that it is made
of are all known.
"""

import itertools
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, TypeAlias

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from figures.weights import join_classes
from vocabulary.lists import Breakdown, Population, ReleaseRule, Suppression

# What is withheld first, where it must be.
LAST_TO_GO: list[str] = [
    *(Breakdown.PROVINCE, Population.PANEL, Population.COMMON_BASE),
    *(Breakdown.SIZE_CATEGORY, Breakdown.TOTAL),
]
BREAKDOWNS = (Breakdown.SIZE_CATEGORY, Breakdown.PROVINCE)
# With more levels than this, at most three of them are added up.
MANY_LEVELS = 12
TOTAL = (Breakdown.TOTAL, "total")

KEY = ["edition_key", "question_key", "option_key"]
PLACE = ["kind", "level"]


Place: TypeAlias = tuple[str, str]
Sets: TypeAlias = dict[Place, tuple[str, ...]]
# Municipalities, and the sets whose figures give theirs when added up.
Part: TypeAlias = tuple[frozenset[str], list[Place]]
Numbers: TypeAlias = npt.NDArray[np.float32]


def release_figures(
    figures: duckdb.DuckDBPyRelation,
    rules: duckdb.DuckDBPyRelation,
    size_categories: duckdb.DuckDBPyRelation,
) -> pd.DataFrame:
    """Return one row per edition, option and set of `int_figures`, by the codebook's rules."""
    sizes = size_categories.order("position").project("label").fetchall()
    minimum = rules.filter(f"rule = '{ReleaseRule.MIN_MUNICIPALITY_COUNT}'").project("value")
    # In one order, so that questions on the same municipalities are worked out once.
    rows = figures.project(", ".join([*KEY, *PLACE, "municipality_keys"])).order("all").fetchall()
    return release_sets(rows, int(minimum.fetchall()[0][0]), [label for (label,) in sizes])


def release_sets(figures: list[tuple[Any, ...]], minimum: int, sizes: list[str]) -> pd.DataFrame:
    """Return one row per edition, option and set: municipality_count, and suppression or null.

    `figures` has a row per set, sorted: edition, question, option, kind, level, municipalities;
    `sizes` the size categories in their order. With the total stands whether its weighted share
    may be published.
    """
    known: dict[tuple[tuple[Place, tuple[str, ...]], ...], dict[Place, str]] = {}
    rows: list[tuple[Any, ...]] = []
    for key, option in itertools.groupby(figures, lambda figure: figure[: len(KEY)]):
        sets = {(kind, level): tuple(units) for *_, kind, level, units in option}
        # Most options of a question, and many questions, rest on the same municipalities.
        family = tuple(sets.items())
        if family not in known:
            known[family] = _suppress(sets, minimum)
        rows += [
            (
                *(*key, *place, len(units), known[family].get(place)),
                place == TOTAL and _knows_classes(sets, known[family], sizes),
            )
            for place, units in sets.items()
        ]
    columns = [*KEY, *PLACE, "municipality_count", "suppression", "is_weighted_released"]
    return pd.DataFrame(rows, columns=columns).astype(
        {"edition_key": "int32", "municipality_count": "int32"}
        | dict.fromkeys([*KEY[1:], *PLACE, "suppression"], "str")
    )


def _knows_classes(sets: Sets, withheld: dict[Place, str], sizes: list[str]) -> bool:
    """Whether what is published gives every class that a weighted share is made of.

    One class may have its size categories withheld: it is the total less the others.
    """
    places = [(str(Breakdown.SIZE_CATEGORY), label) for label in sizes]
    if any(place[0] == Breakdown.SIZE_CATEGORY and place not in places for place in sets):
        return False
    classes = join_classes(tuple(len(sets.get(place, ())) for place in places))
    hidden = {one for one, place in zip(classes, places, strict=True) if place in withheld}
    return TOTAL not in withheld and len(hidden) <= 1


def _suppress(sets: Sets, minimum: int) -> dict[Place, str]:
    """Return why each set of municipalities that must be withheld is withheld."""
    withheld: dict[Place, str] = {
        place: Suppression.PRIMARY for place, members in sets.items() if len(members) < minimum
    }
    while True:
        kept = [place for place in sets if place not in withheld]
        revealing = find_revealing({place: sets[place] for place in kept}, minimum)
        if not revealing:
            return withheld
        weakest = min(revealing, key=lambda place: (LAST_TO_GO.index(place[0]), len(sets[place])))
        withheld[weakest] = Suppression.SECONDARY


def find_revealing(sets: Sets, minimum: int) -> list[Place]:
    """Return the sets whose sums and differences tell about too few municipalities, or none.

    Every sum of levels of one breakdown is tried, with whatever other editions share added or
    taken away, at most two of them at once. What of the other breakdown should then be taken
    away is decided level by level, as each unit is in one level only.
    """
    levels = {name: list(_list_levels(sets, name)) for name in BREAKDOWNS}
    added, taken = sorted(levels.values(), key=len)
    shared: list[Part] = [(frozenset(units), [place]) for place, units in sets.items()
              if place[0] not in (*BREAKDOWNS, TOTAL[0])]  # fmt: skip
    terms = [*added, *shared]
    if not terms:
        return []
    # Municipalities that are in the same sets are never told apart.
    profiles = Counter(
        tuple(unit in part for part, _ in (*terms, *taken))
        for unit in frozenset().union(*(part for part, _ in (*terms, *taken)))
    )
    counts = np.array(list(profiles.values()))
    inside = np.array(list(profiles), dtype=np.float32)
    combined = list_combinations(len(added), len(shared))
    sums = combined @ inside[:, : len(terms)].T
    here = inside[:, len(terms) :].T.astype(bool)
    outside = ~here.any(axis=0)
    kept = np.stack([(sums[:, part] != 0) @ counts[part] for part in here], axis=1)
    less = np.stack([(sums[:, part] != 1) @ counts[part] for part in here], axis=1)
    fixed = (sums[:, outside] != 0) @ counts[outside]
    return _find_fewest(terms, taken, combined, kept, less, fixed, minimum)


def _find_fewest(
    terms: list[Part],
    taken: list[Part],
    combined: Numbers,
    kept: Numbers,
    less: Numbers,
    fixed: Numbers,
    minimum: int,
) -> list[Place]:
    """Return what the figure on the fewest municipalities, but some, is worked out from."""
    is_taken = less < kept
    fewest = fixed + np.minimum(kept, less).sum(axis=1)
    # Where nothing is left, the next fewest: one level is treated the other way.
    change = np.where(kept == less, np.inf, np.abs(kept - less))
    rows = np.arange(len(combined))
    other = change.argmin(axis=1)
    is_empty = fewest == 0
    is_taken[rows[is_empty], other[is_empty]] ^= True
    fewest = np.where(is_empty, change[rows, other], fewest)
    few = np.flatnonzero(fewest < minimum)
    if not few.size:
        return []
    size = np.abs(combined[few]).sum(axis=1) + is_taken[few].sum(axis=1)
    simplest = few[size.argmin()]
    chosen = [*zip(terms, combined[simplest], strict=True),
              *zip(taken, is_taken[simplest], strict=True)]  # fmt: skip
    return sorted({place for (_, places), sign in chosen if sign for place in places})


def _list_levels(sets: Sets, breakdown: str) -> Iterator[Part]:
    """Yield the levels of a breakdown: their municipalities, and the sets that give them.

    What a breakdown withholds can be added up as well: it is the total less what it shows.
    """
    levels = [place for place in sets if place[0] == breakdown]
    shown = frozenset(unit for place in levels for unit in sets[place])
    rest = frozenset(sets.get(TOTAL, ())) - shown
    if rest:
        yield rest, [*levels, TOTAL]
    for place in levels:
        yield frozenset(sets[place]), [place]


@lru_cache
def list_combinations(level_count: int, shared_count: int) -> Numbers:
    """Return the sums to try, a row each: 0 or 1 per level, then -1, 0 or 1 per shared set."""
    most = level_count if level_count <= MANY_LEVELS else 3
    levels = [
        [number in some for number in range(level_count)]
        for count in range(most + 1)
        for some in itertools.combinations(range(level_count), count)
    ]
    shares = [
        [dict(zip(some, signs, strict=True)).get(number, 0) for number in range(shared_count)]
        for count in range(min(shared_count, 2) + 1)
        for some in itertools.combinations(range(shared_count), count)
        for signs in itertools.product((-1, 1), repeat=count)
    ]
    return np.array([[*a, *b] for a in levels for b in shares], dtype=np.float32)
