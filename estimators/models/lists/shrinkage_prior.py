"""The prior of all log-linear interactions at once, and what their density reads."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import NamedTuple

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


USUAL = Shrinkage()


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


def drawn(arrays: Arrays, rng: np.random.Generator) -> Array:
    """Return effects drawn from their prior, in corner coding: shape (terms).

    Parameters
    ----------
    arrays
        What the density reads; the counts are not used.
    rng
        Random numbers.
    """
    df, local_df, slab = arrays.setting
    typical = arrays.scale * np.abs(rng.standard_t(df, len(arrays.scale)))
    shrunk = arrays.group >= 0
    size = typical[arrays.group[shrunk]]
    if local_df:
        size = size * np.abs(rng.standard_t(local_df, len(size)))
    sd = arrays.sd.copy()
    sd[shrunk] = slab * size / np.hypot(slab, size)
    found: Array = arrays.mean + sd * rng.standard_normal(len(sd))
    return found
