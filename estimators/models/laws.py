"""The law of each wording: how the number said lies around the belief, its words and its source.

A user can register another.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from estimators.evidence import wording
from estimators.evidence.problems import suggestion
from estimators.models import cells
from estimators.models.law import JUDGED, Law
from estimators.models.printing import to_scale

type Array = npt.NDArray[Any]

SHARE_FLOOR = 0.02
PAIR_FLOOR = 0.03
ENUMERATED_SIGMA = 0.05
DAY_SD = 0.5  # of the log of one day's count around the even rate of its cell: a judgement
HEDGED_ODD_SIGMA = 0.12  # 'about' before a number that is not round
CODED = 1.5  # a coding rule's low and high are between-report ranges: too narrow
FORECAST_WEIGHT = 0.5

_WILLIAMS = "Williams & Power (2013), oro.open.ac.uk/38262; Ferson et al. (2015)"
_RADFORD = "Radford et al. (2023), doi:10.1073/pnas.2307372120 (47 floors of one war)"
_CREMERS = "Cremers et al. (2022); Nouwen (2013) on 'at least'; " + _RADFORD
_UCDP = "doi:10.1177/00220027261423826 on low, best and high of conflict data"


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
# What a running total adds to its error from one printing to the next: see `records.Step`.
RECORD = Law(
    "running total",
    cells.RECORD,
    DAY_SD,
    sentence="the growth since its last printing; old errors thin out as it grows, with odd jumps",
    source="a sum of days with errors of their own; their sd is a judgement",
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


def register_wording(
    name: str, error: Any, *, sentence: str, source: str = JUDGED, hedge: str | None = None
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
    wording.register_wording(name, hedge)
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
