"""Simulation-based calibration: whether fits find the truth as often as they say.

Unknowns are drawn from the prior, printed things from their laws, and the truth is ranked among
the draws of the fit. If both sides of every law agree and the sampler works, all ranks are
uniform.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import joblib
import numpy as np
import numpy.typing as npt
import pandas as pd
from rich.progress import track
from scipy import stats

from estimators.evidence.study import Study
from estimators.inference.compute import Draws, show_progress
from estimators.inference.estimate import Recipe
from estimators.inference.planted import (
    BINS,
    Outcome,
    Plant,
    Replica,
    change_of,
    levels,
    replica_of,
    simulation,
)
from estimators.models.choosing import assumptions_of

type Array = npt.NDArray[Any]

LEVEL = 0.05
_USUAL = Draws(400, 250, 1)


@dataclass(frozen=True, eq=False)
class Calibration:
    """Ranks of the truth among the draws of fits to simulated claims.

    `ranks` has a row a simulation and a column a parameter: how many of `n_draws` thinned draws
    lie below the truth. `kinds` says what each parameter is. `failed` fits raised an error, `slow`
    ones mixed badly (split R-hat above 1.05, or bulk effective sample size below 50, of a count
    or of the likelihood) and are kept. `left_out` are the readings that were not simulated.
    """

    name: str
    ranks: pd.DataFrame
    kinds: dict[str, str]
    n_draws: int
    failed: int = 0
    slow: int = 0
    left_out: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()

    @property
    def table(self) -> pd.DataFrame:
        """Return one row a parameter, the least uniform first.

        Returns
        -------
        pandas.DataFrame
            Columns name, kind, chi2 (of 20 bins), p, p_holm (over all parameters), mean (of the
            ranks, 0 to 1: above .5 where the fit lies below the truth), n and failed (fits).
        """
        rows = []
        for name in self.ranks.columns:
            chi2, p = uniformity(self.ranks[name].to_numpy(), self.n_draws)
            mean = (float(self.ranks[name].mean()) + 0.5) / (self.n_draws + 1.0)
            rows.append((name, self.kinds[name], chi2, p, mean, len(self.ranks), self.failed))
        columns = ["name", "kind", "chi2", "p", "mean", "n", "failed"]
        made = pd.DataFrame(rows, columns=columns)
        made.insert(4, "p_holm", holm(made["p"].to_numpy()))
        return made.sort_values("p", kind="stable", ignore_index=True)

    @property
    def smallest(self) -> float:
        """Return the smallest p value after Holm; 1 where no fit was made."""
        return float(self.table["p_holm"].min()) if len(self.ranks) else 1.0

    @property
    def passed(self) -> bool:
        """Return whether no parameter departs from uniform ranks, over all at 5 %."""
        return len(self.ranks) > 0 and self.smallest > LEVEL

    def __str__(self) -> str:
        """Return the verdict, and the parameters that depart most."""
        verdict = "calibrated" if self.passed else "NOT calibrated"
        left = f"; not simulated: {', '.join(self.left_out)}" if self.left_out else ""
        head = (
            f"{self.name}: {verdict}, smallest p {self.smallest:.3g} (Holm over "
            f"{len(self.kinds)} parameters), {len(self.ranks)} fits, {self.failed} failed, "
            f"{self.slow} mixed badly{left}"
        )
        if not len(self.ranks):
            return head
        worst = self.table.head(5).drop(columns=["n", "failed"])
        return f"{head}\n{worst.to_string(index=False, float_format='{:.3g}'.format)}"

    def _repr_html_(self) -> str:
        head = escape(str(self).splitlines()[0])
        table = self.table.to_html(index=False, float_format="{:.3g}".format)
        return f"<p>{head}</p>{table}"


def calibrate(
    recipe: Recipe | Study,
    n: int = 200,
    seed: int = 0,
    draws: Draws = _USUAL,
    progress: bool | None = None,
    planted: str | Plant | None = None,
    jobs: int = 0,
    full_weight: bool = False,
) -> Calibration:
    """Return the ranks of simulated truths among the draws of their fits.

    Parameters
    ----------
    recipe
        A study with its assumptions; a study alone takes its own assumptions.
    n
        How many simulations.
    seed
        Of all simulations; each has a stream of its own, whatever the number of jobs.
    draws
        How much to draw in each fit; thinned to 99 draws, which are ranked.
    progress
        Whether to show a progress bar; by default yes.
    planted
        An error of the fits that has to be found: 'scale' (sigma and slack times 1.5), 'sign'
        (bounds turned, words shifted), or a function of the data of a fit, importable.
    jobs
        How many processes; as many as there are processors if 0.
    full_weight
        Whether readings of a weight between 0 and 1 are simulated, with weight 1.

    Notes
    -----
    Ranks after Talts et al. [1]_; the joint likelihood and the distance of each quantity from the
    first number printed of it depend on the data as well, and find errors that ranks of
    parameters cannot [2]_. A hard floor is no random draw, and a weight between 0 and 1 is a
    tempered likelihood, which no simulation has: such readings are left out and named.

    References
    ----------
    .. [1] Talts et al. (2018). arXiv:1804.06788
    .. [2] Modrák et al. (2025). Bayesian Analysis 20(2). arXiv:2211.02383
    """
    study, base = (
        (recipe.study, recipe.assumptions)
        if isinstance(recipe, Recipe)
        else (recipe, assumptions_of(recipe))
    )
    if n < 1 or draws.draws * draws.chains < BINS - 1:
        raise ValueError(f"give at least 1 simulation and {BINS - 1} draws")
    model = replica_of(study, base, change_of(planted), full_weight)
    seeds = np.random.SeedSequence(seed).spawn(n)
    tasks = (joblib.delayed(simulation)(model, one, draws) for one in seeds)
    pool = joblib.Parallel(n_jobs=jobs or os.cpu_count() or 1, return_as="generator")
    shown = show_progress() if progress is None else progress
    done = list(track(pool(tasks), f"Calibrating {study.name}", n, disable=not shown))
    return _gathered(model, done, levels(draws.draws * draws.chains) - 1)


def _gathered(model: Replica, done: Sequence[Outcome], n_draws: int) -> Calibration:
    """Return the ranks of all simulations whose fit did not fail."""
    kinds = model.parameters
    rows = [outcome.ranks for outcome in done if outcome.ranks is not None]
    ranks = np.stack(rows) if rows else np.empty((0, len(kinds)), dtype=np.int64)
    return Calibration(
        model.study.name,
        pd.DataFrame(ranks, columns=list(kinds)).rename_axis("simulation"),
        kinds,
        n_draws,
        failed=len(done) - len(rows),
        slow=sum(outcome.is_slow for outcome in done),
        left_out=model.left_out,
        errors=tuple(dict.fromkeys(o.error for o in done if o.error)),
    )


def uniformity(ranks: Array, n_draws: int) -> tuple[float, float]:
    """Return chi2 of ranks in 20 equal bins, and its p value.

    Parameters
    ----------
    ranks
        Whole numbers from 0 to `n_draws`.
    n_draws
        Among how many draws the truth was ranked; one less than a multiple of 20.
    """
    found = bins_of(ranks, n_draws)
    expected = len(ranks) / BINS
    chi2 = float(np.sum((found - expected) ** 2) / expected)
    return chi2, float(stats.chi2.sf(chi2, BINS - 1))


def bins_of(ranks: Array, n_draws: int) -> Array:
    """Return how many ranks lie in each of 20 equal bins.

    Parameters
    ----------
    ranks
        Whole numbers from 0 to `n_draws`.
    n_draws
        Among how many draws the truth was ranked; one less than a multiple of 20.
    """
    places = np.asarray(ranks, dtype=np.int64) * BINS // (n_draws + 1)
    return np.bincount(places, minlength=BINS)


def holm(p: Array) -> Array:
    """Return p values adjusted after Holm for how many there are.

    Parameters
    ----------
    p
        P values of any order.
    """
    order = np.argsort(p)
    rising = np.maximum.accumulate(np.arange(len(p), 0, -1) * np.asarray(p)[order])
    return np.asarray(np.minimum(rising, 1.0)[np.argsort(order)])
