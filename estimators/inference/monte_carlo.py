"""How far the printed ends of an interval would move if it were sampled again."""

from __future__ import annotations

from math import sqrt

import arviz as az
import xarray as xr

from estimators.inference.estimate import LEVEL

_ERRORS = 4.0  # of two fits, one in many thousands of numbers differs by more


def sampling_gaps(draws: xr.DataArray, level: float = LEVEL) -> tuple[float, float, float]:
    """Return how far low, median and high of two fits may lie apart by Monte Carlo error alone.

    Parameters
    ----------
    draws
        Draws of one quantity: dims (chain, draw).
    level
        Probability between low and high, with equal tails.

    Returns
    -------
    tuple of float
        Four standard errors of the difference of two fits of this size, in the unit of the draws.

    Notes
    -----
    The standard error of a quantile is had from the effective sample size of its indicator [1]_;
    that of a difference is larger by the square root of two.

    References
    ----------
    .. [1] Vehtari et al. (2021). Bayesian Analysis 16(2), 667-718, doi:10.1214/20-BA1221.
    """
    places = ((1 - level) / 2, 0.5, (1 + level) / 2)
    errors = (float(az.mcse(draws, method="quantile", prob=at)) for at in places)
    low, median, high = (_ERRORS * sqrt(2.0) * error for error in errors)
    return low, median, high
