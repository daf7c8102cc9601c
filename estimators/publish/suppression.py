"""Small numbers of people that are not printed, since they could lead to a person."""

from __future__ import annotations

from dataclasses import dataclass

from estimators.evidence.quantity import PERSONS
from estimators.publish.catalogue import say
from estimators.publish.rounding import Printed, as_text


@dataclass(frozen=True)
class Cells:
    """How small numbers of people are printed: below `below` only as 'fewer than' that.

    With nought, or for what counts no people, all numbers stand as they are.
    """

    below: int = 0

    def __post_init__(self) -> None:
        """Raise where it is no whole number from nought on."""
        if isinstance(self.below, bool) or not isinstance(self.below, int):
            raise TypeError(f"suppress_below must be a whole number, e.g. 10, not {self.below!r}")
        if self.below < 0:
            raise ValueError(f"suppress_below must be 0 or more, e.g. 10, not {self.below}")

    def hides(self, number: float) -> bool:
        """Return whether a number is too small to be printed; nought is not."""
        return 0.0 < number < self.below

    def number(self, number: float) -> str:
        """Return a number as it is printed: '24', or 'fewer than 10'."""
        return (
            say("fewer than {below}", below=self.below) if self.hides(number) else as_text(number)
        )

    def between(self, printed: Printed, what: str) -> str:
        """Return an interval in a sentence: 'between 24 and 60 people'.

        Parameters
        ----------
        printed
            The interval, rounded.
        what
            What stands behind its number, such as ' people'.
        """
        if self.hides(printed.high):
            return say("fewer than {below}{people}", below=self.below, people=what)
        return say(
            "between {low} and {high}{people}",
            low=self.number(printed.low),
            high=as_text(printed.high),
            people=what,
        )

    def ends(self, printed: Printed) -> str:
        """Return an interval in short: '24–60', or 'fewer than 10 to 60'."""
        if printed.unit != PERSONS or not self.hides(printed.low):
            return printed.ends
        if self.hides(printed.high):
            return self.number(printed.high)
        return say("{low} to {high}", low=self.number(printed.low), high=as_text(printed.high))
