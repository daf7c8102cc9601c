"""The joint density of a study as compiled code: what is unknown, what follows, how likely it is.

One pass forwards from standard normal unknowns to counts, errors and beliefs, the probability of
every printed thing, and one pass backwards for the slopes. The order of the unknowns is: base
quantities, fractions, errors, spreads, parameters of laws.
"""

from __future__ import annotations

import hashlib
from math import exp, log, log1p
from pathlib import Path
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from estimators.models import arrays, cells, chances, grids, quantiles, shares
from estimators.models.arrays import Data, Frame, State, Structure

type Array = npt.NDArray[np.float64]


@numba.njit(nogil=True, error_model="numpy")
def forward(z: Array, s: Structure, d: Data) -> State:
    """Return everything that follows from the unknowns."""
    n_base, n_fraction, n_error = len(d.base_mean), len(d.fraction_mean), len(d.error_mean)
    counts, fractions = np.zeros(len(s.line_fraction)), np.empty(n_fraction)
    for i in range(n_fraction):
        at = quantiles.skewed(z[n_base + i], d.fraction_skew[i])[0]
        fractions[i] = cells.expit(d.fraction_mean[i] + d.fraction_sd[i] * at)
    for i in range(n_base):
        at = quantiles.skewed(upright(i, z, fractions, d), d.base_skew[i])[0]
        counts[s.base_line[i]] = exp(d.base_mean[i] + d.base_sd[i] * at)
    offset = n_base + n_fraction
    spreads = np.empty(s.n_spreads)
    for i in range(s.n_spreads):
        spreads[i] = quantiles.spread(z[offset + n_error + i], d.spread_log[i])[0]
    errors = np.empty(n_error)
    for i in range(n_error):
        stretch = spreads[s.effect_spread[i]] ** (1.0 - d.error_kept[i]) if d.error_free[i] else 1.0
        at = quantiles.heavy(z[offset + i], d.error_tails[i])[0]
        errors[i] = d.error_mean[i] + d.error_scale[i] * stretch * at
    parts = shares.shares_of(errors, s, d)
    for i in range(len(counts)):
        if s.member_start[i + 1] > s.member_start[i]:
            total = 0.0
            for place in range(s.member_start[i], s.member_start[i + 1]):
                total += s.member_weight[place] * counts[s.members[place]]
            counts[i] = total * factor_of(i, fractions, parts, s)
    tune = z[offset + n_error + s.n_spreads :]
    belief, log_sigma, log_slack = said_of(tune, s, d, counts, fractions, errors)
    return State(counts, fractions, parts, errors, spreads, belief, log_sigma, log_slack)


@numba.njit(error_model="numpy")
def upright(i: int, z: Array, fractions: Array, d: Data) -> float:
    """Return the standard normal unknown of a base quantity, which may lean on a fraction."""
    if d.base_leans[i] < 0:
        return z[i]
    return z[i] - log(fractions[d.base_leans[i]]) / d.base_sd[i]


@numba.njit(error_model="numpy")
def factor_of(line: int, fractions: Array, parts: Array, s: Structure) -> float:
    """Return the factor of a line: a fraction or a cell's share, what it leaves, or 1."""
    if s.line_cell[line] >= 0:
        fraction = parts[s.line_cell[line]]
    elif s.line_fraction[line] >= 0:
        fraction = fractions[s.line_fraction[line]]
    else:
        return 1.0
    return 1.0 - fraction if s.line_rest[line] else fraction


@numba.njit(error_model="numpy")
def said_of(
    tune: Array, s: Structure, d: Data, counts: Array, fractions: Array, errors: Array
) -> tuple[Array, Array, Array]:
    """Return each reading's belief, and log sigma and log slack of its law."""
    n = len(d.law)
    belief, log_sigma, log_slack = np.empty(n), d.log_sigma.copy(), d.log_slack.copy()
    for c in range(n):
        if s.truth_line[c] >= 0:
            belief[c] = log(counts[s.truth_line[c]])
            if s.before_line[c] >= 0:
                belief[c] += s.carry[c] * (d.log_before[c] - log(counts[s.before_line[c]]))
        else:
            p = fractions[s.truth_fraction[c]]
            belief[c] = log(p) - log1p(-p)
        for place in range(s.effect_start[c], s.effect_start[c + 1]):
            belief[c] += s.effect_weight[place] * errors[s.effects[place]]
        for column in range(3):
            k = s.tunes[c, column]
            if k >= 0 and column < 2:
                log_sigma[c] += d.tune_scale[k] * tune[k]
            elif k >= 0:
                log_slack[c] += d.tune_scale[k] * tune[k]
        if s.whole_line[c] != -1:
            thinned = 1.0 / counts[s.truth_line[c]]
            if s.whole_line[c] >= 0:
                thinned -= 1.0 / counts[s.whole_line[c]]
            log_sigma[c] = 0.5 * log(exp(2.0 * log_sigma[c]) + thinned)
    return belief, log_sigma, log_slack


@numba.njit(nogil=True, error_model="numpy")
def value_and_slope(z: Array, s: Structure, d: Data) -> tuple[float, Array]:
    """Return the log density of the unknowns and its gradient."""
    state = forward(z, s, d)
    found = chances.readings(state, d)
    slope = -z
    total = 0.0
    for i in range(len(z)):  # a loop: np.dot would wake threads
        total -= 0.5 * z[i] * z[i]
    in_line, in_fraction = np.zeros(len(state.counts)), np.zeros(len(state.fractions))
    in_error = np.zeros(len(state.errors))
    n_base, n_error = len(d.base_mean), len(d.error_mean)
    first_error = n_base + len(d.fraction_mean)
    first_tune = first_error + n_error + s.n_spreads
    for c in range(len(d.law)):
        if d.weight[c] == 0.0:
            continue
        total += d.weight[c] * found[c, 0]
        above = d.weight[c] * found[c, 1]
        in_sigma = d.weight[c] * found[c, 2]
        if s.truth_line[c] >= 0:
            in_line[s.truth_line[c]] += above / state.counts[s.truth_line[c]]
            if s.before_line[c] >= 0:
                in_line[s.before_line[c]] -= s.carry[c] * above / state.counts[s.before_line[c]]
        else:
            p = state.fractions[s.truth_fraction[c]]
            in_fraction[s.truth_fraction[c]] += above / (p * (1.0 - p))
        for place in range(s.effect_start[c], s.effect_start[c + 1]):
            in_error[s.effects[place]] += s.effect_weight[place] * above
        if s.whole_line[c] != -1:
            variance = exp(2.0 * state.log_sigma[c])
            part = state.counts[s.truth_line[c]]
            in_line[s.truth_line[c]] -= 0.5 * in_sigma / (variance * part * part)
            thinned = 1.0 / part
            if s.whole_line[c] >= 0:
                whole = state.counts[s.whole_line[c]]
                in_line[s.whole_line[c]] += 0.5 * in_sigma / (variance * whole * whole)
                thinned -= 1.0 / whole
            in_sigma *= 1.0 - thinned / variance
        for column in range(3):
            k = s.tunes[c, column]
            if k >= 0:
                given = in_sigma if column < 2 else d.weight[c] * found[c, 3]
                slope[first_tune + k] += d.tune_scale[k] * given
    more = account_slopes(z, s, d, state, in_line, in_fraction, in_error, slope)
    in_spread = np.zeros(s.n_spreads)
    for i in range(n_error):
        k, which = first_error + i, s.effect_spread[i]
        own, stretch = 1.0, 1.0
        at, rise = quantiles.heavy(z[k], d.error_tails[i])
        if d.error_free[i]:
            own = state.spreads[which] ** d.error_kept[i]
            stretch = state.spreads[which] / own
        given = in_error[i] * d.error_scale[i] * stretch
        slope[k] += given * rise
        if d.error_free[i]:
            in_spread[which] += (1.0 - d.error_kept[i]) * given * at / state.spreads[which]
        has_own = d.error_tails[i] == quantiles.OWN_4 or d.error_tails[i] == quantiles.OWN_2
        if d.error_kept[i] > 0.0 or has_own:
            value, pull = quantiles.own_prior(at / own, d.error_tails[i])
            total += value - log(own) + 0.5 * at * at
            slope[k] += at + pull / own
            if d.error_free[i]:
                kept = d.error_kept[i] * (-pull * at / own - 1.0)
                in_spread[which] += kept / state.spreads[which]
    for i in range(s.n_spreads):
        k = first_error + n_error + i
        slope[k] += in_spread[i] * quantiles.spread(z[k], d.spread_log[i])[1]
    return total + more, slope


@numba.njit(error_model="numpy")
def account_slopes(
    z: Array,
    s: Structure,
    d: Data,
    state: State,
    in_line: Array,
    in_fraction: Array,
    in_error: Array,
    slope: Array,
) -> float:
    """Add to `slope` what lines and fractions give, and to `in_error` what cells give.

    Returns
    -------
    float
        What leaning adds to the value.
    """
    in_cell = np.zeros(len(state.cells))
    for i in range(len(state.counts) - 1, -1, -1):
        if s.member_start[i + 1] > s.member_start[i]:
            factor = factor_of(i, state.fractions, state.cells, s)
            for place in range(s.member_start[i], s.member_start[i + 1]):
                in_line[s.members[place]] += in_line[i] * factor * s.member_weight[place]
            given = (-1.0 if s.line_rest[i] else 1.0) * in_line[i] * state.counts[i] / factor
            if s.line_cell[i] >= 0:
                in_cell[s.line_cell[i]] += given
            elif s.line_fraction[i] >= 0:
                in_fraction[s.line_fraction[i]] += given
    shares.add_slopes(in_cell, state.cells, in_error, s)
    n_base, more = len(d.base_mean), 0.0
    for i in range(n_base):
        line, leans = s.base_line[i], d.base_leans[i]
        at = upright(i, z, state.fractions, d)
        bent = quantiles.skewed(at, d.base_skew[i])[1]
        slope[i] += in_line[line] * state.counts[line] * d.base_sd[i] * bent
        if leans >= 0:
            slope[i] += z[i] - at
            more += 0.5 * (z[i] * z[i] - at * at)
            in_fraction[leans] -= slope[i] / (d.base_sd[i] * state.fractions[leans])
    for i in range(len(state.fractions)):
        p = state.fractions[i]
        bent = quantiles.skewed(z[n_base + i], d.fraction_skew[i])[1]
        slope[n_base + i] += in_fraction[i] * p * (1.0 - p) * d.fraction_sd[i] * bent
    return more


@numba.njit(error_model="numpy")
def unknowns_at(y: Array, frame: Frame) -> Array:
    """Return the unknowns at coordinates: the mode plus a sparse triangular solve."""
    solved = y.copy()
    for j in range(len(y) - 1, -1, -1):
        first = frame.start[j]  # the diagonal stands first in each column
        for place in range(first + 1, frame.start[j + 1]):
            solved[j] -= frame.lower[place] * solved[frame.rows[place]]
        solved[j] /= frame.lower[first]
    z = frame.mode.copy()
    for j in range(len(y)):
        z[frame.order[j]] += solved[j]
    return z


@numba.njit(error_model="numpy")
def slope_at(slope: Array, frame: Frame) -> Array:
    """Return the gradient in the coordinates from that in the unknowns."""
    solved = slope[frame.order]
    for j in range(len(solved)):
        first = frame.start[j]
        solved[j] /= frame.lower[first]
        for place in range(first + 1, frame.start[j + 1]):
            solved[frame.rows[place]] -= frame.lower[place] * solved[j]
    return solved


# Compiled code is kept on disk under this number: a change of any compiled file changes it.
_FILES = [*(part.__file__ for part in (arrays, cells, chances, grids, quantiles, shares)), __file__]
_SOURCES = b"".join(Path(str(file)).read_bytes() for file in _FILES)
VERSION = int(hashlib.sha256(_SOURCES).hexdigest()[:8], 16)


def _kept(version: int) -> tuple[Any, ...]:
    """Return the functions that Python calls, compiled once and kept on disk."""

    @numba.njit(nogil=True, cache=True, error_model="numpy")
    def sampled(y: Array, frame: Frame, s: Structure, d: Data) -> tuple[float, Array]:
        _ = version
        value, slope = value_and_slope(unknowns_at(y, frame), s, d)
        return value, slope_at(slope, frame)

    @numba.njit(nogil=True, cache=True, error_model="numpy")
    def density(z: Array, s: Structure, d: Data) -> tuple[float, Array]:
        _ = version
        return value_and_slope(z, s, d)

    @numba.njit(nogil=True, cache=True, error_model="numpy")
    def follow(z: Array, s: Structure, d: Data) -> tuple[State, Array]:
        _ = version
        state = forward(z, s, d)
        return state, chances.readings(state, d)

    @numba.njit(nogil=True, cache=True, error_model="numpy")
    def unknowns(y: Array, frame: Frame) -> Array:
        _ = version
        return unknowns_at(y, frame)

    return sampled, density, follow, unknowns


sampled, density, follow, unknowns = _kept(VERSION)
