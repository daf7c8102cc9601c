"""How quantities run over time: a clock of cells, and the windows that claims speak of."""

from __future__ import annotations

import calendar
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import islice, pairwise
from typing import Literal, get_args

from estimators.evidence.claim import Claim
from estimators.evidence.problems import Unfit
from estimators.evidence.quantity import Range
from estimators.evidence.when import When

Step = Literal["day", "week", "month", "dates"]
PathName = Literal["random walk", "gaussian process", "spline"]
STEPS: tuple[str, ...] = get_args(Step)
PATHS: tuple[str, ...] = get_args(PathName)

_DAY = timedelta(days=1)
_DAYS = {"day": 1, "week": 7}


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
        object.__setattr__(self, "dates", tuple(self.dates))
        for wrong in unfit(self.start, self.end, self.step, self.dates):
            raise wrong
        for wrong in unfit_law(self.path, self.length, self.delay, self.delay_held):
            raise wrong

    @cached_property
    def edges(self) -> tuple[date, ...]:
        """Return the first day of each cell, and the day after the last."""
        inner = self.dates if self.step == "dates" else tuple(self._steps())
        return (self.start, *inner, self.end + _DAY)

    @property
    def cells(self) -> int:
        """Return how many cells it has, without making them."""
        if self.step == "dates":
            return len(self.dates) + 1
        if self.step == "month":
            first, last = self.start, self.end
            months = 12 * (last.year - first.year) + last.month - first.month
            return months + (last >= _in_month(last.year, last.month, first.day))
        return (self.end - self.start).days // _DAYS[self.step] + 1

    def _steps(self) -> Iterator[date]:
        at = self.start
        while (at := _next(at, self.step, self.start.day)) <= self.end:
            yield at

    def holds(self, day: date) -> bool:
        """Return whether a day lies in the series."""
        return self.start <= day <= self.end

    def at(self, day: date) -> tuple[int, float]:
        """Return the cell that a day lies in, and the part of it that is over with that day.

        Raises
        ------
        ValueError
            If the day lies outside the series.
        """
        if not self.holds(day):
            raise ValueError(f"{day} lies outside {self.start} to {self.end}")
        cell = bisect_right(self.edges, day) - 1
        first, after = self.edges[cell : cell + 2]
        return cell, ((day - first).days + 1) / (after - first).days


def window(claim: Claim, series: Series, is_stock: bool) -> When | None:
    """Return the days that a claim on a series counts, None where it ends before it begins.

    Parameters
    ----------
    claim
        A claim on a quantity that runs on the series.
    series
        Its clock: without `since` a claim counts from its start.
    is_stock
        Whether people in a state on one day are counted, the last that the claim speaks for.
    """
    last = claim.speaks_for.end
    first = claim.since.start if claim.since else series.start
    if is_stock:
        return When(last, last)
    return When(first, last) if first <= last else None


def unfit(start: date, end: date, step: str, dates: tuple[date, ...]) -> Iterator[Unfit]:
    """Yield why these cannot be the cells of a series."""
    named = [("start", start), ("end", end), *(("dates", day) for day in dates)]
    strange = [(column, day) for column, day in named if type(day) is not date]
    for column, day in strange:  # a datetime is a date for Python, but no day
        wrong, remedy = f"{day!r} is not a day.", "Give datetime.date(2022, 2, 24), without a time."
        yield Unfit(wrong, remedy, column)
    if strange:
        return
    if end < start:
        wrong = f"it ends ({end}) before it starts ({start})."
        yield Unfit(wrong, "Write the earlier day under start.", "end")
    if end.year == date.max.year:  # the day after it, and the next cell, must be days too
        yield Unfit("it ends in the last year that there is.", "Write an earlier day.", "end")
    if step not in STEPS:
        yield Unfit("unknown step.", f"Write one of {', '.join(STEPS)}.", "step")
    elif (step == "dates") != bool(dates):
        remedy = "Give dates with step = 'dates', and with no other step."
        yield Unfit("step 'dates' and dates go together.", remedy, "dates")
    if end >= start:
        yield from _unfit_dates(start, end, dates)


def _unfit_dates(start: date, end: date, dates: tuple[date, ...]) -> Iterator[Unfit]:
    twice = sorted({one for one, after in pairwise(sorted(dates)) if one == after})
    if twice:
        wrong = f"{_days(twice)} stands there more than once."
        yield Unfit(wrong, "List each day once.", "dates")
    early = [after for before, after in pairwise(dates) if after < before]
    if early:
        wrong = f"{_days(early)} stands behind a later day."
        yield Unfit(wrong, "List the earliest day first.", "dates")
    outside = [day for day in dates if not start < day <= end]
    if outside:
        wrong = f"{_days(outside)} lies outside the series."
        remedy = (
            f"A new cell begins on each of the dates: list days after start ({start}), on which "
            f"the first cell begins, and not after end ({end})."
        )
        yield Unfit(wrong, remedy, "dates")


def _days(days: list[date]) -> str:
    """Return a few days as a text."""
    more = f" and {len(days) - 3} more" if len(days) > 3 else ""
    return ", ".join(map(str, islice(days, 3))) + more


def unfit_law(path: str, length: float, delay: float, delay_held: Range | None) -> Iterator[Unfit]:
    """Yield why these cannot be the law of the rates of a series, and its delay."""
    if path not in PATHS:
        yield Unfit("unknown path.", f"Write one of {', '.join(PATHS)}.", "path")
    if not 0 <= length < float("inf"):
        yield Unfit("a length is a number of days.", "Write 0 or more.", "length")
    if delay < 0 or delay != int(delay):
        yield Unfit("a delay is a whole number of days.", "Write 0 or more.", "delay")
    if bool(delay) != (delay_held is not None):
        remedy = "Give both delay (days) and delay_held = [low, high] in percent, or neither."
        yield Unfit("delay and delay_held go together.", remedy, "delay")


def _next(day: date, step: Step, anchor: int) -> date:
    """Return the day on which the next cell begins; months begin on the day `anchor`."""
    if step != "month":
        return day + _DAYS[step] * _DAY
    return _in_month(day.year + day.month // 12, day.month % 12 + 1, anchor)


def _in_month(year: int, month: int, anchor: int) -> date:
    """Return the day of a month on which a cell begins: the last one in a month that is shorter."""
    return date(year, month, min(anchor, calendar.monthrange(year, month)[1]))
