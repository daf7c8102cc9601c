"""Running totals: which printing of a record goes on from which, and how far apart they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import groupby, pairwise
from math import sqrt
from typing import NamedTuple

from estimators.evidence.claim import Claim
from estimators.evidence.study import Study
from estimators.evidence.wording import OneNumber

RUNNING = "running total"


class Step(NamedTuple):
    """The printing that a running total goes on from, and what happened since.

    `carry` is how much of the error of that printing is left in this one; `spread` the sd of what
    is new, in sds of a single day's count, and 0 where both count the same days.
    """

    before: Claim
    carry: float
    spread: float


def records_of(study: Study) -> dict[str, Step]:
    """Return, for each printing of a running total but the first, what it goes on from.

    Parameters
    ----------
    study
        The study. A record is what one origin says in running totals of one quantity, as far as
        the same part of it is counted.

    Notes
    -----
    A total carried on is a sum of days, each counted with an error of its own around the bias of
    its origin. A printing of the first t days therefore repeats the error of the printing of the
    first s days, thinned to s / t where the days are alike, and adds an error of sd
    sqrt(t - s) / t in sds of a single day's. So old errors are never forgotten, only outgrown,
    and steps become small as the total grows. Thousands of printings are one record, not as many
    witnesses.

    Where an origin gives several totals of one day, the largest goes on, since a total can only
    grow, and the others are read given it.
    """
    found: dict[tuple[str, str, str, str], list[Claim]] = defaultdict(list)
    for claim in study.readings:
        if claim.method == RUNNING and claim.since is None:
            key = (claim.origin, claim.network, claim.quantity, claim.coverage)
            found[key].append(claim)
    return {
        after.id: step
        for claims in found.values()
        for after, step in _steps(claims, lambda claim: _days(study, claim))
    }


def _steps(claims: list[Claim], days: Callable[[Claim], int]) -> Iterator[tuple[Claim, Step]]:
    """Yield the printings of one record that go on from another, each with its step."""
    ordered = sorted(claims, key=lambda claim: (days(claim), _number(claim)))
    of_day = [list(same) for _, same in groupby(ordered, key=days)]
    for same in of_day:
        yield from ((claim, Step(same[-1], 1.0, 0.0)) for claim in same[:-1])
    for before, after in pairwise(same[-1] for same in of_day):
        first, last = days(before), days(after)
        yield after, Step(before, first / last, sqrt(last - first) / last)


def _days(study: Study, claim: Claim) -> int:
    """Return how many days a running total counts."""
    counted = study.window(claim)
    assert counted is not None  # only what runs over time has running totals
    return (counted.end - counted.start).days + 1


def _number(claim: Claim) -> float:
    assert isinstance(claim.wording, OneNumber)
    return claim.wording.value
