"""What looks wrong over time: totals that fall or are not marked, days that nobody speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain, pairwise
from statistics import median

from estimators.evidence.claim import Claim
from estimators.evidence.finding import Finding
from estimators.evidence.series import Series
from estimators.evidence.study import Study
from estimators.evidence.wording import About, Exactly, Nearly, OneNumber, Verified, is_round

_FEW_TOTALS = 4
_LONG_GAP = 1 / 3  # of a series
_LONG_CELL = 5.0  # times the median cell
_POINTS = (Exactly, About, Nearly, Verified)


def findings(study: Study) -> Iterator[Finding]:
    """Yield what looks wrong with the claims on quantities that run over time."""
    for totals in _totals(study):
        yield from _falling(totals)
        yield from _unmarked(totals)
    marked: dict[str, set[date]] = {series.id: set() for series in study.series}
    for claim in study.claims:
        days = study.window(claim) if claim.used else None
        if days:
            marked[study.series_of[claim.quantity].id] |= {days.start, days.end}
    for series in study.series:
        yield from _gap(series, marked[series.id])
        yield from _long_cell(series)


def _totals(study: Study) -> list[list[Claim]]:
    """Return the single numbers that an origin says of a quantity from one first day on.

    Each list is in the order of the days until which they count.
    """
    found: dict[tuple[str, str, str, date], list[Claim]] = {}
    for claim in study.claims:
        if not claim.used or not isinstance(claim.wording, OneNumber):
            continue
        days = study.window(claim)
        if days and study.by_id[claim.quantity].measure != "stock":
            key = (claim.quantity, claim.origin, claim.coverage, days.start)
            found.setdefault(key, []).append(claim)
    for totals in found.values():
        totals.sort(key=lambda claim: (claim.speaks_for.end, claim.published.start))
    return list(found.values())


def _falling(totals: Sequence[Claim]) -> Iterator[Finding]:
    """Show totals below one that the same origin gave for an earlier day."""
    points = [claim for claim in totals if isinstance(claim.wording, _POINTS)]
    fallen = [
        (before, after)
        for before, after in pairwise(points)
        if _number(after) < _number(before) and before.speaks_for.end < after.speaks_for.end
    ]
    if fallen:
        before, after = max(fallen, key=lambda pair: _number(pair[0]) - _number(pair[1]))
        lie = "lie" if len(fallen) > 1 else "lies"
        yield Finding(
            "falling total",
            tuple(claim.id for _, claim in fallen),
            f"{after.origin} on {after.quantity}: {len(fallen)} of its {len(points)} totals {lie} "
            f"below the total of an earlier day; the most so {_until(after)} after "
            f"{_until(before)}.",
            "If it counts other days, write since and as_of; if the origin took some off its "
            "count, leave it and say so in notes.",
            settled=False,
        )


def _until(claim: Claim) -> str:
    return f"{claim.id} ({claim.wording} until {claim.speaks_for.end})"


def _unmarked(totals: Sequence[Claim]) -> Iterator[Finding]:
    """Propose to mark the totals that an origin carries on: each holds the errors of the last."""
    rough = [c for c in totals if c.method != "running total" and not is_round(_number(c))]
    if len(rough) > _FEW_TOTALS:
        first, last = rough[0], rough[-1]
        yield Finding(
            "running total",
            tuple(claim.id for claim in rough),
            f"{first.origin} gives {len(rough)} totals of {first.quantity} that are not round, "
            f"from {first.id} to {last.id}: one count, carried on.",
            "If each adds to the one before, write method = running total in these rows.",
            settled=False,
        )


def _gap(series: Series, marked: set[date]) -> Iterator[Finding]:
    """Show the longest stretch on which no claim begins or ends, where it is long."""
    days = sorted(chain(marked, (series.start, series.end)))
    before, after = max(pairwise(days), key=lambda pair: pair[1] - pair[0])
    length, of = (after - before).days, (series.end - series.start).days + 1
    if marked and length > _LONG_GAP * of:
        yield Finding(
            "gap",
            (),
            f"no claim on the series {series.id} speaks for a day between {before} and {after}: "
            f"{length} of its {of} days.",
            "Look for claims in between, or keep in mind that the course there is assumed.",
            settled=False,
        )


def _long_cell(series: Series) -> Iterator[Finding]:
    """Show the longest cell between given dates, where a date may have been forgotten."""
    if series.step != "dates":
        return
    cells = [((after - before).days, before) for before, after in pairwise(series.edges)]
    length, begins = max(cells)
    if length > _LONG_CELL * median(days for days, _ in cells):
        yield Finding(
            "long cell",
            (),
            f"the cell of the series {series.id} that begins on {begins} is {length} days long, "
            "many times as long as the others.",
            "If a date is missing there, add it to dates.",
            settled=False,
        )


def _number(claim: Claim) -> float:
    assert isinstance(claim.wording, OneNumber)
    return claim.wording.value
