"""Who copied whom: claims as chains of printings, by origin and by the informants they share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from estimators.evidence.claim import Claim
from estimators.evidence.study import Study

MANY = 46  # claims; from there on one row an origin is drawn, not one a claim


@dataclass(frozen=True)
class Link:
    """One claim in its chain: what it prints, if anything drawn, and how it was worded there."""

    claim: Claim
    parent: str
    day: date

    @property
    def is_repeat(self) -> bool:
        """Return whether the claim prints another one, be it drawn or not."""
        return bool(self.claim.repeats)


@dataclass(frozen=True)
class Chain:
    """A claim with its printings below it, each after the one that it prints."""

    links: tuple[Link, ...]

    @property
    def root(self) -> Claim:
        """Return the claim at which the chain begins."""
        return self.links[0].claim

    @property
    def days(self) -> tuple[date, date]:
        """Return the first and the last day of the chain."""
        days = [link.day for link in self.links]
        return min(days), max(days)


@dataclass(frozen=True)
class Party:
    """Chains whose claims share informants; `network` is '' where only one origin is in it."""

    network: str
    chains: tuple[Chain, ...]


def chosen(study: Study, quantity: str | None) -> tuple[Claim, ...]:
    """Return the claims on a quantity, or all of them.

    Parameters
    ----------
    study
        The study.
    quantity
        The quantity; None for the whole study.

    Raises
    ------
    EvidenceError
        If the study has no such quantity.
    ValueError
        If nothing was said of it.
    """
    if quantity is None:
        found = study.claims
    else:
        found = tuple(c for c in study.claims if c.quantity == study.quantity(quantity).id)
    if not found:
        raise ValueError(
            f"nothing was said of {quantity or 'this study'}: there is no claim to draw"
        )
    return found


def parties(study: Study, claims: Iterable[Claim]) -> tuple[Party, ...]:
    """Return claims as chains, those of one origin and of one network side by side.

    Parameters
    ----------
    study
        The study.
    claims
        Some of its claims.

    Notes
    -----
    What was said first stands first: networks, origins in them and chains of an origin.
    """
    chains = sorted(_chains({c.id: c for c in claims}), key=lambda c: (c.days[0], c.root.id))
    shared: dict[str, list[Chain]] = {}
    for chain in chains:
        shared.setdefault(chain.root.network or f" {chain.root.origin}", []).append(chain)
    return tuple(_party(together) for together in shared.values())


def drifted(study: Study, claim: Claim) -> Claim | None:
    """Return what a claim prints where it is worded otherwise there; None where it is not.

    Parameters
    ----------
    study
        The study.
    claim
        One of its claims.

    Notes
    -----
    Stricter than the screening of a study, which lets "about 600" pass for "600".
    """
    if not claim.repeats:
        return None
    before = study.claim_by_id[claim.repeats]
    return None if before.wording == claim.wording else before


def derived(claims: Iterable[Claim]) -> tuple[tuple[str, str], ...]:
    """Return pairs of ids: a claim, and one that was computed from it.

    Parameters
    ----------
    claims
        The claims; what was computed from others than these has no pair.
    """
    ids = {c.id: c for c in claims}
    return tuple((base, c.id) for c in ids.values() for base in c.derived_from if base in ids)


def _party(chains: list[Chain]) -> Party:
    first = {chain.root.origin: chain.days[0] for chain in reversed(chains)}
    ordered = sorted(chains, key=lambda c: (first[c.root.origin], c.root.origin, c.days[0]))
    return Party(chains[0].root.network if len(first) > 1 else "", tuple(ordered))


def _chains(ids: dict[str, Claim]) -> Iterator[Chain]:
    """Yield the chains among claims; what is printed but not among them begins none."""
    below: dict[str, list[Claim]] = {}
    for claim in ids.values():
        below.setdefault(claim.repeats if claim.repeats in ids else "", []).append(claim)
    for root in below.get("", ()):
        yield Chain(tuple(_links(root, below)))


def _links(root: Claim, below: dict[str, list[Claim]]) -> Iterator[Link]:
    """Yield a claim and all that print it; none stands before what it prints."""
    todo = [(root, "", root.published.middle)]
    while todo:
        claim, parent, day = todo.pop()
        yield Link(claim, parent, day)
        printings = sorted(
            below.get(claim.id, ()), key=lambda c: (c.published.middle, c.id), reverse=True
        )
        todo += [(later, claim.id, max(day, later.published.middle)) for later in printings]


def largest(found: tuple[Party, ...], most: int) -> tuple[tuple[Party, ...], int, int]:
    """Return the parties of the origins with most claims, and how many origins and claims are left.

    Parameters
    ----------
    found
        The parties.
    most
        How many origins stay.
    """
    sizes: Counter[str] = Counter()
    for chain in (c for party in found for c in party.chains):
        sizes[chain.root.origin] += len(chain.links)
    kept = {origin for origin, _ in sizes.most_common(most)}
    cut = (Party(p.network, tuple(c for c in p.chains if c.root.origin in kept)) for p in found)
    left = [n for origin, n in sizes.items() if origin not in kept]
    return tuple(party for party in cut if party.chains), len(left), sum(left)
