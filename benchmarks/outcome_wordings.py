"""How likely what a claim says is, at each belief, by the laws of Table 1 in closed form."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from estimators.evidence.outcome import EarlyClaim
from estimators.evidence.wording import Between, OneNumber, OrderOf, is_round
from estimators.models import cells
from estimators.models.assumptions import Assumptions
from estimators.models.claim_error import GROWING
from estimators.models.law import Law
from estimators.models.laws import HEDGED_ODD_SIGMA, LADDER, LADDERS, PAIR_FLOOR, law
from estimators.models.printing import METHODS, cells_of

type Array = npt.NDArray[np.float64]

_EIGHTY = 2.0 * float(stats.norm.ppf(0.9))
_POINTS = 64


def chance_said(claim: EarlyClaim, belief: Array) -> Array:
    """Return how likely what a claim says is at each belief, up to a constant.

    A growing count or an enumerated floor is said of the part of the total that had been counted,
    a coverage of which Table 3 states the prior.

    Parameters
    ----------
    claim
        A readable claim.
    belief
        Logs of counts.
    """
    if claim.kind not in GROWING and (claim.wording is None or claim.wording.name != "verified"):
        return _said(claim, belief)
    return np.mean([_said(claim, belief + part) for part in log_coverages()], axis=0)


def log_coverages() -> Array:
    """Return the logs of equally likely coverages."""
    made = Assumptions()
    at = stats.norm.ppf((np.arange(_POINTS) + 0.5) / _POINTS)
    return special.log_expit(made.coverage_mean + made.coverage_sd * at)


def _said(claim: EarlyClaim, belief: Array) -> Array:
    match claim.wording:
        case Between(low, high):
            sd = max(float(np.log(high / low)) / _EIGHTY, PAIR_FLOOR)
            return stats.norm.pdf(belief, np.log(low * high) / 2.0, sd)
        case OrderOf(word):
            return word_chance(word, belief)
        case OneNumber(value):
            return number_chance(claim.wording.name, value, belief)
    raise ValueError(f"{claim.qualifier!r} is no number and no word")


def word_chance(word: str, belief: Array) -> Array:
    """Return the chance that a word of the ladder is chosen at each belief.

    Parameters
    ----------
    word
        One of the ladder.
    belief
        Logs of counts.
    """
    medians, sds = LADDERS[0].T
    kernels = stats.norm.pdf(belief[:, None], medians, sds)
    return kernels[:, list(LADDER).index(word)] / np.maximum(kernels.sum(axis=1), 1e-300)


def number_chance(name: str, value: float, belief: Array) -> Array:
    """Return the chance that a number is printed at each belief.

    Parameters
    ----------
    name
        The wording.
    value
        Persons.
    belief
        Logs of counts.
    """
    made = law(name)
    is_odd = name == "about" and not is_round(value)
    sigma = HEDGED_ODD_SIGMA if is_odd else made.sigma
    method = METHODS.index("enumeration" if name == "verified" else "estimate")
    weights, lows, highs = cells_of(np.array([value]), np.zeros(1), np.array([method]))
    of_grids = (
        weight * (below(made, sigma, high - belief) - below(made, sigma, low - belief))
        for weight, low, high in zip(weights[0], lows[0], highs[0], strict=True)
        if weight > 0.0
    )
    return np.asarray(sum(of_grids))


def below(made: Law, sigma: float, at: Array) -> Array:
    """Return the distribution function of log said less log believed.

    Parameters
    ----------
    made
        The law of the wording.
    sigma
        Its scale here.
    at
        Places.
    """
    scale = cells.LOGISTIC_SCALE * sigma
    if made.code == cells.POINT:
        return special.expit(at / scale)
    if made.code == cells.NEARLY:
        return special.expit((at[:, None] - cells.NEARLY_SHIFTS) / scale).mean(axis=1)
    if made.code == cells.BOUND:
        gap = stats.exponnorm(made.slack / sigma, scale=sigma)
        return gap.sf(-at) if made.sign > 0.0 else gap.cdf(at)
    if made.code == cells.TABLE:
        return made.error.cdf(at)
    return special.ndtr(at / sigma)
