"""What each family of models makes of the same lists: interval below interval, on one axis."""

from __future__ import annotations

from textwrap import wrap

import pandas as pd
from matplotlib.axes import Axes

from estimators.inference.lists.compare import Comparison
from estimators.publish.catalogue import retold, say
from estimators.publish.rounding import as_text
from estimators.publish.style import (
    BLUE,
    DARK_RED,
    FAINT,
    MUTED,
    count_axis,
    entitle,
    limits,
    needs_log,
    new_axes,
    style,
)

_ROW = 0.34  # inches
_LETTERS = 34  # of a family's name on a line
_AVERAGE = "average"


def plot_families(made: Comparison, ax: Axes | None = None) -> Axes:
    """Return Axes with the 90 % interval of each family of models on the same lists.

    Parameters
    ----------
    made
        From `compare_lists`.
    ax
        Axes to draw on; new ones if not given.

    Notes
    -----
    The dashed line is how many stand on the lists. An open mark may not be printed by itself: its
    chains do not agree, or the lists do not bound it.
    """
    shown, n = made.table.dropna(subset=["median"]), made.captures.first.n
    with style():
        own, ax = ax is None, new_axes(0.9 + _ROW * len(shown), ax)
        entitle(ax, say("How many there are, by what is assumed of those on no list"), own)
        _axis(ax, shown, n)
        for place, (family, row) in enumerate(shown.iterrows()):
            _interval(ax, place, row, str(family) == _AVERAGE)
        names = ["\n".join(wrap(_name(made, str(family)), _LETTERS)) for family in shown.index]
        ax.set_yticks(range(len(shown)), names)
        ax.tick_params(axis="y", length=0, labelsize=7.5)
        ax.set_ylim(len(shown) - 0.4, -0.6)
        ax.axvline(n, color=MUTED, lw=1.0, ls=(0, (3, 2)), zorder=1)
        ax.set_xlabel(say("people; dashed: the {n} on the lists", n=as_text(n)))
    return ax


def _name(made: Comparison, family: str) -> str:
    if family != _AVERAGE:
        return retold(family)
    return say("even average of {number} families", number=len(made.over))


def _axis(ax: Axes, shown: pd.DataFrame, n: int) -> None:
    ends = [float(n), *shown["median"], *shown["high"].dropna(), *shown["low"].dropna()]
    is_log = needs_log(ends)
    low, high = limits(ends, is_log, 0.1)
    count_axis(ax, low, high, is_log)
    ax.grid(axis="x", color=FAINT, lw=0.5)
    ax.set_axisbelow(True)


def _interval(ax: Axes, place: int, row: pd.Series, is_average: bool) -> None:
    """Draw one family: a line from low to high, and its median with the number beside it."""
    colour = DARK_RED if is_average else BLUE
    ax.plot([row["low"], row["high"]], [place, place], color=colour, lw=3.2, zorder=3)
    fill = "white" if row["fault"] else colour
    ax.plot(row["median"], place, "o", ms=6, mfc=fill, mec=colour, mew=1.4, zorder=4)
    ax.annotate(
        as_text(float(f"{row['median']:.2g}")),
        (row["median"], place),
        xytext=(0, 5.5),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=7,
        zorder=5,
        bbox={"fc": "white", "ec": "none", "pad": 0.4, "alpha": 0.85},
    )
