"""What must hold of the days that a claim counts, where its quantity runs over time."""

from __future__ import annotations

from collections.abc import Iterator

from estimators.evidence.claim import Claim
from estimators.evidence.quantity import Quantity
from estimators.evidence.running import Running
from estimators.evidence.series import Series, window
from estimators.evidence.wording import OneNumber

type _Found = Iterator[tuple[str, str, str, str]]  # column, wrong, got, remedy


def wrong_window(claim: Claim, quantity: Quantity, runs: Running) -> _Found:
    """Yield what is wrong with the days that a claim counts: column, wrong, got and remedy.

    Parameters
    ----------
    claim
        A claim whose cells are of the right types.
    quantity
        What it is about.
    runs
        Which quantities run over time.
    """
    yield from _method(claim, quantity, runs)
    series = runs.on(claim.quantity)
    if series is None:
        if claim.since and claim.used and runs.surely_not(claim.quantity):
            wrong = f"{quantity.id} does not run over time: all claims on it count the whole."
            remedy = 'Leave it empty, or write series = "…" under the quantity.'
            yield "since", wrong, str(claim.since), remedy
        return
    if claim.since and quantity.measure == "stock":
        wrong = "a stock is of one day: nothing is added up since another."
        remedy = "Leave it empty; as_of says which day."
        yield "since", wrong, str(claim.since), remedy
    elif claim.since and claim.since.start > claim.speaks_for.end:
        wrong = f"it counts from a later day than it counts to ({claim.speaks_for.end})."
        remedy = "Mend since or as_of; without as_of a claim counts until it was published."
        yield "since", wrong, str(claim.since), remedy
    elif claim.used and claim.since:
        yield from _since(claim, series)
    if claim.used:
        yield from _until(claim, series)


def _since(claim: Claim, series: Series) -> _Found:
    assert claim.since is not None
    first, clock = claim.since.start, f"the series {series.id} ({series.start} to {series.end})"
    if first < series.start:
        wrong = f"it counts from {first} on, before {clock}."
        remedy = "Leave it empty to count from the start of the series, or let that start earlier."
        yield "since", wrong, str(claim.since), remedy
    elif first > series.end:
        remedy = "Mend since, or let the series end later."
        yield "since", f"it counts from {first} on, after {clock}.", str(claim.since), remedy


def _until(claim: Claim, series: Series) -> _Found:
    last, clock = claim.speaks_for.end, f"the series {series.id} ({series.start} to {series.end})"
    if series.holds(last):
        return
    side = "before" if last < series.start else "after"
    if claim.as_of is None:
        wrong = (
            f"it was published {side} {clock}, and as_of does not say until which day it counts."
        )
        remedy = "State as_of: the last day that is counted, in the series. Or write used = no."
        yield "as_of", wrong, str(claim.published), remedy
    else:
        wrong = f"it counts until {last}, {side} {clock}."
        remedy = "Mend as_of, let the series start earlier or end later, or write used = no."
        yield "as_of", wrong, str(claim.as_of), remedy


def _method(claim: Claim, quantity: Quantity, runs: Running) -> _Found:
    """Yield why a claim cannot be one of the totals that its origin carries on."""
    if claim.method != "running total":
        return
    remedy = "Leave method empty, or write enumeration, estimate or coding rule."
    if quantity.is_share or quantity.measure == "stock":
        wrong = f"a {quantity.measure} has no running total, only a count over time has."
        yield "method", wrong, claim.method, remedy
    elif runs.surely_not(quantity.id):
        wrong = f"{quantity.id} does not run over time, so its totals do not run."
        yield "method", wrong, claim.method, f'{remedy} Or write series = "…" under the quantity.'
    if not isinstance(claim.wording, OneNumber):
        wrong = f"a running total is one number, not '{claim.wording}'."
        yield "method", wrong, claim.method, remedy


def count_other_days(one: Claim, other: Claim, quantity: Quantity, runs: Running) -> bool:
    """Return whether two claims on a quantity that runs over time count different days."""
    series = runs.on(quantity.id)
    is_stock = quantity.measure == "stock"
    return series is not None and window(one, series, is_stock) != window(other, series, is_stock)
