"""Loss reports of Radford et al. 2023 as claims: what they mean, what was cleaned, and why."""

from __future__ import annotations

import csv
import io
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from estimators.evidence.claim import Claim, Method
from estimators.evidence.radford2023 import QUANTITIES, SOURCES, Report, Reports
from estimators.evidence.when import When
from estimators.evidence.wording import AtLeast, Exactly, UpTo, Verified, Wording

# A running total is out of line where it is FACTOR times larger or smaller than the median of the
# other totals of its source, victim and category WITHIN so many days, if there are ENOUGH of them.
FACTOR = 3
WITHIN = 10
ENOUGH = 5

_MISCODED = {
    ("United Nations", "Ukraine", "Military Deaths", 188, 5663): (
        "Probably coded wrongly: the United Nations gave about as many civilians the day after."
    ),
    ("US Source", "Russia", "Military Deaths", 260, 5937): (
        "Probably coded wrongly: 5937 is the figure that Russian sources gave."
    ),
    ("OSI", "Ukraine", "Military Deaths", 188, 87000): (
        "Probably coded wrongly: the others of this source lie between 16500 and 26500, and 80000 "
        "were said the day before to be killed and wounded together."
    ),
}
_RUNNING = {("UA Source", "Russia"), ("RU Source", "Ukraine")}
_VERIFIED = {
    "un_cases": "The United Nations publish the cases that they verified one by one.",
    "seen_in_pictures": "A floor of single items seen in pictures, each listed by itself.",
}


@dataclass(frozen=True)
class Step:
    """One thing done to a report (number 0: to the whole file): what, and why."""

    number: int
    what: str
    why: str


@dataclass(frozen=True)
class Imported:
    """Claims, one a report and in the same order, and all that was done on the way."""

    claims: tuple[Claim, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class _Cleaned:
    """What was done, by the number of the report."""

    copies: Mapping[int, Report]  # the first report that says the same
    miscoded: Mapping[int, str]
    strays: Mapping[int, str]
    floors: Mapping[int, Report]  # of ceilings
    odd: Mapping[int, str]


def import_reports(reports: Reports) -> Imported:
    """Return a claim for every report, and what was cleaned.

    Parameters
    ----------
    reports
        What a file of reports says; no row of it is lost.
    """
    done = _cleaned(reports.rows)
    claims = tuple(_claim(report, done) for report in reports.rows)
    steps = sorted(_steps(done), key=lambda step: step.number)
    return Imported(claims, (*_whole_file(reports), *steps))


def cleaning_text(steps: Iterable[Step]) -> str:
    """Return what was done as comma-separated text, one row a step."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("report_id", "what", "why"))
    writer.writerows((step.number or "", step.what, step.why) for step in steps)
    return text.getvalue()


def is_running_total(report: Report) -> bool:
    """Return whether a report is one state of a count that its source keeps and carries on."""
    if report.period != "cumulative":
        return False
    if report.source in ("United Nations", "OSI"):
        return True
    return report.bound == "point" and (report.source, report.victim) in _RUNNING


def _cleaned(rows: Sequence[Report]) -> _Cleaned:
    copies = _copies(rows)
    own = [row for row in rows if row.number not in copies]
    miscoded = {row.number: why for row in own if (why := _MISCODED.get(_said(row)))}
    strays = dict(_strays(row for row in own if row.number not in miscoded))
    floors: dict[int, Report] = {}
    odd: dict[int, str] = {}
    for floor, ceiling in _ranges(own, {*miscoded, *strays}):
        if floor.value < ceiling.value:
            floors[ceiling.number] = floor
        else:
            why = f"A range that does not rise: {floor.value} to {ceiling.value}."
            odd |= {floor.number: why, ceiling.number: why}
    return _Cleaned(copies, miscoded, strays, floors, odd)


def _said(row: Report) -> tuple[str, str, str, int, int]:
    return row.source, row.victim, row.category, row.day, row.value


def _copies(rows: Iterable[Report]) -> dict[int, Report]:
    """Return, for each report that stands there already, the first one that says the same."""
    first: dict[object, Report] = {}
    found = {}
    for row in rows:
        said = (*_said(row), row.period, row.bound)
        if (there := first.setdefault(said, row)) is not row:
            found[row.number] = there
    return found


def _strays(rows: Iterable[Report]) -> Iterator[tuple[int, str]]:
    """Yield each running total that is out of line, and why it is."""
    totals: dict[tuple[str, str, str], list[Report]] = defaultdict(list)
    for row in rows:
        if row.period == "cumulative":
            totals[row.series].append(row)
    for mine in totals.values():
        mine.sort(key=lambda row: row.day)
        for row in filter(is_running_total, mine):
            others = [other for other in _near(mine, row) if other is not row]
            if len(others) >= ENOUGH and (middle := _far_from(row, others)):
                yield (
                    row.number,
                    f"Out of line: {row.value} against {middle:.10g}, the median of the "
                    f"{len(others)} other totals of {row.source} within {WITHIN} days.",
                )


def _near(rows: Sequence[Report], row: Report) -> Sequence[Report]:
    """Return the reports of rows in order of their days that lie within some days of one."""
    start = bisect_left(rows, row.day - WITHIN, key=lambda other: other.day)
    return rows[start : bisect_right(rows, row.day + WITHIN, key=lambda other: other.day)]


def _far_from(row: Report, others: Sequence[Report]) -> float:
    """Return the median of the others that a total is far from, 0 where it is not.

    Totals grow, and in the first days fast: a low one must be far below those until its day too,
    a high one far above those from its day on.
    """
    middle = median(other.value for other in others)
    is_low = row.value < middle
    side = [o.value for o in others if (o.day <= row.day if is_low else o.day >= row.day)]
    if not side:
        return 0.0
    low, high = sorted((row.value, median(side))), sorted((row.value, middle))
    return middle if _is_far(*low) and _is_far(*high) else 0.0


def _is_far(low: float, high: float) -> bool:
    return high > FACTOR * low


def _ranges(rows: Iterable[Report], but: set[int]) -> Iterator[tuple[Report, Report]]:
    """Yield each floor with its ceiling: rows of one cell, paired in the order of rows."""
    cells: dict[object, dict[str, list[Report]]] = defaultdict(lambda: {"min": [], "max": []})
    for row in rows:
        if row.bound != "point" and row.number not in but:
            cells[row.series, row.period, row.day][row.bound].append(row)
    for cell in cells.values():
        yield from zip(cell["min"], cell["max"], strict=False)


def _claim(row: Report, done: _Cleaned) -> Claim:
    day = When(row.date, row.date)
    first, floor = done.copies.get(row.number), done.floors.get(row.number)
    why_not = done.miscoded.get(row.number, "") or done.strays.get(row.number, "")
    if first:
        why_not = f"The same figure of the same day and source as {_id(first)}."
    wording, hedge, coverage = _wording(row)
    method: Method = "running total" if is_running_total(row) else ""
    return Claim(
        _id(row),
        QUANTITIES[row.victim][row.category],
        wording,
        SOURCES[row.source],
        published=day,
        as_of=day,
        since=day if row.period == "daily" else None,
        phrase=f"{hedge}{row.value}",
        repeats=_id(first) if first else "",
        pairs_with=_id(floor) if floor else "",
        method=method,
        used=not why_not,
        why_not=why_not,
        notes=_notes(row, coverage, done),
        coverage=coverage,
    )


def _id(row: Report) -> str:
    return f"r{row.number:04d}"


def _wording(row: Report) -> tuple[Wording, str, str]:
    """Return the wording of a report, the words before its number, and what it covers."""
    match row.bound:
        case "min" if row.source == "OSI":
            return Verified(row.value), "at least ", "seen_in_pictures"
        case "min":
            return AtLeast(row.value), "at least ", ""
        case "max":
            return UpTo(row.value), "up to ", ""
    if row.source == "United Nations" and row.category.startswith("Civilian"):
        return Verified(row.value), "", "un_cases"
    return Exactly(row.value), "", ""


def _notes(row: Report, coverage: str, done: _Cleaned) -> str:
    if why := done.odd.get(row.number):
        return f"{why} Kept as two bounds."
    if floor := done.floors.get(row.number):
        return f"Upper end of a range from {floor.value}."
    return _VERIFIED.get(coverage, "")


def _whole_file(reports: Reports) -> Iterator[Step]:
    if not reports.file:
        why = f"SHA-256 {reports.sha256} is none of those known; imported with --any."
        yield Step(0, "file not checked", why)


def _steps(done: _Cleaned) -> Iterator[Step]:
    for number, first in done.copies.items():
        yield Step(
            number, "repeats", f"The same figure of the same day and source as {_id(first)}."
        )
    for number, floor in done.floors.items():
        yield Step(number, "paired", f"The upper end of a range from {floor.value} ({_id(floor)}).")
    for what, found in (
        ("left out: coded wrongly", done.miscoded),
        ("left out: out of line", done.strays),
        ("kept unpaired", done.odd),
    ):
        for number, why in found.items():
            yield Step(number, what, why)
