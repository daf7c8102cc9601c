"""The estimate of a quantity over time as it is drawn: a median line and two bands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from estimators.evidence.series import Series
from estimators.inference.estimate import Estimate
from estimators.inference.over_time import over_time
from estimators.publish.style import BLUE

type Array = npt.NDArray[np.float64]

_FEW = 12  # cells whose ends are marked
_BANDS = ((0.9, 0.13), (0.5, 0.24))  # probability, opacity


@dataclass(frozen=True, eq=False)
class Curve:
    """Low, median and high of a quantity over time, for bands of 90% and of 50%."""

    series: Series
    wide: pd.DataFrame
    narrow: pd.DataFrame
    kind: Literal["flow", "stock", "new"]

    @property
    def new(self) -> bool:
        """Return whether each cell is shown alone."""
        return self.kind == "new"

    @property
    def days(self) -> list[date]:
        """Return the last day of each cell."""
        return list(self.wide.index)

    @cached_property
    def edges(self) -> Array:
        """Return where cells begin and end; a day ends where its date stands."""
        ends = [edge - timedelta(days=1) for edge in self.series.edges]
        return np.asarray(date2num(ends), dtype=float)

    @property
    def last(self) -> tuple[float, float, float]:
        """Return low, median and high at the end."""
        low, median, high = (float(column[-1]) for column in self._of(self.wide))
        return low, median, high

    @property
    def shown(self) -> list[float]:
        """Return the numbers that have to be seen."""
        low, _, high = self._of(self.wide)
        return [*low.tolist(), *high.tolist()]

    def _of(self, table: pd.DataFrame) -> tuple[Array, Array, Array]:
        names = [f"new_{end}" if self.new else end for end in ("low", "median", "high")]
        low, median, high = (table[name].to_numpy(dtype=float) for name in names)
        return low, median, high

    def draw(self, ax: Axes) -> None:
        """Draw the bands and the median: steps where each cell stands alone, else lines.

        Parameters
        ----------
        ax
            The Axes.
        """
        for table, (_, opacity) in zip((self.wide, self.narrow), _BANDS, strict=True):
            low, median, high = self._of(table)
            look = {"color": BLUE, "alpha": opacity, "lw": 0}
            if self.new:
                ax.stairs(high, self.edges, baseline=low, fill=True, zorder=1, **look)
            else:
                ends = self._from_zero
                ax.fill_between(self._at, [*ends, *low], [*ends, *high], zorder=1, **look)
        self._draw_median(ax, median)

    def _draw_median(self, ax: Axes, median: Array) -> None:
        if self.new:
            ax.stairs(median, self.edges, baseline=None, color=BLUE, lw=1.5, zorder=2)
            return
        mark = {"marker": "o", "ms": 3.0, "mew": 0.0} if len(median) <= _FEW else {}
        numbers = [*self._from_zero, *median]
        ax.plot(self._at, numbers, "-", color=BLUE, lw=1.5, zorder=2, **mark)

    @property
    def _at(self) -> Array:
        """Return the days at which the count so far is known: from its start on."""
        return self.edges if self._from_zero else self.edges[1:]

    @property
    def _from_zero(self) -> list[float]:
        return [0.0] if self.kind == "flow" else []

    def handles(self) -> list[Line2D | Patch]:
        """Return the entries of the legend for the estimate."""
        line = Line2D([], [], color=BLUE, lw=1.5, label="estimate: median")
        bands = [
            Patch(color=BLUE, alpha=alpha, lw=0, label=f"{level:.0%} interval")
            for level, alpha in ((0.5, 0.34), (0.9, 0.13))
        ]
        return [line, *bands]


def curve_of(estimate: Estimate, id: str, new: bool = False) -> Curve:
    """Return a quantity over time as it is drawn.

    Parameters
    ----------
    estimate
        The estimate.
    id
        A quantity that runs over time.
    new
        Whether each cell is shown alone.

    Raises
    ------
    ValueError
        If it does not run over time, or what is new is asked of a stock.
    """
    wide, narrow = (over_time(estimate, id, level) for level, _ in _BANDS)
    is_stock = "new_low" not in wide
    if is_stock and new:
        raise ValueError(f"{id!r} is a stock: nothing of it is new in a cell. Leave out new=True")
    kind: Literal["flow", "stock", "new"] = "new" if new else "stock" if is_stock else "flow"
    return Curve(estimate.study.series_of[id], wide, narrow, kind)
