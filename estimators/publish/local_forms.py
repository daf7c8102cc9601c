"""Numbers and dates as the language now spoken writes them."""

from __future__ import annotations

from datetime import date
from functools import cache

from estimators.publish.languages import ENGLISH, Spoken, now


def in_digits(number: float) -> str:
    """Return a number with thousands separated as the language now spoken does: '1,300', '0.35'.

    Parameters
    ----------
    number
        The number.
    """
    text = f"{number:,.10g}"
    spoken = now()
    if spoken is None:
        return text
    from babel.numbers import get_decimal_symbol, get_group_symbol

    group, decimal = (get(_locale(spoken.name)) for get in (get_group_symbol, get_decimal_symbol))
    return text.translate({ord(","): group, ord("."): decimal})


def on_day(day: date, month: str = "%b") -> str:
    """Return a day as people write it: '9 Oct 2023', or with '%B' '9 October 2023'.

    Parameters
    ----------
    day
        The day.
    month
        How English names the month.
    """
    spoken = now()
    if spoken is None:
        return f"{day.day} {day.strftime(month)} {day.year}"
    from babel.dates import format_date

    return format_date(day, "long" if month == "%B" else "medium", _locale(spoken.name))


def in_month(day: date) -> str:
    """Return the month of a day: 'Oct 2023'.

    Parameters
    ----------
    day
        The day.
    """
    spoken = now()
    return f"{day:%b %Y}" if spoken is None else _skeleton("yMMM", day, spoken)


def month_of(day: date) -> str:
    """Return the month of a day alone: 'Oct'.

    Parameters
    ----------
    day
        The day.
    """
    spoken = now()
    return f"{day:%b}" if spoken is None else _skeleton("MMM", day, spoken)


def in_year(day: date) -> str:
    """Return the year of a day: '2023'.

    Parameters
    ----------
    day
        The day.
    """
    spoken = now()
    return f"{day.year}" if spoken is None else _skeleton("y", day, spoken)


def _skeleton(form: str, day: date, spoken: Spoken) -> str:
    from babel.dates import format_skeleton

    return format_skeleton(form, day, locale=_locale(spoken.name))


@cache
def _locale(name: str) -> str:
    """Return what babel calls a language; of a region that it does not know, the language."""
    from babel import Locale, UnknownLocaleError

    for known in (name, name.partition("-")[0]):
        try:
            return str(Locale.parse(known, sep="-"))
        except (UnknownLocaleError, ValueError):
            continue
    return ENGLISH
