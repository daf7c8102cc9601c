"""Draws from latent classes: compiled chains from dispersed starts, with or without tied levels."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from estimators.inference.lists.latent_steps import (
    WANTED,
    Array,
    Kept,
    State,
    Tuning,
    exchange,
    fly,
    swap,
    tied_pair,
)
from estimators.models.lists.latent_class import value_and_slope
from estimators.models.lists.latent_tree import Room, Tree, room_of

FREE: tuple[float, ...] = (0.0,)  # the posterior alone
TIED: tuple[float, ...] = (*np.geomspace(2.0, 0.005, 11).tolist(), 0.0)
_FIRST_STEP = 0.05
_LENGTH = 2.0  # of a trajectory on average, in standard deviations
_SLOWEST = 0.3  # of a level's step against the others': shorter ones are from a chain that stuck
_STEADY = 5.0  # draws that a scale of one counts for
_PHASES = ((0.1, 0.1), (0.1, 0.05), (0.2, 0.05), (0.3, 0.05), (0.3, 0.02))  # of warm-up, and rate

type Runs = Callable[[Tuning, int, float], list[Kept]]


@dataclass(frozen=True, eq=False)
class Sampled:
    """Draws of the free level, and how the chains went.

    Attributes
    ----------
    seen
        Chance to be on a list, 1 - p0: shape (chains, draws).
    share, persons
        Shares of the classes and persons on the lists expected in each: (chains, draws, classes).
    accept
        Mean acceptance of trajectories at the free level, by chain.
    strength
        Of the tie, by level, the last 0.
    swap
        How often neighbouring levels changed places when asked: shape (chains, levels - 1).
    trips
        How often a walker came from the tied end to the free one and back, by chain.
    seconds
        Of the processor, in warm-up and in sampling.
    """

    seen: Array
    share: Array
    persons: Array
    accept: Array
    strength: Array
    swap: Array
    trips: npt.NDArray[np.int64]
    seconds: tuple[float, float]


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _keep(it: int, state: State, tree: Tree, room: Room, kept: Kept) -> None:
    """Write down the draw of the free level, and running means of all levels."""
    free = len(state.apart) - 1
    _, seen = value_and_slope(state.at[free], tree, room, False)
    kept.seen[it] = seen
    unseen = tree.persons / seen
    for k in range(tree.classes):
        kept.share[it, k] = room.share[k]
        kept.persons[it, k] = room.back[k] - unseen * room.chance[k]
    for v in range(free + 1):
        for i in range(state.at.shape[1]):
            off = state.at[v, i] - kept.mean[v, i]
            kept.mean[v, i] += off / (it + 1)
            kept.spread[v, i] += off * (state.at[v, i] - kept.mean[v, i])


@numba.njit(cache=True, nogil=True)
def _turn(state: State, kept: Kept) -> None:
    """Count a round trip for the walker that comes back to the tied end from the free one."""
    tied, free = state.level[0], state.level[len(state.level) - 1]
    if state.way[tied] == -1:
        kept.trips[0] += 1
    state.way[tied] = 1
    if state.way[free] == 1:
        state.way[free] = -1


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _run(rng: Any, state: State, tuning: Tuning, tree: Tree, rate: float, kept: Kept) -> None:
    """Move all levels as often as there is room for draws; learn step sizes at a rate above 0."""
    room, levels = room_of(tree), len(tuning.step)
    work, share, scans = np.zeros((2, state.at.shape[1])), np.zeros(tree.classes), len(kept.seen)
    for it in range(scans):
        for v in range(levels):
            taken = fly(rng, v, state, tuning, tree, room, work)
            kept.accept[v] += taken / scans
            if rate > 0.0:
                tuning.step[v] *= np.exp(rate * (taken - WANTED))
                kept.log_step[v] += np.log(tuning.step[v]) / scans
            exchange(rng, state.at[v], state.pair[v], tree, share, work)
            if levels > 1:
                state.apart[v] = tied_pair(
                    rng, state.at[v], state.pair[v], tree, share, tuning.strength[v]
                )
        if levels > 1:
            swap(rng, state, tuning.strength, it % 2, kept.swap, work)
            _turn(state, kept)
        _keep(it, state, tree, room, kept)


def _kept(draws: int, levels: int, tree: Tree) -> Kept:
    """Return room for what a run leaves."""
    size = (tree.lists + 1) * tree.classes
    share, persons = np.zeros((2, draws, tree.classes))
    accept, swapped, log_step = np.zeros((3, levels))
    mean, spread = np.zeros((2, levels, size))
    trips = np.zeros(1, dtype=np.int64)
    return Kept(np.zeros(draws), share, persons, accept, swapped, log_step, mean, spread, trips)


def _start(rng: np.random.Generator, tree: Tree, levels: int) -> State:
    """Return a start drawn from the prior, with concentration 1, for each level."""
    at = np.zeros((levels, tree.lists + 1, tree.classes))
    chance = rng.beta(tree.on, tree.off, size=at[:, :-1].shape).clip(1e-6, 1 - 1e-6)
    at[:, :-1] = np.log(chance) - np.log1p(-chance)
    at[:, -1, :-1] = np.log(rng.exponential(size=at[:, -1, :-1].shape))
    pair = np.tile(np.array([0, 1]), (levels, 1))
    walkers = np.arange(levels), np.zeros(levels, dtype=np.int64)
    return State(at.reshape(levels, -1), pair, np.zeros(levels), *walkers)


def _respaced(strength: Array, swapped: Array) -> Array:
    """Return strengths at which neighbours would change places equally often."""
    if len(strength) < 3:
        return strength
    barrier = np.concatenate([[0.0], np.cumsum(1.0 - swapped + 0.02)])
    lowest = strength[-2]
    even = np.linspace(0.0, barrier[-1], len(strength))
    made = np.exp(np.interp(even, barrier, np.log(strength + lowest))) - lowest
    made[0], made[-1] = strength[0], 0.0
    return np.asarray(made, dtype=float)


def _warmed(run: Runs, states: list[State], tree: Tree, strength: Array, tune: int) -> Tuning:
    """Move chains through their warm-up and return the tuning, which they share.

    A chain that starts in a wide place learns steps that are too long for a narrow one: from all
    together each learns of the places that others saw.
    """
    levels, size = len(strength), states[0].at.shape[1]
    tuning = Tuning(strength, np.full(levels, _FIRST_STEP), np.ones((levels, size)), _LENGTH)
    for phase, (part, rate) in enumerate(_PHASES):
        scans = max(10, int(part * tune))
        kept = run(tuning, scans, rate)
        step = np.exp(np.median([one.log_step for one in kept], axis=0))
        tuning = tuning._replace(step=np.maximum(step, _SLOWEST * np.median(step)))
        if 0 < phase < len(_PHASES) - 1:
            spread = np.sum([one.spread for one in kept], axis=0)
            moved = len(kept) * scans
            tuning = tuning._replace(scale=np.sqrt((spread + _STEADY) / (moved + _STEADY)))
        if 0 < phase < len(_PHASES) - 2:
            swapped = np.mean([one.swap[:-1] for one in kept], axis=0) * 2 / scans
            tuning = tuning._replace(strength=_respaced(tuning.strength, swapped))
    for state in states:
        state.way[:], state.level[:] = 0, np.arange(levels)
    return tuning


def _timed[Made](made: Callable[[], Made]) -> tuple[Made, float]:
    before = time.process_time()
    return made(), time.process_time() - before


def sample(
    tree: Tree,
    draws: tuple[int, int] = (4000, 1000),
    *,
    seed: int | np.random.SeedSequence,
    chains: int = 4,
    strengths: tuple[float, ...] = FREE,
    cores: int | None = None,
) -> Sampled:
    """Return draws of latent classes, every chain from a start of its own drawn from the prior.

    Parameters
    ----------
    tree
        The histories and the prior.
    draws
        For each chain, kept and in warm-up.
    seed
        Of all chains; the same numbers come back whatever the cores.
    chains
        How many.
    strengths
        Of the tie between two classes, falling to 0; `FREE` samples the posterior alone.
    cores
        Threads; as many as there are cores if not given.
    """
    if strengths[-1] != 0.0 or any(a <= b for a, b in pairwise(strengths)):
        raise ValueError(f"strengths must fall to 0, got {strengths}; take FREE or TIED")
    root = seed if isinstance(seed, np.random.SeedSequence) else np.random.SeedSequence(seed)
    rngs = [np.random.default_rng(child) for child in root.spawn(chains)]
    states = [_start(rng, tree, len(strengths)) for rng in rngs]

    with ThreadPoolExecutor(min(chains, cores or os.cpu_count() or 1)) as threads:

        def run(tuning: Tuning, scans: int, rate: float) -> list[Kept]:
            def one(rng: np.random.Generator, state: State) -> Kept:
                kept = _kept(scans, len(strengths), tree)
                _run(rng, state, tuning._replace(step=tuning.step.copy()), tree, rate, kept)
                return kept

            return list(threads.map(one, rngs, states))

        ties = np.array(strengths)
        tuning, warming = _timed(lambda: _warmed(run, states, tree, ties, draws[1]))
        kept, drawing = _timed(lambda: run(tuning, draws[0], 0.0))
    return _sampled(kept, tuning, (warming, drawing))


def _sampled(kept: list[Kept], tuning: Tuning, seconds: tuple[float, float]) -> Sampled:
    draws = len(kept[0].seen)
    return Sampled(
        seen=np.array([one.seen for one in kept]),
        share=np.array([one.share for one in kept]),
        persons=np.array([one.persons for one in kept]),
        accept=np.array([one.accept[-1] for one in kept]),
        strength=tuning.strength,
        swap=np.array([one.swap[:-1] * 2 / draws for one in kept]),
        trips=np.array([one.trips[0] for one in kept]),
        seconds=seconds,
    )
