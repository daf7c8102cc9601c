"""Who errs together: the errors that claims share, from the common error to the network's.

    belief = scale(quantity) + common + class + event + quantity-in-event + origin + drift + network

all on the log of a count or the logit of a share, with levels of their own for counts and shares.
In a study that stands on a reference class the common and the event's error come phase by phase: a
claim carries those of its own phase and of all later ones, so that early claims err together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise

import numpy as np
import numpy.typing as npt

from estimators.evidence.claim import Claim
from estimators.evidence.study import Study
from estimators.models.phases import PHASES, phase_of

type Array = npt.NDArray[np.float64]
type Places = npt.NDArray[np.int64]

KINDS = ("common", "class", "event", "quantity", "origin", "network", "drift")
BIAS = ("common", "class", "event", "quantity", "origin", "drift")
_DAYS_A_YEAR = 365.25


@dataclass(frozen=True)
class Effect:
    """One error that claims share: its kind, its name, and the spread it is drawn from.

    `spread` names an unknown sd (of the origins of a class, of the networks); empty where the
    scale is stated. `years` is the length of a step of a random walk, `phases` are those that a
    shared error stands for in a study on a reference class.
    """

    kind: str
    name: str
    spread: str = ""
    years: float = field(default=0.0, compare=False)
    phases: tuple[int, ...] = field(default=(), compare=False)

    @property
    def id(self) -> str:
        """Return the effect's name in the posterior, e.g. 'origin okn'."""
        return f"{self.kind} {self.name}"


@dataclass(frozen=True)
class Sharing:
    """All shared errors of a study and which of them each reading carries.

    The errors of reading c are `places[start[c]:start[c + 1]]`; `scale`, `mean`, `heavy` and
    `free` have an entry an effect (`free`: its scale is multiplied by its spread).
    """

    effects: tuple[Effect, ...]
    start: Places
    places: Places

    @property
    def spreads(self) -> tuple[str, ...]:
        """Return the names of the unknown spreads."""
        return tuple(dict.fromkeys(e.spread for e in self.effects if e.spread))


def network_of(claim: Claim) -> str:
    """Return the network of a claim's informants; an origin without one is its own network."""
    return claim.network or claim.origin


def side_of(study: Study, claim: Claim) -> str:
    """Return whether a source speaks of its own side's losses: 'own', 'other', or '' for neither.

    Parameters
    ----------
    study
        The study that the claim belongs to.
    claim
        A reading.
    """
    source, losses = study.source_by_id[claim.origin].side, study.by_id[claim.quantity].side
    return "" if not source or not losses else "own" if source == losses else "other"


def effects_of(study: Study, claim: Claim, by_phase: bool = False) -> tuple[Effect, ...]:
    """Return the errors that a claim carries, without drift.

    Parameters
    ----------
    study
        The study that the claim belongs to.
    claim
        A reading.
    by_phase
        Whether the errors that all claims share come phase by phase: see `phases_of`.
    """
    suffix = " (share)" if study.by_id[claim.quantity].is_share else ""
    source_class = study.source_by_id[claim.origin].source_class
    own = (
        Effect("origin", _walker(study, claim), f"origins: {source_class}"),
        Effect("network", f"{network_of(claim)} on {claim.quantity}", "networks"),
    )
    quantity = Effect("quantity", claim.quantity)
    if by_phase:  # the quantity's part is one of the early error
        return own if phase_of(study, claim) else (quantity, *own)
    return (
        Effect("common", f"all{suffix}"),
        Effect("class", f"{source_class}{suffix}"),
        Effect("event", f"{study.event_of(claim.quantity)}{suffix}"),
        quantity,
        *own,
    )


def phases_of(study: Study, claims: Sequence[Claim]) -> list[list[Effect]]:
    """Return, for each claim, the shared errors of its phase and of all later ones.

    Those of the study and those of its event. Phases that no claim tells apart are one error.

    Parameters
    ----------
    study
        The study that the claims belong to.
    claims
        Readings.
    """
    rows: list[list[Effect]] = [[] for _ in claims]
    for kind in ("common", "event"):
        names = [_sharer(study, claim, kind) for claim in claims]
        own = [phase_of(study, claim) for claim in claims]
        for name in dict.fromkeys(names):
            places = [n for n, other in enumerate(names) if other == name]
            first = sorted({own[n] for n in places})
            for begin, end in pairwise([*first, len(PHASES)]):
                effect = Effect(kind, f"{name}, {PHASES[begin]}", phases=tuple(range(begin, end)))
                for n in places:
                    rows[n] += [effect] if own[n] <= begin else []
    return rows


def _sharer(study: Study, claim: Claim, kind: str) -> str:
    """Return the name of what shares an error with a claim: the study or its event."""
    suffix = " (share)" if study.by_id[claim.quantity].is_share else ""
    return f"{'all' if kind == 'common' else study.event_of(claim.quantity)}{suffix}"


def drifts_of(study: Study, claims: Sequence[Claim], learn_from: float) -> list[list[Effect]]:
    """Return, for each claim, the steps of its origin's random walk up to the day it speaks for.

    Parameters
    ----------
    study
        The study that the claims belong to.
    claims
        Readings.
    learn_from
        Least number of dates of an origin for which its bias may move.
    """
    days: dict[str, set[int]] = defaultdict(set)
    for claim in claims:
        days[_walker(study, claim)].add(claim.speaks_for.middle.toordinal())
    steps: dict[str, list[tuple[int, Effect]]] = {}
    for name, known in days.items():
        if len(known) >= learn_from:
            ordered = sorted(known)
            steps[name] = [
                (day, Effect("drift", f"{name} by step {n}", "drifts", (day - last) / _DAYS_A_YEAR))
                for n, (last, day) in enumerate(pairwise(ordered), start=1)
            ]
    return [
        [e for d, e in steps.get(_walker(study, c), []) if d <= c.speaks_for.middle.toordinal()]
        for c in claims
    ]


def _walker(study: Study, claim: Claim) -> str:
    """Return the name of a claim's origin as far as its errors go: by side, shares apart."""
    side = side_of(study, claim)
    suffix = " (share)" if study.by_id[claim.quantity].is_share else ""
    return f"{claim.origin}{f' on its {side} side' if side else ''}{suffix}"


def sharing_of(
    study: Study, claims: Sequence[Claim | None], learn_from: float, by_phase: bool = False
) -> Sharing:
    """Return the shared errors of a study and which of them each reading carries.

    Parameters
    ----------
    study
        The study that the claims belong to.
    claims
        Readings, in the order of the model; None for an anchor, which shares no error.
    learn_from
        Least number of dates of an origin for which its bias may move.
    by_phase
        Whether the errors that all claims share come phase by phase, as in a reference class.
    """
    said = [claim for claim in claims if claim is not None]
    drifts = drifts_of(study, said, learn_from)
    shared = phases_of(study, said) if by_phase else [[] for _ in said]
    more = iter([*of] for of in map(chain.from_iterable, zip(shared, drifts, strict=True)))
    rows = [() if c is None else (*effects_of(study, c, by_phase), *next(more)) for c in claims]
    ordered = sorted((e for row in rows for e in row), key=lambda e: KINDS.index(e.kind))
    effects = tuple(dict.fromkeys(ordered))
    places = {effect: place for place, effect in enumerate(effects)}
    start = np.cumsum([0, *map(len, rows)])
    return Sharing(effects, start, np.array([places[e] for row in rows for e in row], dtype=int))
