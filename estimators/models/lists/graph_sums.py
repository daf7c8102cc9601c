"""Sums over many graphs of likelihoods of capture tables, in blocks that bound memory.

The log likelihood of a graph is a sum of the rows of its sets of lists, so that all graphs at all
counts are one product of matrices: powers (graphs, sets) times log tables (sets, counts).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

type Array = npt.NDArray[np.float64]
type Whole = npt.NDArray[np.int64]
type Small = npt.NDArray[np.int8]

LEAST = -45.0  # below the best graph by e^-45, a graph changes no digit of the sum
MARGIN = -90.0  # ... at any count, if so far below at each of the few that are looked at first
_ENTRIES = 1 << 19  # numbers in a block: 4 megabytes stay near the processor
_GRAPHS = 1 << 12


@dataclass(frozen=True, eq=False)
class GraphSum:
    """Likelihoods summed over graphs.

    `log` (counts) is the log of the sum over graphs, prior of graphs included; `evidence` (graphs)
    the log of the sum over counts for each graph, -inf where it is below e^-45 of the best graph
    everywhere.
    """

    log: Array
    evidence: Array


def sum_graphs(power: Small, tables: Array, log_weight: Array, log_prior: Array) -> GraphSum:
    """Return likelihoods summed over graphs at each count, and over counts for each graph.

    Parameters
    ----------
    power
        How often each set of lists multiplies the likelihood: shape (graphs, sets).
    tables
        log f_A(N), shape (sets, counts).
    log_weight
        Log prior probability of each graph, -inf to leave it out.
    log_prior
        What is added to the log at each count before counts are summed: the prior of N and the
        whole numbers that a point stands for.
    """
    kept = _worth_it(power, tables, log_weight)
    log = np.empty(tables.shape[1])
    scale = np.full(len(power), -np.inf)
    for at in _blocks(tables.shape[1], max(16, _ENTRIES // max(1, min(len(kept), _GRAPHS)))):
        log[at], found = _sum_block(power, tables[:, at], log_weight, log_prior[at], kept)
        scale[kept] = np.logaddexp(scale[kept], found)
    return GraphSum(log, scale)


def _sum_block(
    power: Small, tables: Array, log_weight: Array, log_prior: Array, kept: Whole
) -> tuple[Array, Array]:
    log = np.full(tables.shape[1], -np.inf)
    evidence = np.full(len(kept), -np.inf)
    for at in _blocks(len(kept), _GRAPHS):
        value = _values(power, tables, log_weight, kept[at])
        best = value.max(axis=0)
        value -= np.maximum(best, log)
        rows = np.flatnonzero(value.max(axis=1) > LEAST)
        if not len(rows):
            continue
        best = np.maximum(best, log)
        part = np.exp(value[rows] if len(rows) < len(value) else value)
        top = float((best + log_prior).max())
        with np.errstate(divide="ignore"):
            evidence[at.start + rows] = top + np.log(part @ np.exp(best + log_prior - top))
            log = np.logaddexp(log, best + np.log(part.sum(axis=0)))
    return log, evidence


def _worth_it(power: Small, tables: Array, log_weight: Array) -> Whole:
    """Return which graphs can matter at some count, the most likely first.

    A first look at few counts: a graph that is e^-90 below the best at all of them is left out.
    """
    last = tables.shape[1] - 1
    near = np.geomspace(1, last + 1, 48) - 1.0  # the first counts differ most
    few = np.unique(np.append(near, np.linspace(0, last, 64)).astype(int))
    looked, best = tables[:, few], np.full(len(few), -np.inf)
    order = np.flatnonzero(log_weight > -np.inf)
    for _ in range(2):  # in the second round the best is known from the start
        gaps = np.empty(len(order))
        for at in _blocks(len(order), _GRAPHS):
            value = _values(power, looked, log_weight, order[at])
            best = np.maximum(best, value.max(axis=0))
            gaps[at] = (value - best).max(axis=1)
        rank = np.argsort(-gaps, kind="stable")
        order = order[rank][gaps[rank] > MARGIN]
    return order


def _values(power: Small, tables: Array, log_weight: Array, at: Whole) -> Array:
    value: Array = power[at].astype(float) @ tables
    value += log_weight[at, None]
    return value


def _blocks(length: int, size: int) -> Iterator[slice]:
    for start in range(0, length, size):
        yield slice(start, min(start + size, length))


def quantiles_of(count: Array, log_chance: Array, at: Array) -> Array:
    """Return the counts at which a distribution over them reaches these probabilities.

    Parameters
    ----------
    count
        Numbers in rising order.
    log_chance
        Log probability of each, up to a constant.
    at
        Probabilities.
    """
    below = np.cumsum(np.exp(log_chance - logsumexp(log_chance)))
    places = np.searchsorted(below, np.asarray(at) * below[-1])
    found: Array = count[np.minimum(places, len(count) - 1)]
    return found
