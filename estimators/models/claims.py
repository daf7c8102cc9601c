"""Who errs together: the errors that claims share, from the common error to the network's.

    belief = scale(quantity) + common + class + event + quantity-in-event + origin + drift + network

all on the log of a count or the logit of a share, with levels of their own for counts and shares.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from estimators.evidence.claim import Claim
from estimators.evidence.study import Study
from estimators.models.assumptions import SIGNED, Assumptions

type Array = npt.NDArray[np.float64]
type Places = npt.NDArray[np.int64]

KINDS = ("common", "class", "event", "quantity", "origin", "network", "drift")
HEAVY = ("event", "network")
BIAS = ("common", "class", "event", "quantity", "origin", "drift")
_DAYS_A_YEAR = 365.25


@dataclass(frozen=True)
class Effect:
    """One error that claims share: its kind, its name, and the spread it is drawn from.

    `spread` names an unknown sd (of the origins of a class, of the networks); empty where the
    scale is stated. `years` is the length of a step of a random walk.
    """

    kind: str
    name: str
    spread: str = ""
    years: float = field(default=0.0, compare=False)

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


def effects_of(study: Study, claim: Claim) -> tuple[Effect, ...]:
    """Return the errors that a claim carries, one of each kind, without drift.

    Parameters
    ----------
    study
        The study that the claim belongs to.
    claim
        A reading.
    """
    suffix = " (share)" if study.by_id[claim.quantity].is_share else ""
    source_class = study.source_by_id[claim.origin].source_class
    side = side_of(study, claim)
    return (
        Effect("common", f"all{suffix}"),
        Effect("class", f"{source_class}{suffix}"),
        Effect("event", f"{study.event_of(claim.quantity)}{suffix}"),
        Effect("quantity", claim.quantity),
        Effect(
            "origin",
            f"{claim.origin}{f' on its {side} side' if side else ''}{suffix}",
            f"origins: {source_class}",
        ),
        Effect("network", f"{network_of(claim)} on {claim.quantity}", "networks"),
    )


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
    return effects_of(study, claim)[4].name


def sharing_of(study: Study, claims: Sequence[Claim | None], learn_from: float) -> Sharing:
    """Return the shared errors of a study and which of them each reading carries.

    Parameters
    ----------
    study
        The study that the claims belong to.
    claims
        Readings, in the order of the model; None for an anchor, which shares no error.
    learn_from
        Least number of dates of an origin for which its bias may move.
    """
    said = [claim for claim in claims if claim is not None]
    drifts = iter(drifts_of(study, said, learn_from))
    rows = [() if c is None else (*effects_of(study, c), *next(drifts)) for c in claims]
    ordered = sorted((e for row in rows for e in row), key=lambda e: KINDS.index(e.kind))
    effects = tuple(dict.fromkeys(ordered))
    places = {effect: place for place, effect in enumerate(effects)}
    start = np.cumsum([0, *map(len, rows)])
    return Sharing(effects, start, np.array([places[e] for row in rows for e in row], dtype=int))


@dataclass(frozen=True)
class Scales:
    """The prior of each shared error: mean and scale, whether heavy-tailed, whether free.

    A free error's scale is multiplied by its unknown spread.
    """

    mean: Array
    scale: Array
    heavy: Places
    free: Places


def scales_of(
    study: Study, claims: Sequence[Claim | None], sharing: Sharing, assumptions: Assumptions
) -> Scales:
    """Return the prior of each shared error, in the order of `sharing.effects`.

    Parameters
    ----------
    study
        The study that the claims belong to.
    claims
        Readings, in the order of the model.
    sharing
        Their shared errors.
    assumptions
        The scales as stated.

    Notes
    -----
    Non-centred throughout: each error is its scale times a standard normal, for events and
    networks stretched to Student-t(4) by its quantile function, which is the normal with a
    Gamma-distributed precision integrated out: one unknown an error, without the funnel that a
    scale mixture makes. Spreads are half-normal, by their quantile function too. The common and
    the class error never average out: with independent origins alone, nine rumours would look
    like a register [1]_.

    References
    ----------
    .. [1] Winkler (1981). Management Science 27(4), 479-488.
    """
    n = len(sharing.effects)
    mean, scale, free = np.zeros(n), np.zeros(n), np.zeros(n, dtype=np.int64)
    for c, claim in enumerate(claims):
        if claim is not None:
            for place in sharing.places[sharing.start[c] : sharing.start[c + 1]]:
                effect = sharing.effects[place]
                mean[place], size, free[place] = _prior_of(effect, study, claim, assumptions)
                scale[place] = max(scale[place], size)  # of an event: its widest access
    heavy = [int(e.kind in HEAVY and assumptions.heavy_tail > 0) for e in sharing.effects]
    return Scales(mean, scale, np.array(heavy, dtype=np.int64), free)


def _prior_of(
    effect: Effect, study: Study, claim: Claim, assumptions: Assumptions
) -> tuple[float, float, int]:
    """Return mean and scale of an error, and whether its spread multiplies the scale."""
    early = assumptions.early_factor
    source_class = study.source_by_id[claim.origin].source_class
    match effect.kind:
        case "common":
            return 0.0, assumptions.common_sd, 0
        case "class":
            return 0.0, assumptions.class_sd, 0
        case "event":
            return 0.0, assumptions.early_scale[study.access_of(claim.quantity)] * early, 0
        case "quantity":
            return 0.0, assumptions.nested_sd * early, 0
        case "network":
            return 0.0, assumptions.network_scale, 1
        case "drift":
            return 0.0, assumptions.drift_scale * float(np.sqrt(effect.years)), 1
    if assumptions.reading == "signed":
        signed = SIGNED.get((source_class, side_of(study, claim))) or SIGNED.get((source_class, ""))
        if signed:
            return signed[0], signed[1] * assumptions.origin_factor, 0
    spreads = {**study.class_spreads, **assumptions.origin_scale}
    return 0.0, spreads[source_class] * assumptions.origin_factor, 1
