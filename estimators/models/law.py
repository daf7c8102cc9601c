"""One law: how the number said lies around what is believed, its probability and random side."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from math import log
from typing import Any

import numpy as np
import numpy.typing as npt

from estimators.models import cells
from estimators.models.printing import METHODS, cells_of, print_number

type Array = npt.NDArray[Any]
type Rng = np.random.Generator

JUDGED = "judgement"
TABLE_POINTS = 4001
_TABLE_TAIL = 1e-10


@dataclass(frozen=True)
class Law:
    """How the number said (log, or logit of a share) lies around what the origin believes.

    Parameters
    ----------
    name
        The wording, as claims.csv names it.
    code
        Which compiled law of `cells` it follows.
    sigma
        Its scale; for an ExGaussian that of the Gaussian part.
    slack
        Mean of the exponential part, 0 where there is none.
    sign
        +1 where the truth lies above what is said, -1 where below.
    sentence
        What the wording is taken to mean, fit to be printed.
    source
        Where the law or its numbers come from.
    error
        For a registered law: a frozen continuous distribution of scipy, of log said less belief.
    held
        For what holds a count without saying a number: the table itself.
    """

    name: str
    code: int
    sigma: float
    slack: float = 0.0
    sign: float = 1.0
    sentence: str = ""
    source: str = JUDGED
    error: Any = None
    held: Any = field(default=None, compare=False, repr=False)

    @cached_property
    def table(self) -> Array:
        """Return the log density of belief less log said, as `cells.table_density` reads it."""
        if self.held is not None:
            return np.asarray(self.held)
        ends = self.error.ppf([_TABLE_TAIL, 1.0 - _TABLE_TAIL])
        grid = np.linspace(-ends[1], -ends[0], TABLE_POINTS)
        return np.concatenate([[grid[0], grid[1] - grid[0]], self.error.logpdf(-grid)])

    def draw(self, rng: Rng, belief: Array, sigma: Array, slack: Array) -> Array:
        """Return numbers to say (before they are printed) given beliefs.

        Parameters
        ----------
        rng
            Random generator.
        belief
            Log counts or logit shares, of any shape.
        sigma, slack
            The law's parameters, which may have been learned: shapes that fit the belief.
        """
        shape = np.shape(belief)
        if self.code in (cells.POINT, cells.NEARLY):
            shift = rng.choice(cells.NEARLY_SHIFTS, size=shape) if self.code == cells.NEARLY else 0
            return belief + shift + cells.LOGISTIC_SCALE * sigma * rng.logistic(size=shape)
        if self.code == cells.RECORD:
            return belief + sigma * rng.standard_t(2, size=shape)
        if self.code == cells.BOUND:
            gap = sigma * rng.standard_normal(shape) + slack * rng.standard_exponential(shape)
            return belief - self.sign * gap
        if self.code == cells.SPLIT:  # gap = belief - said: sd sigma above zero, slack below
            above = rng.random(shape) < sigma / (sigma + slack)
            size = np.abs(rng.standard_normal(shape))
            return belief - np.where(above, sigma * size, -slack * size)
        if self.code == cells.TABLE:
            return belief + self.error.rvs(size=shape, random_state=rng)
        return belief + sigma * rng.standard_normal(shape)

    def random(
        self, rng: Rng, count: Array, method: str = "estimate", size: int | None = None
    ) -> Array:
        """Return printed numbers, as somebody would word it who believes in a count.

        Parameters
        ----------
        rng
            Random generator.
        count
            Persons.
        method
            'enumeration' or 'estimate': with how many digits it is printed.
        size
            How many; by default one for each count.
        """
        belief = np.log(np.broadcast_to(count, np.shape(count) if size is None else (size,)))
        said = self.draw(rng, belief, np.full(belief.shape, self.sigma), np.asarray(self.slack))
        places = np.full(said.shape, METHODS.index(method))
        return print_number(rng, said, np.zeros(said.shape), places)

    def logp(self, printed: float, count: float, method: str = "estimate") -> float:
        """Return the log probability that a count is put into this printed number.

        Parameters
        ----------
        printed
            The number as printed (persons).
        count
            What the speaker believes (persons).
        method
            'enumeration' or 'estimate'.
        """
        grids = cells_of(np.array([printed]), np.zeros(1), np.array([METHODS.index(method)]))
        found = [
            log(chance) + self._cell(low, high, float(np.log(count)))
            for chance, low, high in zip(*(grid[0] for grid in grids), strict=True)
            if chance > 0.0
        ]
        return float(np.logaddexp.reduce(found))

    def _cell(self, low: float, high: float, belief: float) -> float:
        log_sigma = float(np.log(self.sigma))
        if self.code == cells.POINT:
            return float(cells.logistic_cell(low, high, belief, log_sigma)[0])
        if self.code == cells.RECORD:
            return log(cells.record_cell(low, high, belief, log_sigma)[0])
        if self.code == cells.NEARLY:
            return float(cells.nearly_cell(low, high, belief, log_sigma)[0])
        log_slack = float(np.log(self.slack)) if self.slack else 0.0
        table = self.table if self.code == cells.TABLE else np.zeros(4)
        made = cells.smooth_cell(
            self.code, low, high, belief, log_sigma, log_slack, self.sign, table
        )
        return float(made[0])
