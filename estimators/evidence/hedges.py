"""Wordings of one number: the number, and the hedge before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from estimators.evidence.number_rules import require_positive


@dataclass(frozen=True)
class OneNumber:
    """A wording that holds one number (in its unit; percent where the quantity is a share)."""

    value: float
    name: ClassVar[str] = ""
    hedge: ClassVar[str] = ""

    def __post_init__(self) -> None:
        """Raise ValueError where the number is not positive and finite."""
        require_positive("value", self.value)

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


class CouldReach(OneNumber):
    """The number with 'could reach', 'feared', 'may rise to': a forecast."""

    name = hedge = "could reach"


class Verified(OneNumber):
    """The number of those who were named, identified or verified one by one: a counted floor."""

    name = hedge = "verified"
