"""Standard normal unknowns stretched to other laws by their quantile functions, with slopes."""

from __future__ import annotations

from math import atan2, erf, erfc, exp, expm1, log, log1p, pi, sin, sqrt

import numba

_NEWTON_STEPS = 6
# Tails of an error: normal; Student-t(4) or (2), by quantile function or by their own density.
NORMAL, STRETCHED_4, OWN_4, STRETCHED_2, OWN_2 = range(5)


@numba.njit(error_model="numpy")
def half_normal(z: float) -> tuple[float, float]:
    """Return the half-normal quantile at the standard normal's place z, and its slope.

    Solves P(|X| < x) = P(X < z) by Newton's method, in the tail on the log scale.
    """
    if z < 0.0:
        below = 0.5 * erfc(-z / sqrt(2.0))
        x = sqrt(pi / 2.0) * below
        for _ in range(_NEWTON_STEPS):
            x -= (erf(x / sqrt(2.0)) - below) / (sqrt(2.0 / pi) * exp(-0.5 * x * x))
    else:
        above = log(0.5 * erfc(z / sqrt(2.0)))
        x = sqrt(z * z + 0.5)
        for _ in range(_NEWTON_STEPS):
            tail = erfc(x / sqrt(2.0))
            x += (log(tail) - above) * tail / (sqrt(2.0 / pi) * exp(-0.5 * x * x))
    return x, 0.5 * exp(0.5 * (x * x - z * z))


@numba.njit(error_model="numpy")
def student4(z: float) -> tuple[float, float]:
    """Return the quantile of Student-t(4) at the standard normal's place z, and its slope.

    The closed form of the quantile (Shaw 2006, Journal of Computational Finance 9(4), 37-73), in
    terms that lose no digits near zero or in the tails.
    """
    tail = 0.5 * erfc(abs(z) / sqrt(2.0))
    root = 2.0 * sqrt(tail * (1.0 - tail))
    angle = atan2(erf(abs(z) / sqrt(2.0)), root)
    x = 2.0 * sqrt(2.0 * sin(2.0 * angle / 3.0) * sin(angle / 3.0) / root)
    density = 0.375 * (1.0 + 0.25 * x * x) ** -2.5
    slope = exp(-0.5 * z * z) / sqrt(2.0 * pi) / density
    return (x if z >= 0.0 else -x), slope


@numba.njit(error_model="numpy")
def student2(z: float) -> tuple[float, float]:
    """Return the quantile of Student-t(2) at the standard normal's place z, and its slope."""
    tail = 0.5 * erfc(abs(z) / sqrt(2.0))
    x = erf(abs(z) / sqrt(2.0)) / sqrt(2.0 * tail * (1.0 - tail))
    slope = exp(-0.5 * z * z) / sqrt(2.0 * pi) * (2.0 + x * x) ** 1.5
    return (x if z >= 0.0 else -x), slope


@numba.njit(error_model="numpy")
def heavy(z: float, tails: int) -> tuple[float, float]:
    """Return z stretched to Student-t(4) or (2), and its slope; z itself for any other tails."""
    if tails == STRETCHED_4:
        return student4(z)
    if tails == STRETCHED_2:
        return student2(z)
    return z, 1.0


@numba.njit(error_model="numpy")
def spread(z: float, log_sd: float) -> tuple[float, float]:
    """Return a spread at z, and its slope: half-normal where the sd of its log is below 0."""
    if log_sd < 0.0:
        return half_normal(z)
    factor = exp(log_sd * z)
    return factor, log_sd * factor


@numba.njit(error_model="numpy")
def own_prior(x: float, tails: int) -> tuple[float, float]:
    """Return the log density of a normal or Student-t less its constant, and its slope."""
    if tails == OWN_4:
        return -2.5 * log1p(0.25 * x * x), -5.0 * x / (4.0 + x * x)
    if tails == OWN_2:
        return -1.5 * log1p(0.5 * x * x), -3.0 * x / (2.0 + x * x)
    return -0.5 * x * x, -x


@numba.njit(error_model="numpy")
def skewed(z: float, skew: float) -> tuple[float, float]:
    """Return z stretched to one side (Tukey's g), and its slope; z itself where `skew` is zero."""
    if abs(skew) < 1e-9:
        return z, 1.0
    return expm1(skew * z) / skew, exp(skew * z)
