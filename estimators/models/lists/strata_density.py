"""The density of strata that are pooled partially, as compiled code.

Each stratum has the log-linear model of one population, with effects

    theta_ts = b_t + tau_o(t) z_ts,  z normal,  o the order of the term,

where b has the prior of a single population and tau a half-t. With the prior 1/N of the size of
each stratum integrated out, the persons with known stratum are multinomial with chances
q_cs = p_cs / (1 - p_0s). Where the stratum of some is not known, and it is missing at random
given who is on which lists (and what is known of the stratum), with M_s the expected persons on
the lists and the prior 1/M_s,

    log L = sum_cs n_cs log(M_s q_cs) - sum_s M_s + sum_c m_c log(sum_s M_s q_cs),

the last sum over the strata that agree with what is known.
"""

from __future__ import annotations

import hashlib
from math import exp, log, log1p
from pathlib import Path

import numba
import numpy as np
import numpy.typing as npt

from estimators.models.lists import shrinkage, shrinkage_prior, strata
from estimators.models.lists.shrinkage_prior import Arrays
from estimators.models.lists.strata import StrataArrays

type Array = npt.NDArray[np.float64]
type Whole = npt.NDArray[np.int64]

# A compiled caller that is kept on disk is stale once these files have changed.
_FILES = (__file__, strata.__file__, shrinkage.__file__, shrinkage_prior.__file__)
VERSION = int.from_bytes(
    hashlib.sha256(b"".join(Path(str(at)).read_bytes() for at in _FILES)).digest()[:6]
)


@numba.njit(nogil=True, error_model="numpy")
def value_and_slope(y: Array, a: StrataArrays) -> tuple[float, Array]:
    """Return the log posterior density of the unknowns, up to a constant, and its gradient.

    Parameters
    ----------
    y
        Unknowns that strata share, log spreads, effects of strata, log of expected persons.
    a
        Terms, priors and counts.
    """
    slope = np.zeros(len(y))
    n_shared, at = places(y, a)
    found, along = shrinkage.value_and_slope(y[:n_shared], a.shared)
    slope[:n_shared] = along
    if at > n_shared and a.setting[1] > 0.0:
        for r in range(len(a.scale)):
            told, up = log_half_t(y[n_shared + r], a.scale[r], a.setting[0])
            found += told
            slope[n_shared + r] += up
    theta, wide = effects(y, a)
    chance, q = log_chances(theta, a)
    log_many = y[len(y) - len(a.exists) :] if len(a.history) else np.zeros(len(a.exists))
    likely, counts = _expected(chance, log_many, a)
    found += likely
    if len(a.history):
        known = a.counts.reshape(counts.shape)
        for s in range(len(a.exists)):
            many = counts[s].sum()
            found += known[s].sum() * log_many[s]
            found -= exp(log_many[s])
            slope[len(y) - len(a.exists) + s] += many - exp(log_many[s])
    up_theta = _along(q, counts, a.shared.term)
    found += _pull_strata(y, theta, wide, up_theta, slope, a)
    return found, slope


@numba.njit(error_model="numpy")
def places(y: Array, a: StrataArrays) -> tuple[int, int]:
    """Return where the shared unknowns end, and where the effects of strata begin."""
    terms = len(a.order)
    factors = int((a.shared.group >= 0).sum()) if a.shared.setting[1] > 0.0 else 0
    n_shared = terms + len(a.shared.scale) + factors
    if len(a.exists) == 1:
        return n_shared, n_shared
    return n_shared, n_shared + (len(a.scale) if a.setting[1] > 0.0 else 0)


@numba.njit(error_model="numpy")
def log_spreads(y: Array, a: StrataArrays) -> Array:
    """Return the log spread between strata of each order of effects: shape (orders)."""
    n_shared, at = places(y, a)
    if a.setting[1] > 0.0 and at > n_shared:
        return y[n_shared:at].copy()
    return np.log(a.scale)


@numba.njit(error_model="numpy")
def effects(y: Array, a: StrataArrays) -> tuple[Array, Array]:
    """Return the effects of each stratum, in corner coding, and how they move with unknowns.

    Both have the shape (strata, terms); the second is tau^(1 - centred).
    """
    n_strata, terms = len(a.exists), len(a.order)
    n_shared, at = places(y, a)
    base = shrinkage.effects(y[:n_shared], a.shared)
    theta, wide = np.empty((n_strata, terms)), np.ones((n_strata, terms))
    theta[:] = base
    if n_strata == 1:
        return theta, wide
    spread = log_spreads(y, a)
    for s in range(n_strata):
        for t in range(terms):
            k = s * terms + t
            w = a.centred[k]
            wide[s, t] = exp((1.0 - w) * spread[a.order[t]])
            theta[s, t] += wide[s, t] * (y[at + k] - w * base[t])
    return theta, wide


@numba.njit(error_model="numpy")
def log_chances(theta: Array, a: StrataArrays) -> tuple[Array, Array]:
    """Return log chances of histories, for those on any list, and chances: (strata, 2^J) both.

    Place 0, which nobody of those has, holds the log odds to be on no list, log p_0 / (1 - p_0),
    in the first and 0 in the second. A history with a list that does not exist in the stratum
    has -inf and 0.
    """
    chance = np.zeros((len(theta), len(a.shared.counts)))
    q = np.zeros(chance.shape)
    for s in range(len(theta)):
        at = chance[s]
        at[a.shared.term] = theta[s]
        sum_parts(at)
        top, whole = -np.inf, 0.0
        for history in range(1, len(at)):
            if history & ~a.exists[s]:
                at[history] = -np.inf
            elif at[history] > top:
                top = at[history]
        for history in range(1, len(at)):
            q[s, history] = exp(at[history] - top)
            whole += q[s, history]
        at -= top + log(whole)
        q[s] /= whole
    return chance, q


@numba.njit(error_model="numpy")
def shares(chance: Array, log_many: Array, a: StrataArrays) -> tuple[float, Array]:
    """Return sum m_c log(sum_s M_s q_cs), and to which strata persons of no known one belong.

    The second has the chance of each entry of `member`; it sums to one for each cell.
    """
    found, share = 0.0, np.empty(len(a.member))
    for i in range(len(a.history)):
        top, whole = -np.inf, 0.0
        for k in range(a.start[i], a.start[i + 1]):
            s = a.member[k]
            share[k] = log_many[s] + chance[s, a.history[i]]
            top = max(top, share[k])
        for k in range(a.start[i], a.start[i + 1]):
            share[k] = exp(share[k] - top)
            whole += share[k]
        share[a.start[i] : a.start[i + 1]] /= whole
        found += a.many[i] * (top + log(whole))
    return found, share


@numba.njit(error_model="numpy")
def _expected(chance: Array, log_many: Array, a: StrataArrays) -> tuple[float, Array]:
    """Return the log likelihood of histories, and persons by stratum and history as expected."""
    counts = a.counts.copy().reshape(chance.shape)
    found = 0.0
    for s in range(len(chance)):
        for history in range(1, chance.shape[1]):
            if counts[s, history] > 0.0:
                found += counts[s, history] * chance[s, history]
    told, share = shares(chance, log_many, a)
    for i in range(len(a.history)):
        for k in range(a.start[i], a.start[i + 1]):
            counts[a.member[k], a.history[i]] += a.many[i] * share[k]
    return found + told, counts


@numba.njit(error_model="numpy")
def _along(q: Array, counts: Array, term: Whole) -> Array:
    """Return the gradient of the log likelihood in the effects of strata."""
    made = np.empty((len(q), len(term)))
    for s in range(len(q)):
        at = counts[s] - counts[s].sum() * q[s]
        at[0] = 0.0
        sum_wholes(at)
        made[s] = at[term]
    return made


@numba.njit(error_model="numpy")
def _pull_strata(
    y: Array, theta: Array, wide: Array, up: Array, slope: Array, a: StrataArrays
) -> float:
    """Return the log prior of effects of strata; add to the slope what it and they give."""
    n_strata, terms = theta.shape
    n_shared, first = places(y, a)
    if n_strata == 1:
        _pull(y, up[0], slope, a.shared)
        return 0.0
    base = shrinkage.effects(y[:n_shared], a.shared)
    spread, learned = log_spreads(y, a), a.setting[1] > 0.0
    found, along, one_over = 0.0, np.zeros(terms), np.exp(-spread)
    for s in range(n_strata):
        for t in range(terms):
            k, r = s * terms + t, a.order[t]
            w = a.centred[k]
            narrow = wide[s, t] * one_over[r]
            z = (theta[s, t] - base[t]) * one_over[r]
            found -= 0.5 * z * z + w * spread[r]
            slope[first + k] += up[s, t] * wide[s, t] - z * narrow
            along[t] += up[s, t] * (1.0 - w * wide[s, t]) + z * w * narrow
            if learned:
                moved = up[s, t] * (1.0 - w) * (theta[s, t] - base[t])
                slope[n_shared + r] += moved + w * (z * z - 1.0)
    _pull(y, along, slope, a.shared)
    return found


@numba.njit(error_model="numpy")
def _pull(y: Array, up: Array, slope: Array, a: Arrays) -> None:
    """Add to the slope of shared unknowns what the slope in their effects gives."""
    terms = len(a.term)
    log_sd, kept = shrinkage.spreads(y, a)
    factor = terms + len(a.scale)
    for i in range(terms):
        if a.group[i] < 0:
            slope[i] += up[i]
            continue
        wide = exp((1.0 - a.centred[i]) * log_sd[i])
        slope[i] += up[i] * wide
        moved = up[i] * (1.0 - a.centred[i]) * y[i] * wide * kept[i]
        slope[terms + a.group[i]] += moved
        if a.setting[1] > 0.0:
            slope[factor] += moved
            factor += 1


@numba.njit(error_model="numpy")
def sum_parts(at: Array) -> None:
    """Put in place of each history's entry the sum over all its parts."""
    bit = 1
    while bit < len(at):
        for first in range(0, len(at), 2 * bit):
            for k in range(first, first + bit):
                at[k + bit] += at[k]
        bit <<= 1


@numba.njit(error_model="numpy")
def sum_wholes(at: Array) -> None:
    """Put in place of each term's entry the sum over all histories that hold it."""
    bit = 1
    while bit < len(at):
        for first in range(0, len(at), 2 * bit):
            for k in range(first, first + bit):
                at[k] += at[k + bit]
        bit <<= 1


@numba.njit(error_model="numpy")
def log_half_t(at: float, scale: float, df: float) -> tuple[float, float]:
    """Return the log density of the log of a half-t variable, and its slope."""
    over = 2.0 * (at - log(scale)) - log(df)
    if over > 700.0:
        return at - 0.5 * (df + 1.0) * over, -df
    square = exp(over)
    return at - 0.5 * (df + 1.0) * log1p(square), 1.0 - (df + 1.0) * square / (1.0 + square)
