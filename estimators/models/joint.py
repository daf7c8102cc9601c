"""The one builder: a study and its assumptions become one PyMC model."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pymc as pm

from estimators.evidence.claim import Claim
from estimators.evidence.study import Study
from estimators.models.accounts import Priors, account_slopes, build_account, priors_of
from estimators.models.assumptions import Assumptions
from estimators.models.claims import build_errors, error_scales, error_slopes, sharing_of
from estimators.models.coordinates import information_of, whitening
from estimators.models.operations import fixed
from estimators.models.wordings import Group, groups_of, observe

type Data = dict[str, npt.NDArray[np.float64]]


def build(study: Study, assumptions: Assumptions) -> pm.Model:
    """Return the joint model of a study.

    Parameters
    ----------
    study
        What was said.
    assumptions
        Every prior that is a choice.

    Notes
    -----
    The model holds `count` (dims quantity, persons), `share` (dims share_quantity, fractions of
    one), `belief` (dims claim, the log count or logit share that each origin believes), `error`
    (dims effect, on the log scale) and one observed variable for each law of wording. Everything
    in `model_data` is data of the model and can be changed without compiling again.
    """
    groups = ordered_groups(study)
    claims = [claim for group in groups for claim in group.claims]
    with pm.Model(coords=_coords(groups)) as model:
        priors = priors_of(study, assumptions.range_factor, assumptions.share_size)
        z = _unknowns(study, assumptions, priors, groups)
        account = build_account(study, priors, z[: len(priors.unknowns)])
        truth = account.truth([claim.quantity for claim in claims])
        errors = build_errors(study, claims, assumptions, z[len(priors.unknowns) :])
        belief = pm.Deterministic("belief", truth + errors, dims="claim")
        weight = fixed("weight", np.ones(len(claims)), "claim")
        for group, here in _slices(groups):
            observe(group, belief[here], weight[here])
    return model


def model_data(study: Study, assumptions: Assumptions) -> Data:
    """Return the data of the study's model under other assumptions: the same shapes throughout."""
    claims = [claim for group in ordered_groups(study) for claim in group.claims]
    priors = priors_of(study, assumptions.range_factor, assumptions.share_size)
    data: Data = {"error_scale": error_scales(study, claims, assumptions)}
    if priors.base:
        data |= {"base_mean": priors.base_mean, "base_sd": priors.base_sd}
    if priors.fraction:
        data |= {"fraction_mean": priors.fraction_mean, "fraction_sd": priors.fraction_sd}
    return data


def ordered_groups(study: Study) -> tuple[Group, ...]:
    """Return the readings of a study grouped by wording: their order is that of `belief`."""
    shares = frozenset(quantity.id for quantity in study.quantities if quantity.is_share)
    return groups_of(study.readings, shares)


def claims_in_order(study: Study) -> tuple[Claim, ...]:
    """Return the readings of a study in the order of the model's `claim` dimension."""
    return tuple(claim for group in ordered_groups(study) for claim in group.claims)


def _unknowns(
    study: Study, assumptions: Assumptions, priors: Priors, groups: tuple[Group, ...]
) -> Any:
    """Return all standard normal unknowns: those of the account, then the effects."""
    claims = [claim for group in groups for claim in group.claims]
    slopes = np.hstack(
        [
            account_slopes(study, priors, [claim.quantity for claim in claims]),
            error_slopes(study, claims, assumptions),
        ]
    )
    effects = [effect.id for effect in sharing_of(study, claims).effects]
    pm.modelcontext(None).add_coord("unknown", [*priors.unknowns, *effects])
    transform = whitening(slopes, information_of(groups))
    return pm.Normal("z", dims="unknown", transform=transform)


def _coords(groups: tuple[Group, ...]) -> dict[str, Any]:
    own = {f"claim_{g.law}": [c.id for c in g.claims] for g in groups}
    return {"claim": [c.id for g in groups for c in g.claims], **own}


def _slices(groups: tuple[Group, ...]) -> list[tuple[Group, slice]]:
    ends = np.cumsum([0, *(len(group.claims) for group in groups)])
    return [(g, slice(a, b)) for g, a, b in zip(groups, ends[:-1], ends[1:], strict=True)]
