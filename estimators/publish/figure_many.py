"""Many quantities side by side, one small panel each, in one style."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from estimators.evidence.study import Study, status
from estimators.inference.estimate import Estimate
from estimators.publish.catalogue import say
from estimators.publish.density_curve import Scale, bands, density_of, scale_of
from estimators.publish.escaping import for_figure, plain
from estimators.publish.marks import legend_below
from estimators.publish.plain_words import printed_of
from estimators.publish.said import said_of, span
from estimators.publish.style import (
    BLUE,
    DARK_RED,
    NARROW_BAND,
    SMALLEST,
    WIDE_BAND,
    WIDTH,
    count_axis,
    style,
)
from estimators.publish.widths import wrapped

MOST = 40  # panels that stay legible on a page
_PANEL = 0.98  # inches
_AROUND = 0.55  # inches for the legend
_NAMES = {1: 100, 2: 50, 3: 36, 4: 27}  # characters that fit above a panel, by panels in a row


def plot_many(estimate: Estimate, ids: Sequence[str] | None = None) -> tuple[Axes, ...]:
    """Return Axes, one small panel a quantity: its density, its interval and what was said of it.

    Parameters
    ----------
    estimate
        The estimate.
    ids
        The quantities, at most 40; if not given, the headline and then all that claims touch, as
        far as 40 reach.

    Raises
    ------
    EvidenceError
        If the study has no such quantity.
    ValueError
        If there is no quantity to draw, or there are more than 40.

    Notes
    -----
    Each panel has a scale of its own. The bar below its density reaches from the lowest to the
    highest number of the readings on it; there is none where no reading names the quantity.
    """
    shown = many(estimate.study) if ids is None else tuple(ids)
    if not 1 <= len(shown) <= MOST:
        raise ValueError(
            f"give between 1 and {MOST} quantities, not {len(shown)}: more cannot be read on a page"
        )
    across = min(4, len(shown))
    with style():
        axes = _grid(len(shown), across)
        for ax, id in zip(axes, shown, strict=True):
            _panel(ax, estimate, id, _NAMES[across])
        legend_below(axes[0], _handles())
    return axes


def many(study: Study) -> tuple[str, ...]:
    """Return the quantities for small panels: the headline, then all others that claims touch.

    Parameters
    ----------
    study
        The study.
    """
    touched = [q.id for q in study.quantities if status(study, q.id) != "assumed"]
    return tuple(dict.fromkeys((*study.headline, *touched)))[:MOST]


def _grid(number: int, across: int) -> tuple[Axes, ...]:
    down = -(-number // across)
    size = (WIDTH, _PANEL * down + _AROUND + (0.5 if down == 1 else 0.0))
    figure = plt.figure(figsize=size, layout="constrained")
    grid = figure.subplots(down, across, squeeze=False).ravel()
    for ax in grid[number:]:
        ax.set_visible(False)
    return tuple(grid[:number])


def _panel(ax: Axes, estimate: Estimate, id: str, width: int) -> None:
    """Draw one panel below its name and its interval."""
    scale = _wide_enough(scale_of(estimate, id), estimate.study, id)
    draws = estimate.draws_of(id).values
    shape = density_of(draws, scale)
    top = float(shape.height.max())
    for band, colour in zip(bands(draws, shape), (WIDE_BAND, NARROW_BAND), strict=True):
        ax.fill_between(band.at, band.height / top, color=colour, lw=0)
    ax.plot(shape.at, shape.height / top, "-", color=BLUE, lw=0.8)
    _claims(ax, estimate.study, id)
    count_axis(ax, scale.low, scale.high, scale.log, scale.suffix, most=3)
    ax.set_ylim(-0.3, 1.1)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.tick_params(labelsize=SMALLEST, length=2, pad=1.5)
    printed = printed_of(estimate, id)
    assumed = say(", assumed") if status(estimate.study, id) == "assumed" else ""
    name = plain(estimate.study.by_id[id].label)
    lines = [for_figure(line) for line in wrapped(name, width, most=2)]
    told = "\n".join([*lines, f"{printed.ends}{assumed}"])
    ax.set_title(told, fontsize=SMALLEST, fontweight="normal", linespacing=1.1, pad=2)


def _claims(ax: Axes, study: Study, id: str) -> None:
    """Draw from where to where the readings reach, as a bar below the density."""
    numbers = _numbers(study, id)
    if numbers:
        ends = [min(numbers), max(numbers)]
        ax.plot(ends, [-0.15] * 2, "-|", color=DARK_RED, lw=1.6, ms=5, mew=1.2)


def _numbers(study: Study, id: str) -> list[float]:
    return [n for claim in said_of(study, id).numbered for n in span(claim) if n > 0]


def _wide_enough(scale: Scale, study: Study, id: str) -> Scale:
    """Return an axis on which the readings can be seen too."""
    numbers = _numbers(study, id)
    if not numbers:
        return scale
    low, high = min(scale.low, 0.93 * min(numbers)), max(scale.high, 1.07 * max(numbers))
    high = min(high, 100.0) if scale.share else high
    log = not scale.share and (scale.log or high > 10.0 * low)
    return Scale(low, high, log and low > 0, scale.share)


def _handles() -> list[Line2D | Patch]:
    said: dict[str, Any] = {"color": DARK_RED, "lw": 1.6, "marker": "|", "ms": 6, "mew": 1.2}
    return [
        Patch(fc=NARROW_BAND, label="50%"),
        Patch(fc=WIDE_BAND, label=say("90% (printed above)")),
        Line2D([], [], label=say("lowest to highest reading"), **said),
    ]
