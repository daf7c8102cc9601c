"""What is observed: claims and anchors as arrays, each with the law of its wording.

Every log-likelihood is the log probability of the printed thing (a number with its wording, a
pair, a word), so that readings of different wordings speak one currency.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from estimators.evidence.choices import Anchor
from estimators.evidence.study import Study
from estimators.evidence.wording import (
    CEILINGS,
    AtLeast,
    BestEstimate,
    Between,
    CouldReach,
    OneNumber,
)
from estimators.models import cells
from estimators.models.law import Law
from estimators.models.laws import LADDERS
from estimators.models.lists.held import reading_of_lists
from estimators.models.lists.likelihood import Likelihood
from estimators.models.printing import N_GRIDS, cells_of, print_number
from estimators.models.reading import (
    CHOICE,
    HOLDS,
    LATTICE,
    NUMBER,
    Reading,
    carried_on,
    reading_of,
)
from estimators.models.records import records_of

type Array = npt.NDArray[Any]
type Rng = np.random.Generator

NOTHING_TOLD: Mapping[str, Likelihood] = {}
HARD_FLOOR_SIGMA = 0.01
TABLED = (cells.TABLE, cells.HELD)
_Z90 = float(stats.norm.ppf(0.95))


def readings_of(
    study: Study, reading: str = "neutral", told: Mapping[str, Likelihood] = NOTHING_TOLD
) -> tuple[Reading, ...]:
    """Return all observations of a study: its claims in their order, then its anchors.

    An anchor of matched lists is one only where its likelihood is given.

    Parameters
    ----------
    study
        The study.
    reading
        With 'floors' every claim is read as 'at least', forecasts and ceilings have no weight.
    told
        What matched lists say of their counts, by the id of the anchor.
    """
    made = [reading_of(claim, study) for claim in study.readings]
    if reading == "floors":
        made = [_as_floor(given, study) for given in made]
    before = records_of(study)
    made = [carried_on(r, before[r.id]) if r.id in before else r for r in made]
    plain = (_anchored(anchor) for anchor in study.anchors if anchor.matched is None)
    listed = (reading_of_lists(a, told) for a in study.anchors if a.matched and a.id in told)
    return (*made, *plain, *listed)


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
    return replace(reading_of(replace(claim, wording=AtLeast(least)), study), weight=weight)


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
        """Return chances, low and high ends of what was printed: shape (readings, grids).

        Parameters
        ----------
        observed
            Printed things, in the order of the readings.
        """
        n = len(self.readings)
        weight = np.zeros((n, N_GRIDS))
        low, high = np.zeros((n, N_GRIDS)), np.zeros((n, N_GRIDS))
        here = self.kind == NUMBER
        if here.any():
            made = cells_of(observed[here], self.is_share[here], self.method[here])
            weight[here], low[here], high[here] = made
        rest = ~here
        half = np.array([reading.half for reading in self.readings])
        weight[rest, 0] = 1.0
        low[rest, 0], high[rest, 0] = (observed - half)[rest], (observed + half)[rest]
        return weight, low, high

    def words(self, observed: Array) -> Array:
        """Return the ladder and the place on it of each word: shape (readings, 2), -1 for none."""
        found = np.full((len(self.readings), 2), -1, dtype=np.int64)
        here = self.kind == CHOICE
        found[here, 0], found[here, 1] = self.is_share[here], observed[here]
        for place, given in enumerate(self.readings):
            if given.law.code in TABLED:
                found[place, 0] = self.tables.index(given.law)
        return found

    @cached_property
    def tables(self) -> tuple[Law, ...]:
        """Return the laws among the readings that are tables: registered ones, and lists'."""
        return tuple({r.law.name: r.law for r in self.readings if r.law.code in TABLED}.values())

    @cached_property
    def earlier(self) -> dict[int, tuple[int, ...]]:
        """Return, for each number of unknown origin, the numbers said of its quantity before."""
        numbers: dict[str, list[int]] = defaultdict(list)
        for place, reading in enumerate(self.readings):
            if reading.kind == NUMBER:
                numbers[reading.quantity].append(place)
        found = {
            place: tuple(p for p in here if _precedes(self.readings[p], self.readings[place]))
            for here in numbers.values()
            for place in here
            if self.readings[place].is_unknown
        }
        return {place: before for place, before in sorted(found.items()) if before}

    def copied(self, observed: Array, without: frozenset[str] = frozenset()) -> tuple[Array, Array]:
        """Return the chance that each reading is said on its own, and that it is a copy as printed.

        Parameters
        ----------
        observed
            Printed things, in the order of the readings.
        without
            Ids of readings that nobody could copy, since the fit is without them.
        """
        own, copy = np.ones(len(self.readings)), np.zeros(len(self.readings))
        for place, before in self.earlier.items():
            said = Counter(observed[p] for p in before if self.readings[p].id not in without)
            if not said:
                continue
            own[place] = 1.0 - self.copy_chance
            copy[place] = self.copy_chance * said[observed[place]] / said.total()
        return own, copy

    @cached_property
    def before(self) -> dict[int, int]:
        """Return, for each printing that a running total goes on to, the place of that before."""
        places = {reading.id: place for place, reading in enumerate(self.readings)}
        found = {place: places[r.before] for place, r in enumerate(self.readings) if r.before}
        return dict(sorted(found.items(), key=lambda pair: self._depth(pair[0], found)))

    def _depth(self, place: int, before: dict[int, int]) -> int:
        """Return how many printings a record has before this one."""
        depth = 0
        while place in before:
            place, depth = before[place], depth + 1
        return depth

    def log_before(self, observed: Array) -> Array:
        """Return the log of the number that each reading goes on from, 0 for none.

        Parameters
        ----------
        observed
            Printed things, in the order of the readings.
        """
        found = np.zeros(len(self.readings))
        for place, earlier in self.before.items():
            found[place] = np.log(observed[earlier])
        return found

    def draw(
        self, rng: Rng, belief: Array, sigma: Array, slack: Array, afresh: bool = True
    ) -> Array:
        """Return printed things given beliefs: the random side, shape of `belief`, readings last.

        Parameters
        ----------
        rng
            Random generator.
        belief, sigma, slack
            What each origin believes, and the parameters of its law: shape (..., readings).
        afresh
            Whether running totals go on from what was drawn of them, not from what was said.
        """
        printed = np.empty(np.shape(belief))
        first = [place for place in range(len(self.readings)) if place not in self.before]
        for place in [*first, *self.before]:
            here = belief[..., place]
            if afresh and place in self.before:
                last = self.before[place]
                gap = np.log(printed[..., last] / self.observed[last])
                here = here + self.readings[place].carry * gap
            said = here, sigma[..., place], slack[..., place]
            printed[..., place] = _print(self.readings[place], rng, *said)
        for place, earlier in sorted(self.earlier.items(), key=lambda item: len(item[1])):
            copies = rng.random(printed.shape[:-1]) < self.copy_chance
            which = rng.choice(earlier, size=copies.shape)
            before = np.take_along_axis(printed, which[..., None], axis=-1)[..., 0]
            printed[..., place] = np.where(copies, before, printed[..., place])
        return printed


def _precedes(other: Reading, mine: Reading) -> bool:
    """Return whether one number of a quantity was printed before another was."""
    if other.claim is None or mine.claim is None or other is mine:
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
