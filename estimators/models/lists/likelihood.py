"""What lists tell of a number of people once the chances of capture are integrated out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, logsumexp

type Array = npt.NDArray[np.float64]
type Rng = np.random.Generator

POINTS = 2000  # counts at which a likelihood is kept


@dataclass(frozen=True, eq=False)
class Likelihood:
    """The integrated likelihood of how many people there are, at counts in rising order.

    `count` (points) holds numbers of persons, those on the lists included; `log` (points) the log
    likelihood there, up to a constant. It is the only thing that a capture model has to say to
    the rest of a study: times any prior of the count it is the posterior, since the chances of
    capture are independent of the count before the lists are read.
    """

    n: int
    count: Array
    log: Array

    def log_posterior(self, log_prior: Array | None = None) -> Array:
        """Return the log probability of each point, spacing included: it sums to one.

        Parameters
        ----------
        log_prior
            Log prior probability of one person more or less, at each point; -log N if not given,
            the improper prior 1/N that most programs for lists take (Jeffreys' of a scale).
        """
        prior = -np.log(self.count) if log_prior is None else log_prior
        found = self.log + prior + np.log(spacing(self.count))
        made: Array = found - logsumexp(found)
        return made

    def draw(self, rng: Rng, size: int, log_prior: Array | None = None) -> Array:
        """Return draws of the number of people: shape (size,)."""
        chance = np.exp(self.log_posterior(log_prior))
        return rng.choice(self.count, size=size, p=chance / chance.sum())

    def quantile(self, at: Array, log_prior: Array | None = None) -> Array:
        """Return the points at which the posterior reaches these probabilities."""
        below = np.cumsum(np.exp(self.log_posterior(log_prior)))
        places = np.searchsorted(below, np.asarray(at) * below[-1])
        return self.count[np.minimum(places, len(self.count) - 1)]

    def near_top(self, log_prior: Array | None = None) -> float:
        """Return the posterior probability of the highest twentieth of the counts that are held.

        Where it is not about zero, the answer rests on where the counts end.
        """
        high = self.count > self.count[-1] - 0.05 * (self.count[-1] - self.n)
        return float(np.exp(self.log_posterior(log_prior))[high].sum())


def spacing(count: Array) -> Array:
    """Return how many whole numbers each point stands for: 1 where all are held."""
    edges = np.concatenate([[count[0] - 0.5], (count[1:] + count[:-1]) / 2, [count[-1] + 0.5]])
    made: Array = np.diff(edges)
    return made


def grid(n: int, top: float, points: int = POINTS) -> Array:
    """Return numbers of people from n to a top: all of them, or even on the log of the unseen.

    Parameters
    ----------
    n
        Persons on the lists.
    top
        The highest number.
    points
        How many numbers at most.
    """
    unseen = int(top) - n
    if unseen < points:
        return np.arange(n, n + unseen + 1, dtype=float)
    tail = np.round(np.expm1(np.linspace(0.0, np.log1p(unseen), points)))
    return n + np.unique(tail)


def unseen_likelihood(n: int, missed: Array, count: Array) -> Array:
    """Return the log likelihood of counts, given draws of the chance to be on no list.

    For draws of p0 under the prior 1/N, where the unseen are negative binomial (n, 1 - p0), their
    average over the draws is the posterior of N (Rao & Blackwell); without the prior it is the
    likelihood, up to a constant:  L(N) = N mean_i NegBin(N - n; n, 1 - p0_i).

    Parameters
    ----------
    n
        Persons on the lists.
    missed
        Draws of p0, between 0 and 1.
    count
        Numbers of people, n or more.
    """
    draws = np.clip(missed.reshape(-1), 1e-300, 1.0 - 1e-15)
    unseen = count[:, None] - n
    made = np.empty(len(count))
    for part in np.array_split(np.arange(len(count)), max(1, len(count) * len(draws) // 10**7 + 1)):
        at = unseen[part] * np.log(draws) + n * np.log1p(-draws)
        made[part] = logsumexp(at, axis=1)
    ways = gammaln(count) - gammaln(n) - gammaln(count - n + 1.0)
    found: Array = ways + made - np.log(len(draws)) + np.log(count)
    return found
