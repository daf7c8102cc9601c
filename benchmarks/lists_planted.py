"""Tables drawn from a family's own model and prior, and where the truth lies in its posterior."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from estimators.inference.lists.graph_averaging import average_graphs
from estimators.inference.lists.latent_fit import fit_latent
from estimators.inference.lists.shrinkage_calibration import planted
from estimators.inference.lists.shrinkage_fit import fit_shrinkage
from estimators.models.lists.decomposable import decomposable_graphs
from estimators.models.lists.likelihood import Likelihood
from estimators.models.lists.shrinkage_prior import USUAL, arrays_of
from estimators.models.lists.table import Table

type Array = npt.NDArray[np.float64]
type Drawn = tuple[Table, float]

SCALED = 1.2  # the planted error: the true number of people times this
FAR = 1e-6  # a chance to be on a list below it is drawn again: N would have no end


def names(lists: int) -> tuple[str, ...]:
    return tuple("ABCDEFGH"[:lists])


def table_of(lists: int, n: int, chances: Array, rng: np.random.Generator) -> Table:
    """Return n persons over the histories of at least one list."""
    counts = rng.multinomial(n, chances[1:] / chances[1:].sum())
    history = np.flatnonzero(counts) + 1
    return Table(names(lists), history, counts[history - 1])


def of_graphs(lists: int, n: int, rng: np.random.Generator) -> Drawn:
    """Return a table from a graph and chances drawn from their prior, with 2^-lists a cell."""
    every = decomposable_graphs(lists)
    while True:
        chances = hyper_dirichlet(every.power[rng.integers(len(every))], lists, rng)
        if 1.0 - chances[0] > FAR:
            return table_of(lists, n, chances, rng), float(chances[0])


def hyper_dirichlet(power: Array, lists: int, rng: np.random.Generator) -> Array:
    """Return chances of all histories under one graph: cliques joined by their separators."""
    cliques = [a for a in range(1, 1 << lists) if power[a] > 0]
    size = 1 << lists
    alpha = 2.0**-lists
    at = np.arange(size)
    log, done = np.zeros(size), 0
    for clique in in_turn(cliques):
        shared = clique & done
        rest = clique & ~done
        for fixed in sorted({int(h) & shared for h in at}):
            cells = sorted({fixed | (int(h) & rest) for h in at})
            held = alpha * 2.0 ** (lists - clique.bit_count())
            with np.errstate(divide="ignore"):
                drawn = np.log(rng.dirichlet(np.full(len(cells), held)))
            for cell, value in zip(cells, drawn, strict=True):
                log[(at & clique) == cell] += value
        done |= clique
    return np.exp(log)


def in_turn(cliques: list[int]) -> list[int]:
    """Return cliques so that each meets those before it within one of them."""
    left, order, done = sorted(cliques, key=lambda a: -a.bit_count()), [], 0
    while left:
        fits = (c for c in left if not order or any(c & done & ~b == 0 for b in order))
        best = max(fits, key=lambda c: (c & done).bit_count())
        order.append(best)
        left.remove(best)
        done |= best
    return order


def of_classes(lists: int, n: int, rng: np.random.Generator, classes: int = 4) -> Drawn:
    """Return a table from latent classes drawn from their prior."""
    while True:
        alpha = rng.gamma(0.25, 4.0)
        stick = np.append(rng.beta(1.0, max(alpha, 1e-12), classes - 1), 1.0)
        share = stick * np.append(1.0, np.cumprod(1.0 - stick[:-1]))
        chance = rng.random((classes, lists))
        on = np.arange(1 << lists)[:, None, None] >> np.arange(lists) & 1
        cells = np.where(on == 1, chance, 1.0 - chance).prod(axis=2) @ share
        if 1.0 - cells[0] > FAR:
            return table_of(lists, n, cells, rng), float(cells[0])


def of_shrinkage(lists: int, n: int, rng: np.random.Generator) -> Drawn:
    """Return a table from all interactions drawn from their prior."""
    blank = Table(names(lists), np.arange(1, 1 << lists), np.ones((1 << lists) - 1, dtype=int))
    arrays = arrays_of(blank, USUAL)
    while True:
        table, missed = planted(names(lists), n, arrays, rng)
        if 1.0 - missed > FAR:
            return table, missed


def graphs_fit(table: Table, seed: int) -> Likelihood:
    return average_graphs(table).likelihood


def shrinkage_fit(table: Table, seed: int) -> Likelihood:
    return fit_shrinkage(table, seed=seed).likelihood


def classes_fit(table: Table, seed: int) -> Likelihood:
    """Return the likelihood of plain chains: so few classes have no modes to be missed."""
    sizes = {"draws": 1000, "tune": 600, "tempered": False}
    return fit_latent(table, classes=4, seed=seed, **sizes).likelihood


SETTINGS: dict[
    tuple[str, str], tuple[Callable[..., Drawn], Callable[..., Likelihood], int, int]
] = {
    ("decomposable graphs", "3 lists, 500 people on them"): (of_graphs, graphs_fit, 3, 500),
    ("decomposable graphs", "4 lists, 500 people on them"): (of_graphs, graphs_fit, 4, 500),
    ("no highest interaction", "3 lists, 400 people on them"): (
        of_shrinkage,
        shrinkage_fit,
        3,
        400,
    ),
    ("latent classes", "4 lists, 4 classes, 300 people on them"): (of_classes, classes_fit, 4, 300),
}


def place(told: Likelihood, people: float, at: float) -> float:
    """Return the posterior probability below a number, with a part `at` of its own."""
    chance = np.exp(told.log_posterior())
    edges = (told.count[1:] + told.count[:-1]) / 2
    edges = np.concatenate([[told.count[0] - 0.5], edges, [told.count[-1] + 0.5]])
    below = np.concatenate([[0.0], np.cumsum(chance)])
    low, high = np.interp([people - 0.5, people + 0.5], edges, below)
    return float(np.clip(low + at * (high - low), 0.0, 1.0 - 1e-12))


def one_rank(family: str, setting: str, seed: np.random.SeedSequence) -> tuple[float, float] | None:
    """Return where the truth, and 1.2 times the unseen of it, lie in the posterior of one fit.

    Under the prior 1/N, how many stand on the lists says nothing of the chances, so that it is
    held; then N - n is negative binomial given the chance to be missed.
    """
    rng = np.random.default_rng(seed)
    draw, fit, lists, n = SETTINGS[family, setting]
    table, missed = draw(lists, n, rng)
    people = n + float(rng.poisson(rng.gamma(n, missed / (1.0 - missed))))
    part = rng.random()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # ranks of all fits are judged, mixed or not
            told = fit(table, int(rng.integers(1 << 31)))
    except (ValueError, ArithmeticError, RuntimeError) as error:
        print(f"{family}: {error}", flush=True)
        return None
    return place(told, people, part), place(told, np.round(SCALED * people), part)
