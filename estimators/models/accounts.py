"""Accounts: quantities and identities become true counts that agree in every draw.

Every identity holds by construction, never by penalty. A base quantity is a lognormal with its
stated range; a part is a share of its whole; a sum adds; a split is a Dirichlet; a balance runs
backwards from the stock after it, so that no stock and no flow can be negative (Bryant & Graham
2013, doi:10.1214/13-BA820, for accounts under a system model). What runs over time or falls apart
along dimensions stands on cells, of which all windows and margins are sums.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from estimators.evidence.quantity import Balance, CellOf, PartOf, RunningBalance, Split, SumOf
from estimators.evidence.study import Study
from estimators.models.ranges import Priors, covered
from estimators.models.shapes import Shape
from estimators.models.windows import Term, Windows, share_id

type Array = npt.NDArray[np.float64]
type Places = npt.NDArray[np.int64]
type Moment = tuple[str, int]


@dataclass(frozen=True)
class Account:
    """The lines of a study, each after its members, and which of them is read.

    `read` is the line that each claim counts, `whole` the line of all that it speaks of: the same
    unless it counts only the part that a coverage reaches. `moments` holds, for each quantity that
    runs over time, the line of its count at the end of each cell.
    """

    terms: tuple[Term, ...]
    read: Mapping[str, str]
    whole: Mapping[str, str]
    moments: Mapping[Moment, str]


def account_of(study: Study) -> Account:
    """Return the account of a study.

    Parameters
    ----------
    study
        The study whose quantities, identities and readings are read.
    """
    windows = Windows(study)
    for id in study.order:
        if not study.by_id[id].is_share and id not in windows.found:
            _define(windows, id)
    moments = {
        (id, cell): windows.moment(id, cell)
        for id, series in study.series_of.items()
        for cell in range(len(series.edges) - 1)
    }
    said = [claim for claim in study.readings if not study.by_id[claim.quantity].is_share]
    whole = {claim.id: windows.read(claim) for claim in said}
    read = dict(whole)
    for claim in said:
        if part := covered(claim):
            of = whole[claim.id]
            read[claim.id] = windows.add(Term(f"{of} covered by {part}", (of,), f"coverage {part}"))
    return Account(tuple(windows.found.values()), read, whole, moments)


def _define(windows: Windows, id: str) -> None:
    """Add the line that defines a quantity; for a split, the lines of all its parts."""
    study = windows.study
    match study.by_id[id].rule or study.identity_of[id]:
        case CellOf() as cell:
            windows.cells(id, cell)
        case RunningBalance() as balance:
            windows.run(balance)
        case rule:
            for term in _terms(id, rule):
                windows.add(term)


def _terms(id: str, rule: object) -> Iterator[Term]:
    match rule:
        case PartOf(whole) as rule:
            yield Term(id, (whole,), share_id(rule, id))
        case SumOf(parts):
            yield Term(id, parts)
        case Balance() as balance:
            through = (balance.after, *balance.outflows)
            yield Term(id, through, balance.inflow, rest=id != balance.inflow)
        case Split() as split:
            left = split.whole
            for part in split.defines[:-1]:
                yield Term(part, (left,), part)
                yield Term(f"{split.id} without {part}", (left,), part, rest=True)
                left = f"{split.id} without {part}"
            yield Term(split.defines[-1], (left,))
        case _:
            yield Term(id)


@dataclass(frozen=True)
class Lines:
    """The account as arrays: for each line its own unknown or its factor and members.

    `id` names the lines; a place of -1 means none. See `arrays.Structure`.
    """

    id: tuple[str, ...]
    base_line: Places
    fraction: Places
    cell: Places
    rest: Places
    start: Places
    members: Places
    weights: Array

    @cached_property
    def place(self) -> dict[str, int]:
        """Return the number of each line."""
        return {id: number for number, id in enumerate(self.id)}


def lines_of(account: Account, priors: Priors, shapes: Sequence[Shape]) -> Lines:
    """Return an account as arrays.

    Parameters
    ----------
    account
        The account of a study.
    priors
        Its priors, which name the unknowns.
    shapes
        Its groups of cells.

    Notes
    -----
    Every rule says: a quantity is a factor times a sum of others (or, for a base quantity, its own
    value). In topological order one pass forwards gives them all; it only ever adds and multiplies
    positive numbers, so nothing cancels and nothing can be negative.
    """
    terms = account.terms
    places = {term.id: row for row, term in enumerate(terms)}
    fractions = {id: row for row, id in enumerate(priors.fraction)}
    first = dict(
        zip(
            (shape.name for shape in shapes),
            np.cumsum([0, *(len(shape.basis) for shape in shapes)]).tolist(),
            strict=False,
        )
    )
    members = [[places[member] for member in term.members] for term in terms]
    weights = [term.weights or (1.0,) * len(term.members) for term in terms]
    return Lines(
        tuple(places),
        np.array([places[id] for id in priors.base], dtype=np.int64),
        np.array([fractions[t.fraction] if t.fraction else -1 for t in terms], dtype=np.int64),
        np.array([first[t.cell[0]] + t.cell[1] if t.cell else -1 for t in terms], dtype=np.int64),
        np.array([term.rest for term in terms], dtype=np.int64),
        np.cumsum([0, *map(len, members)]),
        np.array([place for row in members for place in row], dtype=np.int64),
        np.array([weight for row in weights for weight in row], dtype=float),
    )
