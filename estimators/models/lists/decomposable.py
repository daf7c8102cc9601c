"""Decomposable graphs over lists: all of them, their cliques and separators, legal changes.

A graph says which lists depend on each other: those without an edge between them are independent
given the rest. It is decomposable (chordal) if every cycle of four or more has a chord. Then the
chance of a capture history is the product over cliques divided by that over separators, so that
everything has a closed form [1]_.

Sets of lists are whole numbers here: bit k is set where the k-th list belongs to the set.

References
----------
.. [1] Lauritzen (1996). Graphical Models, chapters 2 and 4. Oxford University Press.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

type Whole = npt.NDArray[np.int64]
type Small = npt.NDArray[np.int8]
type Bytes = npt.NDArray[np.uint8]
type Neighbours = tuple[int, ...]

MOST_ENUMERATED = 7  # lists: with 8 there are 30,888,596 graphs


@dataclass(frozen=True, eq=False)
class Graphs:
    """Decomposable graphs over the same lists, and what each makes of sets of lists.

    `edges` (graphs) has a bit for each pair of lists, in the order of `pairs`. `power` (graphs,
    sets) says how often the marginal table of a set of lists, numbered as a mask, multiplies the
    likelihood: 1 for a clique, -k for a separator of k places, 0 for all others (and for the set of
    no lists, whose table is a constant).
    """

    lists: int
    edges: Whole
    power: Small

    def __len__(self) -> int:
        """Return how many graphs there are."""
        return len(self.edges)

    def cliques(self, at: int) -> tuple[int, ...]:
        """Return the cliques of one graph, as masks in rising order of their first lists."""
        return sorted_sets(np.flatnonzero(self.power[at] > 0).tolist())

    def name(self, at: int) -> str:
        """Return the name of one graph, such as [12|13|45]."""
        return graph_name(self.cliques(at))


@lru_cache(maxsize=8)
def decomposable_graphs(lists: int) -> Graphs:
    """Return all decomposable graphs over labelled lists: 8, 61, 822, 18,154, 617,675 for 3 to 7.

    Parameters
    ----------
    lists
        How many lists there are, at least two.

    Raises
    ------
    ValueError
        If there are too few lists, or too many to write all graphs down.
    """
    if not 2 <= lists <= MOST_ENUMERATED:
        raise ValueError(
            f"all decomposable graphs are written down for 2 to {MOST_ENUMERATED} lists, not for "
            f"{lists}; with more lists walk over them: walk_graphs(...)"
        )
    every = np.arange(1 << len(pairs(lists)), dtype=np.int64)
    parts = [_chordal(part, lists) for part in np.array_split(every, len(every) // 2**16 + 1)]
    return Graphs(lists, *(np.concatenate(both) for both in zip(*parts, strict=True)))


def pairs(lists: int) -> tuple[tuple[int, int], ...]:
    """Return the pairs of lists in the order of the bits of `edges`: (0, 1), (0, 2), (1, 2), ..."""
    return tuple((low, high) for high in range(lists) for low in range(high))


def neighbours(edges: int, lists: int) -> Neighbours:
    """Return for each list the mask of those it has an edge with."""
    found = [0] * lists
    for bit, (low, high) in enumerate(pairs(lists)):
        if edges >> bit & 1:
            found[low] |= 1 << high
            found[high] |= 1 << low
    return tuple(found)


def perfect_order(near: Neighbours) -> tuple[int, ...] | None:
    """Return lists in an order in which each one's earlier neighbours all know each other.

    By maximum cardinality search: next comes the list with most neighbours among those before.
    There is such an order if and only if the graph is decomposable; otherwise None is returned.

    Parameters
    ----------
    near
        For each list the mask of its neighbours.

    References
    ----------
    .. [1] Tarjan & Yannakakis (1984). SIAM Journal on Computing 13, 566-579,
       doi:10.1137/0213035.
    """
    before, order = 0, list[int]()
    while len(order) < len(near):
        rest = (v for v in range(len(near)) if not before >> v & 1)
        best = max(rest, key=lambda v: (near[v] & before).bit_count())
        if not is_complete(near[best] & before, near):
            return None
        order.append(best)
        before |= 1 << best
    return tuple(order)


def powers(near: Neighbours) -> dict[int, int]:
    """Return how often the table of each set of lists multiplies the likelihood of a graph.

    A graph in perfect order is a product of conditional chances, p(list | earlier neighbours):
    one table over another. What is left after cancelling are the cliques, once each, and the
    separators, with minus signs.

    Parameters
    ----------
    near
        For each list the mask of its neighbours.

    Raises
    ------
    ValueError
        If the graph is not decomposable.
    """
    order = perfect_order(near)
    if order is None:
        raise ValueError(
            f"the graph with neighbours {near} is not decomposable: add chords to its cycles"
        )
    found: Counter[int] = Counter()
    before = 0
    for v in order:
        known = near[v] & before
        found[known | 1 << v] += 1
        found[known] -= 1
        before |= 1 << v
    return {lists: times for lists, times in found.items() if times and lists}


def cliques_of(near: Neighbours) -> tuple[int, ...]:
    """Return the largest sets of lists that all have edges with each other, as masks."""
    return sorted_sets(lists for lists, times in powers(near).items() if times > 0)


def separators_of(near: Neighbours) -> dict[int, int]:
    """Return the sets of lists that join cliques, with how many places; the empty set left out."""
    return {lists: -times for lists, times in powers(near).items() if times < 0}


def graph_name(cliques: Iterable[int]) -> str:
    """Return the name of a graph by its cliques, lists numbered from 1: [12|13|45], [1,10|2]."""
    members = [_members(clique) for clique in cliques]
    comma = "," if any(max(part, default=0) > 8 for part in members) else ""
    return f"[{'|'.join(comma.join(str(v + 1) for v in part) for part in members)}]"


def sorted_sets(masks: Iterable[int]) -> tuple[int, ...]:
    """Return sets of lists in the order of their members."""
    return tuple(sorted(masks, key=_members))


def is_complete(lists: int, near: Neighbours) -> bool:
    """Return whether all of these lists have edges with each other."""
    return all(lists & ~(near[v] | 1 << v) == 0 for v in _members(lists))


def can_flip(near: Neighbours, low: int, high: int) -> bool:
    """Return whether a decomposable graph stays so if the edge of two lists is put in or taken out.

    An edge can go if it lies in one clique only, that is if the common neighbours of its ends are
    complete; it can come if these separate the two lists [1]_.

    Parameters
    ----------
    near
        For each list the mask of its neighbours.
    low, high
        The two lists.

    References
    ----------
    .. [1] Giudici & Green (1999). Biometrika 86, 785-801, doi:10.1093/biomet/86.4.785.
    """
    common = near[low] & near[high]
    if near[low] >> high & 1:
        return is_complete(common, near)
    return not _reached(near, low, common) >> high & 1


def flipped(near: Neighbours, low: int, high: int) -> Neighbours:
    """Return the graph with the edge of two lists put in, or taken out if it was there."""
    found = list(near)
    found[low] ^= 1 << high
    found[high] ^= 1 << low
    return tuple(found)


def _reached(near: Neighbours, start: int, barred: int) -> int:
    found, edge = 1 << start, 1 << start
    while edge:
        fresh = 0
        for v in _members(edge):
            fresh |= near[v]
        edge = fresh & ~found & ~barred
        found |= edge
    return found


def _members(lists: int) -> tuple[int, ...]:
    return tuple(v for v in range(lists.bit_length()) if lists >> v & 1)


def _chordal(edges: Whole, lists: int) -> tuple[Whole, Small]:
    """Return those of the graphs that are decomposable, with the powers of their sets of lists.

    All at once: in each round every graph loses its first list whose neighbours all know each
    other; a graph that has none left to lose is not decomposable.
    """
    near = _all_neighbours(edges, lists)
    left = np.full(len(edges), (1 << lists) - 1, dtype=np.uint8)
    power = np.zeros((len(edges), 1 << lists), dtype=np.int8)
    at = np.arange(len(edges))
    for _ in range(lists):
        loses = _simplicial(near, left)
        keep = loses < lists
        edges, near, left, power = edges[keep], near[keep], left[keep], power[keep]
        at, loses = at[: len(edges)], loses[keep]
        known = near[at, loses] & left
        power[at, known | (np.uint8(1) << loses)] += 1
        power[at, known] -= 1
        left &= ~(np.uint8(1) << loses)
    power[:, 0] = 0
    return edges, power


def _all_neighbours(edges: Whole, lists: int) -> Bytes:
    near = np.zeros((len(edges), lists), dtype=np.uint8)
    for bit, (low, high) in enumerate(pairs(lists)):
        there = (edges >> bit & 1).astype(np.uint8)
        near[:, low] |= there << np.uint8(high)
        near[:, high] |= there << np.uint8(low)
    return near


def _simplicial(near: Bytes, left: Bytes) -> Bytes:
    """Return for each graph a list, of those left, whose neighbours are complete; none: `lists`."""
    lists = near.shape[1]
    found = np.full(len(near), lists, dtype=np.uint8)
    for v in reversed(range(lists)):
        known = near[:, v] & left
        good = left >> np.uint8(v) & 1 > 0
        for u in range(lists):
            strange = known & ~(near[:, u] | np.uint8(1 << u))
            good &= (known >> np.uint8(u) & 1 == 0) | (strange == 0)
        found[good] = v
    return found
