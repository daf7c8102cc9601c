"""What is believed of the unseen before the lists are read: priors of N, and of departures."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import stats
from scipy.special import logsumexp

from estimators.models.lists.likelihood import Likelihood, grid

type Array = npt.NDArray[np.float64]

_Z90 = float(stats.norm.ppf(0.95))
_NODES = 41  # places at which a departure is integrated out
_WIDEST = 4.0  # sds to each side


def expansion_prior(n: int, low: float, high: float, count: Array) -> Array:
    """Return the log prior of counts from an interval of the expansion factor N / n.

    Parameters
    ----------
    n
        Persons on the lists.
    low, high
        The 5 % and 95 % points of how many times as many there are as stand on the lists.
    count
        Numbers of people, n or more.

    Raises
    ------
    ValueError
        Unless 1 < low < high.

    Notes
    -----
    log(N / n - 1), the log odds of being on no list, is normal; half a person is added, so that
    nobody unseen has a chance too.
    """
    if not 1.0 < low < high < np.inf:
        raise ValueError(
            f"an expansion factor N / n lies above 1, the lower end first; got {low:g} to {high:g}"
        )
    ends = np.log([low - 1.0, high - 1.0])
    unseen = (count - n + 0.5) / n
    made: Array = stats.norm.logpdf(np.log(unseen), ends.mean(), np.ptp(ends) / (2.0 * _Z90))
    return made - np.log(unseen)


def departed(told: Likelihood, low: float, high: float) -> Likelihood:
    """Return the likelihood where the identifying assumption may fail by a factor.

    The unseen are f times as many as the assumption gives, f lognormal and independent of all
    else. With M = n + (N - n) / f and the prior 1/N on either side this is
    L'(N) = E[N L(M) / (f M)]. Lists say nothing of f; its whole spread stays.

    Parameters
    ----------
    told
        The likelihood under the assumption.
    low, high
        The 5 % and 95 % points of the factor.

    Raises
    ------
    ValueError
        Unless 0 < low < high.
    """
    if not 0.0 < low < high < np.inf:
        raise ValueError(f"a factor needs 0 < low < high, not {low:g} and {high:g}")
    ends = np.log([low, high])
    sd = np.ptp(ends) / (2.0 * _Z90)
    z = np.linspace(-_WIDEST, _WIDEST, _NODES)
    log_factor, weight = ends.mean() + sd * z, stats.norm.logpdf(z)
    weight -= logsumexp(weight)
    top = told.n + (told.count[-1] - told.n) * max(1.0, float(np.exp(log_factor[-1])))
    count = grid(told.n, top)
    at = told.n + (count[:, None] - told.n) * np.exp(-log_factor)
    log = np.interp(at, told.count, told.log, right=-np.inf)
    log += np.log(count[:, None] / at) - log_factor
    return Likelihood(told.n, count, logsumexp(log + weight, axis=1))


def mixed(told: list[Likelihood]) -> Likelihood:
    """Return the likelihood of imputation replicates: an even mixture of their posteriors.

    Each is the posterior under the prior 1/N; the mixture is divided by that prior. Rubin's rules
    on few replicates give intervals that hold no draw of any.

    Parameters
    ----------
    told
        One a replicate.
    """
    n, top = min(one.n for one in told), max(one.count[-1] for one in told)
    count = grid(n, top)
    logs = [_density(one, count) for one in told]
    log = logsumexp(np.stack(logs), axis=0) - np.log(len(told)) + np.log(count)
    return Likelihood(n, count, np.maximum(log, log.max() - 700.0))


def _density(one: Likelihood, count: Array) -> Array:
    """Return the log posterior density of one replicate at counts, under the prior 1/N."""
    log = one.log - np.log(one.count)
    total = logsumexp(one.log_posterior() * 0.0 + log + np.log(np.gradient(one.count)))
    made: Array = np.interp(count, one.count, log - total, left=-np.inf, right=-np.inf)
    return made
