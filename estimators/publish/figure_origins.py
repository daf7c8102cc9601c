"""How wide the interval stays however many origins say the same."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, NullLocator

from estimators.inference.origins import OriginsCurve
from estimators.publish.catalogue import say
from estimators.publish.rounding import as_text
from estimators.publish.style import BLUE, MUTED, entitle, new_axes, style
from estimators.publish.units import axis_label

_HEIGHT = 2.9


def plot_origins(curve: OriginsCurve, ax: Axes | None = None) -> Axes:
    """Return Axes with the 90 % interval against the number of origins that say the same.

    Parameters
    ----------
    curve
        From `origins_curve`.
    ax
        Axes to draw on; new ones if not given.
    """
    table = curve.table
    with style():
        own, ax = ax is None, new_axes(_HEIGHT, ax)
        title = say(
            "If 1 to {max} origins say “about {said}”",
            max=table["origins"].max(),
            said=as_text(curve.said),
        )
        entitle(ax, title, own)
        ax.fill_between(table["origins"], table["low"], table["high"], color=BLUE, alpha=0.2, lw=0)
        ax.plot(table["origins"], table["median"], color=BLUE, marker="D", ms=4, lw=1.2)
        ax.axhline(curve.said, color=MUTED, lw=0.9, ls=(0, (4, 3)))
        ax.set_xscale("log")
        ax.set_yscale("log")
        ax.xaxis.set_major_locator(FixedLocator([float(n) for n in table["origins"]]))
        ax.xaxis.set_minor_locator(NullLocator())
        ax.set_xticklabels([str(n) for n in table["origins"]])
        ticks = [curve.said * factor for factor in (0.25, 0.5, 1.0, 2.0, 4.0)]
        ax.yaxis.set_major_locator(FixedLocator(ticks))
        ax.yaxis.set_minor_locator(NullLocator())
        ax.set_yticklabels([f"{tick:,.0f}" for tick in ticks])
        ax.set_xlabel(say("origins, each with informants of its own (logarithmic)"))
        ax.set_ylabel(axis_label(curve.unit, log=True))
        for row in (table.iloc[0], table.iloc[-1]):
            ax.annotate(
                f"×/÷{row['factor']:.1f}",
                (row["origins"], row["high"]),
                textcoords="offset points",
                xytext=(0, 4),
                ha="center",
                fontsize=7.5,
                color=MUTED,
            )
        ax.margins(y=0.18)
    return ax
