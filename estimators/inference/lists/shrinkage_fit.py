"""All log-linear interactions at once, shrunk: the posterior, sampled."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import arviz as az
import numpy as np
import numpy.typing as npt
import nutpie

from estimators.inference.lists.shrinkage_native import followed, sampler_of
from estimators.models.lists.likelihood import Likelihood, grid, unseen_likelihood
from estimators.models.lists.shrinkage_prior import USUAL, Arrays, Shrinkage, arrays_of
from estimators.models.lists.table import Table

type Array = npt.NDArray[np.float64]

CHAINS, DRAWS, TUNE = 4, 1000, 600
CAREFUL = (0.9, 0.97, 0.99)  # mean acceptances, tried in turn until no draw diverges
RHAT, ESS = 1.01, 400.0
_TOP = 0.9999  # the likelihood is held up to twice this quantile of the expected count


@dataclass(frozen=True, eq=False)
class ShrinkageFit:
    """The posterior of a log-linear model with all interactions, shrunk towards none.

    Parameters
    ----------
    table
        The capture histories.
    prior
        The prior of the interactions.
    term
        Terms of the effects (terms), as whole numbers; bit k stands for the k-th list.
    effect
        Draws of the effects in corner coding: shape (chain, draw, terms).
    missed
        Draws of the chance to be on no list: shape (chain, draw).
    count
        Draws of N under the prior 1/N, n + NegBin(n, 1 - missed): shape (chain, draw).
    diverged
        How many draws diverged.
    """

    table: Table
    prior: Shrinkage
    term: npt.NDArray[np.int64]
    effect: Array
    missed: Array
    count: Array
    diverged: int

    @cached_property
    def rhat(self) -> float:
        """Return R-hat of N: rank-normalised, split and folded (Vehtari et al. 2021)."""
        return float(az.rhat(self.count))

    @cached_property
    def ess(self) -> float:
        """Return the effective number of draws of N, for its bulk."""
        return float(az.ess(self.count, method="bulk"))

    @property
    def converged(self) -> bool:
        """Return whether chains agree: R-hat below 1.01, 400 effective draws, none diverged."""
        return self.rhat < RHAT and self.ess > ESS and not self.diverged

    @cached_property
    def likelihood(self) -> Likelihood:
        """Return the integrated likelihood of N, up to twice where its tail nearly ends."""
        n = self.table.n
        top = 2.0 * float(np.quantile(n / (1.0 - self.missed), _TOP)) + 50.0
        return self.likelihood_at(grid(n, top))

    def likelihood_at(self, count: Array) -> Likelihood:
        """Return the integrated likelihood at numbers of people.

        Parameters
        ----------
        count
            Numbers of people in rising order, those on the lists or more.
        """
        n = self.table.n
        return Likelihood(n, count, unseen_likelihood(n, self.missed, count))

    def interval(self, level: float = 0.95) -> tuple[float, float, float]:
        """Return low, median and high of N under the prior 1/N, with equal tails.

        Parameters
        ----------
        level
            Probability between low and high.
        """
        ends = np.quantile(self.count, [(1 - level) / 2, 0.5, (1 + level) / 2])
        return float(ends[0]), float(ends[1]), float(ends[2])

    @property
    def assumption(self) -> str:
        """Return the assumption that identifies the number of the unseen, as one sentence."""
        many = len(self.table.lists)
        if self.prior.departure:
            return (
                f"The interaction of all {many} lists is normal about none with a standard "
                f"deviation of {self.prior.departure:g}, which nothing in the lists can tell."
            )
        return (
            f"There is no interaction of all {many} lists together: what fewer lists have to do "
            "with one another is the same for persons on the last list as for those not on it."
        )

    def describe(self) -> str:
        """Return the estimate, what it rests on, and how well it was sampled."""
        low, middle, high = self.interval()
        wrong = "" if self.converged else " The chains do not agree well enough to print this."
        return (
            f"Log-linear model with all interactions, shrunk: {middle:,.0f} people (95 % interval "
            f"{low:,.0f} to {high:,.0f}), of whom {self.table.n:,} are on the lists. It rests on "
            f"this: {self.assumption} R-hat {self.rhat:.3f}, {self.ess:,.0f} effective draws, "
            f"{self.diverged} diverged.{wrong}"
        )


def fit_shrinkage(
    table: Table,
    prior: Shrinkage = USUAL,
    seed: int = 0,
    draws: int = DRAWS,
    tune: int = TUNE,
    chains: int = CHAINS,
    cores: int = 1,
    acceptance: tuple[float, ...] = CAREFUL,
) -> ShrinkageFit:
    """Return the posterior of all interactions, shrunk, and of N.

    Parameters
    ----------
    table
        The capture histories of one population.
    prior
        The prior of the interactions.
    seed
        Seed of sampler and of the draws of N.
    draws
        Draws a chain.
    tune
        Draws of warm-up before them.
    chains
        How many chains.
    cores
        How many chains run at once.
    acceptance
        Mean acceptances that the steps are tuned to; the next is tried where a draw diverged.

    Raises
    ------
    ValueError
        If there are fewer than three lists, or too many.
    """
    arrays = arrays_of(table, prior)
    for target in acceptance:
        tree = nutpie.sample(
            sampler_of(arrays),
            draws=draws,
            tune=tune,
            chains=chains,
            cores=cores,
            seed=seed,
            target_accept=target,
            # How many are unseen moves all effects together: a diagonal metric is 10 times slower.
            adaptation="low_rank",
            save_warmup=False,
            progress_bar=False,
        )
        diverged = int(tree["sample_stats"]["diverging"].values.sum())
        if not diverged:
            break
    return _made(table, prior, arrays, tree["posterior"]["y"].values, diverged, seed)


def _made(
    table: Table, prior: Shrinkage, arrays: Arrays, y: Array, diverged: int, seed: int
) -> ShrinkageFit:
    """Return the fit of draws of the unknowns: shape (chain, draw, unknown)."""
    flat = np.ascontiguousarray(y.reshape(-1, y.shape[-1]))
    effect, missed = followed(flat, len(table.lists), arrays)
    shape = y.shape[:2]
    count = table.n + unseen(table.n, missed, np.random.default_rng(seed))
    return ShrinkageFit(
        table=table,
        prior=prior,
        term=arrays.term,
        effect=effect.reshape(*shape, -1),
        missed=missed.reshape(shape),
        count=count.reshape(shape),
        diverged=diverged,
    )


def unseen(n: int, missed: Array, rng: np.random.Generator) -> Array:
    """Return draws of how many are on no list: negative binomial (n, 1 - missed).

    Parameters
    ----------
    n
        Persons on the lists.
    missed
        Draws of the chance to be on no list.
    rng
        Random numbers.
    """
    odds = missed / np.maximum(1.0 - missed, 1e-12)
    drawn: Array = rng.poisson(rng.gamma(n, odds)).astype(float)
    return drawn
