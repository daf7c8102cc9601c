"""What a count will be settled at: its posterior given early claims and a law of their errors.

By exact recursion on a grid of logs: what is believed in a phase is what is believed in the next
one plus that phase's innovation, so each phase is one product and one convolution.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import signal

from estimators.models.claim_error import PHASES, Features, Scales, exponential_points

type Array = npt.NDArray[np.float64]

STEP = 0.02  # of the grid, on the log scale
_BEYOND = 6.0
_LEAST = 1e-14
_GAPS = exponential_points(16)


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


def settled(features: Features, scales: Scales, prior: tuple[float, float], grid: Array) -> Array:
    """Return the probability of each place of a grid, given the claims, at one draw of the law.

    Parameters
    ----------
    features, scales
        Of the claims of one event.
    prior
        Mean and sd of the log of a count before any claim.
    grid
        Logs of counts, `STEP` apart.
    """
    weight = np.ones(len(grid))
    for phase in range(len(PHASES)):
        for i in map(int, np.flatnonzero(features.phase == phase)):
            weight *= np.maximum(_said(i, features, scales, grid), _LEAST)
            weight /= weight.max()
        if weight.min() < 1.0:
            kernel = _kernel(scales.innovation[phase], len(grid))
            spread = signal.fftconvolve(weight, kernel)[len(grid) - 1 : 2 * len(grid) - 1]
            weight = np.maximum(spread / spread.max(), _LEAST)
    weight *= np.exp(-0.5 * ((grid - prior[0]) / prior[1]) ** 2)
    return np.asarray(weight / weight.sum())


def _said(i: int, features: Features, scales: Scales, grid: Array) -> Array:
    """Return the probability of what one claim says, at each place of the grid."""
    left = features.log_said[i] - scales.shift[i] - grid
    if not features.growing[i]:
        return _cell(left, scales.error[i])
    return np.mean([_cell(left + scales.gap[i] * q, scales.error[i]) for q in _GAPS], axis=0)


def _kernel(scale: float, n: int) -> Array:
    return _cell(STEP * np.arange(1 - n, n, dtype=float), scale)


def _cell(at: Array, scale: float) -> Array:
    """Return the probability of the cell around each place under a Student-t(2)."""
    return _below((at + STEP / 2.0) / scale) - _below((at - STEP / 2.0) / scale)


def _below(x: Array) -> Array:
    return np.asarray(0.5 + x / (2.0 * np.sqrt(2.0 + x * x)))
