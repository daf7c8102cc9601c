"""The probability of what is printed under each law, with its slopes, as compiled functions.

On the scale of the belief: the log of a count or the logit of a share. A function takes the low
and high end of the cell that a printed number stands for, the belief, the law's log sigma and log
slack and its sign, and gives the log probability of the cell and its slopes in the belief, in log
sigma and in log slack.
"""

from __future__ import annotations

from math import ceil, erfc, exp, expm1, log, log1p, sqrt

import numba
import numpy as np
import numpy.typing as npt
from scipy import stats

type Array = npt.NDArray[np.float64]
type Slopes = tuple[float, float, float, float]

# A logistic of scale .757 s has the same 97.5 % point as Student-t(4) of scale s.
LOGISTIC_SCALE = 0.757
# Equal-probability points of a half-normal(.05): the discrete law of what 'nearly' leaves out.
NEARLY_SHIFTS = 0.05 * stats.halfnorm.ppf((np.arange(16) + 0.5) / 16)

# Gauss-Legendre rules; the narrower a cell beside sigma, the fewer nodes give five digits.
_N_NODES = np.array([2, 3, 5])
_NODES, _LOG_NODE_WEIGHTS = np.zeros((3, 5)), np.zeros((3, 5))
for _i, _n in enumerate(_N_NODES):
    _NODES[_i, :_n], _LOG_NODE_WEIGHTS[_i, :_n] = np.polynomial.legendre.leggauss(_n)
    _LOG_NODE_WEIGHTS[_i, :_n] = np.log(_LOG_NODE_WEIGHTS[_i, :_n])
_NARROWEST, _NARROW = 0.1, 0.35
_LOG_2PI = log(2.0 * np.pi)
_FAR_TAIL = -20.0
_MOST_PANELS = 400
_FINER = 4.0  # a registered density may be sharper than its sd


@numba.njit(error_model="numpy")
def softplus(x: float) -> float:
    """Return log(1 + e^x) without overflow."""
    return max(x, 0.0) + log1p(exp(-abs(x)))


@numba.njit(error_model="numpy")
def expit(x: float) -> float:
    """Return 1 / (1 + e^-x) without overflow."""
    e = exp(-abs(x))
    return 1.0 / (1.0 + e) if x >= 0.0 else e / (1.0 + e)


@numba.njit(error_model="numpy")
def log_normal_cdf(z: float) -> float:
    """Return the log of the standard normal's distribution function, stable far out."""
    if z > _FAR_TAIL:
        return log(0.5 * erfc(-z / sqrt(2.0)))
    y = 1.0 / (z * z)
    series = log1p(y * (-1.0 + y * (3.0 + y * (-15.0 + y * 105.0))))
    return -0.5 * z * z - log(-z) - 0.5 * _LOG_2PI + series


@numba.njit(error_model="numpy")
def hazard_of(z: float, log_cdf: float) -> float:
    """Return the slope of `log_normal_cdf`, given its value."""
    return exp(-0.5 * z * z - 0.5 * _LOG_2PI - log_cdf)


type Sum = tuple[float, float, float, float, float]  # largest, total, and totals of the slopes
NOTHING = (-np.inf, 0.0, 0.0, 0.0, 0.0)


@numba.njit(error_model="numpy")
def add(to: Sum, logp: float, a: float, b: float, c: float) -> Sum:
    """Return a sum of exponentials, kept by its largest term, with one more term and its slopes."""
    top, total, in_a, in_b, in_c = to
    if logp > top:
        shrink = exp(top - logp)
        return logp, total * shrink + 1.0, in_a * shrink + a, in_b * shrink + b, in_c * shrink + c
    part = exp(logp - top)
    return top, total + part, in_a + part * a, in_b + part * b, in_c + part * c


@numba.njit(error_model="numpy")
def summed(of: Sum) -> Slopes:
    """Return the log of a sum of exponentials and its slopes."""
    top, total, a, b, c = of
    return top + log(total), a / total, b / total, c / total


@numba.njit(error_model="numpy")
def logistic_cell(low: float, high: float, belief: float, log_sigma: float) -> Slopes:
    """Return log P(low < t < high) and its slopes for t = belief + logistic error.

    A product of logistic functions, so that it neither underflows nor loses digits in a tail.
    """
    scale = LOGISTIC_SCALE * exp(log_sigma)
    a, b = (low - belief) / scale, (high - belief) / scale
    width = b - a
    logp = -softplus(-b) - softplus(a) + log(-expm1(-width))
    in_sigma = a * expit(a) - b * expit(-b) - (width / expm1(width) if width < 700.0 else 0.0)
    return logp, (expit(a) + expit(b) - 1.0) / scale, in_sigma, 0.0


@numba.njit(error_model="numpy")
def record_cell(low: float, high: float, belief: float, log_sigma: float) -> Slopes:
    """Return P(low < t < high), and its slopes, for t = belief + an error that is Student-t(2).

    The probability itself, not its log. Of x / sqrt(2 + x^2) what is left to 1 is kept, so that
    no digits are lost in a tail.
    """
    scale = exp(log_sigma)
    turned = 1.0 if low + high >= 2.0 * belief else -1.0
    a, b = turned * (low - belief) / scale, turned * (high - belief) / scale
    near, away = min(a, b), max(a, b)
    root_near, root_away = sqrt(2.0 + near * near), sqrt(2.0 + away * away)
    left = 1.0 / (root_near * (root_near + near)) - 1.0 / (root_away * (root_away + away))
    f_near, f_away = root_near**-3, root_away**-3
    in_sigma = near * f_near - away * f_away
    return left, turned * (f_near - f_away) / scale, in_sigma, 0.0


@numba.njit(error_model="numpy")
def nearly_cell(low: float, high: float, belief: float, log_sigma: float) -> Slopes:
    """Return log P(low < t < high) and its slopes for t = belief + half-normal + logistic."""
    found = NOTHING
    for shift in NEARLY_SHIFTS:
        logp, a, b, _ = logistic_cell(low, high, belief + shift, log_sigma)
        found = add(found, logp, a, b, 0.0)
    logp, a, b, _ = summed(found)
    return logp - log(len(NEARLY_SHIFTS)), a, b, 0.0


@numba.njit(error_model="numpy")
def bound_density(gap: float, sigma: float, slack: float) -> Slopes:
    """Return the log density of an ExGaussian at `gap`, plus log slack, and its slopes."""
    ratio = sigma / slack
    z = gap / sigma - ratio
    log_cdf = log_normal_cdf(z)
    hazard = hazard_of(z, log_cdf)
    logp = log_cdf - gap / slack + 0.5 * ratio * ratio
    in_sigma = hazard * (-gap / sigma - ratio) + ratio * ratio
    in_slack = hazard * ratio + gap / slack - ratio * ratio - 1.0
    return logp, hazard / sigma - 1.0 / slack, in_sigma, in_slack


@numba.njit(error_model="numpy")
def normal_density(gap: float, sigma: float) -> Slopes:
    """Return the log density of a normal at `gap`, plus log sigma, and its slopes."""
    z = gap / sigma
    return -0.5 * z * z - 0.5 * _LOG_2PI, -z / sigma, z * z - 1.0, 0.0


@numba.njit(error_model="numpy")
def split_density(gap: float, above: float, below: float) -> Slopes:
    """Return the log density of a split normal at `gap`, with an sd above zero and one below."""
    share = above / (above + below)
    logp = 0.5 * log(2.0 / np.pi) - log(above + below)
    if gap > 0.0:
        z = gap / above
        return logp - 0.5 * z * z, -z / above, z * z - share, share - 1.0
    z = gap / below
    return logp - 0.5 * z * z, -z / below, -share, z * z - 1.0 + share


@numba.njit(error_model="numpy")
def table_density(gap: float, table: Array) -> tuple[float, float]:
    """Return a tabulated log density at `gap` and its slope: linear between points and beyond.

    The table holds the first point, the step, and the log density at each point.
    """
    place = (gap - table[0]) / table[1]
    i = min(max(int(place), 0), len(table) - 4)
    slope = (table[i + 3] - table[i + 2]) / table[1]
    return table[i + 2] + slope * (gap - table[0] - i * table[1]), slope


@numba.njit(error_model="numpy")
def panels_of(width: float, sigma: float) -> int:
    """Return into how many panels a cell is cut, so that each is at most 1.5 sigma wide."""
    wanted = ceil(min(width / (1.5 * sigma), _MOST_PANELS))
    return max(1, int(wanted))


POINT, NEARLY, BOUND, NORMAL, SPLIT, WORD, STEP, TABLE, RECORD, HELD = range(10)


@numba.njit(error_model="numpy")
def smooth_cell(
    code: int,
    low: float,
    high: float,
    belief: float,
    log_sigma: float,
    log_slack: float,
    sign: float,
    table: Array,
) -> Slopes:
    """Return log P(low < t < high) and its slopes where sign x (belief - t) follows a density.

    The sign is +1 for a floor (the truth lies above what is said) and -1 for a ceiling. By
    Gauss-Legendre, in panels that are narrow beside the Gaussian part.
    """
    sigma, slack = exp(log_sigma), exp(log_slack)
    scale = sigma / _FINER if code == TABLE else sigma
    panels = panels_of(high - low, scale)
    width = (high - low) / scale
    rule = 0 if width < _NARROWEST else 1 if width < _NARROW else 2
    half = (high - low) / (2.0 * panels)
    found = NOTHING
    for place in range(panels * _N_NODES[rule]):
        panel, i = divmod(place, _N_NODES[rule])
        gap = sign * (belief - low - half * (2.0 * panel + 1.0 + _NODES[rule, i]))
        if code == BOUND:
            logp, a, b, c = bound_density(gap, sigma, slack)
        elif code == SPLIT:
            logp, a, b, c = split_density(gap, sigma, slack)
        elif code == TABLE:
            logp, a = table_density(gap, table)
            b, c = 0.0, 0.0
        else:
            logp, a, b, c = normal_density(gap, sigma)
        found = add(found, logp + _LOG_NODE_WEIGHTS[rule, i], sign * a, b, c)
    logp, a, b, c = summed(found)
    lacking = log_slack if code == BOUND else log_sigma if code == NORMAL else 0.0
    return logp + log(half) - lacking, a, b, c


@numba.njit(error_model="numpy")
def word_chance(word: int, belief: float, ladder: Array) -> Slopes:
    """Return log P(word) and its slope: a choice on a ladder, by kernels around the medians.

    The ladder has a row a word: its median on the belief's scale and its sd.
    """
    found = NOTHING
    for i in range(len(ladder)):
        z = (belief - ladder[i, 0]) / ladder[i, 1]
        found = add(found, -0.5 * z * z - log(ladder[i, 1]), -z / ladder[i, 1], 0.0, 0.0)
    total, mean, _, _ = summed(found)
    z = (belief - ladder[word, 0]) / ladder[word, 1]
    return -0.5 * z * z - log(ladder[word, 1]) - total, -z / ladder[word, 1] - mean, 0.0, 0.0


@numba.njit(error_model="numpy")
def step_chance(at: float, belief: float, log_sigma: float) -> Slopes:
    """Return log P(belief above a hard floor) and its slope: a step, sigma wide."""
    z = (belief - at) / exp(log_sigma)
    log_cdf = log_normal_cdf(z)
    hazard = hazard_of(z, log_cdf)
    return log_cdf, hazard / exp(log_sigma), -hazard * z, 0.0
