"""Whether the figures published of a question tell what one municipality answered.

They do where nothing else is possible: all of a level answered alike, or one municipality alone is
at home both in the province and in the size category that hold the only answer. Of those in the
same sets the published counts leave it open, between bounds, how many chose an option; a linear
program finds the place between the bounds where no group chose it whole that need not. What it
rests on there has a price (a dual value). See Hundepool et al. 2012, Statistical disclosure
control, chapters 4 and 5 (auditing by linear programming, group disclosure).
"""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

Place: TypeAlias = tuple[str, str]
Units: TypeAlias = frozenset[str]
Numbers: TypeAlias = npt.NDArray[np.floating[Any]]

# Of a group, how much is enough to say that not all of it need have chosen; and no price.
OPEN, NO_PRICE = 1e-3, 1e-6


def find_telling(sets: dict[Place, Units], choices: list[Units]) -> list[Place]:
    """Return the sets from which it follows that one chose an option; empty where none does.

    `sets` are published for every option, of which `choices` has who chose it: all options of a
    question that takes one answer, else one of them. What everyone chose is no secret.
    """
    everyone: Units = frozenset().union(*sets.values())
    if not sets or everyone in choices:
        return []
    units = sorted(everyone)
    inside = np.array([[unit in some for unit in units] for some in sets.values()], dtype=float)
    groups, group = np.unique(inside, axis=1, return_inverse=True)
    sizes = np.bincount(group.ravel())
    options, size = len(choices), len(sizes)
    counts = [len(some & own) for own in choices for some in sets.values()]
    added_up = np.kron(np.eye(options), groups)
    if all(sum(unit in own for own in choices) == 1 for unit in units):
        # Each chose one of them.
        added_up = np.vstack([added_up, np.kron(np.ones(options), np.eye(size))])
        counts += list(sizes)
    # How many of a group chose an option, and a little of how many did not.
    chose = np.eye(options * size)
    found = linprog(
        np.repeat([0.0, -1.0], options * size),
        A_ub=np.hstack([chose, chose]),
        b_ub=np.tile(sizes, options),
        A_eq=np.hstack([added_up, np.zeros_like(added_up)]),
        b_eq=counts,
        bounds=[(0, None)] * (options * size) + [(0, OPEN)] * (options * size),
    )
    if not found.success:
        # What could not be worked out is not published.
        return list(sets)
    is_told = found.x[options * size :] < OPEN / 2
    if not is_told.any():
        return []
    prices = np.abs(found.eqlin.marginals[: options * len(sets)]).reshape(options, len(sets))
    priced = zip(sets, prices.max(axis=0), strict=True)
    return [place for place, price in priced if price > NO_PRICE] or list(sets)
