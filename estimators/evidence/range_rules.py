"""What must hold of stated ranges: percentages, middles, and shares that add up to a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import log

from estimators.evidence.problems import Problem
from estimators.evidence.quantity import Range

_CERTAIN = 100.0
_NEAR_END = 0.15  # part of a range; there one tail in 1,000 lies 3.3 ranges beyond the far end


def is_count(subject: str, column: str, id: str, measures: Mapping[str, str]) -> Iterator[Problem]:
    """Yield that a share stands where a count must."""
    if measures.get(id) == "share":
        wrong = "a share cannot be added up or split, only a count."
        yield Problem(subject, wrong, "Name a flow, a stock or a cumulative count.", column, id)


def percent(subject: str, column: str, given: Range) -> Iterator[Problem]:
    """Yield what is wrong with the range of a share."""
    if given.high >= _CERTAIN:
        yield Problem(
            subject,
            "a share is in percent and lies below 100.",
            f"Write e.g. {column} = [60, 95] for 60 to 95 percent.",
            column,
            f"{given.low:g} to {given.high:g}",
        )
    else:
        yield from _middle(subject, given, *map(_logit, (given.low, given.high)))


def count(subject: str, given: Range) -> Iterator[Problem]:
    """Yield what is wrong with the range of a count."""
    yield from _middle(subject, given, *map(log, (given.low, given.high)))


def shares_of_a_whole(
    subject: str, column: str, noun: str, parts: Sequence[tuple[str, Range]], of: str
) -> Iterator[Problem]:
    """Yield why the shares of parts cannot add up to a whole, and a middle of one of them.

    Parameters
    ----------
    subject
        Where the parts stand.
    column
        The key that they stand under.
    noun
        What a part is called.
    parts
        Each part with the range of its share.
    of
        What it is a part of.
    """
    for id, given in parts:
        yield from percent(subject, f"{column}.{id}.share", given)
        if given.middle is not None:
            wrong = f"the share of a {noun} of a {of} has no middle."
            remedy = f"Leave it out: the {noun}s are fitted together."
            yield Problem(subject, wrong, remedy, f"{column}.{id}.middle", f"{given.middle:g}")
    lows, highs = sum(given.low for _, given in parts), sum(given.high for _, given in parts)
    if len(parts) < 2 or not lows < _CERTAIN < highs:
        yield Problem(
            subject,
            f"the shares of its {noun}s cannot add up to 100 percent.",
            f"Give two or more {noun}s whose low ends add to less than 100 and high ends to more.",
            column,
            f"{lows:g} to {highs:g}" if parts else f"no {noun}",
        )


def _logit(percentage: float) -> float:
    return log(percentage / (_CERTAIN - percentage))


def _middle(subject: str, given: Range, low: float, high: float) -> Iterator[Problem]:
    """Yield what is wrong with a middle: near an end, the other tail has no bound worth the name.

    `low` and `high` are the ends of the range on the scale of its prior (log, or logit of a share).
    """
    if given.middle is None:
        return
    middle = log(given.middle) if low == log(given.low) else _logit(given.middle)
    part = (middle - low) / (high - low)
    if not _NEAR_END <= part <= 1.0 - _NEAR_END:
        yield Problem(
            subject,
            "its middle is so near one end that the tail beyond the other end would be absurd.",
            "Move the middle further in, or the near end further out, or leave the middle out.",
            "middle",
            f"{given.middle:g} in {given.low:g} to {given.high:g}",
        )
