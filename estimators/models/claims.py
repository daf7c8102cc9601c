"""Who errs together: the errors that claims share, from the common error to the network's.

    belief = scale(quantity) + common + class + event + quantity-in-event + origin + network

all on the log of a count or the logit of a share, with levels of their own for counts and shares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pymc as pm
import pytensor.tensor as pt

from estimators.evidence.claim import Claim
from estimators.evidence.study import Study
from estimators.models.assumptions import Assumptions
from estimators.models.operations import fixed

type Tensor = pt.TensorVariable
type Array = npt.NDArray[np.float64]

KINDS = ("common", "class", "event", "quantity", "origin", "network")
HEAVY = ("event", "network")
HALF_NORMAL_MEAN = 0.8


@dataclass(frozen=True)
class Effect:
    """One error that claims share: its kind, its name, and the spread it is drawn from.

    `spread` names an unknown sd (of the origins of a class, of the networks); empty where the
    scale is stated.
    """

    kind: str
    name: str
    spread: str = ""

    @property
    def id(self) -> str:
        """Return the effect's name in the posterior, e.g. 'origin okn'."""
        return f"{self.kind} {self.name}"


@dataclass(frozen=True)
class Sharing:
    """All shared errors of a study and which of them each claim carries.

    `index` has a row a claim and a column a kind of error (`KINDS`).
    """

    effects: tuple[Effect, ...]
    index: npt.NDArray[np.int64]

    @property
    def spreads(self) -> tuple[str, ...]:
        """Return the names of the unknown spreads."""
        return tuple(dict.fromkeys(e.spread for e in self.effects if e.spread))


def network_of(claim: Claim) -> str:
    """Return the network of a claim's informants; an origin without one is its own network."""
    return claim.network or claim.origin


def effects_of(study: Study, claim: Claim) -> tuple[Effect, ...]:
    """Return the six errors that a claim carries, one of each kind.

    Parameters
    ----------
    study
        The study that the claim belongs to.
    claim
        A reading.
    """
    suffix = " (share)" if study.by_id[claim.quantity].is_share else ""
    source_class = study.source_by_id[claim.origin].source_class
    return (
        Effect("common", f"all{suffix}"),
        Effect("class", f"{source_class}{suffix}"),
        Effect("event", f"{study.event_of(claim.quantity)}{suffix}"),
        Effect("quantity", claim.quantity),
        Effect("origin", f"{claim.origin}{suffix}", f"origins: {source_class}"),
        Effect("network", f"{network_of(claim)} on {claim.quantity}", "networks"),
    )


def sharing_of(study: Study, claims: Sequence[Claim]) -> Sharing:
    """Return the shared errors of a study and which of them each claim carries.

    Parameters
    ----------
    study
        The study that the claims belong to.
    claims
        Readings, in the order of the model.
    """
    rows = [effects_of(study, claim) for claim in claims]
    columns = zip(*rows, strict=True)
    effects = tuple(dict.fromkeys(effect for column in columns for effect in column))
    places = {effect: place for place, effect in enumerate(effects)}
    return Sharing(effects, np.array([[places[effect] for effect in row] for row in rows]))


def build_errors(
    study: Study, claims: Sequence[Claim], assumptions: Assumptions, error_z: Tensor
) -> Tensor:
    """Return the error of each claim's belief (log scale), its unknowns added to the model.

    Parameters
    ----------
    study
        The study that the claims belong to.
    claims
        Readings, in the order of the model.
    assumptions
        The scales of the priors; they are data of the model, so that they can be changed without
        compiling again.
    error_z
        Standard normal unknowns of the effects, in the order of `sharing_of(...).effects`.

    Notes
    -----
    Non-centred throughout: each error is its scale times a standard normal z, for events and
    networks stretched to z exp(h z^2 / 2) (Tukey's h [2]_; with h = .18 its quantiles are those
    of Student-t(4) within 7 %, in the tails within 2 %), so that a cluster that is consistently
    wrong can be set aside. One unknown an error: a Student-t as a scale mixture has two, and
    their funnel diverged here. Spreads are half-normal, by their quantile function. The common
    and the class error never average out: with independent origins alone, nine rumours would look
    like a register [1]_.

    References
    ----------
    .. [1] Winkler (1981). Management Science 27(4), 479-488.
    .. [2] Goerg (2015). The Scientific World Journal, 909231. doi:10.1155/2015/909231
    """
    sharing = sharing_of(study, claims)
    model = pm.modelcontext(None)
    model.add_coords({"effect": [e.id for e in sharing.effects], "spread": sharing.spreads})
    scale = fixed("error_scale", error_scales(study, claims, assumptions), "effect")
    level = 0.5 * pt.erfc(-pm.Normal("spread_z", dims="spread") / np.sqrt(2.0))
    spread = pm.Deterministic("spread_sd", np.sqrt(2.0) * pt.erfinv(level), dims="spread")
    spread_of = [1 + sharing.spreads.index(e.spread) if e.spread else 0 for e in sharing.effects]
    stretch = pt.concatenate([np.ones(1), spread])[spread_of]
    h = np.array([assumptions.heavy_tail if e.kind in HEAVY else 0.0 for e in sharing.effects])
    tail = pt.exp(0.5 * h * error_z**2)
    error = pm.Deterministic("error", scale * stretch * tail * error_z, dims="effect")
    return pt.sum(error[sharing.index], axis=1)


def error_scales(study: Study, claims: Sequence[Claim], assumptions: Assumptions) -> Array:
    """Return the scale of each shared error's prior, in the order of the model's `effect`.

    Parameters
    ----------
    study
        The study that the claims belong to.
    claims
        Readings, in the order of the model.
    assumptions
        The scales as stated.
    """
    found: dict[Effect, float] = {}
    for claim in claims:
        access = study.access_of(claim.quantity)
        source_class = study.source_by_id[claim.origin].source_class
        early = assumptions.early_factor
        scales = (
            assumptions.common_sd,
            assumptions.class_sd,
            assumptions.early_scale[access] * early,
            assumptions.nested_sd * early,
            assumptions.origin_scale[source_class] * assumptions.origin_factor,
            assumptions.network_scale,
        )
        for effect, scale in zip(effects_of(study, claim), scales, strict=True):
            found[effect] = max(scale, found.get(effect, 0.0))  # of an event: its widest access
    return np.array([found[effect] for effect in sharing_of(study, claims).effects])


def error_slopes(study: Study, claims: Sequence[Claim], assumptions: Assumptions) -> Array:
    """Return how each claim's belief moves with each effect's unknown at the prior's middle.

    Parameters
    ----------
    study
        The study that the claims belong to.
    claims
        Readings, in the order of the model.
    assumptions
        The scales as stated.

    Returns
    -------
    numpy.ndarray
        Shape (claims, effects).
    """
    sharing = sharing_of(study, claims)
    middle = np.array([HALF_NORMAL_MEAN if effect.spread else 1.0 for effect in sharing.effects])
    slopes = np.zeros((len(claims), len(sharing.effects)))
    scale = middle * error_scales(study, claims, assumptions)
    rows = np.arange(len(claims))[:, None]
    slopes[rows, sharing.index] = scale[sharing.index]
    return slopes
