"""What is drawn along an axis of time: claims in the shape of their wording, marked by source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.path import Path

from estimators.evidence.claim import Claim
from estimators.publish.catalogue import marked, retold, say
from estimators.publish.said import span
from estimators.publish.style import BLACK, GREEN, MUTED, ORANGE, PURPLE, RED, SKY
from estimators.publish.tracks import Track, kind_over_time

ARROW_UP = Path(
    [(0, 0), (0, 1), (-0.26, 0.62), (0, 1), (0.26, 0.62)],
    [Path.MOVETO, Path.LINETO, Path.MOVETO, Path.LINETO, Path.LINETO],
)
ARROW_DOWN = Path(np.multiply(ARROW_UP.vertices, (1, -1)), ARROW_UP.codes)
MARKERS = "os^DPX*v"  # each source has a shape of its own, so that grey tells them apart too
_COLOURS = (RED, GREEN, BLACK, PURPLE, ORANGE, SKY)
_SIZES = ((30, 5.0), (60, 4.5), (120, 4.0), (250, 3.2))  # up to so many markers, so many points
_LEAST = 2.4
_LARGER = {"*": 1.45, "^": 1.12, "v": 1.12, "D": 0.88, "P": 1.1, "X": 1.1}

_HEDGES = {
    "hedged": marked("“about”"),
    "floor": marked("“at least”, or verified"),
    "ceiling": marked("“up to”"),
    "range": marked("a range"),
    "word": marked("a word’s meaning"),
}
type Handles = dict[str, Line2D | tuple[Patch | Line2D, ...]]

_CROWD = 60  # markers from which on bars and arrows step back


@dataclass(frozen=True)
class Look:
    """How the claims of one source look."""

    marker: str
    colour: str

    def size(self, points: float) -> float:
        """Return the size at which all markers look equally large."""
        return points * _LARGER.get(self.marker, 1.0)


def looks_of(names: Iterable[str]) -> dict[str, Look]:
    """Return a look for each source: no two have the same marker.

    Parameters
    ----------
    names
        The sources, at most as many as there are markers.
    """
    pairs = zip(MARKERS, cycle(_COLOURS), strict=False)
    return dict(zip(names, (Look(*pair) for pair in pairs), strict=False))


def size_for(number: int) -> float:
    """Return the size of a marker in points where so many are drawn."""
    return next((size for most, size in _SIZES if number <= most), _LEAST)


def draw_track(ax: Axes, track: Track, look: Look, points: float) -> None:
    """Draw what one source said: running totals as lines, the rest by its hedges.

    Parameters
    ----------
    ax
        The Axes, with dates on the horizontal axis.
    track
        What it said.
    look
        How it looks.
    points
        Size of a marker.
    """
    for line in track.lines:
        days, numbers = [_day(c) for c in line], [middle(c) for c in line]
        ax.plot(days, numbers, "-", color=look.colour, lw=0.9, zorder=4)
    by_kind: dict[str, list[Claim]] = {}
    for claim in track.marked:
        by_kind.setdefault(kind_over_time(claim), []).append(claim)
    for kind, claims in by_kind.items():
        places = [(_day(c), *span(c), middle(c)) for c in claims]
        draw_hedged(ax, kind, places, look, points)


def draw_hedged(
    ax: Axes,
    kind: str,
    places: Sequence[tuple[float, float, float, float]],
    look: Look,
    size: float,
) -> None:
    """Draw readings of one kind of wording: points, arrows for bounds, bars for ranges.

    Parameters
    ----------
    ax
        The Axes.
    kind
        The kind of wording.
    places
        Of each reading its day, its lowest and highest number, and the one between.
    look
        How its source looks.
    size
        Size of a marker.
    """
    days, lows, highs, middles = (list(column) for column in zip(*places, strict=True))
    behind: Any = {"color": look.colour, "zorder": 4}
    behind["alpha"] = 1.0 if size > size_for(_CROWD) else 0.6
    if kind in ("range", "word"):
        dashes: Any = "-" if kind == "range" else (0, (2, 1.5))
        ax.vlines(days, lows, highs, lw=0.25 * size, ls=dashes, **behind)
        caps: Any = {"ls": "none", "marker": "_", "ms": 1.3 * size, "mew": 0.2 * size}
        ax.plot(days + days, lows + highs, **caps, **behind)
    if kind in ("floor", "ceiling"):
        arrow = ARROW_UP if kind == "floor" else ARROW_DOWN
        shaft: Any = {"ls": "none", "ms": 3.6 * size + 5.0, "mew": 0.18 * size, "fillstyle": "none"}
        ax.plot(days, middles, marker=arrow, **shaft, **behind)
    ax.plot(days, middles, **_marker(kind, look, size), zorder=5)


def _marker(kind: str, look: Look, size: float) -> dict[str, Any]:
    """Return a marker: full for a number or bound, half for 'about', open on a bar."""
    found = {"ls": "none", "marker": look.marker, "color": look.colour, "ms": look.size(size)}
    found |= {"mew": 0.8, "mec": look.colour}
    if kind == "hedged":
        return found | {"fillstyle": "bottom", "mfcalt": "white"}
    return found | {"mfc": "white" if kind in ("range", "word") else look.colour}


def middle(claim: Claim) -> float:
    """Return the number at which a claim's marker stands: between the ends on a scale of ratios."""
    low, high = span(claim)
    return (low * high) ** 0.5 if low > 0 else (low + high) / 2.0


def _day(claim: Claim) -> float:
    return float(date2num(claim.speaks_for.end))


def draw_unused(ax: Axes, claims: Sequence[Claim], size: float) -> None:
    """Draw claims that are kept without being used as hollow grey circles.

    Parameters
    ----------
    ax
        The Axes.
    claims
        The claims.
    size
        Size of a marker.
    """
    if claims:
        look: Any = {"ls": "none", "marker": "o", "mfc": "none", "mec": MUTED, "mew": 0.7}
        look["ms"] = size
        ax.plot([_day(c) for c in claims], [middle(c) for c in claims], **look, zorder=3)


def _centred(arrow: Path, up: float) -> Path:
    """Return an arrow that stands in the middle of its place in a legend."""
    return Path(np.add(arrow.vertices, (0.0, up)), arrow.codes)


def source_handles(tracks: Sequence[Track], looks: Mapping[str, Look]) -> Handles:
    """Return the legend's entries for sources, with a line where one has a running total.

    Parameters
    ----------
    tracks
        What they said.
    looks
        How they look.
    """
    with_line = {track.name for track in tracks if track.lines}
    return {
        name: Line2D(
            *([], []),
            color=look.colour,
            marker=look.marker,
            ms=look.size(4.6),
            ls="-" if name in with_line else "none",
            lw=0.9,
        )
        for name, look in looks.items()
        if name in {track.name for track in tracks}
    }


def hedge_handles(kinds: Iterable[str]) -> Handles:
    """Return the legend's entries for the wordings other than plain numbers.

    Parameters
    ----------
    kinds
        The kinds of wording that are drawn.
    """
    there = set(kinds)
    looks: dict[str, dict[str, Any]] = {
        "hedged": {"marker": "o", "fillstyle": "bottom", "mfcalt": "white", "ms": 5, "mec": MUTED},
        "floor": {"marker": _centred(ARROW_UP, -0.5), "ms": 9, "fillstyle": "none"},
        "ceiling": {"marker": _centred(ARROW_DOWN, 0.5), "ms": 9, "fillstyle": "none"},
        "range": {"marker": "|", "ms": 7, "mew": 1.8},
        "word": {"marker": "|", "ms": 7, "mew": 0.7},
    }
    return {
        retold(_HEDGES[kind]): Line2D([], [], ls="none", color=MUTED, **look)
        for kind, look in looks.items()
        if kind in there
    }


def unused_handle() -> Handles:
    """Return the legend's entry for claims that are kept without being used."""
    return {say("not used"): Line2D([], [], ls="none", marker="o", mfc="none", color=MUTED, ms=4.5)}
