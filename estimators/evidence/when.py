"""Dates as evidence gives them: a day, a month, a year, or the span between two of these."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from estimators.evidence.problems import Unfit

_PART = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)
_REMEDY = "Write YYYY-MM-DD, YYYY-MM or YYYY, or two of these with '/' between them."
# A day with an hour or a time zone behind it: hours cannot be kept, and which day it is depends on
# the place.
_TIMED = re.compile(r"\d{4}-?\d{2}-?\d{2}([T\s]\s*\d|\s*Z|\s*[+-]\d{2}:?\d{2}).*", re.ASCII)
_DAYS_ONLY = (
    "Write the day alone, YYYY-MM-DD: convert it to the local day of the place where it happened, "
    "and say so in notes."
)


@dataclass(frozen=True)
class When:
    """A span of days, first and last included; one day is a span of length one."""

    start: date
    end: date

    def __post_init__(self) -> None:
        """Raise ValueError where the span ends before it starts."""
        if self.end < self.start:
            wrong = f"it ends ({self.end}) before it starts ({self.start})."
            raise Unfit(wrong, "Write the earlier date first.")

    @classmethod
    def parse(cls, text: str) -> When:
        """Return the span that a text such as '2023-10', '2023' or '2023-08-29/2023-10-08' means.

        Parameters
        ----------
        text
            A day, month or year in ISO 8601 form, or two of them joined by '/'.

        Raises
        ------
        ValueError
            If the text is no such date, or no day of the calendar.
        """
        first, _, last = text.strip().partition("/")
        if "/" in text and not last:
            raise Unfit("nothing stands behind '/'.", _REMEDY)
        return cls(_span(first)[0], _span(last or first)[1])

    @property
    def middle(self) -> date:
        """Return the day in the middle of the span."""
        return self.start + timedelta(days=(self.end - self.start).days // 2)

    def __str__(self) -> str:
        """Return the shortest text that `parse` reads as this span."""
        whole = _as_one(self.start, self.end)
        return whole or f"{self.start.isoformat()}/{self.end.isoformat()}"


@lru_cache(maxsize=10_000)  # thousands of rows speak of the same days
def _span(text: str) -> tuple[date, date]:
    if _TIMED.fullmatch(text):
        raise Unfit("it is not a date but a time of day; evidence knows days only.", _DAYS_ONLY)
    if not _PART.fullmatch(text):
        raise Unfit("it is not a date.", _REMEDY)
    numbers = [int(part) for part in text.split("-")]
    try:
        first = date(*[*numbers, 1, 1][:3])
    except ValueError as error:
        raise Unfit(f"it is not a day of the calendar ({error}).", _REMEDY) from None
    if len(numbers) == 3:
        return first, first
    month = 12 if len(numbers) == 1 else numbers[1]
    return first, date(first.year, month, calendar.monthrange(first.year, month)[1])


def _as_one(start: date, end: date) -> str:
    if start == end:
        return start.isoformat()
    for text in (f"{start.year:04d}", f"{start.year:04d}-{start.month:02d}"):
        if _span(text) == (start, end):
            return text
    return ""
