"""One fit of lists, whatever its family: what it says of N, what it assumes, what is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from estimators.inference.refusals import NotPublishableError
from estimators.models.lists.likelihood import Likelihood
from estimators.models.lists.table import Table

type Array = npt.NDArray[np.float64]

RHAT = 1.01
ESS = 400.0
FEWEST = 5  # persons on several lists
NEAR_TOP = 1e-3  # posterior probability next to the highest number that is held


@dataclass(frozen=True, eq=False)
class ListsFit:
    """What one family of models makes of people found on several lists.

    Parameters
    ----------
    family
        What the models are called.
    assumption
        The identifying assumption, as a sentence.
    likelihood
        The integrated likelihood of the number of people.
    faults
        Why no number of it may be printed; none where it may.
    rhat, ess
        Of draws of N; 1 and infinite where nothing is sampled.
    parts
        The fits of each imputation replicate in the family's own form.
    """

    family: str
    assumption: str
    likelihood: Likelihood
    faults: tuple[str, ...] = ()
    rhat: float = 1.0
    ess: float = np.inf
    parts: tuple[Any, ...] = field(default=(), repr=False)

    @property
    def n(self) -> int:
        """Return how many persons stand on at least one list."""
        return self.likelihood.n

    def interval(
        self, level: float = 0.9, log_prior: Array | None = None
    ) -> tuple[float, float, float]:
        """Return low, median and high of the number of people (persons), with equal tails.

        Parameters
        ----------
        level
            Probability between low and high.
        log_prior
            Log prior at the points of the likelihood; that of 1/N if not given.
        """
        ends = np.array([(1.0 - level) / 2.0, 0.5, (1.0 + level) / 2.0])
        low, median, high = self.likelihood.quantile(ends, log_prior)
        return float(low), float(median), float(high)

    def printable(self) -> ListsFit:
        """Return the fit itself.

        Raises
        ------
        NotPublishableError
            If no number of it may be printed; the message says why.
        """
        if self.faults:
            raise NotPublishableError(f"{self.family}: {' '.join(self.faults)}")
        return self

    def __str__(self) -> str:
        """Return the estimate and what it rests on, or why there is none."""
        if self.faults:
            return f"{self.family}: no number may be printed. {' '.join(self.faults)}"
        low, median, high = self.interval()
        return (
            f"{self.family}: between {low:,.0f} and {high:,.0f} people (90 %), median "
            f"{median:,.0f}; {self.n:,} stand on the lists. Assumed: {self.assumption}."
        )


def faults_of_chains(rhat: float, ess: float, remedy: str) -> tuple[str, ...]:
    """Return why draws of N may not be printed, none where they may.

    Parameters
    ----------
    rhat
        Rank-normalised, split R-hat of N.
    ess
        Its bulk effective sample size.
    remedy
        What to do.
    """
    found = []
    if not rhat < RHAT:
        found.append(f"Chains do not agree on N: R-hat {rhat:.3f}, limit {RHAT}. {remedy}")
    if not ess > ESS:
        found.append(f"Only {ess:,.0f} effective draws of N, limit {ESS:,.0f}. {remedy}")
    return tuple(found)


def faults_of_ceiling(likelihood: Likelihood) -> tuple[str, ...]:
    """Return that the answer rests on the highest number looked at, where it does.

    Parameters
    ----------
    likelihood
        Of the number of people.
    """
    near = likelihood.near_top()
    if near < NEAR_TOP:
        return ()
    return (
        f"{near:.1%} of the probability lies next to {likelihood.count[-1]:,.0f}, the highest "
        "number looked at: the lists do not bound the number. State a prior for it, or collect "
        "a list that overlaps more.",
    )


def faults_of_overlap(table: Table) -> tuple[str, ...]:
    """Return that too few stand on two lists or more to tell anything of those on none.

    Parameters
    ----------
    table
        The capture histories of one population.
    """
    again = int(table.count[table.on.sum(axis=1) > 1].sum())
    if again >= FEWEST:
        return ()
    return (
        f"Only {again} of {table.n:,} persons stand on two lists or more: who is found again "
        "tells how many there are, and here the prior would. Match the lists once more, or "
        "collect one that overlaps.",
    )
