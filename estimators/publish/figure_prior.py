"""What was believed before any claim was read, against what is believed after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from estimators.evidence.study import Study
from estimators.inference.estimate import Estimate
from estimators.inference.prior import Prior
from estimators.publish.catalogue import say
from estimators.publish.escaping import two_lines
from estimators.publish.marks import draw_interval, legend_below, text_right
from estimators.publish.rounding import Printed
from estimators.publish.style import (
    BLUE,
    MUTED,
    ROW,
    count_axis,
    entitle,
    limits,
    needs_log,
    new_axes,
    style,
)
from estimators.publish.units import axis_label


def plot_prior(
    prior: Prior,
    estimate: Estimate | None = None,
    ids: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Return Axes with each quantity's interval before any claim was read, and after.

    Parameters
    ----------
    prior
        Draws from the stated ranges and identities alone.
    estimate
        The estimate; without it only the prior is drawn.
    ids
        The quantities, all counts or all shares; the headline if not given (else all counts).
    ax
        Axes to draw on; new ones if not given.

    Raises
    ------
    ValueError
        If the quantities are both counts and shares.
    """
    study = prior.study
    chosen = list(ids) if ids is not None else _headline(study)
    share = _is_share(study, chosen)
    with style():
        own, ax = ax is None, new_axes(1.2 + ROW * len(chosen), ax)
        entitle(
            ax,
            say("Before and after the claims (90% intervals)")
            if estimate
            else say("Before any claim"),
            own,
        )
        ends = [end for id in chosen for end in prior.interval(id)[::2]]
        log = not share and needs_log(ends)
        count_axis(ax, *limits(ends, log), log, "%" if share else "")
        for row, id in enumerate(chosen):
            _draw_row(ax, row, prior, estimate, id)
        names = [two_lines(study.by_id[id].label) for id in chosen]
        ax.set_yticks(range(len(chosen)), names, fontsize=7.5)
        ax.tick_params(axis="y", length=0)
        ax.set_ylim(len(chosen) - 0.4, -0.6)
        ax.set_xlabel(axis_label(study.unit_of(*chosen), log))
        legend_below(ax, _handles(estimate is not None))
    return ax


def _headline(study: Study) -> list[str]:
    found = [id for id in study.headline if not study.by_id[id].is_share]
    return found or [q.id for q in study.quantities if not q.is_share]


def _is_share(study: Study, ids: Sequence[str]) -> bool:
    kinds = {study.quantity(id).is_share for id in ids}
    if len(kinds) != 1:
        raise ValueError("give quantities that are all counts or all shares, at least one")
    return kinds.pop()


def _draw_row(ax: Axes, row: int, prior: Prior, estimate: Estimate | None, id: str) -> None:
    unit = prior.study.unit_of(id)
    low, median, high = prior.interval(id)
    before = Printed.of((low, median, high), unit)
    shift = 0.14 if estimate else 0.0
    draw_interval(ax, row - shift, (low, high), median, colour=MUTED, filled=False)
    if estimate is None:
        text_right(ax, row, before.ends, say("median {middle}", middle=before.middle))
        return
    low, median, high = estimate.interval(id)
    inner = estimate.interval(id, 0.5)
    draw_interval(ax, row + shift, (low, high), median, inner=inner[::2])
    after = Printed.of((low, median, high), unit)
    text_right(
        ax, row, say("before {ends}", ends=before.ends), say("after {ends}", ends=after.ends)
    )


def _handles(after: bool) -> list[Line2D]:
    look: dict[str, Any] = {"lw": 1.4, "marker": "D", "ms": 5}
    before = Line2D(
        [], [], color=MUTED, mfc="white", label=say("before: ranges and identities"), **look
    )
    then = Line2D([], [], color=BLUE, label=say("after: with all claims"), **look)
    return [before, then] if after else [before]
