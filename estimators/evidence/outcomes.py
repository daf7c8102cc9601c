"""Files of known outcomes: read into events with every problem found, and rows added to them."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from estimators.evidence.outcome import Outcome, Outcomes
from estimators.evidence.outcome_rows import COLUMNS, OF_THE_EVENT, OPTIONAL, Row, row_of
from estimators.evidence.problems import EvidenceError, Problem
from estimators.evidence.sheets import read_sheet


def read_outcomes(path: str | Path) -> Outcomes:
    """Return the events of a file of known outcomes, each with the claims made of it.

    Parameters
    ----------
    path
        A file with the columns of `data/known_outcomes/claims.csv`, or the folder of one. Rows of
        one event and quantity stand for one outcome. `cluster` (events that share a story) and
        `class_reason` may be left out: each event is then its own cluster.

    Raises
    ------
    EvidenceError
        With all problems of the file: an outcome of zero, a date that is none or lies in the
        future, an event that says two things of itself or stands in two clusters, a claim given
        twice. A qualifier that is no known wording is none of them: the row is kept without a
        wording and named in `unread`.
    """
    file = Path(path)
    file = file / "claims.csv" if file.is_dir() else file
    sheet = read_sheet(file, COLUMNS, COLUMNS, OPTIONAL)
    problems, rows = list(sheet.problems), []
    for number, cells in sheet.rows:
        row, wrong = row_of(f"{file.name} row {number}", cells)
        problems += wrong
        rows += [row] if row else []
    problems += _between(rows)
    if not problems and not rows:
        problems.append(Problem(file.name, "no event stands in it.", "Add a row for each claim."))
    if problems:
        raise EvidenceError(problems)
    return Outcomes(tuple(_events(rows)), tuple(_unread(rows)))


def add_outcomes(path: str | Path, rows: str | Path) -> Outcomes:
    """Return the set of a file with the rows of another added to it; the file is written anew.

    Parameters
    ----------
    path
        The file to add to; begun where there is none.
    rows
        A file with the same columns.

    Raises
    ------
    EvidenceError
        If either file, or both together, are unsound; nothing is written then.
    """
    file, more = Path(path), Path(rows)
    read_outcomes(more)
    known = [row for _, row in read_sheet(file, COLUMNS, COLUMNS, OPTIONAL).rows]
    new = [row for _, row in read_sheet(more, COLUMNS, COLUMNS, OPTIONAL).rows]
    if file.exists():
        read_outcomes(file)
    draft = file.with_name(f"{file.name}.new")
    with draft.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, [*COLUMNS, *OPTIONAL], restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows([*known, *new])
    try:
        made = read_outcomes(draft)
    except EvidenceError:
        draft.unlink()
        raise
    draft.replace(file)
    return made


def _groups(rows: Iterable[Row]) -> Mapping[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        found[row.cells["event"], row.cells["quantity"]].append(row)
    return found


def _events(rows: list[Row]) -> Iterator[Outcome]:
    for (event, quantity), mine in _groups(rows).items():
        first, cells = mine[0].values, mine[0].cells
        yield Outcome(
            event,
            quantity,
            cells["category"],
            first["event_end"],
            first["access_opened"],
            first["final_value"],
            cells["final_source"],
            cells["selection"],
            cells["final_quality"],
            cells["cluster"] or event,
            tuple(row.claim for row in mine),
            first["final_low"],
            first["final_high"],
            cells["final_url"],
        )


def _between(rows: list[Row]) -> Iterator[Problem]:
    """Yield what is wrong between rows: events that contradict themselves, claims given twice."""
    for mine in _groups(rows).values():
        for column in OF_THE_EVENT:
            yield from _differs(mine, column, "Rows of one event and quantity say the same of it.")
        yield from _twice(mine)
    by_event: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_event[row.cells["event"]].append(row)
    for mine in by_event.values():
        yield from _differs(mine, "cluster", "An event stands in one cluster: choose one.")


def _differs(mine: list[Row], column: str, remedy: str) -> Iterator[Problem]:
    said = mine[0].cells[column]
    for row in mine[1:]:
        if row.cells[column] != said:
            wrong = f"it is {said!r} in {mine[0].place.split()[-2]} {mine[0].place.split()[-1]}."
            yield Problem(row.place, wrong, remedy, column, row.cells[column])


def _twice(mine: list[Row]) -> Iterator[Problem]:
    first: dict[tuple[str, ...], str] = {}
    for row in mine:
        said = ("source", "published_date", "claim_value", "low", "high", "qualifier", "kind")
        key = tuple(row.cells[column] for column in said)
        if key in first:
            remedy = "Drop one. A repeat by another source says 'same origin' in its note."
            wrong = f"the same source says the same on the same day in {first[key]}."
            yield Problem(row.place, wrong, remedy, "source", row.cells["source"])
        first.setdefault(key, row.place)


def _unread(rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        if row.claim.wording is None and not row.claim.is_denial:
            yield f"{row.place}: {row.claim.qualifier!r} is no known wording; it is left out."
