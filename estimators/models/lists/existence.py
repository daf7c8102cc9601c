"""Whether the estimate of a log-linear model exists, and whether it says how many are unseen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

from estimators.models.lists.table import Table

type Array = npt.NDArray[np.float64]
type Whole = npt.NDArray[np.int64]
type Yes = npt.NDArray[np.bool_]

MOST = 1 << 25  # cells times parameters that are looked at
PRIME = (1 << 31) - 1  # products of two remainders fit into 64 bits


@dataclass(frozen=True)
class Existence:
    """What a table allows of one log-linear model, before anything is fitted.

    `exists`: the likelihood has a maximum at finite parameters. `extended`: it has one if those of
    combinations that nobody stands on, `infinite`, may be minus infinity; the cells that hold such
    a combination are then empty for sure. `identified`: what is left when these parameters and
    cells are left out says how many stand on no list; else all numbers fit equally well. `empty`
    has the further histories that can have nobody when the estimate does not exist even so.
    """

    exists: bool
    identified: bool
    why: str
    extended: bool
    infinite: tuple[int, ...] = ()
    empty: tuple[int, ...] = ()

    @property
    def is_usable(self) -> bool:
        """Return whether the model has one estimate of the unseen, as Chan et al. ask for."""
        return self.extended and self.identified


def existence_of(table: Table, terms: Iterable[int]) -> Existence:
    """Return whether a hierarchical log-linear model has an estimate, and one of the unseen.

    The expected count of the history w is exp(sum of a_t over terms t within w), for all w but that
    on no list; exp(a_0) is the expected number of unseen. Nothing depends on how large the counts
    are, only on which are 0.

    Where nobody stands on all lists of a term, a_t is minus infinity, and so all cells that hold it
    are empty. Of the rest, y_w = log expected count is linear, by Moebius inversion:
    y_w = sum over terms t of c_wt y_t, where y_0 = a_0 and c_wt is the sum of (-1)^(|s| - |t|) over
    terms s with t within s within w. Hence the unseen are identified where c_w0 is not 0 for some
    w. And the maximum is not reached if there is a direction y with y_w = 0 where persons were
    seen, y_w <= 0 at all other cells, and y_w < 0 at one: along it the likelihood rises for ever
    (Fienberg & Rinaldo 2012, doi:10.1214/12-AOS986; Chan, Silverman & Vincent 2021,
    doi:10.1080/01621459.2019.1708748). The first is settled in whole numbers; the second too where
    a_0 alone is free, or where those seen leave nothing free; else by a linear program whose
    answer is whole.

    Parameters
    ----------
    table
        The captures of one population.
    terms
        All parameters of the model as bits of lists: 0 for the intercept, 1 << k for list k, their
        union for an interaction. With a term all that is within it is there.

    Raises
    ------
    ValueError
        If the terms are no hierarchical model of these lists, or there are too many cells.
    """
    model = _checked(terms, len(table.lists))
    seen = table.full > 0
    if len(seen) * len(model) > MOST:
        raise ValueError(
            f"{len(model)} parameters of {len(table.lists)} lists are too many to be checked; "
            f"take fewer interactions or merge lists"
        )
    is_on = _within(model, np.flatnonzero(seen)).any(axis=0)
    kept, infinite = model[is_on], model[~is_on]
    cells = _cells(len(seen), infinite)
    ways = _ways(cells, kept)
    empty = cells[_falling(ways, kept, seen[cells], seen[kept])]
    return _verdict(table.lists, infinite, empty, bool(ways[:, 0].any()))


def _checked(terms: Iterable[int], lists: int) -> Whole:
    """Return the terms, the intercept first; raise ValueError unless they make a model."""
    model = sorted(set(terms))
    known = set(model)
    if not model or model[0] != 0 or model[-1] >= 1 << lists:
        raise ValueError(
            f"terms must be 0, for the intercept, and unions of the bits of {lists} lists, "
            f"got {model}"
        )
    for term in model:
        for place in range(lists):
            if term >> place & 1 and term ^ (1 << place) not in known:
                raise ValueError(
                    f"the model is not hierarchical: it has the term {term} without "
                    f"{term ^ (1 << place)}; add all terms that are within others"
                )
    return np.array(model, dtype=np.int64)


def _within(parts: Whole, wholes: Whole) -> Yes:
    """Return whether parts lie within wholes: shape (wholes, parts)."""
    made: Yes = (parts & ~wholes[:, None]) == 0
    return made


def _cells(size: int, infinite: Whole) -> Whole:
    """Return the histories that may have somebody: none that holds an infinite term."""
    cells = np.arange(1, size)
    for term in infinite:
        cells = cells[(cells & term) != term]
    return cells


def _ways(cells: Whole, terms: Whole) -> Array:
    """Return how the log expected counts of cells follow from those of terms: (cells, terms)."""
    sign = 1.0 - 2.0 * (np.bitwise_count(terms) & 1)
    inverse = _within(terms, terms) * sign[:, None] * sign
    made: Array = _within(terms, cells) @ inverse
    return made


def _falling(ways: Array, terms: Whole, seen: Yes, is_term_seen: Yes) -> Yes:
    """Return which cells can fall to nobody while the others of those seen stay: (cells,).

    The unknowns are a_0 and the log expected counts of terms that were not seen as histories.
    """
    free = ways[:, ~is_term_seen]
    found = np.zeros(len(seen), dtype=bool)
    if seen.all() or _is_settled(free[seen]):
        return found
    fixed = np.unique(free[seen], axis=0)
    rows, places = np.unique(free[~seen], axis=0, return_inverse=True)
    found[~seen] = np.array(_program(fixed.tobytes(), rows.tobytes(), free.shape[1]))[places]
    return found


def _is_settled(fixed: Array) -> bool:
    """Return whether only the unknowns 0 leave all rows at 0, by elimination modulo a prime.

    Columns that are independent there are so among whole numbers, without any rounding. The
    reverse may fail; then the linear program finds the same.
    """
    left = fixed.astype(np.int64) % PRIME
    for column in range(left.shape[1]):
        rows = np.flatnonzero(left[:, column])
        if not len(rows):
            return False
        pivot = left[rows[0]]
        scale = left[:, column] * pow(int(pivot[column]), -1, PRIME) % PRIME
        left = (left - scale[:, None] * pivot) % PRIME
    return True


@lru_cache(maxsize=100_000)
def _program(fixed: bytes, rows: bytes, width: int) -> tuple[bool, ...]:
    """Return which rows can be below 0, with none above 0 and those that are fixed at 0.

    Kept, since many models of one table ask the same.
    """
    zero, below = (np.frombuffer(part).reshape(-1, width) for part in (fixed, rows))
    if width == 1:  # a_0 alone
        is_one_sign = not zero.any() and (below >= 0).all() | (below <= 0).all()
        return tuple(bool(value) for value in (below[:, 0] != 0) & is_one_sign)
    drops = len(below)
    found = linprog(
        np.concatenate([np.zeros(width), -np.ones(drops)]),
        A_ub=np.hstack([below, np.eye(drops)]),
        b_ub=np.zeros(drops),
        A_eq=np.hstack([zero, np.zeros((len(zero), drops))]),
        b_eq=np.zeros(len(zero)),
        bounds=[(None, None)] * width + [(0.0, 1.0)] * drops,
        method="highs",
    )
    if found.x is None:
        raise RuntimeError(f"the linear program was not solved: {found.message}")
    return tuple(bool(value) for value in found.x[width:] > 0.5)


def _verdict(lists: Sequence[str], infinite: Whole, empty: Whole, is_identified: bool) -> Existence:
    lost, fall = tuple(map(int, infinite)), tuple(map(int, empty))
    reasons = []
    if lost:
        least = [term for term in lost if not any(o != term and o & term == o for o in lost)]
        reasons.append(
            f"Nobody stands on {_names(lists, least)}, so that parameters are minus infinity."
        )
    if fall:
        reasons.append(
            f"The likelihood rises for ever as fewer are expected on {_names(lists, fall)} alone."
        )
    if not is_identified:
        rest = "What is left of the table fits" if lost else "It fits"
        reasons.append(f"{rest} with any number of people on no list.")
    why = " ".join(reasons) or "All parameters are finite, and the unseen are identified."
    return Existence(not lost and not fall, is_identified, why, not fall, lost, fall)


def _names(lists: Sequence[str], histories: Sequence[int]) -> str:
    """Return combinations of lists in words, the first few of them."""
    words = [
        "+".join(name for place, name in enumerate(lists) if history >> place & 1)
        for history in histories[:5]
    ]
    return ", ".join(words) + f" and {len(histories) - 5} more" * (len(histories) > 5)
