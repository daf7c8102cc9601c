"""The estimate of a quantity over time as it is drawn: a median line and two bands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Literal

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
    """Low, median and high of a quantity over time, for bands of 90% and of 50%.

    `cut` is how many days at the end are left out, since they fill no whole cell.
    """

    series: Series
    wide: pd.DataFrame
    narrow: pd.DataFrame
    kind: Literal["flow", "stock", "new"]
    cut: int = 0

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
        ends = [edge - timedelta(days=1) for edge in self.series.edges[: len(self.wide) + 1]]
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

    def draw(self, ax: Axes, log: bool = False) -> None:
        """Draw the bands and the median: steps where each cell stands alone, else lines.

        Parameters
        ----------
        ax
            The Axes.
        log
            Whether the vertical axis is logarithmic, and so has no zero.
        """
        zero = [0.0] if self.kind == "flow" and not log else []
        at = self.edges if zero else self.edges[1:]
        for table, (_, opacity) in zip((self.wide, self.narrow), _BANDS, strict=True):
            low, median, high = self._of(table)
            look: Any = {"color": BLUE, "alpha": opacity, "lw": 0}
            if self.new:
                ax.stairs(high, self.edges, baseline=low, fill=True, zorder=1, **look)
            else:
                ax.fill_between(at, [*zero, *low], [*zero, *high], zorder=1, **look)
        if self.new:
            ax.stairs(median, self.edges, baseline=None, color=BLUE, lw=1.5, zorder=2)
        else:
            mark: Any = {"marker": "o", "ms": 3.0, "mew": 0.0} if len(median) <= _FEW else {}
            ax.plot(at, [*zero, *median], "-", color=BLUE, lw=1.5, zorder=2, **mark)

    @staticmethod
    def handles() -> tuple[Patch, Patch, Line2D]:
        """Return what a legend shows of the estimate: two bands and a line, one over the other."""
        wide, narrow = (Patch(color=BLUE, alpha=opacity, lw=0) for _, opacity in _BANDS)
        return wide, narrow, Line2D([], [], color=BLUE, lw=1.5)


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
    series = estimate.study.series_of[id]
    cut = _stub(series) if new else 0
    if cut:
        wide, narrow = wide[:-1], narrow[:-1]
    return Curve(series, wide, narrow, kind, cut)


def _stub(series: Series) -> int:
    """Return how many days the last cell has where it is shorter than the others; else 0."""
    least = {"day": 1, "week": 7, "month": 28}.get(series.step, 0)
    days = (series.edges[-1] - series.edges[-2]).days
    return days if days < least and len(series.edges) > 2 else 0
