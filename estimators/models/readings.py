"""What is observed: claims and anchors as arrays, each with the law of its wording.

Every log-likelihood is the log probability of the printed thing (a number with its wording, a
pair, a word), so that readings of different wordings speak one currency.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from estimators.evidence.choices import Anchor
from estimators.evidence.claim import Claim
from estimators.evidence.study import Study
from estimators.evidence.wording import (
    CEILINGS,
    WORDS,
    AtLeast,
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
from estimators.models.laws import (
    CODED,
    ENUMERATED_SIGMA,
    FORECAST_WEIGHT,
    HEDGED_ODD_SIGMA,
    LADDERS,
    PAIR_FLOOR,
    SHARE_FLOOR,
    SHARE_LADDER,
    Law,
    law,
)
from estimators.models.printing import METHODS, N_GRIDS, cells_of, print_number, to_scale

type Array = npt.NDArray[Any]
type Rng = np.random.Generator

NUMBER, LATTICE, CHOICE, HOLDS = range(4)  # what is printed: a number, a pair, a word, or nothing
HARD_FLOOR_SIGMA = 0.01
_Z90 = float(stats.norm.ppf(0.95))


@dataclass(frozen=True)
class Reading:
    """One observation of the model: a claim with its law, or an anchor.

    `sigma` and `slack` are the law's defaults for it; `half` is half the cell of a pair on the
    belief's scale; `observed` is the number, the middle of the pair, or the place of the word.
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


def readings_of(study: Study, reading: str = "neutral") -> tuple[Reading, ...]:
    """Return all observations of a study: its claims in their order, then its anchors.

    Parameters
    ----------
    study
        The study.
    reading
        With 'floors' every claim is read as 'at least', forecasts and ceilings have no weight.
    """
    made = [_reading(claim, study) for claim in study.readings]
    if reading == "floors":
        made = [_as_floor(given, study) for given in made]
    return (*made, *(_anchored(anchor) for anchor in study.anchors))


def _reading(claim: Claim, study: Study) -> Reading:
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
    made = law(wording.name)
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


def _is_counted(claim: Claim) -> bool:
    return claim.method == "enumeration" or (not claim.method and claim.wording.name == "verified")


def _sigma(claim: Claim, made: Law) -> float:
    assert isinstance(claim.wording, OneNumber)
    if made.name == "about" and not is_round(claim.wording.value):
        return HEDGED_ODD_SIGMA
    if made.code == cells.POINT and claim.method == "enumeration":
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


def _as_floor(given: Reading, study: Study) -> Reading:
    """Return a reading as if it said 'at least' its lowest number; no weight to what is no floor.

    A word is read as at least what it says at the least: the 5 % point of its kernel.
    """
    claim = given.claim
    assert claim is not None
    match claim.wording:
        case OneNumber(value):
            least = value
        case Between() | BestEstimate() as pair:
            least = pair.low
        case _:
            median, sd = LADDERS[int(given.is_share)][int(given.observed)]
            scale = median - _Z90 * sd
            least = 100.0 / (1.0 + np.exp(-scale)) if given.is_share else np.exp(scale)
            least = float(f"{least:.1g}")
    weight = 0.0 if isinstance(claim.wording, (*CEILINGS, CouldReach)) else 1.0
    return replace(_reading(replace(claim, wording=AtLeast(least)), study), weight=weight)


def _anchored(anchor: Anchor) -> Reading:
    weight = 1.0 if anchor.used else 0.0
    if anchor.floor is not None:
        step = Law("hard floor", cells.STEP, HARD_FLOOR_SIGMA, sentence="no fewer than on a list")
        at = float(np.log(anchor.floor))
        made = Reading(anchor.id, anchor.quantity, step, HOLDS, at, HARD_FLOOR_SIGMA)
        return replace(made, weight=weight, anchor=anchor)
    assert anchor.value is not None and anchor.complete_within is not None
    register = Law("register", cells.NORMAL, 0.0, sentence="a register that is nearly complete")
    sigma = float(np.log1p(anchor.complete_within / 100.0)) / _Z90
    made = Reading(
        anchor.id, anchor.quantity, register, LATTICE, float(np.log(anchor.value)), sigma
    )
    return replace(made, half=0.5 / anchor.value, weight=weight, anchor=anchor)


@dataclass(frozen=True, eq=False)
class Laws:
    """The laws of all readings as arrays, with the random side of each.

    `copy_chance` is the chance that a reading of unknown origin copies an earlier number.
    """

    readings: tuple[Reading, ...]
    copy_chance: float

    @cached_property
    def observed(self) -> Array:
        """Return what was printed, one entry a reading."""
        return np.array([reading.observed for reading in self.readings])

    @cached_property
    def kind(self) -> Array:
        """Return what is printed: a number, a pair, a word, or nothing."""
        return np.array([reading.kind for reading in self.readings])

    @cached_property
    def is_share(self) -> Array:
        """Return 1 where a share is read."""
        return np.array([float(reading.is_share) for reading in self.readings])

    @cached_property
    def method(self) -> Array:
        """Return the place of the method of each reading."""
        return np.array([reading.method for reading in self.readings])

    def cells(self, observed: Array) -> tuple[Array, Array, Array]:
        """Return log weights, low and high ends of what was printed: shape (readings, grids).

        Parameters
        ----------
        observed
            Printed things, in the order of the readings.
        """
        n = len(self.readings)
        weight = np.full((n, N_GRIDS), -np.inf)
        low, high = np.zeros((n, N_GRIDS)), np.zeros((n, N_GRIDS))
        here = self.kind == NUMBER
        if here.any():
            made = cells_of(observed[here], self.is_share[here], self.method[here])
            weight[here], low[here], high[here] = made
        rest = ~here
        half = np.array([reading.half for reading in self.readings])
        weight[rest, 0] = 0.0
        low[rest, 0], high[rest, 0] = (observed - half)[rest], (observed + half)[rest]
        return weight, low, high

    def words(self, observed: Array) -> Array:
        """Return the ladder and the place on it of each word: shape (readings, 2), -1 for none."""
        found = np.full((len(self.readings), 2), -1, dtype=np.int64)
        here = self.kind == CHOICE
        found[here, 0], found[here, 1] = self.is_share[here], observed[here]
        for place, given in enumerate(self.readings):
            if given.law.code == cells.TABLE:
                found[place, 0] = self.tables.index(given.law)
        return found

    @cached_property
    def tables(self) -> tuple[Law, ...]:
        """Return the registered laws among the readings."""
        return tuple(
            {r.law.name: r.law for r in self.readings if r.law.code == cells.TABLE}.values()
        )

    @cached_property
    def earlier(self) -> dict[int, tuple[int, ...]]:
        """Return, for each number of unknown origin, the numbers said of its quantity before."""
        numbers = [p for p, reading in enumerate(self.readings) if reading.kind == NUMBER]
        found = {
            place: tuple(p for p in numbers if _precedes(self.readings[p], self.readings[place]))
            for place in numbers
            if self.readings[place].is_unknown
        }
        return {place: before for place, before in found.items() if before}

    def copied(self, observed: Array) -> tuple[Array, Array]:
        """Return the chance that each reading is said on its own, and that it is a copy as printed.

        Parameters
        ----------
        observed
            Printed things, in the order of the readings.
        """
        own, copy = np.ones(len(self.readings)), np.zeros(len(self.readings))
        for place, before in self.earlier.items():
            said = Counter(observed[list(before)])
            own[place] = 1.0 - self.copy_chance
            copy[place] = self.copy_chance * said[observed[place]] / said.total()
        return own, copy

    def draw(self, rng: Rng, belief: Array, sigma: Array, slack: Array) -> Array:
        """Return printed things given beliefs: the random side, shape of `belief`, readings last.

        Parameters
        ----------
        rng
            Random generator.
        belief, sigma, slack
            What each origin believes, and the parameters of its law: shape (..., readings).
        """
        printed = np.empty(np.shape(belief))
        for place, given in enumerate(self.readings):
            here = belief[..., place], sigma[..., place], slack[..., place]
            printed[..., place] = _print(given, rng, *here)
        for place, earlier in sorted(self.earlier.items(), key=lambda item: len(item[1])):
            copies = rng.random(printed.shape[:-1]) < self.copy_chance
            which = rng.choice(earlier, size=copies.shape)
            before = np.take_along_axis(printed, which[..., None], axis=-1)[..., 0]
            printed[..., place] = np.where(copies, before, printed[..., place])
        return printed


def _precedes(other: Reading, mine: Reading) -> bool:
    """Return whether a number was printed of the same quantity before another was."""
    if other.claim is None or mine.claim is None or other.kind != NUMBER or other is mine:
        return False
    if other.quantity != mine.quantity:
        return False
    first, second = other.claim.published.start, mine.claim.published.start
    return (first, other.is_unknown, other.id) < (second, True, mine.id)


def _print(given: Reading, rng: Rng, belief: Array, sigma: Array, slack: Array) -> Array:
    if given.kind == HOLDS:
        return np.full(np.shape(belief), given.observed)
    if given.kind == CHOICE:
        ladder = LADDERS[int(given.is_share)]
        z = (np.asarray(belief)[..., None] - ladder[:, 0]) / ladder[:, 1]
        odds = -0.5 * z**2 - np.log(ladder[:, 1]) + rng.gumbel(size=z.shape)
        return np.asarray(np.argmax(odds, axis=-1), dtype=float)
    said = given.law.draw(rng, belief, sigma, slack)
    if given.kind == LATTICE:
        steps = np.round((said - given.observed) / (2.0 * given.half))
        return np.asarray(given.observed + 2.0 * given.half * steps)
    shape = np.shape(said)
    return print_number(
        rng, said, np.full(shape, float(given.is_share)), np.full(shape, given.method)
    )
