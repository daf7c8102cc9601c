"""Shares of cells: how a whole falls apart over time or along dimensions, from sums of errors.

Cells stand in groups. The log of a cell's share is an offset plus a weighted sum of errors (its row
of the basis). In most groups the shares add up to one; in others each is the logistic of its own
log odds. Where a group adds up, a cell's log goes on from that of the cell before it: a random walk
costs no more than its steps.
"""

from __future__ import annotations

from math import exp

import numba
import numpy as np
import numpy.typing as npt

from estimators.models.arrays import Data, Structure

type Array = npt.NDArray[np.float64]


@numba.njit(error_model="numpy")
def shares_of(errors: Array, s: Structure, d: Data) -> Array:
    """Return the share of each cell."""
    found = np.empty(len(d.cell_offset))
    for group in range(len(s.cell_is_odds)):
        first, after = s.cell_start[group], s.cell_start[group + 1]
        log_share, highest = 0.0, -np.inf
        for k in range(first, after):
            if not s.cell_adds_up[group]:
                log_share = 0.0
            for place in range(s.basis_start[k], s.basis_start[k + 1]):
                log_share += s.basis_weight[place] * errors[s.basis_error[place]]
            found[k] = d.cell_offset[k] + log_share
            highest = max(highest, found[k])
        if s.cell_is_odds[group]:
            for k in range(first, after):
                found[k] = 1.0 / (1.0 + exp(-found[k]))
            continue
        total = 0.0
        for k in range(first, after):
            found[k] = exp(found[k] - highest)
            total += found[k]
        for k in range(first, after):
            found[k] /= total
    return found


@numba.njit(error_model="numpy")
def add_slopes(in_cell: Array, parts: Array, in_error: Array, s: Structure) -> None:
    """Add to the slopes in errors what the slopes in shares give."""
    for group in range(len(s.cell_is_odds)):
        first, after = s.cell_start[group], s.cell_start[group + 1]
        mean = 0.0
        if not s.cell_is_odds[group]:
            for k in range(first, after):
                mean += parts[k] * in_cell[k]
        given = 0.0
        for k in range(after - 1, first - 1, -1):
            own = parts[k] * (in_cell[k] - mean)
            if s.cell_is_odds[group]:
                own *= 1.0 - parts[k]
            given = given + own if s.cell_adds_up[group] else own
            for place in range(s.basis_start[k], s.basis_start[k + 1]):
                in_error[s.basis_error[place]] += s.basis_weight[place] * given
