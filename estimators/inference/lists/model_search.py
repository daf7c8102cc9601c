"""Which log-linear model: all hierarchical ones compared, or a search step by step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from estimators.inference.lists.log_linear_fit import LogLinearFit, fit
from estimators.models.lists.hierarchies import (
    MOST_ENUMERATED,
    Hierarchy,
    all_hierarchies,
    independence,
    of_order,
)
from estimators.models.lists.table import Table

COLUMNS = (
    *("model", "parameters", "deviance", "df", "aic", "bic", "weight", "count"),
    *("exists", "finite"),
)


@dataclass(frozen=True, eq=False)
class ModelSearch:
    """Log-linear models that were compared by BIC, lowest first.

    `fits` holds them all, those without an estimate included; `complete` says whether these are
    all hierarchical models, or those that a search met.
    """

    fits: tuple[LogLinearFit, ...]
    complete: bool

    @property
    def best(self) -> LogLinearFit:
        """Return the model of the lowest BIC among those that give an estimate of N.

        Raises
        ------
        ValueError
            If no model gives one.
        """
        found = next((fit for fit in self.fits if fit.finite), None)
        if found is None:
            raise ValueError(
                "no log-linear model gives an estimate from these lists; merge lists, or say with "
                "a prior what the lists do not tell"
            )
        return found

    @cached_property
    def weights(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Return exp(-BIC/2) over the sum of all that give an estimate of N, 0 for others.

        Rough posterior probabilities of the models where all were as probable before (Raftery
        1995, Sociological Methodology 25, 111-163, doi:10.2307/271063).
        """
        low = self.best.bic
        given = np.array([np.exp((low - fit.bic) / 2) if fit.finite else 0.0 for fit in self.fits])
        found: np.ndarray[tuple[int], np.dtype[np.float64]] = given / given.sum()
        return found

    @cached_property
    def frame(self) -> pd.DataFrame:
        """Return a row for each model, lowest BIC first.

        Columns: model (generators), parameters, deviance, df, aic, bic (with the log of the persons
        on the lists), weight (by BIC), count (estimate of N, NaN where there is none), exists
        (every parameter is finite), finite (N is, though interactions may run to -infinity).
        """
        rows = (
            (
                *(fit.model.name, fit.parameters, fit.deviance, fit.df, fit.aic, fit.bic, weight),
                *(fit.count, fit.exists, fit.finite),
            )
            for fit, weight in zip(self.fits, self.weights, strict=True)
        )
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def describe(self) -> str:
        """Return how much the answer rests on the choice of the model, as plain sentences."""
        close = self.frame[self.frame["finite"] & (self.frame["bic"] < self.best.bic + 2.0)]
        how = "all hierarchical models" if self.complete else "models met by a stepwise search"
        return (
            f"Of {len(self.fits):,} log-linear models ({how}), {self.best.model.name} has the "
            f"lowest BIC and gives {self.best.count:,.0f}. The {len(close)} within 2 of it give "
            f"{close['count'].min():,.0f} to {close['count'].max():,.0f}; it has "
            f"{100 * self.weights.max():.0f} % of the weight. An interval from one chosen model "
            "leaves the choice out."
        )


def search(table: Table, most: int = 0) -> ModelSearch:
    """Return all hierarchical models compared by BIC; of more than five lists a stepwise search.

    Parameters
    ----------
    table
        The capture histories of one population.
    most
        Highest order of an interaction; J - 1 if 0.
    """
    lists = len(table.lists)
    if lists > MOST_ENUMERATED:
        return stepwise(table, most)
    models = all_hierarchies(lists)
    if most:
        models = tuple(m for m in models if max(g.bit_count() for g in m.generators) <= most)
    return _ordered((fit(table, model) for model in models), complete=True)


def stepwise(table: Table, most: int = 0) -> ModelSearch:
    """Return the models met by searches that add or remove one term at a time.

    One search begins without interactions, another with those of all pairs. Each moves to the
    neighbour (a hierarchical model with one term more or one fewer) of lowest BIC that gives an
    estimate of N, as long as it is lower. It can miss the best model.

    Parameters
    ----------
    table
        The capture histories of one population.
    most
        Highest order of an interaction; J - 1 if 0.
    """
    lists = len(table.lists)
    met: dict[Hierarchy, LogLinearFit] = {}
    starts = [independence(lists)]
    if lists > 2 and most != 1:
        starts.append(of_order(lists, 2))
    for start in starts:
        _descend(table, start, most, met)
    return _ordered(met.values(), complete=False)


def _descend(table: Table, start: Hierarchy, most: int, met: dict[Hierarchy, LogLinearFit]) -> None:
    """Follow the lowest BIC from a model, and keep all fits that were made."""
    here, at = start, float("inf")
    while True:
        candidates = [here, *here.neighbours(most)]
        for model in candidates:
            if model not in met:
                met[model] = fit(table, model)
        given = [met[model] for model in candidates if met[model].finite]
        best = min(given, key=lambda fit: fit.bic, default=None)
        if best is None or best.bic >= at:
            return
        here, at = best.model, best.bic


def _ordered(fits: Iterable[LogLinearFit], complete: bool) -> ModelSearch:
    return ModelSearch(tuple(sorted(fits, key=lambda fit: fit.bic)), complete)
