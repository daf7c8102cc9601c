"""Where settled counts fell in their posteriors: a histogram, and coverage by age."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from outcome_tables import resampled
from scipy import stats

from estimators.publish.style import BLUE, FAINT, MUTED, ORANGE, WIDTH, style

type Array = npt.NDArray[np.float64]

BINS, BAND = 10, 0.95
SHOWN = {50: ORANGE, 90: BLUE}  # levels and their colours
_HEIGHT = 2.9  # inches


def write_figure(to: Path, settled: pd.DataFrame, dated: pd.DataFrame, ages: list[str]) -> None:
    """Write the figure as an SVG of the same bytes each time.

    Parameters
    ----------
    to
        Where.
    settled
        Scores of the law, a row an estimate from all claims of an event.
    dated
        The same as of each date on which a claim was made, with its age.
    ages
        Their names in order.
    """
    with style():
        figure = Figure(figsize=(WIDTH, _HEIGHT), layout="constrained")
        left, right = figure.subplots(1, 2, width_ratios=(1.0, 1.35))
        draw_pit(left, settled["pit"].to_numpy())
        draw_ages(right, dated, [age for age in ages if (dated["age"] == age).any()])
        figure.savefig(to, metadata={"Date": None, "Creator": "undercount"})


def draw_pit(ax: Axes, pit: Array) -> None:
    """Draw how often settled counts fell into each tenth of their posteriors.

    Parameters
    ----------
    ax
        Where to.
    pit
        Probabilities, by the posteriors, of counts no larger than the settled ones.
    """
    found, edges = np.histogram(pit, bins=BINS, range=(0.0, 1.0))
    low, high = stats.binom.interval(BAND, len(pit), 1.0 / BINS)
    ax.axhspan(low, high, color=FAINT, alpha=0.5, lw=0, label=f"{100 * BAND:.0f} % if calibrated")
    ax.axhline(len(pit) / BINS, color=MUTED, lw=0.7)
    ax.bar(edges[:-1] + 0.5 / BINS, found, width=0.85 / BINS, color=BLUE)
    ax.set_xlim(0.0, 1.0)
    ax.set_ylim(0.0, 1.3 * max(float(found.max()), high))
    ax.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    ax.set_xlabel("probability below the settled count")
    ax.set_ylabel("quantities")
    ax.set_title(f"PIT of {len(pit)} quantities")
    ax.legend(loc="upper right")


def draw_ages(ax: Axes, dated: pd.DataFrame, ages: list[str]) -> None:
    """Draw the coverage of 50 and 90 % intervals by the age of the latest claim.

    Parameters
    ----------
    ax
        Where to.
    dated
        Scores, a row an estimate, with its age and cluster.
    ages
        Names of ages in order.
    """
    for side, (level, colour) in zip((-0.06, 0.06), SHOWN.items(), strict=True):
        ax.axhline(level / 100.0, color=colour, lw=0.7, ls="--")
        made = [
            resampled(dated[dated["age"] == age].set_index("cluster")[f"covers_{level}"])
            for age in ages
        ]
        middle, low, high = np.array(made).T
        bars = np.stack([middle - low, high - middle])
        ax.errorbar(
            np.arange(len(ages)) + side,
            middle,
            bars,
            fmt="o",
            ms=4,
            lw=1,
            color=colour,
            label=f"{level} %",
        )
    n = [int((dated["age"] == age).sum()) for age in ages]
    names = [f"{chr(10).join(age.rsplit(' ', 1))}\nn {k}" for age, k in zip(ages, n, strict=True)]
    ax.set_xticks(range(len(ages)), names)
    ax.set_xlim(-0.5, len(ages) - 0.5)
    ax.set_ylim(0.0, 1.02)
    ax.set_ylabel("share of intervals that cover")
    ax.set_title("Coverage by age of the estimate")
    ax.legend(loc="lower right", ncols=2, title="intervals; bars: 90 %, by clusters")
