"""Every claim of a quantity against its estimate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from estimators.evidence.claim import Claim
from estimators.evidence.study import Study, status
from estimators.inference.estimate import Estimate
from estimators.publish.catalogue import say, say_many
from estimators.publish.escaping import for_figure, plain, shortened
from estimators.publish.marks import (
    KINDS,
    draw_claim,
    draw_interval,
    draw_printings,
    handles_of,
    kind_of,
    legend_below,
    text_right,
)
from estimators.publish.rounding import Printed
from estimators.publish.said import Said, said_of, span, spoken, wording
from estimators.publish.style import (
    BLUE,
    FAINT,
    MUTED,
    PALETTE,
    ROW,
    TEXT,
    count_axis,
    entitle,
    limits,
    needs_log,
    new_axes,
    style,
)
from estimators.publish.units import axis_label
from estimators.publish.widths import wrapped

_UNUSED_ROWS = 6
_NAME, _REASON = 36, 50  # characters that fit
_AROUND = 1.7  # inches for title, axis and legend


def plot_claims(estimate: Estimate, id: str, ax: Axes | None = None) -> Axes:
    """Return Axes with one row a reading of a quantity, below the quantity's estimate.

    Parameters
    ----------
    estimate
        The estimate.
    id
        The quantity.
    ax
        Axes to draw on; new ones, as high as the claims need, if not given.

    Notes
    -----
    A reading's shape is its wording, its colour the network of informants that it shares with
    others; where a printing of it names another number, that hangs below it. Behind all rows
    stand the 50% and 90% intervals of the estimate. Claims that are kept without being used stand
    below in grey, with the reason.
    """
    said = said_of(estimate.study, id)
    readings, unused = _by_network(said.readings), said.unused[:_UNUSED_ROWS]
    left = _left(estimate.study, said, readings, unused)
    rows = 1 + len(readings) + len(unused) + bool(left)
    with style():
        own, ax = ax is None, new_axes(_AROUND + ROW * rows, ax)
        entitle(ax, for_figure(shortened(plain(said.quantity.label), 72)), own)
        _axis(ax, estimate, id, rows)
        _estimate_row(ax, estimate, id, len(readings))
        colours = _colours(readings)
        for row, claim in enumerate(readings, 1):
            draw_claim(ax, row, claim, colours[claim.network])
            draw_printings(ax, row, claim, _printings(estimate.study, claim))
            _beside(ax, estimate.study, row, claim)
        for row, claim in enumerate(unused, 1 + len(readings)):
            _unused_row(ax, estimate.study, row, claim)
        _names(ax, estimate, id, readings, unused, left)
        legend_below(ax, handles_of([k for k in KINDS if k in {kind_of(c) for c in readings}]))
    return ax


def _printings(study: Study, claim: Claim) -> list[Claim]:
    """Return the claims that print this one and speak of the same quantity."""
    return [c for c in study.printings(claim.id) if c.quantity == claim.quantity]


def _left(study: Study, said: Said, readings: Sequence[Claim], unused: Sequence[Claim]) -> int:
    """Return how many claims have no row and are no printing of one that has."""
    shown = {c.id for c in (*readings, *unused)}
    mine = (c for c in study.claims if c.quantity == said.quantity.id and not c.used)
    return sum(c.id not in shown and study.root(c.id) not in shown for c in mine)


def _by_network(readings: Sequence[Claim]) -> list[Claim]:
    """Return readings with those of one network side by side, the earliest network first."""
    first: dict[str, tuple[object, str]] = {}
    for claim in sorted(readings, key=lambda c: (c.published.start, c.id)):
        first.setdefault(_network(claim), (claim.published.start, _network(claim)))
    return sorted(readings, key=lambda c: (first[_network(c)], c.published.start, c.id))


def _network(claim: Claim) -> str:
    return claim.network or claim.origin


def _colours(readings: Sequence[Claim]) -> dict[str, str]:
    """Return a colour for each of the first networks with several readings; black for others."""
    several = [n for n, times in Counter(c.network for c in readings).items() if n and times > 1]
    found = dict(zip(several, PALETTE[1:], strict=False))
    return {claim.network: found.get(claim.network, TEXT) for claim in readings}


def _axis(ax: Axes, estimate: Estimate, id: str, rows: int) -> None:
    said = said_of(estimate.study, id)
    share = said.quantity.is_share
    low, _, high = estimate.interval(id)
    printed = (p for c in said.readings for p in _printings(estimate.study, c))
    shown = [low, high, *(n for c in (*said.readings, *printed) for n in span(c) if n > 0)]
    log = not share and needs_log(shown)
    ends = limits(shown, log, room=0.08)
    count_axis(ax, ends[0], min(ends[1], 100.0) if share else ends[1], log, "%" if share else "")
    ax.set_ylim(rows - 0.4, -0.6)
    ax.set_xlabel(axis_label(estimate.study.unit_of(id), log))


def _estimate_row(ax: Axes, estimate: Estimate, id: str, last: int) -> None:
    """Draw the estimate in the first row, and its intervals behind it and all readings."""
    wide, narrow = estimate.interval(id, 0.9), estimate.interval(id, 0.5)
    rows = (-0.6, last + 0.5)
    ax.fill_betweenx(rows, wide[0], wide[2], color=BLUE, alpha=0.10, lw=0, zorder=0)
    ax.fill_betweenx(rows, narrow[0], narrow[2], color=BLUE, alpha=0.16, lw=0, zorder=0)
    ax.vlines(wide[1], *rows, color=BLUE, lw=0.8, ls=(0, (4, 3)), zorder=1)
    draw_interval(ax, 0, (wide[0], wide[2]), wide[1], inner=(narrow[0], narrow[2]))
    ax.axhline(0.5, color=FAINT, lw=0.8, zorder=1)
    printed = Printed.of(wide, estimate.study.unit_of(id))
    text_right(ax, 0, printed.ends, say("median {middle}", middle=printed.middle), BLUE)


def _beside(ax: Axes, study: Study, row: int, claim: Claim) -> None:
    repeats = len(study.printings(claim.id))
    more = say("printed by {repeats} more", repeats=repeats) if repeats else ""
    text_right(ax, row, for_figure(wording(study, claim)), more)


def _unused_row(ax: Axes, study: Study, row: int, claim: Claim) -> None:
    reason = "\n".join(
        for_figure(line)
        for line in wrapped(shortened(plain(claim.why_not), 2 * _REASON - 4), _REASON)[:2]
    )
    look: dict[str, Any] = {"va": "center", "fontsize": 7, "color": MUTED, "style": "italic"}
    ax.text(0.015, row, reason, transform=ax.get_yaxis_transform(), **look)
    repeats = len(study.printings(claim.id))
    more = say_many("; {number} repeat", "; {number} repeats", repeats) if repeats else ""
    text_right(ax, row, for_figure(wording(study, claim)), say("not used{more}", more=more), MUTED)


def _names(
    ax: Axes,
    estimate: Estimate,
    id: str,
    readings: Sequence[Claim],
    unused: Sequence[Claim],
    left: int,
) -> None:
    """Write to the left of each row who said it, in which network and when."""
    study = estimate.study
    basis = say("Assumed") if status(study, id) == "assumed" else say("Estimated")
    names = [
        say("{basis}\n90% and 50% interval", basis=basis),
        *(_name(study, c) for c in (*readings, *unused)),
    ]
    if left:
        more = say("and ") if unused else ""
        names.append(
            say(
                "{start}{claims}\nnot used (see the table)",
                start=more,
                claims=say_many("{number} more claim", "{number} more claims", left),
            )
        )
    ax.set_yticks(range(len(names)), names, fontsize=7.5, linespacing=1.15)
    ax.tick_params(axis="y", length=0)
    for label, grey in zip(ax.get_yticklabels(), _greys(readings, unused, left), strict=True):
        label.set_color(MUTED if grey else TEXT)


def _greys(readings: Sequence[Claim], unused: Sequence[Claim], left: int) -> list[bool]:
    return [False] * (1 + len(readings)) + [True] * (len(unused) + bool(left))


def _name(study: Study, claim: Claim) -> str:
    origin = shortened(plain(study.source_by_id[claim.origin].name), _NAME)
    when = spoken(claim.published)
    network = shortened(claim.network, _NAME - len(when) - 3)
    return for_figure(origin) + "\n" + for_figure(f"{network} · {when}" if network else when)
