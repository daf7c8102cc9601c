"""From a true belief to a printed claim: one case a law, logp and random side by side.

Every log-likelihood is the log probability of the printed thing (a number with its wording, a
pair, a word), so that claims of different wordings speak one currency.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pymc as pm

from estimators.evidence.claim import Claim
from estimators.evidence.wording import (
    WORDS,
    Between,
    OneNumber,
    OrderOf,
    is_round,
    significant_digits,
)
from estimators.models import kernels
from estimators.models.operations import said_logp
from estimators.models.simulate import RANDOM

type Array = npt.NDArray[Any]

SHARE_FLOOR = 0.02
PAIR_FLOOR = 0.03
PAIR_WIDTH = 2.56  # an 80 % interval is 2.56 sds wide
POINT_SIGMA = {"enumeration": 0.05, "estimate": 0.10}
HEDGED_ODD_SIGMA = 0.12  # 'about' before a number that is not round
NEARLY_SIGMA = 0.05

# Sigma and slack of the ExGaussian; +1 for floors, -1 for ceilings.
BOUNDS = {
    "more than": (0.20, 0.30, 1.0),
    "at least": (0.30, 0.40, 1.0),
    "up to": (0.30, 0.45, -1.0),
    "fewer than": (0.20, 0.30, -1.0),
}


@dataclass(frozen=True)
class Group:
    """All claims whose wordings follow one law: what was printed and the law's parameters.

    `observed` and each of `parameters` have one entry a claim.
    """

    law: str
    claims: tuple[Claim, ...]
    observed: Array
    parameters: tuple[Array, ...]

    def draw(self, belief: Array, rng: np.random.Generator) -> Array:
        """Return printed things drawn given beliefs: the shape of `belief`, claims last."""
        return RANDOM[self.law](rng, belief, *self.parameters)


def groups_of(claims: Sequence[Claim], shares: frozenset[str]) -> tuple[Group, ...]:
    """Return the claims grouped by the law of their wording, each with its parameters.

    Parameters
    ----------
    claims
        Readings: used claims, pairs already made one.
    shares
        The ids of the quantities that are shares.

    Notes
    -----
    The numbers are those of table 1 of the project's statistics. Floors and ceilings are soft: of
    47 floors by one source in one war a fifth lay above the exact figure that the same source gave
    within three days [1]_. A hedge before a round number changes little, before another one it
    adds slack [2]_, [3]_.

    References
    ----------
    .. [1] Radford et al. (2023). doi:10.1073/pnas.2307372120 (replication data)
    .. [2] Williams & Power (2013). oro.open.ac.uk/38262
    .. [3] Ferson et al. (2015). Int. J. Approximate Reasoning 57, 19-39.
    """
    found = []
    for law, make in _MAKERS.items():
        mine = tuple(claim for claim in claims if law_of(claim) == law)
        if mine:
            is_share = np.array([claim.quantity in shares for claim in mine])
            found.append(Group(law, mine, *make(mine, is_share)))
    return tuple(found)


def law_of(claim: Claim) -> str:
    """Return the name of the law by which a claim's wording observes a belief.

    Parameters
    ----------
    claim
        A reading.
    """
    if isinstance(claim.wording, OrderOf):
        return "word"
    name = claim.wording.name
    return "bound" if name in BOUNDS else "point" if name in ("exact", "about") else name


def observe(group: Group, belief: Any, weight: Any) -> Any:
    """Return the observed variable of a group of claims, inside a PyMC model.

    Parameters
    ----------
    group
        The claims of one law.
    belief
        What each origin believes: log count or logit share; one entry a claim.
    weight
        The weight of each claim: 1, or 0 to leave it out.
    """

    def logp(value: Any, belief: Any, weight: Any, *parameters: Any) -> Any:
        return weight * said_logp(group.law, value, belief, *parameters)

    def random(belief: Array, weight: Array, *parameters: Array, rng: Any, size: Any) -> Array:
        shape = np.shape(belief) if size is None else size
        return RANDOM[group.law](rng, np.broadcast_to(belief, shape), *parameters)

    return pm.CustomDist(
        f"said_{group.law}",
        belief,
        weight,
        *group.parameters,
        logp=logp,
        random=random,
        observed=group.observed,
        dims=f"claim_{group.law}",
    )


def _words(claims: tuple[Claim, ...], is_share: Array) -> tuple[Array, tuple[Array, ...]]:
    places = [WORDS.index(str(claim.wording)) for claim in claims]
    return np.array(places, dtype=float), ()


def _bounds(claims: tuple[Claim, ...], is_share: Array) -> tuple[Array, tuple[Array, ...]]:
    return _numbers(claims, is_share, np.array([BOUNDS[claim.wording.name] for claim in claims]))


def _points(claims: tuple[Claim, ...], is_share: Array) -> tuple[Array, tuple[Array, ...]]:
    sigma = np.maximum([_point_sigma(claim) for claim in claims], SHARE_FLOOR * is_share)
    return _numbers(claims, is_share, np.stack([sigma, 0.0 * sigma, 0.0 * sigma], axis=1))


def _numbers(
    claims: tuple[Claim, ...], is_share: Array, law: Array
) -> tuple[Array, tuple[Array, ...]]:
    method = np.array([kernels.METHODS.index(c.method or "estimate") for c in claims], dtype=float)
    values = np.array([_value(claim) for claim in claims])
    return values, (is_share.astype(float), method, *np.ascontiguousarray(law.T))


def _pairs(claims: tuple[Claim, ...], is_share: Array) -> tuple[Array, tuple[Array, ...]]:
    """Return the middles of the pairs, given their ratio and their fineness."""
    ends = np.array(
        [
            [kernels.to_scale(end, bool(s)) for end in _ends(claim)]
            for claim, s in zip(claims, is_share, strict=True)
        ]
    )
    sigma = np.maximum((ends[:, 1] - ends[:, 0]) / PAIR_WIDTH, PAIR_FLOOR)
    half = np.array([_fineness(claim, bool(s)) for claim, s in zip(claims, is_share, strict=True)])
    middle = ends.mean(axis=1)
    return middle, (sigma, half, middle)


_MAKERS: dict[str, Callable[[tuple[Claim, ...], Array], tuple[Array, tuple[Array, ...]]]] = {
    "point": _points,
    "nearly": _points,
    "bound": _bounds,
    "between": _pairs,
    "word": _words,
}


def _fineness(claim: Claim, is_share: bool) -> float:
    """Return half the mean width, on the belief's scale, of the cells in which a pair is said."""
    low, high = _ends(claim)
    digits = max(significant_digits(low), significant_digits(high))
    widths = []
    for number in (low, high):
        half = 10.0 ** (np.floor(np.log10(number)) - digits + 1) / 2.0
        ends = [kernels.to_scale(number + side, is_share) for side in (-half, half)]
        widths.append(ends[1] - ends[0])
    return float(np.mean(widths) / 2.0)


def _point_sigma(claim: Claim) -> float:
    if claim.wording.name == "nearly":
        return NEARLY_SIGMA
    if claim.wording.name == "about" and not is_round(_value(claim)):
        return HEDGED_ODD_SIGMA
    return POINT_SIGMA[claim.method or "estimate"]


def _value(claim: Claim) -> float:
    assert isinstance(claim.wording, OneNumber)
    return claim.wording.value


def _ends(claim: Claim) -> tuple[float, float]:
    assert isinstance(claim.wording, Between)
    return claim.wording.low, claim.wording.high
