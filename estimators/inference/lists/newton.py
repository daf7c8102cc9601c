"""Maximum likelihood of Poisson counts with log-linear means, by Newton's method, compiled."""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

type Array = npt.NDArray[np.float64]

_STEPS = 100
_NEAR = 1e-9  # the last step promises to raise the log likelihood by less than half of this


@numba.njit(cache=True)
def maximum(matrix: Array, counts: Array) -> tuple[Array, float, float, bool]:
    """Return the estimate, the log likelihood, the variance of the intercept, and convergence.

    Parameters
    ----------
    matrix
        Design: shape (cells, parameters), the intercept first, of full rank.
    counts
        Counts of the cells: shape (cells); they need not be whole.

    Returns
    -------
    tuple
        Parameters; sum of n log(mu) - mu, without the factorials; the first entry of the inverse
        information; whether it converged.
    """
    width = matrix.shape[1]
    start = counts + 0.5  # weighted least squares of the log counts
    theta = _solved(_information(matrix, start), matrix.T @ (start * np.log(start)))
    if not np.all(np.isfinite(theta)):
        return theta, -np.inf, np.inf, False
    value = _value(matrix, counts, theta)
    unit = np.zeros(width)
    unit[0] = 1.0
    for _ in range(_STEPS):
        mu = np.exp(matrix @ theta)
        slope = matrix.T @ (counts - mu)
        step = _solved(_information(matrix, mu), slope)
        rise = slope @ step
        if not np.isfinite(rise):
            return theta, value, np.inf, False
        theta, value, moved = _moved(matrix, counts, theta, step, value)
        if rise < _NEAR:
            information = _information(matrix, np.exp(matrix @ theta))
            return theta, value, _solved(information, unit)[0], True
        if not moved:
            return theta, value, np.inf, False
    return theta, value, np.inf, False


@numba.njit(cache=True)
def _moved(
    matrix: Array, counts: Array, theta: Array, step: Array, value: float
) -> tuple[Array, float, bool]:
    """Return the point after a step, halved until the log likelihood does not fall."""
    size = 1.0
    for _ in range(40):
        tried = theta + size * step
        found = _value(matrix, counts, tried)
        if found >= value - 1e-10 * (1.0 + abs(value)):
            return tried, found, True
        size *= 0.5
    return theta, value, False


@numba.njit(cache=True)
def _value(matrix: Array, counts: Array, theta: Array) -> float:
    at = matrix @ theta
    if at.max() > 700.0:
        return -np.inf
    return counts @ at - np.exp(at).sum()


@numba.njit(cache=True)
def _information(matrix: Array, weight: Array) -> Array:
    """Return X' diag(w) X; designs are mostly zeros, so those are passed over."""
    size, width = matrix.shape
    made = np.zeros((width, width))
    on = np.empty(width, dtype=np.int64)
    for c in range(size):
        held = 0
        for j in range(width):
            if matrix[c, j] != 0.0:
                on[held] = j
                held += 1
        for a in range(held):
            left = weight[c] * matrix[c, on[a]]
            for b in range(a + 1):
                made[on[a], on[b]] += left * matrix[c, on[b]]
    return made


@numba.njit(cache=True)
def _solved(lower: Array, right: Array) -> Array:
    """Return the solution by Cholesky of a matrix whose lower half is given; NaN if it has none."""
    size = len(right)
    factor, x = np.zeros((size, size)), right.copy()
    for j in range(size):
        for i in range(j, size):
            left = lower[i, j]
            for k in range(j):
                left -= factor[i, k] * factor[j, k]
            if i == j and not left > 1e-14 * lower[j, j]:
                return np.full(size, np.nan)
            factor[i, j] = np.sqrt(left) if i == j else left / factor[j, j]
    for i in range(size):
        for k in range(i):
            x[i] -= factor[i, k] * x[k]
        x[i] /= factor[i, i]
    for i in range(size - 1, -1, -1):
        for k in range(i + 1, size):
            x[i] -= factor[k, i] * x[k]
        x[i] /= factor[i, i]
    return x
