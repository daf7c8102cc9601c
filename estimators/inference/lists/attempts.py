"""Many fits of lists, each with its numbers or why there are none: nothing raises on the way."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import joblib
import numpy as np
from rich.progress import track

from estimators.evidence.captures import Captures
from estimators.evidence.matched import ASSUMPTIONS, CLASSES
from estimators.evidence.problems import suggestion
from estimators.inference.compute import show_progress
from estimators.inference.lists.families import fit_lists
from estimators.inference.lists.fits import ListsFit
from estimators.inference.lists.model_search import search
from estimators.inference.refusals import NotPublishableError
from estimators.models.lists.chao import chao_bound, log_interval
from estimators.models.lists.table import Table

LEVEL = 0.9
BEST, CHAO = "lowest BIC", "Chao"
METHODS = (*ASSUMPTIONS, BEST, CHAO)
_NONE = float("nan")


@dataclass(frozen=True)
class Attempt:
    """What one method makes of lists: `ends` holds low and high (persons) of each level asked for.

    `n` persons stand on the lists. Numbers are NaN where there are none; `fault` says why, or why
    numbers that are there may not be printed, and is empty where they may.
    """

    n: int
    median: float
    ends: tuple[tuple[float, float], ...]
    fault: str = ""

    @property
    def row(self) -> dict[str, object]:
        """Return low, median, high and fault, at the first level."""
        low, high = self.ends[0]
        return {"low": low, "median": self.median, "high": high, "fault": self.fault}


def attempt(
    captures: Captures | Callable[[], Captures],
    method: str,
    levels: Sequence[float] = (LEVEL,),
    *,
    classes: int = CLASSES,
    seed: int = 0,
) -> Attempt:
    """Return what a method makes of lists, or why it makes nothing of them.

    What a fit warns of is a fault as well.

    Parameters
    ----------
    captures
        Of one population, or a function that returns them; what that raises is a fault too.
    method
        One of `METHODS`: an identifying assumption, the log-linear model of lowest BIC with its
        profile interval, or Chao's lower bound.
    levels
        Probabilities between low and high.
    classes
        How many latent classes there are at most.
    seed
        Of the samplers.
    """
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        made = _attempted(captures, method, levels, classes, seed)
    heard = [str(one.message) for one in said if issubclass(one.category, UserWarning)]
    return replace(made, fault=" ".join(dict.fromkeys(filter(None, [made.fault, *heard]))))


def _attempted(
    captures: Captures | Callable[[], Captures],
    method: str,
    levels: Sequence[float],
    classes: int,
    seed: int,
) -> Attempt:
    n = 0
    try:
        given = captures if isinstance(captures, Captures) else captures()
        n = _persons(given)
        if too_few := why_not(method, len(given.lists)):
            return _no_number(n, levels, too_few)
        if method in ASSUMPTIONS:
            return of_fit(fit_lists(given, method, classes=classes, seed=seed), levels)
        table = Table.of(given)
        return _best(table, levels) if method == BEST else _chao(table, levels)
    except (ValueError, ArithmeticError, RuntimeError, NotPublishableError) as error:
        return _no_number(n, levels, " ".join(str(error).split()))


def _no_number(n: int, levels: Sequence[float], fault: str) -> Attempt:
    return Attempt(n, _NONE, ((_NONE, _NONE),) * len(levels), fault)


def of_fit(fit: ListsFit, levels: Sequence[float] = (LEVEL,)) -> Attempt:
    """Return the median and intervals of a fit under the prior 1/N, with its faults.

    Parameters
    ----------
    fit
        Of any family.
    levels
        Probabilities between low and high.
    """
    ends = np.array([[(1.0 - level) / 2.0, (1.0 + level) / 2.0] for level in levels])
    found = fit.likelihood.quantile(np.append(ends.ravel(), 0.5))
    pairs = found[:-1].reshape(-1, 2)
    return Attempt(
        fit.n,
        float(found[-1]),
        tuple((float(low), float(high)) for low, high in pairs),
        " ".join(fit.faults),
    )


def why_not(method: str, lists: int) -> str:
    """Return why so many lists are too few, or too many, for a method; nothing where they are not.

    Parameters
    ----------
    method
        One of `METHODS`.
    lists
        How many lists.
    """
    least = 2 if method in ("independence", CHAO) else 3
    if lists < least:
        return f"{method} needs {least} lists or more, and {lists} are there."
    if method == "no highest interaction" and lists > 10:
        return f"{method} takes 10 lists at most, and {lists} are there."
    return ""


def checked(methods: Iterable[str]) -> tuple[str, ...]:
    """Return names of methods.

    Parameters
    ----------
    methods
        To be looked at.

    Raises
    ------
    ValueError
        If there is no such method.
    """
    found = tuple(methods)
    for name in found:
        if name not in METHODS:
            raise ValueError(f"{name!r} is no method for lists. {suggestion(name, METHODS)}")
    return found


def side_by_side(
    tasks: Iterable[Any], total: int, what: str, jobs: int, progress: bool | None
) -> list[Any]:
    """Return the results of tasks of joblib in their order, with a progress bar.

    Parameters
    ----------
    tasks
        Made by `joblib.delayed`.
    total
        How many.
    what
        What the bar is called.
    jobs
        How many processes.
    progress
        Whether to show it; unless UNDERCOUNT_PROGRESS is 0 if not given.
    """
    shown = show_progress() if progress is None else progress
    pool = joblib.Parallel(n_jobs=jobs, return_as="generator")
    return list(track(pool(tasks), what, total, disable=not shown))


def _persons(captures: Captures) -> int:
    """Return how many persons stand on the lists, once where there are replicates."""
    return round(captures.n / len(captures.replicates))


def _best(table: Table, levels: Sequence[float]) -> Attempt:
    best = search(table).best
    return Attempt(table.n, best.count, tuple(best.interval(level) for level in levels))


def _chao(table: Table, levels: Sequence[float]) -> Attempt:
    bound = chao_bound(table)
    ends = (log_interval(bound.n, bound.count, bound.error, level) for level in levels)
    return Attempt(table.n, bound.count, tuple(ends))
