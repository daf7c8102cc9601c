"""The prior by which strata are pooled partially, and what their density reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from estimators.models.lists.hierarchies import parts_of, terms_of_order
from estimators.models.lists.shrinkage_prior import USUAL, Arrays, Shrinkage
from estimators.models.lists.strata_table import Strata

type Array = npt.NDArray[np.float64]
type Whole = npt.NDArray[np.int64]

ALL_ORDERS = 5  # lists up to which interactions of all orders but the highest are taken
_MANY = 10  # strata, from which on the spread is known well enough to centre effects by
_SHARED = 0.005  # variance of interactions that a centring reckons with
_ALONE = 0.05  # the same of one stratum: it is sampled as one population


@dataclass(frozen=True)
class Pooling:
    """The prior of strata: what they share, and how far each may be from it.

    Parameters
    ----------
    single
        The prior of what the strata share: that of one population alone.
    main
        Scale of the half-t by which the spread of main effects between strata is learned, that
        is of the log odds to be on a list: how far chances of capture differ.
    pair
        The same of pair interactions.
    falling
        What each further order of interactions has of the scale of the order before.
    df
        Degrees of freedom of these half-t.
    highest
        The highest order of interactions; 0 for one less than there are lists, and for pairs only
        where there are more than five lists.
    learned
        Whether the spreads are learned; if not, they are the scales: near 0, all strata share
        their chances of capture; large, each is estimated alone.

    Raises
    ------
    ValueError
        If a scale is not above zero, the order is negative, or a departure is asked for.
    """

    single: Shrinkage = USUAL
    main: float = 1.0
    pair: float = 0.5
    falling: float = 0.5
    df: float = 3.0
    highest: int = 0
    learned: bool = True

    def __post_init__(self) -> None:
        """Raise ValueError unless the prior can be used."""
        scales = {"main": self.main, "pair": self.pair, "falling": self.falling, "df": self.df}
        for name, value in scales.items():
            if not 0.0 < value < inf:
                raise ValueError(f"{name} must be above zero and finite; got {value}")
        if self.highest < 0:
            raise ValueError(f"highest must be an order of interactions, or 0; got {self.highest}")
        if self.single.departure:
            raise ValueError(
                "an interaction of all lists is not taken into strata; got departure "
                f"{self.single.departure}; set it to 0, and let the total depart instead"
            )

    def orders(self, lists: int) -> int:
        """Return the highest order of interactions for a number of lists."""
        usual = lists - 1 if lists <= ALL_ORDERS else 2
        return min(self.highest or usual, lists - 1)


POOLED = Pooling()


class StrataArrays(NamedTuple):
    """What the density of strata reads.

    `shared` is the prior of what strata share (its counts are zero, so that it is the prior
    alone). `order` (terms) is that of each term less 1; `scale` (orders) that of the half-t of
    spreads; `centred` (strata x terms) how far an effect of a stratum is sampled by itself (1)
    rather than as a multiple of the spread (0); `exists` (strata) the lists there as bits;
    `counts` (strata x 2^J) the persons of known stratum. Cells of others: `history`, `many`, and
    the strata they may belong to, `member[start[i]:start[i + 1]]`. `setting` holds df and whether
    spreads are learned.
    """

    shared: Arrays
    order: Whole
    scale: Array
    centred: Array
    exists: Whole
    counts: Array
    history: Whole
    many: Array
    start: Whole
    member: Whole
    setting: Array


def arrays_of(strata: Strata, prior: Pooling = POOLED) -> StrataArrays:
    """Return what the density reads of strata.

    Parameters
    ----------
    strata
        The capture histories.
    prior
        The prior of what strata share and of how far they are from it.
    """
    highest = prior.orders(len(strata.lists))
    terms = [t for order in range(1, highest + 1) for t in terms_of_order(len(strata.lists), order)]
    known = np.array([[_known(t, counts, e) for t in terms] for counts, e in _each(strata)])
    order = np.array([term.bit_count() for term in terms])
    scale = np.array([prior.main, *(prior.pair * prior.falling ** np.arange(highest - 1.0))])
    away = np.where(order == 1, _away(strata), _away(strata) / 4.0)
    if not prior.learned:
        away = scale[order - 1] ** 2
    start = np.cumsum([0, *map(len, strata.where)])
    return StrataArrays(
        shared=_shared(strata, prior.single, terms, 1.0 / (1.0 / (away + known)).sum(axis=0)),
        order=order - 1,
        scale=scale,
        centred=(away / (away + known)).reshape(-1),
        exists=strata.exists,
        counts=strata.counts.astype(float).reshape(-1),
        history=np.array(strata.history, dtype=np.int64),
        many=np.array(strata.many, dtype=float),
        start=start.astype(np.int64),
        member=np.array([at for where in strata.where for at in where], dtype=np.int64),
        setting=np.array([prior.df, float(prior.learned)]),
    )


def size(arrays: StrataArrays) -> int:
    """Return how many unknowns there are: shared, log spreads, effects, log expected persons."""
    strata, terms = len(arrays.exists), len(arrays.order)
    own = strata * terms + (len(arrays.scale) if arrays.setting[1] else 0) if strata > 1 else 0
    return size_shared(arrays) + own + (strata if len(arrays.history) else 0)


def size_shared(arrays: StrataArrays) -> int:
    """Return how many unknowns the strata share: effects, log scales, log factors."""
    shared = arrays.shared
    factors = int((shared.group >= 0).sum()) if shared.setting[1] else 0
    return len(shared.term) + len(shared.scale) + factors


def _away(strata: Strata) -> float:
    """Return about the variance of main effects between strata: for the centring only.

    With few strata the spread may be about none, and no effect is centred.
    """
    if len(strata.levels) < _MANY:
        return 0.0
    on = np.arange(strata.counts.shape[1])[:, None] >> np.arange(len(strata.lists)) & 1
    there = strata.counts @ on + 0.5
    other = strata.n[:, None] + 1.0 - there
    by_chance = (1.0 / there + 1.0 / other).mean(axis=0)
    spread = np.log(there / other).var(axis=0) - by_chance
    return float(max(0.0, np.median(spread)))


def _shared(strata: Strata, single: Shrinkage, terms: list[int], variance: Array) -> Arrays:
    """Return the prior of what strata share, as the density of one population reads it."""
    order = np.array([term.bit_count() for term in terms])
    usual = _SHARED if len(strata.levels) > 1 else _ALONE
    return Arrays(
        term=np.array(terms),
        group=np.where(order > 1, order - 2, -1),
        mean=np.where(order == 1, single.main[0], 0.0),
        sd=np.where(order == 1, single.main[1], 0.0),
        centred=usual / (usual + variance),
        scale=single.scale * single.falling ** np.arange(order.max() - 1.0),
        counts=np.zeros(1 << len(strata.lists)),
        setting=np.array([single.df, single.local_df, single.slab]),
    )


def _each(strata: Strata) -> Iterable[tuple[Whole, int]]:
    return ((strata.counts[s], int(strata.exists[s])) for s in range(len(strata.levels)))


def _known(term: int, counts: Whole, exists: int) -> float:
    """Return about the variance of an effect that a stratum's own counts leave."""
    if term & ~exists:
        return 1e6
    return float(sum(1.0 / (counts[part] + 0.5) for part in parts_of(term) if part))
