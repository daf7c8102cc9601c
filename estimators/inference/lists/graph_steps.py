"""A Markov chain over decomposable graphs in compiled code, with the number of people summed out.

A step draws one, two or three pairs of lists evenly and flips the edge of each, as long as the
graph stays decomposable every time; otherwise it stays. The way back draws the same pairs in
reverse, so that the proposal is symmetric and a step is taken with the ratio of the evidences.
All decomposable graphs can be reached by flips of single edges [1]_. Since graphs far apart can
explain the same table, chains also run where the evidence counts less, and exchange graphs [2]_.

An edge between lists a and b with common neighbours S changes the log likelihood by

    +- (log f_Sab + log f_S - log f_Sa - log f_Sb)

at each number of people: rows that are kept once a set of lists has been met.

References
----------
.. [1] Giudici & Green (1999). Biometrika 86, 785-801, doi:10.1093/biomet/86.4.785.
.. [2] Geyer (1991). Computing Science and Statistics 23, 156-163.
"""

from __future__ import annotations

import math

import numba
import numpy as np
import numpy.typing as npt

type Array = npt.NDArray[np.float64]
type Whole = npt.NDArray[np.int64]
type Rng = np.random.Generator

_ROWS = 2048  # sets of lists that are kept before all are forgotten
_ONE, _TWO = 0.6, 0.9  # chances that a step flips one edge, at most two


@numba.njit(nogil=True, cache=True)
def walk(
    rng: Rng,
    start: Whole,
    heat: Array,
    history: Whole,
    seen: Whole,
    total: float,
    count: Array,
    log_prior: Array,
    draws: int,
    thin: int,
) -> tuple[Whole, Array]:
    """Return graphs that a chain visits, shape (draws, lists), and shares of exchanges done.

    Parameters
    ----------
    rng
        The random generator.
    start
        A graph to start from at each temperature: shape (temperatures, lists), neighbours as masks.
    heat
        The power of the evidence at each temperature, from 1, whose graphs are kept, downwards.
    history, seen
        The capture histories and how many persons have each.
    total
        Prior persons in all cells together.
    count
        Numbers of people, over which is summed.
    log_prior
        What is added to the log likelihood at each of them.
    draws, thin
        Graphs to keep, and steps for each at every temperature.
    """
    levels, lists = start.shape
    index = np.full(1 << lists, -1, dtype=np.int64)
    rows = np.empty((_ROWS, len(count)))
    stored, near = 0, start.copy()
    value, score = np.zeros((levels, len(count))), np.empty(levels)
    trial, tried = near[0].copy(), value[0].copy()
    tables = (history, seen, total, count)
    for k in range(levels):
        stored = start_value(near[k], tables, value[k], index, rows, stored)
        score[k] = log_sum(value[k], log_prior)
    kept = np.empty((draws, lists), dtype=np.int64)
    done = np.zeros(levels)
    for draw in range(draws):
        for k in range(levels):
            for _ in range(thin):
                trial[:], tried[:] = near[k], value[k]
                legal, stored = propose(rng, trial, tried, tables, index, rows, stored)
                if not legal:
                    continue
                found = log_sum(tried, log_prior)
                if math.log(1.0 - rng.random()) < heat[k] * (found - score[k]):
                    near[k], value[k], score[k] = trial, tried, found
        exchange(rng, heat, near, value, score, done)
        kept[draw] = near[0]
    return kept, done / draws


@numba.njit(nogil=True, cache=True)
def propose(
    rng: Rng,
    near: Whole,
    value: Array,
    tables: tuple[Whole, Whole, float, Array],
    index: Whole,
    rows: Array,
    stored: int,
) -> tuple[bool, int]:
    """Flip edges of a graph, with its log likelihood; return whether it could be, rows stored."""
    for _ in range(flips(rng.random())):
        low, high = pair(rng, len(near))
        if not may_flip(near, low, high):
            return False, stored
        stored = flip(near, low, high, tables, value, index, rows, stored)
    return True, stored


@numba.njit(nogil=True, cache=True)
def exchange(rng: Rng, heat: Array, near: Whole, value: Array, score: Array, done: Array) -> None:
    """Exchange the graphs of neighbouring temperatures where the Metropolis rule says so."""
    for k in range(len(heat) - 1, 0, -1):
        gain = (heat[k - 1] - heat[k]) * (score[k] - score[k - 1])
        if math.log(1.0 - rng.random()) < gain:
            for v in range(near.shape[1]):
                near[k, v], near[k - 1, v] = near[k - 1, v], near[k, v]
            for at in range(value.shape[1]):
                value[k, at], value[k - 1, at] = value[k - 1, at], value[k, at]
            score[k], score[k - 1] = score[k - 1], score[k]
            done[k] += 1.0


@numba.njit(nogil=True, cache=True)
def flips(at: float) -> int:
    """Return how many edges a step flips, given a number between 0 and 1."""
    return 1 if at < _ONE else 2 if at < _TWO else 3


@numba.njit(nogil=True, cache=True)
def pair(rng: Rng, lists: int) -> tuple[int, int]:
    """Return two lists, drawn evenly."""
    low = int(rng.random() * lists)
    high = int(rng.random() * (lists - 1))
    return low, high + (high >= low)


@numba.njit(nogil=True, cache=True)
def may_flip(near: Whole, low: int, high: int) -> bool:
    """Return whether a decomposable graph stays so if the edge of two lists comes or goes."""
    common = near[low] & near[high]
    if near[low] >> high & 1:
        strange = 0
        for v in range(len(near)):
            if common >> v & 1:
                strange |= common & ~(near[v] | 1 << v)
        return strange == 0
    reached, edge = 1 << low, 1 << low
    while edge:
        fresh = 0
        for v in range(len(near)):
            if edge >> v & 1:
                fresh |= near[v]
        edge = fresh & ~reached & ~common
        reached |= edge
    return not reached >> high & 1


@numba.njit(nogil=True, cache=True)
def flip(
    near: Whole,
    low: int,
    high: int,
    tables: tuple[Whole, Whole, float, Array],
    value: Array,
    index: Whole,
    rows: Array,
    stored: int,
) -> int:
    """Put an edge in or take it out, in the graph and its log likelihood; return rows stored."""
    common = near[low] & near[high]
    sign = -1.0 if near[low] >> high & 1 else 1.0
    near[low] ^= 1 << high
    near[high] ^= 1 << low
    a, b = 1 << low, 1 << high
    for lists, times in ((common | a | b, sign), (common, sign), (common | a, -sign)):
        stored = add(lists, times, tables, value, index, rows, stored)
    return add(common | b, -sign, tables, value, index, rows, stored)


@numba.njit(nogil=True, cache=True)
def add(
    lists: int,
    times: float,
    tables: tuple[Whole, Whole, float, Array],
    value: Array,
    index: Whole,
    rows: Array,
    stored: int,
) -> int:
    """Add the log likelihood of one set of lists, made if it is not there; return rows stored."""
    if lists == 0:
        return stored
    if index[lists] < 0:
        if stored == len(rows):
            index[:] = -1
            stored = 0
        index[lists] = stored
        log_table(lists, tables, rows[stored])
        stored += 1
    row = rows[index[lists]]
    for k in range(len(value)):
        value[k] += times * row[k]
    return stored


@numba.njit(nogil=True, cache=True)
def log_table(lists: int, tables: tuple[Whole, Whole, float, Array], row: Array) -> None:
    """Write log f_A(N) of a set of lists into a row, as `HyperDirichlet.log_tables` has it."""
    history, seen, total, count = tables
    share, left = total, lists
    while left:
        share /= 2.0
        left &= left - 1
    part = history & lists
    order = np.argsort(part)
    constant = math.lgamma(total) - math.lgamma(share)
    on, cell = 0, 0
    for place in range(len(order)):
        at = order[place]
        if part[at] == 0:
            continue
        on, cell = on + seen[at], cell + seen[at]
        if place + 1 == len(order) or part[order[place + 1]] != part[at]:
            constant += math.lgamma(share + cell) - math.lgamma(share)
            cell = 0
    for k in range(len(count)):
        row[k] = constant + math.lgamma(count[k] + share - on) - math.lgamma(count[k] + total)


@numba.njit(nogil=True, cache=True)
def start_value(
    near: Whole,
    tables: tuple[Whole, Whole, float, Array],
    value: Array,
    index: Whole,
    rows: Array,
    stored: int,
) -> int:
    """Write the log likelihood of a graph, edge by edge from none; return rows stored."""
    built = np.zeros_like(near)
    for v in range(len(near)):
        stored = add(1 << v, 1.0, tables, value, index, rows, stored)
    grown = True
    while grown:  # some edge that is missing can always come: the graphs between are decomposable
        grown = False
        for low in range(len(near)):
            for high in range(low):
                missing = near[low] >> high & 1 and not built[low] >> high & 1
                if missing and may_flip(built, low, high):
                    stored = flip(built, low, high, tables, value, index, rows, stored)
                    grown = True
    return stored


@numba.njit(nogil=True, cache=True)
def log_sum(value: Array, log_prior: Array) -> float:
    """Return the log of the sum over the numbers of people."""
    top = -np.inf
    for k in range(len(value)):
        top = max(top, value[k] + log_prior[k])
    total = 0.0
    for k in range(len(value)):
        gap = value[k] + log_prior[k] - top
        if gap > -40.0:
            total += math.exp(gap)
    return top + math.log(total)
