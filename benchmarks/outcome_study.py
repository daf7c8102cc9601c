"""Known outcomes as studies: the same claims estimated as an author's study would be, on a class.

What is scored here is not the law itself but the path of a report: one joint model, sampled, whose
errors stand on the law. A count so far is read as "at least"; the range of the quantity is the
prior on counts that the law was learned with. How an event came in is not told.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import signal, stats

from estimators.evidence.claim import Claim, Source
from estimators.evidence.outcome import EarlyClaim, Outcome
from estimators.evidence.quantity import Quantity, Range
from estimators.evidence.study import Study
from estimators.evidence.when import When
from estimators.evidence.wording import AtLeast, OneNumber, Wording
from estimators.inference.compute import REFIT_ACCEPT, Compiled, Draws
from estimators.models.choosing import assumptions_of
from estimators.models.claim_error import GROWING, readable
from estimators.models.reference import ReferenceClass, latest
from estimators.models.settled import STEP, Settled

type Array = npt.NDArray[np.float64]

STUDY = "a study on the class"
DRAWS, SEED = Draws(500, 300, 2), 2023
CLASSES = {"party_to_conflict": "party", "": "other"}
_NINETY = float(stats.norm.ppf(0.95))
_BEYOND = 6.0


def settled_as_study(
    law: ReferenceClass, outcome: Outcome, claims: Sequence[EarlyClaim]
) -> Settled | None:
    """Return the posterior of an event's count from a study of it; None where nothing is read."""
    last = latest(readable(claims))
    if not last:
        return None
    study = study_of(outcome, last, law.prior)
    compiled = Compiled.of(study, assumptions_of(study, law))
    tree = compiled.sample(DRAWS, SEED, target_accept=REFIT_ACCEPT, cores=1)
    return smoothed(np.log(tree["posterior"]["count"].values.ravel()))


def study_of(outcome: Outcome, claims: Sequence[EarlyClaim], prior: tuple[float, float]) -> Study:
    """Return a study of one event; it was over, and open, from the day it could be counted."""
    low, high = np.exp([prior[0] - _NINETY * prior[1], prior[0] + _NINETY * prior[1]])
    day = When(outcome.counted_from, outcome.counted_from)
    stated = Range(float(low), float(high), "outcomes of the events that the law was learned from")
    ids = {name: f"s{n}" for n, name in enumerate(dict.fromkeys(c.source for c in claims))}
    kinds = {c.source: CLASSES.get(c.source_class, c.source_class) for c in claims}
    return Study(
        outcome.event,
        "",
        (Quantity("count", outcome.quantity or "count", "flow", stated, day),),
        tuple(Source(id, name, kinds[name]) for name, id in ids.items()),
        tuple(
            Claim(f"c{n}", "count", said(claim), ids[claim.source], claim.published)
            for n, claim in enumerate(claims)
        ),
        category=outcome.category,
    )


def said(claim: EarlyClaim) -> Wording:
    """Return the wording of a claim in a study: a count so far is a floor of the total."""
    assert claim.wording is not None
    if claim.kind in GROWING and isinstance(claim.wording, OneNumber):
        return AtLeast(claim.wording.value)
    return claim.wording


def smoothed(logs: Array) -> Settled:
    """Return draws as a posterior on a grid, by kernels with the tails of the law, Student-t(2)."""
    grid = np.arange(logs.min() - _BEYOND, logs.max() + _BEYOND, STEP)
    counted = np.histogram(logs, bins=np.append(grid - STEP / 2.0, grid[-1] + STEP / 2.0))[0]
    spread = min(float(logs.std()), float(np.subtract(*np.quantile(logs, [0.75, 0.25]))) / 1.34)
    width = max(0.9 * spread * len(logs) ** -0.2, STEP)
    kernel = stats.t(2).pdf(STEP * np.arange(1 - len(grid), len(grid)) / width)
    made = signal.fftconvolve(counted, kernel)[len(grid) - 1 : 2 * len(grid) - 1]
    made = np.maximum(made, 0.0)
    return Settled(grid, made / made.sum())
