"""The account as a picture of flows: what comes in, what it becomes, each with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch, Polygon, Rectangle
from matplotlib.path import Path

from estimators.inference.estimate import Estimate
from estimators.publish.catalogue import say
from estimators.publish.escaping import for_figure
from estimators.publish.flow_blocks import Block, Entry, blocks_of
from estimators.publish.rounding import Printed
from estimators.publish.style import (
    BLUE,
    DARK_RED,
    FAINT,
    MUTED,
    RED,
    TEXT,
    WIDTH,
    figure_of,
    style,
)
from estimators.publish.widths import weight_of, wrapped

# Inches. Text stands to the left of _TIPS[0] and to the right of _TIPS[1]; ribbons meet between.
_TIPS = (2.05, 4.25)
_WAIST = (2.95, 3.35)
_MARK = 0.11  # how wide a box is, and how long the head of an arrow
_ROW, _TEXT_LINE = 0.14, 0.125
_BETWEEN = 0.26  # blocks
_THICK, _FULL = 0.95, 0.72  # a waist is at most so thick, and such a part of its block
_LETTERS = 31


@dataclass(frozen=True)
class Slot:
    """Where an entry stands: the middle of its text and tip, and its part of the waist."""

    entry: Entry
    lines: tuple[str, ...]
    tip: float
    thick: float
    top: float


def plot_flows(estimate: Estimate) -> Axes:
    """Return Axes with the account as flows: stocks as boxes, flows as arrows, with intervals.

    Parameters
    ----------
    estimate
        The estimate.

    Raises
    ------
    ValueError
        If no quantities of the study add up to others.

    Notes
    -----
    In each block what stands on the left adds up to what stands on the right. Ribbons are as wide
    as medians, on a scale of its own in each block. Numbers are 90% intervals. Marks are open
    where no claim speaks of the number itself. Of a large study only the headline is drawn.
    """
    blocks = blocks_of(estimate)
    if not blocks:
        raise ValueError("no quantities of this study add up to others: there is no flow to draw")
    heights = [_height(block) for block in blocks]
    total = sum(heights) + _BETWEEN * len(blocks) + 0.1
    with style():
        figure = plt.figure(figsize=(WIDTH, total + 0.75), layout="constrained")
        ax = figure.add_subplot()
        ax.set(xlim=(0.0, WIDTH), ylim=(total, 0.0), xticks=[], yticks=[])
        ax.set_axis_off()
        top = 0.1
        for block, height in zip(blocks, heights, strict=True):
            _draw_block(ax, block, top, height)
            top += height + _BETWEEN
            ax.axhline(top - _BETWEEN / 2.0, color=FAINT, lw=0.6)
        title = say("What adds up to what (90% intervals)")
        figure.suptitle(title, x=0.01, ha="left", fontsize=9.5, fontweight=weight_of(title))
        figure_of(ax).legend(handles=_handles(), loc="outside lower left", ncols=4)
    return ax


def _lines(entry: Entry) -> tuple[str, ...]:
    """Return an entry's name on two lines at most, and its interval."""
    name = wrapped(entry.name, _LETTERS, most=2)
    return (*map(for_figure, name), Printed.of((entry.low, entry.median, entry.high)).ends)


def _texts(side: Sequence[Entry]) -> float:
    return sum(_ROW + _TEXT_LINE * len(_lines(entry)) for entry in side)


def _waist(block: Block) -> float:
    """Return how thick a block is where its ribbons meet."""
    return min(_THICK, _FULL * max(map(_texts, (block.left, block.right))))


def _needs(side: Sequence[Entry], waist: float) -> list[float]:
    """Return how high each entry has to be, for its text and for its ribbon."""
    ribbons = [waist * entry.median / _whole(side) + _ROW for entry in side]
    return [max(_texts([entry]), ribbon) for entry, ribbon in zip(side, ribbons, strict=True)]


def _whole(side: Sequence[Entry]) -> float:
    return sum(entry.median for entry in side) or 1.0


def _height(block: Block) -> float:
    waist = _waist(block)
    return max(sum(_needs(side, waist)) for side in (block.left, block.right))


def _slots(side: Sequence[Entry], waist: float, top: float, height: float) -> list[Slot]:
    """Return where the entries of one side stand: texts spread out, ribbons side by side."""
    needs = _needs(side, waist)
    room = (height - sum(needs)) / len(side)
    found, at, edge = [], top, top + (height - waist) / 2.0
    for entry, need in zip(side, needs, strict=True):
        thick = waist * entry.median / _whole(side)
        found.append(Slot(entry, _lines(entry), at + (need + room) / 2.0, thick, edge))
        at, edge = at + need + room, edge + thick
    return found


def _draw_block(ax: Axes, block: Block, top: float, height: float) -> None:
    waist, (left, right) = _waist(block), _WAIST
    corner = (left, top + (height - waist) / 2.0)
    ax.add_patch(Rectangle(corner, right - left, waist, fc=MUTED, alpha=0.16, lw=0))
    for number, side in enumerate((block.left, block.right)):
        for slot in _slots(side, waist, top, height):
            _draw_ribbon(ax, slot, number)
            _draw_tip(ax, slot, number)
            _write(ax, slot, number)


def _draw_ribbon(ax: Axes, slot: Slot, side: int) -> None:
    """Draw the ribbon from an entry's tip to the waist of its block."""
    tip, waist = _TIPS[side], _WAIST[side]
    bend = (tip + waist) / 2.0
    low, high = slot.tip - slot.thick / 2.0, slot.tip + slot.thick / 2.0
    below, above = slot.top, slot.top + slot.thick
    points = [
        *((tip, low), (bend, low), (bend, below), (waist, below)),
        *((waist, above), (bend, above), (bend, high), (tip, high), (tip, low)),
    ]
    curve = [Path.CURVE4] * 3
    codes = [Path.MOVETO, *curve, Path.LINETO, *curve, Path.CLOSEPOLY]
    colour = BLUE if slot.entry.side == "stock" else RED
    ax.add_patch(PathPatch(Path(points, codes), fc=colour, alpha=0.22, lw=0))
    middle = (below + above) / 2.0
    line = [(tip, slot.tip), (bend, slot.tip), (bend, middle), (waist, middle)]
    ax.add_patch(PathPatch(Path(line, [Path.MOVETO, *curve]), fc="none", ec=colour, lw=0.6))


def _draw_tip(ax: Axes, slot: Slot, side: int) -> None:
    """Draw a box for a stock, the head of an arrow for a flow; open where no claim speaks of it."""
    tip, half = _TIPS[side], max(slot.thick / 2.0, 0.055)
    is_stock = slot.entry.side == "stock"
    colour = BLUE if is_stock else RED
    face = colour if slot.entry.claimed else "white"
    look: Any = {"fc": face, "ec": colour, "lw": 1.0, "zorder": 4}
    if is_stock:
        left = tip - _MARK if side == 0 else tip
        ax.add_patch(Rectangle((left, slot.tip - half), _MARK, 2 * half, **look))
        return
    back = tip - _MARK if side == 0 else tip
    head = [(back, slot.tip - half), (back + _MARK, slot.tip), (back, slot.tip + half)]
    ax.add_patch(Polygon(np.asarray(head), closed=True, **look))


def _write(ax: Axes, slot: Slot, side: int) -> None:
    """Write an entry's name and interval beside its tip, away from the ribbons."""
    at = _TIPS[side] + (-_MARK - 0.07, _MARK + 0.07)[side]
    place = ("right", "left")[side]
    first = slot.tip - _TEXT_LINE * (len(slot.lines) - 1) / 2.0
    colour = BLUE if slot.entry.side == "stock" else DARK_RED
    for number, line in enumerate(slot.lines):
        look: Any = {"color": TEXT}
        if number == len(slot.lines) - 1:
            look = {"color": colour, "fontweight": "bold"}
        y = first + number * _TEXT_LINE
        ax.text(at, y, line, ha=place, va="center", fontsize=7.2, **look)


def _handles() -> list[Patch | Line2D]:
    return [
        Patch(fc=BLUE, ec=BLUE, label=say("number at a date")),
        Line2D([], [], ls="none", marker=">", color=RED, ms=7, label=say("flow")),
        Patch(fc="white", ec=MUTED, label=say("open: no claim of its own")),
    ]
