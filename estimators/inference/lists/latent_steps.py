"""Moves of the sampler of latent classes, compiled: trajectories, exchanged labels, tethers.

Three moves leave the posterior as it is. A Hamiltonian trajectory of random length moves all
coordinates. An exchange swaps the shares and chances of two classes: the likelihood does not
change, only the prior's order of the stick, so that classes do not stay behind wrong labels. And
levels tie two classes together ever more closely: at level v the posterior is multiplied by

    pi_k exp(-strength_v / 2 * |x_k - x_l|^2),

summed over all pairs k, l, with x the log odds of the chances of a class; at strength 0 the sum is
the posterior itself. Where the tie is strong, two classes are one; as it loosens they die or part.
States that move between the levels thus split and merge classes, which neither a trajectory nor
a power of the likelihood does: between numbers of classes it passes through a jump. The pair is
drawn anew in each scan; neighbouring levels exchange states, even and odd ones in turn.

Neal (2011), Handbook of Markov Chain Monte Carlo, ch. 5; Papaspiliopoulos & Roberts (2008),
Biometrika 95(1), 169-186, doi:10.1093/biomet/asm086 (labels); Syed, Bouchard-Cote, Deligiannidis
& Doucet (2022), JRSS-B 84(2), 321-350, doi:10.1111/rssb.12464 (levels in turn).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from estimators.models.lists.latent_class import value_and_slope
from estimators.models.lists.latent_tree import Room, Tree

type Array = npt.NDArray[np.float64]

EXCHANGES = 10  # pairs of labels tried after each trajectory
MOST_STEPS = 200  # of one trajectory
WANTED = 0.8  # acceptance
_TINY = 1e-290  # a share below it has no logarithm to speak of


class State(NamedTuple):
    """Where a chain stands: coordinates, tied pairs and their distance, by level.

    `level` holds which of the walkers stands at a level, `way` for each walker whether it was at
    the tied end last (1), at the free end (-1), or at neither.
    """

    at: Any
    pair: Any
    apart: Any
    level: Any
    way: Any


class Tuning(NamedTuple):
    """How the moves are made: strengths of the tie, step sizes and scales, all by level."""

    strength: Any
    step: Any
    scale: Any
    length: float


class Kept(NamedTuple):
    """What a run leaves: draws of the free level, and by level what tuning needs."""

    seen: Any
    share: Any
    persons: Any
    accept: Any
    swap: Any
    log_step: Any
    mean: Any
    spread: Any
    trips: Any


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _tie(at: Array, tree: Tree, room: Room, pair: Array, strength: float) -> float:
    """Add the tie of a pair to the slope and return its log, the share of the first included."""
    k, classes, row = pair[0], tree.classes, tree.lists * tree.classes
    for j in range(tree.lists):
        apart = at[j * classes + pair[1]] - at[j * classes + k]
        room.slope[j * classes + pair[1]] -= strength * apart
        room.slope[j * classes + k] += strength * apart
    log = -0.5 * strength * _apart(at, tree, k, pair[1])
    for h in range(k):
        log -= room.odds[row + h]
        room.slope[row + h] -= room.odds[row + h]
    if k < classes - 1:
        log += np.log(room.broken[k])
        room.slope[row + k] += room.odds[row + k] * room.kept[k] / room.broken[k]
    return log


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _apart(at: Array, tree: Tree, k: int, other: int) -> float:
    """Return the squared distance of two classes in log odds."""
    found = 0.0
    for j in range(tree.lists):
        found += (at[j * tree.classes + k] - at[j * tree.classes + other]) ** 2
    return found


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _target(at: Array, tree: Tree, room: Room, pair: Array, strength: float, value: bool) -> float:
    """Return the log density of a level; its slope is left in the room."""
    log, _ = value_and_slope(at, tree, room, value)
    return log + _tie(at, tree, room, pair, strength) if strength > 0.0 else log


@numba.njit(cache=True, nogil=True)
def _caution(luck: float) -> float:
    """Return by how much a step is shortened: now and then much, so as to leave narrow places."""
    return 1.0 if luck > 0.2 else (0.3 if luck > 0.05 else 0.08)


@numba.njit(cache=True, nogil=True, error_model="numpy")
def fly(
    rng: Any, v: int, state: State, tuning: Tuning, tree: Tree, room: Room, work: Array
) -> float:
    """Move one level along a trajectory, or leave it; return the chance that it was taken."""
    at, push, scale = work[0], work[1], tuning.scale[v]
    pair, strength, size = state.pair[v], tuning.strength[v], len(work[0]) - 1
    at[:] = state.at[v]
    energy = _target(at, tree, room, pair, strength, True)
    for i in range(size):
        push[i] = rng.standard_normal()
        energy -= 0.5 * push[i] * push[i]
    step = tuning.step[v] * (0.9 + 0.2 * rng.random())
    steps = min(MOST_STEPS, 1 + int(tuning.length * 2.0 * rng.random() / step))
    step *= _caution(rng.random())
    for s in range(steps):
        half = 0.5 * step if s == 0 else step
        for i in range(size):
            push[i] += half * scale[i] * room.slope[i]
            at[i] += step * scale[i] * push[i]
        if s < steps - 1:
            _target(at, tree, room, pair, strength, False)
    gain = _target(at, tree, room, pair, strength, True) - energy
    for i in range(size):
        push[i] += 0.5 * step * scale[i] * room.slope[i]
        gain -= 0.5 * push[i] * push[i]
    chance = 1.0 if gain >= 0.0 else (np.exp(gain) if gain < 0.0 else 0.0)  # 0 if not a number
    if rng.random() < chance:
        state.at[v] = at
    return chance


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _log_stick(e: Array, tree: Tree) -> float:
    """Return the log density of shares, on the shares themselves, that a stick e gives."""
    total, found = 0.0, 0.0
    for k in range(tree.classes - 1):
        total += e[k]
        found += total
    return found - (tree.shape + tree.classes - 1) * np.log(tree.rate + total)


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _broken(share: Array, e: Array) -> bool:
    """Set the stick that gives these shares; return whether it can be told."""
    beyond = share[-1]
    if not beyond > _TINY:
        return False
    for k in range(len(share) - 2, -1, -1):
        e[k] = np.log1p(share[k] / beyond)
        beyond += share[k]
        if not e[k] > _TINY:
            return False
    return True


@numba.njit(cache=True, nogil=True, error_model="numpy")
def exchange(rng: Any, at: Array, pair: Array, tree: Tree, share: Array, work: Array) -> None:
    """Swap the labels of pairs of classes, each as the prior of the stick allows."""
    classes, row, old, new = tree.classes, tree.lists * tree.classes, work[0], work[1]
    left = 1.0
    for k in range(classes - 1):
        old[k] = np.exp(at[row + k])
        share[k] = -left * np.expm1(-old[k])
        left *= np.exp(-old[k])
    share[classes - 1] = left
    log = _log_stick(old, tree)
    for _ in range(EXCHANGES):
        i, j = int(rng.random() * classes), int(rng.random() * classes)
        share[i], share[j] = share[j], share[i]
        taken = i != j and _broken(share, new)
        gain = _log_stick(new, tree) - log if taken else 0.0
        if taken and np.log(rng.random()) < gain:
            log += gain
            for k in range(classes - 1):
                at[row + k] = np.log(new[k])
            _relabel(at, pair, tree, i, j)
        else:
            share[i], share[j] = share[j], share[i]


@numba.njit(cache=True, nogil=True)
def _relabel(at: Array, pair: Array, tree: Tree, i: int, j: int) -> None:
    """Swap the chances of two classes; a tied pair keeps its classes."""
    for h in range(tree.lists):
        a, b = h * tree.classes + i, h * tree.classes + j
        at[a], at[b] = at[b], at[a]
    for side in range(2):
        if pair[side] == i:
            pair[side] = j
        elif pair[side] == j:
            pair[side] = i


@numba.njit(cache=True, nogil=True, error_model="numpy")
def tied_pair(rng: Any, at: Array, pair: Array, tree: Tree, share: Array, strength: float) -> float:
    """Draw which pair is tied, given all else, and return its squared distance."""
    classes, best, place, near = tree.classes, -np.inf, 0, 0.0
    for k in range(classes):
        for other in range(classes):
            if other != k:
                apart = _apart(at, tree, k, other)
                luck = -np.log(-np.log1p(-rng.random()))  # Gumbel: the largest is a draw
                weight = np.log(max(share[k], _TINY)) - 0.5 * strength * apart + luck
                if weight > best:
                    best, place, near = weight, k * classes + other, apart
    pair[0], pair[1] = place // classes, place % classes
    return near


@numba.njit(cache=True, nogil=True, error_model="numpy")
def swap(rng: Any, state: State, strength: Array, first: int, swap: Array, work: Array) -> None:
    """Exchange the states of neighbouring levels, every second pair of them."""
    for v in range(first, len(strength) - 1, 2):
        gain = 0.5 * (strength[v] - strength[v + 1]) * (state.apart[v] - state.apart[v + 1])
        chance = np.exp(min(0.0, gain))
        swap[v] += chance
        if rng.random() < chance:
            work[0] = state.at[v]
            state.at[v] = state.at[v + 1]
            state.at[v + 1] = work[0]
            for side in range(2):
                a = state.pair[v, side]
                state.pair[v, side] = state.pair[v + 1, side]
                state.pair[v + 1, side] = a
            a, b = state.apart[v], state.level[v]
            state.apart[v], state.level[v] = state.apart[v + 1], state.level[v + 1]
            state.apart[v + 1], state.level[v + 1] = a, b
