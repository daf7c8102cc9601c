"""Which columns of a file of captures hold what, and what is wrong with their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

from estimators.evidence.captures import MOST_LISTS
from estimators.evidence.problems import Problem, suggestion

MISSING = ("", "NA")  # how files write that a stratum is not known


@dataclass(frozen=True)
class Columns:
    """Which columns of a file are read, by name: lists, strata, the replicate, and one more.

    `other` is the column of counts or of persons, and `role` the word for it.
    """

    lists: tuple[str, ...]
    strata: tuple[str, ...] = ()
    replicate: str = ""
    other: str = ""
    role: str = ""
    censored: tuple[str, ...] = ()

    @property
    def named(self) -> tuple[str, ...]:
        """Return the columns that are no lists."""
        return (*self.strata, *filter(None, (self.replicate, self.other)))

    def within(self, header: Sequence[str]) -> Self:
        """Return the columns without those that a file does not have, or has twice.

        Parameters
        ----------
        header
            The names of all columns of the file.
        """
        lists, strata = (
            tuple(name for name in dict.fromkeys(names) if header.count(name) == 1)
            for names in (self.lists, self.strata)
        )
        replicate, other = (
            name if header.count(name) == 1 else "" for name in (self.replicate, self.other)
        )
        return replace(self, lists=lists, strata=strata, replicate=replicate, other=other)

    def problems(self, place: str, header: Sequence[str]) -> Iterator[Problem]:
        """Yield what is wrong with the names, given the header of the file.

        Parameters
        ----------
        place
            What errors call the header.
        header
            The names of all columns of the file.
        """
        yield from self._problems_of_number(place)
        if self.role == "count" and not self.other:
            yield _problem_of_name(place, "", header, self.role)
        for name, times in Counter((*self.lists, *self.named)).items():
            if header.count(name) != 1 or not name.strip():
                yield _problem_of_name(place, name, header, self._role(name))
            if times > 1:
                wrong = "the column is named for two things, or twice."
                yield Problem(place, wrong, "Name it once.", self._role(name), name)
        for name in self.censored:
            if name not in self.lists:
                remedy = suggestion(name, self.lists)
                yield Problem(place, "there is no such list.", remedy, "censored", name)

    def _problems_of_number(self, place: str) -> Iterator[Problem]:
        number = len(self.lists)
        if number < 2:
            remedy = "People can only be matched over two lists or more: give a column for each."
            yield Problem(place, f"it has {number} list{'s' * (number != 1)}.", remedy)
        if number > MOST_LISTS:
            yield Problem(place, f"it has {number} lists.", f"Merge some: at most {MOST_LISTS}.")

    def _role(self, name: str) -> str:
        roles = {self.other: self.role, self.replicate: "replicate"}
        return "strata" if name in self.strata else roles.get(name, "lists")


def _problem_of_name(place: str, name: str, header: Sequence[str], role: str) -> Problem:
    known = {column for column in header if column}
    if not name.strip():
        return Problem(place, "a name is empty.", "Give the name of a column.", role)
    if name in header:
        wrong = "several columns have this name."
        return Problem(place, wrong, "Rename all but one of them.", role, name)
    remedy = suggestion(name, known)
    if role == "count":
        remedy = f"{remedy} Name it: count=..."
    return Problem(place, "there is no such column.", remedy, role, name)


def names_of(given: str | Iterable[str]) -> tuple[str, ...]:
    """Return names as a tuple, also where a single one is given.

    Parameters
    ----------
    given
        One name, or several.
    """
    return (given,) if isinstance(given, str) else tuple(given)


def known(value: str) -> str:
    """Return the value of a stratum; nothing where it says that it is not known.

    Parameters
    ----------
    value
        A cell of a file.
    """
    bare = value.strip()
    return "" if bare in MISSING else bare
