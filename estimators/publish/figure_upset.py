"""How lists overlap: each combination of lists with how many people stand on it and on no other."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes

from estimators.evidence.captures import Captures
from estimators.publish.catalogue import say
from estimators.publish.escaping import for_figure, shortened
from estimators.publish.rounding import as_text
from estimators.publish.style import BLUE, FAINT, MUTED, WIDTH, entitle, figure_of, new_axes
from estimators.publish.style import style as in_style

MOST = 30  # combinations that are drawn
_LETTERS = 24  # of a list's name
_ROW = 0.21  # inches
_BARS = 1.5  # inches


@dataclass(frozen=True)
class Combination:
    """One combination of lists, how many people stand on it, and whether on one list only."""

    history: int
    count: int

    @property
    def lists(self) -> int:
        """Return on how many lists these people stand."""
        return self.history.bit_count()


def combinations(captures: Captures, most: int = MOST) -> tuple[list[Combination], int, int]:
    """Return the combinations with most people, and of the rest how many and with how many people.

    Parameters
    ----------
    captures
        Of one population: one replicate; strata are taken together.
    most
        How many at most.
    """
    pooled = captures.pooled()
    found = [Combination(cell.history, cell.count) for cell in pooled.cells if cell.count]
    found.sort(key=lambda made: (-made.count, made.lists, made.history))
    rest = found[most:]
    return found[:most], len(rest), sum(made.count for made in rest)


def plot_upset(captures: Captures, most: int = MOST, ax: Axes | None = None) -> Axes:
    """Return Axes with how many people stand on each combination of lists and on no other.

    Parameters
    ----------
    captures
        Of one population: one replicate; strata are taken together.
    most
        How many combinations are drawn, those with most people first.
    ax
        Axes to draw on; new ones if not given.

    Notes
    -----
    A matrix of dots below bars (Lex et al. 2014, doi:10.1109/TVCG.2014.2346248).
    """
    shown, *_ = combinations(captures, most)
    height = 0.75 + _BARS + _ROW * len(captures.lists)
    with in_style():
        own, ax = ax is None, new_axes(height, ax)
        unit = _ROW / _BARS * max(made.count for made in shown)
        entitle(ax, _title(captures), own)
        for place, made in enumerate(shown):
            _bar(ax, place, made, len(shown))
            _dots(ax, place, made, len(captures.lists), unit)
        _names(ax, captures, unit, len(shown))
        figure_of(ax).set_size_inches(WIDTH, height) if own else None
    return ax


def _title(captures: Captures) -> str:
    people, lists = as_text(captures.n), len(captures.lists)
    return say("{people} people on {number} lists", people=people, number=lists)


def _bar(ax: Axes, place: int, made: Combination, shown: int) -> None:
    """Draw how many people stand on one combination: dark where it is one list only."""
    colour = MUTED if made.lists == 1 else BLUE
    ax.bar(place, made.count, 0.72, color=colour, zorder=3)
    size, turn = (7, 0) if shown <= 16 and made.count < 1e4 else (6.5, 90)
    ax.annotate(
        as_text(made.count),
        (place, made.count),
        xytext=(0, 2),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=size,
        rotation=turn,
    )


def _dots(ax: Axes, place: int, made: Combination, lists: int, unit: float) -> None:
    """Draw below a bar on which lists its people stand."""
    on = [row for row in range(lists) if made.history >> row & 1]
    colour = MUTED if len(on) == 1 else BLUE
    at = [-(row + 1.0) * unit for row in range(lists)]
    ax.scatter([place] * lists, at, s=16, color=FAINT, zorder=2, linewidths=0)
    ax.plot(
        [place] * len(on),
        [at[row] for row in on],
        color=colour,
        lw=1.4,
        zorder=3,
        marker="o",
        ms=4.6,
        mec=colour,
    )


def _names(ax: Axes, captures: Captures, unit: float, shown: int) -> None:
    """Write the lists at the left, each with how many people stand on it, and drop the rest."""
    names = [
        f"{for_figure(shortened(id, _LETTERS))}  {as_text(captures.size(id))}"
        for id in captures.lists
    ]
    rows = [-(row + 1.0) * unit for row in range(len(names))]
    ax.set_yticks(rows, names)
    ax.tick_params(axis="y", length=0, labelsize=7.5)
    ax.set_xticks([])
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    ax.axhline(0.0, color=MUTED, lw=0.7)
    ax.set_xlim(-0.7, shown - 0.3)
    ax.set_ylim(rows[-1] - 0.7 * unit, None)
    ax.margins(y=0.12)
