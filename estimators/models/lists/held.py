"""How matched lists hold a count in a study: their likelihood as a law that the density reads."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from estimators.evidence.choices import Anchor
from estimators.evidence.matched import ASSUMPTIONS
from estimators.models import cells
from estimators.models.law import TABLE_POINTS, Law
from estimators.models.lists.likelihood import Likelihood
from estimators.models.reading import HOLDS, Reading

type Array = npt.NDArray[np.float64]

DEPTH = 40.0  # what is told of counts less likely than exp(-40) of the best is a straight line
_BELOW = 1e4  # how fast the log likelihood falls, per unit of log N, below those on the lists


def reading_of_lists(anchor: Anchor, told: Mapping[str, Likelihood]) -> Reading:
    """Return the reading of an anchor's matched lists: where its count lies, given their model.

    Parameters
    ----------
    anchor
        An anchor with matched lists.
    told
        The likelihood of the count by the id of the anchor.
    """
    assert anchor.matched is not None
    likelihood = told[anchor.id]
    table, sd = held_table(likelihood)
    law = Law(
        f"lists {anchor.id}",
        cells.HELD,
        sd,
        sentence=ASSUMPTIONS[anchor.matched.assumption],
        source="Likelihood of the number of people with chances of capture integrated out.",
        held=table,
    )
    weight = 1.0 if anchor.used else 0.0
    at = float(np.log(likelihood.n))
    return Reading(anchor.id, anchor.quantity, law, HOLDS, at, sd, weight=weight, anchor=anchor)


def held_table(likelihood: Likelihood) -> tuple[Array, float]:
    """Return the log likelihood on even steps of log(N / n), and its sd on the log of N.

    Parameters
    ----------
    likelihood
        Of the number of people.

    Returns
    -------
    tuple
        The first point, the step and the log likelihood at each point, as
        `cells.table_density` reads it; and the sd of log N under a flat prior of log N.
    """
    x, log = np.log(likelihood.count / likelihood.n), likelihood.log - likelihood.log.max()
    near = np.flatnonzero(log > -DEPTH)
    first, last = max(near[0] - 1, 0), min(near[-1] + 1, len(x) - 1)
    grid = np.linspace(x[first], x[last], TABLE_POINTS)
    step = grid[1] - grid[0]
    table = np.interp(grid, x, log)
    if first == 0:  # fewer than stand on the lists there cannot be
        grid, table = grid - step, np.concatenate([[table[0] - _BELOW * step], table[:-1]])
    chance = np.exp(table)
    mean = np.average(grid, weights=chance)
    sd = float(np.sqrt(np.average((grid - mean) ** 2, weights=chance)))
    return np.concatenate([[grid[0], step], table]), max(sd, step)
