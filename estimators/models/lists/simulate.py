"""Lists drawn at random: people who differ, lists that depend on each other, who is on which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from estimators.evidence.captures import Captures, Cell

type Array = npt.NDArray[np.float64]
type Rng = np.random.Generator

_NODES = 200  # quantiles of what differs between people, at which a share is averaged


@dataclass(frozen=True)
class Plan:
    """How lists come about: what a team expects of them before it collects one.

    Parameters
    ----------
    people
        How many there are in truth.
    shares
        For each list the share of the people that is on it, between 0 and 1.
    heterogeneity
        How much people differ: the sd of what is added to all of a person's log odds of capture.
        With 1, one in six has odds e times those of the median person or more.
    dependence
        For pairs of lists, the log odds ratio with which standing on the first makes standing on
        the second likelier (positive) or less likely, given the person.

    Raises
    ------
    ValueError
        If a number cannot be what it should be, or a pair names no two lists.
    """

    people: int
    shares: Mapping[str, float]
    heterogeneity: float = 0.0
    dependence: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise ValueError unless there are people, two lists and shares between 0 and 1."""
        if self.people < 1 or self.heterogeneity < 0.0:
            raise ValueError("people must be 1 or more, and heterogeneity 0 or more")
        for id, share in self.shares.items():
            if not 0.0 < share < 1.0:
                raise ValueError(f"the share on list {id} must lie between 0 and 1, not {share}")
        for pair in self.dependence:
            if len(set(pair)) != 2 or not set(pair) <= set(self.shares):
                names = ", ".join(self.shares)
                raise ValueError(f"dependence {pair} is no pair of the lists {names}")
        if len(self.shares) < 2:
            raise ValueError("people are matched over two lists or more: give shares of each")

    @property
    def lists(self) -> tuple[str, ...]:
        """Return the names of the lists in their order."""
        return tuple(self.shares)

    def without(self, *ids: str) -> Plan:
        """Return the plan without some of the lists."""
        kept = {id: share for id, share in self.shares.items() if id not in ids}
        pairs = {p: size for p, size in self.dependence.items() if not set(p) & set(ids)}
        return Plan(self.people, kept, self.heterogeneity, pairs)


def simulate_lists(plan: Plan, rng: Rng) -> Captures:
    """Return lists drawn by a plan; who is on none is left out.

    Parameters
    ----------
    plan
        How they come about.
    rng
        Random generator.
    """
    ease = plan.heterogeneity * rng.standard_normal(plan.people)
    on = np.zeros((plan.people, len(plan.lists)), dtype=bool)
    for place, id in enumerate(plan.lists):
        pushed = ease + _pushes(plan, id, on)
        on[:, place] = rng.random(plan.people) < expit(_level(plan.shares[id], pushed) + pushed)
    history = on @ (1 << np.arange(len(plan.lists)))
    seen, count = np.unique(history[history > 0], return_counts=True)
    cells = zip(seen.tolist(), count.tolist(), strict=True)
    return Captures(plan.lists, tuple(Cell(at, times) for at, times in cells), name="simulated")


def _pushes(plan: Plan, id: str, on: npt.NDArray[np.bool_]) -> Array:
    """Return what the lists before this one add to each person's log odds of being on it."""
    found = np.zeros(len(on))
    for pair, size in plan.dependence.items():
        other = next((name for name in pair if name != id), "")
        if id in pair and plan.lists.index(other) < plan.lists.index(id):
            found += size * on[:, plan.lists.index(other)]
    return found


def _level(share: float, pushed: Array) -> float:
    """Return the log odds at which, with what is added for each person, the share is reached."""
    nodes = np.quantile(pushed, (np.arange(_NODES) + 0.5) / _NODES)
    low, high = (float(logit(share) + end) for end in (-nodes.max() - 1.0, -nodes.min() + 1.0))
    for _ in range(60):
        middle = (low + high) / 2.0
        is_low = float(expit(middle + nodes).mean()) < share
        low, high = (middle, high) if is_low else (low, middle)
    return (low + high) / 2.0
