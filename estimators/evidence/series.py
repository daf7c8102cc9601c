"""How quantities run over time: a clock of cells, and the windows that claims speak of."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Literal, get_args

from estimators.evidence.problems import Unfit
from estimators.evidence.quantity import Range

Step = Literal["day", "week", "month", "dates"]
PathName = Literal["random walk", "gaussian process", "spline"]
STEPS: tuple[str, ...] = get_args(Step)
PATHS: tuple[str, ...] = get_args(PathName)

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Series:
    """A clock for quantities that run over time: cells of days, and the law of their rates.

    `start` and `end` are the first and the last day. With step 'dates' a new cell begins on each
    of `dates`. `path` names the law of the log rate over the cells, `length` its length scale in
    days (of a Gaussian process) or the distance of its knots (of a spline); 0 for the default.
    With `shared` the quantities on this clock share shocks. `delay` is the number of days by which
    a figure without an `as_of` may lag behind the day it was published, `delay_held` how much of
    these days' count it holds already (percent).
    """

    id: str
    start: date
    end: date
    step: Step = "week"
    dates: tuple[date, ...] = ()
    path: PathName = "random walk"
    length: float = 0.0
    shared: bool = True
    delay: int = 0
    delay_held: Range | None = None

    def __post_init__(self) -> None:
        """Raise ValueError unless the cells are in order and the names are known."""
        if self.end < self.start:
            wrong = f"it ends ({self.end}) before it starts ({self.start})."
            raise Unfit(wrong, "Write the earlier day under start.", "end")
        if self.step not in STEPS:
            raise Unfit("unknown step.", f"Write one of {', '.join(STEPS)}.", "step")
        if self.path not in PATHS:
            raise Unfit("unknown path.", f"Write one of {', '.join(PATHS)}.", "path")
        if (self.step == "dates") != bool(self.dates):
            remedy = "Give dates with step = 'dates', and with no other step."
            raise Unfit("step 'dates' and dates go together.", remedy, "dates")
        if self.dates and (
            len(set(self.dates)) < len(self.dates)
            or list(self.dates) != sorted(self.dates)
            or not self.start < self.dates[0] <= self.dates[-1] <= self.end
        ):
            remedy = "List each day once, the earliest first, all after start and none after end."
            raise Unfit("its dates are not in order inside start and end.", remedy, "dates")
        if not 0 <= self.length < float("inf"):
            raise Unfit("a length is a number of days.", "Write 0 or more.", "length")
        if self.delay < 0 or bool(self.delay) != (self.delay_held is not None):
            remedy = "Give both delay (days) and delay_held = [low, high] in percent, or neither."
            raise Unfit("delay and delay_held go together.", remedy, "delay")

    @cached_property
    def edges(self) -> tuple[date, ...]:
        """Return the first day of each cell, and the day after the last."""
        inner = self.dates if self.step == "dates" else tuple(self._steps())
        return (self.start, *inner, self.end + _DAY)

    def _steps(self) -> Iterator[date]:
        at = self.start
        while (at := _next(at, self.step, self.start.day)) <= self.end:
            yield at

    def at(self, day: date) -> tuple[int, float]:
        """Return the cell that a day lies in, and the part of it that is over with that day.

        Raises
        ------
        ValueError
            If the day lies outside the series.
        """
        if not self.start <= day <= self.end:
            raise ValueError(f"{day} lies outside {self.start} to {self.end}")
        cell = next(k for k, edge in enumerate(self.edges[1:]) if day < edge)
        first, after = self.edges[cell : cell + 2]
        return cell, ((day - first).days + 1) / (after - first).days


def _next(day: date, step: Step, anchor: int) -> date:
    """Return the day on which the next cell begins; months begin on the day `anchor`."""
    if step != "month":
        return day + (_DAY if step == "day" else 7 * _DAY)
    year, month = day.year + day.month // 12, day.month % 12 + 1
    return date(year, month, min(anchor, calendar.monthrange(year, month)[1]))
