"""What would change the answer: each source left out, each prior changed, and what sources hide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from estimators.evidence.study import Study
from estimators.inference.estimate import Estimate, quantiles
from estimators.inference.sensitivity import Sensitivity
from estimators.publish.catalogue import retold, say, say_many
from estimators.publish.escaping import for_figure, plain, shortened
from estimators.publish.marks import draw_interval, text_right
from estimators.publish.rounding import Printed
from estimators.publish.style import (
    BLUE,
    FAINT,
    GREEN,
    MUTED,
    ORANGE,
    PURPLE,
    RED,
    TEXT,
    WIDTH,
    count_axis,
    entitle,
    figure_of,
    limits,
    needs_log,
    new_axes,
    style,
)
from estimators.publish.units import axis_label

COLOURS = {
    "origin": BLUE,
    "network": GREEN,
    "class": TEXT,
    "scenario": ORANGE,
    "anchor": ORANGE,
    "early error": RED,
    "prior": PURPLE,
}
LEFT_OUT = ("origin", "network", "class")
_HEIGHT = 0.25  # inches a row
_NAME = 34


@dataclass(frozen=True)
class Bar:
    """One row: what is said of it, what it changes, its kind, interval and whether it converged."""

    run: str
    name: str
    kind: str
    interval: tuple[float, float, float]
    converged: bool = True


def plot_sensitivity(
    changes: Sensitivity, id: str, ax: Axes | None = None, *, most: int = 30
) -> Axes:
    """Return Axes with one row a changed fit of a quantity, by kind of change.

    Parameters
    ----------
    changes
        The changed fits.
    id
        The quantity.
    ax
        Axes to draw on; new ones if not given.
    most
        How many rows at most; those that change least are left out and counted.

    Raises
    ------
    ValueError
        If there is no changed fit of this quantity.
    """
    headline, bars = headline_of(changes, id), _bars(changes, id)
    shown = _strongest(bars, headline, most)
    with style():
        own, ax = ax is None, new_axes(1.3 + _HEIGHT * len(shown), ax)
        entitle(ax, say("If one thing is changed (90% interval and median)"), own)
        _draw_bars(ax, shown, headline)
        if len(bars) > len(shown):
            _note(ax, len(bars) - len(shown))
    return ax


def headline_of(changes: Sensitivity, id: str) -> float:
    """Return the median of the headline fit, against which the shifts are measured.

    Parameters
    ----------
    changes
        The changed fits.
    id
        The quantity.

    Raises
    ------
    ValueError
        If there is no changed fit of this quantity.
    """
    rows = changes.of(id)
    if rows.empty:
        raise ValueError(f"there is no changed fit of {id!r}; it was not among the quantities")
    return float((rows["median"] / rows["shift"]).median())


def plot_sources(
    estimate: Estimate, changes: Sensitivity | None, id: str, *, most: int = 24
) -> tuple[Axes, ...]:
    """Return two Axes: what each source adds to a quantity, and what it hides or inflates.

    Parameters
    ----------
    estimate
        The estimate.
    changes
        Changed fits; without them there is only the second of the two.
    id
        The quantity.
    most
        How many rows at most; those that change least are left out and counted.

    Notes
    -----
    To the left the estimate without a source, against the shaded headline interval. To the right
    the source's own error, as a factor on what it says: above 1 it says more than all evidence
    together bears out, below 1 less. Classes and origins have one error each; a network has one
    for each quantity.
    """
    rows = _source_rows(estimate, changes, id)
    shown = _strongest(rows, estimate.interval(id)[1], most)
    with style():
        figure = plt.figure(figsize=(WIDTH, 1.45 + _HEIGHT * len(shown)), layout="constrained")
        panels = (1.25, 1.0)[changes is None :]
        axes = tuple(figure.subplots(1, len(panels), width_ratios=panels, squeeze=False)[0])
        _draw_errors(axes[-1], estimate, id, shown)
        if changes is not None:
            _draw_without(axes[0], estimate, id, shown)
        _rows(axes[-1], [""] * len(shown))
        _rows(axes[0], [for_figure(_source_name(estimate.study, bar)) for bar in shown])
        if len(rows) > len(shown):
            _note(axes[0], len(rows) - len(shown))
    return axes


def _source_rows(estimate: Estimate, changes: Sensitivity | None, id: str) -> list[Bar]:
    """Return the runs without a source; without any, the origins and classes that spoke of it."""
    if changes is not None:
        return [bar for bar in _bars(changes, id) if bar.kind in LEFT_OUT]
    study, interval = estimate.study, estimate.interval(id)
    mine = [c for c in study.readings if c.quantity == id] or list(study.readings)
    origins = dict.fromkeys(c.origin for c in mine)
    classes = dict.fromkeys(study.source_by_id[c.origin].source_class for c in mine)
    named = [(name, "origin") for name in origins] + [(name, "class") for name in classes]
    return [Bar("", name, kind, interval) for name, kind in named]


def _bars(changes: Sensitivity, id: str) -> list[Bar]:
    rows = changes.of(id).to_dict("records")
    return [
        Bar(
            str(row["run"]),
            str(row["name"]),
            str(row["kind"]),
            (float(row["low"]), float(row["median"]), float(row["high"])),
            bool(row["converged"]),
        )
        for row in rows
    ]


def _strongest(bars: Sequence[Bar], headline: float, most: int) -> list[Bar]:
    """Return the bars that change most, by kind and within a kind from strong to weak."""
    kinds = list(COLOURS)
    ranked = sorted(bars, key=lambda bar: -_change(bar, headline))
    others = [bar for bar in bars if bar.kind not in LEFT_OUT]
    room = max(most - len(others), 0)
    kept = others + [bar for bar in ranked if bar.kind in LEFT_OUT][:room]
    return sorted(kept, key=lambda bar: (kinds.index(bar.kind), -_change(bar, headline)))


def _change(bar: Bar, headline: float) -> float:
    median = bar.interval[1]
    return abs(log(median / headline)) if median > 0 and headline > 0 else 0.0


def _draw_bars(ax: Axes, bars: Sequence[Bar], headline: float) -> None:
    """Draw one row a changed fit, with its interval as text to the right."""
    ends = [end for bar in bars for end in bar.interval[::2]]
    scale = needs_log(ends)
    count_axis(ax, *limits(ends, scale), scale)
    ax.axvline(headline, color=MUTED, lw=0.9, ls=(0, (4, 3)), zorder=1)
    for row, bar in enumerate(bars):
        _draw_bar(ax, row, bar)
        text_right(ax, row, Printed.of(bar.interval).ends)
    _rows(ax, [for_figure(_titled(bar)) for bar in bars])
    ax.set_xlabel(
        say("logarithmic; dashed: the headline median")
        if scale
        else say("dashed: the headline median")
    )


def _draw_bar(ax: Axes, row: int, bar: Bar) -> None:
    low, median, high = bar.interval
    draw_interval(ax, row, (low, high), median, colour=COLOURS[bar.kind], filled=bar.converged)


def _titled(bar: Bar) -> str:
    end = "" if bar.converged else say(" (not converged)")
    return shortened(retold(plain(bar.run)), _NAME + 6 - len(end) // 2) + end


def _rows(ax: Axes, names: Sequence[str]) -> None:
    ax.set_yticks(range(len(names)), names, fontsize=7.5)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(names) - 0.4, -0.6)


def _draw_without(ax: Axes, estimate: Estimate, id: str, bars: Sequence[Bar]) -> None:
    """Draw the estimate without each source, against the shaded headline interval."""
    low, median, high = estimate.interval(id)
    ends = [low, high, *(end for bar in bars for end in bar.interval[::2])]
    scale = needs_log(ends)
    count_axis(ax, *limits(ends, scale), scale)
    ax.axvspan(low, high, color=FAINT, alpha=0.45, lw=0, zorder=0)
    ax.axvline(median, color=MUTED, lw=0.9, ls=(0, (4, 3)), zorder=1)
    for row, bar in enumerate(bars):
        _draw_bar(ax, row, bar)
    ax.set_xlabel(
        say(
            "{unit} without it\n(band: with all)",
            unit=axis_label(estimate.study.unit_of(id)),
        )
    )
    ax.set_title(say("Adds"))


def _source_name(study: Study, bar: Bar) -> str:
    name = study.source_by_id[bar.name].name if bar.kind == "origin" else retold(bar.name)
    start = "" if bar.kind == "origin" else f"{retold(bar.kind)}: "
    return shortened(f"{start}{plain(name)}", _NAME)


def _draw_errors(ax: Axes, estimate: Estimate, id: str, bars: Sequence[Bar]) -> None:
    """Draw the posterior of each source's error as a factor; nothing where it has none."""
    error = estimate.tree["posterior"]["error"]
    known = {str(name): place for place, name in enumerate(np.asarray(error["effect"]))}
    found = {row: _factor(error, known, bar, id) for row, bar in enumerate(bars)}
    factors = {row: factor for row, factor in found.items() if factor}
    ends = [1.0, 1.5, 1 / 1.5, *(end for factor in factors.values() for end in factor)]
    count_axis(ax, *limits(ends, True), True)
    ax.axvline(1.0, color=MUTED, lw=0.9, ls=(0, (4, 3)), zorder=1)
    for row, (low, median, high) in factors.items():
        draw_interval(ax, row, (low, high), median, colour=COLOURS[bars[row].kind])
    ax.set_xlabel(say("factor on what it says"))
    ax.set_title(say("Hides or inflates"))


def _factor(
    error: Any, known: dict[str, int], bar: Bar, id: str
) -> tuple[float, float, float] | None:
    """Return the interval of a source's error as a factor on what it says."""
    name = f"network {bar.name} on {id}" if bar.kind == "network" else f"{bar.kind} {bar.name}"
    for effect in (name, f"{name} (share)"):
        if effect in known:
            drawn = np.asarray(error.isel(effect=known[effect]).values)
            low, median, high = quantiles(drawn)
            return exp(low), exp(median), exp(high)
    return None


def _note(ax: Axes, left: int) -> None:
    text = say(
        "{fits} without a source changed the median less than these.",
        fits=say_many("{number} further fit", "{number} further fits", left),
    )
    figure_of(ax).supxlabel(text, x=0.01, ha="left", fontsize=7, color=MUTED)
