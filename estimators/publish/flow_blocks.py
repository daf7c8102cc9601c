"""The account in blocks: what comes in on the left, what it becomes on the right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from estimators.evidence.quantity import Balance, CellOf, PartOf, RunningBalance, Split, SumOf
from estimators.evidence.study import Study, status
from estimators.inference.estimate import LEVEL, Estimate, quantiles
from estimators.publish.catalogue import marked, retold, say
from estimators.publish.escaping import plain

MANY = 25  # counts from which on only the headline is drawn
_SHOWN = 6  # blocks of a large study that has no headline in any
REST = marked("the rest")


@dataclass(frozen=True)
class Entry:
    """One quantity at an end of a block; what has no id follows from the others.

    `side` is 'stock' or 'flow'; it is not `claimed` where no claim speaks of the number itself.
    """

    id: str
    name: str
    low: float
    median: float
    high: float
    side: str = "flow"
    claimed: bool = False


@dataclass(frozen=True)
class Block:
    """Quantities that add up: all on the left together are all on the right together."""

    kind: Literal["balance", "split", "part", "sum"]
    left: tuple[Entry, ...]
    right: tuple[Entry, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return both sides."""
        return (*self.left, *self.right)


def blocks_of(estimate: Estimate) -> list[Block]:
    """Return the account in blocks: balances in order of time, then splits, parts and sums.

    Parameters
    ----------
    estimate
        The estimate.

    Notes
    -----
    Of a study of more than `MANY` counts these are the blocks of the headline: its balances, the
    whole that it is part of, and what it consists of.
    """
    study = estimate.study
    found = [*_balances(estimate), *_splits(estimate), *_parts(estimate), *_cells(estimate)]
    found += _sums(estimate)
    if sum(not q.is_share for q in study.quantities) <= MANY:
        return found
    return [b for b in found if _is_of_headline(study, b)] or found[:_SHOWN]


def _is_of_headline(study: Study, block: Block) -> bool:
    """Return whether a block says what the headline consists of, or what it is part of."""
    told = block.right if block.kind == "sum" else block.entries
    return any(entry.id in study.headline for entry in told)


def _entry(estimate: Estimate, id: str, more: str = "") -> Entry:
    quantity = estimate.study.by_id[id]
    side = "stock" if quantity.measure == "stock" else "flow"
    claimed = status(estimate.study, id) == "claimed"
    name = plain(quantity.label) + more
    return Entry(id, name, *estimate.interval(id), side=side, claimed=claimed)


def _balances(estimate: Estimate) -> Iterator[Block]:
    """Yield the balances in order of time, and those that run over time."""
    study = estimate.study
    fixed = [i for i in study.identities if isinstance(i, Balance)]
    for one in sorted(fixed, key=lambda balance: _day(study, balance.before)):
        came = [_entry(estimate, one.inflow)] if one.inflow else []
        left = [_entry(estimate, out) for out in one.outflows]
        before, after = _entry(estimate, one.before), _entry(estimate, one.after)
        yield Block("balance", (before, *came), (after, *left))
    for running in study.identities:
        if isinstance(running, RunningBalance):
            yield _running(estimate, running)


def _running(estimate: Estimate, balance: RunningBalance) -> Block:
    """Return a balance that runs over time, from the start of its series to the end."""
    name = plain(estimate.study.by_id[balance.stock].label)
    drawn = estimate.draws_of(balance.stock) - estimate.draws_of(balance.inflow)
    for out in balance.outflows:
        drawn = drawn + estimate.draws_of(out)
    low, median, high = quantiles(drawn.values, LEVEL)
    before = Entry("", say("{name}, at the start", name=name), low, median, high, "stock")
    outs = [_entry(estimate, out) for out in balance.outflows]
    after = _entry(estimate, balance.stock, say(", at the end"))
    return Block("balance", (before, _entry(estimate, balance.inflow)), (after, *outs))


def _splits(estimate: Estimate) -> Iterator[Block]:
    for split in estimate.study.identities:
        if isinstance(split, Split):
            parts = tuple(_entry(estimate, part) for part in split.defines)
            yield Block("split", (_entry(estimate, split.whole),), parts)


def _parts(estimate: Estimate) -> Iterator[Block]:
    """Yield each part with the rest of its whole."""
    for quantity in estimate.study.quantities:
        if isinstance(quantity.rule, PartOf):
            yield _with_rest(estimate, quantity.rule.whole, [quantity.id])


def _with_rest(estimate: Estimate, whole: str, parts: Sequence[str]) -> Block:
    rest = estimate.draws_of(whole)
    for part in parts:
        rest = rest - estimate.draws_of(part)
    low, median, high = (max(number, 0.0) for number in quantiles(rest.values, LEVEL))
    left = Entry("", retold(REST), low, median, high)
    shown = tuple(_entry(estimate, part) for part in parts)
    return Block("part", (_entry(estimate, whole),), (*shown, left))


def _cells(estimate: Estimate) -> Iterator[Block]:
    """Yield, for each breakdown, the quantities of each dimension beside what they leave."""
    study = estimate.study
    for made in study.breakdowns:
        for dimension in made.dimensions:
            named = {
                rule.levels[0][1]: q.id
                for q in study.quantities
                if isinstance(rule := q.rule, CellOf)
                and rule.breakdown == made.id
                and [d for d, _ in rule.levels] == [dimension.id]
            }
            if len(named) == len(dimension.levels):
                parts = tuple(_entry(estimate, id) for id in named.values())
                yield Block("split", (_entry(estimate, made.whole),), parts)
            elif named:
                yield _with_rest(estimate, made.whole, list(named.values()))


def _sums(estimate: Estimate) -> Iterator[Block]:
    for quantity in estimate.study.quantities:
        if isinstance(quantity.rule, SumOf):
            parts = tuple(_entry(estimate, part) for part in quantity.rule.parts)
            yield Block("sum", parts, (_entry(estimate, quantity.id),))


def _day(study: Study, id: str) -> tuple[str, str]:
    """Return when a stock stands, as a text that sorts; the undated last."""
    when = study.by_id[id].when
    return (str(when.middle) if when else "9999"), id
