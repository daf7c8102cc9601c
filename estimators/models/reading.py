"""One reading: a claim or an anchor, the law of its wording and what was printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import stats

from estimators.evidence.choices import Anchor
from estimators.evidence.claim import Claim
from estimators.evidence.study import Study
from estimators.evidence.wording import (
    WORDS,
    BestEstimate,
    Between,
    CouldReach,
    Most,
    OneNumber,
    OrderOf,
    is_round,
    significant_digits,
)
from estimators.models import cells
from estimators.models.law import Law
from estimators.models.laws import (
    CODED,
    DAY_SD,
    ENUMERATED_SIGMA,
    FORECAST_WEIGHT,
    HEDGED_ODD_SIGMA,
    PAIR_FLOOR,
    RECORD,
    SHARE_FLOOR,
    SHARE_LADDER,
    law,
)
from estimators.models.printing import METHODS, to_scale
from estimators.models.records import Step

COUNTED = ("enumeration", "running total")
NUMBER, LATTICE, CHOICE, HOLDS = range(4)  # what is printed: a number, a pair, a word, or nothing


@dataclass(frozen=True)
class Reading:
    """One observation of the model: a claim with its law, or an anchor.

    `sigma` and `slack` are the law's defaults for it; `half` is half the cell of a pair on the
    belief's scale; `observed` is the number, the middle of the pair, or the place of the word.
    `scatters` says that the true count itself is a Poisson number around the path of its series,
    `before` names the printing that a running total goes on from, of whose error it keeps `carry`.
    """

    id: str
    quantity: str
    law: Law
    kind: int
    observed: float
    sigma: float
    slack: float = 0.0
    half: float = 0.0
    is_share: bool = False
    method: int = 1
    weight: float = 1.0
    is_unknown: bool = False
    claim: Claim | None = None
    anchor: Anchor | None = None
    scatters: bool = False
    before: str = ""
    carry: float = 0.0

    def weighs(self, without: frozenset[str], adding: frozenset[str]) -> float:
        """Return the weight in a fit that leaves some readings out, and adds anchors."""
        if self.id in without:
            return 0.0
        return 1.0 if self.id in adding else self.weight


def reading_of(claim: Claim, study: Study) -> Reading:
    """Return the reading of a claim.

    Parameters
    ----------
    claim
        One of the study's readings.
    study
        The study.

    Notes
    -----
    A count of days within one cell of a series is a Poisson number around the cell's even rate,
    and one day differs from the next beyond that: its sd on the log scale is stated.
    """
    made = _plain_reading(claim, study)
    days = _days_in_cell(claim, study)
    if not days:
        return made
    return replace(made, sigma=float(np.hypot(made.sigma, DAY_SD / np.sqrt(days))), scatters=True)


def _days_in_cell(claim: Claim, study: Study) -> int:
    """Return how many days a claim counts where these are fewer than a cell holds; else 0."""
    series = study.series_of.get(claim.quantity)
    if series is None or claim.since is None:
        return 0
    first, last = claim.since.start, claim.speaks_for.end
    cell = series.at(first)[0]
    begin, after = series.edges[cell : cell + 2]
    days = (last - first).days + 1
    return days if days < (after - begin).days else 0


def _plain_reading(claim: Claim, study: Study) -> Reading:
    """Return the reading of a claim whose count is as even as its line."""
    wording, is_share = claim.wording, study.by_id[claim.quantity].is_share
    unknown = study.source_by_id[claim.origin].source_class == "unknown"
    common: dict[str, Any] = {"is_share": is_share, "claim": claim, "is_unknown": unknown}
    if isinstance(wording, OrderOf | Most):
        ladder = list(SHARE_LADDER) if is_share else list(WORDS)
        word = Law(wording.name, cells.WORD, 1.0, sentence="a choice on a ladder of words")
        place = float(ladder.index(wording.name))
        return Reading(claim.id, claim.quantity, word, CHOICE, place, 1.0, **common)
    if isinstance(wording, Between | BestEstimate):
        return _pair(claim, wording, common)
    assert isinstance(wording, OneNumber)
    made = law("exact" if _is_tally(claim) else wording.name)
    method = METHODS.index("enumeration" if _is_counted(claim) else "estimate")
    return Reading(
        claim.id,
        claim.quantity,
        made,
        NUMBER,
        wording.value,
        max(_sigma(claim, made), SHARE_FLOOR * is_share),
        made.slack,
        method=method,
        weight=FORECAST_WEIGHT if isinstance(wording, CouldReach) else 1.0,
        **common,
    )


def carried_on(given: Reading, step: Step) -> Reading:
    """Return the reading of a running total as the growth since the printing it goes on from.

    Parameters
    ----------
    given
        The reading of one printing by itself.
    step
        The printing it goes on from, and what happened since.

    Notes
    -----
    How finely the number before was printed adds to what is new. Two totals of the same days
    differ as two tallies do.
    """
    assert isinstance(step.before.wording, OneNumber)
    new = RECORD.sigma * step.spread if step.spread else ENUMERATED_SIGMA
    rounded = step.carry * _fineness((step.before.wording.value,), is_share=False) / np.sqrt(3.0)
    return replace(
        given,
        law=RECORD,
        kind=NUMBER,
        sigma=float(np.hypot(new, rounded)),
        slack=0.0,
        before=step.before.id,
        carry=step.carry,
    )


def _is_tally(claim: Claim) -> bool:
    """Return whether a verified count is one printing of a running total.

    The scatter of who was verified is one for all its printings, so no printing has it of its own.
    """
    return claim.wording.name == "verified" and claim.method == "running total"


def _is_counted(claim: Claim) -> bool:
    return claim.method in COUNTED or (not claim.method and claim.wording.name == "verified")


def _sigma(claim: Claim, made: Law) -> float:
    assert isinstance(claim.wording, OneNumber)
    if made.name == "about" and not is_round(claim.wording.value):
        return HEDGED_ODD_SIGMA
    if made.code == cells.POINT and claim.method in COUNTED:
        return ENUMERATED_SIGMA
    return made.sigma


def _pair(claim: Claim, wording: Between | BestEstimate, common: dict[str, Any]) -> Reading:
    """Return the reading of a pair: its middle (or best value), given how wide it is."""
    low, high = (float(to_scale(end, common["is_share"])) for end in (wording.low, wording.high))
    width = 2.0 * float(stats.norm.ppf(0.5 + wording.level / 200.0))
    coded = CODED if claim.method == "coding rule" else 1.0
    if isinstance(wording, Between):
        sigma, slack, middle = (high - low) / width * coded, 0.0, (low + high) / 2.0
        half = _fineness((wording.low, wording.high), common["is_share"])
    else:
        middle = float(to_scale(wording.best, common["is_share"]))
        sigma, slack = 2.0 * (high - middle) / width * coded, 2.0 * (middle - low) / width * coded
        half = _fineness((wording.best,), common["is_share"])
        slack = max(slack, PAIR_FLOOR)
    sigma = max(sigma, PAIR_FLOOR)
    made = law(wording.name)
    return Reading(
        claim.id, claim.quantity, made, LATTICE, middle, sigma, slack, half=half, **common
    )


def _fineness(numbers: Sequence[float], is_share: bool) -> float:
    """Return half the mean width, on the belief's scale, of the cells in which numbers are said."""
    digits = max(significant_digits(number) for number in numbers)
    widths = []
    for number in numbers:
        half = 10.0 ** (np.floor(np.log10(number)) - digits + 1) / 2.0
        low, high = to_scale([number - half, number + half], is_share)
        widths.append(high - low)
    return float(np.mean(widths) / 2.0)


def tunes_of(reading: Reading) -> tuple[str, str, str]:
    """Return the names of the parameters that a reading could teach: '' for none.

    Parameters
    ----------
    reading
        A claim or an anchor.
    """
    code = reading.law.code
    if code == cells.RECORD and reading.claim:
        on_a_day = reading.carry == 1.0
        about = "the same day" if on_a_day else reading.quantity
        return f"step of {reading.claim.origin} on {about}", "", ""
    if code not in (cells.POINT, cells.NEARLY, cells.BOUND, cells.NORMAL) or reading.anchor:
        return "", "", ""
    assert reading.claim is not None
    is_estimate = code == cells.POINT and reading.method == 1
    return (
        f"sigma of {reading.law.name!r}{' of single days' if reading.scatters else ''}",
        f"precision of {reading.claim.origin}" if is_estimate else "",
        f"slack of {reading.law.name!r}" if code == cells.BOUND else "",
    )
