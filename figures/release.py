"""Which figures may be published, so that none on too few municipalities can be worked out.

A figure is the answer of a set of municipalities, and figures of one question can be added and
subtracted: a total less three of its four size categories is the fourth. First what rests on too
few municipalities is withheld (primary), then, until no sum or difference of the rest is a figure
on too few, the least of those in it (secondary). Breakdowns divide the whole, so whatever can be
worked out with the fewest municipalities is a sum of levels of one less a sum of levels of another
(a cut of the bipartite graph of their levels), with the total, common base and panels of other
editions added or taken away. See Cox 1980, Suppression methodology and statistical disclosure
control, J. Am. Stat. Assoc. 75, 377-385.

A figure on enough municipalities can still tell what one of them answered: where all of a level
answered alike, or where only one was at home both in the province and in the size category that
hold the one answer (group disclosure and linked tables: Hundepool et al. 2012, Statistical
disclosure control, chapters 4 and 5). Where the codebook asks for it, what is published of a
question leaves it open of each municipality whether it chose an option. That some did not, is told.

A share that is weighted to the frame is one more sum of its size categories, with weights that
everyone can work out. It is published where it tells nothing new: where the classes that it is made
of are all known.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Any, TypeAlias

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from figures.guarding import Place, Units, find_telling
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


Sets: TypeAlias = dict[Place, tuple[str, ...]]
Family: TypeAlias = tuple[tuple[Place, tuple[str, ...]], ...]
# Of each option of a question: its sets, and who chose it.
Options: TypeAlias = dict[str, tuple[Family, Units]]
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
    values = dict(rules.project("rule, value").fetchall())
    columns = [*KEY, *PLACE, "municipality_keys", "selected_keys", "takes_several"]
    return release_sets(
        figures.project(", ".join(columns)).order("all").fetchall(),
        int(values[ReleaseRule.MIN_MUNICIPALITY_COUNT]),
        [label for (label,) in sizes],
        guards_answers=bool(values.get(ReleaseRule.GUARD_ANSWERS)),
    )


def release_sets(
    figures: list[tuple[Any, ...]], minimum: int, sizes: list[str], *, guards_answers: bool
) -> pd.DataFrame:
    """Return one row per edition, option and set: municipality_count, and suppression or null.

    `figures` has a row per set, sorted: edition, question, option, kind, level, municipalities,
    those that chose the option, and whether the question takes several; `sizes` the size categories
    in their order. With the total stands whether its weighted share may be published.
    """
    # Most options of a question, and many questions, rest on the same municipalities.
    suppress = cache(_suppress)
    rows: list[tuple[Any, ...]] = []
    for *question, takes_several, options in _list_questions(figures):
        if guards_answers and not takes_several:
            withheld = _suppress_together(options, minimum, suppress)
        else:
            withheld = {
                option: suppress(family, minimum, frozenset([chosen]) if guards_answers else None)
                for option, (family, chosen) in options.items()
            }
        for option, (family, _) in options.items():
            sets, own = dict(family), withheld[option]
            rows += [
                (
                    *(*question, option, *place, len(units), own.get(place)),
                    place == TOTAL and _knows_classes(sets, own, sizes),
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


def _suppress_together(
    options: Options, minimum: int, suppress: Callable[..., dict[Place, str]]
) -> dict[str, dict[Place, str]]:
    """Return what is withheld of each option of a question that takes one answer.

    What all of them have in common is looked at at once, as they add up; what only some have (a
    panel, where an option is new) for each. A set that is withheld of one is withheld of all.
    """
    families = [family for family, _ in options.values()]
    shared = tuple(one for one in families[0] if all(one in family for family in families))
    found = [suppress(shared, minimum, frozenset(chosen for _, chosen in options.values()))]
    found += [
        suppress(family, minimum, frozenset([chosen]))
        for family, chosen in options.values()
        if family != shared
    ]
    every = {place for withheld in found for place in withheld}
    return {
        option: {
            place: Suppression.PRIMARY if len(units) < minimum else Suppression.SECONDARY
            for place, units in family
            if place in every
        }
        for option, (family, _) in options.items()
    }


def _list_questions(
    figures: list[tuple[Any, ...]],
) -> Iterator[tuple[int, str, bool, Options]]:
    """Yield each question, whether it takes several, and its options: their sets, who chose it."""
    asked = itertools.groupby(figures, lambda figure: (*figure[:2], figure[-1]))
    for (edition, question, takes_several), own in asked:
        options: Options = {}
        for option, rows in itertools.groupby(own, lambda figure: figure[2]):
            sets = {(row[3], row[4]): (tuple(row[5]), row[6]) for row in rows}
            options[option] = (
                tuple((place, units) for place, (units, _) in sets.items()),
                frozenset().union(*(chosen for _, chosen in sets.values())),
            )
        yield edition, question, takes_several, options


def _suppress(family: Family, minimum: int, choices: frozenset[Units] | None) -> dict[Place, str]:
    """Return why each set of municipalities that must be withheld is withheld.

    Where `choices` are given, who chose each of the options, nothing tells that one is of them.
    """
    sets = dict(family)
    withheld: dict[Place, str] = {
        place: Suppression.PRIMARY for place, members in sets.items() if len(members) < minimum
    }
    while True:
        kept = {place: units for place, units in sets.items() if place not in withheld}
        revealing = find_revealing(kept, minimum) or _find_telling(kept, choices)
        if not revealing:
            return withheld
        weakest = min(revealing, key=lambda place: (LAST_TO_GO.index(place[0]), len(sets[place])))
        withheld[weakest] = Suppression.SECONDARY


def _find_telling(sets: Sets, choices: frozenset[Units] | None) -> list[Place]:
    """Return the sets that tell what one answered; the total is withheld for no such reason."""
    if choices is None:
        return []
    shown = {place: frozenset(units) for place, units in sets.items()}
    return [place for place in find_telling(shown, sorted(choices, key=sorted)) if place != TOTAL]


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
