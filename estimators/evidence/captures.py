"""People matched over several lists: how many stand on which combination of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

from estimators.evidence.problems import EvidenceError, Problem, refuse, suggestion

MOST_LISTS = 62  # a history is one whole number of 64 bits


@dataclass(frozen=True, slots=True)
class Cell:
    """How many persons have one capture history, in one stratum and one imputation replicate.

    Bit k of `history` is set where they stand on the k-th list. `stratum` has a value for each
    column of strata, empty where it is not known.
    """

    history: int
    count: int
    stratum: tuple[str, ...] = ()
    replicate: str = ""


@dataclass(frozen=True)
class Captures:
    """How many people stand on which combination of lists; those on none are to be estimated.

    Parameters
    ----------
    lists
        Names of the lists; the order gives the bits of the histories.
    cells
        One for each capture history that was seen, by stratum and replicate.
    strata
        Names of the columns of strata, such as sex and year; none where all are one population.
    censored
        Lists of which a person seen on no other may not belong to the population: the count of
        those is an upper bound.
    name
        What errors and figures call the table.

    Raises
    ------
    EvidenceError
        At construction, with every problem found.
    """

    lists: tuple[str, ...]
    cells: tuple[Cell, ...]
    strata: tuple[str, ...] = ()
    censored: frozenset[str] = frozenset()
    name: str = "captures"

    def __post_init__(self) -> None:
        """Make tuples of lists and raise EvidenceError unless names, histories and counts fit."""
        object.__setattr__(self, "lists", tuple(self.lists))
        object.__setattr__(self, "cells", tuple(self.cells))
        object.__setattr__(self, "strata", tuple(self.strata))
        object.__setattr__(self, "censored", frozenset(self.censored))
        problems = [*_problems_of_names(self), *_problems_of_cells(self)]
        if problems:
            raise EvidenceError(problems)

    @classmethod
    def of(
        cls, counts: Mapping[Iterable[str], int], lists: Iterable[str] = (), name: str = "captures"
    ) -> Self:
        """Return the captures of counts by combination of lists, such as {("A", "B"): 12}.

        Parameters
        ----------
        counts
            Persons for each combination of names of lists.
        lists
            The lists in their order; as they are first named if not given.
        name
            What errors and figures call the table.
        """
        combinations = [tuple(combination) for combination in counts]
        order = tuple(lists) or tuple(dict.fromkeys(id for c in combinations for id in c))
        known = {id: 1 << place for place, id in enumerate(order)}
        for id in (id for c in combinations for id in c if id not in known):
            raise refuse(name, "there is no such list.", suggestion(id, known), got=id)
        histories = (sum(known[id] for id in set(c)) for c in combinations)
        cells = zip(histories, counts.values(), strict=True)
        return cls(order, tuple(Cell(history, count) for history, count in cells), name=name)

    @cached_property
    def n(self) -> int:
        """Return how many persons stand on at least one list (over all strata and replicates)."""
        return sum(cell.count for cell in self.cells)

    @cached_property
    def replicates(self) -> tuple[str, ...]:
        """Return the imputation replicates in their order; one empty name where there are none."""
        return tuple(dict.fromkeys(cell.replicate for cell in self.cells))

    @cached_property
    def levels(self) -> tuple[tuple[str, ...], ...]:
        """Return the strata that occur, sorted: a value for each column of strata."""
        return tuple(sorted({cell.stratum for cell in self.cells}))

    def size(self, *ids: str) -> int:
        """Return how many persons stand on all of these lists."""
        wanted = self._mask(ids)
        return sum(cell.count for cell in self.cells if cell.history & wanted == wanted)

    def alone(self, id: str) -> int:
        """Return how many persons stand on this list and on no other."""
        wanted = self._mask((id,))
        return sum(cell.count for cell in self.cells if cell.history == wanted)

    def pooled(self) -> Self:
        """Return the captures of all strata as one population.

        Raises
        ------
        EvidenceError
            If there are several replicates: they are the same persons, imputed several times.
        """
        if len(self.replicates) > 1:
            wrong = f"it holds {len(self.replicates)} replicates of the same persons."
            raise refuse(self.name, wrong, "Take one of them first: replicate(...).")
        return replace(self, cells=_summed(replace_stratum(c, ()) for c in self.cells), strata=())

    @property
    def first(self) -> Self:
        """Return the captures, of several imputation replicates the first."""
        several = len(self.replicates) > 1
        return self.replicate(self.replicates[0]) if several else self

    def replicate(self, id: str) -> Self:
        """Return the captures of one imputation replicate."""
        return self._where(lambda cell: cell.replicate == id, id, self.replicates, "replicate")

    def stratum(self, *values: str) -> Self:
        """Return the captures of one stratum, as one population."""
        names = {" ".join(level) for level in self.levels}
        found = self._where(lambda c: c.stratum == values, " ".join(values), names, "stratum")
        cells = (replace_stratum(cell, ()) for cell in found.cells)
        return replace(found, cells=tuple(cells), strata=(), name=f"{self.name} {'/'.join(values)}")

    def without(self, *ids: str) -> Self:
        """Return the captures without some lists; who stood on no other is left out.

        Raises
        ------
        EvidenceError
            If there is no such list, or fewer than two would be left.
        """
        self._mask(ids)
        return self._regrouped({id: id for id in self.lists if id not in ids})

    def merged(self, ids: Iterable[str], into: str) -> Self:
        """Return the captures with several lists read as one: on it is who was on any of them."""
        joined = tuple(ids)
        self._mask(joined)
        return self._regrouped({id: into if id in joined else id for id in self.lists})

    def _regrouped(self, group: Mapping[str, str]) -> Self:
        lists = tuple(dict.fromkeys(group.values()))
        bit = {id: 1 << lists.index(group[id]) for id in group}
        moved = [(1 << k, bit[id]) for k, id in enumerate(self.lists) if id in bit]

        def regroup(history: int) -> int:
            return _joined(new for old, new in moved if history & old)

        cells = (replace(cell, history=regroup(cell.history)) for cell in self.cells)
        kept = _summed(cell for cell in cells if cell.history)
        return replace(self, lists=lists, cells=kept, censored=self.censored & set(lists))

    def _where(
        self, keep: Callable[[Cell], bool], got: str, known: Iterable[str], what: str
    ) -> Self:
        cells = tuple(cell for cell in self.cells if keep(cell))
        if not cells:
            raise refuse(self.name, f"there is no such {what}.", suggestion(got, set(known)), what)
        return replace(self, cells=cells)

    def _mask(self, ids: Iterable[str]) -> int:
        wanted = tuple(ids)
        for id in wanted:
            if id not in self.lists:
                wrong = "there is no such list."
                raise refuse(self.name, wrong, suggestion(id, self.lists), got=id)
        return _joined(1 << self.lists.index(id) for id in wanted)


def replace_stratum(cell: Cell, stratum: tuple[str, ...]) -> Cell:
    """Return the cell in another stratum."""
    return Cell(cell.history, cell.count, stratum, cell.replicate)


def _joined(bits: Iterable[int]) -> int:
    found = 0
    for bit in bits:
        found |= bit
    return found


def _summed(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """Return the cells with those of one history, stratum and replicate added up."""
    found: Counter[tuple[int, tuple[str, ...], str]] = Counter()
    for cell in cells:
        found[cell.history, cell.stratum, cell.replicate] += cell.count
    return tuple(Cell(at[0], count, *at[1:]) for at, count in found.items())


def _problems_of_names(captures: Captures) -> Iterable[Problem]:
    name, lists = captures.name, captures.lists
    if len(lists) < 2:
        remedy = "People can only be matched over two lists or more; three tell far more."
        yield Problem(name, f"it has {len(lists)} list{'s' * (len(lists) != 1)}.", remedy)
    if len(lists) > MOST_LISTS:
        yield Problem(name, f"it has {len(lists)} lists.", f"Merge some: at most {MOST_LISTS}.")
    for id, times in Counter((*lists, *captures.strata)).items():
        if times > 1 or not id.strip():
            yield Problem(name, "a name is empty or stands twice.", "Name each once.", got=id)
    for id in sorted(captures.censored - set(lists)):
        yield Problem(name, "there is no such list.", suggestion(id, lists), "censored", id)


def _problems_of_cells(captures: Captures) -> Iterable[Problem]:
    name, all_lists = captures.name, (1 << len(captures.lists)) - 1
    seen: set[tuple[int, tuple[str, ...], str]] = set()
    for number, cell in enumerate(captures.cells, 1):
        at, key = f"{name}, cell {number}", (cell.history, cell.stratum, cell.replicate)
        yield from _problems_of_one(at, cell, all_lists, len(captures.strata))
        if key in seen:
            yield Problem(at, "this history stands twice.", "Add the counts up, once.")
        seen.add(key)
    if not any(cell.count for cell in captures.cells):
        yield Problem(name, "nobody stands on any list.", "Give histories with their counts.")


def _problems_of_one(at: str, cell: Cell, all_lists: int, columns: int) -> Iterable[Problem]:
    if isinstance(cell.count, bool) or not isinstance(cell.count, int) or cell.count < 0:
        remedy = "Give whole numbers of persons, 0 or more."
        yield Problem(at, "a count is no number of persons.", remedy, "count", str(cell.count))
    if cell.history == 0:
        remedy = "Leave it out: how many stand on no list is what is to be estimated."
        yield Problem(at, "persons on no list are given.", remedy, got=str(cell.count))
    elif not 0 < cell.history <= all_lists:
        yield Problem(at, "the history names a list that is not there.", "Name all lists.")
    if len(cell.stratum) != columns:
        wrong = f"it has {len(cell.stratum)} values of strata where there are {columns} columns."
        yield Problem(at, wrong, "Give one for each, empty where it is not known.")
