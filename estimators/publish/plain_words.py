"""An interval in words that need no statistics: between two numbers, so many chances in ten."""

from __future__ import annotations

from estimators.evidence.study import status
from estimators.inference.estimate import Estimate
from estimators.publish.rounding import Printed, as_text
from estimators.publish.units import heads

_CHANCES = {0.9: "nine chances in ten", 0.5: "one chance in two"}


def between(estimate: Estimate, id: str, level: float = 0.9) -> str:
    """Return an interval in words: 'between 500 and 690 people, nine chances in ten'.

    Parameters
    ----------
    estimate
        The estimate.
    id
        The quantity.
    level
        0.9 or 0.5.

    Raises
    ------
    ValueError
        If there are no words for the level.
    """
    if level not in _CHANCES:
        known = ", ".join(str(known) for known in _CHANCES)
        raise ValueError(f"no words for a level of {level}; give one of {known}")
    printed = printed_at(estimate, id, level)
    sign = printed.suffix or heads(estimate.study.unit_of(id))
    first = f"{as_text(printed.low)}{printed.suffix}"
    return f"between {first} and {as_text(printed.high)}{sign}, {_CHANCES[level]}"


def printed_at(estimate: Estimate, id: str, level: float) -> Printed:
    """Return the interval of a quantity at a level, rounded for print.

    Parameters
    ----------
    estimate
        The estimate.
    id
        The quantity.
    level
        Probability between the ends.
    """
    unit = estimate.study.unit_of(id)
    return Printed.of(estimate.interval(id, level), unit)


def caution(estimate: Estimate, id: str) -> str:
    """Return 'Assumed, not estimated. ' where no claim touches the quantity, else ''.

    Parameters
    ----------
    estimate
        The estimate.
    id
        The quantity.
    """
    return "Assumed, not estimated. " if status(estimate.study, id) == "assumed" else ""
