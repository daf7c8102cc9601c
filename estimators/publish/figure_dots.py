"""What is believed of one quantity in dots that can be counted, each an equal chance."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from estimators.inference.estimate import Estimate
from estimators.publish.catalogue import say
from estimators.publish.column import headed
from estimators.publish.density_curve import Scale, scale_of
from estimators.publish.plain_words import caution, ends, printed_of
from estimators.publish.rounding import as_text
from estimators.publish.style import BLUE, COLUMN, TEXT, count_axis, figure_of, new_axes, style
from estimators.publish.units import axis_label, heads

type Array = npt.NDArray[np.float64]

_HEIGHT = 2.3  # inches
_FEWEST, _MOST = 10, 100
_ACROSS = {20: 9, 50: 15}  # bins over the axis, for up to so many dots
_FULL = 0.92  # diameter of a dot as a part of what it may take


@dataclass(frozen=True)
class Dots:
    """Dots in stacks: where each counts, the middle of its stack, and its height in the stack."""

    counts: Array
    at: Array
    level: Array


def plot_dots(
    estimate: Estimate,
    id: str,
    dots: int = 20,
    at_least: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Return Axes with a quantity as dots, each an equal chance, and how to read them.

    Parameters
    ----------
    estimate
        The estimate.
    id
        The quantity.
    dots
        How many, 10 to 100; each is a chance of one in so many.
    at_least
        A number (persons; percent for a share); dots at it or above it are filled, those below it
        open, and their number is given.
    ax
        Axes to draw on; new ones, as wide as one column, if not given.

    Raises
    ------
    ValueError
        If there are too few or too many dots, or the number is not positive and finite.
    """
    _require(dots, at_least)
    scale = _with(scale_of(estimate, id), at_least)
    with style():
        own, ax = ax is None, new_axes(_HEIGHT, ax, COLUMN)
        reading = dots_reading(estimate, id, dots, at_least)
        headed(ax, estimate.study.by_id[id].label, reading, own)
        count_axis(ax, scale.low, scale.high, scale.log, scale.suffix, most=4)
        ax.set_xlabel(axis_label(estimate.study.unit_of(id), scale.log))
        ax.set_yticks([])
        ax.spines["left"].set_visible(False)
        _draw(ax, stacked(counts_of(estimate, id, dots), scale, at_least), at_least)
    return ax


def counts_of(estimate: Estimate, id: str, dots: int) -> Array:
    """Return where the dots lie: quantiles in the middle of so many equal chances.

    Parameters
    ----------
    estimate
        The estimate.
    id
        The quantity.
    dots
        How many.
    """
    chances = (np.arange(dots) + 0.5) / dots
    return np.asarray(np.quantile(estimate.draws_of(id).values, chances))


def dots_reading(estimate: Estimate, id: str, dots: int = 20, at_least: float | None = None) -> str:
    """Return in words how the dots of a quantity are read.

    Parameters
    ----------
    estimate
        The estimate.
    id
        The quantity.
    dots
        How many.
    at_least
        A number at which they are counted.
    """
    counts, printed = counts_of(estimate, id, dots), printed_of(estimate, id)
    inside = int(((counts >= printed.low) & (counts <= printed.high)).sum())
    told = say(
        "{caution}Each dot is one chance in {dots}; {inside} of {dots} lie between {ends}.",
        caution=caution(estimate, id),
        dots=dots,
        inside=inside,
        ends=ends(estimate, id),
    )
    if at_least is None:
        return told
    above = int((counts >= at_least).sum())
    unit = printed.suffix or heads(estimate.study.unit_of(id))
    return say(
        "{told}\nAt least {at_least}{unit}: {above} of {dots} dots (filled).",
        told=told,
        at_least=as_text(at_least),
        unit=unit,
        above=above,
        dots=dots,
    )


def stacked(counts: Array, scale: Scale, at_least: float | None = None) -> Dots:
    """Return dots in stacks over equal parts of an axis.

    Parameters
    ----------
    counts
        Where the dots lie, in rising order.
    scale
        The axis.
    at_least
        A number that no stack lies across.
    """
    ends = np.array([scale.low, scale.high, at_least or scale.low])
    places, (first, last, fixed) = (np.log(v) if scale.log else v for v in (counts, ends))
    wide = (last - first) / _bins(len(counts))
    parts = np.floor((places - fixed) / wide)
    level = np.array([(parts[:n] == part).sum() for n, part in enumerate(parts)], dtype=float)
    middles = fixed + (parts + 0.5) * wide
    return Dots(counts, np.exp(middles) if scale.log else middles, level)


def _bins(dots: int) -> int:
    return next((bins for most, bins in _ACROSS.items() if dots <= most), 20)


def _draw(ax: Axes, dots: Dots, at_least: float | None) -> None:
    """Draw the dots as large as the stacks and the room above them allow."""
    figure_of(ax).draw_without_rendering()  # the room is known once the words have theirs
    room, inches = ax.get_window_extent(), figure_of(ax).dpi
    wide, high = 72 * room.width / inches, 72 * room.height / inches  # points
    most = dots.level.max() + 1
    size = min(wide / _bins(len(dots.counts)), high / (most + 0.5))
    filled = dots.counts >= (at_least or 0.0)
    look: dict[str, Any] = {"ls": "none", "marker": "o", "mew": 1.0, "mec": BLUE}
    look["ms"] = _FULL * size - look["mew"]
    for chosen, face in ((filled, BLUE), (~filled, "white")):
        ax.plot(dots.at[chosen], dots.level[chosen] + 0.5, mfc=face, **look)
    ax.set_ylim(0, high / size)
    if at_least is not None:
        ax.axvline(at_least, color=TEXT, lw=1.0, ls=(0, (4, 2)), zorder=0)


def _with(scale: Scale, at_least: float | None) -> Scale:
    """Return an axis on which a number can be seen too."""
    if at_least is None or scale.low < at_least < scale.high:
        return scale
    low, high = min(scale.low, 0.95 * at_least), max(scale.high, 1.05 * at_least)
    return Scale(low, high, scale.log, scale.share)


def _require(dots: int, at_least: float | None) -> None:
    if not _FEWEST <= dots <= _MOST:
        raise ValueError(f"dots must lie between {_FEWEST} and {_MOST}, e.g. 20, not {dots}")
    if at_least is not None and not (isfinite(at_least) and at_least > 0):
        raise ValueError(f"at_least must be a positive number, e.g. 500, not {at_least}")
