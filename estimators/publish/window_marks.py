"""What was said of single cells of time: windows at their count a cell, totals by their steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.dates import date2num

from estimators.evidence.claim import Claim
from estimators.evidence.series import Series
from estimators.publish.curve import Curve
from estimators.publish.said import span
from estimators.publish.time_marks import Look, draw_hedged
from estimators.publish.tracks import Track, cells_in, kind_over_time

type Place = tuple[float, float, float, float]
type Step = tuple[float, float, float]


def draw_windows(
    ax: Axes, tracks: Sequence[Track], series: Series, looks: Mapping[str, Look], size: float
) -> None:
    """Draw each window as long as it is, at its count a cell, with the marks of its wording.

    Parameters
    ----------
    ax
        The Axes, with dates on the horizontal axis.
    tracks
        What was said of windows.
    series
        The series with the cells.
    looks
        How the sources look.
    size
        Size of a marker in points.
    """
    for track in tracks:
        look = looks[track.name]
        by_kind: dict[str, list[Place]] = {}
        for claim in track.said:
            place = place_of(series, claim)
            ax.hlines(place[3], *_days(claim), color=look.colour, lw=0.35 * size, zorder=4)
            by_kind.setdefault(kind_over_time(claim), []).append(place)
        for kind, places in by_kind.items():
            draw_hedged(ax, kind, places, look, size)


def place_of(series: Series, claim: Claim) -> Place:
    """Return the middle day of a window, its lowest and highest count a cell, and one between.

    Parameters
    ----------
    series
        The series with the cells.
    claim
        A claim on a window.
    """
    cells = cells_in(series, claim)
    low, high = (number / cells for number in span(claim))
    between = (low * high) ** 0.5 if low > 0 else (low + high) / 2.0
    return sum(_days(claim)) / 2.0, low, high, between


def _days(claim: Claim) -> tuple[float, float]:
    """Return where a window begins and ends; a day ends where its date stands."""
    assert claim.since is not None
    return float(date2num(claim.since.start)) - 1.0, float(date2num(claim.speaks_for.end))


def steps(line: Sequence[Claim], curve: Curve) -> Iterator[Step]:
    """Yield what a running total grew by a cell, from the last printing in one cell to the next.

    Parameters
    ----------
    line
        The printings of one running total, in order of time.
    curve
        The estimate with the cells.
    """
    series = curve.series
    last = {series.at(claim.speaks_for.end)[0]: claim for claim in line}
    for before, after in pairwise(last.values()):
        first, end = (c.speaks_for.end for c in (before, after))
        (cell, part), (at, over) = series.at(first), series.at(end)
        grown = span(after)[0] - span(before)[0]
        if at < len(curve.days):
            yield float(date2num(first)), float(date2num(end)), grown / (at + over - cell - part)


def draw_steps(ax: Axes, tracks: Sequence[Track], curve: Curve, looks: Mapping[str, Look]) -> None:
    """Draw the growth of each running total as thin steps.

    Parameters
    ----------
    ax
        The Axes, with dates on the horizontal axis.
    tracks
        What was said in total.
    curve
        The estimate with the cells.
    looks
        How the sources look.
    """
    for track in tracks:
        for first, end, grown in (step for line in track.lines for step in steps(line, curve)):
            colour = looks[track.name].colour
            ax.hlines(grown, first, end, color=colour, lw=0.9, alpha=0.8, zorder=3)


def shown_in(totals: Sequence[Track], windows: Sequence[Track], curve: Curve) -> list[float]:
    """Return the numbers a cell that are drawn, for the ends of the axis.

    Parameters
    ----------
    totals, windows
        What was said.
    curve
        The estimate with the cells.
    """
    grown = [s[2] for track in totals for line in track.lines for s in steps(line, curve)]
    said = [n for t in windows for c in t.said for n in place_of(curve.series, c)[1:]]
    return [*grown, *said]
