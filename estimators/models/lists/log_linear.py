"""Log-linear models of lists: the design of a model, and where its estimate lies.

The counts of the 2^J - 1 capture histories that can be seen are Poisson with log mean
sum of theta_S over the terms S of the model that are parts of the history; the history on no list
has the intercept as its log mean, so N = n + exp(intercept) (Fienberg 1972, Cormack 1989).
"""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

from estimators.models.lists.hierarchies import Hierarchy

type Array = npt.NDArray[np.float64]
type Flags = npt.NDArray[np.bool_]
type Whole = npt.NDArray[np.int64]

MOST_LISTS = 12  # a design of more takes long to fit
_TINY = 1e-9  # designs are of 0 and 1: what is smaller than this after elimination is 0


@dataclass(frozen=True, eq=False)
class Face:
    """Which cells and parameters have an estimate, in the closure of the model.

    A cell outside `cells` (histories from 1 on) has a fitted mean of zero: some parameters run to
    minus infinity. `columns` (terms) are parameters enough to fit the other cells, `known` (terms)
    says which of them those cells tell without doubt.
    """

    cells: Flags
    columns: Flags
    known: Flags

    @property
    def whole(self) -> bool:
        """Return whether every parameter has a finite estimate of its own."""
        return bool(self.cells.all() and self.columns.all())

    @property
    def finite(self) -> bool:
        """Return whether the intercept, and with it N, is one finite number."""
        return bool(self.known[0])


def allowed(model: Hierarchy, lists: int) -> None:
    """Raise ValueError unless a model can be fitted to a table of so many lists.

    Parameters
    ----------
    model
        The model.
    lists
        How many lists the table has.

    Raises
    ------
    ValueError
        If there are too many lists, the model is of other lists, or it is saturated.
    """
    if lists > MOST_LISTS:
        raise ValueError(
            f"log-linear models are fitted to at most {MOST_LISTS} lists; got {lists}; merge lists "
            "or take latent classes"
        )
    if model.lists != lists:
        raise ValueError(
            f"model {model.name} is of {model.lists} lists, the table has {lists}; name the model "
            "for the lists of the table"
        )
    if model.saturated:
        raise ValueError(
            f"model {model.name} holds the interaction of all lists, so that any number of unseen "
            "fits as well; leave that term out"
        )


def design(model: Hierarchy) -> Array:
    """Return which terms are parts of which histories: shape (2^J - 1, terms), of 0 and 1.

    The first row is history 1; the first column is the intercept.
    """
    history = np.arange(1, 1 << model.lists)[:, None]
    made: Array = (np.array(model.terms) & ~history == 0).astype(float)
    return made


def face(matrix: Array, counts: Array) -> Face:
    """Return where the maximum likelihood estimate of a model lies.

    Parameters
    ----------
    matrix
        Design: shape (cells, terms), the intercept first, every term before those it is part of.
    counts
        Persons of each cell: shape (cells).

    Returns
    -------
    Face
        All cells and terms where every parameter has a finite estimate.

    Notes
    -----
    The likelihood rises for ever along d where X d = 0 on cells with persons, X d <= 0 on others
    and not all 0; the cells with X d < 0 for some such d are those whose fitted mean is zero
    (Fienberg & Rinaldo 2012, Ann. Statist. 40(2), 996-1023, doi:10.1214/12-AOS986). A term that
    nobody's history holds gives such a direction at once; the others are found by linear
    programming. On the rest, N is identified if and only if no direction with X d = 0 moves the
    intercept (Chan, Silverman & Vincent 2021, JASA 116, 1297-1306,
    doi:10.1080/01621459.2019.1708748).
    """
    kept, doubtful = _empty_margins(matrix, counts)
    if doubtful:
        kept = _without_directions(matrix, counts, kept)
    return Face(kept, *_independent(matrix[kept]))


@numba.njit(cache=True)
def _independent(matrix: Array) -> tuple[Flags, Flags]:
    """Return which columns are not sums of earlier ones, and which of them stand alone.

    A column stands alone where every vector that the matrix takes to zero has no part of it.
    """
    leads, reduced, _ = _reduced(matrix)
    found = leads >= 0
    alone = found.copy()
    for j in np.flatnonzero(found):
        for k in np.flatnonzero(~found):
            if abs(reduced[leads[j], k]) > _TINY:
                alone[j] = False
    return found, alone


@numba.njit(cache=True)
def _reduced(matrix: Array) -> tuple[Whole, Array, int]:
    """Return the row in which each column leads (-1 if none), the reduced matrix, its rank."""
    m = matrix.copy()
    rank, (size, width) = 0, m.shape
    leads = np.full(width, -1)
    for j in range(width):
        if rank == size:
            break
        best = rank + np.argmax(np.abs(m[rank:, j]))
        if abs(m[best, j]) <= _TINY:
            continue
        held = m[best].copy()
        m[best] = m[rank]
        m[rank] = held / held[j]
        for i in range(size):
            if i != rank and m[i, j] != 0.0:
                m[i] -= m[i, j] * m[rank]
        leads[j] = rank
        rank += 1
    return leads, m, rank


@numba.njit(cache=True)
def _empty_margins(matrix: Array, counts: Array) -> tuple[Flags, bool]:
    """Return the cells without a term that nobody has, and whether other directions may exist."""
    size, width = matrix.shape
    kept = np.ones(size, dtype=np.bool_)
    held = 0
    for j in range(width):
        if np.sum(matrix[:, j] * counts) > 0.0:
            held += 1
        else:
            kept &= matrix[:, j] == 0.0
    _, _, rank = _reduced(matrix[counts > 0.0])
    return kept, rank < held


def _without_directions(matrix: Array, counts: Array, kept: Flags) -> Flags:
    """Return the cells that no direction of endless rise takes to zero."""
    free = _null_space(matrix[counts > 0.0])
    empty = np.flatnonzero(kept & (counts == 0.0))
    steps = matrix[empty] @ free
    moving = np.abs(steps).max(axis=1) > _TINY
    empty, steps = empty[moving], steps[moving]
    if not len(empty):
        return kept
    size, width = steps.shape
    solved = linprog(
        np.concatenate([np.zeros(width), -np.ones(size)]),
        A_ub=np.hstack([steps, np.eye(size)]),
        b_ub=np.zeros(size),
        bounds=[(None, None)] * width + [(0.0, 1.0)] * size,
        method="highs",
    )
    if solved.x is None:
        raise ValueError(f"whether an estimate exists was not found: {solved.message}")
    left = kept.copy()
    left[empty[solved.x[width:] > 0.5]] = False
    return left


def _null_space(matrix: Array) -> Array:
    """Return a basis of what the matrix takes to zero: shape (columns, nullity)."""
    leads, reduced, _ = _reduced(matrix)
    free = np.flatnonzero(leads < 0)
    basis = np.zeros((matrix.shape[1], len(free)))
    basis[free, np.arange(len(free))] = 1.0
    led = leads >= 0
    basis[led] = -reduced[leads[led]][:, free]
    return basis
