"""Lists read under an identifying assumption: the family of models that stands for it, fitted."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import numpy as np

from estimators.evidence.captures import Captures
from estimators.evidence.matched import ASSUMPTIONS, CLASSES, Matched
from estimators.evidence.problems import suggestion
from estimators.inference.lists.fits import (
    ListsFit,
    faults_of_ceiling,
    faults_of_chains,
    faults_of_overlap,
)
from estimators.inference.lists.graph_averaging import GraphAverage, average_graphs
from estimators.inference.lists.graph_walk import GraphWalk, walk_graphs
from estimators.inference.lists.latent_fit import Unmixed, fit_latent
from estimators.inference.lists.shrinkage_fit import fit_shrinkage
from estimators.models.lists.decomposable import decomposable_graphs
from estimators.models.lists.likelihood import Likelihood
from estimators.models.lists.priors import departed, mixed
from estimators.models.lists.table import Table

SEED = 2023
EXACT = 6  # lists up to which all decomposable graphs are summed; more are walked over
COMPLETE = 0.05  # probability of the graph of all edges: as much as a tail of 90 % intervals
_LONGER = "Draw more, or take another assumption and say why."


def fit_lists(
    captures: Captures,
    assumption: str,
    *,
    classes: int = CLASSES,
    seed: int = SEED,
) -> ListsFit:
    """Return what lists say of the number of people under an identifying assumption.

    Parameters
    ----------
    captures
        Of one population; strata are taken together, imputation replicates mixed evenly.
    assumption
        'independence', 'latent classes', 'no highest interaction' or 'decomposable graphs': what
        is assumed of the people on no list.
    classes
        How many latent classes there are at most.
    seed
        Of the samplers.

    Raises
    ------
    ValueError
        If there is no such assumption, or it cannot be used with so many lists.
    """
    if assumption not in ASSUMPTIONS:
        remedy = suggestion(assumption, ASSUMPTIONS)
        raise ValueError(f"{assumption!r} is no assumption on lists. {remedy}")
    tables = [Table.of(captures.replicate(id)) for id in captures.replicates]
    made = [_looked_at(_FITTERS[assumption](table, classes, seed), table) for table in tables]
    return made[0] if len(made) == 1 else _mixed(made, captures.replicates)


def likelihood_of(matched: Matched, seed: int = SEED) -> Likelihood:
    """Return the likelihood of a count that matched lists of a study hold, departures included.

    Fitted once in a process.

    Parameters
    ----------
    matched
        The lists, and how they are read.
    seed
        Of the samplers.

    Raises
    ------
    NotPublishableError
        If chains do not agree, or the lists do not bound the number; the message says why.
    """
    told = _kept(matched.table, matched.assumption, matched.classes, seed).printable().likelihood
    stated = matched.departure
    return told if stated is None else departed(told, stated.low, stated.high)


@lru_cache(maxsize=64)
def _kept(captures: Captures, assumption: str, classes: int, seed: int) -> ListsFit:
    return fit_lists(captures, assumption, classes=classes, seed=seed)


def _looked_at(fit: ListsFit, table: Table) -> ListsFit:
    """Return the fit with what its lists and its likelihood say against it."""
    faults = (*faults_of_overlap(table), *fit.faults, *faults_of_ceiling(fit.likelihood))
    return replace(fit, faults=faults)


def _mixed(fits: list[ListsFit], replicates: tuple[str, ...]) -> ListsFit:
    """Return the even mixture of the fits of imputation replicates."""
    named = zip(replicates, fits, strict=True)
    faults = tuple(f"Replicate {id}: {fault}" for id, fit in named for fault in fit.faults)
    return replace(
        fits[0],
        likelihood=mixed([fit.likelihood for fit in fits]),
        faults=faults,
        rhat=max(fit.rhat for fit in fits),
        ess=min(fit.ess for fit in fits),
        parts=tuple(part for fit in fits for part in fit.parts),
    )


def _latent(table: Table, classes: int, seed: int) -> ListsFit:
    with warnings.catch_warnings():  # what it warns of is said as a fault
        warnings.simplefilter("ignore", Unmixed)
        made = fit_latent(table, classes=classes, seed=seed)
    chains = faults_of_chains(made.rhat, made.ess, _LONGER)
    faults = chains if made.mixed else made.said
    return _fit("latent classes", made.likelihood, faults, made.rhat, made.ess, made)


def _shrunk(table: Table, classes: int, seed: int) -> ListsFit:
    made = fit_shrinkage(table, seed=seed, cores=2)
    faults = faults_of_chains(made.rhat, made.ess, _LONGER)
    return _fit("no highest interaction", made.likelihood, faults, made.rhat, made.ess, made)


def _graphs(table: Table, classes: int, seed: int) -> ListsFit:
    made: GraphAverage | GraphWalk
    if len(table.lists) <= EXACT:
        made = average_graphs(table)
        faults = (*_warned(made.warning), *_complete(made.complete))
        return _fit("decomposable graphs", made.likelihood, faults, 1.0, np.inf, made)
    made = walk_graphs(table, seed=seed)
    faults = (*_warned(made.warning), *_complete(_share_complete(made)))
    return _fit("decomposable graphs", made.likelihood, faults, made.rhat, made.ess, made)


def _share_complete(walk: GraphWalk) -> float:
    """Return how often the graph of all edges was visited."""
    lists = walk.near.shape[1]
    degree = sum(walk.near[:, a] >> b & 1 for a in range(lists) for b in range(a))
    return float(walk.frequency.mean(axis=0) @ (degree == lists * (lists - 1) // 2))


def _complete(share: float) -> tuple[str, ...]:
    """Return that the prior alone tells the number where the graph of all edges is likely."""
    if share < COMPLETE:
        return ()
    return (
        f"The graph of all edges has probability {share:.2g}: under it the lists say nothing of "
        "people on none, and the prior alone gives the number.",
    )


def _independent(table: Table, classes: int, seed: int) -> ListsFit:
    every = decomposable_graphs(len(table.lists))
    none = np.where(every.edges == 0, 0.0, -np.inf)
    made = average_graphs(table, log_weight=none)
    return _fit("independence", made.likelihood, _warned(made.warning), 1.0, np.inf, made)


def _warned(warning: str) -> tuple[str, ...]:
    return (warning,) if warning else ()


def _fit(
    assumption: str,
    likelihood: Likelihood,
    faults: tuple[str, ...],
    rhat: float,
    ess: float,
    part: object,
) -> ListsFit:
    return ListsFit(assumption, ASSUMPTIONS[assumption], likelihood, faults, rhat, ess, (part,))


_FITTERS: dict[str, Callable[[Table, int, int], ListsFit]] = {
    "independence": _independent,
    "latent classes": _latent,
    "no highest interaction": _shrunk,
    "decomposable graphs": _graphs,
}
