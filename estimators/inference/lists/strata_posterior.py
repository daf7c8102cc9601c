"""The joint posterior of strata that are pooled partially: any total, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import arviz as az
import numpy as np
import numpy.typing as npt
import pandas as pd

from estimators.inference.lists.fits import FEWEST, faults_of_chains
from estimators.inference.refusals import NotPublishableError
from estimators.models.lists.strata import Pooling
from estimators.models.lists.strata_table import Strata

type Array = npt.NDArray[np.float64]

BORROWED = 0.75  # share of a stratum's own variance that pooling takes away, above which it is said
_REMEDY = "Draw more, merge lists or strata, or state narrower priors."


@dataclass(frozen=True, eq=False)
class StrataFit:
    """The joint posterior of strata whose chances of capture are pooled partially.

    Parameters
    ----------
    strata
        The capture histories.
    prior
        What strata share, and how far they may be from it.
    observed
        Draws of the persons on the lists by stratum, those of unknown stratum allotted: shape
        (chain, draw, strata).
    count
        Draws of N by stratum under the prior 1/N of each, same shape.
    missed
        Draws of the chance to be on no list by stratum, same shape.
    spread
        Draws of the spread of effects between strata by order, main effects first: shape
        (chain, draw, orders). They are on the scale of log odds.
    diverged
        How many draws diverged.
    alone
        5 %, 50 % and 95 % points of N of each stratum from its own persons only, and the variance
        of its log unseen: shape (strata, 4); None where they were not asked for.
    """

    strata: Strata
    prior: Pooling
    observed: Array
    count: Array
    missed: Array
    spread: Array
    diverged: int
    alone: Array | None = None

    def total(self, **where: str) -> Array:
        """Return draws of the number of people, over strata: shape (chain, draw).

        Parameters
        ----------
        **where
            Values of columns of strata, as in total(sex="female"); all strata if none is given.

        Raises
        ------
        ValueError
            If there is no such column or stratum.
        """
        made: Array = self.count[..., self.strata.places(where)].sum(axis=-1)
        return made

    def seen(self, **where: str) -> Array:
        """Return draws of how many of them are on the lists: shape (chain, draw).

        Parameters
        ----------
        **where
            Values of columns of strata; all strata if none is given.

        Raises
        ------
        ValueError
            If there is no such column or stratum.
        """
        made: Array = self.observed[..., self.strata.places(where)].sum(axis=-1)
        return made

    def interval(self, level: float = 0.9, **where: str) -> tuple[float, float, float]:
        """Return low, median and high of a number of people (persons), with equal tails.

        Parameters
        ----------
        level
            Probability between low and high.
        **where
            Values of columns of strata; all strata if none is given.

        Raises
        ------
        ValueError
            If there is no such column or stratum.
        """
        ends = [(1.0 - level) / 2.0, 0.5, (1.0 + level) / 2.0]
        low, median, high = np.quantile(self.total(**where), ends)
        return float(low), float(median), float(high)

    @property
    def n(self) -> int:
        """Return how many persons stand on at least one list, of known stratum or not."""
        return int(self.strata.n.sum()) + sum(self.strata.many)

    @cached_property
    def rhat(self) -> float:
        """Return the worst R-hat of the total and the numbers of the strata."""
        return max(float(az.rhat(draws)) for draws in self._followed)

    @cached_property
    def ess(self) -> float:
        """Return the fewest effective draws of the total and the numbers of the strata."""
        return min(float(az.ess(draws, method="bulk")) for draws in self._followed)

    @property
    def _followed(self) -> list[Array]:
        """Return draws of the total and of each stratum: none can be printed if any is wrong."""
        return [self.total(), *np.moveaxis(self.count, -1, 0)]

    @cached_property
    def faults(self) -> tuple[str, ...]:
        """Return why no number may be printed, none where they may."""
        found = faults_of_chains(self.rhat, self.ess, _REMEDY)
        if not self.diverged:
            return found
        return (*found, f"{self.diverged} draws diverged. {_REMEDY}")

    @cached_property
    def findings(self) -> tuple[str, ...]:
        """Return which strata rest on the others almost alone, and why."""
        names = self.strata.names()
        counts = zip(names, self.strata.again, self.strata.n, strict=True)
        found = [_thin(name, int(again), int(n)) for name, again, n in counts]
        if self.alone is not None:
            taken = zip(names, self.pooling["borrowed"].to_numpy(dtype=float), strict=True)
            found += [_borrowed(name, float(share)) for name, share in taken]
        return tuple(sentence for sentence in found if sentence)

    @cached_property
    def pooling(self) -> pd.DataFrame:
        """Return a row for each stratum: persons, chance to be missed, N pooled and alone.

        Columns: `stratum`; `n` persons known to belong to it, `again` those on two lists or more;
        `p0` the median chance to be on no list; `low`, `median`, `high` of N (90 %); where they
        were asked for, `alone_low`, `alone_median`, `alone_high` and `borrowed`, the share of the
        variance of log unseen that pooling takes away.
        """
        low, median, high = np.quantile(self.count, [0.05, 0.5, 0.95], axis=(0, 1))
        table = pd.DataFrame(
            {
                "stratum": self.strata.names(),
                "n": self.strata.n,
                "again": self.strata.again,
                "p0": np.median(self.missed, axis=(0, 1)),
                "low": low,
                "median": median,
                "high": high,
            }
        )
        if self.alone is None:
            return table
        pooled = log_unseen(self.count - self.observed).var(axis=(0, 1))
        names = ("alone_low", "alone_median", "alone_high")
        own = dict(zip(names, self.alone.T[:3], strict=True))
        return table.assign(**own, borrowed=np.maximum(0.0, 1.0 - pooled / self.alone[:, 3]))

    @property
    def assumption(self) -> str:
        """Return what identifies the numbers of the unseen, as sentences."""
        lists, columns = len(self.strata.lists), " and ".join(self.strata.columns)
        highest = self.prior.orders(lists)
        orders = "no interaction" if highest == 1 else f"no interaction of more than {highest}"
        said = (
            f"There is {orders} of the {lists} lists ({', '.join(self.strata.lists)}) in any "
            f"stratum, and effects of the strata by {columns} are exchangeable: "
            f"{'alike as far as the lists say' if self.prior.learned else 'as alike as stated'}."
        )
        if not self.strata.many:
            return said
        return (
            f"{said} The stratum of {sum(self.strata.many):,} persons is not known in full; it is "
            "missing at random given on which lists they are and what is known of it."
        )

    def printable(self) -> StrataFit:
        """Return the fit itself.

        Raises
        ------
        NotPublishableError
            If no number of it may be printed; the message says why.
        """
        if self.faults:
            raise NotPublishableError(f"{self.strata.name}: {' '.join(self.faults)}")
        return self

    def describe(self) -> str:
        """Return the total, what it rests on, and how well it was sampled."""
        if self.faults:
            return f"Pooled strata: no number may be printed. {' '.join(self.faults)}"
        low, median, high = self.interval()
        rests = "".join(f" {sentence}" for sentence in self.findings)
        return (
            f"Pooled strata: between {low:,.0f} and {high:,.0f} people (90 %), median "
            f"{median:,.0f}, in {len(self.strata.levels)} strata; {self.n:,} stand on the lists. "
            f"Assumed: {self.assumption} R-hat {self.rhat:.3f}, {self.ess:,.0f} effective "
            f"draws.{rests}"
        )


def log_unseen(unseen: Array) -> Array:
    """Return the log of numbers of unseen people, half a person added: there may be none.

    Parameters
    ----------
    unseen
        Persons.
    """
    made: Array = np.log(unseen + 0.5)
    return made


def _thin(stratum: str, again: int, n: int) -> str:
    if again >= FEWEST:
        return ""
    return (
        f"The number of {stratum} rests on the other strata almost alone: {again} of its {n:,} "
        "persons stand on two lists or more."
    )


def _borrowed(stratum: str, share: float) -> str:
    if share < BORROWED:
        return ""
    return f"Pooling takes away {share:.0%} of the variance of the unseen of {stratum}."
