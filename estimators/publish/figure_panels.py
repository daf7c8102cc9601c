"""All quantities of a study that run over time, side by side on one page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator

from estimators.evidence.study import Study
from estimators.inference.estimate import Estimate
from estimators.publish.catalogue import say
from estimators.publish.date_axis import date_formatter
from estimators.publish.escaping import for_figure, plain
from estimators.publish.figure_series import draw_scene
from estimators.publish.scene import Scene, scene
from estimators.publish.style import MUTED, SMALLEST, WIDTH, style
from estimators.publish.time_legend import handles_of_scene, legend_under
from estimators.publish.time_marks import Handles
from estimators.publish.widths import wrapped

_ACROSS = ((1, 1), (4, 2), (12, 3))  # up to so many panels, so many side by side
_MOST_ACROSS = 4
_NAMES = {1: 80, 2: 46, 3: 28}  # characters that fit above a panel
_LEAST_NAME = 23
_LEFT = {3: -0.14, 4: -0.19}  # where a title begins, as a part of the Axes


def plot_all_series(
    estimate: Estimate, ids: Sequence[str] | None = None, *, new: bool = False
) -> tuple[Axes, ...]:
    """Return Axes, one for each quantity that runs over time, with the claims on each.

    Parameters
    ----------
    estimate
        The estimate.
    ids
        The quantities; all that run over time if not given.
    new
        Draw what came in each cell of time, not the count so far; stocks are left out then.

    Raises
    ------
    ValueError
        If no quantity runs over time, or one of those asked for does not.

    Notes
    -----
    Panels are drawn as in `plot_series`, each on a scale of its own. Where one needs a logarithmic
    scale all have one, so that slopes can be compared.
    """
    shown = running(estimate.study, new) if ids is None else tuple(ids)
    if not shown:
        raise ValueError("no quantity of this study runs over time")
    scenes = [scene(estimate, id, new) for id in shown]
    log = any(made.log for made in scenes)
    across = next((n for most, n in _ACROSS if len(shown) <= most), _MOST_ACROSS)
    handles = _handles(scenes)
    with style():
        axes = _grid(len(shown), across, len(handles))
        for ax, made in zip(axes, scenes, strict=True):
            _panel(ax, made, log, across)
        legend_under(axes[0], handles, own=True)
    return axes


def running(study: Study, new: bool = False) -> tuple[str, ...]:
    """Return the quantities that run over time, in the order of the study.

    Parameters
    ----------
    study
        The study.
    new
        Whether stocks are left out.
    """
    return tuple(
        quantity.id
        for quantity in study.quantities
        if quantity.id in study.series_of and not (new and quantity.measure == "stock")
    )


def _grid(number: int, across: int, entries: int) -> tuple[Axes, ...]:
    down = -(-number // across)
    height = {1: 2.6, 2: 2.1, 3: 1.6}.get(across, 1.13) * down + 0.2 + 0.19 * -(-entries // 3)
    figure = plt.figure(figsize=(WIDTH, height), layout="constrained")
    grid = figure.subplots(down, across, squeeze=False).ravel()
    for ax in grid[number:]:
        ax.set_visible(False)
    return tuple(grid[:number])


def _panel(ax: Axes, made: Scene, log: bool, across: int) -> None:
    """Draw one panel with a title of two lines, few ticks and small print."""
    draw_scene(ax, made, log, ticks=4, scale={1: 1.0, 2: 0.8, 3: 0.65}.get(across, 0.5))
    width = _NAMES.get(across, _LEAST_NAME)
    name = plain(made.study.by_id[made.id].label)
    lines = [for_figure(line) for line in wrapped(name, width, most=2)]
    title: dict[str, Any] = {"linespacing": 1.05, "pad": 3}
    title |= {"fontsize": SMALLEST, "x": _LEFT[across]} if across > 2 else {"fontsize": 8.0}
    ax.set_title("\n".join(lines), **title)
    ax.tick_params(labelsize=SMALLEST, length=2, pad=1.5)
    locator = AutoDateLocator(minticks=2, maxticks=4)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(date_formatter(locator, show_offset=False))
    for line in ax.lines:
        line.set_linewidth(min(line.get_linewidth(), 1.0 if across > 2 else 1.3))
    ax.spines[["left", "bottom"]].set_color(MUTED)


def _handles(scenes: Sequence[Scene]) -> Handles:
    """Return the legend's entries of all panels, each once: the estimate, sources, wordings."""
    found: Handles = {}
    for made in scenes:
        found |= {k: v for k, v in handles_of_scene(made).items() if k not in found}
    ranks = {name: n for n, name in enumerate(_order(scenes))}
    return dict(sorted(found.items(), key=lambda entry: ranks.get(entry[0], len(ranks))))


def _order(scenes: Sequence[Scene]) -> list[str]:
    """Return names in the order of the legend, as far as they have one."""
    return [say("estimate, 50% and 90%"), *dict.fromkeys(n for made in scenes for n in made.looks)]
