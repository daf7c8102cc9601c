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
    errors = _error_slopes(z[n_account:], s, d, state)
    return sparse.hstack([_account_slopes(z[:n_account], s, d, state), errors]).tocsr()


def _account_slopes(z: Array, s: Structure, d: Data, state: State) -> Any:
    """Return the slopes of beliefs in the account's unknowns.

    Counts are own + F M counts, with factors F and members M: so are their slopes.
    """
    n, n_base, n_fraction = len(state.counts), len(d.base_mean), len(d.fraction_mean)
    rows = np.repeat(np.arange(n), np.diff(s.member_start))
    factor = np.array([density.factor_of(i, state.fractions, s) for i in range(n)])
    system = sparse.csr_array((factor[rows], (rows, s.members)), shape=(n, n))
    skews = np.concatenate([d.base_skew, d.fraction_skew])
    bent = np.array([quantiles.skewed(at, g)[1] for at, g in zip(z, skews, strict=True)])
    in_base = state.counts[s.base_line] * d.base_sd * bent[:n_base]
    logit = d.fraction_sd * bent[n_base:]
    parts = np.flatnonzero(s.line_fraction >= 0)
    which = s.line_fraction[parts]
    turned = np.where(s.line_rest[parts] > 0, -1.0, 1.0) * state.counts[parts] / factor[parts]
    in_part = turned * (state.fractions * (1.0 - state.fractions) * logit)[which]
    places = np.append(s.base_line, parts), np.append(np.arange(n_base), n_base + which)
    more = sparse.csr_array((np.append(in_base, in_part), places), shape=(n, n_base + n_fraction))
    slopes = more
    while more.nnz:  # as often as lines stand on one another
        more = system @ more
        slopes = slopes + more
    by_line = sparse.diags_array(1.0 / state.counts) @ slopes
    by_share = sparse.csr_array(
        (logit, (np.arange(n_fraction), n_base + np.arange(n_fraction))),
        shape=(n_fraction, n_base + n_fraction),
    )
    read = np.where(s.truth_line >= 0, s.truth_line, n + s.truth_fraction)
    return sparse.vstack([by_line, by_share]).tocsr()[read]


def _error_slopes(z: Array, s: Structure, d: Data, state: State) -> Any:
    """Return the slopes of beliefs in errors, spreads and parameters of laws (these are zero)."""
    n_error, n = len(d.error_mean), len(s.effect_start) - 1
    carried = sparse.csr_array(
        (np.ones(len(s.effects)), s.effects, s.effect_start), shape=(n, n_error)
    )
    free, out = d.error_free > 0, 1.0 - d.error_kept
    stretch = np.where(free, np.append(state.spreads, 1.0)[s.effect_spread], 1.0) ** out
    pairs = zip(z[:n_error], d.error_tails, strict=True)
    at, rise = np.array([quantiles.heavy(*pair) for pair in pairs]).reshape(-1, 2).T
    bent = spread_slopes(z[n_error : n_error + s.n_spreads], d)
    errors = np.flatnonzero(free)
    which = s.effect_spread[errors]
    grown = (d.error_scale * stretch * at * out)[errors] * bent[which]
    in_spread = sparse.csr_array(
        (grown, (errors, which)),
        shape=(n_error, s.n_spreads),
    )
    own = sparse.diags_array(d.error_scale * stretch * rise)
    none = sparse.csr_array((n, len(d.tune_scale)))
    return sparse.hstack([carried @ own, carried @ in_spread, none])


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
