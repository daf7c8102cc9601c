"""How quantities hang together: what each is computed from, and in which order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import TopologicalSorter

from estimators.evidence.quantity import (
    PERCENT,
    PERSONS,
    SEVERAL,
    Balance,
    Breakdown,
    CellOf,
    Identity,
    PartOf,
    Quantity,
    Range,
    RunningBalance,
    Split,
    SumOf,
    identity_needs,
    needs,
)


def graph(
    quantities: Iterable[Quantity],
    identities: Iterable[Identity],
    breakdowns: Iterable[Breakdown] = (),
) -> dict[str, tuple[str, ...]]:
    """Return, for each quantity, the ids that it is computed from."""
    wholes = {breakdown.id: (breakdown.whole,) for breakdown in breakdowns}
    edges = {q.id: needs(q) or _whole(q, wholes) for q in quantities}
    for identity in identities:
        for id in identity.defines:
            edges[id] = (*edges.get(id, ()), *identity_needs(identity))
    return edges


def _whole(quantity: Quantity, wholes: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the whole that a cell of a breakdown is computed from, nothing of other rules."""
    match quantity.rule:
        case CellOf(breakdown):
            return wholes.get(breakdown, ())
        case _:
            return ()


def order(
    quantities: Sequence[Quantity],
    identities: Sequence[Identity],
    breakdowns: Iterable[Breakdown] = (),
) -> tuple[str, ...]:
    """Return the ids of all quantities, each after those it is computed from."""
    return tuple(TopologicalSorter(graph(quantities, identities, breakdowns)).static_order())


def clocks(
    quantities: Sequence[Quantity],
    identities: Sequence[Identity],
    breakdowns: Iterable[Breakdown] = (),
) -> dict[str, str]:
    """Return, for each quantity that runs over time, the id of its series.

    A quantity without a series of its own runs on that of all that it is computed from, where
    they have one and the same. The whole of a split whose parts all name one and the same
    series runs on that: its windows are the sums of those of its parts. What a `Balance` defines
    does not run: it ties the stocks of two days.
    """
    edges = graph(quantities, identities, breakdowns)
    found: dict[str, str] = {}
    own = {quantity.id: quantity for quantity in quantities}
    stated = {id: quantity.series for id, quantity in own.items() if quantity.series}
    from_parts = {
        whole: stated[split.defines[0]]
        for whole, split in split_clocks(quantities, identities).items()
    }
    of_days = {id for i in identities if isinstance(i, Balance) for id in i.defines}
    for id in TopologicalSorter(edges).static_order():
        counted = [i for i in edges.get(id, ()) if i in own and not own[i].is_share]
        among = {found.get(other, "") for other in counted} if id not in of_days else set()
        inherited = among.pop() if len(among) == 1 else ""
        clock = stated.get(id) or from_parts.get(id) or inherited
        if clock:
            found[id] = clock
    return found


def split_clocks(
    quantities: Iterable[Quantity], identities: Iterable[Identity]
) -> dict[str, Split]:
    """Return, for each whole that runs as the parts of a split do, that split.

    All its parts name one and the same series, the whole names none. Only what the parts name
    themselves counts: one that inherits its series has it from the whole, and each would wait for
    the other.
    """
    stated = {quantity.id: quantity.series for quantity in quantities}
    found: dict[str, Split] = {}
    for split in identities:
        if isinstance(split, Split) and not stated.get(split.whole):
            among = {stated.get(part, "") for part in split.defines}
            if len(among) == 1 and among != {""}:
                found.setdefault(split.whole, split)
    return found


def units(
    quantities: Sequence[Quantity],
    identities: Sequence[Identity],
    breakdowns: Iterable[Breakdown] = (),
) -> dict[str, str]:
    """Return, for each quantity, what it counts: 'persons', 'tanks' …; 'percent' for a share.

    A count that states no unit has that of the counts it is computed from, and is in persons
    where it is computed from none.
    """
    edges = graph(quantities, identities, breakdowns)
    own = {quantity.id: quantity for quantity in quantities}
    found: dict[str, str] = {}
    for id in TopologicalSorter(edges).static_order():
        among = [found[other] for other in edges[id] if not own[other].is_share]
        inherited = common_unit(among) if among else PERSONS
        found[id] = PERCENT if own[id].is_share else own[id].unit or inherited
    return found


def common_unit(units: Iterable[str]) -> str:
    """Return the one unit that all have, 'count' where they differ."""
    found = set(units)
    return found.pop() if len(found) == 1 else SEVERAL


def is_derived(quantity: Quantity) -> bool:
    """Return whether a quantity is a sum and so has no unknown of its own."""
    return isinstance(quantity.rule, SumOf)


def stated_ranges(
    quantities: Iterable[Quantity],
    identities: Iterable[Identity],
    breakdowns: Iterable[Breakdown] = (),
) -> Iterator[tuple[str, str, Range]]:
    """Yield every stated range as (id, what it is of, range)."""
    for quantity in quantities:
        match quantity.rule:
            case Range() as given:
                yield quantity.id, "share" if quantity.is_share else quantity.unit or PERSONS, given
            case PartOf(whole, Range() as given):
                yield quantity.id, f"share of {whole}", given
    for identity in identities:
        match identity:
            case Split(whole=whole, parts=parts):
                yield from ((id, f"share of {whole}", given) for id, given in parts)
            case Balance(inflow=inflow, inflow_share=Range() as given):
                yield inflow, f"share of the throughput of {identity.id}", given
            case RunningBalance(inflow=inflow, inflow_share=given):
                yield inflow, f"share of the throughput of {identity.id}, cell by cell", given
    for breakdown in breakdowns:
        for dimension in breakdown.dimensions:
            for level, given in dimension.levels:
                yield f"{breakdown.id} {level}", f"share of {breakdown.whole}", given
