"""The law of claim error as PyMC learns it from claims whose outcomes are known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pymc as pm
import pytensor.tensor as pt

from estimators.models.claim_error import (
    ABSENT,
    DEGREES,
    PRIORS,
    TAILS,
    TERMS,
    UNEVEN,
    Training,
    exponential_points,
    log_shared,
    of_claims,
)
from estimators.models.phases import PHASES

type Array = npt.NDArray[np.float64]

_GAPS = exponential_points(8)


def law(training: Training, without: Iterable[str] = ()) -> pm.Model:
    """Return the model of the errors of claims whose outcomes are known.

    `weight` is data of the model: 0 leaves a claim out, so that folds need no compilation.

    Parameters
    ----------
    training
        Claims with their outcomes.
    without
        Names of `TERMS` that the law does not have.
    """
    f, dates, event, first, truth = training
    off = {name for term in without for name in TERMS[term]}
    is_heavy = TAILS not in without
    of = np.empty(len(f.log_said), dtype=np.int64)
    of[dates] = np.arange(len(truth))[:, None]
    with pm.Model() as model:
        weight = pm.Data("weight", np.ones(len(truth)))
        p = {name: _parameter(name, name in off) for name in PRIORS}
        own = pm.Normal("own", shape=len(first)) * pt.exp(p[UNEVEN])
        shape = len(first), len(PHASES)
        unit = (
            pm.StudentT("unit", nu=DEGREES, shape=shape)
            if is_heavy
            else pm.Normal("unit", shape=shape)
        )
        at = dates[first, 0]
        shared = log_shared(p, f.category[at], f.selection[at]) + own[:, None]
        walked = pt.cumsum((unit * pt.exp(shared))[:, ::-1], axis=1)[:, ::-1]
        scale, gap, shift = of_claims(p, f, own[event[of]], pt)
        left = f.log_said - truth[of] - walked[event[of], f.phase] - shift
        said = pt.logsumexp(_said_by_day(left, scale, gap, f.growing, is_heavy)[dates], axis=1)
        pm.Potential("said", pt.sum(weight * said))
    return model


def _parameter(name: str, is_off: bool) -> Any:
    mean, sd, shape = PRIORS[name]
    if is_off:
        return pt.as_tensor_variable(np.full(shape, ABSENT.get(name, 0.0)))
    return pm.Normal(name, mean, sd, shape=shape)


def _said_by_day(left: Any, scale: Any, gap: Any, growing: Array, is_heavy: bool) -> Any:
    """Return the log density of what was said, less a constant; growing counts lie below."""
    told = [np.flatnonzero(growing == kind) for kind in (0, 1)]
    below = left[told[1]] + gap[told[1]] * _GAPS[:, None]
    made = pt.logsumexp(_density(below, scale[told[1]], is_heavy), axis=0) - np.log(len(_GAPS))
    both = pt.concatenate([_density(left[told[0]], scale[told[0]], is_heavy), made])
    return both[np.argsort(np.concatenate(told))]


def _density(left: Any, scale: Any, is_heavy: bool) -> Any:
    """Return the log density of a Student-t(2), or of a normal, less a constant."""
    ratio = (left / scale) ** 2
    half = (DEGREES + 1.0) / 2.0
    return (-half * pt.log1p(ratio / DEGREES) if is_heavy else -0.5 * ratio) - pt.log(scale)
