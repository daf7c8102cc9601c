"""What is drawn in a row: an estimate's interval, and a claim in the shape of its wording."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.transforms import blended_transform_factory

from estimators.evidence.claim import Claim
from estimators.evidence.wording import (
    BestEstimate,
    Between,
    CouldReach,
    Exactly,
    OneNumber,
    Verified,
)
from estimators.publish.catalogue import marked, retold
from estimators.publish.said import span
from estimators.publish.style import BLUE, MUTED, TEXT, figure_of

_ARROW = 20  # points
_BELOW = 0.34  # rows

KINDS = {
    "number": marked("a number"),
    "hedged": marked("“about”, “nearly”"),
    "floor": marked("“at least”, “verified”"),
    "ceiling": marked("“up to”, “could reach”"),
    "range": marked("a range"),
    "word": marked("a word and what it can mean"),
}


def kind_of(claim: Claim) -> str:
    """Return in which of the shapes of `KINDS` a claim is drawn."""
    if claim.is_floor or claim.is_ceiling:
        return "floor" if claim.is_floor else "ceiling"
    match claim.wording:
        case Verified():
            return "floor"
        case CouldReach():
            return "ceiling"
        case Exactly():
            return "number"
        case OneNumber():
            return "hedged"
        case Between() | BestEstimate():
            return "range"
        case _:
            return "word"


def draw_claim(ax: Axes, row: float, claim: Claim, colour: str) -> None:
    """Draw what one claim said: a point, an arrow, a bar or, for a word, a hatched band.

    Parameters
    ----------
    ax
        The Axes.
    row
        Where on the vertical axis.
    claim
        The claim.
    colour
        Its colour.
    """
    low, high = span(claim)
    match kind_of(claim):
        case "range":
            ax.plot([low, high], [row, row], "-|", color=colour, lw=3, ms=11, mew=2, zorder=4)
            if isinstance(claim.wording, BestEstimate):
                ax.plot(claim.wording.best, row, "o", color=colour, mfc="white", ms=6, zorder=5)
        case "word":
            ax.barh(row, high - low, 0.5, low, fc="none", ec=colour, hatch="////", lw=0.8, zorder=4)
        case "floor" | "ceiling" as bound:
            _draw_bound(ax, row, low, 1 if bound == "floor" else -1, colour)
        case kind:
            marker = "s" if kind == "number" else "o"
            ax.plot(low, row, marker, color=colour, ms=6.5, zorder=5)


def draw_printings(ax: Axes, row: float, claim: Claim, printed: Sequence[Claim]) -> None:
    """Hang on a claim what printings made of its number, where they name another one.

    Parameters
    ----------
    ax
        The Axes.
    row
        Where the claim is on the vertical axis.
    claim
        The claim.
    printed
        The claims that print it.
    """
    first = span(claim)[0]
    for number in sorted({n for c in printed for n in span(c) if n > 0} - {*span(claim)}):
        corner = [row, row + _BELOW, row + _BELOW]
        ax.plot([first, first, number], corner, "-", color=MUTED, lw=0.8, zorder=2)
        ax.plot(number, row + _BELOW, "o", color=MUTED, mfc="white", ms=3.5, zorder=4)


def _draw_bound(ax: Axes, row: float, value: float, side: int, colour: str) -> None:
    """Draw a tick at the number and an arrow to the side where the truth may lie."""
    ax.plot(value, row, "|", color=colour, ms=11, mew=2.2, zorder=5)
    arrow = {"arrowstyle": "<|-", "color": colour, "lw": 1.6, "shrinkA": 0, "shrinkB": 0}
    ax.annotate(
        "",
        xy=(value, row),
        xytext=(side * _ARROW, 0),
        textcoords="offset points",
        arrowprops=arrow,
        zorder=5,
    )


def draw_interval(
    ax: Axes,
    row: float,
    ends: tuple[float, float],
    middle: float,
    *,
    inner: tuple[float, float] | None = None,
    colour: str = BLUE,
    filled: bool = True,
) -> None:
    """Draw an interval as a line, its inner half as a thicker one, and the median as a diamond.

    Parameters
    ----------
    ax
        The Axes.
    row
        Where on the vertical axis.
    ends
        The ends of the interval.
    middle
        The median.
    inner
        The ends of the 50% interval; not drawn if not given.
    colour
        Colour of all three.
    filled
        Whether the diamond is filled; an open one marks what no claim speaks of.
    """
    ax.plot(ends, [row, row], "-", color=colour, lw=1.4, solid_capstyle="butt", zorder=3)
    if inner is not None:
        ax.plot(inner, [row, row], "-", color=colour, lw=4.5, solid_capstyle="butt", zorder=3)
    face = colour if filled else "white"
    ax.plot(middle, row, "D", color=colour, mfc=face, mec=colour, ms=5, mew=1.2, zorder=4)


def text_right(
    ax: Axes, row: float, first: str, second: str = "", colour: str = TEXT, size: float = 8
) -> None:
    """Write one or two lines to the right of a row, outside the Axes.

    Parameters
    ----------
    ax
        The Axes.
    row
        Where on the vertical axis.
    first, second
        The lines.
    colour
        Colour of the first.
    size
        Points of the first.
    """
    place = blended_transform_factory(ax.transAxes, ax.transData)
    up, down = (("center", ""), ("bottom", "top"))[bool(second)]
    ax.text(1.02, row, first, transform=place, va=up, ha="left", fontsize=size, color=colour)
    if second:
        ax.text(1.02, row, second, transform=place, va=down, ha="left", fontsize=7, color=MUTED)


def legend_below(ax: Axes, handles: Sequence[Line2D | Patch], columns: int = 3) -> None:
    """Put a legend below everything else, from the figure's left edge on.

    Parameters
    ----------
    ax
        The Axes.
    handles
        What to explain; no legend where there is nothing.
    columns
        How many stand side by side.
    """
    if handles:
        figure_of(ax).legend(
            handles=list(handles),
            loc="outside lower left",
            ncols=columns,
            handlelength=1.6,
            columnspacing=1.2,
        )


def handles_of(kinds: Sequence[str], colour: str = MUTED) -> list[Line2D | Patch]:
    """Return the legend's entries for the shapes of claims.

    Parameters
    ----------
    kinds
        Some of `KINDS`.
    colour
        Their colour.
    """
    markers = {"number": "s", "hedged": "o", "floor": ">", "ceiling": "<", "range": "|"}
    found: list[Line2D | Patch] = []
    for kind in kinds:
        if kind == "word":
            found.append(Patch(fc="none", ec=colour, hatch="////", label=retold(KINDS[kind])))
        else:
            line = "-" if kind == "range" else "none"
            found.append(
                Line2D(
                    [],
                    [],
                    ls=line,
                    marker=markers[kind],
                    color=colour,
                    lw=2,
                    ms=6,
                    label=retold(KINDS[kind]),
                )
            )
    return found
