"""One log-linear model fitted by maximum likelihood: the estimate, intervals, what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import exp, inf, log, nan, sqrt
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq, minimize_scalar
from scipy.special import gammaln, xlogy
from scipy.stats import chi2, norm

from estimators.inference.lists.newton import maximum
from estimators.models.lists.hierarchies import Hierarchy, places
from estimators.models.lists.likelihood import Likelihood, grid
from estimators.models.lists.log_linear import Face, allowed, design, face
from estimators.models.lists.table import Table

type Array = npt.NDArray[np.float64]
type Interval = Literal["profile", "wald", "log"]

LEVEL = 0.95
_LEAST = 1e-3  # unseen persons in place of none, of whom the logarithm is not defined
_FAR = 1e6  # times the persons on the lists: beyond it the likelihood is taken to have no end


@dataclass(frozen=True, eq=False)
class LogLinearFit:
    """A log-linear model at its maximum likelihood, as far as there is one.

    Parameters
    ----------
    table
        The capture histories.
    model
        The terms that are in.
    theta
        Parameters (terms), in corner coding: the intercept is the log mean of the unseen, an
        interaction the log odds ratio among those on no other list. NaN where it has no finite
        estimate of its own.
    log_likelihood
        Of the observed counts as Poisson counts, factorials included.
    variance
        Of the intercept, by the inverse information; infinite where there is no estimate.
    face
        Which cells and parameters have an estimate.
    converged
        Whether Newton's method reached the maximum.
    """

    table: Table
    model: Hierarchy
    theta: Array
    log_likelihood: float
    variance: float
    face: Face
    converged: bool

    @property
    def parameters(self) -> int:
        """Return how many parameters the model has, those without an estimate included."""
        return len(self.model.terms)

    @property
    def df(self) -> int:
        """Return degrees of freedom: cells with a fitted mean above zero, less what they tell."""
        return int(self.face.cells.sum() - self.face.columns.sum())

    @property
    def exists(self) -> bool:
        """Return whether every parameter has a finite estimate."""
        return self.converged and self.face.whole

    @property
    def finite(self) -> bool:
        """Return whether N has one finite estimate, though interactions may run to -infinity."""
        return self.converged and self.face.finite

    @property
    def unseen(self) -> float:
        """Return the estimate of how many stand on no list; NaN where there is none."""
        return exp(self.theta[0]) if self.finite else nan

    @property
    def count(self) -> float:
        """Return the estimate of N: those on the lists and the unseen; NaN where there is none."""
        return self.table.n + self.unseen

    @cached_property
    def missed(self) -> Array:
        """Return the chance to be on no list at the maximum: shape (1, 1), as one draw."""
        return np.array([[self.unseen / self.count]])

    @property
    def rhat(self) -> float:
        """Return NaN: nothing was sampled."""
        return nan

    @property
    def ess(self) -> float:
        """Return NaN: nothing was sampled."""
        return nan

    @cached_property
    def deviance(self) -> float:
        """Return twice what the observed counts could add to the log likelihood."""
        counts = self.table.full[1:]
        best = float((xlogy(counts, counts) - counts - gammaln(counts + 1.0)).sum())
        return max(2.0 * (best - self.log_likelihood), 0.0)

    @property
    def aic(self) -> float:
        """Return Akaike's criterion: -2 log L + 2 parameters."""
        return -2.0 * self.log_likelihood + 2.0 * self.parameters

    @property
    def bic(self) -> float:
        """Return Schwarz's criterion: -2 log L + parameters log n, n the persons on the lists."""
        return -2.0 * self.log_likelihood + self.parameters * log(self.table.n)

    def interval(self, level: float = LEVEL, kind: Interval = "profile") -> tuple[float, float]:
        """Return the ends of a confidence interval of N.

        Parameters
        ----------
        level
            Probability that is asked for.
        kind
            "profile": where the profile likelihood of N has not fallen by more than half the
            quantile of chi-squared (Cormack 1992); the upper end is infinite where it never does.
            "wald": N -+ z sqrt(u + u^2 v), with u unseen and v the variance of the intercept, as
            most programs print it; it can end below the persons that were seen. "log": u times
            exp(-+ z sqrt(v)).

        Returns
        -------
        tuple of float
            Low and high, in persons; NaN where N has no estimate.
        """
        if kind not in ("profile", "wald", "log"):
            raise ValueError(f"no interval is called {kind!r}; use profile, wald or log")
        if not 0.0 < level < 1.0:
            raise ValueError(f"a level lies between 0 and 1; got {level}; 0.95 is usual")
        if not self.finite:
            return nan, nan
        if kind == "profile":
            return self._profile_interval(level)
        n, unseen, z = self.table.n, self.unseen, float(norm.ppf(0.5 + level / 2))
        if kind == "wald":
            half = z * sqrt(unseen + unseen**2 * self.variance)
            return self.count - half, self.count + half
        factor = exp(min(z * sqrt(self.variance), 700.0))
        return n + unseen / factor, n + unseen * factor

    def profile(self, count: Array) -> Array:
        """Return the log profile likelihood at numbers of people: shape as given.

        Parameters
        ----------
        count
            Numbers of people, the persons on the lists or more; they need not be whole.

        Notes
        -----
        The unconditional multinomial likelihood of N and the chances p of all histories,
        N! / (u! prod n_c!) p_0^u prod p_c^n_c with u = N - n, at the best p for each N. Those are
        the fitted means of the table completed by u, over N: the same model, fitted to all 2^J
        cells (Cormack 1992, Biometrics 48(2), 567-576).
        """
        if not self.finite:
            raise ValueError(f"model {self.model.name} gives no estimate of N; take one that does")
        return np.array([self._profile_at(float(at) - self.table.n) for at in np.ravel(count)])

    def _profile_at(self, unseen: float) -> float:
        matrix, counts = self._complete
        counts[0] = u = max(unseen, _LEAST)
        _, value, _, converged = maximum(matrix, counts)
        total = u + self.table.n
        ways = gammaln(total + 1.0) - gammaln(counts + 1.0).sum()
        return float(ways + value + total - total * log(total)) if converged else nan

    @cached_property
    def _complete(self) -> tuple[Array, Array]:
        """Return design and counts of the cells with an estimate, those on no list put first."""
        cells, columns = self.face.cells, self.face.columns
        matrix = design(self.model)[np.ix_(cells, columns)]
        first = np.eye(1, matrix.shape[1])
        counts = np.concatenate([[0.0], self.table.full[1:][cells]])
        return np.ascontiguousarray(np.vstack([first, matrix])), counts

    @cached_property
    def _top(self) -> tuple[float, float]:
        """Return the unseen at which the profile likelihood is highest, and how high it is."""
        middle = log(max(self.unseen, _LEAST))
        found = minimize_scalar(
            lambda at: -self._profile_at(exp(at)), bounds=(middle - 4.0, middle + 2.0)
        )
        return exp(found.x), -float(found.fun)

    def _profile_interval(self, level: float) -> tuple[float, float]:
        n, (at, top) = self.table.n, self._top
        floor = top - float(chi2.ppf(level, 1)) / 2

        def above(place: float) -> float:
            return self._profile_at(exp(place)) - floor

        low, middle, high = log(_LEAST), log(at), log(at) + 0.5
        while above(high) > 0.0 and high < log(_FAR * n):
            high += 0.5
        below = n + exp(brentq(above, low, middle)) if above(low) < 0.0 else float(n)
        return below, n + exp(brentq(above, middle, high)) if above(high) < 0.0 else inf

    @cached_property
    def likelihood(self) -> Likelihood:
        """Return the profile likelihood of N, up to where it has fallen to a ten-thousandth."""
        low, high = self._profile_interval(0.99998)
        top = high if high < inf else _FAR * self.table.n
        count = grid(self.table.n, max(top, low + 20.0), 400)
        return Likelihood(self.table.n, count, self.profile(count))

    @property
    def assumption(self) -> str:
        """Return the assumption that identifies the number of the unseen, as one sentence."""
        absent = "no interaction of all lists"
        pairs = [term for term in self.model.terms if term.bit_count() > 1]
        if not pairs:
            return "Whether a person is on one list is independent of whether they are on another."
        named = ", ".join("-".join(self.table.lists[k - 1] for k in places(t)) for t in pairs)
        return (
            f"There is {absent}, and no interaction of lists but these, which hold for the unseen "
            f"as for the seen: {named}."
        )

    def describe(self) -> str:
        """Return the estimate with its interval and what it rests on, as plain sentences."""
        n, name = self.table.n, f"Log-linear model {self.model.name}"
        if not self.converged:
            return f"{name} was not fitted: Newton's method did not reach a maximum."
        if not self.finite:
            return (
                f"{name} gives no estimate: the {n:,} persons on the lists do not tell how many "
                "are on none, because combinations of lists that it needs are empty."
            )
        low, high = self.interval()
        ends = f"{low:,.0f} to {high:,.0f}" if high < inf else f"{low:,.0f} or more, without an end"
        edge = "" if self.exists else " Some of its interactions run to minus infinity."
        return (
            f"{name}: {self.count:,.0f} people (95 % profile interval {ends}), of whom {n:,} are "
            f"on the lists.{edge} It rests on this: {self.assumption}"
        )


def fit(table: Table, model: Hierarchy | str) -> LogLinearFit:
    """Return a log-linear model at its maximum likelihood.

    Parameters
    ----------
    table
        The capture histories of one population.
    model
        The model, or its name such as [123,14,34].

    Raises
    ------
    ValueError
        If there are too many lists, the model is of other lists, or it is saturated.
    """
    chosen = Hierarchy.parse(model, len(table.lists)) if isinstance(model, str) else model
    allowed(chosen, len(table.lists))
    matrix, counts = design(chosen), table.full[1:].astype(float)
    lies = face(matrix, counts)
    inside = np.ascontiguousarray(matrix[np.ix_(lies.cells, lies.columns)])
    found, value, variance, converged = maximum(inside, counts[lies.cells])
    theta = np.full(matrix.shape[1], nan)
    theta[lies.columns] = found
    theta[~lies.known] = nan
    likely = value - float(gammaln(counts + 1.0).sum())
    sure = variance if converged and lies.finite else inf
    return LogLinearFit(table, chosen, theta, likely, sure, lies, converged)
