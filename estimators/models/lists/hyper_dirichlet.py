"""Marginal likelihoods of capture tables under decomposable graphs with hyper-Dirichlet priors.

With delta prior persons in every cell, the table of a set A of lists has the Dirichlet-multinomial
chance f_A, and a completed table with N persons that of its cliques over its separators [1]_:

    p(table | N, graph) = N! / prod n_c! * prod_cliques f_C(N) / prod_separators f_S(N)
    f_A(N) = Gamma(a) / Gamma(a + N) * prod_cells Gamma(a_A + n_cell) / Gamma(a_A),

with a = delta 2^J and a_A = delta 2^(J - |A|). N enters f_A only through the cell of nobody seen,
so that each set of lists leaves two numbers, whichever the graph:

    log f_A(N) = constant_A + log Gamma(N + shift_A) - log Gamma(N + a).

Cells without persons contribute nothing, so that only histories that were seen are counted.

References
----------
.. [1] Madigan & York (1997). Biometrika 84, 19-31, doi:10.1093/biomet/84.1.19.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from estimators.models.lists.table import Table

type Array = npt.NDArray[np.float64]
type Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class HyperDirichlet:
    """A capture table with a hyper-Dirichlet prior: the likelihood of N under every graph.

    Parameters
    ----------
    table
        The histories that were seen.
    delta
        Prior persons in each cell of all lists; 2^-lists adds up to one person.

    Raises
    ------
    ValueError
        If `delta` is not a positive number.
    """

    table: Table
    delta: float

    def __post_init__(self) -> None:
        """Raise ValueError unless delta is positive."""
        if not 0.0 < self.delta < np.inf:
            raise ValueError(
                f"delta is the number of prior persons in a cell, above 0, not {self.delta}; "
                f"2^-lists is a usual choice"
            )

    @classmethod
    def of(cls, table: Table, delta: float | None = None) -> HyperDirichlet:
        """Return the table with its prior: one person in all if `delta` is not given.

        Parameters
        ----------
        table
            The histories that were seen.
        delta
            Prior persons in each cell; 2^-lists if not given.
        """
        return cls(table, 2.0 ** -len(table.lists) if delta is None else delta)

    @property
    def total(self) -> float:
        """Return the prior persons in all cells together."""
        return float(self.delta * 2.0 ** len(self.table.lists))

    def share(self, lists: int) -> float:
        """Return the prior persons in a cell of the marginal table of a set of lists (a mask)."""
        return self.total / 2.0 ** lists.bit_count()

    def constant(self, lists: int) -> float:
        """Return what the table of a set of lists adds to the log likelihood whatever N is.

        Parameters
        ----------
        lists
            The set, as a mask.
        """
        share = self.share(lists)
        at, place = np.unique(self.table.history & lists, return_inverse=True)
        seen = np.bincount(place, self.table.count)[at > 0]
        counted = gammaln(share + seen) - gammaln(share)
        return float(counted.sum() + gammaln(self.total) - gammaln(share))

    def shift(self, lists: int) -> float:
        """Return what is added to N in the cell of persons on none of a set of lists (a mask)."""
        on = self.table.count[(self.table.history & lists) > 0].sum()
        return float(self.share(lists) - on)

    def log_tables(self, sets: Whole, count: Array) -> Array:
        """Return log f_A(N): shape (sets, counts).

        Parameters
        ----------
        sets
            Sets of lists, as masks; that of no lists gives 0.
        count
            Numbers of persons, those on the lists included.
        """
        constant = np.array([self.constant(lists) if lists else 0.0 for lists in sets.tolist()])
        shift = np.array([self.shift(lists) if lists else self.total for lists in sets.tolist()])
        found: Array = gammaln(count + shift[:, None]) - gammaln(count + self.total)
        return found + constant[:, None]

    def log_ways(self, count: Array) -> Array:
        """Return log N! / prod n_c!, the ways in which N persons can have these histories.

        Parameters
        ----------
        count
            Numbers of persons, those on the lists included.
        """
        unseen = count - self.table.n
        found: Array = gammaln(count + 1.0) - gammaln(unseen + 1.0)
        return found - gammaln(self.table.count + 1.0).sum()

    def log_likelihood(self, powers: dict[int, int], count: Array) -> Array:
        """Return log p(table | N, graph) of one graph at each number of persons.

        Parameters
        ----------
        powers
            The sets of lists that make up the graph, with how often each table multiplies the
            likelihood: `powers(neighbours)`.
        count
            Numbers of persons, those on the lists included.
        """
        sets = np.array(list(powers), dtype=np.int64)
        times = np.array(list(powers.values()), dtype=float)
        return self.log_ways(count) + times @ self.log_tables(sets, count)
