"""What would narrow an estimate: the width of each interval now, and after what may yet be said."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, NullFormatter, NullLocator

from estimators.inference.outlook import DOUBTFUL, Outlook, as_factor
from estimators.publish.catalogue import retold, say
from estimators.publish.escaping import for_figure, shortened
from estimators.publish.style import BLUE, FAINT, MUTED, TEXT, entitle, new_axes, style
from estimators.publish.widths import weight_of, wrapped

_ROW = 0.2  # inches
_LETTERS = 54  # of a quantity's name on a line
_TICKS = (1.2, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0, 1e3, 1e4)
_APART = 0.14  # of the width, between ticks
_ROOM = 1.22  # times the longest bar, for the label at its end


def plot_outlook(made: Outlook, ax: Axes | None = None) -> Axes:
    """Return Axes with the width of each quantity's interval now and under each scenario.

    Parameters
    ----------
    made
        From `outlook`.
    ax
        Axes to draw on; new ones if not given.
    """
    heads = [_name_of(made, id) for id in made.quantities]
    rows = sum(len(lines) + len(made.scenarios) + 1 for lines in heads) + 0.5 * (len(heads) - 1)
    with style():
        own, ax = ax is None, new_axes(1.0 + _ROW * rows, ax)
        entitle(ax, say("What would narrow it: the 90% interval, on average"), own)
        _factor_axis(ax, float(made.table[["factor_now", "factor_then"]].to_numpy().max()))
        top, ticks = 0.0, dict[float, str]()
        names = [say("now"), *map(retold, made.scenarios)]
        for id, lines in zip(made.quantities, heads, strict=True):
            for n, line in enumerate(lines):
                _write(ax, top + n, line)
            top += len(lines)
            ticks |= {top + n: name for n, name in enumerate(names)}
            _draw(ax, top, made, id)
            top += len(made.scenarios) + 1.5
        ax.set_yticks(list(ticks), list(ticks.values()))
        ax.tick_params(axis="y", length=0, labelsize=8)
        ax.set_ylim(top - 0.9, -0.8)
        _write(ax, -0.8, say("width\nkept"), 1.02, va="bottom", weight="normal", color=MUTED)
        ax.set_xlabel(
            say("how far the interval reaches around its middle, as a factor (logarithmic)")
        )
    return ax


def _name_of(made: Outlook, id: str) -> list[str]:
    name = shortened(made.study.by_id[id].label, 2 * _LETTERS - 10)
    return wrapped(for_figure(name), _LETTERS)


def _draw(ax: Axes, top: float, made: Outlook, id: str) -> None:
    """Draw the rows of one quantity: now, and then under each scenario."""
    rows = [made.at(id, name) for name in made.scenarios]
    _bar(ax, top, float(rows[0]["factor_now"]), MUTED, True)
    for place, row in enumerate(rows, start=1):
        _bar(ax, top + place, float(row["factor_then"]), BLUE, row["few"] <= DOUBTFUL)
        kept = f"{row['kept']:.0%}"
        _write(ax, top + place, kept, 1.02, weight="normal", color=TEXT)


def _bar(ax: Axes, row: float, factor: float, colour: str, sure: bool) -> None:
    """Draw how far an interval reaches, with its factor at the end; an open one is known badly."""
    look: dict[str, Any] = {"fc": colour} if sure else {"fc": "white", "hatch": "////"}
    ax.barh(row, np.log(factor), 0.62, ec=colour, lw=0.8, zorder=3, **look)
    ax.annotate(
        as_factor(factor),
        (float(np.log(factor)), row),
        textcoords="offset points",
        xytext=(4, 0),
        va="center",
        fontsize=7.5,
        zorder=4,
        bbox={"fc": "white", "ec": "none", "pad": 0.8},
    )


def _write(ax: Axes, row: float, text: str, x: float = 0.01, **look: Any) -> None:
    """Write at a fraction of the width, in a row."""
    look = {"va": "center", "ha": "left", "fontsize": 8, "weight": weight_of(text), **look}
    ax.text(x, row, text, transform=ax.get_yaxis_transform(), **look)


def _factor_axis(ax: Axes, highest: float) -> None:
    """Give the horizontal axis, which is in logs, ticks that are factors."""
    end = _ROOM * float(np.log(max(highest, 1.5)))
    shown = [1.0]
    for tick in _TICKS:
        if _APART * end <= np.log(tick / shown[-1]) and np.log(tick) <= end:
            shown.append(tick)
    ax.set_xlim(0.0, end)
    ax.xaxis.set_major_locator(FixedLocator([float(np.log(tick)) for tick in shown]))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.set_xticklabels([f"×/÷{tick:,g}" if tick > 1.0 else "1" for tick in shown])
    ax.grid(axis="x", color=FAINT, lw=0.5)
    ax.set_axisbelow(True)
