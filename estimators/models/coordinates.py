"""The coordinates in which a model is sampled: chosen so that its unknowns are nearly unrelated.

Readings tie the errors that they share to the counts that they speak of: the sum is known well,
the parts are not. In the coordinates of the parts a sampler takes many small steps. The model
itself is not changed: a linear transform of its standard normal unknowns, from a normal
approximation of the posterior at its mode, is all. Its precision is sparse (a reading touches few
unknowns), and so is the triangle it is factored into.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import linalg

from estimators.models import cells, density, quantiles
from estimators.models.density import Data, Frame, State, Structure

type Array = npt.NDArray[np.float64]

_STEPS = 12
_LONGEST = 2.0
_WORD_SD = 0.6


def frame_of(s: Structure, d: Data) -> Frame:
    """Return the coordinates of a fit.

    Parameters
    ----------
    s, d
        The structure and the data of the fit.

    Notes
    -----
    The mode is approached by Fisher scoring: each step solves the normal approximation at hand,
    with the information of each reading that its law has around the belief (one over the
    variance of law and cell), and is no longer than two sds in any unknown.
    """
    n = len(d.base_mean) + len(d.fraction_mean) + len(d.error_mean) + s.n_spreads
    mode = np.zeros(n + len(d.tune_scale))
    information = information_of(s, d)
    for _ in range(_STEPS):
        slopes = slopes_at(mode, s, d)
        precision = _precision(slopes, information)
        step = linalg.spsolve(precision, density.density(mode, s, d)[1])
        mode = mode + step * min(1.0, _LONGEST / max(1e-12, float(np.abs(step).max())))
    return _factored(mode, _precision(slopes_at(mode, s, d), information))


def _precision(slopes: Any, information: Array) -> Any:
    eye = sparse.identity(slopes.shape[1])
    return (eye + slopes.T @ sparse.diags_array(information) @ slopes).tocsc()


def _factored(mode: Array, precision: Any) -> Frame:
    """Return the frame of a precision: its sparse Cholesky factor, in an order with little fill."""
    factor = linalg.splu(
        precision,
        permc_spec="MMD_AT_PLUS_A",
        diag_pivot_thresh=0.0,
        options={"SymmetricMode": True},
    )
    order = np.argsort(factor.perm_c)
    if not np.array_equal(factor.perm_c, factor.perm_r):  # pivoted after all: no order then
        order = np.arange(len(mode))
        lower = sparse.csc_array(np.linalg.cholesky(precision.toarray()))
    else:
        lower = sparse.csc_array(factor.L @ sparse.diags_array(np.sqrt(factor.U.diagonal())))
    lower.sort_indices()
    start, rows = lower.indptr.astype(np.int64), lower.indices.astype(np.int64)
    return Frame(mode, order.astype(np.int64), start, rows, np.asarray(lower.data, dtype=float))


def information_of(s: Structure, d: Data) -> Array:
    """Return the information of each reading on its belief: one over the variance of law and cell.

    Parameters
    ----------
    s, d
        The structure and the data of the fit.
    """
    sigma, slack = np.exp(d.log_sigma), np.exp(d.log_slack)
    variance = sigma**2
    logistic = (d.law == cells.POINT) | (d.law == cells.NEARLY)
    variance[logistic] *= (cells.LOGISTIC_SCALE * np.pi) ** 2 / 3.0
    variance[d.law == cells.BOUND] += slack[d.law == cells.BOUND] ** 2
    variance[d.law == cells.WORD] = _WORD_SD**2
    width = np.where(d.log_weight > -np.inf, d.high - d.low, 0.0)
    chance = np.where(d.log_weight > -np.inf, np.exp(d.log_weight), 0.0) * width
    mean = np.sum(chance * width**2, axis=1) / np.maximum(chance.sum(axis=1), 1e-300)
    variance += np.minimum(mean, 1.0) / 12.0
    return np.asarray(d.weight / np.maximum(variance, 1e-4))


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
    errors = _error_slopes(z[n_account:], s, d, state)
    return sparse.hstack([_account_slopes(z[:n_account], s, d, state), errors]).tocsr()


def _account_slopes(z: Array, s: Structure, d: Data, state: State) -> Any:
    """Return the slopes of beliefs in the account's unknowns.

    Counts are own + F M counts, with factors F and members M: their slopes solve a sparse
    triangular system.
    """
    n, n_base, n_fraction = len(state.counts), len(d.base_mean), len(d.fraction_mean)
    rows = np.repeat(np.arange(n), np.diff(s.member_start))
    factor = np.array([density.factor_of(i, state.fractions, s) for i in range(n)])
    system = sparse.csc_array((-factor[rows], (rows, s.members)), shape=(n, n))
    right = np.zeros((n, n_base + n_fraction))
    skews = np.concatenate([d.base_skew, d.fraction_skew])
    bent = np.array([quantiles.skewed(at, g)[1] for at, g in zip(z, skews, strict=True)])
    base = np.arange(n_base)
    right[s.base_line, base] = state.counts[s.base_line] * d.base_sd * bent[:n_base]
    p = state.fractions
    in_fraction = p * (1.0 - p) * d.fraction_sd * bent[n_base:]
    parts = np.flatnonzero(s.line_fraction >= 0)
    which = s.line_fraction[parts]
    turned = np.where(s.line_rest[parts] > 0, -1.0, 1.0)
    right[parts, n_base + which] += (
        turned * in_fraction[which] * state.counts[parts] / factor[parts]
    )
    slopes = linalg.splu(sparse.identity(n, format="csc") + system).solve(right)
    found = np.zeros((len(s.truth_line), n_base + n_fraction))
    is_count = s.truth_line >= 0
    lines = s.truth_line[is_count]
    found[is_count] = slopes[lines] / state.counts[lines][:, None]
    shares = np.flatnonzero(~is_count)
    at = s.truth_fraction[shares]
    found[shares, n_base + at] = d.fraction_sd[at] * bent[n_base + at]
    return sparse.csr_array(found)


def _error_slopes(z: Array, s: Structure, d: Data, state: State) -> Any:
    """Return the slopes of beliefs in errors, spreads and parameters of laws (these are zero)."""
    n_error, n = len(d.error_mean), len(s.effect_start) - 1
    carried = sparse.csr_array(
        (np.ones(len(s.effects)), s.effects, s.effect_start), shape=(n, n_error)
    )
    free = d.error_free > 0
    stretch = np.where(free, np.append(state.spreads, 1.0)[s.effect_spread], 1.0)
    stretched = np.array([quantiles.student4(at) for at in z[:n_error]]).reshape(-1, 2)
    heavy = d.error_heavy > 0
    at = np.where(heavy, stretched[:, 0], z[:n_error])
    rise = np.where(heavy, stretched[:, 1], 1.0)
    bent = np.array([quantiles.half_normal(at)[1] for at in z[n_error : n_error + s.n_spreads]])
    errors = np.flatnonzero(free)
    which = s.effect_spread[errors]
    in_spread = sparse.csr_array(
        (d.error_scale[errors] * at[errors] * bent[which], (errors, which)),
        shape=(n_error, s.n_spreads),
    )
    own = sparse.diags_array(d.error_scale * stretch * rise)
    none = sparse.csr_array((n, len(d.tune_scale)))
    return sparse.hstack([carried @ own, carried @ in_spread, none])
