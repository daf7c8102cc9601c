"""What disagrees: for each quantity what its direct claims say, and what the rest implies."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from estimators.evidence.identities import common_unit
from estimators.evidence.quantity import PERCENT, SEVERAL
from estimators.inference.sides import CONFLICT, Conflict, Conflicts, p_text
from estimators.publish.catalogue import marked, retold, say
from estimators.publish.escaping import two_lines
from estimators.publish.marks import legend_below, text_right
from estimators.publish.style import (
    BLUE,
    MUTED,
    RED,
    ROW,
    count_axis,
    entitle,
    limits,
    needs_log,
    new_axes,
    style,
)
from estimators.publish.units import axis_label

_APART = 0.17  # of a row, either side of its middle
_LOOKS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("direct", marked("what its direct claims say"), {"color": BLUE, "marker": "o", "ls": "-"}),
    ("rest", marked("what the rest implies"), {"color": RED, "marker": "s", "ls": (0, (3, 1.5))}),
)


def plot_conflicts(found: Conflicts, unit: str = "", ax: Axes | None = None) -> Axes:
    """Return Axes with both sides of each quantity: what is claimed directly, and what is implied.

    Parameters
    ----------
    found
        From `conflicts`.
    unit
        'count', 'percent', or one unit such as 'tanks': which quantities to draw; counts if not
        given, shares where there are none.
    ax
        Axes to draw on; new ones if not given.

    Raises
    ------
    ValueError
        If none of the quantities is of this unit.
    """
    unit = unit or (SEVERAL if found.among(SEVERAL) else PERCENT)
    rows = found.among(unit)
    if not rows:
        raise ValueError(f"no quantity here is in {unit!r}; give 'count', 'percent' or their unit")
    share = unit == PERCENT
    ends = [end for one in rows for end in (*one.direct[::2], *one.rest[::2])]
    log = not share and needs_log(ends)
    with style():
        own, ax = ax is None, new_axes(1.2 + 1.2 * ROW * len(rows), ax)
        entitle(ax, say("Direct claims against the rest (90% intervals)"), own)
        count_axis(ax, *limits(ends, log), log, "%" if share else "")
        for row, one in enumerate(rows):
            _draw_row(ax, row, one)
        ax.set_yticks(range(len(rows)), [two_lines(one.label) for one in rows], fontsize=7.5)
        ax.tick_params(axis="y", length=0)
        ax.set_ylim(len(rows) - 0.4, -0.6)
        ax.set_xlabel(axis_label(common_unit(one.unit for one in rows), log))
        legend_below(ax, [_line([], [], retold(label), look) for _, label, look in _LOOKS])
    return ax


def _draw_row(ax: Axes, row: int, one: Conflict) -> None:
    """Draw both sides of a quantity, with p and the verdict at the right."""
    for shift, (side, _, look) in zip((-_APART, _APART), _LOOKS, strict=True):
        low, median, high = getattr(one, side)
        ax.add_line(_line([low, high], [row + shift] * 2, "", look | {"marker": "|"}))
        ax.add_line(_line([median], [row + shift], "", look | {"ls": ""}))
    apart = one.p < CONFLICT
    doubt = "" if one.converged else "?"
    verdict = retold(one.verdict) if apart else say("no conflict")
    text_right(ax, row, f"{p_text(one.p)}{doubt}", verdict, RED if apart else MUTED)


def _line(x: list[float], y: list[float], label: str, look: dict[str, Any]) -> Line2D:
    """Return a line or mark of one side: filled for direct claims, open for the rest."""
    face = look["color"] if look["color"] == BLUE else "white"
    return Line2D(x, y, label=label, lw=1.6, ms=6, mew=1.3, mfc=face, zorder=4, **look)
