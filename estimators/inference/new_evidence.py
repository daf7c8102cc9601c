"""What might yet be said: a count with open access, a register, further origins, and their laws."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy import special, stats

type Array = npt.NDArray[np.float64]
# Log weights of all draws, given what would be said if the draw of this place were true. What is
# said lies at a probability of its law, so that simulations can be spread evenly over it; what
# takes more than one number is drawn.
type Evidence = Callable[[int, float, np.random.Generator], Array]

_RANGE_WIDTH = 2.0 * float(stats.norm.ppf(0.95))
_LEAST = 1e-9
_FAR = 8.0  # sds
_PLACES = 400  # at which a density is computed


def counted(log_count: Array, variances: Array) -> Evidence:
    """Return what a count would tell whose log error is a mixture of normals.

    Parameters
    ----------
    log_count
        Draws of the log of the count.
    variances
        Of the normals, each as likely as the others.
    """
    widest = np.ptp(log_count) + _FAR * np.sqrt(variances.max())
    finest = np.sqrt(np.quantile(variances, 0.01))
    gaps = finest * np.sinh(np.linspace(0.0, np.arcsinh(widest / finest), _PLACES))
    each = -0.5 * gaps[:, None] ** 2 / variances - 0.5 * np.log(variances)
    log_density = special.logsumexp(each, axis=1)
    ranks = (np.arange(len(variances)) + 0.5) / len(variances)
    errors = np.sqrt(variances) * stats.norm.ppf(ranks)  # the variances come in no order

    def weigh(truth: int, at: float, rng: np.random.Generator) -> Array:
        error = np.quantile(errors, at)
        return np.interp(np.abs(log_count[truth] + error - log_count), gaps, log_density)

    return weigh


def registered(log_count: Array, coverage: tuple[float, float]) -> Evidence:
    """Return what a register would tell that names part of what is counted, and nothing wrongly.

    Parameters
    ----------
    log_count
        Draws of the log of the count.
    coverage
        5 % and 95 % points of the part that it names (percent), a logit-normal.
    """
    low, high = (np.log(end / (100.0 - end)) for end in coverage)
    mean, sd = (low + high) / 2.0, (high - low) / _RANGE_WIDTH

    def weigh(truth: int, at: float, rng: np.random.Generator) -> Array:
        named = log_count[truth] + special.log_expit(mean + sd * stats.norm.ppf(at))
        part = named - log_count  # the log coverage of each draw, below 0 where it can be
        log_rest = np.log(-np.expm1(np.minimum(part, -_LEAST)))
        logs = -0.5 * ((part - log_rest - mean) / sd) ** 2 - log_rest
        return np.where(part < 0.0, logs, -np.inf)

    return weigh


def spoken(level: Array, sd: Array) -> Evidence:
    """Return what further origins would tell, each an exact number.

    Parameters
    ----------
    level
        Draws of the log of the count with the error that these origins share.
    sd
        Draws of the sd of the error that each has by itself: shape (draws, origins).
    """

    def weigh(truth: int, at: float, rng: np.random.Generator) -> Array:
        said = level[truth] + sd[truth] * rng.standard_normal(sd.shape[1])
        gaps = (said - level[:, None]) / sd
        return np.asarray((-0.5 * gaps**2 - log_sd).sum(axis=1))

    log_sd = np.log(sd)
    return weigh
