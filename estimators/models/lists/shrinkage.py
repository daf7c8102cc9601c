"""All log-linear interactions at once, shrunk towards none: the density, as compiled code.

With the prior 1/N integrated out, the counts n_c of the histories that can be seen are multinomial
with chances p_c / (1 - p_0). Parameters are in corner coding: an interaction is a log odds ratio
(or a ratio of such) among those on no other list, which is where the unseen are.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from math import exp, inf, log, log1p
from pathlib import Path
from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from estimators.models.lists.hierarchies import parts_of, terms_of_order
from estimators.models.lists.table import Table

type Array = npt.NDArray[np.float64]
type Whole = npt.NDArray[np.int64]

MOST_LISTS = 10  # the unknowns are 2^J
# Variances of interactions above which they are sampled by themselves: with factors of their own
# many are about none, and few known so well that their scale does not matter.
_USUAL, _USUAL_LOCAL = 0.05, 0.003

# A compiled caller that is kept on disk is stale once this file has changed.
VERSION = int.from_bytes(hashlib.sha256(Path(__file__).read_bytes()).digest()[:6])


@dataclass(frozen=True)
class Shrinkage:
    """The prior of all interactions, on the scale of log odds ratios.

    Parameters
    ----------
    main
        Mean and standard deviation of main effects (normal): log odds to be on a list for those
        on no other. From -2 with 2.5, chances from 0.1 % to 95 % are likely.
    scale
        Scale of the half-t by which the typical size of pair interactions is learned.
    falling
        What each order of interactions has of the scale of the order before.
    df
        Degrees of freedom of that half-t.
    local_df
        Degrees of freedom of each interaction's own half-t factor, as in the horseshoe (1), so
        that some can be large while others are about none; 0 for no such factor.
    slab
        Standard deviation that no interaction exceeds a priori (regularised horseshoe).
    departure
        Standard deviation of the interaction of all lists, normal about 0; 0 to leave it out.
        Nothing in the lists tells of it: what is given here goes straight into the estimate.

    Raises
    ------
    ValueError
        If a scale is not above zero.

    Notes
    -----
    An interaction S of order r is normal with variance c^2 t^2 / (c^2 + t^2), t = tau_r lambda_S,
    tau_r ~ half-t(df, scale falling^(r-2)) (Gelman 2006, Bayesian Analysis 1(3), 515-534,
    doi:10.1214/06-BA117A), lambda_S ~ half-t(local_df, 1) or 1, c the slab (Piironen &
    Vehtari 2017, EJS 11(2), 5018-5051, doi:10.1214/17-EJS1337SI). No interaction of all lists:
    Aleshin-Guendel, Sadinle & Wakefield, arXiv:2101.09304.
    """

    main: tuple[float, float] = (-2.0, 2.5)
    scale: float = 1.0
    falling: float = 0.5
    df: float = 3.0
    local_df: float = 0.0
    slab: float = 2.5
    departure: float = 0.0

    def __post_init__(self) -> None:
        """Raise ValueError unless all scales can be used."""
        above = {"sd of main": self.main[1], "scale": self.scale, "falling": self.falling}
        for name, value in {**above, "df": self.df, "slab": self.slab}.items():
            if not 0.0 < value < inf:
                raise ValueError(f"{name} must be above zero and finite; got {value}")
        for name, value in {"local_df": self.local_df, "departure": self.departure}.items():
            if not 0.0 <= value < inf:
                raise ValueError(f"{name} must be zero, for none, or above it; got {value}")


class Arrays(NamedTuple):
    """What the density reads: terms of the model, their prior, and the counts.

    `term` (unknown effects) holds histories as whole numbers, main effects first; `group` the
    order less 2 by whose scale a term is shrunk, -1 where the prior is normal with `mean` and
    `sd`. `centred` is how far a term is sampled by itself (1) rather than as a multiple of its
    scale (0). `scale` (orders) is that of the half-t, `counts` (2^J) the persons, `setting` holds
    df, local_df and the slab.
    """

    term: Whole
    group: Whole
    mean: Array
    sd: Array
    centred: Array
    scale: Array
    counts: Array
    setting: Array


def arrays_of(table: Table, prior: Shrinkage) -> Arrays:
    """Return what the density reads of a table of capture histories.

    Parameters
    ----------
    table
        The capture histories.
    prior
        The prior of the interactions.

    Raises
    ------
    ValueError
        If there are fewer than three lists, or too many.
    """
    lists = len(table.lists)
    if not 3 <= lists <= MOST_LISTS:
        raise ValueError(
            f"shrinkage over all interactions needs 3 to {MOST_LISTS} lists; got {lists}; merge "
            "lists, or take latent classes where there are more"
        )
    last = lists if prior.departure else lists - 1
    terms = [term for order in range(1, last + 1) for term in terms_of_order(lists, order)]
    order = np.array([term.bit_count() for term in terms])
    counts = table.full.astype(float)
    usual = _USUAL_LOCAL if prior.local_df else _USUAL
    return Arrays(
        term=np.array(terms),
        group=np.where((order > 1) & (order < lists), order - 2, -1),
        mean=np.where(order == 1, prior.main[0], 0.0),
        sd=np.where(order == 1, prior.main[1], prior.departure),
        centred=np.array([_centred(term, counts, usual) for term in terms]),
        scale=prior.scale * prior.falling ** np.arange(lists - 2.0),
        counts=counts,
        setting=np.array([prior.df, prior.local_df, prior.slab]),
    )


def _centred(term: int, counts: Array, usual: float) -> float:
    """Return which part of the variance of an interaction would be the prior's, known alone."""
    known = sum(1.0 / (counts[part] + 0.5) for part in parts_of(term) if part)
    return float(usual / (usual + known))


def size(arrays: Arrays) -> int:
    """Return how many unknowns there are: effects, log scales, log factors of interactions."""
    factors = int((arrays.group >= 0).sum()) if arrays.setting[1] else 0
    return len(arrays.term) + len(arrays.scale) + factors


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
def _log_likelihood(theta: Array, counts: Array) -> tuple[float, Array]:
    """Return sum n_c log(p_c / (1 - p_0)) and its gradient in the effects, by their terms."""
    log_odds = theta.copy()
    _sum_parts(log_odds)
    top = log_odds[1:].max()
    odds = np.exp(log_odds - top)
    odds[0] = 0.0
    whole, n = odds.sum(), counts.sum()
    found = counts[1:] @ log_odds[1:] - n * (top + log(whole))
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
