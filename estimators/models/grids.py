"""The probability of a printed number over all its grids at once, as compiled functions.

The same numbers as sums of the single cells of `cells`, for a fraction of the work; those remain
where a sum would leave the range of floating-point numbers.
"""

from __future__ import annotations

from math import erfc, exp, log, sqrt

import numba
import numpy as np
import numpy.typing as npt

from estimators.models import cells
from estimators.models.cells import Slopes

type Array = npt.NDArray[np.float64]

_ROOT_2PI = sqrt(2.0 * np.pi)
_ROOT_HALF = sqrt(0.5)


@numba.njit(error_model="numpy")
def logistic_grids(
    c: int, chance: Array, low: Array, high: Array, belief: float, log_sigma: float
) -> Slopes:
    """Return the log of the sum over grids of chance x P(low < t < high), for logistic errors.

    With A and B the exponentials of the ends' distances, a cell is (A - B) / ((1 + A)(1 + B)):
    two exponentials a grid, taken from the middle so that what is common stays in the log.
    """
    scale = cells.LOGISTIC_SCALE * exp(log_sigma)
    first = 0
    while first < chance.shape[1] and chance[c, first] == 0.0:
        first += 1
    if first == chance.shape[1]:
        return -np.inf, 0.0, 0.0, 0.0
    middle = 0.5 * (low[c, first] + high[c, first])
    far = (middle - belief) / scale
    turned = 1.0 if far >= 0.0 else -1.0
    q = exp(-abs(far))
    total, in_belief, in_sigma = 0.0, 0.0, 0.0
    for grid in range(first, chance.shape[1]):
        if chance[c, grid] == 0.0:
            continue
        near, away = (
            (low[c, grid], high[c, grid]) if turned > 0.0 else (high[c, grid], low[c, grid])
        )
        e_near = exp(turned * (middle - near) / scale)
        e_away = exp(turned * (middle - away) / scale)
        one, two = 1.0 / (1.0 + q * e_near), 1.0 / (1.0 + q * e_away)
        part = chance[c, grid] * (e_near - e_away) * one * two
        u, v = turned * (near - belief) / scale, turned * (away - belief) / scale
        total += part
        in_belief += part * turned * (one + two - 1.0)
        in_sigma += part * (u * one - v * (1.0 - two) - (v - u) * e_away / (e_near - e_away))
    return log(total) - abs(far), in_belief / (total * scale), in_sigma / total, 0.0


@numba.njit(error_model="numpy")
def record_grids(
    c: int, chance: Array, low: Array, high: Array, belief: float, log_sigma: float
) -> Slopes:
    """Return the log of the sum over grids of chance x P(low < t < high), for Student-t(2)."""
    total, in_belief, in_sigma = 0.0, 0.0, 0.0
    for grid in range(chance.shape[1]):
        if chance[c, grid] > 0.0:
            part, a, b, _ = cells.record_cell(low[c, grid], high[c, grid], belief, log_sigma)
            total += chance[c, grid] * part
            in_belief += chance[c, grid] * a
            in_sigma += chance[c, grid] * b
    return log(total), in_belief / total, in_sigma / total, 0.0


@numba.njit(error_model="numpy")
def nearly_grids(
    c: int, chance: Array, low: Array, high: Array, belief: float, log_sigma: float
) -> Slopes:
    """Return the same as `logistic_grids` for what is said a little above the belief."""
    together = cells.NOTHING
    for shift in cells.NEARLY_SHIFTS:
        logp, a, b, _ = logistic_grids(c, chance, low, high, belief + shift, log_sigma)
        together = cells.add(together, logp, a, b, 0.0)
    logp, a, b, _ = cells.summed(together)
    return logp - log(len(cells.NEARLY_SHIFTS)), a, b, 0.0


@numba.njit(error_model="numpy")
def bound_nodes(
    first: int,
    last: int,
    at: Array,
    stands: Array,
    belief: float,
    log_sigma: float,
    log_slack: float,
    sign: float,
) -> Slopes:
    """Return the log of the sum over places of weight x an ExGaussian density, and its slopes."""
    sigma, slack = exp(log_sigma), exp(log_slack)
    ratio = sigma / slack
    total, in_belief, in_sigma, in_slack = 0.0, 0.0, 0.0, 0.0
    for k in range(first, last):
        gap = sign * (belief - at[k])
        z = gap / sigma - ratio
        tilt = stands[k] * exp(0.5 * ratio * ratio - gap / slack)
        value = tilt * 0.5 * erfc(-z * _ROOT_HALF)
        peak = tilt * exp(-0.5 * z * z) / _ROOT_2PI
        total += value
        in_belief += sign * (peak / sigma - value / slack)
        in_sigma += value * ratio * ratio - peak * (gap / sigma + ratio)
        in_slack += value * (gap / slack - ratio * ratio - 1.0) + peak * ratio
    return log(total) - log_slack, in_belief / total, in_sigma / total, in_slack / total


@numba.njit(error_model="numpy")
def normal_nodes(
    first: int, last: int, at: Array, stands: Array, belief: float, log_sigma: float
) -> Slopes:
    """Return the log of the sum over places of weight x a normal density, and its slopes."""
    sigma = exp(log_sigma)
    total, in_belief, in_sigma = 0.0, 0.0, 0.0
    for k in range(first, last):
        z = (belief - at[k]) / sigma
        value = stands[k] * exp(-0.5 * z * z)
        total += value
        in_belief -= value * z / sigma
        in_sigma += value * (z * z - 1.0)
    return log(total / _ROOT_2PI) - log_sigma, in_belief / total, in_sigma / total, 0.0
