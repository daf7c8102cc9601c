"""The density of a quantity's draws as it is drawn, on the scale of the axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from arviz_stats.base.array import array_stats

from estimators.inference.estimate import Estimate, quantiles
from estimators.inference.prior import Prior
from estimators.publish.style import needs_log

type Array = npt.NDArray[np.float64]

_SHOWN, _BEFORE = 0.995, 0.5  # how much of the estimate, and of the prior, an axis has to hold
_ROOM = 0.04
_POINTS = 512
_EDGE = 1e-9  # a share of nothing or of all has no logit


@dataclass(frozen=True)
class Density:
    """A density: where, and how high there; the area below it on the axis is one."""

    at: Array
    height: Array

    def within(self, low: float, high: float) -> Density:
        """Return the part between two numbers, its ends included.

        Parameters
        ----------
        low, high
            The ends, in the unit of the quantity.
        """
        inside = self.at[(self.at > low) & (self.at < high)]
        at = np.concatenate([[low], inside, [high]])
        return Density(at, np.interp(at, self.at, self.height, left=0.0, right=0.0))


@dataclass(frozen=True)
class Scale:
    """A horizontal axis: its ends, and whether equal steps are equal ratios."""

    low: float
    high: float
    log: bool
    share: bool

    @property
    def suffix(self) -> str:
        """Return what stands behind each number of the axis."""
        return "%" if self.share else ""


def scale_of(estimate: Estimate, id: str, prior: Prior | None = None) -> Scale:
    """Return the axis on which nearly all of an estimate can be seen, and the middle of its prior.

    Parameters
    ----------
    estimate
        The estimate.
    id
        The quantity.
    prior
        Draws before any claim; not looked at if not given.
    """
    share = estimate.study.quantity(id).is_share
    ends = [*estimate.interval(id, _SHOWN)[::2]]
    if prior is not None:
        ends += prior.interval(id, _BEFORE)[::2]
    low, high = min(ends), max(ends)
    log = not share and needs_log([low, high])
    if log:
        reach = (high / low) ** _ROOM
        return Scale(low / reach, high * reach, log, share)
    room = _ROOM * (high - low)
    return Scale(
        max(0.0, low - room), min(high + room, 100.0) if share else high + room, log, share
    )


def density_of(draws: Any, scale: Scale) -> Density:
    """Return the density of draws on the scale of an axis.

    Parameters
    ----------
    draws
        Draws of one quantity, of any shape; persons, or percent where the axis is of shares.
    scale
        The axis.

    Notes
    -----
    It is smoothed on the scale of ratios (of odds, for a share), so that nothing lies below zero.
    """
    values = np.asarray(draws, dtype=float).ravel()
    if scale.share:
        part = np.clip(values / 100.0, _EDGE, 1.0 - _EDGE)
        grid, height, _ = array_stats.kde(np.log(part / (1.0 - part)), grid_len=_POINTS, bw="scott")
        at = 100.0 / (1.0 + np.exp(-grid))
        return Density(at, height * 100.0 / (at * (100.0 - at)))
    grid, height, _ = array_stats.kde(np.log(values), grid_len=_POINTS, bw="scott")
    at = np.exp(grid)
    return Density(at, np.asarray(height if scale.log else height / at))


def bands(draws: Any, density: Density) -> tuple[Density, Density]:
    """Return the parts of a density that hold 90% and 50% of the draws, with equal tails.

    Parameters
    ----------
    draws
        The draws.
    density
        Their density.
    """
    wide, narrow = (density.within(*quantiles(draws, level)[::2]) for level in (0.9, 0.5))
    return wide, narrow
