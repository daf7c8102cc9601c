"""What the graphs that chains visited say of the number of people."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

from estimators.inference.lists.graph_averaging import LogPrior
from estimators.models.lists.decomposable import powers
from estimators.models.lists.graph_sums import sum_graphs
from estimators.models.lists.hyper_dirichlet import HyperDirichlet
from estimators.models.lists.likelihood import Likelihood, spacing

type Array = npt.NDArray[np.float64]
type Whole = npt.NDArray[np.int64]
type Small = npt.NDArray[np.int8]
type Rng = np.random.Generator

_BLOCK = 512


@dataclass(frozen=True, eq=False)
class Visits:
    """The graphs that chains visited: `near` (graphs, lists) holds neighbours as masks.

    `visited` (chain, draw) is the place of each draw's graph, `prior` the log prior of N.
    """

    model: HyperDirichlet
    near: Whole
    visited: Whole
    prior: LogPrior

    @cached_property
    def sums(self) -> tuple[Whole, Small]:
        """Return the sets of lists of all graphs, and their powers: shape (graphs, sets)."""
        each = [powers(tuple(graph)) for graph in self.near.tolist()]
        sets = sorted({lists for graph in each for lists in graph})
        place = {lists: at for at, lists in enumerate(sets)}
        power = np.zeros((len(each), len(sets)), dtype=np.int8)
        for at, graph in enumerate(each):
            for lists, times in graph.items():
                power[at, place[lists]] = times
        return np.array(sets, dtype=np.int64), power

    def likelihood(self, count: Array) -> Likelihood:
        """Return the integrated likelihood: that of each graph, weighed by how often it came.

        The posterior of N given a graph is p_g(N) = prior(N) L_g(N) / E_g; its average over visits
        without the prior is the sum of L_g times often_g / E_g.

        Parameters
        ----------
        count
            Numbers of people, in rising order.
        """
        sets, power = self.sums
        tables, weight = self.model.log_tables(sets, count), weights(self.model, self.prior, count)
        evidence = sum_graphs(power, tables, np.zeros(len(power)), weight).evidence
        often = np.log(np.bincount(self.visited.reshape(-1), minlength=len(power)))
        known = np.where(np.isfinite(evidence), often - evidence, -np.inf)
        found = sum_graphs(power, tables, known, weight)
        return Likelihood(self.model.table.n, count, found.log + self.model.log_ways(count))

    def draw(self, count: Array, rng: Rng) -> tuple[Array, Array]:
        """Return draws of N (chain, draw), and the mean of log N given each graph.

        Parameters
        ----------
        count
            Numbers of people, in rising order.
        rng
            The random generator.
        """
        sets, power = self.sums
        tables = self.model.log_tables(sets, count)
        weight, draw = weights(self.model, self.prior, count), rng.random(self.visited.shape)
        drawn, means = np.empty(self.visited.shape), np.empty(len(power))
        for start in range(0, len(power), _BLOCK):
            value = power[start : start + _BLOCK].astype(float) @ tables + weight
            chance = np.exp(value - logsumexp(value, axis=1, keepdims=True))
            means[start : start + _BLOCK] = chance @ np.log(count)
            for row, below in enumerate(chance.cumsum(axis=1), start):
                here = self.visited == row
                place = np.searchsorted(below, draw[here] * below[-1])
                drawn[here] = count[np.minimum(place, len(count) - 1)]
        return drawn, means


def frequency(visited: Whole, graphs: int) -> Array:
    """Return how often each graph was visited in each chain: shape (chains, graphs).

    Parameters
    ----------
    visited
        The place of each draw's graph: shape (chain, draw).
    graphs
        How many graphs there are.
    """
    each = [np.bincount(chain, minlength=graphs) for chain in visited]
    found: Array = np.array(each) / visited.shape[1]
    return found


def weights(model: HyperDirichlet, prior: LogPrior, count: Array) -> Array:
    """Return what is added to the tables of a graph at each number of people before summing.

    Parameters
    ----------
    model
        The capture table and its prior.
    prior
        The log prior of N.
    count
        Numbers of people, in rising order.
    """
    found: Array = model.log_ways(count) + prior(count) + np.log(spacing(count))
    return found
