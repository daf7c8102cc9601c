"""The legend below a picture of time: the estimate, the sources and the wordings."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.legend_handler import HandlerTuple
from matplotlib.transforms import ScaledTranslation

from estimators.publish.catalogue import say
from estimators.publish.escaping import for_figure, shortened
from estimators.publish.scene import Scene
from estimators.publish.style import WIDTH, figure_of
from estimators.publish.time_marks import Handles, hedge_handles, source_handles, unused_handle

_ENTRY = 2.0  # inches that an entry takes
_GAP = 0.05  # inches between the axis and the legend
_NARROW, _LEFT = 3.7, 0.4  # inches: a column of a journal, and what stands left of its Axes


def handles_of_scene(made: Scene) -> Handles:
    """Return the entries of the legend: the estimate, the sources and the wordings.

    Parameters
    ----------
    made
        What is drawn.
    """
    found: Handles = {say("estimate, 50% and 90%"): made.curve.handles()}
    found |= source_handles(made.tracks, made.looks)
    found |= hedge_handles(made.kinds)
    if made.heard.unused and not made.curve.new:
        found |= unused_handle()
    return found


def inches_of(ax: Axes) -> float:
    """Return how wide Axes are, in inches.

    Parameters
    ----------
    ax
        The Axes.
    """
    return float(ax.get_position().width * figure_of(ax).get_figwidth())


def columns_in(inches: float) -> int:
    """Return how many entries of a legend stand side by side.

    Parameters
    ----------
    inches
        How wide it may be.
    """
    return max(1, int(inches / (_ENTRY if inches > _NARROW else 0.4 * _NARROW)))


def legend_under(ax: Axes, handles: Handles, own: bool) -> None:
    """Put a legend below the figure, or below the Axes of somebody else.

    Parameters
    ----------
    ax
        The Axes.
    handles
        What stands for which name.
    own
        Whether the figure was made for these Axes.
    """
    inches = WIDTH if own else inches_of(ax) + _LEFT
    narrow = inches <= _NARROW
    names = [for_figure(shortened(name, 24 if narrow else 30)) for name in handles]
    given: dict[str, Any] = {
        "handles": list(handles.values()),
        "labels": names,
        "ncols": columns_in(inches),
        "handler_map": {tuple: HandlerTuple(ndivide=1, pad=0.0)},
        "handlelength": 1.6,
        "columnspacing": 1.2,
        "fontsize": 6.5 if narrow else 8,
    }
    if own:
        figure_of(ax).legend(loc="outside lower left", **given)
        return
    figure = figure_of(ax)
    axis = ax.xaxis.get_tightbbox()
    below = ax.get_window_extent().y0 - axis.y0 if axis else 0.0
    down = ScaledTranslation(-_LEFT, -below / figure.dpi - _GAP, figure.dpi_scale_trans)
    box = {"bbox_to_anchor": (0.0, 0.0), "bbox_transform": ax.transAxes + down}
    ax.legend(loc="upper left", borderaxespad=0.0, **box, **given)
