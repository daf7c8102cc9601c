"""Latent classes: the density of shares and chances with counts and concentration integrated out.

Within a class, being on one list is independent of being on another. Class k has share pi_k and
chance lambda_jk to be on list j. Shares are broken off a stick, V_k ~ Beta(1, alpha), with
alpha ~ Gamma(shape, rate); the chances are Beta(on, off). Given the prior 1/N of the number of
people, the observed cells have likelihood prod_c p_c^{n_c} / (1 - p_0)^n. With
e_k = -log(1 - V_k), the concentration alpha integrates to (rate + sum e_k)^{-(shape + K - 1)}.

The coordinates are a flat array of (lists + 1) rows of K classes: the log odds of the chances,
list by list, then log e_k; the last place, of the class that gets what is left, stays 0.
Probabilities are products of odds along a tree of histories: one multiplication for each class
and node. A product of the chances to be missed by all lists underflows below 1e-304 only, where
the prior is that small too: such a point counts as impossible.

Manrique-Vallier (2016), Biometrics 72(4), 1246-1254, doi:10.1111/biom.12502.
"""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

from estimators.models.lists.latent_tree import Room, Tree, room_of

type Array = npt.NDArray[np.float64]

_MAGIC = 6755399441055744.0  # 1.5 * 2^52: adding it rounds to a whole number
_LOG2E, _LN2_HIGH, _LN2_LOW = 1.4426950408889634, 0.69314718036912382, 1.9082149292705877e-10
_MOST = 708.0  # e to this is about the largest number there is
_SMALL = 1e-3  # below it 1 - exp(-e) is taken from its series
_SUMS = {"reassoc", "contract", "nsz", "arcp"}  # sums in any order, so that they go in parallel
_EXACT = {"contract", "nsz", "arcp"}  # where the order of operations matters


@numba.njit(cache=True, nogil=True, fastmath=_EXACT, error_model="numpy")
def _exponentials(at: Array, out: Array) -> None:
    """Set out to exp(at), by the series to the 13th power on half a doubling; off by 3e-16."""
    for i in range(len(at)):
        v = min(max(at[i], -_MOST), _MOST)
        y = v * _LOG2E + _MAGIC
        k = y - _MAGIC
        r = (v - k * _LN2_HIGH) - k * _LN2_LOW
        p = 1.0 / 6227020800.0
        p = p * r + 1.0 / 479001600.0
        p = p * r + 1.0 / 39916800.0
        p = p * r + 1.0 / 3628800.0
        p = p * r + 1.0 / 362880.0
        p = p * r + 1.0 / 40320.0
        p = p * r + 1.0 / 5040.0
        p = p * r + 1.0 / 720.0
        p = p * r + 1.0 / 120.0
        p = p * r + 1.0 / 24.0
        p = p * r + 1.0 / 6.0
        p = p * r + 0.5
        p = (p * r + 1.0) * r
        doubled = np.int64((np.float64(y).view(np.int64) + 1023) << 52).view(np.float64)
        out[i] = doubled * p + doubled


@numba.njit(cache=True, nogil=True, fastmath=_SUMS, error_model="numpy")
def _missing(odds: Array, out: Array, lists: int, classes: int) -> None:
    """Set out to prod_j (1 + odds_jk) - 1: the odds that any list holds one of class k.

    They are summed up from what is above 0, so that they are right where they are tiny.
    """
    size = np.uint64(classes)  # unsigned, so that no index counts from the end
    for i in range(size):
        out[i] = 0.0
    for j in range(np.uint64(lists)):
        for i in range(size):
            odd = odds[j * size + i]
            out[i] += odd + odd * out[i]


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _shares(room: Room, tree: Tree) -> float:
    """Set shares of the classes from the stick and return the sum of e."""
    last, row = tree.classes - 1, tree.lists * tree.classes
    for k in range(last):
        room.kept[k] = -room.odds[row + k]
    _exponentials(room.kept, room.broken)
    left, total = 1.0, 0.0
    for k in range(last):
        e, kept = room.odds[row + k], room.broken[k]
        small = e * (1.0 - 0.5 * e * (1.0 - e / 3.0 * (1.0 - 0.25 * e)))
        room.kept[k], room.broken[k] = kept, 1.0 - kept if e > _SMALL else small
        room.share[k] = left * room.broken[k]
        left *= kept
        total += e
    room.share[last], room.kept[last] = left, 0.0
    return total


@numba.njit(cache=True, nogil=True, fastmath=_SUMS, error_model="numpy")
def _grow(chance: Array, odds: Array, to: int, of: int, added: int, classes: int) -> float:
    """Set the probabilities of a node from its parent's and return their sum over classes."""
    size = np.uint64(classes)
    new, old, row = np.uint64(to) * size, np.uint64(of) * size, np.uint64(added) * size
    total = 0.0
    for i in range(size):
        value = chance[old + i] * odds[row + i]
        chance[new + i] = value
        total += value
    return total


@numba.njit(cache=True, nogil=True, fastmath=_SUMS, error_model="numpy")
def _fold(room: Room, to: int, of: int, added: int, classes: int) -> None:
    """Add the persons expected at a node, and beyond, to its parent's and to its list's."""
    size = np.uint64(classes)
    new, old, row = np.uint64(to) * size, np.uint64(of) * size, np.uint64(added) * size
    ratio = room.ratio[to]
    for i in range(size):
        value = room.back[new + i] + ratio * room.chance[new + i]
        room.back[old + i] += value
        room.slope[row + i] += value


@numba.njit(cache=True, nogil=True, fastmath=_SUMS, error_model="numpy")
def _chance_slopes(room: Room, tree: Tree) -> None:
    """Turn persons expected on a list into the slope along the log odds of its chances."""
    size, both = np.uint64(tree.classes), tree.on + tree.off
    for j in range(np.uint64(tree.lists)):
        for i in range(size):
            at = j * size + i
            chance = room.odds[at] / (1.0 + room.odds[at])
            room.slope[at] += tree.on - chance * (room.back[i] + both)


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _stick_slopes(room: Room, tree: Tree, total: float) -> None:
    """Set the slope along log e from the persons expected in each class."""
    last, row = tree.classes - 1, tree.lists * tree.classes
    beyond = room.back[last]
    pull = (tree.shape + last) / (tree.rate + total)
    for k in range(last - 1, -1, -1):
        e, persons = room.odds[row + k], room.back[k]
        along = persons * room.kept[k] / room.broken[k] - beyond
        room.slope[row + k] = e * (along - pull) + 1.0
        beyond += persons


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _log_prior(at: Array, room: Room, tree: Tree, total: float) -> float:
    """Return the log prior density of the coordinates, up to a constant."""
    last, row = tree.classes - 1, tree.lists * tree.classes
    found = -(tree.shape + last) * np.log(tree.rate + total)
    for i in range(row):
        found += tree.on * at[i]
    for k in range(tree.classes):
        found -= (tree.on + tree.off) * np.log1p(room.missing[k])
        found += at[row + k] if k < last else 0.0
    return found


@numba.njit(cache=True, nogil=True, error_model="numpy")
def value_and_slope(at: Array, tree: Tree, room: Room, value: bool) -> tuple[float, float]:
    """Return the log density and the chance to be on a list; the slope is left in the room.

    Parameters
    ----------
    at
        Coordinates, shape ((lists + 1) * classes,).
    tree
        The histories and the prior.
    room
        Memory; its `slope` is set, and in `share` the shares of the classes.
    value
        Whether the density is wanted; 0 is returned for it otherwise, which takes no logarithms.

    Returns
    -------
    tuple of float
        The log density up to a constant, and 1 - p0, which is right also where it is tiny.
    """
    classes, row = tree.classes, tree.lists * tree.classes
    _exponentials(at, room.odds)
    _missing(room.odds, room.missing, tree.lists, classes)
    total = _shares(room, tree)
    seen = 0.0
    for k in range(classes):
        room.chance[k] = room.share[k] / (1.0 + room.missing[k])
        seen += room.chance[k] * room.missing[k]
    log = _read(room, tree, value)
    unseen = tree.persons / seen
    room.back[classes:] = 0.0
    for k in range(classes):
        room.back[k] = unseen * room.chance[k]
    room.slope[:row] = 0.0
    for m in range(len(tree.parent) - 1, 0, -1):
        _fold(room, m, tree.parent[m], tree.added[m], classes)
    _chance_slopes(room, tree)
    _stick_slopes(room, tree, total)
    if value:
        log += _log_prior(at, room, tree, total) - tree.persons * np.log(seen)
    return log, seen


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _read(room: Room, tree: Tree, value: bool) -> float:
    """Set probabilities of all histories and persons over them; return sum_c n_c log p_c."""
    log = 0.0
    for m in range(1, len(tree.parent)):
        count = tree.count[m]
        here = _grow(room.chance, room.odds, m, tree.parent[m], tree.added[m], tree.classes)
        room.ratio[m] = count / here if count > 0.0 else 0.0
        if value and count > 0.0:
            log += count * np.log(here)
    return log


def log_density(at: Array, tree: Tree) -> tuple[float, Array, float]:
    """Return the log density up to a constant, its slope, and the chance to be on a list.

    Parameters
    ----------
    at
        Coordinates, shape (lists + 1, classes) or flat.
    tree
        The histories and the prior.
    """
    room, flat = room_of(tree), np.ascontiguousarray(at, dtype=float).reshape(-1)
    log, seen = value_and_slope(flat, tree, room, True)
    return log, room.slope.reshape(tree.lists + 1, tree.classes), seen
