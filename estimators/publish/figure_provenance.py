"""Who copied whom: each claim with its source and words, and below it who printed it again."""

from __future__ import annotations

from datetime import date
from math import log10
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from estimators.evidence.study import Study
from estimators.publish.catalogue import marked, retold, say
from estimators.publish.chain_rows import Picture, Row, picture
from estimators.publish.escaping import for_figure, plain, two_lines
from estimators.publish.local_forms import month_of
from estimators.publish.marks import legend_below, text_right
from estimators.publish.style import (
    DARK_RED,
    FAINT,
    MUTED,
    PALETTE,
    TEXT,
    entitle,
    new_axes,
    style,
)

_ROW = 0.17  # inches
_TITLE = 68  # characters that fit
_AROUND = 1.35  # inches for title, axis and legend
_LONG, _EARLY = 60, 6.0  # days; half of all within this part of them: a scale of ratios
_AFTER = (
    (7, marked("1 week")),
    (30, marked("1 month")),
    (365, marked("1 year")),
    (3650, marked("10 years")),
)
_LOOKS: dict[str, dict[str, Any]] = {
    "said": {"marker": "o", "ms": 6},
    "origin": {"marker": "o", "ms": 6},
    "printed": {"marker": "o", "ms": 3.2},
    "drifted": {"marker": "X", "ms": 6, "color": DARK_RED},
    "unused": {"marker": "s", "ms": 4.5, "color": MUTED, "mfc": "white"},
}
_MEANING = {
    "said": marked("said, with words of its own"),
    "origin": marked("origin, first and last day"),
    "printed": marked("printed again, same words"),
    "drifted": marked("printed again, other words"),
    "unused": marked("kept, not used"),
}


def plot_provenance(study: Study, quantity: str | None = None, ax: Axes | None = None) -> Axes:
    """Return Axes that show who copied whom, from the first claim on the left.

    Parameters
    ----------
    study
        The study.
    quantity
        The quantity; all claims of the study if not given.
    ax
        Axes to draw on; new ones, as high as the claims need, if not given.

    Raises
    ------
    EvidenceError
        If the study has no such quantity.
    ValueError
        If nothing was said of it.

    Notes
    -----
    Every claim has a row: its source on the left, its mark at the day it was published, its words
    on the right. Printings hang on what they print, and are crossed where they are worded
    otherwise. Dashed arrows lead to what was computed from other claims. Rows in one colour share
    informants. Of many claims each origin has one row.
    """
    shown = picture(study, quantity)
    with style():
        own, ax = ax is None, new_axes(_AROUND + _ROW * len(shown.rows), ax)
        label = study.by_id[quantity].label if quantity else study.title
        entitle(ax, two_lines(say("Who said it first: {label}", label=plain(label)), _TITLE), own)
        scale = _Scale(shown)
        colours = _colours(shown)
        for number, row in enumerate(shown.rows):
            _draw(ax, number, row, scale, colours)
        _connect(ax, shown, scale, colours)
        _frame(ax, shown, scale, colours)
        legend_below(ax, _handles(shown))
    return ax


class _Scale:
    """Where a day stands: in days, or where most came early by ratios of days since the first."""

    def __init__(self, shown: Picture) -> None:
        """Choose the scale for all days that are drawn."""
        marks = sorted(row.day for row in shown.rows if row.day)
        self.first, self.last = marks[0], max(shown.days)
        length = (self.last - self.first).days
        middle = (marks[len(marks) // 2] - self.first).days
        self.ratios = length > _LONG and middle < length / _EARLY

    def at(self, day: date) -> float:
        """Return the place of a day; what lies before the first stands at the first."""
        days = max(0, (day - self.first).days)
        return log10(1 + days) if self.ratios else float(days)

    def ticks(self) -> list[tuple[float, str]]:
        """Return places and names of a few days."""
        first, length = _named(self.first), (self.last - self.first).days
        if self.ratios:
            later = [(log10(1 + days), name) for days, name in _AFTER if days <= length]
            return [
                (0.0, first),
                *((at, say("{name}\nlater", name=retold(name))) for at, name in later),
            ]
        if length == 0:
            return [(0.0, first)]
        return [(0.0, first), (float(length), _named(self.last))]


def _named(day: date) -> str:
    return say("{day} {month}\n{year}", day=day.day, month=month_of(day), year=day.year)


def _colours(shown: Picture) -> dict[str, str]:
    """Return a colour for each of the first networks that several origins share."""
    networks = dict.fromkeys(row.network for row in shown.rows if row.network)
    return dict(zip(networks, (c for c in PALETTE if c != PALETTE[1]), strict=False))


def _draw(ax: Axes, at: int, row: Row, scale: _Scale, colours: dict[str, str]) -> None:
    """Draw one row: when it was published, and the words beside it."""
    if row.days is not None:
        places = [scale.at(day) for day in row.days]
        wide = row.kind == "origin"
        colour = colours.get(row.network, TEXT)
        strong = (colour, 2.0) if wide else (FAINT, 1.0)
        ax.plot(places, [at, at], "-", zorder=1, color=strong[0], lw=strong[1])
        look = {"color": colour, "zorder": 4, **_LOOKS[row.kind]}
        ax.plot(places[:1], [at], ls="none", **look)
    text_right(ax, at, for_figure(row.right), colour=_ink(row), size=7)


def _ink(row: Row) -> str:
    return {"drifted": DARK_RED, "unused": MUTED, "more": MUTED}.get(row.kind, TEXT)


def _connect(ax: Axes, shown: Picture, scale: _Scale, colours: dict[str, str]) -> None:
    """Hang printings on what they print, and point from claims to what was computed from them."""
    places = {row.id: (scale.at(row.day), n) for n, row in enumerate(shown.rows) if row.day}
    for row in shown.rows:
        if row.parent:
            (x0, y0), (x1, y1) = places[row.parent], places[row.id]
            colour = colours.get(row.network, TEXT)
            ax.plot([x0, x0, x1], [y0, y1, y1], "-", color=colour, lw=0.8, zorder=2)
    look = {"arrowstyle": "-|>", "ls": (0, (3, 2)), "color": MUTED, "lw": 0.9, "shrinkB": 4}
    for base, id in shown.derived:
        bent = {"connectionstyle": "arc3,rad=-0.18", **look}
        ax.annotate("", xy=places[id], xytext=places[base], arrowprops=bent, zorder=3)


def _frame(ax: Axes, shown: Picture, scale: _Scale, colours: dict[str, str]) -> None:
    """Write sources on the left, days below, and mark who shares informants."""
    rows = shown.rows
    ax.set_yticks(range(len(rows)), [for_figure(row.left) for row in rows], fontsize=7)
    ax.tick_params(axis="y", length=0, pad=7)
    for label, row in zip(ax.get_yticklabels(), rows, strict=True):
        if row.kind == "network":
            label.set_fontstyle("italic")
        elif row.kind in ("unused", "more"):
            label.set_color(MUTED)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    end = scale.at(scale.last) or 1.0
    ax.set_xlim(-0.06 * end, 1.06 * end)
    ticks = scale.ticks()
    ax.set_xticks([at for at, _ in ticks], [name for _, name in ticks], fontsize=7)
    ax.spines["left"].set_visible(False)
    _brackets(ax, rows, colours)


def _brackets(ax: Axes, rows: tuple[Row, ...], colours: dict[str, str]) -> None:
    """Draw a bar along the rows of each network that several origins share."""
    for network in dict.fromkeys(row.network for row in rows if row.network):
        mine = [n for n, row in enumerate(rows) if row.network == network]
        look: dict[str, Any] = {"color": colours.get(network, TEXT), "lw": 2.2}
        across = ax.get_yaxis_transform()
        ax.plot(
            [-0.015] * 2, [mine[0] - 0.3, mine[-1] + 0.3], transform=across, clip_on=False, **look
        )


def _handles(shown: Picture) -> list[Line2D]:
    kinds = {row.kind for row in shown.rows}
    found = [
        Line2D([], [], ls="none", label=retold(name), **({"color": TEXT} | _LOOKS[kind]))
        for kind, name in _MEANING.items()
        if kind in kinds
    ]
    if shown.derived:
        found.append(
            Line2D([], [], color=MUTED, ls=(0, (3, 2)), lw=0.9, label=say("computed from"))
        )
    vague = any(row.days[0] != row.days[1] for row in shown.rows if row.days)
    if vague and not shown.by_origin:
        found.append(Line2D([], [], color=FAINT, lw=1.0, label=say("published by this day")))
    return found
