"""Strata pooled partially: sampled, all in one model."""

from __future__ import annotations

from dataclasses import dataclass, replace

import joblib
import numpy as np
import numpy.typing as npt
import nutpie

from estimators.evidence.captures import Captures
from estimators.inference.lists.strata_native import followed, sampler_of
from estimators.inference.lists.strata_posterior import StrataFit, log_unseen
from estimators.models.lists.strata import POOLED, Pooling, StrataArrays, arrays_of, size
from estimators.models.lists.strata_table import Absent, Strata

type Array = npt.NDArray[np.float64]
type Rng = np.random.Generator

CHAINS, DRAWS, TUNE = 4, 1000, 800
CAREFUL = (0.95, 0.98, 0.995)  # mean acceptances, tried in turn until no draw diverges
_FEW = 300  # unknowns
_AT_ONCE = 500  # draws that are followed at once


def fit_strata(
    captures: Captures,
    *,
    seed: int = 0,
    prior: Pooling = POOLED,
    absent: Absent | None = None,
    draws: int = DRAWS,
    tune: int = TUNE,
    chains: int = CHAINS,
    cores: int = 1,
    alone: bool = False,
    acceptance: tuple[float, ...] = CAREFUL,
) -> StrataFit:
    """Return the joint posterior of the numbers of people in all strata, pooled partially.

    Persons whose stratum is not known, or known in some columns only, are allotted within the
    model: missing at random given on which lists they are.

    Parameters
    ----------
    captures
        People over several lists, by strata; one replicate.
    seed
        Seed of sampler and of the draws of N.
    prior
        What strata share, and how far they may be from it.
    absent
        For strata (a value, or one for each column), lists that do not exist there: that nobody
        is on them tells nothing. Any other list without persons is one that found nobody.
    draws, tune
        Draws a chain, and draws of warm-up before them.
    chains
        How many chains.
    cores
        How many chains, or fits of strata alone, run at once.
    alone
        Whether each stratum is fitted by itself too, to show what pooling does.
    acceptance
        Mean acceptances that the steps are tuned to; the next is tried where a draw diverged.

    Returns
    -------
    StrataFit
        Draws of N by stratum, of any total, and what is wrong with them.

    Raises
    ------
    EvidenceError
        If the captures hold replicates (`fit_replicates`), strata without persons, persons who
        fit no stratum, or persons on lists that do not exist where they are.
    ValueError
        If there are fewer than three lists, or too many (`keep_largest`).
    """
    strata = Strata.of(captures, absent)
    much = _Much(draws, tune, chains, cores, acceptance)
    found = _fitted(strata, prior, seed, much)
    if not alone:
        return found
    once = replace(much, cores=1)
    tasks = (
        joblib.delayed(_alone)(_only(strata, place), prior, seed, once)
        for place in range(len(strata.levels))
    )
    rows = joblib.Parallel(n_jobs=cores, prefer="threads")(tasks)
    return replace(found, alone=np.array(rows))


def keep_largest(captures: Captures, most: int, into: str = "other lists") -> Captures:
    """Return the captures with the lists of most persons, and all others merged into one.

    The merged list finds whoever any of them found; the model is one of fewer lists, and says so.
    Fit again with one list more and one fewer: the number can move by more than its interval.

    Parameters
    ----------
    captures
        People over several lists.
    most
        How many lists there shall be, the merged one included: two or more.
    into
        What the merged list is called.

    Raises
    ------
    ValueError
        If fewer than two lists would be left.
    """
    if most < 2:
        raise ValueError(f"two lists or more must be left; got {most}")
    if len(captures.lists) <= most:
        return captures
    size = {id: captures.size(id) for id in captures.lists}
    small = sorted(size, key=lambda id: (-size[id], captures.lists.index(id)))[most - 1 :]
    return captures.merged(small, into)


@dataclass(frozen=True)
class _Much:
    """How much is drawn, and how."""

    draws: int
    tune: int
    chains: int
    cores: int
    acceptance: tuple[float, ...]


def _fitted(strata: Strata, prior: Pooling, seed: int, much: _Much) -> StrataFit:
    """Return the posterior of strata, sampled again with smaller steps where a draw diverged."""
    arrays = arrays_of(strata, prior)
    for target in much.acceptance:
        tree = nutpie.sample(
            sampler_of(arrays),
            draws=much.draws,
            tune=much.tune,
            chains=much.chains,
            cores=much.cores,
            seed=seed,
            target_accept=target,
            # How many are unseen moves all effects of a stratum together: with few unknowns a
            # metric that knows it pays; with many it costs far more than it saves.
            adaptation="low_rank" if size(arrays) <= _FEW else "diag",
            save_warmup=False,
            progress_bar=False,
        )
        diverged = int(tree["sample_stats"]["diverging"].values.sum())
        if not diverged:
            break
    return _made(strata, prior, arrays, tree["posterior"]["y"].values, diverged, seed)


def _made(
    strata: Strata, prior: Pooling, arrays: StrataArrays, y: Array, diverged: int, seed: int
) -> StrataFit:
    """Return the fit of draws of the unknowns: shape (chain, draw, unknown)."""
    rng = np.random.default_rng(seed)
    flat = np.ascontiguousarray(y.reshape(-1, y.shape[-1]))
    parts = [
        _one_part(strata, arrays, flat[at : at + _AT_ONCE], rng)
        for at in range(0, len(flat), _AT_ONCE)
    ]
    observed, odds, spread = (np.concatenate(part) for part in zip(*parts, strict=True))
    unseen = rng.poisson(rng.gamma(observed, np.maximum(odds, 1e-300))).astype(float)
    shape = y.shape[:2]
    return StrataFit(
        strata=strata,
        prior=prior,
        observed=observed.reshape(*shape, -1),
        count=(observed + unseen).reshape(*shape, -1),
        missed=(odds / (1.0 + odds)).reshape(*shape, -1),
        spread=spread.reshape(*shape, -1),
        diverged=diverged,
    )


def _one_part(
    strata: Strata, arrays: StrataArrays, y: Array, rng: Rng
) -> tuple[Array, Array, Array]:
    """Return persons on the lists by stratum, odds to be on none, and spreads of some draws."""
    odds, spread, share = followed(y, arrays)
    observed = np.tile(strata.n.astype(float), (len(y), 1))
    for i, (many, where) in enumerate(zip(strata.many, strata.where, strict=True)):
        chance = share[:, arrays.start[i] : arrays.start[i + 1]]
        observed[:, where] += rng.multinomial(many, chance / chance.sum(axis=1, keepdims=True))
    return observed, odds, spread


def _only(strata: Strata, place: int) -> Strata:
    """Return one stratum by itself: the persons who are known to belong to it."""
    return replace(
        strata,
        levels=strata.levels[place : place + 1],
        counts=strata.counts[place : place + 1],
        exists=strata.exists[place : place + 1],
        history=(),
        many=(),
        where=(),
    )


def _alone(strata: Strata, prior: Pooling, seed: int, much: _Much) -> Array:
    """Return the ends and the middle of N of one stratum alone, and the variance of log unseen."""
    fit = _fitted(strata, prior, seed, much)
    variance = log_unseen(fit.count - fit.observed).var()
    return np.array([*np.quantile(fit.count, [0.05, 0.5, 0.95]), variance])
