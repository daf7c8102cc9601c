"""Strata of one population side by side: who was seen how often on which lists, in which one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from estimators.evidence.captures import Captures
from estimators.evidence.problems import EvidenceError, Problem, refuse, suggestion
from estimators.models.lists.shrinkage_prior import MOST_LISTS

type Whole = npt.NDArray[np.int64]
type Level = tuple[str, ...]
type Absent = Mapping[str | Level, Iterable[str]]


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
        counts = _counted(captures, place)
        _require_persons(captures, known, counts)
        exists = _existing(captures, place, counts, absent or {})
        loose = [cell for cell in captures.cells if cell.count and cell.stratum not in place]
        where = [_fitting(known, exists, cell.stratum, cell.history) for cell in loose]
        _require_fitting(captures, [c.stratum for c, w in zip(loose, where, strict=True) if not w])
        history, many = tuple(c.history for c in loose), tuple(c.count for c in loose)
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


def _counted(captures: Captures, place: Mapping[Level, int]) -> Whole:
    """Return persons of known stratum by stratum and history."""
    counts = np.zeros((len(place), 1 << len(captures.lists)), dtype=np.int64)
    for cell in captures.cells:
        if cell.stratum in place:
            counts[place[cell.stratum], cell.history] += cell.count
    return counts


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
