"""What must hold of the quantities of a study, and of the identities between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import log

from estimators.evidence.circles import circles
from estimators.evidence.identities import graph
from estimators.evidence.parts import Parts, Unread
from estimators.evidence.problems import Problem, suggestion
from estimators.evidence.quantity import (
    ACCESS,
    MEASURES,
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

_CERTAIN = 100.0
_NEAR_END = 0.15  # part of a range; there one tail in 1,000 lies 3.3 ranges beyond the far end


def problems(study: Parts, unread: Unread) -> Iterator[Problem]:
    """Yield everything that is wrong with the quantities and identities of a study."""
    quantities, identities = study.quantities, study.identities
    yield from _definitions(quantities, identities, unread)
    yield from _references(
        (*quantities, *unread.quantity_drafts),
        (*identities, *unread.identity_drafts),
        study,
        unread,
    )
    measures: dict[str, str] = {quantity.id: quantity.measure for quantity in quantities}
    for quantity in quantities:
        yield from _words(quantity)
        yield from _share(quantity, measures)
    for quantity in (*quantities, *unread.quantity_drafts):
        yield from _members(quantity, measures)
    for identity in identities:
        if isinstance(identity, Split):
            yield from _split(identity, measures)
        elif isinstance(identity, Balance):
            yield from _balance(identity, measures)
    yield from _circles(quantities, identities)


def _definitions(
    quantities: Sequence[Quantity], identities: Sequence[Identity], unread: Unread
) -> Iterator[Problem]:
    by_identity = Counter(id for identity in identities for id in identity.defines)
    for quantity in quantities:
        times = by_identity[quantity.id] + (quantity.rule is not None)
        if times == 0 and quantity.id not in unread.defined:
            yield Problem(
                f"quantity {quantity.id}",
                "nothing defines it.",
                "Give it a range with a reason, part_of, sum_of, or make it a part of a split or "
                "the 'before' or 'inflow' of a balance.",
            )
        elif times > 1:
            yield Problem(
                f"quantity {quantity.id}",
                f"{times} rules define it; one quantity has one rule.",
                "Drop all but one of range, part_of, sum_of, split and balance (as 'before' or "
                "'inflow'). It may still be a member of any number of sums.",
            )


def _references(
    quantities: Sequence[Quantity],
    identities: Sequence[Identity],
    study: Parts,
    unread: Unread,
) -> Iterator[Problem]:
    known = {*(quantity.id for quantity in study.quantities), *unread.quantities}
    wanted = [(f"quantity {q.id}", id) for q in quantities for id in dict.fromkeys(needs(q))]
    wanted += [
        (f"{type(i).__name__.lower()} {i.id}", id)
        for i in identities
        for id in dict.fromkeys((*i.defines, *identity_needs(i)))
    ]
    for subject, id in wanted:
        if id and id not in known and id not in unread.quantities:
            wrong = "it names no quantity of this study."
            remedy = suggestion(id, known, add_to="study.toml")
            yield Problem(subject, wrong, remedy, got=id)


def _words(quantity: Quantity) -> Iterator[Problem]:
    subject = f"quantity {quantity.id}"
    if not quantity.label.strip():
        yield Problem(subject, "it is empty.", "Say in words what is counted.", "label")
    if quantity.measure not in MEASURES:
        remedy = suggestion(quantity.measure, MEASURES)
        yield Problem(subject, "unknown measure.", remedy, "measure", quantity.measure)
    if quantity.access not in (None, *ACCESS):
        remedy = suggestion(str(quantity.access), ACCESS)
        yield Problem(subject, "unknown access.", remedy, "access", str(quantity.access))
    if quantity.side != quantity.side.strip():
        yield Problem(subject, "spaces stand around it.", "Drop them.", "side", quantity.side)


def _share(quantity: Quantity, measures: Mapping[str, str]) -> Iterator[Problem]:
    subject = f"quantity {quantity.id}"
    if quantity.is_share and not isinstance(quantity.rule, Range):
        wrong = "a share needs a range of its own."
        remedy = "Write range = [low, high] in percent, with a reason, and no other rule."
        yield Problem(subject, wrong, remedy)
    match quantity.rule:
        case Range() as given if quantity.is_share:
            yield from _percent(subject, "range", given)
        case Range() as given:
            yield from _middle(subject, given, *map(log, (given.low, given.high)))
        case PartOf(_, Range() as given):
            yield from _percent(subject, "share", given)
        case PartOf(_, str(share)) if measures.get(share, "share") != "share":
            wrong = 'it is not a quantity with measure = "share".'
            remedy = "Name one that is, or write share = [low, high] in percent with a reason."
            yield Problem(subject, wrong, remedy, "share", share)


def _members(quantity: Quantity, measures: Mapping[str, str]) -> Iterator[Problem]:
    subject = f"quantity {quantity.id}"
    if not isinstance(quantity.rule, PartOf | SumOf):
        return
    is_sum = isinstance(quantity.rule, SumOf)
    counted = needs(quantity) if is_sum else needs(quantity)[:1]
    column = "sum_of" if is_sum else "part_of"
    if not counted or len(set(counted)) < len(counted):
        wrong, remedy = "a sum needs parts, each once.", "List each part once."
        yield Problem(subject, wrong, remedy, column, ", ".join(counted))
    for id in dict.fromkeys(counted):
        yield from _is_count(subject, column, id, measures)


def _is_count(subject: str, column: str, id: str, measures: Mapping[str, str]) -> Iterator[Problem]:
    if measures.get(id) == "share":
        wrong = "a share cannot be added up or split, only a number of people."
        yield Problem(subject, wrong, "Name a flow, a stock or a cumulative count.", column, id)


def _percent(subject: str, column: str, given: Range) -> Iterator[Problem]:
    if given.high >= _CERTAIN:
        yield Problem(
            subject,
            "a share is in percent and lies below 100.",
            f"Write e.g. {column} = [60, 95] for 60 to 95 percent.",
            column,
            f"{given.low:g} to {given.high:g}",
        )
    else:
        yield from _middle(subject, given, *map(_logit, (given.low, given.high)))


def _logit(percent: float) -> float:
    return log(percent / (_CERTAIN - percent))


def _middle(subject: str, given: Range, low: float, high: float) -> Iterator[Problem]:
    """Yield what is wrong with a middle: near an end, the other tail has no bound worth the name.

    `low` and `high` are the ends of the range on the scale of its prior (log, or logit of a share).
    """
    if given.middle is None:
        return
    middle = log(given.middle) if low == log(given.low) else _logit(given.middle)
    part = (middle - low) / (high - low)
    if not _NEAR_END <= part <= 1.0 - _NEAR_END:
        yield Problem(
            subject,
            "its middle is so near one end that the tail beyond the other end would be absurd.",
            "Move the middle further in, or the near end further out, or leave the middle out.",
            "middle",
            f"{given.middle:g} in {given.low:g} to {given.high:g}",
        )


def _split(split: Split, measures: Mapping[str, str]) -> Iterator[Problem]:
    subject = f"split {split.id}"
    yield from _is_count(subject, "whole", split.whole, measures)
    for id, given in split.parts:
        yield from _is_count(subject, "parts", id, measures)
        yield from _percent(subject, f"parts.{id}.share", given)
        if given.middle is not None:
            wrong = "the share of a part of a split has no middle."
            remedy = "Leave it out: the parts are fitted together."
            yield Problem(subject, wrong, remedy, f"parts.{id}.middle", f"{given.middle:g}")
    lows = sum(given.low for _, given in split.parts)
    highs = sum(given.high for _, given in split.parts)
    if len(split.parts) < 2 or not lows < _CERTAIN < highs:
        yield Problem(
            subject,
            "the shares of its parts cannot add up to 100 percent.",
            "Give two or more parts whose low ends add to less than 100 and high ends to more.",
            "parts",
            f"{lows:g} to {highs:g}" if split.parts else "no part",
        )


def _balance(balance: Balance, measures: Mapping[str, str]) -> Iterator[Problem]:
    subject = f"balance {balance.id}"
    for column, ids, kind in (
        ("before", (balance.before,), "stock"),
        ("after", (balance.after,), "stock"),
        ("outflows", balance.outflows, "flow"),
        ("inflow", (balance.inflow,) if balance.inflow else (), "flow"),
    ):
        for id in dict.fromkeys(ids):
            if measures.get(id, kind) != kind:
                wrong = f"it is not a {kind} but a {measures[id]}."
                yield Problem(subject, wrong, f"Name a {kind}, or mend its measure.", column, id)
    if len(set(balance.outflows)) < len(balance.outflows):
        got = ", ".join(balance.outflows)
        yield Problem(subject, "one stands there twice.", "List each once.", "outflows", got)
    if bool(balance.inflow) != (balance.inflow_share is not None):
        wrong = "inflow and inflow_share go together."
        yield Problem(subject, wrong, "Give both or neither.", "inflow", balance.inflow)
    elif balance.inflow_share is not None:
        yield from _percent(subject, "inflow_share", balance.inflow_share)
    if not balance.outflows and not balance.inflow:
        yield Problem(subject, "nothing flows in or out.", "Add outflows or an inflow.")


def _circles(quantities: Sequence[Quantity], identities: Sequence[Identity]) -> Iterator[Problem]:
    for circle in circles(graph(quantities, identities)):
        yield Problem(
            f"quantity {circle[0]}",
            "its definition comes back to itself.",
            "Break the circle: one of these needs a range of its own.",
            got=" -> ".join(circle),
        )
