"""How many independent readings a quantity really has, given the errors that its claims share."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import numpy.typing as npt
import pandas as pd

from estimators.models.claims import network_of
from estimators.models.joint import Joint
from estimators.models.slopes import information_of

type Array = npt.NDArray[np.float64]

# By tails (see `quantiles`), of scale 1: normal; Student-t(4); Student-t(2), which has none: that
# of the normal with the same 90 % interval stands for it.
VARIANCE = np.array([1.0, 2.0, 2.0, 3.15, 3.15])


def dependence_of(model: Joint, spread: Array) -> pd.DataFrame:
    """Return one row a quantity: statements, readings, origins, networks, effective readings.

    Parameters
    ----------
    model
        The joint model of a study.
    spread
        The spreads at which the readings are weighed, e.g. their posterior medians.

    Returns
    -------
    pandas.DataFrame
        Index: the quantity's id. `statements` are all rows of the claims file on it, `readings`
        those that observe it, `effective` the number of independent typical readings they are
        worth (NaN without any).

    Notes
    -----
    The variance of one typical reading over the variance of the generalised least-squares mean of
    all, under the covariance that the shared errors give: m readings of equal variance and
    correlation rho are worth m / (1 + (m - 1) rho) [1]_. Of a quantity that runs over time the
    first reading of each origin stands for all it says: its figures of one day and the next are
    one record.

    References
    ----------
    .. [1] Winkler (1981). Management Science 27(4), 479-488.
    """
    covariance = covariance_of(model, spread)
    statements = Counter(claim.quantity for claim in model.study.claims)
    places: dict[str, list[int]] = defaultdict(list)
    for place, reading in enumerate(model.readings):
        if reading.claim is not None and reading.weight > 0:
            places[reading.quantity].append(place)
    rows = {}
    for quantity in model.study.quantities:
        mine = places[quantity.id]
        told = _one_an_origin(model, mine) if quantity.id in model.study.series_of else mine
        claims = [claim for place in mine if (claim := model.readings[place].claim)]
        rows[quantity.id] = {
            "statements": statements[quantity.id],
            "readings": len(mine),
            "origins": len({claim.origin for claim in claims}),
            "networks": len({network_of(claim) for claim in claims}),
            "effective": effective_number(covariance[np.ix_(told, told)]),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("quantity")


def _one_an_origin(model: Joint, places: list[int]) -> list[int]:
    """Return the place of the first reading of each origin, of single days only if of no other."""
    found: dict[str, int] = {}
    for place in sorted(places, key=lambda place: model.readings[place].scatters):
        reading = model.readings[place]
        if reading.claim is not None and not reading.before:
            found.setdefault(reading.claim.origin, place)
    return list(found.values())


def effective_number(covariance: Array) -> float:
    """Return how many independent typical readings a covariance of readings is worth.

    Parameters
    ----------
    covariance
        Shape (readings, readings).
    """
    n = len(covariance)
    if n == 0:
        return float("nan")
    best = 1.0 / float(np.linalg.solve(covariance, np.ones(n)).sum())
    return float(np.mean(np.diag(covariance)) / best)


def covariance_of(model: Joint, spread: Array) -> Array:
    """Return the covariance of all readings given the truth: shape (readings, readings).

    Parameters
    ----------
    model
        The joint model of a study.
    spread
        The spreads of its origins and networks.
    """
    data, structure = model.data(), model.structure
    stretch = np.append(spread, 1.0)[structure.effect_spread]
    sd = data.error_scale * np.where(data.error_free > 0, stretch, 1.0)
    variance = sd**2 * VARIANCE[data.error_tails]
    carried = np.zeros((len(model.readings), len(variance)))
    rows = np.repeat(np.arange(len(carried)), np.diff(structure.effect_start))
    carried[rows, structure.effects] = structure.effect_weight
    own = 1.0 / np.maximum(information_of(structure, data), 1e-6)
    return np.asarray((carried * variance) @ carried.T + np.diag(own))
