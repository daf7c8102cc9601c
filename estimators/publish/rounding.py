"""Numbers fit for print: two significant digits, interval ends rounded outwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Literal

from estimators.evidence.quantity import FACTOR, PERCENT, PERSONS
from estimators.publish.catalogue import say
from estimators.publish.local_forms import in_digits

type Towards = Literal["nearest", "down", "up"]

_WAYS: dict[str, Callable[[float], int]] = {"nearest": round, "down": floor, "up": ceil}
_SLACK = 1e-9  # 0.29999999999999999 is 0.3


def round_print(
    number: float, towards: Towards = "nearest", digits: int = 2, whole: bool = True
) -> float:
    """Return a number rounded to the significant digits that print allows.

    Parameters
    ----------
    number
        The number, at least 0.
    towards
        'nearest', or 'down' and 'up' for the ends of an interval.
    digits
        How many significant digits stay.
    whole
        Whether the result is a whole number, as of people.
    """
    if number <= 0.0:
        return 0.0
    place = floor(log10(number)) - digits + 1
    step = 10.0 ** (max(place, 0) if whole else place)
    steps = number / step
    slack = {"nearest": 0.0, "down": _SLACK, "up": -_SLACK}[towards] * max(steps, 1.0)
    rounded = _WAYS[towards](steps + slack) * step
    return float(f"{rounded:.{digits + 1}g}") if rounded < 10.0**15 else rounded


def as_text(number: float) -> str:
    """Return a rounded number with thousands separators: '1,300', '0.35'."""
    return in_digits(number)


@dataclass(frozen=True)
class Printed:
    """An interval as it is printed: two significant digits, its ends rounded outwards."""

    low: float
    median: float
    high: float
    unit: str = PERSONS

    @classmethod
    def of(cls, interval: tuple[float, float, float], unit: str = PERSONS) -> Printed:
        """Return the printed form of low, median and high.

        Parameters
        ----------
        interval
            Low, median and high, in the unit.
        unit
            What is counted, 'percent', or 'factor' for a ratio: only a count is rounded to whole
            numbers.
        """
        low, median, high = interval
        whole = unit not in (PERCENT, FACTOR)
        top = round_print(high, "up", whole=whole)
        return cls(
            round_print(low, "down", whole=whole),
            round_print(median, whole=whole),
            min(top, 100.0) if unit == PERCENT else top,
            unit,
        )

    @property
    def suffix(self) -> str:
        """Return what stands behind a number of this unit."""
        return "%" if self.unit == PERCENT else ""

    @property
    def ends(self) -> str:
        """Return the interval, lower end first: '290–1,300', '63–92%'."""
        return f"{as_text(self.low)}–{as_text(self.high)}{self.suffix}"

    @property
    def middle(self) -> str:
        """Return the median as text."""
        return f"{as_text(self.median)}{self.suffix}"

    def __str__(self) -> str:
        """Return the interval and its median: '290–1,300 (median 610)'."""
        return say("{ends} (median {median})", ends=self.ends, median=self.middle)
