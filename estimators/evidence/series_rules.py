"""What must hold of series, and of the quantities that run on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import prod

from estimators.evidence.identities import graph, split_clocks
from estimators.evidence.parts import Parts, Unread
from estimators.evidence.problems import Problem, suggestion
from estimators.evidence.quantity import Identity, Quantity, RunningBalance
from estimators.evidence.range_rules import percent
from estimators.evidence.running import Running, running
from estimators.evidence.series import Series

FEWEST_CELLS = 2
MOST_CELLS = 1_500
MOST_CELLS_OF_ALL = 100_000


def problems(study: Parts, unread: Unread) -> Iterator[Problem]:
    """Yield everything that is wrong with the series of a study and with what runs on them."""
    for series in study.series:
        yield from _series(series)
    yield from _unused(study, unread)
    yield from _unknown(study, unread)
    balanced = Counter(i.stock for i in study.identities if isinstance(i, RunningBalance))
    for quantity in study.quantities:
        if quantity.series:
            yield from _runs(quantity, balanced[quantity.id], unread)
    runs = running(study, unread)
    yield from _two_paths(study, runs)
    yield from _size(study, runs)


def _series(series: Series) -> Iterator[Problem]:
    subject, cells = f"series {series.id}", series.cells
    if cells < FEWEST_CELLS:
        wrong = "it has one cell only: nothing runs over time."
        remedy = "Take a smaller step, or drop it: a total needs no series."
        yield Problem(subject, wrong, remedy, "step", series.step)
    elif cells > MOST_CELLS:
        wrong = f"it has {cells:,} cells; {MOST_CELLS:,} are the most."
        remedy = "Take a larger step (week, month), or let it start later or end earlier."
        yield Problem(subject, wrong, remedy, "step", series.step)
    if series.delay_held is not None:
        yield from percent(subject, "delay_held", series.delay_held)


def _unused(study: Parts, unread: Unread) -> Iterator[Problem]:
    used = {quantity.series for quantity in study.quantities}
    for series in study.series:
        if series.id not in used and not unread.quantities:
            remedy = f'Write series = "{series.id}" under a quantity, or drop the series.'
            yield Problem(f"series {series.id}", "no quantity runs on it.", remedy)


def _unknown(study: Parts, unread: Unread) -> Iterator[Problem]:
    known = {*(series.id for series in study.series), *unread.series}
    for quantity in (*study.quantities, *unread.quantity_drafts):
        id = quantity.series
        if id and id not in known and id not in unread.series:
            wrong = "it is not a series of this study."
            remedy = suggestion(id, known, add_to="[series] in study.toml")
            yield Problem(f"quantity {quantity.id}", wrong, remedy, "series", id)


def _runs(quantity: Quantity, balances: int, unread: Unread) -> Iterator[Problem]:
    """Yield why a quantity cannot have a series of its own."""
    subject = f"quantity {quantity.id}"
    if quantity.is_share:
        wrong = "a share does not run over time."
        remedy = "Drop series here; the counts that it is a share of may have one."
        yield Problem(subject, wrong, remedy, "series", quantity.series)
    if quantity.measure != "stock" or quantity.id in unread.defined:
        return
    if balances == 0:
        wrong = "a stock that runs over time needs a running balance."
        remedy = (
            f'Add [running_balances.some_id] with stock = "{quantity.id}", inflow, inflow_share, '
            "outflows and a reason, or drop series here."
        )
        yield Problem(subject, wrong, remedy, "series", quantity.series)
    elif balances > 1:
        wrong = f"it is the stock of {balances} running balances."
        yield Problem(subject, wrong, "Keep one, with all its outflows.", "series", quantity.series)


def _two_paths(study: Parts, runs: Running) -> Iterator[Problem]:
    """Yield what runs by itself although it is computed from what runs: the two would not agree.

    A whole whose split has parts that run by themselves runs as they do, and so by itself.
    """
    if not runs.complete:
        return
    quantities = {quantity.id: quantity for quantity in study.quantities}
    edges = graph(study.quantities, study.identities, study.breakdowns)
    by_parts = split_clocks(study.quantities, study.identities)
    inflows = {i.inflow for i in study.identities if isinstance(i, RunningBalance)}
    for id, quantity in quantities.items():
        if id in inflows:  # told of the balance
            continue
        own = quantity.series or (by_parts[id].id if id in by_parts else "")
        for other in dict.fromkeys(edges[id]) if own else ():
            is_its_sum = other in by_parts and id in by_parts[other].defines
            if other in runs.clocks and not is_its_sum and other in quantities:
                yield _two(quantity, other)


def _two(quantity: Quantity, other: str) -> Problem:
    if quantity.series:
        wrong = f"it runs by itself, but is computed from {other}, which runs too."
        remedy = f"Drop series here: it runs as {other} does. Or drop that of {other}."
        return Problem(f"quantity {quantity.id}", wrong, remedy, "series", quantity.series)
    wrong = f"it runs as the parts of its split do, but is computed from {other}, which runs too."
    remedy = "Drop series under the parts of its split: they run as it does."
    return Problem(f"quantity {quantity.id}", wrong, remedy)


def _size(study: Parts, runs: Running) -> Iterator[Problem]:
    """Yield that there are more cells of all series and breakdowns than can be estimated."""
    clocks = _own_clocks(study.quantities, study.identities, runs)
    sizes = {
        f"series {series.id}: {series.cells:,} cells of {clocks[series.id]:,} quantities": (
            series.cells * clocks[series.id]
        )
        for series in study.series
    }
    sizes |= {
        f"breakdown {breakdown.id}": prod(len(d.levels) for d in breakdown.dimensions)
        for breakdown in study.breakdowns
    }
    if sum(sizes.values()) > MOST_CELLS_OF_ALL:
        wrong = (
            f"series and breakdowns have {sum(sizes.values()):,} cells together; "
            f"{MOST_CELLS_OF_ALL:,} are the most."
        )
        remedy = "Take larger steps, shorter series, or fewer levels."
        largest = sorted(sizes, key=lambda name: -sizes[name])[:3]
        yield Problem("study", wrong, remedy, got="; ".join(largest))


def _own_clocks(
    quantities: Sequence[Quantity], identities: Sequence[Identity], runs: Running
) -> Counter[str]:
    """Return, for each series, how many quantities have unknowns of their own in its cells."""
    found = Counter(quantity.series for quantity in quantities if quantity.series)
    inflows = (i.inflow for i in identities if isinstance(i, RunningBalance))
    found.update(runs.clocks[id] for id in inflows if id in runs.clocks)
    return found
