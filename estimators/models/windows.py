"""Windows of quantities that run over time: which lines of the account a claim's days add up to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from estimators.evidence.claim import Claim
from estimators.evidence.identities import split_clocks
from estimators.evidence.quantity import (
    CellOf,
    Dimension,
    PartOf,
    RunningBalance,
    Split,
    SumOf,
)
from estimators.evidence.series import Series
from estimators.evidence.study import Study
from estimators.models.ranges import delay_id, is_late

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Term:
    """One line of the account: a factor times the weighted sum of its members.

    The factor is a fraction or a cell's share, what one of these leaves (`rest`), or 1 where none
    is named. A term without members is a base quantity with a range of its own. Members weigh 1
    unless `weights` says otherwise. A cell is named by its group and its number.
    """

    id: str
    members: tuple[str, ...] = ()
    fraction: str = ""
    rest: bool = False
    weights: tuple[float, ...] = ()
    cell: tuple[str, int] | None = None


def share_id(part: PartOf, id: str) -> str:
    """Return the name of the fraction that a part is of its whole."""
    return part.share if isinstance(part.share, str) else id


@dataclass
class Windows:
    """The lines of a study's account so far, and those of any window of it, made when asked for.

    Parameters
    ----------
    study
        The study.
    found
        Lines by their id; more are added.
    """

    study: Study
    found: dict[str, Term] = field(default_factory=dict)

    def add(self, term: Term) -> str:
        """Return the id of a line, which is there from now on."""
        self.found.setdefault(term.id, term)
        return term.id

    def read(self, claim: Claim) -> str:
        """Return the line of all that a claim speaks of, whatever part of it was counted.

        Parameters
        ----------
        claim
            A reading of a count.
        """
        series = self.study.series_of.get(claim.quantity)
        if series is None:
            return claim.quantity
        last = claim.speaks_for.end
        if self.is_stock(claim.quantity):
            return self.stock(claim.quantity, last)
        first = claim.since.start if claim.since else series.start
        if is_late(claim, series):
            return self._late(claim, series, first, last)
        return self.window(claim.quantity, first, last)

    def _late(self, claim: Claim, series: Series, first: date, last: date) -> str:
        """Return the line of a figure that holds only a part of the last days' count."""
        known = last - series.delay * _DAY
        recent = self.window(claim.quantity, max(first, known + _DAY), last)
        part = Term(f"{recent} known to {claim.origin}", (recent,), delay_id(claim, series))
        if known < first:
            return self.add(part)
        both = (self.window(claim.quantity, first, known), self.add(part))
        return self.add(Term(f"{claim.quantity} as {claim.origin} knew it by {last}", both))

    def window(self, id: str, first: date, last: date) -> str:
        """Return the line of a quantity's count from one day to another, both included.

        Parameters
        ----------
        id
            A quantity that runs over time and is no stock.
        first, last
            Days of its series.
        """
        series = self.study.series_of[id]
        if (first, last) == (series.start, series.end):
            return id
        if self.study.by_id[id].series or self._balance_of(id, "inflow"):
            return self._own(id, series, first, last)
        when = f" from {first} to {last}"
        return self._derived(id, when, lambda member: self.window(member, first, last))

    def _derived(self, id: str, when: str, of: Callable[[str], str]) -> str:
        """Return the line of a quantity that runs as those do that define it.

        `of` gives their lines at the same time, which `when` names.
        """
        name = f"{id}{when}"
        match self.study.by_id[id].rule or self.study.identity_of.get(id):
            case _ if name in self.found:
                return name
            case SumOf(parts):
                return self.add(Term(name, tuple(map(of, parts))))
            case PartOf(whole) as part:
                return self.add(Term(name, (of(whole),), share_id(part, id)))
            case CellOf() as cell:
                return self.cells(name, cell, of)
            case Split() as split if id in split.defines:
                return self._part(split, id, when, of)
        found = split_clocks(self.study.quantities, self.study.identities)[id]
        return self.add(Term(name, tuple(map(of, found.defines))))

    def cells(self, name: str, wanted: CellOf, of: Callable[[str], str] = str) -> str:
        """Return the line of a breakdown's cells that have the wanted levels, added up.

        Parameters
        ----------
        name
            Id of the line.
        wanted
            Levels of the breakdown.
        of
            Gives the line of the whole, by default all of it.
        """
        made = next(b for b in self.study.breakdowns if b.id == wanted.breakdown)
        whole = of(made.whole)
        numbers = [
            number
            for number, levels in enumerate(levels_of(made.dimensions))
            if set(wanted.levels) <= set(levels)
        ]
        if len(numbers) == 1:
            return self.add(Term(name, (whole,), cell=(made.id, numbers[0])))
        parts = [f"{made.id} cell {number} of {whole}" for number in numbers]
        for part, number in zip(parts, numbers, strict=True):
            self.add(Term(part, (whole,), cell=(made.id, number)))
        return self.add(Term(name, tuple(parts)))

    def _part(self, split: Split, id: str, when: str, of: Callable[[str], str]) -> str:
        left = of(split.whole)
        for part in split.defines[:-1]:
            if part == id:
                return self.add(Term(f"{id}{when}", (left,), part))
            rest = f"{split.id} without {part}{when}"
            left = self.add(Term(rest, (left,), part, rest=True))
        return self.add(Term(f"{id}{when}", (left,)))

    def _own(self, id: str, series: Series, first: date, last: date) -> str:
        """Return the window of a quantity with cells of its own; inside a cell its rate is even."""
        cell, part = series.at(last)
        begin, over = (0, 0.0) if first == series.start else series.at(first - _DAY)
        name = f"{id} from {first} to {last}"
        if first == series.start:
            if part == 1.0:
                return self.to_cell(id, cell)
            before = [(self.to_cell(id, cell - 1), 1.0)] if cell else []
            return self._weighted(name, [*before, (self.in_cell(id, cell), part)])
        if begin == cell:
            return self._weighted(name, [(self.in_cell(id, cell), part - over)])
        middle = [(self.in_cell(id, k), 1.0) for k in range(begin + 1, cell)]
        ends = (self.in_cell(id, begin), 1.0 - over), (self.in_cell(id, cell), part)
        return self._weighted(name, [ends[0], *middle, ends[1]])

    def _weighted(self, name: str, parts: Sequence[tuple[str, float]]) -> str:
        held = [(id, weight) for id, weight in parts if weight > 0.0]
        ids, weights = zip(*held, strict=True)
        return self.add(Term(name, ids, weights=weights))

    def in_cell(self, id: str, cell: int) -> str:
        """Return the line of a quantity's count in one cell of its series."""
        name = f"{id} in cell {cell}"
        return name if name in self.found else self.add(Term(name, (id,), cell=(id, cell)))

    def to_cell(self, id: str, cell: int) -> str:
        """Return the line of a quantity's count from the start to the end of a cell."""
        name = f"{id} to cell {cell}"
        if cell == len(self.study.series_of[id].edges) - 2:
            return id
        if cell == 0:
            return self.in_cell(id, 0)
        if name in self.found:
            return name
        return self.add(Term(name, (self.to_cell(id, cell - 1), self.in_cell(id, cell))))

    def run(self, balance: RunningBalance) -> None:
        """Add the lines of a running balance, from the stock at the end backwards.

        Parameters
        ----------
        balance
            Whose stock and outflows have their lines.
        """
        series = self.study.series_of[balance.stock]
        after, inflows = balance.stock, []
        for cell in reversed(range(len(series.edges) - 1)):
            first, last = series.edges[cell], series.edges[cell + 1] - _DAY
            through = (after, *(self.window(out, first, last) for out in balance.outflows))
            at = (balance.id, cell)
            inflows.append(self.add(Term(f"{balance.inflow} in cell {cell}", through, cell=at)))
            before = Term(f"{balance.stock} before cell {cell}", through, rest=True, cell=at)
            after = self.add(before)
        self.add(Term(balance.inflow, tuple(inflows)))

    def stock(self, id: str, day: date) -> str:
        """Return the line of a stock at the end of a day; inside a cell it moves evenly.

        Parameters
        ----------
        id
            A stock that runs over time, or a part or a sum of such.
        day
            A day of its series.
        """
        if not self._balance_of(id, "stock"):
            return self._derived(id, f" on {day}", lambda member: self.stock(member, day))
        cell, part = self.study.series_of[id].at(day)
        if part == 1.0:
            return self._after(id, cell)
        ends = (f"{id} before cell {cell}", self._after(id, cell))
        return self.add(Term(f"{id} on {day}", ends, weights=(1.0 - part, part)))

    def _after(self, id: str, cell: int) -> str:
        is_last = cell == len(self.study.series_of[id].edges) - 2
        return id if is_last else f"{id} before cell {cell + 1}"

    def is_stock(self, id: str) -> bool:
        """Return whether a quantity that runs over time is a stock, or stands on one."""
        if self._balance_of(id, "inflow"):
            return False
        of = (other for other in self.study.graph[id] if other in self.study.series_of)
        return self._balance_of(id, "stock") is not None or any(map(self.is_stock, of))

    def _balance_of(self, id: str, role: str) -> RunningBalance | None:
        balances = (i for i in self.study.identities if isinstance(i, RunningBalance))
        return next((i for i in balances if getattr(i, role) == id), None)

    def moment(self, id: str, cell: int) -> str:
        """Return the line of a quantity at the end of a cell: its count so far, or the stock."""
        series = self.study.series_of[id]
        last = series.edges[cell + 1] - _DAY
        if self.is_stock(id):
            return self.stock(id, last)
        return self.window(id, series.start, last)


def levels_of(dimensions: Sequence[Dimension]) -> list[tuple[tuple[str, str], ...]]:
    """Return the levels of each cell of a breakdown, the last dimension running fastest."""
    found: list[tuple[tuple[str, str], ...]] = [()]
    for dimension in dimensions:
        names = [level for level, _ in dimension.levels]
        found = [(*before, (dimension.id, name)) for before in found for name in names]
    return found
