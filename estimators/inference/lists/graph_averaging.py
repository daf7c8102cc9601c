"""Capture-recapture averaged over all decomposable graphs of the lists, exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import gammaln, logsumexp

from estimators.models.lists.decomposable import Graphs, decomposable_graphs, neighbours, powers
from estimators.models.lists.graph_sums import GraphSum, quantiles_of, sum_graphs
from estimators.models.lists.hyper_dirichlet import HyperDirichlet
from estimators.models.lists.likelihood import POINTS, Likelihood, grid, spacing
from estimators.models.lists.table import Table
from estimators.models.lists.tails import (
    FARTHEST,
    HELD,
    LOOKS,
    ceiling_warning,
    held_top,
    mass_beyond,
)

type Array = npt.NDArray[np.float64]
type LogPrior = Callable[[Array], Array]

ASSUMPTION = (
    "Lists that no edge of a graph joins are independent given the others, so that who is on no "
    "list follows from who is on some; which edges there are is averaged over, and what no graph "
    "can tell, a dependence of all lists at once, is left to the prior."
)
_LEVELS = (0.025, 0.5, 0.975)
_SHOWN = 200
_MOMENT, _MOST = 4_000_000, 30_000  # likelihoods of one average, numbers of people


@dataclass(frozen=True, eq=False)
class GraphAverage:
    """How many there are, averaged over decomposable graphs and their probabilities.

    `likelihood` is the integrated one (graphs and chances of capture summed out), `log_prior`
    (points) the prior of N it was joined with, `probability` (graphs) that of each graph, `beyond`
    the probability that the prior and the likelihood would give to numbers above the last point.
    `weighing` says what the prior of N was.
    """

    model: HyperDirichlet
    every: Graphs
    likelihood: Likelihood
    log_prior: Array
    log_weight: Array
    log_evidence: Array
    beyond: float
    weighing: str = "1/N"
    assumption: str = ASSUMPTION

    @cached_property
    def posterior(self) -> Array:
        """Return the probability of each point of `likelihood.count`, spacing included."""
        found: Array = np.exp(self.likelihood.log_posterior(self.log_prior))
        return found

    @cached_property
    def probability(self) -> Array:
        """Return the posterior probability of each graph, in the order of `every`."""
        found: Array = np.exp(self.log_evidence - logsumexp(self.log_evidence))
        return found

    @property
    def complete(self) -> float:
        """Return the probability of the graph with all edges: under it only the prior tells N."""
        full = int(np.argmax(self.every.edges))
        return float(self.probability[full])

    @property
    def mean(self) -> float:
        """Return the posterior mean of the number of people."""
        return float(self.posterior @ self.likelihood.count)

    @property
    def interval(self) -> tuple[float, float, float]:
        """Return low, median and high at 95 %."""
        low, middle, high = self.likelihood.quantile(np.array(_LEVELS), self.log_prior)
        return float(low), float(middle), float(high)

    @property
    def near_top(self) -> float:
        """Return the posterior probability of the highest twentieth of the numbers looked at."""
        return self.likelihood.near_top(self.log_prior)

    @property
    def held(self) -> bool:
        """Return whether about no probability lies beyond the numbers looked at."""
        return self.beyond < HELD

    @property
    def warning(self) -> str:
        """Return why no number should be quoted, or nothing where there is no reason."""
        return ceiling_warning(self.beyond, float(self.likelihood.count[-1]))

    def within(self, at: int) -> Array:
        """Return the probability of each point given one graph, numbered as in `every`."""
        found: Array = np.exp(self._log_within(at))
        return found / found.sum()

    def _log_within(self, at: int) -> Array:
        near = neighbours(int(self.every.edges[at]), self.every.lists)
        count = self.likelihood.count
        found = self.model.log_likelihood(powers(near), count) + self.log_prior
        made: Array = found + np.log(spacing(count))
        return made - logsumexp(made)

    def graphs(self, most: int = _SHOWN) -> pd.DataFrame:
        """Return a table of the most likely graphs: probability, and what each alone would say.

        Parameters
        ----------
        most
            How many graphs at most.
        """
        order = np.argsort(-self.probability, kind="stable")[:most]
        return pd.DataFrame([self._row(int(at)) for at in order if self.probability[at] > 0.0])

    def _row(self, at: int) -> dict[str, object]:
        ends = quantiles_of(self.likelihood.count, self._log_within(at), np.array(_LEVELS))
        lists = self.model.table.lists
        named = (
            "+".join(id for k, id in enumerate(lists) if clique >> k & 1)
            for clique in self.every.cliques(at)
        )
        return {
            "graph": self.every.name(at),
            "cliques": " | ".join(named),
            "edges": int(self.every.edges[at]).bit_count(),
            "probability": float(self.probability[at]),
            "log_evidence": float(self.log_evidence[at]),
            **dict(zip(("low", "median", "high"), ends.tolist(), strict=True)),
        }

    def describe(self) -> str:
        """Return in a few sentences what was averaged, what came out, and on what it rests."""
        low, middle, high = self.interval
        best = int(self.probability.argmax())
        return (
            f"{middle:,.0f} people (95 %: {low:,.0f} to {high:,.0f}), averaged over "
            f"{len(self.every):,} decomposable graphs of {self.every.lists} lists with "
            f"{self.model.delta:g} prior persons a cell and the prior {self.weighing} of the "
            f"number. The graph {self.every.name(best)} has probability "
            f"{self.probability[best]:.3f}. Numbers up to {self.likelihood.count[-1]:,.0f} were "
            f"looked at; the probability beyond is {self.beyond:.1g}. The graph with all edges, "
            f"under which only the prior tells the number, has probability {self.complete:.2g}. "
            f"{self.assumption}" + (f" {self.warning}" if self.warning else "")
        )


def average_graphs(
    table: Table,
    *,
    delta: float | None = None,
    count: Array | None = None,
    log_prior: LogPrior | None = None,
    log_weight: Array | None = None,
    ceiling: float | None = None,
    points: int | None = None,
    weighing: str = "",
) -> GraphAverage:
    """Return the number of people averaged over all decomposable graphs of up to seven lists.

    Exact: every graph at every number of the grid. If not given, the grid goes as far as there is
    probability, up to a million times those on the lists. Whatever the grid, few numbers up to
    there are looked at too, so that `beyond` and `held` say what a grid leaves out.

    Parameters
    ----------
    table
        The capture histories of one population.
    delta
        Prior persons in each cell of all lists; 2^-lists if not given.
    count
        Numbers of people to look at, in rising order; chosen if not given.
    log_prior
        Log prior probability of numbers of people, up to a constant; -log N if not given.
    log_weight
        Log prior probability of each of `decomposable_graphs(lists)`; even if not given.
    ceiling
        The largest number to look at; as far as there is probability if not given.
    points
        How many numbers to look at, at most; if not given, what a moment allows, 2,000 to 30,000.
    weighing
        What to call the prior of the number in print.

    Raises
    ------
    ValueError
        If there are more than seven lists, or counts or weights do not fit.

    References
    ----------
    .. [1] Madigan & York (1997). Biometrika 84, 19-31, doi:10.1093/biomet/84.1.19.
    """
    every = decomposable_graphs(len(table.lists))
    model, prior = HyperDirichlet.of(table, delta), log_prior or one_over_count
    weight = _normal(log_weight, len(every))
    looked = _checked(table.n, count) if count is not None else None
    farthest = max(table.n * FARTHEST, 0.0 if looked is None else float(looked[-1]))
    far = _far(model, every, weight, prior, farthest)
    if looked is None:
        top = held_top(far, prior(far.count))
        most = points or int(np.clip(_MOMENT // len(every), POINTS, _MOST))
        looked = grid(table.n, top if ceiling is None else min(top, ceiling), most)
    summed = _summed(model, every, weight, prior, looked)
    likelihood = Likelihood(table.n, looked, summed.log)
    said = weighing or ("1/N" if log_prior is None else "that was given")
    missed = mass_beyond(far, float(looked[-1]), prior(far.count))
    return GraphAverage(
        model, every, likelihood, prior(looked), weight, summed.evidence, missed, said
    )


def one_over_count(count: Array) -> Array:
    """Return the log of the improper prior 1/N."""
    found: Array = -np.log(count)
    return found


def poisson_gamma(shape: float, scale: float) -> LogPrior:
    """Return the log of a negative binomial prior: N is Poisson, its mean gamma distributed.

    Parameters
    ----------
    shape
        Of the gamma distribution.
    scale
        Of the gamma distribution: the mean of N is shape times scale.
    """

    def log_prior(count: Array) -> Array:
        ways = gammaln(count + shape) - gammaln(count + 1.0) - gammaln(shape)
        found: Array = ways + count * np.log(scale) - (count + shape) * np.log1p(scale)
        return found

    return log_prior


def _far(
    model: HyperDirichlet, every: Graphs, weight: Array, prior: LogPrior, farthest: float
) -> Likelihood:
    """Return the likelihood at few numbers that go very far: a first look."""
    few = grid(model.table.n, farthest, LOOKS)
    return Likelihood(model.table.n, few, _summed(model, every, weight, prior, few).log)


def _summed(
    model: HyperDirichlet, every: Graphs, weight: Array, prior: LogPrior, count: Array
) -> GraphSum:
    tables = model.log_tables(np.arange(1 << every.lists), count)
    ways = model.log_ways(count)
    found = sum_graphs(every.power, tables, weight, ways + prior(count) + np.log(spacing(count)))
    return GraphSum(found.log + ways, found.evidence)


def _normal(log_weight: Array | None, graphs: int) -> Array:
    if log_weight is None:
        return np.full(graphs, -np.log(graphs))
    found = np.asarray(log_weight, dtype=float)
    if found.shape != (graphs,) or not np.isfinite(found.max()) or np.isnan(found).any():
        raise ValueError(
            f"log_weight holds {found.shape} numbers where there are {graphs} graphs, or no finite "
            f"one: give one for each of decomposable_graphs(lists), -inf to leave it out"
        )
    made: Array = found - logsumexp(found)
    return made


def _checked(n: int, count: Array) -> Array:
    found = np.asarray(count, dtype=float)
    if found.ndim != 1 or not len(found) or found[0] < n or (np.diff(found) <= 0).any():
        raise ValueError(
            f"counts are numbers of people in rising order, from the {n} on the lists upwards; got "
            f"{found[:3]}..."
        )
    return found
