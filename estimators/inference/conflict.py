"""Conflict by node-splitting: what some claims say against what the rest of the account implies."""

from __future__ import annotations

from collections.abc import Sequence

import arviz as az
import numpy as np
import xarray as xr
from rich.progress import Progress
from scipy import special

from estimators.evidence.problems import suggestion
from estimators.evidence.quantity import FACTOR, PERCENT
from estimators.evidence.study import rests_on
from estimators.inference.compute import (
    REFIT_ACCEPT,
    Compiled,
    Draws,
    default_draws,
    show_progress,
)
from estimators.inference.estimate import Estimate, quantiles
from estimators.inference.sensitivity import REFIT
from estimators.inference.sides import Array, Conflict, Conflicts, p_of
from estimators.models.claims import SPLIT
from estimators.models.reading import Reading

SURE = Draws(draws=1000, tune=300, chains=2)
_NEAR = 0.1  # a shorter fit knows p badly below
_ESS = 200.0


def conflict(
    estimate: Estimate,
    quantity: str = "",
    *,
    claims: Sequence[str] = (),
    seed: int | None = None,
    draws: Draws | None = None,
) -> Conflict:
    """Return what the direct claims on a quantity say, against all the rest of the account.

    Parameters
    ----------
    estimate
        The estimate; its study and assumptions are fitted once more, with a separator.
    quantity
        The quantity whose direct claims are set apart.
    claims
        Ids of any claims to set apart instead; all of counts, or all of shares.
    seed
        Seed of the fit; one more than that of the estimate if not given.
    draws
        How much to draw; if not given, 2 chains of 400 after 200 of warm-up, and once more,
        2 chains of 1,000 after 300, where p comes out below .1, R-hat above 1.05, or the
        effective sample size of delta below 200.

    Raises
    ------
    EvidenceError
        If there is no such quantity.
    ValueError
        If no used claim speaks of it, if a claim is unknown or not used, if counts and shares are
        mixed, or if not exactly one of quantity and claims is given.

    Notes
    -----
    The node is split [1]_: one more unknown, delta, is added to what the claims set apart believe
    of the quantity, and to that of no others. It is normal with sd 3 on the log of a count or the
    logit of a share, hence nearly flat. The prior of the quantity, what follows through identities
    and any anchor stay with the rest. Errors that claims on both sides share stay in one
    posterior: only the separator is split. p suits a delta whose draws have one mode.

    References
    ----------
    .. [1] Presanis et al. (2013). Statistical Science 28(3), 376-397. arXiv:1310.0628
    """
    if bool(quantity) == bool(claims):
        raise ValueError("give a quantity, or the ids of claims to set apart, and not both")
    ids = _direct(estimate, quantity) if quantity else _named(estimate, claims)
    return _split(estimate, ids, seed, draws, bool(quantity))


def conflicts(
    estimate: Estimate,
    quantities: Sequence[str] | None = None,
    *,
    draws: Draws | None = None,
    progress: bool | None = None,
) -> Conflicts:
    """Return what direct claims say against the rest of the account, for several quantities.

    Parameters
    ----------
    estimate
        The estimate; each quantity takes one short fit.
    quantities
        Ids; by default those with direct claims to which other claims are tied, and those of the
        headline with direct claims.
    draws
        How much to draw in each fit; as for `conflict` if not given.
    progress
        Whether to show a progress bar; by default yes.

    Raises
    ------
    EvidenceError
        If there is no such quantity.
    ValueError
        If no used claim speaks of one of them, or one is named twice.

    Notes
    -----
    See `conflict` for one. p is adjusted after Holm for the number of tests, which are dependent:
    they share claims and errors [1]_. A method that takes in their correlation would be less
    careful.

    References
    ----------
    .. [1] Presanis et al. (2017). Conflict diagnostics for evidence synthesis in a multiple
       testing framework. arXiv:1702.07304
    """
    chosen = separable(estimate) if quantities is None else tuple(quantities)
    if len(set(chosen)) < len(chosen):
        raise ValueError("a quantity is named twice; name each once, since p counts the tests")
    blocks = [_direct(estimate, id) for id in chosen]
    found = []
    with Progress(disable=not (show_progress() if progress is None else progress)) as bar:
        task = bar.add_task("split fits", total=len(blocks))
        for number, ids in enumerate(blocks):
            seed = estimate.recipe.seed + number + 1
            found.append(_split(estimate, ids, seed, draws, True))
            bar.advance(task)
    return Conflicts(tuple(found))


def separable(estimate: Estimate) -> tuple[str, ...]:
    """Return the quantities with direct claims that have others to stand against, or are headline.

    Parameters
    ----------
    estimate
        The estimate.
    """
    headline = estimate.study.headline
    return tuple(
        id for id in _spoken(estimate) if id in headline or _tied(estimate, _direct(estimate, id))
    )


def _spoken(estimate: Estimate) -> tuple[str, ...]:
    """Return the quantities that can be split: those with direct claims that count."""
    return tuple(dict.fromkeys(r.quantity for r in _heard(estimate) if r.claim is not None))


def _heard(estimate: Estimate) -> tuple[Reading, ...]:
    """Return the readings that count in the estimate."""
    return tuple(r for r in estimate.compiled.model.laws().readings if r.weight > 0.0)


def _direct(estimate: Estimate, id: str) -> frozenset[str]:
    known = _spoken(estimate)
    if estimate.study.quantity(id).id not in known:
        raise ValueError(f"no claim that is used speaks of {id!r} itself. {suggestion(id, known)}")
    return frozenset(r.id for r in _heard(estimate) if r.claim is not None and r.quantity == id)


def _named(estimate: Estimate, claims: Sequence[str]) -> frozenset[str]:
    ids = (claims,) if isinstance(claims, str) else tuple(claims)
    known = {r.id: r for r in _heard(estimate) if r.claim is not None}
    for id in ids:
        if id not in known:
            why = "is kept, not used" if id in estimate.study.claim_by_id else "is no claim"
            raise ValueError(f"{id!r} {why}. {suggestion(id, known)}")
    if len({known[id].is_share for id in ids}) > 1:
        raise ValueError("these claims speak of counts and of shares; set apart one kind at a time")
    return frozenset(ids)


def _tied(estimate: Estimate, ids: frozenset[str]) -> int:
    """Return how many readings on the other side rest on something that these rest on."""
    study, heard = estimate.study, _heard(estimate)
    mine = frozenset[str]().union(*(rests_on(study, r.quantity) for r in heard if r.id in ids))
    return sum(r.id not in ids and bool(mine & rests_on(study, r.quantity)) for r in heard)


def _split(
    estimate: Estimate, ids: frozenset[str], seed: int | None, draws: Draws | None, is_whole: bool
) -> Conflict:
    """Return the conflict of claims with all others: one fit, and a longer one where it is near."""
    compiled = Compiled.of(estimate.study, estimate.recipe.assumptions, ids)
    tied, seed = _tied(estimate, ids), estimate.recipe.seed + 1 if seed is None else seed
    size, longer = draws or default_draws(REFIT), draws or default_draws(SURE)
    found = _found(estimate, compiled, size, seed, tied, is_whole)
    if longer != size and (found.p < _NEAR or not found.converged or _is_slow(found.delta)):
        return _found(estimate, compiled, longer, seed, tied, is_whole)
    return found


def _is_slow(delta: Array) -> bool:
    """Return whether the draws (chain, draw) are worth too few independent ones."""
    named = xr.DataArray(delta, dims=("chain", "draw"))
    return bool(az.ess(named) < _ESS)


def _found(
    estimate: Estimate, compiled: Compiled, size: Draws, seed: int, tied: int, is_whole: bool
) -> Conflict:
    """Return the conflict that one fit shows, in which the claims set apart carry delta."""
    tree = compiled.sample(size, seed, target_accept=REFIT_ACCEPT)
    model = compiled.model
    mine = [reading for reading in model.readings if reading.id in model.split]
    first, *more = dict.fromkeys(reading.quantity for reading in mine)
    delta = tree["posterior"]["error"].sel(effect=SPLIT.id, drop=True)
    implied = Estimate(estimate.recipe, tree, {}).draws_of(first)
    unit = FACTOR if more else model.study.unit_of(first)
    direct, rest = _sides(delta, implied, unit)
    block = f"{len(mine)} claims on {len(more) + 1} quantities"
    return Conflict(
        quantity="" if more else first,
        label=block if more else model.study.by_id[first].label,
        claims=tuple(reading.id for reading in mine),
        others=tied,
        delta=delta.values,
        p=p_of(delta.values),
        direct=quantiles(direct.values),
        rest=quantiles(rest.values),
        unit=unit,
        rhat=max(float(az.rhat(given)) for given in (delta, implied)),
        is_whole=is_whole,
    )


def _sides(delta: xr.DataArray, rest: xr.DataArray, unit: str) -> tuple[xr.DataArray, xr.DataArray]:
    """Return draws of the direct side and of the rest, in the unit of both."""
    if unit == FACTOR:
        return np.exp(delta), xr.ones_like(delta)
    if unit != PERCENT:
        return rest * np.exp(delta), rest
    return 100.0 * special.expit(special.logit(rest / 100.0) + delta), rest
