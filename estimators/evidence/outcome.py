"""Events whose count was settled later, and what was claimed of them at the time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from estimators.evidence.when import When
from estimators.evidence.wording import Wording

CATEGORIES = (
    "disaster",
    "accident",
    "attack",
    "abduction",
    "arrests",
    "deportation",
    "displacement",
    "war_total",
    "epidemic",
    "other",
)
KINDS = (
    "claim",
    "growing_count",
    "missing_list",
    "enumerated_floor",
    "projection",
    "narrower_scope",
    "derived_sum",
)
CLASSES = (
    "official",
    "rescuers",
    "hospital",
    "military",
    "party_to_conflict",
    "ngo",
    "un",
    "media",
    "witness",
    "activist",
    "other",
)
SELECTIONS = ("famous", "known_revision", "plain", "unknown")
QUALITIES = {
    "A": "forensic, census, court or closed list",
    "B": "official, but contested or a matter of definition",
    "C": "statistical or incomplete",
}
SAME_ORIGIN = "same origin"


@dataclass(frozen=True)
class EarlyClaim:
    """What somebody said of an event before its count was settled.

    `wording` is None where nothing can be read from it: a denial (the number 0), or a qualifier
    that is no known wording; `qualifier` is always as it stands. `is_repeat` marks what another
    row's origin had said.
    """

    wording: Wording | None
    qualifier: str
    kind: str
    source: str
    source_class: str
    published: When
    url: str = ""
    note: str = ""
    class_reason: str = ""
    is_denial: bool = False

    @property
    def is_repeat(self) -> bool:
        """Return whether its origin is that of another row."""
        return SAME_ORIGIN in self.note.lower()


@dataclass(frozen=True)
class Outcome:
    """One quantity of one event: its settled count (persons) and the claims made before.

    `final_low` and `final_high` are the range of the count where one number would overstate
    agreement. Events of one `cluster` share a story and are never judged by one another.
    """

    event: str
    quantity: str
    category: str
    event_end: date
    access_opened: date
    final: float
    final_source: str
    selection: str
    quality: str
    cluster: str
    claims: tuple[EarlyClaim, ...]
    final_low: float | None = None
    final_high: float | None = None
    final_url: str = ""

    @property
    def counted_from(self) -> date:
        """Return the first day on which the whole could be counted: over, and access open."""
        return max(self.event_end, self.access_opened)


@dataclass(frozen=True)
class Outcomes:
    """A set of known outcomes. `unread` says which qualifiers are no known wording, and where."""

    events: tuple[Outcome, ...]
    unread: tuple[str, ...] = ()

    @cached_property
    def hash(self) -> str:
        """Return the SHA-256 of all that the set says, the order of its events aside."""
        lines = sorted(repr(event) for event in self.events)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    @property
    def n_claims(self) -> int:
        """Return how many claims the set holds."""
        return sum(len(event.claims) for event in self.events)

    def of(
        self, categories: Iterable[str] = CATEGORIES, selections: Iterable[str] = SELECTIONS
    ) -> Outcomes:
        """Return the part of the set with some categories and ways of having come in.

        Parameters
        ----------
        categories
            Those to keep.
        selections
            Those to keep.
        """
        kept = set(categories), set(selections)
        found = (e for e in self.events if e.category in kept[0] and e.selection in kept[1])
        return Outcomes(tuple(found), self.unread)
