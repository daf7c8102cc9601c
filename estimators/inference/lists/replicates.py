"""Imputation replicates of lists: each fitted by itself, and pooled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import arviz as az
import joblib
import numpy as np
import numpy.typing as npt

from estimators.evidence.captures import Captures
from estimators.evidence.problems import refuse
from estimators.inference.lists.fits import faults_of_chains
from estimators.inference.lists.rubin import FEWEST, Combined, rubins_rules
from estimators.inference.refusals import NotPublishableError

type Array = npt.NDArray[np.float64]
type Fit = Callable[[Captures], Any]
type Told = tuple[Array, Array]

HOW = ("mixture", "rubin")
_REMEDY = "Draw more in each replicate, or take another model."


@dataclass(frozen=True, eq=False)
class ReplicatesFit:
    """The fits of imputation replicates, and what they say together.

    Parameters
    ----------
    names
        The replicates.
    parts
        The fit of each.
    how
        'mixture': draws of all, as many of each; 'rubin': a t interval of the log unseen.
    """

    names: tuple[str, ...]
    parts: tuple[Any, ...] = field(repr=False)
    how: str = "mixture"

    def draws(self, **where: str) -> list[Told]:
        """Return draws of N and of the persons on the lists, of each replicate: (chain, draw).

        Parameters
        ----------
        **where
            Values of columns of strata, where the fits are of strata; all if none is given.
        """
        return [told_by(part, **where) for part in self.parts]

    def total(self, **where: str) -> Array:
        """Return draws of N of the even mixture of all replicates: shape (draws).

        Parameters
        ----------
        **where
            Values of columns of strata; all if none is given.
        """
        counts = [count.reshape(-1) for count, _ in self.draws(**where)]
        few = min(map(len, counts))
        kept = [count[np.linspace(0, len(count) - 1, few).astype(int)] for count in counts]
        return np.concatenate(kept)

    def combined(self, form: str = "rubin", **where: str) -> Combined:
        """Return the log of the unseen over replicates by Rubin's rules.

        Where nobody is unseen in a draw, half a person is taken.

        Parameters
        ----------
        form
            Which degrees of freedom: see `rubins_rules`.
        **where
            Values of columns of strata; all if none is given.
        """
        logs = [np.log(np.maximum(count - seen, 0.5)) for count, seen in self.draws(**where)]
        means = np.array([log.mean() for log in logs])
        return rubins_rules(means, np.array([log.var(ddof=1) for log in logs]), form)

    def interval(self, level: float = 0.9, **where: str) -> tuple[float, float, float]:
        """Return low, median and high of the number of people (persons).

        By Rubin's rules, the median is that of the t distribution of the log unseen.

        Parameters
        ----------
        level
            Probability between low and high.
        **where
            Values of columns of strata; all if none is given.
        """
        if self.how == "mixture":
            ends = [(1.0 - level) / 2.0, 0.5, (1.0 + level) / 2.0]
            low, median, high = np.quantile(self.total(**where), ends)
            return float(low), float(median), float(high)
        found = self.combined(**where)
        seen = float(np.mean([np.mean(seen) for _, seen in self.draws(**where)]))
        low, high = (seen + float(np.exp(end)) for end in found.interval(level))
        return low, seen + float(np.exp(found.mean)), high

    def variances(self, **where: str) -> tuple[float, float]:
        """Return the variance of N within replicates, on average, and that between their means.

        Parameters
        ----------
        **where
            Values of columns of strata; all if none is given.
        """
        counts = [count for count, _ in self.draws(**where)]
        between = np.var([count.mean() for count in counts], ddof=1) if len(counts) > 1 else 0.0
        return float(np.mean([count.var(ddof=1) for count in counts])), float(between)

    @property
    def rhat(self) -> dict[str, float]:
        """Return R-hat of N in each replicate; the worst of all strata where it has any."""
        return {
            name: float(part.rhat if hasattr(part, "rhat") else az.rhat(told_by(part)[0]))
            for name, part in zip(self.names, self.parts, strict=True)
        }

    @property
    def faults(self) -> tuple[str, ...]:
        """Return why no number may be printed, with the replicate; none where they may."""
        return tuple(
            f"Replicate {name}: {fault}"
            for name, part in zip(self.names, self.parts, strict=True)
            for fault in _faults(part)
        )

    def printable(self) -> ReplicatesFit:
        """Return the fit itself.

        Raises
        ------
        NotPublishableError
            If no number of it may be printed; the message says why.
        """
        if self.faults:
            raise NotPublishableError(" ".join(self.faults))
        return self

    def describe(self) -> str:
        """Return the estimate, how it was pooled, and how much replicates differ."""
        if self.faults:
            return f"{len(self.parts)} replicates: no number may be printed. {self.faults[0]}"
        low, median, high = self.interval()
        within, between = (variance**0.5 for variance in self.variances())
        way = "their draws mixed" if self.how == "mixture" else "Rubin's rules on the log unseen"
        rhat = ", ".join(f"{name} {value:.3f}" for name, value in self.rhat.items())
        return (
            f"{len(self.parts)} replicates, {way}: between {low:,.0f} and {high:,.0f} people "
            f"(90 %), median {median:,.0f}. Standard deviation {within:,.0f} within replicates, "
            f"{between:,.0f} between them. R-hat: {rhat}."
        )


def fit_replicates(
    captures: Captures, fit: Fit, *, how: str = "mixture", jobs: int = 1
) -> ReplicatesFit:
    """Return the fits of all imputation replicates, pooled.

    Replicates are the same persons with what is not known imputed several times: each is fitted
    by itself. The even mixture of their draws is the posterior over imputations, whatever its
    shape; Rubin's rules take it for a t distribution, and need many replicates for that.

    Parameters
    ----------
    captures
        People over several lists, with replicates.
    fit
        What fits the captures of one replicate, such as `partial(fit_strata, seed=1)`; its
        result has draws `count` with `table`, totals as those of strata, or a `likelihood`.
    how
        'mixture', or 'rubin' with ten replicates or more.
    jobs
        How many replicates are fitted at once, each in a process.

    Raises
    ------
    EvidenceError
        If there are no replicates, or too few for Rubin's rules.
    ValueError
        If `how` is something else.
    """
    if how not in HOW:
        raise ValueError(f"how must be one of {', '.join(HOW)}; got {how!r}")
    names = captures.replicates
    if len(names) < 2:
        raise refuse(captures.name, "it has no replicates.", "Fit it itself.")
    if how == "rubin" and len(names) < FEWEST:
        wrong = f"Rubin's rules need {FEWEST} replicates or more, and it has {len(names)}."
        remedy = "With few, their interval can hold no draw of any: take how='mixture'."
        raise refuse(captures.name, wrong, remedy)
    tasks = (joblib.delayed(fit)(captures.replicate(name)) for name in names)
    return ReplicatesFit(names, tuple(joblib.Parallel(n_jobs=jobs)(tasks)), how)


def told_by(part: Any, **where: str) -> Told:
    """Return draws of N and of the persons on the lists that a fit holds: shape (chain, draw).

    Parameters
    ----------
    part
        A fit of strata, of one table with draws `count`, or one with a `likelihood`.
    **where
        Values of columns of strata; only a fit of strata takes them.

    Raises
    ------
    ValueError
        If strata are asked of a fit that has none.
    """
    if hasattr(part, "total"):
        return part.total(**where), part.seen(**where)
    if where:
        raise ValueError(f"{type(part).__name__} has no strata: ask it for the total only")
    if hasattr(part, "count"):
        count = np.asarray(part.count, dtype=float)
        return count, np.full(count.shape, float(part.table.n))
    drawn = part.likelihood.draw(np.random.default_rng(0), 4000).reshape(4, -1)
    return drawn, np.full(drawn.shape, float(part.likelihood.n))


def _faults(part: Any) -> tuple[str, ...]:
    """Return the faults of a fit by itself, or of its chains if it knows none."""
    if hasattr(part, "faults"):
        return tuple(part.faults)
    diverged = int(getattr(part, "diverged", 0))
    found = faults_of_chains(part.rhat, part.ess, _REMEDY)
    return (*found, f"{diverged} draws diverged. {_REMEDY}") if diverged else found
