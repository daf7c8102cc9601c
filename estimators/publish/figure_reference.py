"""How far claims of a reference class lie from settled counts, by when and by whom."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from textwrap import shorten
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, NullFormatter, NullLocator

from estimators.inference.how_wrong import HowWrong
from estimators.models.claim_error import CLASSES
from estimators.models.phases import PHASES
from estimators.publish.catalogue import marked, retold, say
from estimators.publish.escaping import for_figure
from estimators.publish.marks import draw_interval
from estimators.publish.style import BLUE, FAINT, MUTED, TEXT, entitle, limits, new_axes, style
from estimators.publish.widths import weight_of

NAMES = {
    "state": marked("the state"),
    "party": marked("a party to the conflict"),
    "ngo": marked("NGOs and UN"),
    "media": marked("media"),
    "other": marked("witnesses, others"),
}
WHEN = {
    "before access": marked("Before anybody can count"),
    "0-2 days after": marked("In the first two days of counting"),
    "3-14 days after": marked("3 to 14 days after counting began"),
    "later": marked("Later"),
}
_ROW = 0.2  # inches
_ROWS = len(PHASES) * (len(CLASSES) + 1)  # a heading a phase
_GLYPHS = {Fraction(1): "1", Fraction(1, 2): "×½", Fraction(1, 4): "×¼", Fraction(1, 8): "×⅛"}
_MOST = 8  # ticks
_NAME = 28  # letters of a class in the title
_ENDS = 0.22, 4.5  # shown at least, so that classes can be compared
_CLEAR = {"fc": "white", "ec": "none", "pad": 1.0}  # a heading may cross the line at 1


def plot_reference(made: HowWrong, ax: Axes | None = None) -> Axes:
    """Return Axes with claims over settled counts, a row a class of source in each phase.

    Parameters
    ----------
    made
        From `how_wrong`.
    ax
        Axes to draw on; new ones if not given.
    """
    with style():
        own, ax = ax is None, new_axes(1.1 + _ROW * _ROWS, ax)
        entitle(
            ax,
            say(
                "How far exact numbers lie from the settled count: {class_of}",
                class_of=_class_of(made),
            ),
            own,
        )
        table = made.table
        _ratio_axis(ax, *limits([float(table["low"].min()), float(table["high"].max())], True))
        placed = list(_placed(made))
        for at, row in placed:
            _draw_row(ax, at, row)
        for place, phase in enumerate(PHASES):
            at, when = place * (len(CLASSES) + 1), retold(WHEN[phase])
            _write(ax, 0.01, at, when, weight=weight_of(when), bbox=_CLEAR)
        _write(ax, 1.02, 0.35, say("off by more\nthan ×2"), va="bottom", color=MUTED)
        ax.set_yticks([at for at, _ in placed], [retold(NAMES[row["source"]]) for _, row in placed])
        ax.tick_params(axis="y", length=0, labelsize=8)
        ax.set_ylim(_ROWS - 0.4, -0.8)
        ax.set_xlabel(say("claim ÷ settled count, logarithmic (thick: half of claims; thin: 90%)"))
    return ax


def _class_of(made: HowWrong) -> str:
    name = say("all events") if made.reference == "all" else made.reference
    return for_figure(shorten(name, _NAME, placeholder="…"))


def _placed(made: HowWrong) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each row of the table with its place, below the heading of its phase."""
    sources = list(CLASSES)
    for row in made.table.to_dict("records"):
        above = PHASES.index(row["phase"]) * (len(CLASSES) + 1)
        yield above + 1 + sources.index(row["source"]), {str(k): v for k, v in row.items()}


def _draw_row(ax: Axes, at: int, row: dict[str, Any]) -> None:
    inner = row["q25"], row["q75"]
    draw_interval(ax, at, (row["low"], row["high"]), row["median"], inner=inner, colour=BLUE)
    _write(ax, 1.02, at, f"{row['off_by_two']:.0%}", color=TEXT)


def _write(ax: Axes, x: float, row: float, text: str, **look: Any) -> None:
    """Write at a fraction of the width, in a row."""
    look = {"va": "center", "ha": "left", "fontsize": 8, **look}
    ax.text(x, row, text, transform=ax.get_yaxis_transform(), **look)


def _ratio_axis(ax: Axes, low: float, high: float) -> None:
    """Give the horizontal axis a logarithmic scale of factors, with a line where there is no error.

    Equal claims and counts are 1; '×2' is a claim of twice the count.
    """
    ax.set_xscale("log")
    ax.set_xlim(min(low, _ENDS[0]), max(high, _ENDS[1]))
    ticks = factor_ticks(*ax.get_xlim())
    ax.xaxis.set_major_locator(FixedLocator([float(tick) for tick in ticks]))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.set_xticklabels([_as_factor(tick) for tick in ticks])
    ax.grid(axis="x", color=FAINT, lw=0.5)
    ax.set_axisbelow(True)
    ax.axvline(1.0, color=MUTED, lw=1.1)


def factor_ticks(low: float, high: float) -> list[Fraction]:
    """Return powers of 2, or of 4, 8 and so on, between two ends of a logarithmic axis.

    Parameters
    ----------
    low, high
        The ends, around 1.
    """
    every = 1
    while True:
        powers = [Fraction(2) ** p for p in range(-60, 61) if p % every == 0]
        ticks = [power for power in powers if low <= power <= high]
        if len(ticks) <= _MOST:
            return ticks
        every += 1


def _as_factor(tick: Fraction) -> str:
    return _GLYPHS.get(tick, f"×{tick}")
