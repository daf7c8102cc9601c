"""Strata of one population side by side: their counts, and the prior by which they are pooled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from estimators.evidence.captures import Captures
from estimators.evidence.problems import EvidenceError, Problem, refuse, suggestion
from estimators.models.lists.hierarchies import parts_of, terms_of_order
from estimators.models.lists.shrinkage_prior import MOST_LISTS, USUAL, Arrays, Shrinkage

type Array = npt.NDArray[np.float64]
type Whole = npt.NDArray[np.int64]
type Level = tuple[str, ...]
type Absent = Mapping[str | Level, Iterable[str]]

ALL_ORDERS = 5  # lists up to which interactions of all orders but the highest are taken
_AWAY = 0.01  # variance between strata that a centring reckons with, where it may be about 0
_MANY = 10  # strata, from which on it is reckoned from the sizes of lists
_SHARED = 0.005  # variance of interactions that a centring reckons with


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


@dataclass(frozen=True, eq=False)
class Strata:
    """The capture histories of strata, and of persons whose stratum is not, or half, known.

    Parameters
    ----------
    name
        What errors call the table.
    lists, columns
        Names of lists and of columns of strata.
    levels
        The strata: a value for each column.
    counts
        Persons by stratum and history: shape (strata, 2^lists).
    exists
        Lists that exist in each stratum, as bits: shape (strata).
    history, many, where
        Cells of persons whose stratum is not known: their history, how many they are, and the
        places of the strata that they may belong to.
    """

    name: str
    lists: tuple[str, ...]
    columns: tuple[str, ...]
    levels: tuple[Level, ...]
    counts: Whole
    exists: Whole
    history: tuple[int, ...]
    many: tuple[int, ...]
    where: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, captures: Captures, absent: Absent | None = None) -> Strata:
        """Return the strata of captures of one replicate.

        Parameters
        ----------
        captures
            People over several lists, by strata.
        absent
            For strata, lists that do not exist there, so that nobody there could be on them.

        Raises
        ------
        EvidenceError
            If there are several replicates, no strata, strata without persons, persons who fit
            no stratum, or persons on lists that do not exist where they are.
        ValueError
            If there are fewer than three lists, or too many.
        """
        _require_readable(captures)
        known = tuple(level for level in captures.levels if all(level))
        place = {level: at for at, level in enumerate(known)}
        counts = np.zeros((len(known), 1 << len(captures.lists)), dtype=np.int64)
        cells = [cell for cell in captures.cells if cell.count]
        for cell in (cell for cell in cells if cell.stratum in place):
            counts[place[cell.stratum], cell.history] += cell.count
        _require_persons(captures, known, counts)
        exists = _existing(captures, place, counts, absent or {})
        loose = [cell for cell in cells if cell.stratum not in place]
        where = [_fitting(known, exists, cell.stratum, cell.history) for cell in loose]
        _require_fitting(captures, [c.stratum for c, w in zip(loose, where, strict=True) if not w])
        history, many = (tuple(part) for part in zip(*((c.history, c.count) for c in loose))) if (
            loose
        ) else ((), ())
        parts = (captures.name, captures.lists, captures.strata, known)
        return cls(*parts, counts, exists, history, many, tuple(where))

    @cached_property
    def n(self) -> Whole:
        """Return how many persons are known to belong to each stratum: shape (strata)."""
        made: Whole = self.counts.sum(axis=1)
        return made

    @cached_property
    def again(self) -> Whole:
        """Return how many of them stand on two lists or more: shape (strata)."""
        several = np.array([h.bit_count() > 1 for h in range(self.counts.shape[1])])
        made: Whole = self.counts[:, several].sum(axis=1)
        return made

    def names(self) -> tuple[str, ...]:
        """Return what sentences call the strata."""
        return tuple(" ".join(level) for level in self.levels)

    def places(self, where: Mapping[str, str]) -> list[int]:
        """Return the places of the strata with these values of columns; of all if none is given.

        Parameters
        ----------
        where
            Values by column.

        Raises
        ------
        ValueError
            If there is no such column, or no such stratum.
        """
        for column in where:
            if column not in self.columns:
                hint = suggestion(column, self.columns)
                raise ValueError(f"there is no column of strata {column!r}. {hint}")
        wanted = [(self.columns.index(column), value) for column, value in where.items()]
        found = [
            place
            for place, level in enumerate(self.levels)
            if all(level[at] == value for at, value in wanted)
        ]
        if not found:
            said = ", ".join(f"{column}={value!r}" for column, value in where.items())
            raise ValueError(f"no stratum has {said}; take values of {', '.join(self.names())}")
        return found


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
    away = np.where(order == 1, _away(strata), max(_AWAY, _away(strata) / 4.0))
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
    """Return about the variance of main effects between strata: for the centring only."""
    if len(strata.levels) < _MANY:
        return _AWAY
    on = np.array([[h >> k & 1 for k in range(len(strata.lists))] for h in range(len(strata.counts.T))])
    there, n = strata.counts @ on + 0.5, strata.n[:, None] + 1.0
    spread = np.log(there / (n - there)).var(axis=0) - (1.0 / there + 1.0 / (n - there)).mean(axis=0)
    return float(max(_AWAY, np.median(spread)))


def _shared(strata: Strata, single: Shrinkage, terms: list[int], variance: Array) -> Arrays:
    """Return the prior of what strata share, as the density of one population reads it."""
    order = np.array([term.bit_count() for term in terms])
    return Arrays(
        term=np.array(terms),
        group=np.where(order > 1, order - 2, -1),
        mean=np.where(order == 1, single.main[0], 0.0),
        sd=np.where(order == 1, single.main[1], 0.0),
        centred=_SHARED / (_SHARED + variance),
        scale=single.scale * single.falling ** np.arange(order.max() - 1.0),
        counts=np.zeros(1 << len(strata.lists)),
        setting=np.array([single.df, single.local_df, single.slab]),
    )


def _each(strata: Strata) -> Iterable[tuple[Whole, int]]:
    return ((strata.counts[s], int(strata.exists[s])) for s in range(len(strata.levels)))


def _known(term: int, counts: Whole, exists: int) -> float:
    """Return about the variance of an effect that a stratum's own counts leave; inf if any."""
    if term & ~exists:
        return 1e6
    return float(sum(1.0 / (counts[part] + 0.5) for part in parts_of(term) if part))


def _fitting(
    known: tuple[Level, ...], exists: Whole, stratum: Level, history: int
) -> tuple[int, ...]:
    """Return the places of strata that agree with what is known, and have all lists needed."""
    return tuple(
        place
        for place, level in enumerate(known)
        if not history & ~int(exists[place])
        and all(value in ("", own) for value, own in zip(stratum, level, strict=True))
    )


def _existing(
    captures: Captures, place: Mapping[Level, int], counts: Whole, absent: Absent
) -> Whole:
    """Return the lists that exist in each stratum as bits, checked against who stands on them."""
    exists = np.full(len(place), (1 << len(captures.lists)) - 1, dtype=np.int64)
    for key, ids in absent.items():
        level = (key,) if isinstance(key, str) else tuple(key)
        if level not in place:
            hint = suggestion(" ".join(level), {" ".join(one) for one in place})
            raise refuse(captures.name, "there is no such stratum.", hint, "absent", str(key))
        for id in ids:
            if id not in captures.lists:
                hint = suggestion(id, captures.lists)
                raise refuse(captures.name, "there is no such list.", hint, "absent", id)
            exists[place[level]] &= ~(1 << captures.lists.index(id))
        _require_absent(captures, level, counts[place[level]], int(exists[place[level]]))
    return exists


def _require_absent(captures: Captures, level: Level, counts: Whole, exists: int) -> None:
    where = f"{captures.name}, {' '.join(level)}"
    there = sum(int(c) for history, c in enumerate(counts) if history & ~exists)
    if there:
        wrong = f"{there} persons stand on lists that do not exist there."
        raise refuse(where, wrong, "Do not name these lists in absent.", "absent")
    if exists.bit_count() < 2:
        wrong = "fewer than two lists exist there."
        raise refuse(where, wrong, "Leave the stratum out.", "absent")


def _require_readable(captures: Captures) -> None:
    if len(captures.replicates) > 1:
        wrong = f"it holds {len(captures.replicates)} replicates of the same persons."
        remedy = "Fit each and pool the draws: fit_replicates(captures, fit)."
        raise refuse(captures.name, wrong, remedy)
    if not captures.strata:
        remedy = "Name columns of strata, or fit one population: fit_shrinkage."
        raise refuse(captures.name, "it has no column of strata.", remedy)
    if not 3 <= len(captures.lists) <= MOST_LISTS:
        raise ValueError(
            f"pooled strata need 3 to {MOST_LISTS} lists; got {len(captures.lists)}; merge the "
            "smallest: keep_largest(captures, 7)"
        )


def _require_persons(captures: Captures, known: tuple[Level, ...], counts: Whole) -> None:
    remedy = "Take its rows out: nothing is known of it but what other strata are like."
    empty = [level for level, row in zip(known, counts, strict=True) if not row.sum()]
    wrong = "nobody is known to belong to the stratum."
    if empty:
        raise EvidenceError(
            Problem(captures.name, wrong, remedy, got=" ".join(level)) for level in empty
        )
    if not known:
        raise refuse(captures.name, "no stratum is known in full.", "Give persons with strata.")


def _require_fitting(captures: Captures, levels: Iterable[Level]) -> None:
    wrong = "no stratum with persons in it agrees with what is known of some."
    problems = [
        Problem(captures.name, wrong, "Mend the value, or leave it empty.", got=" ".join(level))
        for level in dict.fromkeys(levels)
    ]
    if problems:
        raise EvidenceError(problems)
