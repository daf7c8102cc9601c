"""The shape that a study has before it is known to be sound."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from estimators.evidence.choices import Anchor, Coverage, Override, Scenario, SourceClass, Waiver
from estimators.evidence.claim import Claim, Source
from estimators.evidence.quantity import Breakdown, Identity, Quantity
from estimators.evidence.report_words import ReportWords
from estimators.evidence.series import Series


class Parts(Protocol):
    """What the rules look at: a `Study`, or what could be read of one."""

    @property
    def title(self) -> str:
        """Return the title."""

    @property
    def quantities(self) -> Sequence[Quantity]:
        """Return the quantities."""

    @property
    def identities(self) -> Sequence[Identity]:
        """Return the splits, balances and running balances."""

    @property
    def sources(self) -> Sequence[Source]:
        """Return the sources."""

    @property
    def claims(self) -> Sequence[Claim]:
        """Return the claims that could be read."""

    @property
    def headline(self) -> Sequence[str]:
        """Return the ids of the headline quantities."""

    @property
    def access(self) -> str:
        """Return whether anybody could count, where a quantity says nothing of its own."""

    @property
    def category(self) -> str:
        """Return what kind of event the study is of, '' where it does not say."""

    @property
    def overrides(self) -> Sequence[Override]:
        """Return the defaults that the study changes."""

    @property
    def waivers(self) -> Sequence[Waiver]:
        """Return the checks that the study waives."""

    @property
    def classes(self) -> Sequence[SourceClass]:
        """Return the classes of sources that the study adds."""

    @property
    def coverages(self) -> Sequence[Coverage]:
        """Return the parts of quantities that claims may count."""

    @property
    def anchors(self) -> Sequence[Anchor]:
        """Return the numbers that hold counts beside the claims."""

    @property
    def scenarios(self) -> Sequence[Scenario]:
        """Return the runs beside the main one."""

    @property
    def series(self) -> Sequence[Series]:
        """Return the clocks on which quantities run over time."""

    @property
    def breakdowns(self) -> Sequence[Breakdown]:
        """Return the wholes that fall apart along several dimensions at once."""

    @property
    def report(self) -> ReportWords:
        """Return what the study says of its report."""


class _Anything(Collection[str]):
    """A set that holds every id: what a file that cannot be read may have defined."""

    def __contains__(self, id: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 1


ANYTHING: Collection[str] = _Anything()


@dataclass(frozen=True)
class Unread:
    """The ids of parts that stand in the files but could not be read.

    They keep one mistake from being told twice: what refers to an unread part is no problem of
    its own. `defined` holds the quantities that an unread split or balance may define. A draft
    is what could be read of such a part (of a claim, with its place): the rules look at the ids
    in it, so that no second mistake waits behind the first.
    """

    quantities: Collection[str] = frozenset()
    sources: Collection[str] = frozenset()
    claims: Collection[str] = frozenset()
    defined: Collection[str] = frozenset()
    classes: Collection[str] = frozenset()
    coverages: Collection[str] = frozenset()
    anchors: Collection[str] = frozenset()
    series: Collection[str] = frozenset()
    breakdowns: Collection[str] = frozenset()
    quantity_drafts: Sequence[Quantity] = ()
    identity_drafts: Sequence[Identity] = ()
    source_drafts: Sequence[Source] = ()
    anchor_drafts: Sequence[Anchor] = ()
    scenario_drafts: Sequence[Scenario] = ()
    breakdown_drafts: Sequence[Breakdown] = ()
    drafts: Sequence[tuple[Claim, str]] = ()


_ID = re.compile(r"[^\W_][\w.:-]*")
_NOUNS = {"SourceClass": "class", "RunningBalance": "running_balance"}


def noun(part: object) -> str:
    """Return what a part of a study is called at the head of a problem."""
    name = type(part).__name__
    return _NOUNS.get(name, name.lower())


def is_id(text: str) -> bool:
    """Return whether a text can be an id: a letter or digit, then more of these or _ - . and :."""
    return bool(_ID.fullmatch(text))


def is_unicode(text: str) -> bool:
    """Return whether a text can be written to a file: no half of a surrogate pair stands in it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
