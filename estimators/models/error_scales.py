"""How large the errors are that claims share: the prior of each, its tails and its spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, sqrt

import numpy as np
import numpy.typing as npt

from estimators.evidence.claim import Claim
from estimators.evidence.study import Study
from estimators.models.assumptions import SIGNED, Assumptions
from estimators.models.claims import SHAPING, Sharing, side_of
from estimators.models.effects import Effect
from estimators.models.phases import PHASES
from estimators.models.quantiles import NORMAL, STRETCHED_2, STRETCHED_4

type Array = npt.NDArray[np.float64]
type Places = npt.NDArray[np.int64]

SPLIT_SD = (
    3.0  # of claims that are set apart: nearly flat, on the log of a count or logit of a share
)


@dataclass(frozen=True)
class Scales:
    """The prior of each shared error: mean and scale, its tails (see `quantiles`), whether free.

    A free error's scale is multiplied by its unknown spread. `spread_log` has an entry a spread:
    the sd of its log, or -1 where it is half-normal.
    """

    mean: Array
    scale: Array
    tails: Places
    free: Places
    spread_log: Array


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

    In a study that stands on a reference class the errors of study and event are Student-t(2), with
    the scales learned there; those of origins and networks are normal with a lognormal spread. As
    tails of Student-t(2) do, squared scales add: they are split between study and event, and
    between origin and network. The error of a class of sources is part of both.

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
    for place, effect in enumerate(sharing.effects):
        if effect.kind in SHAPING:
            mean[place], scale[place], free[place] = _of_shape(effect, assumptions)
    tails = [_tails(effect, assumptions) for effect in sharing.effects]
    spreads = np.array([_spread_log(name, assumptions) for name in sharing.spreads], dtype=float)
    return Scales(mean, scale, np.array(tails, dtype=np.int64), free, spreads)


def _of_shape(effect: Effect, assumptions: Assumptions) -> tuple[float, float, int]:
    """Return mean and scale of an error that shapes cells, and whether it has a spread."""
    if effect.law:
        return 0.0, assumptions.path_scale[effect.law], 1
    if effect.kind == "cell":
        return 0.0, effect.size, 0
    return effect.mean, effect.size / sqrt(assumptions.share_size), 0


def _tails(effect: Effect, assumptions: Assumptions) -> int:
    if assumptions.heavy_tail == 0:
        return NORMAL
    if assumptions.stands:
        return STRETCHED_2 if effect.phases else NORMAL
    return STRETCHED_4 if effect.kind in ("event", "network") else NORMAL


def _spread_log(name: str, assumptions: Assumptions) -> float:
    is_own = name == "networks" or name.startswith("origins: ")
    return assumptions.own_sd if assumptions.stands and is_own else -1.0


def _prior_of(
    effect: Effect, study: Study, claim: Claim, assumptions: Assumptions
) -> tuple[float, float, int]:
    """Return mean and scale of an error, and whether its spread multiplies the scale."""
    early = assumptions.early_factor
    source_class = study.source_by_id[claim.origin].source_class
    if effect.phases:
        return 0.0, _phase_scale(effect, assumptions), 0
    match effect.kind:
        case "common":
            return 0.0, assumptions.common_sd, 0
        case "class":
            return 0.0, assumptions.class_sd, 0
        case "event":
            return 0.0, assumptions.early_scale[study.access_of(claim.quantity)] * early, 0
        case "quantity":
            return 0.0, assumptions.nested_sd * early, 0
        case "network" if not assumptions.stands:
            return 0.0, assumptions.network_scale, 1
        case "split":
            return 0.0, SPLIT_SD, 0
        case "drift":
            return 0.0, assumptions.drift_scale * float(np.sqrt(effect.years)), 1
    if assumptions.reading == "signed" and effect.kind == "origin":
        signed = SIGNED.get((source_class, side_of(study, claim))) or SIGNED.get((source_class, ""))
        if signed:
            return signed[0], signed[1] * assumptions.origin_factor, 0
    spreads = {**study.class_spreads, **assumptions.origin_scale}
    part = assumptions.network_share if assumptions.stands else 0.0
    scale = spreads[source_class] * assumptions.origin_factor
    return 0.0, scale * sqrt(part if effect.kind == "network" else 1.0 - part), 1


def _phase_scale(effect: Effect, assumptions: Assumptions) -> float:
    """Return the study's or the event's part of the scale of the error that phases share."""
    part = assumptions.environment_share
    early = [assumptions.early_factor if phase == 0 else 1.0 for phase in effect.phases]
    sizes = [assumptions.phase_scale[PHASES[phase]] for phase in effect.phases]
    whole = assumptions.shared_factor * hypot(*(a * b for a, b in zip(early, sizes, strict=True)))
    return whole * sqrt(part if effect.kind == "common" else 1.0 - part)
