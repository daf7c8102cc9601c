"""One population's capture histories as arrays: what every capture model reads."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from estimators.evidence.captures import Captures

type Array = npt.NDArray[np.float64]
type Whole = npt.NDArray[np.int64]

MOST_CELLS = 20  # lists: with more, all combinations do not fit in memory


@dataclass(frozen=True, eq=False)
class Table:
    """The capture histories of one population: who was seen how often on which lists.

    `history` (cells) has bit k set where persons stand on the k-th list, `count` (cells) says how
    many do; cells without anybody are left out. `lists` names the bits.
    """

    lists: tuple[str, ...]
    history: Whole
    count: Whole

    @classmethod
    def of(cls, captures: Captures) -> Table:
        """Return the table of captures of one population: one replicate, all strata together."""
        pooled = captures.pooled()
        cells = sorted((cell.history, cell.count) for cell in pooled.cells if cell.count)
        history, count = np.array(cells, dtype=np.int64).T
        return cls(captures.lists, history, count)

    @cached_property
    def n(self) -> int:
        """Return how many persons stand on at least one list."""
        return int(self.count.sum())

    @cached_property
    def on(self) -> npt.NDArray[np.bool_]:
        """Return whether the persons of a cell stand on a list: shape (cells, lists)."""
        return (self.history[:, None] >> np.arange(len(self.lists)) & 1).astype(bool)

    @cached_property
    def full(self) -> Whole:
        """Return the counts of all 2^lists histories; that on no list, at place 0, is 0.

        Raises
        ------
        ValueError
            If there are too many lists.
        """
        if len(self.lists) > MOST_CELLS:
            raise ValueError(
                f"all combinations of {len(self.lists)} lists do not fit in memory; merge lists, "
                f"or take a model that reads observed histories only (latent classes)"
            )
        counts = np.zeros(1 << len(self.lists), dtype=np.int64)
        counts[self.history] = self.count
        return counts
