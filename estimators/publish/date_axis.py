"""How an axis of time names its days: in the language now spoken."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, num2date

from estimators.publish.languages import now
from estimators.publish.local_forms import month_of

_OFFSETS = ["", "%Y", "%Y-%m", "%Y-%m-%d", "%Y-%m-%d", "%Y-%m-%d %H:%M"]


def date_formatter(locator: AutoDateLocator, show_offset: bool = True) -> ConciseDateFormatter:
    """Return what names the ticks of an axis of time.

    Parameters
    ----------
    locator
        What chooses the ticks.
    show_offset
        Whether the year or month that all ticks share is written at the end of the axis.
    """
    if now() is None:
        return ConciseDateFormatter(locator, show_offset=show_offset)
    return _Spoken(locator, show_offset=show_offset, offset_formats=_OFFSETS)


class _Spoken(ConciseDateFormatter):
    """Months by the names they had in the language spoken when the axis was made."""

    def __init__(
        self, locator: AutoDateLocator, *, show_offset: bool, offset_formats: list[str]
    ) -> None:
        super().__init__(locator, show_offset=show_offset, offset_formats=offset_formats)
        days = [num2date(31.0 * month + 1.0) for month in range(12)]
        self._months = {day.strftime("%b"): month_of(day.date()) for day in days}

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """Return the names of ticks."""
        return [self._months.get(name, name) for name in super().format_ticks(values)]
