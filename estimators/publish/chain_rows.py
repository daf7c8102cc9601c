"""The rows of a picture of who copied whom: what stands beside each, and where its mark is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

from estimators.evidence.claim import Claim
from estimators.evidence.study import Study
from estimators.publish.catalogue import say, say_many
from estimators.publish.chains import (
    MANY,
    Chain,
    Link,
    Party,
    chosen,
    derived,
    drifted,
    largest,
    parties,
)
from estimators.publish.escaping import plain, shortened
from estimators.publish.local_forms import in_digits
from estimators.publish.said import wording

type Kind = Literal["network", "said", "printed", "drifted", "unused", "origin", "more"]

_LEFT, _RIGHT = 38, 46  # characters that fit beside the picture


@dataclass(frozen=True)
class Row:
    """One row: its kind, the words on both sides, the claim, and on which days it stands."""

    kind: Kind
    left: str
    right: str = ""
    id: str = ""
    parent: str = ""
    network: str = ""
    days: tuple[date, date] | None = None

    @property
    def day(self) -> date | None:
        """Return the day at which its mark stands."""
        return self.days[0] if self.days else None


@dataclass(frozen=True)
class Picture:
    """All rows from top to bottom, and which claim was computed from which."""

    rows: tuple[Row, ...]
    derived: tuple[tuple[str, str], ...]
    by_origin: bool

    @property
    def days(self) -> list[date]:
        """Return all days that are drawn."""
        return [day for row in self.rows if row.days for day in row.days]


def picture(study: Study, quantity: str | None = None) -> Picture:
    """Return the rows that show who copied whom, one a claim or, of many, one an origin.

    Parameters
    ----------
    study
        The study.
    quantity
        The quantity; None for all claims of the study.

    Raises
    ------
    EvidenceError
        If the study has no such quantity.
    ValueError
        If nothing was said of it.
    """
    claims = chosen(study, quantity)
    found = parties(study, claims)
    if len(claims) > MANY:
        return Picture(tuple(_origins(study, found)), (), by_origin=True)
    rows = tuple(_claims(study, found, named=quantity is None))
    return Picture(rows, derived(claims), by_origin=False)


def _claims(study: Study, found: tuple[Party, ...], named: bool) -> Iterator[Row]:
    """Yield a row a claim, below the name of the network where several origins share one."""
    for party in found:
        yield from _network(party)
        for link in (link for chain in party.chains for link in chain.links):
            yield _row(study, link, party.network, named)


def _network(party: Party) -> Iterator[Row]:
    if party.network:
        text = shortened(
            say("Shared informants: {network}", network=plain(party.network)), _LEFT + 4
        )
        yield Row("network", text, network=party.network)


def _row(study: Study, link: Link, network: str, named: bool) -> Row:
    claim = link.claim
    return Row(
        _kind(study, claim),
        _left(study, claim),
        shortened(_right(study, link, named), _RIGHT),
        claim.id,
        link.parent,
        network,
        (link.day, max(link.day, claim.published.end)),
    )


def _kind(study: Study, claim: Claim) -> Kind:
    if claim.repeats:
        return "drifted" if drifted(study, claim) else "printed"
    return "said" if claim.used else "unused"


def _left(study: Study, claim: Claim) -> str:
    if claim.repeats:
        printer = claim.publisher or study.source_by_id[claim.origin].name
        return shortened(f"└ {plain(printer)}", _LEFT)
    return shortened(plain(study.source_by_id[claim.origin].name), _LEFT)


def _right(study: Study, link: Link, named: bool) -> str:
    """Return what was said, and what has to be known of it."""
    claim = link.claim
    said = wording(study, claim)
    if before := drifted(study, claim):
        known = {"said": said, "before": wording(study, before)}
        if link.parent:
            return say("{said} (was “{before}”)", **known)
        return say("{said} (elsewhere “{before}”)", **known)
    if claim.repeats:
        return said if link.parent else say("{said} (said of another number)", said=said)
    about = f", {plain(study.by_id[claim.quantity].label)}" if named and claim.quantity else ""
    return f"{said}{'' if claim.used else say(' (not used)')}{about}"


def _origins(study: Study, found: tuple[Party, ...]) -> Iterator[Row]:
    """Yield a row an origin, with how often it was printed; the smallest are only counted."""
    kept, origins, claims = largest(found, MANY - 1)
    for party in kept:
        yield from _network(party)
        for origin, chains in groupby(party.chains, key=lambda chain: chain.root.origin):
            yield _origin_row(study, origin, list(chains), party.network)
    if origins:
        yield Row(
            "more",
            say_many("{number} more origin", "{number} more origins", origins),
            say_many("{number} claim", "{number} claims", claims),
        )


def _origin_row(study: Study, origin: str, chains: list[Chain], network: str) -> Row:
    links = [link for chain in chains for link in chain.links]
    days = [link.day for link in links]
    name = shortened(plain(study.source_by_id[origin].name), _LEFT)
    told = shortened(_told(study, links), _RIGHT + 4)
    used = any(link.claim.used for link in links)
    kind: Kind = "origin" if used else "unused"
    return Row(kind, name, told, origin, "", network, (min(days), max(days)))


def _told(study: Study, links: list[Link]) -> str:
    said = [link for link in links if not link.is_repeat]
    printed = len(links) - len(said)
    changed = sum(drifted(study, link.claim) is not None for link in links)
    first = (
        wording(study, links[0].claim)
        if len(said) < 2
        else say_many("{number} claim", "{number} claims", len(said))
    )
    again = say(", printed {times}", times=_times(printed)) if printed else ""
    return (
        f"{first}{again}{say(', {changed} worded otherwise', changed=changed) if changed else ''}"
    )


def _times(number: int) -> str:
    return say("once") if number == 1 else say("{number} times", number=in_digits(number))
