"""The account: who was held, who was returned, who vanished, over time and with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle

import matplotlib.dates as mdates
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from estimators.evidence.quantity import Balance, PartOf, Quantity, SumOf
from estimators.evidence.study import Study, status
from estimators.inference.estimate import Estimate
from estimators.publish.catalogue import say
from estimators.publish.date_axis import date_formatter
from estimators.publish.escaping import for_figure, plain, shortened, two_lines
from estimators.publish.marks import draw_interval, text_right
from estimators.publish.rounding import Printed
from estimators.publish.said import spoken
from estimators.publish.style import (
    BLUE,
    GREEN,
    MUTED,
    PALETTE,
    RED,
    ROW,
    WIDTH,
    count_axis,
    limits,
    linear_ticks,
    needs_log,
    style,
)
from estimators.publish.units import axis_label

_STOCKS = 2.5  # inches
_MARKERS = "osD^vP"


def plot_account(estimate: Estimate) -> tuple[Axes, ...]:
    """Return Axes with the stocks of a study over time and with its flows in their order.

    Parameters
    ----------
    estimate
        The estimate.

    Raises
    ------
    ValueError
        If the study has neither a dated stock nor a flow that a claim speaks of.

    Notes
    -----
    Lines are 90% intervals, their thick part 50%. Stocks tied by balances are joined. Of the
    flows, sums and parts are left out, except parts in the headline, which stand below their whole.
    An open diamond marks what no claim speaks of itself.
    """
    series, flows = stock_series(estimate.study), flows_shown(estimate.study)
    if not series and not flows:
        raise ValueError("this study has neither a dated stock nor a flow with a claim to draw")
    heights = [_STOCKS] * bool(series) + [0.8 + ROW * len(flows)] * bool(flows)
    with style():
        figure = plt.figure(figsize=(WIDTH, sum(heights) + 0.4), layout="constrained")
        grid = figure.subplots(len(heights), 1, height_ratios=heights, squeeze=False)
        axes = tuple(grid[:, 0])
        if series:
            _draw_stocks(axes[0], estimate, series)
        if flows:
            _draw_flows(axes[-1], estimate, flows)
    return axes


def stock_series(study: Study) -> list[list[str]]:
    """Return the dated stocks in order of time, those tied by balances together.

    Parameters
    ----------
    study
        The study.
    """
    chain = {q.id: q.id for q in study.quantities if q.measure == "stock" and q.when}
    for balance in study.identities:
        if isinstance(balance, Balance) and {balance.before, balance.after} <= chain.keys():
            old, new = chain[balance.before], chain[balance.after]
            chain = {id: new if head == old else head for id, head in chain.items()}
    found: dict[str, list[str]] = {}
    for id in sorted(chain, key=lambda id: _day(study.by_id[id])):
        found.setdefault(chain[id], []).append(id)
    return list(found.values())


def flows_shown(study: Study) -> list[tuple[str, bool]]:
    """Return the flows to draw in order of time, each with whether it is a part of the one before.

    Parameters
    ----------
    study
        The study.
    """
    wholes = [q for q in study.quantities if _is_whole_flow(study, q)]
    shown: list[tuple[str, bool]] = []
    for whole in sorted(wholes, key=_day):
        shown.append((whole.id, False))
        shown += [(part, True) for part in _headline_parts(study, whole.id)]
    return shown


def _is_whole_flow(study: Study, quantity: Quantity) -> bool:
    claimed = status(study, quantity.id) == "claimed" or quantity.id in study.headline
    split = quantity.id in study.identity_of and not isinstance(
        study.identity_of[quantity.id], Balance
    )
    derived = isinstance(quantity.rule, PartOf | SumOf)
    return quantity.measure == "flow" and bool(quantity.when) and claimed and not (split or derived)


def _headline_parts(study: Study, whole: str) -> list[str]:
    return [
        id
        for id in study.headline
        if isinstance(rule := study.by_id[id].rule, PartOf) and rule.whole == whole
    ]


def _day(quantity: Quantity) -> tuple[object, str]:
    assert quantity.when is not None
    return quantity.when.middle, quantity.id


def _draw_stocks(ax: Axes, estimate: Estimate, series: Sequence[Sequence[str]]) -> None:
    """Draw each stock at its date, with those tied by balances joined by a line."""
    shown: list[float] = []
    for ids, colour, marker in zip(series, cycle(PALETTE), cycle(_MARKERS), strict=False):
        days = _apart([_date(estimate.study.by_id[id]) for id in ids])
        ax.plot(days, [estimate.interval(i)[1] for i in ids], "-", color=colour, lw=0.8, alpha=0.6)
        for day, id in zip(days, ids, strict=True):
            shown += _draw_stock(ax, estimate, id, day, colour, marker)
    label = _common_label(estimate.study, series)
    ax.set_title(say("{label}, with 50% and 90% intervals", label=label))
    _vertical_axis(ax, shown, estimate.study.unit_of(*(i for ids in series for i in ids)))
    locator = mdates.AutoDateLocator(minticks=3, maxticks=7)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(date_formatter(locator))
    if len(series) > 1:
        names = [for_figure(plain(estimate.study.by_id[ids[-1]].label)) for ids in series]
        _series_legend(ax, names)


def _apart(days: list[float]) -> list[float]:
    """Return the days with those that would be drawn over each other moved a little apart."""
    gap = 0.03 * (max(days) - min(days))
    moved = list(days)
    for later in range(1, len(moved)):
        short = gap - (moved[later] - moved[later - 1])
        if short > 0:
            moved[later - 1] -= short / 2.0
            moved[later] += short / 2.0
    return moved


def _draw_stock(
    ax: Axes, estimate: Estimate, id: str, day: float, colour: str, marker: str
) -> list[float]:
    low, median, high = estimate.interval(id)
    inner = estimate.interval(id, 0.5)
    claimed = status(estimate.study, id) == "claimed"
    ax.plot([day, day], [low, high], "-", color=colour, lw=1.2)
    ax.plot([day, day], [inner[0], inner[2]], "-", color=colour, lw=4, solid_capstyle="butt")
    face = colour if claimed else "white"
    ax.plot(day, median, marker, color=colour, mfc=face, mec="white" if claimed else colour, ms=6)
    return [low, high]


def _vertical_axis(ax: Axes, shown: list[float], unit: str) -> None:
    top = max(shown) * 1.06
    ax.set_ylim(0.0, top)
    ticks = linear_ticks(0.0, top, 6)
    ax.set_yticks(ticks, [f"{tick:,.10g}" for tick in ticks])
    ax.set_ylabel(axis_label(unit))


def _common_label(study: Study, series: Sequence[Sequence[str]]) -> str:
    """Return the words that the labels of one series share: 'Held in China'; else 'Stocks'."""
    labels = [plain(study.by_id[id].label).split() for ids in series for id in ids]
    shared: list[str] = []
    for words in zip(*labels, strict=False):
        if len(set(words)) > 1:
            break
        shared.append(words[0])
    while shared and shared[-1].lower() in ("in", "on", "at", "by", "just", "the"):
        shared.pop()
    return for_figure(shortened(" ".join(shared), 44)) or say("Stocks")


def _series_legend(ax: Axes, names: Sequence[str]) -> None:
    looks = zip(names, cycle(PALETTE), cycle(_MARKERS), strict=False)
    handles = [Line2D([], [], color=c, marker=m, label=shortened(n, 60)) for n, c, m in looks]
    ax.legend(handles=handles, loc="best")


def _draw_flows(ax: Axes, estimate: Estimate, flows: Sequence[tuple[str, bool]]) -> None:
    """Draw one row a flow, the parts of a flow below it."""
    shown = [end for id, _ in flows for end in estimate.interval(id)[::2]]
    log = needs_log(shown)
    count_axis(ax, *limits(shown, log), log)
    for row, (id, is_part) in enumerate(flows):
        low, median, high = estimate.interval(id)
        inner = estimate.interval(id, 0.5)
        claimed = status(estimate.study, id) == "claimed"
        colour = GREEN if is_part else RED
        draw_interval(ax, row, (low, high), median, inner=inner[::2], colour=colour, filled=claimed)
        printed = Printed.of((low, median, high))
        text_right(ax, row, printed.ends, say("median {middle}", middle=printed.middle), BLUE)
    names = [_flow_name(estimate.study, id, is_part) for id, is_part in flows]
    ax.set_yticks(range(len(flows)), names, fontsize=7.5)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x", color=MUTED, lw=0.3, alpha=0.4)
    ax.set_ylim(len(flows) - 0.4, -0.6)
    ax.set_xlabel(axis_label(estimate.study.unit_of(*(id for id, _ in flows)), log))
    ax.set_title(say("Flows, in order of time"))


def _flow_name(study: Study, id: str, is_part: bool) -> str:
    """Return a flow's label, and its date or whole where there is a line left."""
    quantity = study.by_id[id]
    assert quantity.when is not None
    label = two_lines(quantity.label)
    if "\n" in label:
        return label
    part = say("of these") if status(study, id) == "claimed" else say("of these (share assumed)")
    return f"{label}\n{part if is_part else spoken(quantity.when)}"


def _date(quantity: Quantity) -> float:
    assert quantity.when is not None
    return float(mdates.date2num(quantity.when.middle))
