"""How the bias of an origin moves: the steps of its random walk that a claim carries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import pairwise

from estimators.evidence.claim import Claim
from estimators.evidence.study import Study
from estimators.models.effects import Effect

type Row = list[tuple[Effect, float]]

KNOT_DAYS = 28
_DAYS_A_YEAR = 365.25


def drifts_of(
    study: Study, claims: Sequence[Claim], learn_from: float, walker: Callable[[Claim], str]
) -> list[Row]:
    """Return, for each claim, the steps of its origin's random walk up to the day it speaks for.

    Parameters
    ----------
    study
        The study that the claims belong to.
    claims
        Readings.
    learn_from
        Least number of dates of an origin for which its bias may move.
    walker
        Gives the name of a claim's origin as far as its errors go.

    Notes
    -----
    On a quantity that runs over time each origin has a walk of its own, whose steps are as unsure
    as that origin's are in all its series. The walk is a straight line between knots, four weeks
    apart. Elsewhere an origin has one walk for all it says, with a step from one date to the next.
    """
    days: dict[tuple[str, str], set[int]] = defaultdict(set)
    keys = [(walker(claim), _record(study, claim)) for claim in claims]
    for key, claim in zip(keys, claims, strict=True):
        days[key].add(_day(claim))
    knots = {
        (name, record): _knots(known) if record else sorted(known)
        for (name, record), known in days.items()
        if len(known) >= learn_from
    }
    steps = {key: _steps(*key, at) for key, at in knots.items()}
    return [
        _carried(steps[key], knots[key], _day(claim), bool(key[1])) if key in steps else []
        for key, claim in zip(keys, claims, strict=True)
    ]


def _record(study: Study, claim: Claim) -> str:
    """Return the quantity whose record a claim goes on, '' where it runs over no time."""
    return claim.quantity if claim.quantity in study.series_of else ""


def _day(claim: Claim) -> int:
    return claim.speaks_for.middle.toordinal()


def _knots(known: set[int]) -> list[int]:
    """Return days four weeks apart that reach from the first day known to the last."""
    first, last = min(known), max(known)
    return [*range(first, last, KNOT_DAYS), last]


def _steps(name: str, record: str, knots: Sequence[int]) -> list[Effect]:
    walk = f"{name} on {record}" if record else name
    spread = f"drifts of {name}" if record else "drifts"
    return [
        Effect("drift", f"{walk} by step {n}", spread, (day - last) / _DAYS_A_YEAR)
        for n, (last, day) in enumerate(pairwise(knots), start=1)
    ]


def _carried(steps: Sequence[Effect], knots: Sequence[int], day: int, is_line: bool) -> Row:
    """Return the steps up to a day; on a straight line the last counts as far as it has gone."""
    found = []
    for step, (last, after) in zip(steps, pairwise(knots), strict=True):
        if is_line and last < day:
            found.append((step, min((day - last) / (after - last), 1.0)))
        elif not is_line and after <= day:
            found.append((step, 1.0))
    return found
