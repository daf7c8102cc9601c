"""What is believed of one quantity: its density with 50% and 90% bands, and its prior."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from estimators.inference.estimate import Estimate
from estimators.inference.prior import Prior
from estimators.inference.prior import prior as prior_of
from estimators.publish.catalogue import say
from estimators.publish.column import column_legend, headed
from estimators.publish.density_curve import Scale, bands, density_of, scale_of
from estimators.publish.plain_words import between, caution
from estimators.publish.style import (
    BLUE,
    COLUMN,
    MUTED,
    NARROW_BAND,
    TEXT,
    WIDE_BAND,
    count_axis,
    new_axes,
    style,
)
from estimators.publish.units import axis_label

_HEIGHT = 2.5  # inches


def plot_density(
    estimate: Estimate, id: str, prior: Prior | None = None, ax: Axes | None = None
) -> Axes:
    """Return Axes with the density of a quantity, its 50% and 90% bands, and its prior.

    Parameters
    ----------
    estimate
        The estimate.
    id
        The quantity.
    prior
        Draws before any claim, for the dashed line; drawn anew if not given.
    ax
        Axes to draw on; new ones, as wide as one column, if not given.

    Notes
    -----
    Above the picture stands how it is read in words. On a logarithmic axis the density is that of
    the logarithm, so that areas stay chances.
    """
    recipe = estimate.recipe
    if prior is None:
        prior = prior_of(recipe.study, seed=recipe.seed, assumptions=recipe.assumptions)
    scale = scale_of(estimate, id, prior)
    with style():
        own, ax = ax is None, new_axes(_HEIGHT, ax, COLUMN)
        headed(ax, estimate.study.by_id[id].label, density_reading(estimate, id), own)
        count_axis(ax, scale.low, scale.high, scale.log, scale.suffix, most=4)
        _draw(ax, estimate, prior, id, scale)
        ax.set_xlabel(axis_label(estimate.study.unit_of(id), scale.log))
        column_legend(ax, _handles())
    return ax


def density_reading(estimate: Estimate, id: str) -> str:
    """Return in words how the bands of a density are read.

    Parameters
    ----------
    estimate
        The estimate.
    id
        The quantity.
    """
    wide, narrow = between(estimate, id), between(estimate, id, 0.5)
    return f"{caution(estimate, id)}\n{wide[:1].upper()}{wide[1:]};\n{narrow}."


def _draw(ax: Axes, estimate: Estimate, prior: Prior, id: str, scale: Scale) -> None:
    """Draw the bands, the outline, the median and the prior."""
    draws = estimate.draws_of(id).values
    shape = density_of(draws, scale)
    for band, colour in zip(bands(draws, shape), (WIDE_BAND, NARROW_BAND), strict=True):
        ax.fill_between(band.at, band.height, color=colour, lw=0, zorder=1)
    ax.plot(shape.at, shape.height, "-", color=BLUE, lw=1.3, zorder=3)
    median = estimate.interval(id)[1]
    ax.vlines(median, 0, shape.within(median, median).height[0], color=TEXT, lw=1.0, zorder=2)
    before = density_of(prior.draws_of(id).values, scale)
    ax.plot(before.at, before.height, "--", color=MUTED, lw=0.9, zorder=2)
    ax.set_ylim(0, 1.06 * shape.height.max())
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)


def _handles() -> list[Line2D | Patch]:
    return [
        Patch(fc=NARROW_BAND, label="50%"),
        Patch(fc=WIDE_BAND, label="90%"),
        Line2D([], [], color=TEXT, lw=1.0, label=say("median")),
        Line2D([], [], color=MUTED, lw=0.9, ls="--", label=say("before any claim")),
    ]
