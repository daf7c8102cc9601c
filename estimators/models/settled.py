"""What a count will be settled at: its posterior given early claims and a law of their errors.

By exact recursion on a grid of logs: what is believed in a phase is what is believed in the next
one plus that phase's innovation, so each phase is one product and one convolution.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import signal, special

from estimators.models.claim_error import Features, Scales, exponential_points
from estimators.models.phases import PHASES

type Array = npt.NDArray[np.float64]
type Below = Callable[[Array], Array]

STEP = 0.02  # of the grid, on the log scale
_BEYOND = 6.0
_LEAST = 1e-14
_GAPS = exponential_points(8)


class Settled(NamedTuple):
    """A posterior on a grid: logs of counts, and the probability of the cell around each."""

    log_count: Array
    chance: Array

    def quantile(self, at: Sequence[float]) -> Array:
        """Return quantiles, as logs of counts.

        Parameters
        ----------
        at
            Probabilities.
        """
        ends = np.cumsum(self.chance)
        return np.interp(at, ends - self.chance / 2.0, self.log_count)

    def below(self, log_count: float) -> float:
        """Return the probability that the count is no larger.

        Parameters
        ----------
        log_count
            Log of a count.
        """
        ends = np.cumsum(self.chance)
        return float(np.interp(log_count, self.log_count, ends - self.chance / 2.0))

    def log_density(self, log_count: float) -> float:
        """Return the log density of the log of the count.

        Parameters
        ----------
        log_count
            Log of a count.
        """
        chance = np.interp(log_count, self.log_count, self.chance, left=0.0, right=0.0)
        return float(np.log(max(chance, _LEAST) / STEP))


def grid_of(features: Features) -> Array:
    """Return the logs of counts that are weighed: far around what was said.

    Parameters
    ----------
    features
        Of the claims.
    """
    ends = features.log_said.min() - _BEYOND, features.log_said.max() + _BEYOND
    return np.arange(*ends, STEP)


class Told(NamedTuple):
    """How likely claims are at each place of a grid: a row a law.

    `size` is the log of the sum that each row of `chance` was divided by.
    """

    size: Array
    chance: Array


def settled(
    features: Features,
    scales: Sequence[Scales],
    prior: tuple[float, float],
    grid: Array,
    is_heavy: bool = True,
) -> Told:
    """Return the probability of claims and of each place of a grid, under each of several laws.

    Parameters
    ----------
    features
        Of the claims of one event.
    scales
        Of the same claims, at each of several laws.
    prior
        Mean and sd of the log of a count before any claim.
    grid
        Logs of counts, `STEP` apart.
    is_heavy
        Whether errors are Student-t(2); else normal.
    """
    laws = Scales(*(np.stack(column)[:, None] for column in zip(*scales, strict=True)))
    weight, size = np.ones((len(scales), len(grid))), np.zeros(len(scales))
    below = _student_below if is_heavy else special.ndtr
    for phase in range(len(PHASES)):
        spoken = np.flatnonzero(features.phase == phase)
        for i in map(int, spoken):
            weight *= np.maximum(_said(i, features, laws, grid, below), _LEAST)
            weight, size = _rescaled(weight, size)
        if phase >= features.phase.min():
            kernel = _kernel(laws.innovation[..., phase], len(grid), below)
            spread = signal.fftconvolve(weight, kernel, axes=1)[
                :, len(grid) - 1 : 2 * len(grid) - 1
            ]
            weight, size = _rescaled(np.maximum(spread, _LEAST), size)
    log_prior = -0.5 * ((grid - prior[0]) / prior[1]) ** 2
    nearest = log_prior.max()  # all claims may lie far outside the prior
    weight *= np.exp(log_prior - nearest)
    total = weight.sum(axis=1)
    return Told(size + nearest + np.log(total), weight / total[:, None])


def _rescaled(weight: Array, size: Array) -> tuple[Array, Array]:
    top = weight.max(axis=1)
    return weight / top[:, None], size + np.log(top)


def _said(i: int, features: Features, laws: Scales, grid: Array, below: Below) -> Array:
    """Return the probability of what one claim says, at each place of the grid."""
    left = features.log_said[i] - laws.shift[..., i] - grid
    if not features.growing[i]:
        return _cell(left, laws.error[..., i], below)
    made = (_cell(left + laws.gap[..., i] * q, laws.error[..., i], below) for q in _GAPS)
    return np.asarray(sum(made) / len(_GAPS))


def _kernel(scale: Array, n: int, below: Below) -> Array:
    return _cell(STEP * np.arange(1 - n, n, dtype=float), scale, below)


def _cell(at: Array, scale: Array, below: Below) -> Array:
    """Return the probability of the cell around each place."""
    return below((at + STEP / 2.0) / scale) - below((at - STEP / 2.0) / scale)


def _student_below(x: Array) -> Array:
    """Return the distribution function of Student-t(2)."""
    return np.asarray(0.5 + x / (2.0 * np.sqrt(2.0 + x * x)))
