"""Where a printed number's cells are summed: few places with weights, for all its grids at once.

The probability of a printed number is a sum over grids of the integral of a smooth density over
the grid's cell: one integral against a step function. Its Gauss rule needs no more places than one
cell does, and its weights are positive.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil

import numpy as np
import numpy.typing as npt

type Array = npt.NDArray[np.float64]
type Places = npt.NDArray[np.int64]

_FINE = np.polynomial.legendre.leggauss(32)
_FEWEST, _MOST = 3, 14
_NONE = np.empty(0)
_A_SIGMA = 1.5  # more places for each sigma that the widest cell is wide


def rules_of(chance: Array, low: Array, high: Array, sigma: Array) -> tuple[Places, Array, Array]:
    """Return the start of each number's places, the places, and the chance that each stands for.

    Parameters
    ----------
    chance, low, high
        Chance and ends of the cell on each grid: shape (numbers, grids).
    sigma
        Scale of the density to sum: zero for a number that needs no places. A number whose cells
        are many sigmas wide has none either: it is summed cell by cell.

    References
    ----------
    .. [1] Gautschi (2004). Orthogonal Polynomials: Computation and Approximation, section 2.2
       (the discretised Stieltjes procedure). doi:10.1093/oso/9780198506720.001.0001
    """
    found: list[tuple[Array, Array]] = []
    for c, scale in enumerate(sigma):
        if scale <= 0.0:
            found.append((_NONE, _NONE))
            continue
        here = chance[c] > 0.0
        cells = tuple(zip(chance[c][here], low[c][here], high[c][here], strict=True))
        widest = max(end - begin for _, begin, end in cells)
        size = ceil(_FEWEST + _A_SIGMA * widest / scale)
        found.append(_rule(cells, size) if size <= _MOST else (_NONE, _NONE))
    start = np.cumsum([0, *(len(at) for at, _ in found)], dtype=np.int64)
    at, stands = (np.concatenate([_NONE, *(rule[side] for rule in found)]) for side in (0, 1))
    return start, at, stands


@lru_cache(maxsize=20_000)
def _rule(cells: tuple[tuple[float, float, float], ...], size: int) -> tuple[Array, Array]:
    """Return the Gauss rule of a sum of cells: its places and their weights."""
    fine, share = _FINE
    half = np.array([(high - low) / 2.0 for _, low, high in cells])
    middle = np.array([(high + low) / 2.0 for _, low, high in cells])
    at = (middle[:, None] + half[:, None] * fine).ravel()
    weight = (np.array([chance for chance, _, _ in cells])[:, None] * half[:, None] * share).ravel()
    centre, scale, total = at.mean(), np.ptp(at) / 2.0, weight.sum()
    x, p = (at - centre) / scale, weight / total
    before, now, norm = np.zeros_like(x), np.ones_like(x), 1.0
    diagonal, beside = np.empty(size), np.empty(size)
    for k in range(size):
        diagonal[k] = np.sum(p * x * now**2) / norm
        after = (x - diagonal[k]) * now - (beside[k - 1] if k else 0.0) * before
        before, now = now, after
        norm, last = np.sum(p * now**2), norm
        beside[k] = norm / last
    places, vectors = np.linalg.eigh(
        np.diag(diagonal) + np.diag(np.sqrt(beside[:-1]), 1) + np.diag(np.sqrt(beside[:-1]), -1)
    )
    return centre + scale * places, total * vectors[0] ** 2
