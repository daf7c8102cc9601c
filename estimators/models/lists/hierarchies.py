"""Hierarchical log-linear models of lists: which interactions, by name and as sets of terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import combinations
from typing import Self

MOST_ENUMERATED = 5  # lists: of six there are 7.8 million models
_DIGITS = 9  # lists up to which a list is one digit


@dataclass(frozen=True)
class Hierarchy:
    """A hierarchical model of J lists, held by its generators: the terms that lie in no other.

    A term is a whole number with bit k set for the k-th list, as a capture history is. A model
    holds every part of its terms, so that the coding of a term changes no fit; the intercept is
    the term 0.

    Parameters
    ----------
    lists
        How many lists there are.
    generators
        Terms, in any order; those inside others are left out.

    Raises
    ------
    ValueError
        If a term names a list that is not there, or a list has no main effect.
    """

    lists: int
    generators: tuple[int, ...]

    def __post_init__(self) -> None:
        """Keep the largest terms, in the order in which they are printed."""
        given, everything = set(self.generators), (1 << self.lists) - 1
        if wrong := sorted(term for term in given if not 0 < term <= everything):
            raise ValueError(
                f"terms must be whole numbers from 1 to {everything} for {self.lists} lists; "
                f"got {wrong}; bit k of a term stands for list k + 1"
            )
        missing = [k + 1 for k in range(self.lists) if not any(g >> k & 1 for g in given)]
        if missing:
            raise ValueError(
                f"every list needs its main effect; lists {missing} are in no generator; "
                "add them, each by itself if it is independent of the others"
            )
        largest = (g for g in given if not any(g != other and g & ~other == 0 for other in given))
        kept = sorted(largest, key=lambda term: (-term.bit_count(), places(term)))
        object.__setattr__(self, "generators", tuple(kept))

    @classmethod
    def parse(cls, name: str, lists: int = 0) -> Self:
        """Return the model of a name such as [123,14,34].

        Parameters
        ----------
        name
            Generators between commas, lists by their numbers from 1; numbers are joined by dots
            where there are more than nine lists, as in [1.2.10,3].
        lists
            How many lists there are; the highest number that is named if 0.

        Raises
        ------
        ValueError
            If the name cannot be read, or names a list that is not there.
        """
        parts = name.strip().removeprefix("[").removesuffix("]").split(",")
        read = [_numbers(part.strip(), name, lists) for part in parts]
        highest = max(number for numbers in read for number in numbers)
        if lists and highest > lists:
            raise ValueError(f"model {name!r} names list {highest}; there are {lists} lists")
        return cls(lists or highest, tuple(_term(numbers) for numbers in read))

    @property
    def name(self) -> str:
        """Return the generators as they are printed: [123,14,34]."""
        joint = "" if self.lists <= _DIGITS else "."
        named = (joint.join(map(str, places(generator))) for generator in self.generators)
        return f"[{','.join(named)}]"

    @cached_property
    def terms(self) -> tuple[int, ...]:
        """Return all terms of the model, by order: the intercept (0), main effects, pairs, ..."""
        found = {part for generator in self.generators for part in parts_of(generator)}
        return in_order(found)

    @property
    def saturated(self) -> bool:
        """Return whether the interaction of all lists is in: then nothing tells the unseen."""
        return self.generators == ((1 << self.lists) - 1,)

    def neighbours(self, most: int = 0) -> tuple[Self, ...]:
        """Return the models with one term more, or one fewer, that are hierarchical.

        Parameters
        ----------
        most
            Highest order of an interaction that may be added; J - 1 if 0.
        """
        most = min(most or self.lists - 1, self.lists - 1)
        held = set(self.terms)
        added = ((*self.generators, term) for term in self._addable(held, most))
        removed = (held - {0, term} for term in self.generators if term.bit_count() > 1)
        return tuple(type(self)(self.lists, tuple(terms)) for terms in (*added, *removed))

    def _addable(self, held: set[int], most: int) -> Iterator[int]:
        for order in range(2, most + 1):
            for term in terms_of_order(self.lists, order):
                if term not in held and _faces(term) <= held:
                    yield term


def independence(lists: int) -> Hierarchy:
    """Return the model without interactions."""
    return Hierarchy(lists, tuple(1 << k for k in range(lists)))


def of_order(lists: int, order: int) -> Hierarchy:
    """Return the model with all interactions up to an order: 2 for all pairs."""
    return Hierarchy(lists, terms_of_order(lists, order))


@cache
def all_hierarchies(lists: int) -> tuple[Hierarchy, ...]:
    """Return all hierarchical models with all main effects, without that of all lists together.

    There are 1, 8, 113 and 6,893 of 2, 3, 4 and 5 lists.

    Parameters
    ----------
    lists
        How many lists, 2 to 5.

    Raises
    ------
    ValueError
        If there are more lists than that, or fewer.
    """
    if not 2 <= lists <= MOST_ENUMERATED:
        raise ValueError(
            f"all hierarchical models are listed for 2 to {MOST_ENUMERATED} lists; got {lists}; "
            "with more lists search step by step"
        )
    main = frozenset(1 << k for k in range(lists))
    models = (Hierarchy(lists, tuple(terms)) for terms in _grown(main, lists, 2))
    return tuple(sorted(models, key=lambda model: (len(model.terms), model.name)))


def _grown(held: frozenset[int], lists: int, order: int) -> Iterator[frozenset[int]]:
    """Yield all sets of terms that hold these and others of this order or a higher one."""
    if order >= lists:
        yield held
        return
    possible = [term for term in terms_of_order(lists, order) if _faces(term) <= held | {0}]
    if not possible:
        yield held
        return
    for size in range(len(possible) + 1):
        for chosen in combinations(possible, size):
            yield from _grown(held | set(chosen), lists, order + 1)


def places(term: int) -> tuple[int, ...]:
    """Return the numbers of the lists of a term, from 1."""
    return tuple(k + 1 for k in range(term.bit_length()) if term >> k & 1)


def parts_of(term: int) -> tuple[int, ...]:
    """Return all parts of a term, itself and 0 included, highest first."""
    found, part = [term], term
    while part:
        part = (part - 1) & term
        found.append(part)
    return tuple(found)


def in_order(terms: Iterable[int]) -> tuple[int, ...]:
    """Return terms by their order, those of one order by their lists."""
    return tuple(sorted(terms, key=lambda term: (term.bit_count(), places(term))))


def terms_of_order(lists: int, order: int) -> tuple[int, ...]:
    """Return the terms of so many lists each, in the order of their lists."""
    return tuple(sum(1 << k for k in chosen) for chosen in combinations(range(lists), order))


def _faces(term: int) -> set[int]:
    return {term & ~(1 << k) for k in range(term.bit_length()) if term >> k & 1}


def _term(numbers: Iterable[int]) -> int:
    return sum(1 << number - 1 for number in set(numbers))


def _numbers(part: str, name: str, lists: int) -> list[int]:
    """Return the numbers of the lists of one generator as it is printed."""
    dotted = "." in name or lists > _DIGITS
    read = part.split(".") if dotted else list(part)
    if not part or not all(number.isdecimal() and int(number) for number in read):
        raise ValueError(
            f"cannot read {part!r} in model {name!r}; give generators between commas and lists "
            "by their numbers, as in [123,14,34], or [1.2.10,3] with more than nine lists"
        )
    return [int(number) for number in read]
