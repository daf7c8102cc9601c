"""How much probability lies above the numbers that were looked at, and how far to look."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

from estimators.models.lists.likelihood import Likelihood, spacing

type Array = npt.NDArray[np.float64]

HELD = 1e-3  # at most so much probability beyond the numbers looked at
CUT = 1e-6  # ... where the numbers to look at are chosen here
FARTHEST = 1e6  # times the persons on the lists: as far as numbers are looked at
LOOKS = 500  # numbers of the first, far look


def tail_beyond(likelihood: Likelihood, log_prior: Array) -> float:
    """Return the probability beyond the last point, if the tail goes on as it ends.

    Tails here are powers of N: with the slope s of log density on log N over the last tenth of the
    counts, the rest is p(top) top / (s - 1), and all of it where s is not above 1.

    Parameters
    ----------
    likelihood
        The integrated likelihood.
    log_prior
        Log prior probability of one person more or less, at each point.
    """
    count, dense = likelihood.count, likelihood.log + log_prior
    if dense[-1] == -np.inf:
        return 0.0
    at = min(int(np.searchsorted(count, 0.9 * count[-1])), len(count) - 2)
    if at < 0:
        return 1.0
    slope = (dense[at] - dense[-1]) / np.log(count[-1] / count[at])
    if not slope > 1.0:
        return 1.0
    held = logsumexp(dense + np.log(spacing(count)))
    rest = np.exp(min(dense[-1] - held, 700.0)) * count[-1] / (slope - 1.0)
    return float(rest / (1.0 + rest))


def mass_beyond(likelihood: Likelihood, top: float, log_prior: Array) -> float:
    """Return the probability of numbers above a top, which the likelihood goes beyond.

    Unlike a tail continued it sees further modes. The tail beyond the last point is added.

    Parameters
    ----------
    likelihood
        The integrated likelihood at counts that go as far as numbers are thought of.
    top
        The number above which probability is asked for.
    log_prior
        Log prior probability of one person more or less, at each point.
    """
    count = likelihood.count
    edges = np.append((count[1:] + count[:-1]) / 2, count[-1] + 0.5)
    part = np.clip((edges - (top + 0.5)) / spacing(count), 0.0, 1.0)
    above = float(np.exp(likelihood.log_posterior(log_prior)) @ part)
    rest = tail_beyond(likelihood, log_prior)
    return above * (1.0 - rest) + rest


def held_top(likelihood: Likelihood, log_prior: Array) -> float:
    """Return the number above which about no probability lies; the last one where there is none.

    Parameters
    ----------
    likelihood
        The integrated likelihood at few counts that go as far as numbers are thought of.
    log_prior
        Log prior probability of one person more or less, at each point.
    """
    above = np.cumsum(np.exp(likelihood.log_posterior(log_prior))[::-1])[::-1]
    above = above + tail_beyond(likelihood, log_prior)
    held = np.flatnonzero(above < CUT)
    return float(likelihood.count[held[0]] if len(held) else likelihood.count[-1])


def ceiling_warning(beyond: float, top: float) -> str:
    """Return why no number should be quoted, or nothing where about none lies beyond the top.

    Parameters
    ----------
    beyond
        The probability of numbers above the top.
    top
        The largest number looked at.
    """
    if beyond < HELD:
        return ""
    return (
        f"Where the numbers looked at end, at {top:,.0f}, {beyond:.1%} of the probability still "
        f"lies beyond: the answer is that end, not the lists. Look further, give a prior of the "
        f"number, or do not quote it."
    )
