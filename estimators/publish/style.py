"""How figures look: one set of settings, colours that all readers can tell apart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter, NullLocator

from estimators.publish.fonts import figure_families
from estimators.publish.languages import language
from estimators.publish.rounding import as_text
from estimators.publish.widths import weight_of

WIDTH = 170 / 25.4  # inches: a page's text, 170 mm
COLUMN = 85 / 25.4  # inches: one column of two
ROW = 0.36  # inches
SMALLEST = 6.5  # points of the smallest letters, at the size of print
_WIDE = 1e5  # numbers from which on fewer stand side by side on an axis
BLUE, ORANGE, GREEN, PURPLE = "#0072B2", "#E69F00", "#009E73", "#CC79A7"
RED, SKY, YELLOW, BLACK = "#D55E00", "#56B4E9", "#F0E442", "#000000"
DARK_RED = "#A33F00"  # the red of the palette, dark enough for letters
WIDE_BAND, NARROW_BAND = "#bcd9ec", "#5fa3d0"  # the blue of estimates, light and less light
PALETTE = (BLUE, RED, GREEN, PURPLE, ORANGE, SKY)  # Okabe and Ito, the legible ones
TEXT, MUTED, FAINT = "#1a1a1a", "#595959", "#c8c8c8"

SETTINGS: Any = {
    "axes.edgecolor": MUTED,
    "axes.grid": False,
    "axes.labelcolor": TEXT,
    "axes.labelsize": 8.5,
    "axes.linewidth": 0.7,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "figure.dpi": 110,
    "figure.facecolor": "white",
    "font.size": 8.5,
    "legend.fontsize": 8,
    "legend.frameon": False,
    "pdf.fonttype": 42,  # letters that can be searched, as printers ask for them
    "savefig.facecolor": "white",
    "svg.fonttype": "path",
    "svg.hashsalt": "undercount",
    "text.color": TEXT,
    "xtick.color": TEXT,
    "xtick.labelsize": 8.5,
    "ytick.color": TEXT,
    "ytick.labelsize": 8.5,
}


_ONE_CUT = ("ja", "ko", "zh")  # languages whose letters have no bold cut here


@contextmanager
def style() -> Iterator[None]:
    """Set how figures look, for the time of a `with` block only."""
    weight = {"axes.titleweight": "normal"} if language() in _ONE_CUT else {}
    with mpl.rc_context(SETTINGS | weight | {"font.family": figure_families()}):
        yield
        interactive = mpl.is_interactive()
    # The first figure of a notebook loads its backend, which turns this on; it has to stay on.
    mpl.interactive(interactive)


def new_axes(height: float, ax: Axes | None = None, width: float = WIDTH) -> Axes:
    """Return the given Axes, or new ones on a figure as wide as a page's text.

    Parameters
    ----------
    height
        Height of a new figure in inches.
    ax
        Axes to draw on; new ones if not given.
    width
        Width of a new figure in inches.
    """
    if ax is not None:
        return ax
    return plt.figure(figsize=(width, height), layout="constrained").add_subplot()


def figure_of(ax: Axes) -> Figure:
    """Return the figure that Axes stand on."""
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("these Axes stand on no figure")
    return figure


def entitle(ax: Axes, title: str, own: bool) -> None:
    """Give a figure of our own a title from its left edge on; the Axes of somebody else theirs.

    Parameters
    ----------
    ax
        The Axes.
    title
        The title, escaped for matplotlib.
    own
        Whether the figure was made for these Axes.
    """
    if own:
        weight = weight_of(title)
        figure_of(ax).suptitle(title, x=0.01, ha="left", fontsize=9.5, fontweight=weight)
    else:
        ax.set_title(title)


def count_axis(
    ax: Axes, low: float, high: float, log: bool, suffix: str = "", most: int = 0
) -> None:
    """Give the horizontal axis a scale, limits and few round ticks with separators.

    Parameters
    ----------
    ax
        The Axes.
    low, high
        What has to be seen.
    log
        Whether equal steps are equal ratios.
    suffix
        What stands behind each number.
    most
        How many ticks at most; as many as a page is wide for if not given.
    """
    if log:
        ax.set_xscale("log")
    ax.set_xlim(low, high)
    several = most or (7 if high < _WIDE else 5)
    ticks = round_ticks(low, high, several) if log else linear_ticks(low, high, most or 6)
    ax.xaxis.set_major_locator(FixedLocator(ticks))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda number, _: as_text(number) + suffix))


def vertical_axis(ax: Axes, low: float, high: float, log: bool, most: int = 6) -> None:
    """Give the vertical axis a scale, limits and few round ticks with separators.

    Parameters
    ----------
    ax
        The Axes.
    low, high
        What has to be seen.
    log
        Whether equal steps are equal ratios.
    most
        How many ticks at most.
    """
    ax.set_yscale("log" if log else "linear")
    ax.set_ylim(low, high)
    ticks = round_ticks(low, high, most) if log else linear_ticks(low, high, most)
    ax.set_yticks(ticks, [as_text(tick) for tick in ticks])
    ax.yaxis.set_minor_locator(NullLocator())


def round_ticks(low: float, high: float, most: int = 7) -> list[float]:
    """Return round numbers between two ends of a logarithmic axis."""
    for steps in ((1, 2, 5), (1, 3), (1,)):
        ticks = [s * 10.0**p for p in range(-4, 13) for s in steps if low <= s * 10.0**p <= high]
        if len(ticks) <= most:
            return ticks or [low, high]
    return ticks[:: -(-len(ticks) // most)]


def linear_ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Return round numbers between two ends of a linear axis."""
    for step in (s * 10.0**p for p in range(-3, 12) for s in (1, 2, 5)):
        first = int(-(-low // step))
        last = int(high // step)
        if last - first < most:
            return [number * step for number in range(first, last + 1)]
    return [low, high]


def limits(numbers: list[float], log: bool, room: float = 0.06) -> tuple[float, float]:
    """Return ends of an axis that leave a margin around numbers."""
    low, high = min(numbers), max(numbers)
    if log:
        factor = max((high / low) ** room, 1.12)
        return low / factor, high * factor
    margin = room * (high - low or high or 1.0)
    return max(0.0, low - margin), high + margin


def needs_log(numbers: list[float]) -> bool:
    """Return whether numbers spread so far that only ratios can be read."""
    return min(numbers) > 0 and max(numbers) / min(numbers) > 4.0
