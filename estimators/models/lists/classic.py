"""The classical closed-population models of capture-recapture, for comparison.

Counts of capture histories are Poisson with a log-linear mean [1]_, [2]_:

    M0  the same chance on every list      Mt  a chance of its own for each list
    Mh, Mth  as M0, Mt, with chances that differ between persons: a column in the number k of
        lists, 2^k - 1 (Poisson2), k^2 / 2 (Darroch), -log(3.5 + k) + log 3.5 (Gamma3.5), or
        one free step for each k from 3 up, none below zero (Chao: a lower bound [3]_)
    Mb, Mbh  another chance once a person has been caught: they read the order of the lists in
        time, and mean nothing for lists that have none; Mbh gives the first list its own chance

Except for Mb and Mbh the number of people is n + exp(intercept).

References
----------
.. [1] Cormack (1989). Biometrics 45, 395-413, doi:10.2307/2531485.
.. [2] Baillargeon & Rivest (2007). Journal of Statistical Software 19(5),
   doi:10.18637/jss.v019.i05.
.. [3] Rivest & Baillargeon (2007). Biometrics 63, 999-1006,
   doi:10.1111/j.1541-0420.2007.00779.x.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from estimators.models.lists.chao import log_interval
from estimators.models.lists.poisson_regression import Regression, fit_poisson
from estimators.models.lists.table import Table

type Array = npt.NDArray[np.float64]
type Whole = npt.NDArray[np.int64]

_COLUMN: dict[str, Callable[[Array], Array]] = {
    "Poisson2": lambda k: np.exp2(k) - 1.0,
    "Darroch": lambda k: k**2 / 2.0,
    "Gamma3.5": lambda k: np.log(3.5) - np.log(3.5 + k),
}
_SAME, _OWN = "the same chance on every list", "a chance of its own for each list"
ASSUMPTION = {
    "M0": f"Lists are independent, with {_SAME} for everybody.",
    "Mt": f"Lists are independent, with {_OWN} that is the same for everybody.",
    "Mh": f"Lists are independent for each person, with {_SAME}; persons differ by the law named.",
    "Mth": f"Lists are independent for each person, with {_OWN}; persons differ by the law named.",
    "Mb": "Lists came one after another, and who was caught once has another chance from then on.",
    "Mbh": "As Mb, with a chance of its own on the first list.",
}


@dataclass(frozen=True, eq=False)
class Classic:
    """A classical model fitted to a table: how many people, and how well it fits.

    `count` is the estimate, `error` its standard error under multinomial sampling (both NaN where
    there is no estimate, as `note` says), `raw` what the formula gives even where that is no number
    of people. `fit` is the Poisson regression with its deviance, degrees of freedom and AIC; `bic`
    takes the log of the persons seen.
    """

    model: str
    n: int
    raw: float
    error: float
    fit: Regression
    bic: float
    note: str = ""

    @property
    def count(self) -> float:
        """Return the estimated number of people, or NaN where the model gives none."""
        return float("nan") if self.note else self.raw

    @property
    def interval(self) -> tuple[float, float]:
        """Return low and high at 95 %, on the log of the unseen, so that low is never below n."""
        return log_interval(self.n, self.count, self.error)

    @property
    def assumption(self) -> str:
        """Return the assumption by which the model knows those on no list."""
        return ASSUMPTION[self.model.split()[0]]

    def row(self) -> dict[str, object]:
        """Return what a table says of the model."""
        low, high = self.interval
        return {
            "model": self.model,
            "count": self.count,
            "error": self.error if not self.note else float("nan"),
            "low": low,
            "high": high,
            "deviance": self.fit.deviance,
            "df": self.fit.df,
            "aic": self.fit.aic,
            "bic": self.bic,
            "converged": self.fit.converged,
            "note": self.note,
        }

    def describe(self) -> str:
        """Return in a sentence or two what the model says, and on what it rests."""
        if self.note:
            return f"{self.model} gives no number: {self.note}. {self.assumption}"
        low, high = self.interval
        return (
            f"{self.model}: {self.count:,.0f} people (95 %: {low:,.0f} to {high:,.0f}), AIC "
            f"{self.fit.aic:.1f}. {self.assumption}"
        )


def classic_models(table: Table) -> pd.DataFrame:
    """Return a table of all classical models: estimate, standard error, fit, and what is wrong.

    Heterogeneity needs three lists at least; it is left out with two.

    Parameters
    ----------
    table
        The capture histories of one population, of at most twenty lists.
    """
    return pd.DataFrame(classic_model(table, name).row() for name in names(len(table.lists)))


def names(lists: int) -> tuple[str, ...]:
    """Return the names of the models that so many lists can tell apart."""
    kinds = ("Chao", *_COLUMN) if lists > 2 else ()
    mixed = (f"{base} {kind}" for base in ("Mh", "Mth") for kind in kinds)
    return ("M0", "Mt", *mixed, "Mb", *(("Mbh",) if lists > 2 else ()))


def classic_model(table: Table, name: str) -> Classic:
    """Return one classical model fitted by maximum likelihood.

    The standard error is that of Sandland and Cormack (1984): the Poisson variance less N.

    Parameters
    ----------
    table
        The capture histories of one population, of at most twenty lists.
    name
        M0, Mt, 'Mh ' or 'Mth ' with Chao, Poisson2, Darroch or Gamma3.5, Mb or Mbh.

    Raises
    ------
    ValueError
        If there is no such model for so many lists.

    References
    ----------
    .. [1] Sandland & Cormack (1984). Biometrika 71, 27-33, doi:10.1093/biomet/71.1.27.
    """
    if name not in names(len(table.lists)):
        raise ValueError(
            f"{name!r} is no model of {len(table.lists)} lists; there are "
            f"{', '.join(names(len(table.lists)))}"
        )
    seen = table.full[1:]
    on = (np.arange(1, len(seen) + 1)[:, None] >> np.arange(len(table.lists)) & 1).astype(float)
    if name.startswith("Mb"):
        return _behaviour(table, name, on, seen)
    fit = _regression(name, on, seen)
    unseen = float(np.exp(fit.slope[0]))
    error = float(np.sqrt(unseen + unseen**2 * fit.covariance[0, 0]))
    return Classic(name, table.n, table.n + unseen, error, fit, _bic(fit, table.n), _absent(fit))


def _regression(name: str, on: Array, seen: Whole) -> Regression:
    base, _, kind = name.partition(" ")
    k = on.sum(axis=1)
    design = np.column_stack([np.ones(len(k)), on if base in ("Mt", "Mth") else k])
    if kind == "Chao":
        return _lower_bound(design, k, seen)
    if kind:
        design = np.column_stack([design, _COLUMN[kind](k)])
    return fit_poisson(design, seen)


def _lower_bound(design: Array, k: Array, seen: Whole) -> Regression:
    """Return the fit with a free step for each number of lists from 3 up, those below 0 left out.

    Convex steps are what a mixture of chances can give; a step below zero is set to zero and the
    rest is fitted again, until there is none.
    """
    steps = [np.maximum(k - at, 0.0) for at in range(2, int(k.max()))]
    while True:
        fit = fit_poisson(np.column_stack([design, *steps]), seen)
        below = fit.slope[design.shape[1] :] < 0.0
        if not below.any():
            return fit
        steps = [step for step, out in zip(steps, below, strict=True) if not out]


def _behaviour(table: Table, name: str, on: Array, seen: Whole) -> Classic:
    """Return Mb or Mbh: the mean of a history by when it began and how often it came again."""
    first = on.argmax(axis=1).astype(float)
    again = on.sum(axis=1) - 1.0
    columns = [np.ones(len(first)), first, again]
    if name == "Mbh":
        columns.append((first == 0).astype(float))
    fit = fit_poisson(np.column_stack(columns), seen)
    lists = len(table.lists)
    raw = _behaving(fit.slope, lists)
    slope = _gradient(lambda at: _behaving(at, lists), fit.slope)
    spread = float(slope @ fit.covariance @ slope) - raw
    note = _absent(fit)
    if fit.slope[1] > np.log1p(np.exp(fit.slope[2])):
        note = "first captures grow from list to list, as no chance of capture allows"
    return Classic(name, table.n, raw, max(spread, 0.0) ** 0.5, fit, _bic(fit, table.n), note)


def _behaving(slope: Array, lists: int) -> float:
    """Return the number of people under Mb or Mbh.

    With chance p of a first and c of a later capture, a first capture on list i (from 0) and r
    later ones have mean N p (1 - p)^i c^r (1 - c)^(lists - 1 - i - r): the slope in r is logit c,
    that in i is log (1 - p) - log (1 - c).
    """
    miss = -np.log1p(np.exp(slope[2]))  # log (1 - c)
    later = np.exp(slope[0] - (lists - 1) * miss)
    chance = -np.expm1(slope[1] + miss)
    if len(slope) == 3:
        return float(later / chance)
    here = np.exp(slope[0] + slope[3] - (lists - 1) * miss)
    return float(here + later * np.exp(slope[1] + miss) / chance)


def _gradient(of: Callable[[Array], float], at: Array) -> Array:
    """Return slopes by central differences."""
    steps = np.eye(len(at)) * 1e-5
    return np.array([(of(at + step) - of(at - step)) / 2e-5 for step in steps])


def _absent(fit: Regression) -> str:
    return "" if fit.exists else "the estimate does not exist: a fitted mean runs to 0"


def _bic(fit: Regression, n: int) -> float:
    return float(fit.aic + (np.log(n) - 2.0) * len(fit.slope))
