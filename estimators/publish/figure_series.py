"""A quantity over time with everything that was said of it."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator
from matplotlib.transforms import ScaledTranslation

from estimators.evidence.when import When
from estimators.inference.estimate import Estimate
from estimators.publish.catalogue import say
from estimators.publish.curve import Curve
from estimators.publish.date_axis import date_formatter
from estimators.publish.escaping import for_figure, plain, shortened
from estimators.publish.rounding import Printed
from estimators.publish.said import spoken
from estimators.publish.scene import Scene, notes, scene
from estimators.publish.style import (
    BLUE,
    MUTED,
    WIDTH,
    figure_of,
    limits,
    new_axes,
    style,
    vertical_axis,
)
from estimators.publish.time_legend import columns_in, handles_of_scene, inches_of, legend_under
from estimators.publish.time_marks import (
    draw_track,
    draw_unused,
    middle,
    size_for,
)
from estimators.publish.units import axis_label
from estimators.publish.widths import weight_of, width_of, wrapped
from estimators.publish.window_marks import draw_steps, draw_windows

_HEIGHT = 2.9  # inches of the Axes with their titles
_LINE = 0.19  # inches, of the legend
_LETTER = 0.066  # inches, of small print


def plot_series(estimate: Estimate, id: str, *, new: bool = False, ax: Axes | None = None) -> Axes:
    """Return Axes with a quantity over time: the estimate, and every claim on the day it speaks of.

    Parameters
    ----------
    estimate
        The estimate.
    id
        A quantity that runs over time.
    new
        Draw what came in each cell of time (not of a stock), not the count so far.
    ax
        Axes to draw on; new ones, as high as the legend needs, if not given.

    Raises
    ------
    ValueError
        If the quantity does not run over time, or `new` is asked of a stock.

    Notes
    -----
    Bands hold 50% and 90%. A source has a marker and a colour; arrows are bounds, bars are ranges,
    and a running total is a line with few of its printings marked. Claims that are kept without
    being used are hollow and grey. With `new`, windows are as long as they are and as high as
    their count a cell, and running totals are drawn by what they grew.
    """
    made = scene(estimate, id, new)
    handles = handles_of_scene(made)
    with style():
        rows = -(-len(handles) // columns_in(WIDTH))
        own, ax = ax is None, new_axes(_HEIGHT + _LINE * rows, ax)
        left = draw_scene(ax, made, made.log)
        _entitle(ax, made, own)
        ax.set_ylabel(_label(made))
        _note(ax, notes(made, left))
        legend_under(ax, handles, own)
    return ax


def draw_scene(ax: Axes, made: Scene, log: bool, ticks: int = 6, scale: float = 1.0) -> int:
    """Draw the estimate and the claims, and return how many unused claims lie outside.

    Parameters
    ----------
    ax
        The Axes.
    made
        What to draw.
    log
        Whether equal steps are equal ratios.
    ticks
        How many ticks the vertical axis has at most.
    scale
        Factor on the size of markers.
    """
    made.curve.draw(ax, log)
    low, high = _limits(made, log)
    size = scale * size_for(sum(len(t.marked) for t in made.tracks))
    if made.curve.new:
        draw_steps(ax, made.heard.totals, made.curve, made.looks)
        draw_windows(ax, made.heard.windows, made.curve.series, made.looks, size)
        unused: list[float] = []
    else:
        inside = [c for c in made.heard.unused if low <= middle(c) <= high]
        draw_unused(ax, inside, 0.9 * size)
        for track in made.heard.totals:
            draw_track(ax, track, made.looks[track.name], size)
        unused = [middle(c) for c in made.heard.unused]
    vertical_axis(ax, low, high, log, ticks)
    time_axis(ax, made.curve)
    return sum(not low <= number <= high for number in unused)


def _limits(made: Scene, log: bool) -> tuple[float, float]:
    """Return the ends of the vertical axis, with room for arrows."""
    shown = [n for n in (*made.claims, *made.curve.shown) if n > 0 or not log]
    low, high = limits(shown or [1.0], log, room=0.08)
    if "floor" not in made.kinds:
        return (low, high) if log else (0.0, high)
    return (low, high * (high / low) ** 0.06) if log else (0.0, 1.08 * high)


def time_axis(ax: Axes, curve: Curve, most: int = 7) -> None:
    """Give the horizontal axis the days of a series.

    Parameters
    ----------
    ax
        The Axes.
    curve
        What is drawn.
    most
        How many ticks at most.
    """
    first, last = curve.edges[0], curve.edges[-1]
    room = 0.025 * (last - first)
    ax.set_xlim(first - room, last + room)
    locator = AutoDateLocator(minticks=min(3, most), maxticks=most)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(date_formatter(locator))


def _label(made: Scene) -> str:
    what = {
        "new": say("in each {step}", step=made.step),
        "stock": say("on the day"),
        "flow": say("so far"),
    }[made.curve.kind]
    return axis_label(made.study.unit_of(made.id), made.log, what)


def _entitle(ax: Axes, made: Scene, own: bool) -> None:
    """Write the quantity above the Axes, and below it the estimate at the end."""
    inches = inches_of(ax) + (0.8 if own else 0.0)
    name = shortened(plain(made.study.by_id[made.id].label), int(2 * inches / 0.09))
    title = "\n".join(wrapped(for_figure(name), int(inches / 0.082)))
    fits = (text for text in _last(made) if width_of(text) < inches / _LETTER)
    last = for_figure(next(fits, _last(made)[-1]))
    if own:
        weight = weight_of(title)
        figure_of(ax).suptitle(title, x=0.01, ha="left", fontsize=9.5, fontweight=weight)
        ax.set_title(last, fontsize=8, fontweight="normal", color=BLUE)
    else:
        ax.set_title(title, pad=15)
        up = ScaledTranslation(0.0, 4 / 72, figure_of(ax).dpi_scale_trans)
        ax.text(0.0, 1.0, last, transform=ax.transAxes + up, fontsize=7.5, color=BLUE)


def _last(made: Scene) -> tuple[str, str, str]:
    """Return the estimate at the end in words, the longest first."""
    day = made.curve.days[-1]
    printed = Printed.of(made.curve.last)
    when = spoken(When(day, day))
    lead = {
        "new": say("{step} to {when}", step=made.step, when=when),
        "stock": say("on {when}", when=when),
        "flow": say("by {when}", when=when),
    }
    short = f"{lead[made.curve.kind]}: {printed.ends}"
    return (
        say("{short} (90%), median {middle}", short=short, middle=printed.middle),
        f"{short} (90%)",
        short,
    )


def _note(ax: Axes, text: str) -> None:
    if text:
        lines = wrapped(text, max(24, int(inches_of(ax) / 0.055)))
        ax.set_xlabel("\n".join(lines), fontsize=7, color=MUTED, loc="left")
