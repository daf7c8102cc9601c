"""How quantities hang together: what each is computed from, and in which order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from graphlib import TopologicalSorter

from estimators.evidence.quantity import (
    Balance,
    Identity,
    PartOf,
    Quantity,
    Range,
    Split,
    SumOf,
    identity_needs,
    needs,
)


def graph(
    quantities: Iterable[Quantity], identities: Iterable[Identity]
) -> dict[str, tuple[str, ...]]:
    """Return, for each quantity, the ids that it is computed from."""
    edges = {quantity.id: needs(quantity) for quantity in quantities}
    for identity in identities:
        for id in identity.defines:
            edges[id] = (*edges.get(id, ()), *identity_needs(identity))
    return edges


def order(quantities: Sequence[Quantity], identities: Sequence[Identity]) -> tuple[str, ...]:
    """Return the ids of all quantities, each after those it is computed from."""
    return tuple(TopologicalSorter(graph(quantities, identities)).static_order())


def is_derived(quantity: Quantity) -> bool:
    """Return whether a quantity is a sum and so has no unknown of its own."""
    return isinstance(quantity.rule, SumOf)


def stated_ranges(
    quantities: Iterable[Quantity], identities: Iterable[Identity]
) -> Iterator[tuple[str, str, Range]]:
    """Yield every stated range as (id, what it is of, range)."""
    for quantity in quantities:
        match quantity.rule:
            case Range() as given:
                yield quantity.id, "share" if quantity.is_share else "persons", given
            case PartOf(whole, Range() as given):
                yield quantity.id, f"share of {whole}", given
    for identity in identities:
        match identity:
            case Split(whole=whole, parts=parts):
                yield from ((id, f"share of {whole}", given) for id, given in parts)
            case Balance(inflow=inflow, inflow_share=Range() as given):
                yield inflow, f"share of the throughput of {identity.id}", given
