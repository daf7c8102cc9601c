"""The words around a number. Each wording is a type, so 'at least 120' cannot pass for 120."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import Any, ClassVar

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
class OneNumber:
    """A wording that holds one number (persons; percent where the quantity is a share)."""

    value: float
    name: ClassVar[str] = ""
    hedge: ClassVar[str] = ""

    def __post_init__(self) -> None:
        """Raise ValueError where the number is not positive and finite."""
        _require_positive("value", self.value)

    def __str__(self) -> str:
        """Return the wording as printed, e.g. 'more than 1,100'."""
        return f"{self.hedge} {self.value:,.10g}".strip()


class Exactly(OneNumber):
    """The number without a hedge."""

    name = "exact"


class About(OneNumber):
    """The number with 'about', 'some', 'around', '여', '約'."""

    name = hedge = "about"


class Nearly(OneNumber):
    """The number with 'nearly', 'almost', 'close to': said from below."""

    name = hedge = "nearly"


class MoreThan(OneNumber):
    """The number with 'more than', 'over', 'above'."""

    name = hedge = "more than"


class AtLeast(OneNumber):
    """The number with 'at least', 'no fewer than', 'a minimum of'."""

    name = hedge = "at least"


class UpTo(OneNumber):
    """The number with 'up to', 'as many as', 'at most'."""

    name = hedge = "up to"


class FewerThan(OneNumber):
    """The number with 'fewer than', 'under', 'below'."""

    name = hedge = "fewer than"


@dataclass(frozen=True)
class Between:
    """Two numbers by one origin: 'between 600 and 2,000'."""

    low: float
    high: float
    name: ClassVar[str] = "between"

    def __post_init__(self) -> None:
        """Raise ValueError where an end is not positive, or the low end is not the lower one."""
        _require_positive("low", self.low)
        _require_positive("high", self.high)
        if self.low >= self.high:
            raise Unfit(
                f"low ({self.low:g}) is not below high ({self.high:g}).",
                "Write the lower number in low; a single number takes another wording.",
                "low",
            )

    def __str__(self) -> str:
        """Return the wording as printed, e.g. '600 to 2,000'."""
        return f"{self.low:,.10g} to {self.high:,.10g}"


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


type Wording = OneNumber | Between | OrderOf | Many

ONE_NUMBER: dict[str, type[OneNumber]] = {
    wording.name: wording
    for wording in (Exactly, About, Nearly, MoreThan, AtLeast, UpTo, FewerThan)
}
FLOORS = (MoreThan, AtLeast)
CEILINGS = (UpTo, FewerThan)
NAMES = (*ONE_NUMBER, Between.name, *WORDS, Many.name)


def wording_of(
    name: str, value: float | None = None, low: float | None = None, high: float | None = None
) -> Wording:
    """Return the wording that a name and the numbers beside it make.

    Parameters
    ----------
    name
        One of `NAMES`.
    value
        The number of a one-number wording.
    low, high
        The two numbers of 'between'.

    Raises
    ------
    ValueError
        If the name is unknown, or the numbers are not those that the wording takes.
    """
    if name in ONE_NUMBER:
        _require_only(name, "value", value=value, low=low, high=high)
        assert value is not None
        return ONE_NUMBER[name](value)
    if name == Between.name:
        _require_only(name, "low and high", low=low, high=high, value=value)
        assert low is not None and high is not None
        return Between(low, high)
    if name not in NAMES:
        raise Unfit("it is not a known wording.", suggestion(name, NAMES), "wording")
    _require_only(name, "", value=value, low=low, high=high)
    return Many() if name == Many.name else OrderOf(name)


def significant_digits(number: float) -> int:
    """Return with how many significant digits a number is printed: 600 has one."""
    return len(f"{number:.10g}".replace(".", "").strip("0"))


def is_round(number: float) -> bool:
    """Return whether a number is one digit and zeros, or a half step of that: 600, 650, 1,500."""
    digits = f"{number:.10g}".replace(".", "").strip("0")
    return len(digits) == 1 or (len(digits) == 2 and digits[1] == "5")


def _require_only(name: str, takes: str, **numbers: float | None) -> None:
    wanted = takes.split(" and ") if takes else []
    missing = [key for key in wanted if numbers[key] is None]
    if missing:
        wrong = f"{name!r} needs a number in {' and '.join(missing)}."
        raise Unfit(wrong, f"Write the number in {' and '.join(missing)}.", missing[0])
    extra = [key for key, number in numbers.items() if number is not None and key not in wanted]
    if extra:
        wrong = f"{name!r} takes {f'only {takes}' if takes else 'no number'}."
        raise Unfit(wrong, f"Leave {' and '.join(extra)} empty.", extra[0])


def _require_positive(column: str, number: Any) -> None:
    is_number = isinstance(number, Real) and not isinstance(number, bool)
    if not is_number:
        wrong = f"it is not a number but {type(number).__name__}."
        raise Unfit(wrong, "Give a number, without quotation marks.", column)
    if not 0 < number < float("inf"):
        raise Unfit(
            f"it must be a positive, finite number, not {number:g}.",
            "A denial is kept with used = no and the wording 'many'.",
            column,
        )
