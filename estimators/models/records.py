"""Running totals: which printing of a record goes on from which, and how far apart they are."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from math import exp

from estimators.evidence.claim import Claim
from estimators.evidence.study import Study

RUNNING = "running total"
MEMORY_DAYS = 90.0  # until a third of an error is left: a judgement


def records_of(study: Study) -> dict[str, Claim]:
    """Return, for each printing of a running total but the first, the printing before it.

    Parameters
    ----------
    study
        The study. A record is what one origin says in running totals of one quantity, as far as
        the same part of it is counted.

    Notes
    -----
    A tally that is carried on repeats its old errors in each printing. Its error around the bias of
    its origin is therefore a walk that slowly comes back (an Ornstein-Uhlenbeck process, with odd
    jumps), read step by step: given the printing before, a printing tells mostly of the growth
    since then, and a little of the level. Thousands of printings are one record, not as many
    witnesses.
    """
    found: dict[tuple[str, str, str, str], list[Claim]] = defaultdict(list)
    for claim in study.readings:
        if claim.method == RUNNING and claim.since is None:
            key = (claim.origin, claim.network, claim.quantity, claim.coverage)
            found[key].append(claim)
    chains = (sorted(claims, key=_day) for claims in found.values())
    return {after.id: before for chain in chains for before, after in pairwise(chain)}


def carry_of(before: Claim, after: Claim) -> float:
    """Return how much of the error of one printing is left in a later one, at least a day later."""
    return exp(-max(_day(after) - _day(before), 1) / MEMORY_DAYS)


def _day(claim: Claim) -> int:
    return claim.speaks_for.end.toordinal()
