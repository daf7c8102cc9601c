"""All log-linear interactions at once, shrunk towards none: the density, as compiled code.

With the prior 1/N integrated out, the counts n_c of the histories that can be seen are multinomial
with chances p_c / (1 - p_0). Parameters are in corner coding: an interaction is a log odds ratio
(or a ratio of such) among those on no other list, which is where the unseen are.
"""

from __future__ import annotations

import hashlib
from math import exp, log, log1p
from pathlib import Path

import numba
import numpy as np
import numpy.typing as npt

from estimators.models.lists import shrinkage_prior
from estimators.models.lists.shrinkage_prior import Arrays

type Array = npt.NDArray[np.float64]
type Whole = npt.NDArray[np.int64]


# A compiled caller that is kept on disk is stale once these files have changed.
_SOURCES = b"".join(Path(str(at)).read_bytes() for at in (__file__, shrinkage_prior.__file__))
VERSION = int.from_bytes(hashlib.sha256(_SOURCES).digest()[:6])


@numba.njit(nogil=True, error_model="numpy")
def value_and_slope(y: Array, a: Arrays) -> tuple[float, Array]:
    """Return the log posterior density of the unknowns, up to a constant, and its gradient.

    Parameters
    ----------
    y
        Effects, as they are sampled; log scales of the orders; log factors of the interactions.
    a
        Terms, prior and counts.
    """
    slope = np.zeros(len(y))
    found = 0.0
    n_terms, n_scales = len(a.term), len(a.scale)
    for r in range(n_scales):
        at, up = _log_half_t(y[n_terms + r], a.scale[r], a.setting[0])
        found += at
        slope[n_terms + r] += up
    theta = np.zeros(len(a.counts))
    log_sd, kept = spreads(y, a)
    for i in range(n_terms):
        if a.group[i] < 0:
            away = (y[i] - a.mean[i]) / a.sd[i]
            found -= 0.5 * away * away
            slope[i] -= away / a.sd[i]
        theta[a.term[i]] = y[i] * exp((1.0 - a.centred[i]) * log_sd[i])
    likely, along = _log_likelihood(theta, a.counts)
    found += likely
    factor = n_terms + n_scales
    for i in range(n_terms):
        up = along[a.term[i]]
        if a.group[i] < 0:
            slope[i] += up
            continue
        w = a.centred[i]
        squeezed = y[i] * exp(-w * log_sd[i])
        found -= 0.5 * squeezed * squeezed + w * log_sd[i]
        slope[i] += up * exp((1.0 - w) * log_sd[i]) - squeezed * exp(-w * log_sd[i])
        moved = w * (squeezed * squeezed - 1.0) + up * (1.0 - w) * theta[a.term[i]]
        slope[n_terms + a.group[i]] += moved * kept[i]
        if a.setting[1] > 0.0:
            at, above = _log_half_t(y[factor], 1.0, a.setting[1])
            found += at
            slope[factor] += above + moved * kept[i]
            factor += 1
    return found, slope


@numba.njit(error_model="numpy")
def spreads(y: Array, a: Arrays) -> tuple[Array, Array]:
    """Return the log standard deviation of each effect, and how it moves with the log scale.

    Both are 0 where the prior of an effect is fixed.
    """
    n_terms = len(a.term)
    log_sd, kept = np.zeros(n_terms), np.zeros(n_terms)
    factor = n_terms + len(a.scale)
    slab = log(a.setting[2])
    for i in range(n_terms):
        if a.group[i] < 0:
            continue
        at = y[n_terms + a.group[i]]
        if a.setting[1] > 0.0:
            at += y[factor]
            factor += 1
        over = 2.0 * (at - slab)  # the slab's part: sd = exp(at) / sqrt(1 + exp(over))
        if over > 700.0:
            log_sd[i] = slab
        else:
            log_sd[i] = at - 0.5 * log1p(exp(over))
            kept[i] = 1.0 / (1.0 + exp(over))
    return log_sd, kept


@numba.njit(error_model="numpy")
def effects(y: Array, a: Arrays) -> Array:
    """Return the effects themselves, in corner coding: shape (terms)."""
    log_sd, _ = spreads(y, a)
    return y[: len(a.term)] * np.exp((1.0 - a.centred) * log_sd)


@numba.njit(error_model="numpy")
def missed_of(effect: Array, term: Whole, lists: int) -> float:
    """Return the chance to be on no list: one over the sum of all histories' odds against it."""
    theta = np.zeros(1 << lists)
    theta[term] = effect
    _sum_parts(theta)
    top = theta.max()
    return exp(-top) / np.exp(theta - top).sum()


@numba.njit(error_model="numpy")
def seen_chances(effect: Array, term: Whole, lists: int) -> Array:
    """Return the chances of histories for those on any list: shape (2^J), 0 for that on none."""
    log_odds = np.zeros(1 << lists)
    log_odds[term] = effect
    _sum_parts(log_odds)
    odds = np.exp(log_odds - log_odds[1:].max())
    odds[0] = 0.0
    return odds / odds.sum()


@numba.njit(error_model="numpy")
def _log_likelihood(theta: Array, counts: Array) -> tuple[float, Array]:
    """Return sum n_c log(p_c / (1 - p_0)) and its gradient in the effects, by their terms."""
    log_odds = theta.copy()
    _sum_parts(log_odds)
    top = log_odds[1:].max()
    odds = np.exp(log_odds - top)
    odds[0] = 0.0
    whole, n = odds.sum(), counts.sum()
    found = float(counts[1:] @ log_odds[1:]) - n * (top + log(whole))
    slope = counts - (n / whole) * odds
    slope[0] = 0.0
    _sum_wholes(slope)
    return found, slope


@numba.njit(error_model="numpy")
def _sum_parts(at: Array) -> None:
    """Put in place of each history's entry the sum over all its parts."""
    bit = 1
    while bit < len(at):
        for history in range(len(at)):
            if history & bit:
                at[history] += at[history ^ bit]
        bit <<= 1


@numba.njit(error_model="numpy")
def _sum_wholes(at: Array) -> None:
    """Put in place of each term's entry the sum over all histories that hold it."""
    bit = 1
    while bit < len(at):
        for history in range(len(at)):
            if history & bit:
                at[history ^ bit] += at[history]
        bit <<= 1


@numba.njit(error_model="numpy")
def _log_half_t(at: float, scale: float, df: float) -> tuple[float, float]:
    """Return the log density of the log of a half-t variable, and its slope."""
    over = 2.0 * (at - log(scale)) - log(df)
    if over > 700.0:
        return at - 0.5 * (df + 1.0) * over, -df
    square = exp(over)
    return at - 0.5 * (df + 1.0) * log1p(square), 1.0 - (df + 1.0) * square / (1.0 + square)
