"""The log probability of each reading and its slopes, given what follows from the unknowns."""

from __future__ import annotations

from math import exp, log
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from estimators.models import cells, grids
from estimators.models.arrays import Data, State

type Array = npt.NDArray[np.float64]

FAR = -25.0  # below this log probability a few places no longer give its digits


@numba.njit(error_model="numpy")
def far_out(c: int, code: int, belief: float, log_sigma: float, log_slack: float, d: Data) -> Any:
    """Return the log probability of one printed number and its slopes, grid by grid, on logs."""
    together = cells.NOTHING
    for grid in range(d.low.shape[1]):
        if d.chance[c, grid] > 0.0:
            low, high = d.low[c, grid], d.high[c, grid]
            if code == cells.POINT:
                found = cells.logistic_cell(low, high, belief, log_sigma)
            elif code == cells.NEARLY:
                found = cells.nearly_cell(low, high, belief, log_sigma)
            else:
                table = d.tables[max(d.word[c, 0], 0)]
                found = cells.smooth_cell(
                    code, low, high, belief, log_sigma, log_slack, d.sign[c], table
                )
            part = found[0] + log(d.chance[c, grid])
            together = cells.add(together, part, found[1], found[2], found[3])
    return cells.summed(together)


@numba.njit(error_model="numpy")
def other_said(c: int, code: int, state: State, d: Data) -> Any:
    """Return the log probability and slopes of what is no number summed over its grids."""
    belief, log_sigma, log_slack = state.belief[c], state.log_sigma[c], state.log_slack[c]
    if code == cells.WORD:
        k = d.word[c, 0]
        ladder = d.ladders[d.ladder_start[k] : d.ladder_start[k + 1]]
        return cells.word_chance(d.word[c, 1], belief, ladder)
    if code == cells.STEP:
        return cells.step_chance(d.low[c, 0], belief, log_sigma)
    if code == cells.HELD:
        logp, slope = cells.table_density(belief - d.low[c, 0], d.tables[d.word[c, 0]])
        return logp, slope, 0.0, 0.0
    return far_out(c, code, belief, log_sigma, log_slack, d)


@numba.njit(nogil=True, error_model="numpy")
def readings(state: State, d: Data) -> Array:
    """Return the log probability of each reading and its slopes: shape (readings, 4).

    Arrays have names of their own in the loop, since handing the whole data to a function a
    reading took longer than the law itself.
    """
    found = np.zeros((len(d.law), 4))
    belief, log_sigma, log_slack = state.belief, state.log_sigma, state.log_slack
    law, chance, low, high, weight = d.law, d.chance, d.low, d.high, d.weight
    start, at, stands, sign, alone = d.node_start, d.node_at, d.node_stands, d.sign, d.own
    nothing = (-np.inf, 0.0, 0.0, 0.0)
    for c in range(len(law)):
        if weight[c] == 0.0:
            continue
        code, mine, scale = law[c], belief[c], log_sigma[c]
        if code == cells.POINT:
            made = grids.logistic_grids(c, chance, low, high, mine, scale)
        elif code == cells.RECORD:
            made = grids.record_grids(c, chance, low, high, mine, scale)
        elif code == cells.NEARLY:
            made = grids.nearly_grids(c, chance, low, high, mine, scale)
        elif code == cells.BOUND:
            made = grids.bound_nodes(
                start[c], start[c + 1], at, stands, mine, scale, log_slack[c], sign[c]
            )
        elif code == cells.NORMAL:
            made = grids.normal_nodes(start[c], start[c + 1], at, stands, mine, scale)
        else:
            made = nothing
        is_far = (code == cells.BOUND or code == cells.NORMAL) and made[0] < FAR
        if is_far or not np.isfinite(made[0]):
            made = other_said(c, code, state, d)
        part = 1.0
        if alone[c] < 1.0:
            own = alone[c] * exp(made[0])
            part = own / (own + d.copied[c])
            found[c, 0] = log(own + d.copied[c])
        else:
            found[c, 0] = made[0]
        found[c, 1], found[c, 2], found[c, 3] = part * made[1], part * made[2], part * made[3]
    return found
