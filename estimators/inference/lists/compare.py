"""All families of models on the same lists side by side: choice of model, and sampling error."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from estimators.evidence.captures import Captures
from estimators.evidence.matched import ASSUMPTIONS, CLASSES
from estimators.inference.lists.families import SEED, fit_lists
from estimators.inference.lists.fits import ListsFit
from estimators.inference.lists.model_search import search
from estimators.models.lists.chao import chao_bound, log_interval
from estimators.models.lists.priors import mixed
from estimators.models.lists.table import Table

LEVEL = 0.9
AVERAGED = ("latent classes", "no highest interaction", "decomposable graphs")


@dataclass(frozen=True, eq=False)
class Comparison:
    """What each family of models makes of the same lists.

    `fits` are those that are probability models of N, `table` all rows: low, median and high of
    the number of people (persons) at 90 %, or a single number; 'interval' says of which kind it
    is, 'fault' why it may not be printed. `averaged` is the even mixture of those named in
    `over`; None where there are not two.
    """

    captures: Captures
    fits: tuple[ListsFit, ...]
    averaged: ListsFit | None
    over: tuple[str, ...]
    table: pd.DataFrame

    def __str__(self) -> str:
        """Return the table as text, after what was averaged."""
        over = f"The average is over: {', '.join(self.over)}." if self.over else "Nothing averaged."
        return f"{self.captures.n:,} people on lists. {over}\n{self.table.to_string()}"

    def _repr_html_(self) -> str:
        return f"{self.table.to_html(float_format=lambda number: f'{number:,.0f}')}"


def compare_lists(
    captures: Captures,
    assumptions: Sequence[str] = tuple(ASSUMPTIONS),
    *,
    classes: int = CLASSES,
    seed: int = SEED,
) -> Comparison:
    """Return what each family of models makes of lists, and an average that says over what.

    Parameters
    ----------
    captures
        Of one population; strata are taken together.
    assumptions
        Which identifying assumptions are tried; all if not given.
    classes
        How many latent classes there are at most.
    seed
        Of the samplers.

    Notes
    -----
    Beside them stand the log-linear model of lowest BIC with its profile interval, which leaves
    out that another model might hold, and Chao's lower bound, which holds on average where people
    differ and lists do not depend on each other. The average is an even mixture of posteriors
    under the prior 1/N: no data can say which assumption holds, so that their weights are a choice.
    """
    fits = tuple(
        fit_lists(captures, name, classes=classes, seed=seed)
        for name in assumptions
        if _possible(name, captures)
    )
    among = [fit for fit in fits if fit.family in AVERAGED and not fit.faults]
    averaged = _average(among) if len(among) > 1 else None
    over = tuple(fit.family for fit in among) if averaged else ()
    rows = [*map(_row, fits), *([_row(averaged)] if averaged else []), *_others(captures.first)]
    table = pd.DataFrame(rows).set_index("family")
    return Comparison(captures, fits, averaged, over, table)


def _possible(assumption: str, captures: Captures) -> bool:
    """Return whether lists are enough for a family, and not too many."""
    lists = len(captures.lists)
    if assumption == "no highest interaction":
        return 3 <= lists <= 10
    return lists >= (2 if assumption == "independence" else 3)


def _average(fits: Sequence[ListsFit]) -> ListsFit:
    likelihood = mixed([fit.likelihood for fit in fits])
    names = ", ".join(fit.family for fit in fits)
    return ListsFit("average", f"one of these holds, each as likely: {names}", likelihood)


def _row(fit: ListsFit) -> dict[str, object]:
    low, median, high = fit.interval(LEVEL)
    return {
        "family": fit.family,
        "low": low,
        "median": median,
        "high": high,
        "interval": "posterior, prior 1/N",
        "rhat": fit.rhat,
        "ess": fit.ess,
        "fault": " ".join(fit.faults),
    }


def _others(captures: Captures) -> Iterator[dict[str, object]]:
    """Yield the log-linear model of lowest BIC, and Chao's lower bound."""
    table = Table.of(captures)
    if len(table.lists) > 2:
        yield _best(table)
    bound = chao_bound(table)
    low, high = log_interval(bound.n, bound.count, bound.error, LEVEL)
    yield _unsampled("Chao's lower bound", (low, bound.count, high), "log-normal of the unseen")


def _best(table: Table) -> dict[str, object]:
    """Return the row of the log-linear model of lowest BIC; without numbers where there is none."""
    kind = "profile likelihood of this model alone"
    try:
        best = search(table).best
    except ValueError as error:
        nothing = (np.nan, np.nan, np.nan)
        return _unsampled("log-linear, lowest BIC", nothing, kind, str(error))
    low, high = best.interval(LEVEL)
    name = f"log-linear, lowest BIC {best.model.name}"
    return _unsampled(name, (low, best.count, high), kind)


def _unsampled(
    family: str, ends: tuple[float, float, float], kind: str, fault: str = ""
) -> dict[str, object]:
    low, median, high = ends
    numbers = {"low": low, "median": median, "high": high, "rhat": np.nan, "ess": np.nan}
    return {"family": family, "interval": kind, "fault": fault, **numbers}
