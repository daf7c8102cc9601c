"""Stated ranges as normal priors: of counts on the log scale, of fractions on the logit scale."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import optimize, stats

from estimators.evidence.claim import Claim
from estimators.evidence.quantity import Balance, PartOf, Range, Split
from estimators.evidence.series import Series
from estimators.evidence.study import Study
from estimators.evidence.wording import Verified
from estimators.models.assumptions import Assumptions

type Array = npt.NDArray[np.float64]
type Shape = tuple[float, float, float]

TAILS = (0.05, 0.95)
VERIFIED = "verified"
RANGE_WIDTH = 2.0 * float(stats.norm.ppf(0.95))
_NO_SKEW = 1e-6


@dataclass(frozen=True)
class Priors:
    """The numbers of the account's priors, as a model's data holds them.

    `base` and `fraction` name what the entries of the arrays are of: persons on the log scale,
    fractions on the logit scale. A skew other than 0 stretches one side.
    """

    base: tuple[str, ...]
    base_mean: Array
    base_sd: Array
    base_skew: Array
    fraction: tuple[str, ...]
    fraction_mean: Array
    fraction_sd: Array
    fraction_skew: Array

    @property
    def unknowns(self) -> tuple[str, ...]:
        """Return the names of the account's standard normal unknowns: base, then fractions."""
        return (*self.base, *(f"share {id}" for id in self.fraction))


def priors_of(study: Study, assumptions: Assumptions) -> Priors:
    """Return the priors that the stated ranges mean.

    Parameters
    ----------
    study
        The study whose ranges are read.
    assumptions
        Of these the factor on ranges, the size of shares and the coverage of verified counts.

    Notes
    -----
    A range in persons is the 5 % and 95 % points of a lognormal: mean log sqrt(low x high), sd
    log(high / low) / 3.29. With a stated middle it is stretched to one side (Tukey's g [1]_), so
    that it meets all three. A share's range is in the same way that of a logit-normal. The ranges
    of a split are met as nearly as one Dirichlet can; it is drawn by stick breaking, each stick
    with the 5 % and 95 % points of the Dirichlet's.

    References
    ----------
    .. [1] Hoaglin (1985). Summarizing shape numerically: the g-and-h distributions.
       doi:10.1002/9781118150702.ch11
    """
    base = [
        (q.id, _normal(np.log(q.rule.low), np.log(q.rule.high), _log(q.rule.middle)))
        for q in study.quantities
        if isinstance(q.rule, Range) and not q.is_share
    ]
    fractions = [(id, _logit_normal(given)) for id, given in _fractions(study)]
    for identity in study.identities:
        if isinstance(identity, Split):
            fractions += [(id, _stick(ends)) for id, ends in _sticks(identity)]
    delays = {delay_id(c, s): s.delay_held for c, s in late(study)}
    fractions += [(id, _logit_normal(given)) for id, given in delays.items() if given]
    own = VERIFIED not in {coverage.id for coverage in study.coverages}
    if own and any(covered(claim) == VERIFIED for claim in study.readings):
        stated = (assumptions.coverage_mean, assumptions.coverage_sd, 0.0)
        fractions.append((f"coverage {VERIFIED}", stated))
    of_base = np.array([shape for _, shape in base]).reshape(-1, 3)
    of_fraction = np.array([shape for _, shape in fractions]).reshape(-1, 3)
    return Priors(
        tuple(id for id, _ in base),
        of_base[:, 0].copy(),
        of_base[:, 1] * assumptions.range_factor,
        of_base[:, 2].copy(),
        tuple(id for id, _ in fractions),
        of_fraction[:, 0].copy(),
        of_fraction[:, 1] / np.sqrt(assumptions.share_size),
        of_fraction[:, 2].copy(),
    )


def late(study: Study) -> list[tuple[Claim, Series]]:
    """Return the readings whose figures may lag behind the day they were published.

    Parameters
    ----------
    study
        The study; such a claim is of a series with a delay and says neither `as_of` nor `since`.
    """
    clocked = [(c, study.series_of.get(c.quantity)) for c in study.readings]
    return [
        (claim, series)
        for claim, series in clocked
        if series and is_late(claim, series) and study.by_id[claim.quantity].measure != "stock"
    ]


def is_late(claim: Claim, series: Series) -> bool:
    """Return whether a count may lag behind the day it was published: it names no day."""
    return bool(series.delay) and claim.as_of is None and claim.since is None


def delay_id(claim: Claim, series: Series) -> str:
    """Return the name of the fraction of the last days' count that an origin's figures hold."""
    return f"delay of {claim.origin} on {series.id}"


def _logit_normal(given: Range) -> Shape:
    low, high = logit_of(np.array([given.low, given.high]) / 100.0)
    middle = None if given.middle is None else float(logit_of(np.array(given.middle / 100.0)))
    return _normal(low, high, middle)


def _stick(ends: tuple[float, float]) -> Shape:
    low, high = logit_of(np.array(ends))
    return _normal(low, high, None)


def _normal(low: float, high: float, middle: float | None) -> Shape:
    """Return mean, sd and skew of what has these 5 %, 50 % and 95 % points."""
    if middle is None:
        return (low + high) / 2.0, (high - low) / RANGE_WIDTH, 0.0
    ratio = np.log((high - middle) / (middle - low))
    skew = 2.0 * ratio / RANGE_WIDTH
    if abs(skew) < _NO_SKEW:
        return middle, (high - low) / RANGE_WIDTH, 0.0
    return middle, (high - middle) * skew / np.expm1(ratio), skew


def _log(number: float | None) -> float | None:
    return None if number is None else float(np.log(number))


def covered(claim: Claim) -> str:
    """Return the id of the coverage at which a claim counts its quantity, '' for all of it.

    Parameters
    ----------
    claim
        A reading; a verified count without a stated coverage has one of its own.
    """
    return claim.coverage or (VERIFIED if isinstance(claim.wording, Verified) else "")


def _fractions(study: Study) -> Iterator[tuple[str, Range]]:
    for quantity in study.quantities:
        match quantity.rule:
            case Range() as given if quantity.is_share:
                yield quantity.id, given
            case PartOf(_, Range() as given):
                yield quantity.id, given
    for identity in study.identities:
        if isinstance(identity, Balance) and identity.inflow_share is not None:
            yield identity.inflow, identity.inflow_share
    for coverage in study.coverages:
        yield f"coverage {coverage.id}", coverage.range


def _sticks(split: Split) -> list[tuple[str, tuple[float, float]]]:
    """Return, for each part but the last, the 5-95 % points of its fraction of what is left."""
    alpha = dirichlet_of(tuple((given.low, given.high) for _, given in split.parts))
    rests = [sum(alpha[i:]) for i in range(1, len(alpha))]
    ends = stats.beta.ppf(np.array(TAILS)[:, None], alpha[:-1], rests)
    return list(zip(split.defines, zip(*ends.tolist(), strict=True), strict=False))


@lru_cache(maxsize=256)
def dirichlet_of(ends: tuple[tuple[float, float], ...]) -> tuple[float, ...]:
    """Return the Dirichlet whose marginal 5 % and 95 % points come nearest to the percents."""
    wanted = np.array(ends) / 100.0

    def gap(log_alpha: npt.NDArray[np.float64]) -> Any:
        alpha = np.exp(log_alpha)
        got = stats.beta.ppf(TAILS, alpha[:, None], (alpha.sum() - alpha)[:, None])
        return (logit_of(np.clip(got, 1e-9, 1 - 1e-9)) - logit_of(wanted)).ravel()

    middles = wanted.mean(axis=1)
    sizes = middles * (1.0 - middles) / (np.ptp(wanted, axis=1) / RANGE_WIDTH) ** 2
    found = optimize.least_squares(gap, np.log(middles / middles.sum() * np.median(sizes)))
    return tuple(float(alpha) for alpha in np.exp(found.x))


def logit_of(share: Array) -> Array:
    """Return the logit of shares, in fractions of one."""
    return np.asarray(np.log(share) - np.log1p(-share))
