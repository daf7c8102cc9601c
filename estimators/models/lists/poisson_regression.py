"""Poisson regression of counts by Newton's method."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, xlogy

type Array = npt.NDArray[np.float64]
type Whole = npt.NDArray[np.int64]

_STEPS = 200
_CLOSE = 1e-10
_VANISHED = 1e-6  # a fitted mean so small in a cell without persons: it runs to 0


@dataclass(frozen=True, eq=False)
class Regression:
    """A Poisson regression: slopes, their covariance, and how well it fits.

    `exists` is False where fitted means run to zero, so that slopes run away and no maximum is
    reached; `converged` where Newton's method came to rest.
    """

    slope: Array
    covariance: Array
    deviance: float
    df: int
    aic: float
    converged: bool
    exists: bool


def fit_poisson(design: Array, seen: Whole) -> Regression:
    """Return the maximum likelihood fit of counts with means exp(design @ slope).

    Newton's method, with steps halved until the likelihood grows.

    Parameters
    ----------
    design
        Shape (cells, slopes).
    seen
        Counts, shape (cells,).
    """
    scale = np.abs(design).max(axis=0)
    scaled = design / scale
    slope = np.linalg.lstsq(scaled, np.log(seen + 0.5), rcond=None)[0]
    slope, converged = _climb(scaled, seen, slope)
    mean = _mean(scaled, slope)
    covariance = np.linalg.pinv(scaled.T @ (mean[:, None] * scaled), hermitian=True)
    log_chance = float((xlogy(seen, mean) - mean - gammaln(seen + 1.0)).sum())
    return Regression(
        slope=slope / scale,
        covariance=covariance / np.outer(scale, scale),
        deviance=float(2.0 * (xlogy(seen, seen / mean) - (seen - mean)).sum()),
        df=design.shape[0] - design.shape[1],
        aic=2.0 * design.shape[1] - 2.0 * log_chance,
        converged=converged,
        exists=converged and not _runs_away(scaled, seen, mean),
    )


def _climb(design: Array, seen: Whole, slope: Array) -> tuple[Array, bool]:
    value = _log_likelihood(design, seen, slope)
    for _ in range(_STEPS):
        mean = _mean(design, slope)
        hessian = design.T @ (mean[:, None] * design)
        step = np.linalg.lstsq(hessian, design.T @ (seen - mean), rcond=None)[0]
        size, found = 1.0, -np.inf
        while size > 1e-8:
            found = _log_likelihood(design, seen, slope + size * step)
            if found >= value - 1e-12 * abs(value):
                break
            size /= 2.0
        slope = slope + size * step
        if abs(found - value) < _CLOSE * (1.0 + abs(value)) and np.abs(step).max() < 1e-6:
            return slope, True
        value = found
    return slope, False


def _runs_away(design: Array, seen: Whole, mean: Array) -> bool:
    """Return whether means of empty cells go to zero in a direction that slopes can take."""
    gone = (seen == 0) & (mean < _VANISHED)
    if not gone.any():
        return False
    rank = np.linalg.matrix_rank
    return bool(rank(design[~gone]) < rank(design))


def _mean(design: Array, slope: Array) -> Array:
    found: Array = np.exp(np.clip(design @ slope, -700.0, 700.0))
    return found


def _log_likelihood(design: Array, seen: Whole, slope: Array) -> float:
    log_mean = design @ slope
    return float(seen @ log_mean - np.exp(np.clip(log_mean, -700.0, 700.0)).sum())
