"""Figures as wide as one column of two: their heading, how they are read, and a legend."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from estimators.publish.escaping import for_figure, plain, two_lines
from estimators.publish.style import TEXT, figure_of
from estimators.publish.widths import weight_of, wrapped

_TITLE, _TEXT = 40, 56  # characters that fit


def headed(ax: Axes, label: str, reading: str, own: bool) -> None:
    """Write what is drawn in bold above the Axes, and how it is read below that.

    Parameters
    ----------
    ax
        The Axes.
    label
        What is drawn, as a study says it.
    reading
        How it is read; each of its lines begins a new one.
    own
        Whether the figure was made for these Axes.
    """
    lines = [part for line in reading.split("\n") for part in wrapped(plain(line), _TEXT)]
    told = "\n".join(for_figure(line) for line in lines)
    title = two_lines(label, _TITLE)
    if own:
        weight = weight_of(title)
        figure_of(ax).suptitle(title, x=0.015, ha="left", fontsize=8.5, fontweight=weight)
        figure_of(ax).supxlabel(told, x=0.015, ha="left", fontsize=7, color=TEXT)
    else:
        ax.set_title(title)


def column_legend(ax: Axes, handles: Sequence[Line2D | Patch]) -> None:
    """Put a legend of one line between the Axes and the reading.

    Parameters
    ----------
    ax
        The Axes.
    handles
        What to explain.
    """
    ax.legend(
        handles=list(handles),
        loc="lower left",
        bbox_to_anchor=(-0.02, 1.0),
        ncols=len(handles),
        fontsize=6.5,
        handlelength=1.1,
        handletextpad=0.4,
        columnspacing=0.8,
        borderaxespad=0.1,
    )
