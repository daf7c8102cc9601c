"""The words around a number. Each wording is a type, so 'at least 120' cannot pass for 120."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

# Handed on under their names: this module is where a wording is looked for.
from estimators.evidence.hedges import About as About
from estimators.evidence.hedges import AtLeast as AtLeast
from estimators.evidence.hedges import CouldReach as CouldReach
from estimators.evidence.hedges import Exactly as Exactly
from estimators.evidence.hedges import FewerThan as FewerThan
from estimators.evidence.hedges import MoreThan as MoreThan
from estimators.evidence.hedges import Nearly as Nearly
from estimators.evidence.hedges import OneNumber as OneNumber
from estimators.evidence.hedges import UpTo as UpTo
from estimators.evidence.hedges import Verified as Verified
from estimators.evidence.number_rules import (
    LEVEL,
    require_inside,
    require_level,
    require_only,
    require_positive,
    require_rising,
)
from estimators.evidence.problems import Unfit, suggestion

WORDS = (
    "a few",
    "several",
    "tens",
    "dozens",
    "scores",
    "a few hundred",
    "hundreds",
    "several hundred",
    "thousands",
    "several thousand",
    "tens of thousands",
)


@dataclass(frozen=True)
class Between:
    """Two numbers by one origin: 'between 600 and 2,000'.

    `level` is the chance in percent that the number lies between them, 80 where none was stated.
    """

    low: float
    high: float
    level: float = LEVEL
    name: ClassVar[str] = "between"

    def __post_init__(self) -> None:
        """Raise ValueError where an end is not positive, or the low end is not the lower one."""
        require_positive("low", self.low)
        require_positive("high", self.high)
        require_level(self.level)
        require_rising(self.low, self.high)

    def __str__(self) -> str:
        """Return the wording as printed, e.g. '600 to 2,000', with a level that is not 80."""
        level = f" ({self.level:.10g} %)" if self.level != LEVEL else ""
        return f"{self.low:,.10g} to {self.high:,.10g}{level}"


@dataclass(frozen=True)
class BestEstimate:
    """A best number with its range, all three by one origin: '720 (600 to 900)'.

    `level` is the chance in percent that the number lies in the range, 80 where none was stated.
    """

    best: float
    low: float
    high: float
    level: float = LEVEL
    name: ClassVar[str] = "estimate"

    def __post_init__(self) -> None:
        """Raise ValueError unless 0 < low < best < high, all finite, and the level is one."""
        for column, number in (("value", self.best), ("low", self.low), ("high", self.high)):
            require_positive(column, number)
        require_level(self.level)
        require_inside(self.best, self.low, self.high)

    def __str__(self) -> str:
        """Return the wording as printed, e.g. '720 (600 to 900)', with a level that is not 80."""
        level = f", {self.level:.10g} %" if self.level != LEVEL else ""
        return f"{self.best:,.10g} ({self.low:,.10g} to {self.high:,.10g}{level})"


@dataclass(frozen=True)
class OrderOf:
    """A word that stands for an order of magnitude: 'hundreds', 'dozens'."""

    word: str

    def __post_init__(self) -> None:
        """Raise ValueError where the word is not on the ladder of words."""
        if self.word not in WORDS:
            wrong = f"{self.word!r} is not a known word."
            raise Unfit(wrong, suggestion(str(self.word), WORDS), "wording")

    @property
    def name(self) -> str:
        """Return the word: each word is a wording of its own in a claims file."""
        return self.word

    def __str__(self) -> str:
        """Return the word."""
        return self.word


@dataclass(frozen=True)
class Many:
    """A word without information on the number: 'many', 'a large number', 'some'."""

    name: ClassVar[str] = "many"

    def __str__(self) -> str:
        """Return the word."""
        return "many"


@dataclass(frozen=True)
class Most:
    """A word for more than half, said of a share: 'most of them were women'."""

    name: ClassVar[str] = "most"

    def __str__(self) -> str:
        """Return the word."""
        return "most"


type Wording = OneNumber | Between | BestEstimate | OrderOf | Many | Most

KINDS = (OneNumber, Between, BestEstimate, OrderOf, Many, Most)

_POINTS = (Exactly, About, Nearly, MoreThan, AtLeast, UpTo, FewerThan, CouldReach, Verified)
ONE_NUMBER: dict[str, type[OneNumber]] = {wording.name: wording for wording in _POINTS}
# What `register_wording` adds.
REGISTERED: dict[str, type[OneNumber]] = {}
_LOWER_CASE = re.compile(r"[^\W\d_]+(?:[ '’-][^\W\d_]+)*")
FLOORS = (MoreThan, AtLeast)
CEILINGS = (UpTo, FewerThan)


class _Names(Sequence[str]):
    """The names of all wordings, those included that were registered since."""

    def _all(self) -> tuple[str, ...]:
        others = (Between.name, BestEstimate.name, *WORDS, Many.name, Most.name)
        return (*ONE_NUMBER, *others, *REGISTERED)

    def __getitem__(self, index: Any) -> Any:
        return self._all()[index]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __contains__(self, name: object) -> bool:
        return name in self._all()


NAMES: Sequence[str] = _Names()


def wording_of(
    name: str,
    value: float | None = None,
    low: float | None = None,
    high: float | None = None,
    level: float | None = None,
) -> Wording:
    """Return the wording that a name and the numbers beside it make.

    Parameters
    ----------
    name
        One of `NAMES`.
    value
        The number of a one-number wording, the best number of 'estimate'.
    low, high
        The two ends of 'between' and 'estimate'.
    level
        The chance in percent that a 'between' or 'estimate' states, where it states one.

    Raises
    ------
    ValueError
        If the name is unknown, or the numbers are not those that the wording takes.
    """
    if name not in NAMES:
        raise Unfit("it is not a known wording.", suggestion(name, NAMES), "wording")
    numbers = {"value": value, "low": low, "high": high}
    require_only(name, _TAKES.get(name, () if name in WORDS else ("value",)), numbers)
    if level is not None and name not in (Between.name, BestEstimate.name):
        wrong = "only 'between' and 'estimate' take a level."
        raise Unfit(wrong, "Leave level empty.", "level")
    stated = [number for number in numbers.values() if number is not None]
    stated += [level] if level is not None else []
    return _maker(name)(*stated)


_TAKES: dict[str, tuple[str, ...]] = {
    Between.name: ("low", "high"),
    BestEstimate.name: ("value", "low", "high"),
    Many.name: (),
    Most.name: (),
}


def _maker(name: str) -> Callable[..., Wording]:
    """Return what makes the wording of a known name from its numbers, in the order of columns."""
    if name in WORDS:
        return lambda: OrderOf(name)
    one_number = (ONE_NUMBER | REGISTERED).get(name)
    others = {kind.name: kind for kind in (Between, BestEstimate, Many, Most)}
    return one_number or others[name]


class _Added(OneNumber):
    """A wording that was registered; pickled by its name, since no module holds its class."""

    def __reduce__(self) -> tuple[Callable[[str, str, float], OneNumber], tuple[str, str, float]]:
        return _again, (self.name, self.hedge, self.value)


def register_wording(name: str, hedge: str | None = None) -> type[OneNumber]:
    """Return the type of a new one-number wording, from now on known under its name.

    Parameters
    ----------
    name
        The name as it stands under wording in claims.csv: lower-case words.
    hedge
        The words printed before the number; by default the name.

    Returns
    -------
    type[OneNumber]
        The type; the same one where this name and hedge were registered before.

    Raises
    ------
    ValueError
        If the name is taken, or is not made of lower-case words.
    """
    if not isinstance(name, str) or name != name.lower() or not _LOWER_CASE.fullmatch(name):
        wrong = f"{name!r} is not made of lower-case words."
        raise Unfit(wrong, "Use lower-case letters, with one space between words.")
    printed = name if hedge is None else hedge
    there = REGISTERED.get(name)
    if there is not None and there.hedge == printed:
        return there
    if name in NAMES:
        wrong = f"{name!r} is a wording already."
        raise Unfit(wrong, "Use that one, or give yours another name.")
    type_name = "".join(re.split(r"\W", name.title()))
    doc = f"The number with {printed!r}; registered from Python."
    kind = type(type_name, (_Added,), {"name": name, "hedge": printed, "__doc__": doc})
    REGISTERED[name] = kind
    return kind


def registered() -> tuple[str, ...]:
    """Return the names of the wordings that were registered, in that order."""
    return tuple(REGISTERED)


def _again(name: str, hedge: str, value: float) -> OneNumber:
    """Return a registered wording in a process that may not know it yet."""
    return register_wording(name, hedge)(value)


def significant_digits(number: float) -> int:
    """Return with how many significant digits a number is printed: 600 has one."""
    return len(f"{number:.10g}".replace(".", "").strip("0"))


def is_round(number: float) -> bool:
    """Return whether a number is one digit and zeros, or a half step of that: 600, 650, 1,500."""
    digits = f"{number:.10g}".replace(".", "").strip("0")
    return len(digits) == 1 or (len(digits) == 2 and digits[1] == "5")
