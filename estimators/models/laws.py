"""The law of each wording: how the number said lies around the belief, its words and its source.

One small object a wording, with logp and random side by side; a user can register another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from estimators.evidence.problems import suggestion
from estimators.evidence.wording import register_wording
from estimators.models import cells
from estimators.models.printing import METHODS, cells_of, print_number, to_scale

type Array = npt.NDArray[Any]
type Rng = np.random.Generator

SHARE_FLOOR = 0.02
PAIR_FLOOR = 0.03
ENUMERATED_SIGMA = 0.05
HEDGED_ODD_SIGMA = 0.12  # 'about' before a number that is not round
CODED = 1.5  # a coding rule's low and high are between-report ranges: too narrow
FORECAST_WEIGHT = 0.5
_TABLE_POINTS = 4001
_TABLE_TAIL = 1e-10

_WILLIAMS = "Williams & Power (2013), oro.open.ac.uk/38262; Ferson et al. (2015)"
_RADFORD = "Radford et al. (2023), doi:10.1073/pnas.2307372120 (47 floors of one war)"
_CREMERS = "Cremers et al. (2022); Nouwen (2013) on 'at least'; " + _RADFORD
_UCDP = "doi:10.1177/00220027261423826 on low, best and high of conflict data"
_JUDGED = "judgement"


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
    """

    name: str
    code: int
    sigma: float
    slack: float = 0.0
    sign: float = 1.0
    sentence: str = ""
    source: str = _JUDGED
    error: Any = None

    @cached_property
    def table(self) -> Array:
        """Return the log density of belief less log said, as `cells.table_density` reads it."""
        ends = self.error.ppf([_TABLE_TAIL, 1.0 - _TABLE_TAIL])
        grid = np.linspace(-ends[1], -ends[0], _TABLE_POINTS)
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
        said = self.draw(rng, belief, np.full(belief.shape, self.sigma), np.float64(self.slack))
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
            weight + self._cell(low, high, float(np.log(count)))
            for weight, low, high in zip(*(grid[0] for grid in grids), strict=True)
            if weight > -np.inf
        ]
        return float(np.logaddexp.reduce(found))

    def _cell(self, low: float, high: float, belief: float) -> float:
        log_sigma = float(np.log(self.sigma))
        if self.code == cells.POINT:
            return float(cells.logistic_cell(low, high, belief, log_sigma)[0])
        if self.code == cells.NEARLY:
            return float(cells.nearly_cell(low, high, belief, log_sigma)[0])
        log_slack = float(np.log(self.slack)) if self.slack else 0.0
        table = self.table if self.code == cells.TABLE else np.zeros(4)
        made = cells.smooth_cell(
            self.code, low, high, belief, log_sigma, log_slack, self.sign, table
        )
        return float(made[0])


_SHIPPED = (
    Law("exact", cells.POINT, 0.10, sentence="the number believed, as far as it is known"),
    Law(
        "about",
        cells.POINT,
        0.10,
        sentence="as without a hedge; before a number that is not round a little wider",
        source=_WILLIAMS,
    ),
    Law("nearly", cells.NEARLY, 0.05, sentence="said a little above the belief"),
    Law(
        "more than",
        cells.BOUND,
        0.20,
        0.30,
        sentence="the truth is in the median 1.28 times as many, soft below",
        source=_RADFORD,
    ),
    Law(
        "at least",
        cells.BOUND,
        0.30,
        0.40,
        sentence="the truth is in the median 1.40 times as many, soft below",
        source=_CREMERS,
    ),
    Law(
        "up to",
        cells.BOUND,
        0.30,
        0.45,
        -1.0,
        sentence="the truth is in the median two thirds of it, soft above",
        source="McNabb et al. on 'up to' and 'at most'; judgement",
    ),
    Law(
        "fewer than",
        cells.BOUND,
        0.20,
        0.30,
        -1.0,
        sentence="the truth is in the median four fifths of it, soft above",
        source="McNabb et al. on 'fewer than'; judgement",
    ),
    Law(
        "could reach",
        cells.BOUND,
        0.50,
        0.70,
        -1.0,
        sentence="a forecast: far above what is believed, and of half weight if used at all",
    ),
    Law(
        "verified",
        cells.NORMAL,
        0.02,
        sentence="an enumerated floor: a thinning of the truth at an unknown coverage",
        source="Stoner, Economou & Drummond (2019), arXiv:1809.00544",
    ),
    Law("between", cells.NORMAL, 0.0, sentence="an 80 % interval around the belief"),
    Law(
        "estimate",
        cells.SPLIT,
        0.0,
        sentence="a best value with its interval: split normal in the log",
        source=_UCDP,
    ),
)
LAWS: dict[str, Law] = {law.name: law for law in _SHIPPED}


def law(name: str) -> Law:
    """Return the law of a wording that holds numbers, shipped or registered.

    Parameters
    ----------
    name
        The wording, as claims.csv names it.

    Raises
    ------
    ValueError
        If there is none.
    """
    if name not in LAWS:
        raise ValueError(f"no law for {name!r}. {suggestion(name, LAWS)}")
    return LAWS[name]


def add_wording(
    name: str, error: Any, *, sentence: str, source: str = _JUDGED, hedge: str | None = None
) -> Law:
    """Return the law of a new wording, known from now on to claims files and models.

    Parameters
    ----------
    name
        The wording, as claims.csv is to name it.
    error
        A frozen continuous distribution of scipy: log of the number said less the log of what is
        believed, e.g. `scipy.stats.skewnorm(3, scale=0.2)`.
    sentence
        What it is taken to mean, fit to be printed.
    source
        Where its numbers come from.
    hedge
        The words before the number; the name if not given.

    Raises
    ------
    ValueError
        If the name is taken, or the distribution has no density over a finite spread.
    """
    sd = float(error.std())
    if not 0.0 < sd < np.inf:
        raise ValueError(f"the error of {name!r} needs a finite sd above 0, not {sd}")
    made = Law(name, cells.TABLE, sd, sentence=sentence, source=source, error=error)
    if not np.isfinite(made.table).all():
        raise ValueError(f"the error of {name!r} needs a density above 0 between its tails")
    register_wording(name, hedge)
    LAWS[name] = made
    return made


# Median and sd of each word: log counts, then logit shares (judgement, wide: coding rules differ
# by a factor of 5; ACLED takes hundreds for 100, others for several hundred).
LADDER = {
    "a few": (5, 0.30),
    "several": (6, 0.42),
    "tens": (42, 0.46),
    "dozens": (49, 0.43),
    "scores": (77, 0.40),
    "a few hundred": (300, 0.31),
    "hundreds": (370, 0.54),
    "several hundred": (475, 0.39),
    "thousands": (3_700, 0.54),
    "several thousand": (4_700, 0.39),
    "tens of thousands": (37_000, 0.54),
}
SHARE_LADDER = {
    "hardly any": (4, 0.6),
    "a minority": (25, 0.5),
    "half": (50, 0.2),
    "most": (75, 0.5),
    "nearly all": (95, 0.5),
}


def ladder_of(words: dict[str, tuple[int, float]], is_share: bool) -> Array:
    """Return a ladder as `cells.word_chance` reads it: shape (words, 2).

    Parameters
    ----------
    words
        Median (persons or percent) and sd of each word.
    is_share
        Whether the medians are shares.
    """
    medians = to_scale([median for median, _ in words.values()], is_share)
    return np.stack([medians, [sd for _, sd in words.values()]], axis=1)


LADDERS = (ladder_of(LADDER, is_share=False), ladder_of(SHARE_LADDER, is_share=True))


def scaled(given: Law, factor: float) -> Law:
    """Return a law with sigma and slack multiplied, as a planted error of a calibration needs.

    Parameters
    ----------
    given
        The law.
    factor
        Multiplies both.
    """
    return replace(given, sigma=given.sigma * factor, slack=given.slack * factor)
