"""What must hold of splits, balances and running balances, the dates of their terms included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from estimators.evidence.parts import Parts, Unread
from estimators.evidence.problems import Problem
from estimators.evidence.quantity import Balance, Quantity, RunningBalance, Split
from estimators.evidence.range_rules import is_count, percent, shares_of_a_whole
from estimators.evidence.running import Running, running
from estimators.evidence.when import When

type _Terms = tuple[tuple[str, Sequence[str], str], ...]  # column, ids, the measure they need


def problems(study: Parts, unread: Unread) -> Iterator[Problem]:
    """Yield everything that is wrong with the identities of a study, each by itself."""
    quantities = {quantity.id: quantity for quantity in study.quantities}
    measures: dict[str, str] = {id: quantity.measure for id, quantity in quantities.items()}
    runs = running(study, unread)
    for identity in study.identities:
        match identity:
            case Split():
                yield from _split(identity, measures)
            case Balance():
                yield from _balance(identity, measures)
                yield from _dates(identity, quantities)
            case RunningBalance():
                yield from _running_balance(identity, measures)
                yield from _on_one_series(identity, quantities, runs)


def _split(split: Split, measures: Mapping[str, str]) -> Iterator[Problem]:
    subject = f"split {split.id}"
    yield from is_count(subject, "whole", split.whole, measures)
    for id in split.defines:
        yield from is_count(subject, "parts", id, measures)
    yield from shares_of_a_whole(subject, "parts", "part", split.parts, "split")


def _balance(balance: Balance, measures: Mapping[str, str]) -> Iterator[Problem]:
    subject = f"balance {balance.id}"
    terms: _Terms = (
        ("before", (balance.before,), "stock"),
        ("after", (balance.after,), "stock"),
        ("outflows", balance.outflows, "flow"),
        ("inflow", (balance.inflow,) if balance.inflow else (), "flow"),
    )
    yield from _kinds(subject, terms, measures)
    if bool(balance.inflow) != (balance.inflow_share is not None):
        wrong = "inflow and inflow_share go together."
        yield Problem(subject, wrong, "Give both or neither.", "inflow", balance.inflow)
    elif balance.inflow_share is not None:
        yield from percent(subject, "inflow_share", balance.inflow_share)
    if not balance.outflows and not balance.inflow:
        yield Problem(subject, "nothing flows in or out.", "Add outflows or an inflow.")


def _kinds(subject: str, terms: _Terms, measures: Mapping[str, str]) -> Iterator[Problem]:
    """Yield each term whose measure is not the one it needs, and terms that stand there twice."""
    for column, ids, kind in terms:
        for id in dict.fromkeys(ids):
            if measures.get(id, kind) != kind:
                wrong = f"it is not a {kind} but a {measures[id]}."
                yield Problem(subject, wrong, f"Name a {kind}, or mend its measure.", column, id)
        if len(set(ids)) < len(ids):
            got = ", ".join(ids)
            yield Problem(subject, "one stands there twice.", "List each once.", column, got)


def _dates(balance: Balance, quantities: Mapping[str, Quantity]) -> Iterator[Problem]:
    """Yield terms of a balance whose stated dates do not meet."""
    subject = f"balance {balance.id}"
    before, after = (_when(id, quantities) for id in (balance.before, balance.after))
    if before is None or after is None:
        return
    if before.start > after.end:
        wrong = f"the stock before ({before}) is of a later day than the stock after ({after})."
        remedy = "Exchange before and after, or mend the 'when' of one of them."
        yield Problem(subject, wrong, remedy, "before", balance.before)
        return
    for column, ids in (("outflows", balance.outflows), ("inflow", (balance.inflow,))):
        for id in dict.fromkeys(ids):
            when = _when(id, quantities)
            if when and not before.start <= when.start <= when.end <= after.end:
                wrong = f"its days ({when}) do not lie between the two stocks' ({before}, {after})."
                remedy = "Mend the 'when' of one of them, or name the flow between these two days."
                yield Problem(subject, wrong, remedy, column, id)


def _when(id: str, quantities: Mapping[str, Quantity]) -> When | None:
    return quantities[id].when if id in quantities else None


def _running_balance(balance: RunningBalance, measures: Mapping[str, str]) -> Iterator[Problem]:
    subject = f"running_balance {balance.id}"
    terms: _Terms = (
        ("stock", (balance.stock,), "stock"),
        ("inflow", (balance.inflow,), "flow"),
        ("outflows", balance.outflows, "flow"),
    )
    yield from _kinds(subject, terms, measures)
    yield from percent(subject, "inflow_share", balance.inflow_share)


def _on_one_series(
    balance: RunningBalance, quantities: Mapping[str, Quantity], runs: Running
) -> Iterator[Problem]:
    """Yield terms of a running balance that do not run as its stock does."""
    subject = f"running_balance {balance.id}"
    stock, inflow = quantities.get(balance.stock), quantities.get(balance.inflow)
    if inflow is not None and inflow.series:
        wrong = "its inflow has a series of its own, but runs as the balance says."
        remedy = f"Drop series under [quantities.{inflow.id}]: it has that of the stock."
        yield Problem(subject, wrong, remedy, "inflow", inflow.id)
    if stock is None:
        return
    if not stock.series:
        wrong = "its stock does not run over time."
        remedy = f'Write series = "…" under [quantities.{stock.id}].'
        yield Problem(subject, wrong, remedy, "stock", stock.id)
        return
    for id in dict.fromkeys(balance.outflows):
        is_flow = id in quantities and quantities[id].measure == "flow"
        if is_flow and runs.surely_not(id, stock.series):
            wrong = f"it does not run on {stock.series}, as the stock does."
            remedy = f'Write series = "{stock.series}" under [quantities.{id}], or leave it out.'
            yield Problem(subject, wrong, remedy, "outflows", id)
