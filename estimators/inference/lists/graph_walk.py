"""Capture-recapture averaged over decomposable graphs of many lists, by walking over them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import arviz as az
import numpy as np
import numpy.typing as npt
import pandas as pd

from estimators.inference.lists.graph_averaging import ASSUMPTION, LogPrior, one_over_count
from estimators.inference.lists.graph_steps import walk
from estimators.inference.lists.graph_visits import Visits, frequency, weights
from estimators.models.lists.decomposable import (
    can_flip,
    cliques_of,
    flipped,
    graph_name,
    pairs,
)
from estimators.models.lists.hyper_dirichlet import HyperDirichlet
from estimators.models.lists.likelihood import POINTS, Likelihood, grid
from estimators.models.lists.table import Table
from estimators.models.lists.tails import FARTHEST, HELD, ceiling_warning, held_top, mass_beyond

type Array = npt.NDArray[np.float64]
type Whole = npt.NDArray[np.int64]
type Rng = np.random.Generator

MOST_WALKED = 20  # lists
RHAT = 1.01
GAP = 0.1
HOTTEST = 0.02  # the power of the evidence at the highest temperature
_WALKED = 256  # numbers of people summed over in a step: 5 % apart
_LEVELS = (0.025, 0.5, 0.975)


@dataclass(frozen=True, eq=False)
class GraphWalk:
    """How many there are, averaged over the graphs that several chains visited.

    `count` (chain, draw) holds draws of the number of people, `visited` (chain, draw) the place of
    each draw's graph in `near` (graphs, lists), which holds neighbours as masks. `likelihood` is
    the integrated one, averaged over visits; `log_prior` (points) the prior of N it was joined
    with. `rhat` is the larger of that of N and that of its mean given the graph, `ess` the number
    of effective draws of N, `gap` the largest difference of a graph's frequency in one chain from
    that in all, `exchanged` the least share of exchanges done between neighbouring temperatures,
    `beyond` the probability above the last point.
    """

    model: HyperDirichlet
    near: Whole
    visited: Whole
    count: Array
    likelihood: Likelihood
    log_prior: Array
    rhat: float
    ess: float
    gap: float
    exchanged: float
    beyond: float
    assumption: str = ASSUMPTION

    @cached_property
    def frequency(self) -> Array:
        """Return how often each graph was visited in each chain: shape (chains, graphs)."""
        return frequency(self.visited, len(self.near))

    @property
    def interval(self) -> tuple[float, float, float]:
        """Return low, median and high at 95 %."""
        low, middle, high = self.likelihood.quantile(np.array(_LEVELS), self.log_prior)
        return float(low), float(middle), float(high)

    @property
    def mean(self) -> float:
        """Return the posterior mean of the number of people."""
        return float(np.exp(self.likelihood.log_posterior(self.log_prior)) @ self.likelihood.count)

    @property
    def near_top(self) -> float:
        """Return the posterior probability of the highest twentieth of the numbers looked at."""
        return self.likelihood.near_top(self.log_prior)

    @property
    def held(self) -> bool:
        """Return whether about no probability lies beyond the numbers looked at."""
        return self.beyond < HELD

    @property
    def mixed(self) -> bool:
        """Return whether the chains agree: R-hat below 1.01, frequencies of graphs within 0.1."""
        return self.rhat < RHAT and self.gap < GAP

    @property
    def warning(self) -> str:
        """Return why no number should be quoted, or nothing where there is no reason."""
        apart = (
            f"The chains do not agree (R-hat {self.rhat:.2f}; the frequency of a graph differs by "
            f"{self.gap:.2f}): walk for longer, or do not quote the number."
        )
        high = ceiling_warning(self.beyond, float(self.likelihood.count[-1]))
        return " ".join(part for part in ("" if self.mixed else apart, high) if part)

    def graphs(self, most: int = 50) -> pd.DataFrame:
        """Return a table of the graphs most often visited, with the least and most of all chains.

        Parameters
        ----------
        most
            How many graphs at most.
        """
        often = self.frequency.mean(axis=0)
        order = np.argsort(-often, kind="stable")[:most]
        names = [graph_name(cliques_of(tuple(self.near[at].tolist()))) for at in order]
        chains = self.frequency[:, order]
        return pd.DataFrame(
            {
                "graph": names,
                "probability": often[order],
                "least": chains.min(axis=0),
                "most": chains.max(axis=0),
                "median": [float(np.median(self.count[self.visited == at])) for at in order],
            }
        )

    def edges(self) -> pd.DataFrame:
        """Return for each pair of lists the probability of an edge."""
        often, lists = self.frequency.mean(axis=0), self.model.table.lists
        return pd.DataFrame(
            (lists[a], lists[b], float(often @ (self.near[:, a] >> b & 1)))
            for a, b in pairs(len(lists))
        ).set_axis(["list", "other", "probability"], axis=1)

    def describe(self) -> str:
        """Return in a few sentences what was averaged, what came out, and on what it rests."""
        low, middle, high = self.interval
        said = (
            f"{middle:,.0f} people (95 %: {low:,.0f} to {high:,.0f}), averaged over "
            f"{len(self.near):,} decomposable graphs of {len(self.model.table.lists)} lists that "
            f"{self.count.shape[0]} chains visited, with {self.model.delta:g} prior persons a "
            f"cell. R-hat {self.rhat:.3f}, {self.ess:,.0f} effective draws, frequencies of graphs "
            f"within {self.gap:.2f}. {self.assumption}"
        )
        return f"{said} {self.warning}".strip()


def walk_graphs(
    table: Table,
    *,
    seed: int,
    delta: float | None = None,
    log_prior: LogPrior | None = None,
    draws: int = 2000,
    tune: int = 500,
    chains: int = 4,
    thin: int | None = None,
    levels: int = 10,
    count: Array | None = None,
    points: int = POINTS,
    cores: int = 2,
) -> GraphWalk:
    """Return the number of people averaged over decomposable graphs of up to twenty lists.

    Chains start from no edge, from all edges, and from graphs in between. In a step the number of
    people is summed out, so that only graphs are walked over; afterwards the posterior of N given
    each graph is averaged over the visits, on a fine grid. Each chain runs at several temperatures
    that exchange graphs: without them chains stay in the mode they find first.

    Parameters
    ----------
    table
        The capture histories of one population.
    seed
        Of the random numbers.
    delta
        Prior persons in each cell of all lists; 2^-lists if not given.
    log_prior
        Log prior probability of numbers of people, up to a constant; -log N if not given.
    draws, tune
        Graphs to keep in each chain, and those before them to leave out.
    chains
        How many chains, at least two.
    thin
        Steps for each graph kept; one for each pair of lists if not given.
    levels
        Temperatures of each chain; 1 for a plain walk, more where modes lie apart.
    count
        Numbers of people to look at, in rising order; chosen if not given.
    points
        How many numbers to look at, at most.
    cores
        Chains that run at once.

    Raises
    ------
    ValueError
        If there are more than twenty lists, or fewer than two chains.
    """
    lists = len(table.lists)
    if lists > MOST_WALKED or chains < 2:
        raise ValueError(
            f"a walk takes up to {MOST_WALKED} lists and two chains or more, not {lists} lists and "
            f"{chains} chains; merge lists, or let more chains tell whether they agree"
        )
    model, prior = HyperDirichlet.of(table, delta), log_prior or one_over_count
    far = grid(table.n, table.n * FARTHEST, _WALKED)
    steps = (draws, tune, thin or len(pairs(lists)))
    kept, exchanged = _chains(
        model, far, weights(model, prior, far), seed, steps, chains, levels, cores
    )
    near, visited = np.unique(kept.reshape(-1, lists), axis=0, return_inverse=True)
    visits = Visits(model, near, visited.reshape(chains, draws), prior)
    return _walked(visits, far, count, points, exchanged, np.random.default_rng([seed, 1]))


def _walked(
    visits: Visits, far: Array, count: Array | None, points: int, exchanged: float, rng: Rng
) -> GraphWalk:
    """Return what the visits say on a grid that is given, or as far as there is probability."""
    prior, seen = visits.prior, visits.likelihood(far)
    if count is None:
        count = grid(visits.model.table.n, held_top(seen, prior(far)), points)
    likelihood = visits.likelihood(count)
    drawn, means = visits.draw(count, rng)
    often = frequency(visits.visited, len(visits.near))
    return GraphWalk(
        model=visits.model,
        near=visits.near,
        visited=visits.visited,
        count=drawn,
        likelihood=likelihood,
        log_prior=prior(count),
        rhat=max(_rhat(drawn), _rhat(means[visits.visited])),
        ess=float(az.ess(drawn)),
        gap=float(np.abs(often - often.mean(axis=0)).max()),
        exchanged=exchanged,
        beyond=mass_beyond(seen, float(count[-1]), prior(far)),
    )


def _chains(
    model: HyperDirichlet,
    count: Array,
    log_prior: Array,
    seed: int,
    steps: tuple[int, int, int],
    chains: int,
    levels: int,
    cores: int,
) -> tuple[Whole, float]:
    draws, tune, thin = steps
    heat = np.geomspace(1.0, HOTTEST, levels)
    table, rngs = model.table, np.random.default_rng(seed).spawn(chains)

    def one(at: int) -> tuple[Whole, float]:
        starts = [_start(at + k, len(table.lists), rngs[at]) for k in range(len(heat))]
        facts = (np.array(starts, dtype=np.int64), heat, table.history, table.count, model.total)
        kept, done = walk(rngs[at], *facts, count, log_prior, draws + tune, thin)
        return kept[tune:], float(done[1:].min(initial=1.0))

    with ThreadPoolExecutor(cores) as pool:
        found = list(pool.map(one, range(chains)))
    return np.array([kept for kept, _ in found]), float(np.mean([taken for _, taken in found]))


def _start(chain: int, lists: int, rng: Rng) -> tuple[int, ...]:
    """Return where a chain starts: no edge, all edges, or a graph that chance made."""
    near, every = (0,) * lists, (1 << lists) - 1
    if chain == 1:
        return tuple(every ^ 1 << v for v in range(lists))
    if chain > 1:
        flips = (rng.choice(lists, 2, replace=False).tolist() for _ in range(lists * lists))
        for low, high in islice(flips, lists * lists):
            near = flipped(near, low, high) if can_flip(near, low, high) else near
    return near


def _rhat(draws: Array) -> float:
    """Return R-hat; 1 where all chains are one and the same number."""
    if np.ptp(draws) < 1e-9:
        return 1.0
    within = draws.var(axis=1)
    return float(az.rhat(draws)) if within.max() > 0.0 else float("inf")
