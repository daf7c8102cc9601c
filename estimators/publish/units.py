"""What a number counts, in the word that stands beside it: persons, percent, or a plain count."""

from __future__ import annotations

from collections.abc import Iterable

from estimators.evidence.study import Study


def unit_of(study: Study, id: str) -> str:
    """Return the word for what a quantity counts: 'persons', 'percent' or 'count'.

    Parameters
    ----------
    study
        The study.
    id
        The quantity.

    Notes
    -----
    A quantity does not say yet whether it counts people. What one side of a conflict lost is taken
    for people only where the quantity names their group: a study that counts soldiers and tanks
    gives soldiers one.
    """
    quantity = study.quantity(id)
    if quantity.is_share:
        return "percent"
    return "count" if quantity.side and not quantity.group else "persons"


def common_unit(study: Study, ids: Iterable[str]) -> str:
    """Return the word for what several quantities count; 'count' where they count several things.

    Parameters
    ----------
    study
        The study.
    ids
        The quantities.
    """
    found = {unit_of(study, id) for id in ids}
    return found.pop() if len(found) == 1 else "count"


def heads(unit: str) -> str:
    """Return what stands behind a number in a sentence: ' people' where people are counted."""
    return " people" if unit == "persons" else ""
