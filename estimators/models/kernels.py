"""Log probability of a printed thing and its slope in the belief, as compiled loops over claims.

One loop a law, written once by hand with its derivative, because a graph of array operations for
the same sums took minutes to compile. Everything is on the scale of the belief: the log of a
count or the logit of a share. A printed number stands for a cell on each of four grids of digits;
its probability is the sum over the grids on which it lies (Crawford, Weiss & Suchard 2015,
arXiv:1405.4265, for a rounding mechanism with several grids; the weights are judgements).
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, erfc, exp, expm1, log, log1p, sqrt
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
from scipy import stats

type Array = npt.NDArray[np.float64]

# Grids: one digit, half steps of one digit, two digits, all digits; as steps of the decade.
STEPS = np.array([1.0, 0.5, 0.1, 0.0])
# Chance of each grid by method (row 0 enumeration, row 1 estimate).
METHODS = ("enumeration", "estimate")
GRID_WEIGHTS = np.array([[0.0, 0.0, 0.10, 0.90], [0.45, 0.15, 0.30, 0.10]])
FUZZ = 1e-9
_DECIMALS = 4  # of a share in percent, at most

# A logistic of scale .757 s has the same 97.5 % point as Student-t(4) of scale s.
LOGISTIC_SCALE = 0.757
# Equal-probability points of a half-normal(.05): the discrete law of what 'nearly' leaves out.
NEARLY_SHIFTS = 0.05 * stats.halfnorm.ppf((np.arange(16) + 0.5) / 16)
_N_NODES = 5
_NODES, _NODE_WEIGHTS = np.polynomial.legendre.leggauss(_N_NODES)
_LOG_NODE_WEIGHTS = np.log(_NODE_WEIGHTS)
_LOG_2PI = log(2.0 * np.pi)
_FAR_TAIL = -20.0


@numba.njit
def softplus(x: float) -> float:
    """Return log(1 + e^x) without overflow."""
    return max(x, 0.0) + log1p(exp(-abs(x)))


@numba.njit
def expit(x: float) -> float:
    """Return 1 / (1 + e^-x) without overflow."""
    e = exp(-abs(x))
    return 1.0 / (1.0 + e) if x >= 0.0 else e / (1.0 + e)


@numba.njit
def log_normal_cdf(z: float) -> float:
    """Return the log of the standard normal's distribution function, stable far out."""
    if z > _FAR_TAIL:
        return log(0.5 * erfc(-z / sqrt(2.0)))
    y = 1.0 / (z * z)
    series = log1p(y * (-1.0 + y * (3.0 + y * (-15.0 + y * 105.0))))
    return -0.5 * z * z - log(-z) - 0.5 * _LOG_2PI + series


@numba.njit
def logistic_cell(
    low: float, high: float, belief: float, sigma: float, slack: float, sign: float
) -> tuple[float, float]:
    """Return log P(low < t < high) and its slope for t = belief + logistic error.

    A product of logistic functions, so that it neither underflows nor loses digits in a tail.
    """
    scale = LOGISTIC_SCALE * sigma
    a, b = (low - belief) / scale, (high - belief) / scale
    logp = -softplus(-b) - softplus(a) + log(-expm1(a - b))
    return logp, (expit(a) + expit(b) - 1.0) / scale


@numba.njit
def nearly_cell(
    low: float, high: float, belief: float, sigma: float, slack: float, sign: float
) -> tuple[float, float]:
    """Return log P(low < t < high) and its slope for t = belief + half-normal + logistic."""
    n = len(NEARLY_SHIFTS)
    logs, slopes = np.empty(n), np.empty(n)
    for i in range(n):
        logs[i], slopes[i] = logistic_cell(low, high, belief + NEARLY_SHIFTS[i], sigma, slack, sign)
    logp, slope = mix(logs, slopes)
    return logp - log(n), slope


@numba.njit
def panels_of(low: float, high: float, sigma: float) -> int:
    """Return into how many panels a cell is cut, so that each is at most 1.5 sigma wide."""
    return max(1, int(ceil((high - low) / (1.5 * sigma))))  # noqa: RUF046 (a float when compiled)


@numba.njit
def bound_cell(
    low: float, high: float, belief: float, sigma: float, slack: float, sign: float
) -> tuple[float, float]:
    """Return log P(low < t < high) and its slope; sign x (belief - t) is ExGaussian.

    The sign is +1 for a floor (the truth lies above what is said) and -1 for a ceiling. By
    Gauss-Legendre, in panels that are narrow beside the Gaussian part.
    """
    panels = panels_of(low, high, sigma)
    half = (high - low) / (2.0 * panels)
    logs, slopes = np.empty(panels * _N_NODES), np.empty(panels * _N_NODES)
    for place in range(panels * _N_NODES):
        panel, i = divmod(place, _N_NODES)
        gap = sign * (belief - low - half * (2.0 * panel + 1.0 + _NODES[i]))
        z = gap / sigma - sigma / slack
        log_cdf = log_normal_cdf(z)
        log_density = log_cdf - gap / slack + 0.5 * (sigma / slack) ** 2 - log(slack)
        hazard = exp(-0.5 * z * z - 0.5 * _LOG_2PI - log_cdf)
        logs[place] = log_density + _LOG_NODE_WEIGHTS[i]
        slopes[place] = sign * (hazard / sigma - 1.0 / slack)
    logp, slope = mix(logs, slopes)
    return logp + log(half), slope


@numba.njit
def normal_cell(low: float, high: float, belief: float, sigma: float) -> tuple[float, float]:
    """Return log P(low < t < high) and its slope for t = belief + Gaussian error."""
    panels = panels_of(low, high, sigma)
    half = (high - low) / (2.0 * panels)
    logs, slopes = np.empty(panels * _N_NODES), np.empty(panels * _N_NODES)
    for place in range(panels * _N_NODES):
        panel, i = divmod(place, _N_NODES)
        z = (low + half * (2.0 * panel + 1.0 + _NODES[i]) - belief) / sigma
        logs[place] = -0.5 * z * z - log(sigma) - 0.5 * _LOG_2PI + _LOG_NODE_WEIGHTS[i]
        slopes[place] = z / sigma
    logp, slope = mix(logs, slopes)
    return logp + log(half), slope


@numba.njit
def mix(logs: Array, slopes: Array) -> tuple[float, float]:
    """Return the log of the sum of exponentials and the slope of it."""
    top = logs.max()
    total, slope = 0.0, 0.0
    for i in range(len(logs)):
        part = exp(logs[i] - top)
        total += part
        slope += part * slopes[i]
    return top + log(total), slope / total


def cells_of(value: Array, is_share: Array, method: Array) -> tuple[Array, Array, Array]:
    """Return log weight, low end and high end of each printed number's cell on each grid.

    Shapes (claims, grids), on the scale of the belief; the log weight is minus infinity where the
    number does not lie on the grid or the method never prints on it. Cells are asymmetric at
    powers of ten: 1,000 to one digit stands for 950 to 1,500.

    Parameters
    ----------
    value
        Printed numbers: persons, or percent.
    is_share
        1 where the number is a share.
    method
        Place of the method in `METHODS`.
    """
    printed = np.round(np.asarray(value, dtype=float), _DECIMALS)[:, None]
    decade = 10.0 ** np.floor(np.log10(printed) + FUZZ)
    places = 10.0 ** np.arange(_DECIMALS)
    printed_so = np.abs(printed * places - np.round(printed * places)) < 1e-6
    finest = np.where(printed_so, 1.0 / places, 0.1**_DECIMALS).max(axis=1, keepdims=True)
    lower_decade = np.where(np.abs(printed - decade) < FUZZ * decade, decade / 10.0, decade)
    above = np.maximum(decade * STEPS, finest)
    below = np.maximum(lower_decade * STEPS, finest)
    ratio = printed / above
    lies_on = np.abs(ratio - np.round(ratio)) < 1e-6
    weight = np.where(lies_on, GRID_WEIGHTS[np.asarray(method, dtype=int)], 0.0)
    with np.errstate(divide="ignore"):
        log_weight = np.log(weight)
    share = np.asarray(is_share)[:, None] > 0
    low, high = printed - below / 2.0, printed + above / 2.0
    return log_weight, _to_scale(low, share), _to_scale(high, share)


def to_scale(number: float, is_share: bool) -> float:
    """Return the log of a count, or the logit of a share in percent."""
    return float(_to_scale(np.array(number), np.array(is_share)))


def _to_scale(number: Array, is_share: npt.NDArray[np.bool_]) -> Array:
    share = np.clip(number / 100.0, 1e-6, 1.0 - 1e-6)
    logit = np.log(share) - np.log1p(-share)
    return np.asarray(np.where(is_share, logit, np.log(number)))


def _number_loop(cell: Callable[..., Any]) -> Callable[..., Any]:
    """Return the loop over printed numbers for one law of the number to say."""

    @numba.njit
    def run(
        log_weight: Array, low: Array, high: Array, belief: Array, law: Array
    ) -> tuple[Array, Array]:
        logp, slope = np.empty(len(belief)), np.empty(len(belief))
        logs, slopes = np.empty(4), np.empty(4)
        for i in range(len(belief)):
            logs[:], slopes[:] = -np.inf, 0.0
            for grid in range(4):
                if log_weight[i, grid] > -np.inf:
                    logs[grid], slopes[grid] = cell(
                        low[i, grid], high[i, grid], belief[i], law[i, 0], law[i, 1], law[i, 2]
                    )
                    logs[grid] += log_weight[i, grid]
            logp[i], slope[i] = mix(logs, slopes)
        return logp, slope

    return run


@numba.njit
def _pair_loop(low: Array, high: Array, belief: Array, sigma: Array) -> tuple[Array, Array]:
    logp, slope = np.empty(len(belief)), np.empty(len(belief))
    for i in range(len(belief)):
        logp[i], slope[i] = normal_cell(low[i], high[i], belief[i], sigma[i])
    return logp, slope


def _word_loop(medians: Array, sds: Array) -> Callable[..., Any]:
    """Return the loop over words: a choice on the ladder, by kernels around their medians."""
    log_sds = np.log(sds)

    @numba.njit
    def run(word: npt.NDArray[np.int64], belief: Array) -> tuple[Array, Array]:
        logp, slope = np.empty(len(belief)), np.empty(len(belief))
        for i in range(len(belief)):
            z = (belief[i] - medians) / sds
            kernels, slopes = -0.5 * z * z - log_sds, -z / sds
            total, mean_slope = mix(kernels, slopes)
            logp[i], slope[i] = kernels[word[i]] - total, slopes[word[i]] - mean_slope
        return logp, slope

    return run


@numba.njit
def solve_account(own: Array, factor: Array, start: Array, members: Array) -> Array:
    """Return the account's counts: each line is its own value plus a factor times its members.

    Members stand before the line; those of line i are `members[start[i]:start[i + 1]]`. Only
    positive numbers are ever added and multiplied.
    """
    counts = own.copy()
    for i in range(len(own)):
        for place in range(start[i], start[i + 1]):
            counts[i] += factor[i] * counts[members[place]]
    return counts


@numba.njit
def account_slopes(
    counts: Array, above: Array, factor: Array, start: Array, members: Array
) -> tuple[Array, Array]:
    """Return the gradients in own values and factors, given that in the counts (reverse order)."""
    own_slope, factor_slope = above.copy(), np.zeros(len(counts))
    for i in range(len(counts) - 1, -1, -1):
        for place in range(start[i], start[i + 1]):
            member = members[place]
            factor_slope[i] += own_slope[i] * counts[member]
            own_slope[member] += own_slope[i] * factor[i]
    return own_slope, factor_slope


@numba.njit
def matrix_times(matrix: Array, transposed: Array, vector: Array) -> Array:
    """Return the matrix times the vector; its transpose is carried along for the gradient."""
    return matrix @ vector


# Median and sd on the log scale of each word (judgement, wide: coding rules differ by a factor 5).
LADDER = {
    "a few": (5, 0.30),
    "several": (6, 0.42),
    "tens": (42, 0.46),
    "dozens": (49, 0.43),
    "scores": (77, 0.40),
    "a few hundred": (300, 0.31),
    "hundreds": (370, 0.54),
    "several hundred": (475, 0.39),
    "thousands": (3_700, 0.54),
    "several thousand": (4_700, 0.39),
    "tens of thousands": (37_000, 0.54),
}
WORD_MEDIANS = np.log([float(median) for median, _ in LADDER.values()])
WORD_SDS = np.array([sd for _, sd in LADDER.values()])

LOOPS: dict[str, Callable[..., Any]] = {
    "point": _number_loop(logistic_cell),
    "nearly": _number_loop(nearly_cell),
    "bound": _number_loop(bound_cell),
    "between": _pair_loop,
    "word": _word_loop(WORD_MEDIANS, WORD_SDS),
}
