"""Whether the shrunk log-linear model finds what was planted: simulation-based calibration."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from estimators.inference.lists.shrinkage_fit import fit_shrinkage
from estimators.models.lists.shrinkage import missed_of, seen_chances
from estimators.models.lists.shrinkage_prior import USUAL, Arrays, Shrinkage, arrays_of, drawn
from estimators.models.lists.table import Table

type Array = npt.NDArray[np.float64]
type Whole = npt.NDArray[np.int64]


def calibration_ranks(
    lists: int,
    n: int,
    fits: int,
    draws: int = 99,
    prior: Shrinkage = USUAL,
    seed: int = 0,
) -> Whole:
    """Return the rank of each planted chance to be on no list among draws of its posterior.

    Where the sampler is right, ranks from 0 to `draws` are equally likely (Talts et al. 2018,
    arXiv:1804.06788).

    Parameters
    ----------
    lists
        How many lists.
    n
        Persons on the lists, the same in each fit: with the prior 1/N their number tells nothing
        of the chances.
    fits
        How many tables are planted and fitted.
    draws
        Draws that a rank counts among, thinned from many more.
    prior
        The prior that tables are planted from, and fitted with.
    seed
        Seed of tables and samplers.

    Returns
    -------
    numpy.ndarray
        Ranks: shape (fits).
    """
    rng = np.random.default_rng(seed)
    names = tuple(f"L{k + 1}" for k in range(lists))
    blank = arrays_of(_table(names, np.full(1 << lists, 1)), prior)
    ranks = np.empty(fits, dtype=np.int64)
    for i in range(fits):
        table, missed = planted(names, n, blank, rng)
        found = fit_shrinkage(table, prior, seed=seed + i, draws=max(2 * draws, 200), tune=400)
        kept = found.missed.ravel()[np.linspace(0, found.missed.size - 1, draws).astype(int)]
        ranks[i] = (kept < missed).sum()
    return ranks


def planted(
    names: tuple[str, ...], n: int, arrays: Arrays, rng: np.random.Generator
) -> tuple[Table, float]:
    """Return capture histories drawn from the prior, and the chance to be on no list behind them.

    Parameters
    ----------
    names
        Names of the lists.
    n
        Persons on the lists.
    arrays
        The prior, as the density reads it.
    rng
        Random numbers.
    """
    effect = drawn(arrays, rng)
    counts = rng.multinomial(n, seen_chances(effect, arrays.term, len(names)))
    return _table(names, counts), missed_of(effect, arrays.term, len(names))


def _table(names: tuple[str, ...], counts: Whole) -> Table:
    history = np.flatnonzero(counts[1:]) + 1
    return Table(names, history, counts[history])
