"""How the belief of each reading moves with each unknown, and how sharply a reading speaks.

From these comes the normal approximation in whose coordinates a study is sampled.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from estimators.models import cells, density, quantiles
from estimators.models.arrays import Data, State, Structure, spreads_at

type Array = npt.NDArray[np.float64]
type Places = npt.NDArray[np.int64]

_WORD_SD = 0.6


def information_of(s: Structure, d: Data, state: State | None = None) -> Array:
    """Return the information of each reading on its belief: one over the variance of law and cell.

    Parameters
    ----------
    s, d
        The structure and the data of the fit.
    state
        What follows from the unknowns there; by default at the middle of the prior.
    """
    if state is None:
        n = spreads_at(s, d).stop + len(d.tune_scale)
        state = density.follow(np.zeros(n), s, d)[0]
    sigma, slack = np.exp(state.log_sigma), np.exp(state.log_slack)
    variance = sigma**2
    logistic = (d.law == cells.POINT) | (d.law == cells.NEARLY)
    variance[logistic] *= (cells.LOGISTIC_SCALE * np.pi) ** 2 / 3.0
    variance[d.law == cells.RECORD] *= 5.0 / 3.0  # one over the information of a Student-t(2)
    variance[d.law == cells.BOUND] += slack[d.law == cells.BOUND] ** 2
    variance[d.law == cells.WORD] = _WORD_SD**2
    width = np.where(d.chance > 0.0, d.high - d.low, 0.0)
    chance = d.chance * width
    mean = np.sum(chance * width**2, axis=1) / np.maximum(chance.sum(axis=1), 1e-300)
    variance += np.minimum(mean, 1.0) / 12.0
    found = np.asarray(d.weight / np.maximum(variance, 1e-4))
    for c in np.flatnonzero(d.law == cells.STEP):  # far above a hard floor it says nothing
        z = (state.belief[c] - d.low[c, 0]) / sigma[c]
        hazard = cells.hazard_of(z, cells.log_normal_cdf(z))
        found[c] = d.weight[c] * max(hazard * (hazard + z), 0.0) / sigma[c] ** 2
    return found


def slopes_at(z: Array, s: Structure, d: Data) -> Any:
    """Return how each reading's belief moves with each unknown: sparse, (readings, unknowns).

    Parameters
    ----------
    z
        The unknowns.
    s, d
        The structure and the data of the fit.
    """
    state: State = density.follow(z, s, d)[0]
    n_account = len(d.base_mean) + len(d.fraction_mean)
    account, carried = _belief_slopes(z[:n_account], s, d, state)
    return sparse.hstack([account, carried @ _error_slopes(z[n_account:], s, d, state)]).tocsr()


def _belief_slopes(z: Array, s: Structure, d: Data, state: State) -> tuple[Any, Any]:
    """Return the slopes of beliefs in the account's unknowns, and in the errors.

    A belief moves with the errors that its reading carries, and with those that shape the cells of
    its count.
    """
    n_line, n_account = len(state.counts), len(d.base_mean) + len(d.fraction_mean)
    logit = _logit_slopes(z, d)
    lines = sparse.diags_array(1.0 / state.counts) @ _line_slopes(z, s, d, state)
    own = np.arange(len(logit)), len(d.base_mean) + np.arange(len(logit))
    by_share = sparse.csr_array((logit, own), shape=(len(logit), lines.shape[1]))
    read = np.where(s.truth_line >= 0, s.truth_line, n_line + s.truth_fraction)
    every = sparse.vstack([lines, by_share]).tocsr()
    found = every[read] - (
        sparse.diags_array(s.carry) @ _picked(s.before_line, every.shape[0]) @ every
    )
    n_error = len(d.error_mean)
    shape = len(s.effect_start) - 1, n_error
    carried = sparse.csr_array((s.effect_weight, s.effects, s.effect_start), shape=shape)
    return found[:, :n_account], found[:, n_account:] + carried


def _logit_slopes(z: Array, d: Data) -> Array:
    """Return how the logit of each fraction moves with its unknown."""
    pairs = zip(z[len(d.base_mean) :], d.fraction_skew, strict=True)
    return d.fraction_sd * np.array([quantiles.skewed(*pair)[1] for pair in pairs])


def _line_slopes(z: Array, s: Structure, d: Data, state: State) -> Any:
    """Return how each line moves with the account's unknowns and with the errors: sparse.

    Counts are own + F M counts, with factors F and members M: so are their slopes.
    """
    n, n_base = len(state.counts), len(d.base_mean)
    pairs = zip(z[:n_base], d.base_skew, strict=True)
    bent = np.array([quantiles.skewed(*pair)[1] for pair in pairs])
    in_base = state.counts[s.base_line] * d.base_sd * bent
    factor = np.array([density.factor_of(i, state.fractions, state.cells, s) for i in range(n)])
    turned = np.where(s.line_rest > 0, -1.0, 1.0) * state.counts / factor
    logits = state.fractions * (1.0 - state.fractions) * _logit_slopes(z, d)
    shape = n, n_base
    base = sparse.csr_array((in_base, (s.base_line, np.arange(n_base))), shape=shape)
    by_cell = sparse.diags_array(turned) @ _picked(s.line_cell, len(state.cells))
    by_part = sparse.diags_array(turned) @ _picked(s.line_fraction, len(state.fractions))
    own = [base, by_part @ sparse.diags_array(logits), by_cell @ _cell_slopes(s, d, state)]
    rows = np.repeat(np.arange(n), np.diff(s.member_start))
    system = sparse.csr_array((factor[rows] * s.member_weight, (rows, s.members)), shape=(n, n))
    slopes = sparse.hstack(own).tocsr()
    while system.nnz:  # (1 - S)^-1 = (1 + S)(1 + S^2)(1 + S^4) ..., as deep as lines stand
        slopes = slopes + system @ slopes
        system = system @ system
    return slopes


def _picked(places: Places, n: int) -> Any:
    """Return a matrix with a 1 in each row whose place is not -1."""
    rows = np.flatnonzero(places >= 0)
    shape = len(places), n
    return sparse.csr_array((np.ones(len(rows)), (rows, places[rows])), shape=shape)


def _cell_slopes(s: Structure, d: Data, state: State) -> Any:
    """Return how each cell's share moves with the errors: sparse, (cells, errors)."""
    n, n_error = len(state.cells), len(d.error_mean)
    basis = sparse.csr_array((s.basis_weight, s.basis_error, s.basis_start), shape=(n, n_error))
    made = [sparse.csr_array((0, n_error))]
    for group, odds in enumerate(s.cell_is_odds):
        cells_of = slice(s.cell_start[group], s.cell_start[group + 1])
        logs, share = basis[cells_of], state.cells[cells_of]
        if s.cell_adds_up[group]:
            logs = sparse.csr_array(np.tri(len(share))) @ logs
        if odds:
            made.append(sparse.diags_array(share * (1.0 - share)) @ logs)
        else:
            mean = sparse.csr_array((share @ logs)[None, :])
            made.append(sparse.diags_array(share) @ logs - sparse.csr_array(share[:, None]) @ mean)
    return sparse.vstack(made).tocsr()


def _error_slopes(z: Array, s: Structure, d: Data, state: State) -> Any:
    """Return the slopes of errors in their unknowns, spreads and parameters of laws (zero)."""
    n_error = len(d.error_mean)
    free, out = d.error_free > 0, 1.0 - d.error_kept
    stretch = np.where(free, np.append(state.spreads, 1.0)[s.effect_spread], 1.0) ** out
    pairs = zip(z[:n_error], d.error_tails, strict=True)
    at, rise = np.array([quantiles.heavy(*pair) for pair in pairs]).reshape(-1, 2).T
    bent = spread_slopes(z[n_error : n_error + s.n_spreads], d)
    errors = np.flatnonzero(free)
    which = s.effect_spread[errors]
    grown = (d.error_scale * stretch * at * out)[errors] * bent[which]
    shape = n_error, s.n_spreads
    in_spread = sparse.csr_array((grown, (errors, which)), shape=shape)
    own = sparse.diags_array(d.error_scale * stretch * rise)
    return sparse.hstack([own, in_spread, sparse.csr_array((n_error, len(d.tune_scale)))]).tocsr()


def spread_slopes(z: Array, d: Data) -> Array:
    """Return how the log of each spread moves with its unknown.

    Parameters
    ----------
    z
        The unknowns of the spreads.
    d
        The data of the fit.
    """
    pairs = zip(z, d.spread_log, strict=True)
    both = np.array([quantiles.spread(*pair) for pair in pairs]).reshape(-1, 2)
    return both[:, 1] / both[:, 0]
