"""People matched over several lists as evidence, and what is assumed of those on none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from estimators.evidence.captures import Captures
from estimators.evidence.problems import Problem, suggestion
from estimators.evidence.quantity import Range

# What can be assumed of the people on no list. Which of these holds cannot be seen in the lists:
# models that fit them equally well give different numbers (Aleshin-Guendel, Sadinle & Wakefield,
# arXiv:2101.09304), so that a study has to say which it takes, and why.
ASSUMPTIONS = {
    "independence": "being on one list says nothing of being on another",
    "latent classes": "people fall into groups, and within a group being on one list says nothing "
    "of being on another",
    "no highest interaction": "lists may depend on each other in twos, threes and so on, but no "
    "dependence takes all of them together",
    "decomposable graphs": "being on a list depends on few others, in the form of a decomposable "
    "graph, averaged over all of these",
}
CLASSES = 10


@dataclass(frozen=True)
class Columns:
    """Which columns of a file are what; where no list is named, all that hold 0 and 1 are."""

    lists: tuple[str, ...] = ()
    strata: tuple[str, ...] = ()
    replicate: str = ""
    censored: tuple[str, ...] = ()


@dataclass(frozen=True)
class Matched:
    """People matched over several lists, and the identifying assumption that they are read with.

    Parameters
    ----------
    captures
        How many stand on which combination of lists.
    assumption
        One of `ASSUMPTIONS`; where it is empty, no number is estimated from the lists.
    file
        Where a study keeps them: the path within its folder.
    departure
        Where the assumption may fail: how many times as many stand on no list as it gives, a
        factor with 5 % and 95 % points.
    classes
        How many latent classes there are at most.
    """

    captures: Captures | None
    assumption: str = ""
    file: str = ""
    departure: Range | None = None
    classes: int = CLASSES
    columns: Columns = Columns()

    @property
    def table(self) -> Captures:
        """Return the captures, which every study that was read holds."""
        assert self.captures is not None, f"{self.file} was not read"
        return self.captures


def lists_name(id: str) -> str:
    """Return the path of an anchor's lists where a study built in Python names none."""
    return f"lists/{id}.csv"


def problems(subject: str, matched: Matched, used: bool, is_share: bool) -> Iterator[Problem]:
    """Yield what is wrong with people matched over lists as evidence."""
    if is_share:
        yield Problem(subject, "lists count people, and a share is none.", "Name a count.")
    if matched.assumption and matched.assumption not in ASSUMPTIONS:
        remedy = suggestion(matched.assumption, ASSUMPTIONS)
        yield Problem(subject, "unknown assumption.", remedy, "assumption", matched.assumption)
    if used and not matched.assumption:
        wrong = "how many stand on no list rests on an assumption, and none is named."
        remedy = f"{suggestion('', ASSUMPTIONS)} Or write used = false: then they are only shown."
        yield Problem(subject, wrong, remedy, "assumption")
    if not 1 <= matched.classes <= 100:
        remedy = "Write a whole number from 1 to 100, or leave it out."
        yield Problem(
            subject, "that many classes cannot be.", remedy, "classes", str(matched.classes)
        )
