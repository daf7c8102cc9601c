"""Phases of what is known of an event: before anybody could count it, and how long after."""

from __future__ import annotations

from datetime import date, timedelta

from estimators.evidence.claim import Claim
from estimators.evidence.study import Study

PHASES = ("before access", "0-2 days after", "3-14 days after", "later")
_LAST_DAYS = (2, 14)
# Days from the end of an event until somebody could count it, where access was slow: the median of
# the 22 known outcomes with more than a week between (data/known_outcomes).
SLOW = 104


def phase_at(days: int) -> int:
    """Return the phase of a day.

    Parameters
    ----------
    days
        Since everything could be counted; below 0 before.
    """
    return 0 if days < 0 else 1 + sum(days > last for last in _LAST_DAYS)


def phase_of(study: Study, claim: Claim) -> int:
    """Return the phase for which a claim of a study speaks.

    Parameters
    ----------
    study
        The study that the claim belongs to.
    claim
        A reading.

    Notes
    -----
    Where access stays closed nobody could count, however long ago it was. Otherwise a claim's age
    runs from the end of what is counted (with slow access, from 104 days later) to the day that it
    speaks for, the middle of its span; of a quantity without a date nothing is known but that it
    is over.
    """
    access = study.access_of(claim.quantity)
    if access == "closed":
        return 0
    over = study.by_id[claim.quantity].when
    if over is None:
        return 1
    return phase_at((claim.speaks_for.middle - _opened(over.end, access)).days)


def _opened(over: date, access: str) -> date:
    return over + timedelta(days=SLOW if access == "slow" else 0)
