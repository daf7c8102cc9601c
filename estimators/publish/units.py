"""What a number counts, in the word that stands beside it: on an axis, or in a sentence."""

from __future__ import annotations

from collections.abc import Iterable

from estimators.evidence.quantity import PERCENT, PERSONS, SEVERAL
from estimators.evidence.study import Study
from estimators.publish.catalogue import retold, say
from estimators.publish.escaping import for_figure, plain


def axis_label(unit: str, log: bool = False, what: str = "") -> str:
    """Return what is written along an axis of numbers: 'tanks so far, logarithmic'.

    Parameters
    ----------
    unit
        What is counted.
    log
        Whether the axis is logarithmic.
    what
        Which of it, such as 'so far'.
    """
    return f"{for_figure(retold(unit))}{what and ' '}{what}{say(', logarithmic') if log else ''}"


def heads(unit: str) -> str:
    """Return what stands behind a number in a sentence: ' people', ' tanks'; '' where unsaid.

    Parameters
    ----------
    unit
        What is counted.
    """
    if unit == PERSONS:
        return say(" people")
    return "" if unit in (PERCENT, SEVERAL) else f" {plain(unit)}"


def are_people(study: Study, ids: Iterable[str]) -> bool:
    """Return whether quantities count persons, or are shares, and nothing else.

    Parameters
    ----------
    study
        The study.
    ids
        The quantities.
    """
    return all(study.unit_of(id) in (PERSONS, PERCENT) for id in ids)
