"""A quantity over time with everything that was said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.transforms import ScaledTranslation

from estimators.evidence.study import Study
from estimators.evidence.when import When
from estimators.inference.estimate import Estimate
from estimators.publish.curve import Curve, curve_of
from estimators.publish.escaping import for_figure, plain, shortened
from estimators.publish.marks import legend_below
from estimators.publish.rounding import Printed
from estimators.publish.said import counted, span, spoken
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
from estimators.publish.time_marks import (
    Look,
    draw_track,
    draw_unused,
    hedge_handles,
    looks_of,
    middle,
    size_for,
    source_handles,
)
from estimators.publish.tracks import Heard, Track, heard, kind_over_time, voices_of
from estimators.publish.units import unit_of
from estimators.publish.window_marks import draw_steps, draw_windows, shown_in

LOG = 30.0  # a spread from which on only ratios can be read
STEP_NAMES = {"day": "day", "week": "week", "month": "month", "dates": "step of time"}
_HEIGHT = 2.9  # inches of the Axes with their titles
_ENTRY, _LINE = 2.0, 0.19  # inches that a legend's entry takes, and a line of it
_LETTER = 0.066  # inches, of small print


@dataclass(frozen=True)
class Scene:
    """What one picture shows: the estimate's curve, what was said, and how sources look."""

    study: Study
    id: str
    curve: Curve
    heard: Heard
    looks: dict[str, Look]

    @property
    def tracks(self) -> tuple[Track, ...]:
        """Return the tracks that are drawn."""
        if not self.curve.new:
            return self.heard.totals
        lines = (t for t in self.heard.totals if t.lines)
        return (*self.heard.windows, *(Track(t.name, (), t.lines) for t in lines))

    @property
    def claims(self) -> list[float]:
        """Return the numbers of all readings that are drawn."""
        if self.curve.new:
            return shown_in(self.heard.totals, self.heard.windows, self.curve.series)
        return [n for track in self.heard.totals for c in track.said for n in span(c)]

    @property
    def log(self) -> bool:
        """Return whether what is shown spreads so far that only ratios can be read."""
        shown = [n for n in (*self.claims, *self.curve.shown) if n > 0]
        return bool(shown) and max(shown) / min(shown) > LOG

    @property
    def step(self) -> str:
        """Return the name of one cell of time."""
        return STEP_NAMES[self.curve.series.step]


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
        columns = _columns(ax)
        rows = -(-len(handles) // columns)
        own, ax = ax is None, new_axes(_HEIGHT + _LINE * rows, ax)
        left = draw_scene(ax, made, made.log)
        _entitle(ax, made, own)
        ax.set_ylabel(_label(made))
        _note(ax, notes(made, left))
        _legend(ax, handles, columns, own)
    return ax


def scene(estimate: Estimate, id: str, new: bool = False) -> Scene:
    """Return what a picture of a quantity over time shows.

    Parameters
    ----------
    estimate
        The estimate.
    id
        The quantity.
    new
        Whether it shows what came in each cell of time.
    """
    study = estimate.study
    curve, said = curve_of(estimate, id, new), heard(study, id)
    names = dict.fromkeys(t.name for t in (*said.totals, *said.windows))
    everywhere = voices_of(study)
    shared = set(names) <= set(everywhere)
    return Scene(study, id, curve, said, looks_of(everywhere if shared else names))


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
    made.curve.draw(ax)
    low, high = _limits(made, log)
    size = scale * size_for(sum(len(t.marked) for t in made.tracks))
    if made.curve.new:
        draw_steps(ax, made.heard.totals, made.curve.series, made.looks)
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
    return (low, high) if log else (0.0, high)


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
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))


def _label(made: Scene) -> str:
    unit = unit_of(made.study, made.id)
    what = {"new": f"in each {made.step}", "stock": "on the day", "flow": "so far"}[made.curve.kind]
    return f"{unit} {what}{', logarithmic' if made.log else ''}"


def _entitle(ax: Axes, made: Scene, own: bool) -> None:
    """Write the quantity above the Axes, and below it the estimate at the end."""
    inches = _inches(ax) + (0.8 if own else 0.0)
    name = shortened(plain(made.study.by_id[made.id].label), int(2 * inches / 0.09))
    title = fill(for_figure(name), int(inches / 0.082))
    last = for_figure(shortened(_last(made), int(inches / _LETTER)))
    if own:
        figure_of(ax).suptitle(title, x=0.01, ha="left", fontsize=9.5, fontweight="bold")
        ax.set_title(last, fontsize=8, fontweight="normal", color=BLUE)
    else:
        ax.set_title(title, pad=15)
        up = ScaledTranslation(0.0, 4 / 72, figure_of(ax).dpi_scale_trans)
        ax.text(0.0, 1.0, last, transform=ax.transAxes + up, fontsize=7.5, color=BLUE)


def _last(made: Scene) -> str:
    """Return the estimate at the end in words."""
    day = made.curve.days[-1]
    printed = Printed.of(made.curve.last)
    when = spoken(When(day, day))
    lead = {"new": f"last {made.step}, to {when}", "stock": f"on {when}", "flow": f"by {when}"}
    return f"{lead[made.curve.kind]}: {printed.ends} (90%), median {printed.middle}"


def notes(made: Scene, left: int) -> str:
    """Return what a picture leaves out, in words.

    Parameters
    ----------
    made
        What it shows.
    left
        How many unused claims lie outside.
    """
    told = []
    windows = sum(len(t.said) for t in made.heard.windows)
    if made.curve.new:
        totals = sum(len(t.points) for t in made.heard.totals)
        if totals:
            told.append(f"{counted(totals, 'reading')} of the count so far not drawn here.")
    elif windows:
        told.append(f"{counted(windows, 'reading')} of single windows not drawn here.")
    if left:
        told.append(f"{counted(left, 'claim')} not used outside the picture.")
    if made.heard.left:
        told.append(f"{counted(made.heard.left, 'reading')} without a number not drawn.")
    return " ".join(told)


def _note(ax: Axes, text: str) -> None:
    if text:
        wrapped = fill(text, max(24, int(_inches(ax) / 0.055)))
        ax.set_xlabel(wrapped, fontsize=7, color=MUTED, loc="left")


def handles_of_scene(made: Scene) -> list[Line2D | Patch]:
    """Return the entries of the legend: the estimate, the sources and the wordings.

    Parameters
    ----------
    made
        What is drawn.
    """
    kinds = {kind_over_time(c) for t in made.tracks for c in t.marked}
    if made.curve.new:
        kinds = {kind_over_time(c) for t in made.heard.windows for c in t.said}
    found: list[Line2D | Patch] = [*made.curve.handles()]
    found += source_handles(made.tracks, made.looks)
    found += hedge_handles(kinds)
    if made.heard.unused and not made.curve.new:
        look = {"ls": "none", "marker": "o", "mfc": "none", "color": MUTED, "ms": 4.5}
        found.append(Line2D([], [], label="kept, not used", **look))  # type: ignore[arg-type]
    return found


def _inches(ax: Axes) -> float:
    """Return how wide Axes are, in inches."""
    return float(ax.get_position().width * figure_of(ax).get_figwidth())


def _columns(ax: Axes | None) -> int:
    return max(1, int((WIDTH if ax is None else _inches(ax) + 0.4) / _ENTRY))


def _legend(ax: Axes, handles: Sequence[Line2D | Patch], columns: int, own: bool) -> None:
    """Put the legend below the figure, or below the Axes of somebody else."""
    if own:
        legend_below(ax, handles, columns)
        return
    lines = ax.get_xlabel().count("\n") + bool(ax.get_xlabel())
    down = ScaledTranslation(-0.4, -(26 + 10 * lines) / 72, figure_of(ax).dpi_scale_trans)
    ax.legend(
        handles=list(handles),
        loc="upper left",
        bbox_to_anchor=(0.0, 0.0),
        bbox_transform=ax.transAxes + down,
        borderaxespad=0.0,
        ncols=columns,
        handlelength=1.6,
        columnspacing=1.2,
    )
