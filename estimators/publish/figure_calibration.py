"""Ranks of simulated truths among the draws of their fits: flat where fits are calibrated."""

from __future__ import annotations

from textwrap import shorten

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator
from scipy import stats

from estimators.inference.calibration import Calibration, bins_of
from estimators.inference.planted import BINS
from estimators.publish.catalogue import say
from estimators.publish.escaping import for_figure
from estimators.publish.style import BLUE, FAINT, MUTED, RED, WIDTH, style

MOST = 12
BAND = 0.99
_COLUMNS = 3
_HEIGHT = 1.25  # inches a row of small figures
_NAME = 32


def plot_ranks(calibration: Calibration, *, most: int = MOST) -> Figure:
    """Return a figure with one histogram of ranks a parameter, the least uniform first.

    The grey band holds 99 % of the counts of one bin where ranks are uniform; bins outside it are
    red. A slope means fits that lie to one side of the truth, a hollow fits that are too narrow,
    a hill fits that are too wide.

    Parameters
    ----------
    calibration
        The ranks.
    most
        How many parameters at most; the most uniform are left out and counted.

    Raises
    ------
    ValueError
        If no fit was made.
    """
    if not len(calibration.ranks):
        raise ValueError("all fits failed; there are no ranks to plot")
    table = calibration.table.head(min(most, MOST))
    n_rows = -(-len(table) // _COLUMNS)
    with style():
        figure = plt.figure(figsize=(WIDTH, 0.9 + _HEIGHT * n_rows), layout="constrained")
        grid = figure.subplots(n_rows, _COLUMNS, squeeze=False, sharex=True, sharey=True)
        for ax in grid.flat[len(table) :]:
            ax.set_axis_off()
        for ax, (_, row) in zip(grid.flat, table.iterrows(), strict=False):
            _draw_ranks(ax, calibration, str(row["name"]), float(row["p_holm"]))
        figure.suptitle(_title(calibration), x=0.01, ha="left", fontsize=9.5, fontweight="bold")
        left = len(calibration.kinds) - len(table)
        more = say("; {left} more parameters are more uniform", left=left) if left else ""
        figure.supxlabel(
            say(
                "rank of the truth (band: {band} of uniform counts{more})",
                band=f"{BAND:.0%}",
                more=more,
            ),
            fontsize=8.5,
        )
    return figure


def _title(calibration: Calibration) -> str:
    verdict = say("calibrated") if calibration.passed else say("not calibrated")
    name = for_figure(shorten(calibration.name, 40, placeholder="…"))
    return say(
        "{name}: {verdict}, {ranks} fits, {kinds} parameters",
        name=name,
        verdict=verdict,
        ranks=len(calibration.ranks),
        kinds=len(calibration.kinds),
    )


def _draw_ranks(ax: Axes, calibration: Calibration, name: str, p: float) -> None:
    """Draw the ranks of one parameter, with the band of uniform ones."""
    found = bins_of(calibration.ranks[name].to_numpy(), calibration.n_draws)
    low, high = stats.binom.interval(BAND, len(calibration.ranks), 1.0 / BINS)
    middles = np.arange(BINS) + 0.5
    ax.axhspan(low, high, color=FAINT, alpha=0.5, lw=0)
    ax.axhline(len(calibration.ranks) / BINS, color=MUTED, lw=0.7)
    outside = (found < low) | (found > high)
    ax.bar(middles, found, width=0.85, color=np.where(outside, RED, BLUE))
    ax.set_title(
        for_figure(shorten(name, _NAME, placeholder="…")), fontsize=7.5, fontweight="normal"
    )
    ax.text(0.98, 0.95, f"p = {p:.2g}", transform=ax.transAxes, ha="right", va="top", fontsize=7)
    ax.set_xlim(0, BINS)
    ax.xaxis.set_major_locator(FixedLocator([0, BINS / 2, BINS]))
    ax.set_xticks([0, BINS / 2, BINS], ["0", "½", "1"])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_locator(MaxNLocator(3, integer=True))
    ax.set_ylim(0, max(float(found.max()), high) * 1.4)
