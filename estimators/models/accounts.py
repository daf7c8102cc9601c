"""Accounts: quantities and identities become true counts that agree in every draw.

Every identity holds by construction, never by penalty. A base quantity is a lognormal with its
stated range; a part is a share of its whole; a sum adds; a split is a Dirichlet; a balance runs
backwards from the stock after it, so that no stock and no flow can be negative (Bryant & Graham
2013, doi:10.1214/13-BA820, for accounts under a system model).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pymc as pm
import pytensor.tensor as pt
from scipy import optimize, stats

from estimators.evidence.quantity import Balance, PartOf, Range, Split, SumOf
from estimators.evidence.study import Study
from estimators.models.operations import SolveAccount, fixed

type Tensor = pt.TensorVariable
type Array = npt.NDArray[np.float64]

TAILS = (0.05, 0.95)
_RANGE_WIDTH = 2.0 * stats.norm.ppf(0.95)


@dataclass(frozen=True)
class Account:
    """The true counts of a study inside a PyMC model.

    `counts` (persons) and `shares` (fractions of one) are vectors; `count_ids` and `share_ids` say
    of which quantities.
    """

    count_ids: tuple[str, ...]
    share_ids: tuple[str, ...]
    counts: Tensor
    shares: Tensor

    def truth(self, ids: Sequence[str]) -> Tensor:
        """Return, for each id, what claims speak of: the log of a count, the logit of a share."""
        places = {id: i for i, id in enumerate((*self.count_ids, *self.share_ids))}
        logit = pt.log(self.shares) - pt.log1p(-self.shares)
        return pt.concatenate([pt.log(self.counts), logit])[[places[id] for id in ids]]


@dataclass(frozen=True)
class Term:
    """One line of the account: a factor times the sum of its members.

    The factor is a fraction, or what the fraction leaves (`rest`), or 1 where no fraction is
    named. A term without members is a base quantity with a range of its own.
    """

    id: str
    members: tuple[str, ...] = ()
    fraction: str = ""
    rest: bool = False


@dataclass(frozen=True)
class Priors:
    """The numbers of the account's priors, as a model's data holds them.

    `base` and `fraction` name what the entries of the arrays are of: persons on the log scale,
    fractions on the logit scale.
    """

    base: tuple[str, ...]
    base_mean: Array
    base_sd: Array
    fraction: tuple[str, ...]
    fraction_mean: Array
    fraction_sd: Array

    @property
    def unknowns(self) -> tuple[str, ...]:
        """Return the names of the account's standard normal unknowns: base, then fractions."""
        return (*self.base, *(f"share {id}" for id in self.fraction))


def priors_of(study: Study, range_factor: float = 1.0, share_size: float = 1.0) -> Priors:
    """Return the priors that the stated ranges mean.

    Parameters
    ----------
    study
        The study whose ranges are read.
    range_factor
        Multiplies the sd of every range in persons.
    share_size
        Multiplies the prior size of every share: its sd is divided by the square root.

    Notes
    -----
    A range in persons is the 5 % and 95 % points of a lognormal: mean log sqrt(low x high), sd
    log(high / low) / 3.29. A share's range is in the same way that of a logit-normal, which meets
    any range exactly. The ranges of a split are met as nearly as one Dirichlet can; it is drawn
    by stick breaking, each stick with the 5 % and 95 % points of the Dirichlet's.
    """
    base = {q.id: q.rule for q in study.quantities if isinstance(q.rule, Range) and not q.is_share}
    fractions = {id: (given.low / 100.0, given.high / 100.0) for id, given in _fractions(study)}
    for identity in study.identities:
        if isinstance(identity, Split):
            fractions |= _sticks(identity)
    ends = _logit(np.array(list(fractions.values())).reshape(-1, 2))
    return Priors(
        tuple(base),
        np.array([np.log(r.low * r.high) / 2.0 for r in base.values()]),
        np.array([np.log(r.high / r.low) / _RANGE_WIDTH for r in base.values()]) * range_factor,
        tuple(fractions),
        ends.mean(axis=1),
        (ends[:, 1] - ends[:, 0]) / _RANGE_WIDTH / np.sqrt(share_size),
    )


def build_account(study: Study, priors: Priors, z: Tensor) -> Account:
    """Return the account of a study, its unknowns added to the PyMC model around it.

    Parameters
    ----------
    study
        The study whose quantities and identities are read.
    priors
        Their priors, which become data of the model.
    z
        Standard normal unknowns, in the order of `priors.unknowns`.

    Notes
    -----
    Every rule says: a quantity is a factor times a sum of others (or, for a base quantity, its own
    value). In topological order one pass forwards gives them all; it only ever adds and multiplies
    positive numbers, so nothing cancels and nothing can be negative.
    """
    model = pm.modelcontext(None)
    terms = terms_of(study)
    places = {term.id: row for row, term in enumerate(terms)}
    members = [[places[member] for member in term.members] for term in terms]
    start = np.cumsum([0, *map(len, members)])
    split = len(priors.base)
    fractions = _build_fractions(priors, z[split:])
    solved = SolveAccount()(
        _base_values(priors, places, z[:split]),
        _factors(terms, priors, fractions),
        start,
        np.array([place for row in members for place in row], dtype=np.int64),
    )
    counts = [quantity.id for quantity in study.quantities if not quantity.is_share]
    shares = [quantity.id for quantity in study.quantities if quantity.is_share]
    model.add_coords({"quantity": counts, "share_quantity": shares})
    drawn = fractions[[priors.fraction.index(id) for id in shares]]
    return Account(
        tuple(counts),
        tuple(shares),
        pm.Deterministic("count", solved[[places[id] for id in counts]], dims="quantity"),
        pm.Deterministic("share", drawn, dims="share_quantity"),
    )


def account_slopes(study: Study, priors: Priors, ids: Sequence[str]) -> Array:
    """Return how the scale of each quantity moves with each unknown at the prior's middle.

    Parameters
    ----------
    study
        The study whose account is read.
    priors
        Its priors.
    ids
        Quantities; shares among them move with their own unknown only.

    Returns
    -------
    numpy.ndarray
        Shape (ids, unknowns): the derivative of the log count or the logit share.
    """
    unit = np.eye(len(priors.unknowns)) * np.concatenate([priors.base_sd, priors.fraction_sd])
    own = dict(zip((*priors.base, *priors.fraction), unit, strict=True))
    middle = 1.0 / (1.0 + np.exp(-priors.fraction_mean))
    counts = dict(zip(priors.base, np.exp(priors.base_mean), strict=True))
    slopes = {id: own[id] for id in priors.base}
    for term in terms_of(study):
        if term.members:
            total = sum(counts[member] for member in term.members)
            counts[term.id], slopes[term.id] = total, np.zeros(len(unit))
            for member in term.members:
                slopes[term.id] += slopes[member] * counts[member] / total
        if term.fraction:
            p = middle[priors.fraction.index(term.fraction)]
            counts[term.id] *= 1.0 - p if term.rest else p
            slopes[term.id] += own[term.fraction] * (-p if term.rest else 1.0 - p)
    return np.stack([own[id] if study.by_id[id].is_share else slopes[id] for id in ids])


def terms_of(study: Study) -> tuple[Term, ...]:
    """Return the lines of a study's account, each after its members.

    Parameters
    ----------
    study
        The study whose quantities and identities are read.
    """
    found: dict[str, Term] = {}
    for id in study.order:
        if not study.by_id[id].is_share and id not in found:
            found |= {term.id: term for term in _terms(study, id)}
    return tuple(found.values())


def _terms(study: Study, id: str) -> Iterator[Term]:
    """Yield the line that defines a quantity; for a split, the lines of all its parts."""
    match study.by_id[id].rule or study.identity_of[id]:
        case PartOf(whole, share):
            yield Term(id, (whole,), share if isinstance(share, str) else id)
        case SumOf(parts):
            yield Term(id, parts)
        case Balance() as balance:
            through = (balance.after, *balance.outflows)
            yield Term(id, through, balance.inflow, rest=id != balance.inflow)
        case Split() as split:
            left = split.whole
            for part in split.defines[:-1]:
                yield Term(part, (left,), part)
                yield Term(f"{split.id} without {part}", (left,), part, rest=True)
                left = f"{split.id} without {part}"
            yield Term(split.defines[-1], (left,))
        case _:
            yield Term(id)


def _factors(terms: Sequence[Term], priors: Priors, fractions: Tensor) -> Tensor:
    pick = [priors.fraction.index(term.fraction) if term.fraction else 0 for term in terms]
    slope = np.array([(-1.0 if t.rest else 1.0) if t.fraction else 0.0 for t in terms])
    start = np.array([1.0 if term.rest or not term.fraction else 0.0 for term in terms])
    return start + slope * fractions[pick]


def _base_values(priors: Priors, places: dict[str, int], base_z: Tensor) -> Tensor:
    model = pm.modelcontext(None)
    model.add_coord("base", priors.base)
    mean = fixed("base_mean", priors.base_mean, "base")
    sd = fixed("base_sd", priors.base_sd, "base")
    values = pt.concatenate([pt.exp(mean + sd * base_z), np.zeros(1)])
    row_of = {places[id]: row for row, id in enumerate(priors.base)}
    return values[[row_of.get(place, len(row_of)) for place in range(len(places))]]


def _build_fractions(priors: Priors, z: Tensor) -> Tensor:
    if not priors.fraction:
        return pt.ones(1)
    pm.modelcontext(None).add_coord("fraction", priors.fraction)
    mean = fixed("fraction_mean", priors.fraction_mean, "fraction")
    sd = fixed("fraction_sd", priors.fraction_sd, "fraction")
    return pt.sigmoid(mean + sd * z)


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


def _sticks(split: Split) -> dict[str, tuple[float, float]]:
    """Return, for each part but the last, the 5-95 % points of its fraction of what is left."""
    alpha = dirichlet_of(tuple((given.low, given.high) for _, given in split.parts))
    rests = [sum(alpha[i:]) for i in range(1, len(alpha))]
    ends = stats.beta.ppf(np.array(TAILS)[:, None], alpha[:-1], rests)
    return dict(zip(split.defines, zip(*ends.tolist(), strict=True), strict=False))


@lru_cache(maxsize=256)
def dirichlet_of(ends: tuple[tuple[float, float], ...]) -> tuple[float, ...]:
    """Return the Dirichlet whose marginal 5 % and 95 % points come nearest to the percents."""
    wanted = np.array(ends) / 100.0

    def gap(log_alpha: npt.NDArray[np.float64]) -> Any:
        alpha = np.exp(log_alpha)
        got = stats.beta.ppf(TAILS, alpha[:, None], (alpha.sum() - alpha)[:, None])
        return (_logit(np.clip(got, 1e-9, 1 - 1e-9)) - _logit(wanted)).ravel()

    middles = wanted.mean(axis=1)
    sizes = middles * (1.0 - middles) / (np.ptp(wanted, axis=1) / _RANGE_WIDTH) ** 2
    found = optimize.least_squares(gap, np.log(middles / middles.sum() * np.median(sizes)))
    return tuple(float(alpha) for alpha in np.exp(found.x))


def _logit(share: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(np.log(share) - np.log1p(-share))
