"""How lists overlap: for each pair how many persons stand on both, and on one of them only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from estimators.evidence.captures import Captures, Cell


@dataclass(frozen=True)
class Overlap:
    """How many persons stand on both of two lists, on one only, and on neither but on another.

    `expected` is n_a n_b / n, what both would hold if the lists were independent and nobody were
    unseen. Where somebody is, independence gives less: it is the most that it can give.
    """

    list_a: str
    list_b: str
    both: int
    only_a: int
    only_b: int
    neither: int
    expected: float
    replicate: str = ""


def overlaps(captures: Captures) -> tuple[Overlap, ...]:
    """Return the overlap of each pair of lists, in the order of the lists, for each replicate.

    Parameters
    ----------
    captures
        People over several lists; all strata are taken together (`stratum` gives one).
    """
    return tuple(
        overlap_of(captures.lists, pair, group, replicate)
        for replicate, group in by_replicate(captures).items()
        for pair in combinations(range(len(captures.lists)), 2)
    )


@dataclass(frozen=True)
class Group:
    """Persons of one replicate, or of a stratum of it: all, on each list, and on both of two."""

    n: int
    size: Mapping[int, int]
    both: Mapping[tuple[int, int], int]


def group_of(cells: Iterable[Cell]) -> Group:
    """Return the persons of cells.

    Parameters
    ----------
    cells
        Of one population; where they are of several, all persons are taken together.
    """
    n = 0
    size: Counter[int] = Counter()
    both: Counter[tuple[int, int]] = Counter()
    for cell in cells:
        if cell.count:
            places, pairs = places_of(cell.history)
            n += cell.count
            for place in places:
                size[place] += cell.count
            for pair in pairs:
                both[pair] += cell.count
    return Group(n, size, both)


@lru_cache(maxsize=100_000)  # a history comes again in many strata
def places_of(history: int) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]]:
    """Return the places of the lists of a history, and the pairs of these.

    Parameters
    ----------
    history
        Bit k is set where persons stand on the k-th list.
    """
    places = tuple(place for place in range(history.bit_length()) if history >> place & 1)
    return places, tuple(combinations(places, 2))


def by_replicate(captures: Captures) -> dict[str, Group]:
    """Return the persons of each replicate, all strata together.

    Parameters
    ----------
    captures
        People over several lists.
    """
    cells = defaultdict(list)
    for cell in captures.cells:
        cells[cell.replicate].append(cell)
    return {replicate: group_of(those) for replicate, those in cells.items()}


def overlap_of(
    lists: Sequence[str], pair: tuple[int, int], group: Group, replicate: str = ""
) -> Overlap:
    """Return the overlap of one pair of lists.

    Parameters
    ----------
    lists
        Names of all lists.
    pair
        Places of the two.
    group
        The persons.
    replicate
        Of which replicate they are.
    """
    (a, b), both = pair, group.both.get(pair, 0)
    size_a, size_b = group.size.get(a, 0), group.size.get(b, 0)
    return Overlap(
        lists[a],
        lists[b],
        both,
        size_a - both,
        size_b - both,
        group.n - size_a - size_b + both,
        size_a * size_b / group.n if group.n else 0.0,
        replicate,
    )
