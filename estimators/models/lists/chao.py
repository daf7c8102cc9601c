"""Chao's lower bound: how many there are at least, from those seen once and twice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from estimators.models.lists.table import Table


@dataclass(frozen=True)
class LowerBound:
    """Chao's lower bound of a number of people, from those on one list and on two.

    `count` is the bound, `error` its standard error, `once` and `twice` how many stand on exactly
    one and two of the lists.
    """

    n: int
    once: int
    twice: int
    count: float
    error: float
    assumption: str = (
        "Persons differ in their chance to be listed, each with the same one on every list, and "
        "lists are independent for each person: then at least so many are missed."
    )

    @property
    def interval(self) -> tuple[float, float]:
        """Return low and high at 95 %, on the log of the unseen, so that low is never below n."""
        return log_interval(self.n, self.count, self.error)

    def describe(self) -> str:
        """Return in a few sentences what the bound is, and on what it rests."""
        low, high = self.interval
        return (
            f"At least {self.count:,.0f} people (95 % of the bound: {low:,.0f} to {high:,.0f}), "
            f"from {self.once:,} on one list only and {self.twice:,} on two. {self.assumption}"
        )


def chao_bound(table: Table, *, occasions: bool = True, corrected: bool = False) -> LowerBound:
    """Return Chao's lower bound: n + a f1^2 / (2 f2) for f1 persons on one list and f2 on two.

    Parameters
    ----------
    table
        The capture histories of one population.
    occasions
        Whether a is (lists - 1) / lists, as for so many captures, or 1, as for very many.
    corrected
        Whether to take the form with less bias, n + a f1 (f1 - 1) / (2 (f2 + 1)); where nobody
        stands on exactly two lists it is taken in any case.

    References
    ----------
    .. [1] Chao (1987). Biometrics 43, 783-791, doi:10.2307/2531532.
    """
    times = table.on.sum(axis=1)
    once, twice = (int(table.count[times == k].sum()) for k in (1, 2))
    a = (len(table.lists) - 1) / len(table.lists) if occasions else 1.0
    if twice and not corrected:
        unseen = a * once**2 / (2 * twice)
        spread = unseen + unseen**2 * (4 / once + 1 / twice) if once else 0.0
    else:
        unseen = a * once * (once - 1) / (2 * (twice + 1))
        spread = _corrected_variance(once, twice, a, unseen, table.n)
    return LowerBound(table.n, once, twice, table.n + unseen, float(np.sqrt(spread)))


def _corrected_variance(once: int, twice: int, a: float, unseen: float, n: int) -> float:
    """Return the variance of the form with less bias, by the delta method; without f2 Chao's."""
    if not twice:
        late = a**2 * once * (2 * once - 1) ** 2 / 4 - a**2 * once**4 / (4 * (n + unseen))
        return max(unseen + late, 0.0)
    slope = a * (2 * once - 1) / (2 * (twice + 1))
    return unseen + slope**2 * once + (unseen / (twice + 1)) ** 2 * twice


def log_interval(n: int, count: float, error: float, level: float = 0.95) -> tuple[float, float]:
    """Return low and high with the unseen log-normal: n + unseen / C, n + unseen C.

    Parameters
    ----------
    n
        Persons on the lists.
    count
        The estimated number of people.
    error
        Its standard error.
    level
        Probability between low and high.

    References
    ----------
    .. [1] Chao (1987). Biometrics 43, 783-791, doi:10.2307/2531532.
    """
    unseen = count - n
    if not unseen > 0.0:
        return count, count
    z = stats.norm.ppf((1.0 + level) / 2.0)
    factor = np.exp(z * np.sqrt(np.log1p((error / unseen) ** 2)))
    return float(n + unseen / factor), float(n + unseen * factor)
