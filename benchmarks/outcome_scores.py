"""Scores of estimates on events whose count was settled later: one row an estimate and model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from outcome_rules import Known, baselines
from outcome_study import STUDY, settled_as_study

from estimators.evidence.outcome import EarlyClaim, Outcome, Outcomes
from estimators.models.claim_error import readable
from estimators.models.reference import ReferenceClass
from estimators.models.settled import STEP, Settled

LAW = "law of claim error"
LEVELS = (50, 80, 90, 95)
LAST_DAYS = {"before access": -1, "0-2 days": 2, "3-14 days": 14, "15-120 days": 120}
AGES = (*LAST_DAYS, "> 120 days")


@dataclass(frozen=True)
class Case:
    """One estimate to be made: an event, the claims at hand, and the day of it."""

    outcome: Outcome
    claims: tuple[EarlyClaim, ...]
    day: date | None


def cases(outcomes: Outcomes) -> Iterator[Case]:
    """Yield each event with all its claims, and then as of each date on which one was made."""
    for outcome in outcomes.events:
        spoken = readable(outcome.claims)
        if not spoken:
            continue
        yield Case(outcome, tuple(spoken), None)
        for day in sorted({claim.published.middle for claim in spoken}):
            known = tuple(claim for claim in spoken if claim.published.middle <= day)
            yield Case(outcome, known, day)


def scored(made: Settled, truth: float, ends: tuple[float, float]) -> dict[str, float]:
    """Return the scores of a posterior at the log of what the count was settled at.

    Log score, 90 % interval score and CRPS on the log scale [1]_; `covers` by level for the one
    settled count, `meets` for an interval that meets its range.

    References
    ----------
    .. [1] Gneiting & Raftery (2007). doi:10.1198/016214506000001437
    """
    low, high = made.quantile([0.05, 0.95])
    missed = max(low - truth, 0.0) + max(truth - high, 0.0)
    at_most = np.cumsum(made.chance) - made.chance / 2.0
    crps = STEP * np.sum((at_most - (made.log_count >= truth)) ** 2)
    found = {
        "log_score": made.log_density(truth),
        "interval_score_90": float(high - low + 20.0 * missed),
        "crps": float(crps),
        "pit": made.below(truth),
    }
    for level in LEVELS:
        tail = (1.0 - level / 100.0) / 2.0
        a, b = made.quantile([tail, 1.0 - tail])
        found[f"covers_{level}"] = float(a <= truth <= b)
        found[f"meets_{level}"] = float(a <= ends[1] and ends[0] <= b)
    return found


def score(outcomes: Outcomes, law: ReferenceClass, known: Known) -> list[dict[str, Any]]:
    """Return one row an estimate and model: its scores, and what the event was."""
    rows = []
    for case in cases(outcomes):
        event = case.outcome
        made = {LAW: law.settled(event, case.claims), **baselines(event, case.claims, known)}
        if case.day is None:
            made[STUDY] = settled_as_study(law, event, case.claims)
        about = told_of(case)
        truth, ends = float(np.log(event.final)), ends_of(event)
        rows += [
            {**about, "model": name, **scored(of, truth, ends)}
            for name, of in made.items()
            if of is not None
        ]
    return rows


def told_of(case: Case) -> dict[str, Any]:
    """Return what an estimate is of, as columns."""
    event = case.outcome
    return {
        "event": event.event,
        "quantity": event.quantity,
        "cluster": event.cluster,
        "category": event.category,
        "selection": event.selection,
        "quality": event.quality,
        "final": case.day is None,
        "has_total": any(claim.kind == "claim" for claim in case.claims),
        "age": "" if case.day is None else age_of((case.day - event.counted_from).days),
    }


def ends_of(event: Outcome) -> tuple[float, float]:
    """Return the logs of the ends of what the count was settled at."""
    low, high = event.final_low or event.final, event.final_high or event.final
    return float(np.log(low)), float(np.log(high))


def age_of(days: int) -> str:
    """Return the name of an age."""
    return next((name for name, last in LAST_DAYS.items() if days <= last), AGES[-1])
