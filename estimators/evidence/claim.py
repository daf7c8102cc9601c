"""Who said it: a claim, its origin and its printing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from estimators.evidence.when import When
from estimators.evidence.wording import CEILINGS, FLOORS, CouldReach, Many, Wording

Method = Literal["", "enumeration", "estimate", "coding rule", "running total"]

SOURCE_CLASSES = (
    "register",
    "monitor",
    "coder",
    "official",
    "un",
    "ngo",
    "media",
    "activist",
    "witness",
    "rescuers",
    "hospital",
    "military",
    "party",
    "other",
    "unknown",
)


@dataclass(frozen=True)
class Source:
    """Somebody who asserts numbers. The class decides how far its origins may differ.

    `side` says to which side of a conflict the source belongs, if to one.
    """

    id: str
    name: str
    source_class: str
    notes: str = ""
    side: str = ""


@dataclass(frozen=True)
class Claim:
    """One statement on one quantity: who asserted it, who printed it, when, in which words.

    `origin` is a source's id; `publisher` only prints. A claim that repeats another, or was
    computed from others, has no likelihood of its own. `pairs_with` names the floor that this
    ceiling of the same origin makes an interval with. `coverage` names the part of the quantity
    that was counted, where it was not the whole. `since` is the first day that a count of a series
    holds: by default that of the series, for one day's count that day. With the method 'running
    total' the origin adds to its own last total, and so hands its errors on.
    """

    id: str
    quantity: str
    wording: Wording
    origin: str
    published: When
    network: str = ""
    publisher: str = ""
    as_of: When | None = None
    url: str = ""
    phrase: str = ""
    language: str = ""
    repeats: str = ""
    derived_from: tuple[str, ...] = ()
    pairs_with: str = ""
    method: Method = ""
    used: bool = True
    why_not: str = ""
    notes: str = ""
    archived_url: str = ""
    accessed: str = ""
    quote: str = ""
    coder: str = ""
    coverage: str = ""
    since: When | None = None

    @property
    def says_a_number(self) -> bool:
        """Return whether the wording says anything about how many."""
        return not isinstance(self.wording, Many)

    @property
    def is_floor(self) -> bool:
        """Return whether the wording is a lower bound."""
        return isinstance(self.wording, FLOORS)

    @property
    def is_ceiling(self) -> bool:
        """Return whether the wording is an upper bound."""
        return isinstance(self.wording, CEILINGS)

    @property
    def is_forecast(self) -> bool:
        """Return whether the wording says what may yet come."""
        return isinstance(self.wording, CouldReach)

    @property
    def speaks_for(self) -> When:
        """Return the span of days the claim speaks for: `as_of`, else when it was published."""
        return self.as_of or self.published
