"""An interval in words that need no statistics: between two numbers, so many chances in ten."""

from __future__ import annotations

from estimators.evidence.study import status
from estimators.inference.estimate import LEVEL, Estimate
from estimators.inference.prior import Prior
from estimators.publish.catalogue import marked, retold, say
from estimators.publish.rounding import Printed, as_text
from estimators.publish.units import heads

_CHANCES = {0.9: marked("nine chances in ten"), 0.5: marked("one chance in two")}


def between(estimate: Estimate, id: str, level: float = LEVEL) -> str:
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
    return say(
        "between {ends}, {chances}",
        ends=ends(estimate, id, level),
        chances=retold(_CHANCES[level]),
    )


def ends(estimate: Estimate, id: str, level: float = LEVEL) -> str:
    """Return the ends of an interval in words: '500 and 690 people', '60% and 80%'.

    Parameters
    ----------
    estimate
        The estimate.
    id
        The quantity.
    level
        Probability between the ends.
    """
    printed = printed_of(estimate, id, level)
    unit = printed.suffix or heads(estimate.study.unit_of(id))
    return say(
        "{low}{suffix} and {high}{unit}",
        low=as_text(printed.low),
        suffix=printed.suffix,
        high=as_text(printed.high),
        unit=unit,
    )


def printed_of(estimate: Estimate | Prior, id: str, level: float = LEVEL) -> Printed:
    """Return the interval of a quantity at a level, rounded for print.

    Parameters
    ----------
    estimate
        The estimate, or the prior.
    id
        The quantity.
    level
        Probability between the ends.
    """
    return Printed.of(estimate.interval(id, level), estimate.study.unit_of(id))


def caution(estimate: Estimate, id: str) -> str:
    """Return 'Assumed, not estimated. ' where no claim touches the quantity, else ''.

    Parameters
    ----------
    estimate
        The estimate.
    id
        The quantity.
    """
    return say("Assumed, not estimated. ") if status(estimate.study, id) == "assumed" else ""
