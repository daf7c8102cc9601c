"""The published loss reports of Radford et al. 2023: their file known, checked and read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from estimators.evidence.problems import EvidenceError, Problem, refuse, suggestion
from estimators.evidence.sheets import read_sheet

REPOSITORY = "github.com/benradford/estimating-conflict-losses"
COMMIT = "7664712"
ORIGINAL = "data/replication-data-pnas.csv"
RESHAPED = "reports.csv"
KNOWN = {
    ORIGINAL: "21adb806dcc553832d813831028974c6967785ec1322bd0a78c68272a774bb34",
    RESHAPED: "09e276b61992aad7ffb384a5e4aed4bebdd9dcadcb6e2ed6dd39c20fbd85f032",
}
DAYS = 365
SOURCES = {
    "UA Source": "ua",
    "RU Source": "ru",
    "US Source": "us",
    "GB Source": "gb",
    "OSI": "osi",
    "United Nations": "un",
    "Other": "other",
}
_EVE = date(2022, 2, 23)
_OF_BOTH = {
    "Military Casualties": "casualties",
    "Military Deaths": "deaths",
    "Military Injuries": "injuries",
    "Tanks": "tanks",
    "Armored Vehicles": "armored_vehicles",
    "Artillery": "artillery",
    "MLRS": "mlrs",
    "AA Systems": "aa_systems",
    "Jets": "jets",
    "Helicopters": "helicopters",
    "UAVs": "uavs",
}
_OF_RUSSIA = {
    "Aircraft (unspecified)": "aircraft",
    "Ships": "ships",
    "Vehicles & Fuel Tanks": "vehicles_fuel_tanks",
}
_OF_UKRAINE = {
    "Civilian Casualties": "civilian_casualties",
    "Civilian Deaths": "civilian_deaths",
    "Civilian Injuries": "civilian_injuries",
    "Tanks & Armored Combat Vehicles": "tanks_armored_vehicles",
    "Special Military Motor Vehicles": "special_vehicles",
}
# Which quantity of the study counts a category of losses of a country.
QUANTITIES = {
    "Russia": {name: f"{id}_ru" for name, id in (_OF_BOTH | _OF_RUSSIA).items()},
    "Ukraine": {name: f"{id}_ua" for name, id in (_OF_BOTH | _OF_UKRAINE).items()},
}

_RESHAPED = ("report_id", "day", "date", "victim", "source", "category", "period", "bound", "value")
_UNREAD = ("population", "kind")  # both follow from the category
_AS_PUBLISHED = (
    "days",
    "loss_count",
    "loss_type",
    "claim_source",
    "time_frame",
    "loss_country",
    "minimum",
    "maximum",
    "category",
    "source_target",
)
_PERIODS = {"Day": "daily", "Cumulative": "cumulative"}
_BOUNDS = {("0", "0"): "point", ("1", "0"): "min", ("0", "1"): "max"}
_WHOLE = re.compile(r"[1-9]\d{0,8}", re.ASCII)
_WHOLE_OR_POWER = re.compile(r"[1-9]\d{0,8}|[1-9]e\+0[1-8]", re.ASCII)


@dataclass(frozen=True)
class Report:
    """One published report: who said how many of what were lost by when, or on which day."""

    number: int
    day: int
    victim: str
    source: str
    category: str
    period: str
    bound: str
    value: int

    @property
    def date(self) -> date:
        """Return the day it speaks for."""
        return _EVE + timedelta(days=self.day)

    @property
    def series(self) -> tuple[str, str, str]:
        """Return whose figures on what it belongs to: source, victim and category."""
        return self.source, self.victim, self.category


@dataclass(frozen=True)
class Reports:
    """The reports of a file, its SHA-256, and which of the known files it is ('' for none)."""

    rows: tuple[Report, ...]
    sha256: str
    file: str


def read_reports(path: str | Path, any_file: bool = False) -> Reports:
    """Return the loss reports of a file in either shape, the published one or the re-shaped one.

    Parameters
    ----------
    path
        `replication-data-pnas.csv` as the authors published it, or `reports.csv` made of it.
    any_file
        Whether a file is read of which the SHA-256 is not known.

    Raises
    ------
    EvidenceError
        If it is another file and `any_file` does not say that it may be, or with every problem
        of its cells.
    """
    path = Path(path)
    content = _content(path)
    sha256 = hashlib.sha256(content).hexdigest()
    file = next((file for file, known in KNOWN.items() if known == sha256), "")
    if content and not file and not any_file:
        wrong = (
            f"it is not the file that was checked: {ORIGINAL} of {REPOSITORY} at commit {COMMIT} "
            f"(SHA-256 {KNOWN[ORIGINAL]}), or the {RESHAPED} made of it (SHA-256 "
            f"{KNOWN[RESHAPED]})."
        )
        remedy = "Download it from there, or give --any to import this file as it is."
        raise refuse(path.name, wrong, remedy, got=f"SHA-256 {sha256}")
    return Reports(_read(path, content), sha256, file)


def _content(path: Path) -> bytes:
    """Return what a file holds, nothing where it cannot be read: the sheet reader says why."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _read(path: Path, content: bytes) -> tuple[Report, ...]:
    is_published = b"loss_count" in content.partition(b"\n")[0]
    columns, make = (_AS_PUBLISHED, _published) if is_published else (_RESHAPED, _reshaped)
    sheet = read_sheet(path, columns, columns, _UNREAD)
    problems, rows = list(sheet.problems), []
    first: dict[int, int] = {}
    for number, cells in sheet.rows:
        row = _Row(f"{path.name} row {number}", cells)
        report = make(row, number)
        if not row.problems and (there := first.setdefault(report.number, number)) != number:
            row.wrong("report_id", f"the number stands in row {there} already.", "Give it another.")
        problems += row.problems
        rows.append(report)
    if not problems and not rows:
        problems.append(Problem(path.name, "no report stands in it.", "Give the whole file."))
    if problems:
        raise EvidenceError(problems)
    return tuple(rows)


@dataclass
class _Row:
    """A row that is read cell by cell; what is wrong is noted, and reading goes on."""

    place: str
    cells: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def cell(self, column: str) -> str:
        return self.cells[column].strip()

    def wrong(self, column: str, wrong: str, remedy: str) -> None:
        self.problems.append(Problem(self.place, wrong, remedy, column, self.cell(column)))

    def choice(self, column: str, allowed: Collection[str]) -> str:
        if (got := self.cell(column)) not in allowed:
            self.wrong(column, "it is not one of those known.", suggestion(got, allowed))
        return got

    def whole(self, column: str, form: re.Pattern[str] = _WHOLE) -> int:
        if not form.fullmatch(got := self.cell(column)):
            self.wrong(column, "it is not a whole number above 0.", "Write digits only.")
            return 1
        return int(float(got))

    def day(self, column: str) -> int:
        if (day := self.whole(column)) > DAYS:
            remedy = f"Days run from 1 (2022-02-24) to {DAYS} (2023-02-23)."
            self.wrong(column, "it lies outside the year.", remedy)
            return 1
        return day

    def same(self, column: str, wanted: str) -> None:
        if not self.problems and self.cell(column) != wanted:
            self.wrong(column, "it contradicts the other cells of the row.", f"Write {wanted}.")


def _reshaped(row: _Row, _number: int) -> Report:
    """Return the report that a row of reports.csv says."""
    report = Report(
        row.whole("report_id"),
        row.day("day"),
        *_of_whom(row, "victim", "source"),
        row.choice("period", _PERIODS.values()),
        row.choice("bound", _BOUNDS.values()),
        row.whole("value"),
    )
    row.same("date", report.date.isoformat())
    return report


def _published(row: _Row, number: int) -> Report:
    """Return the report that a row of the published file says; the first one has the number 1."""
    ends = row.choice("minimum", "01"), row.choice("maximum", "01")
    if ends == ("1", "1"):
        row.wrong("maximum", "a figure is a minimum or a maximum.", "Set one of them to 0.")
    report = Report(
        number - 1,
        row.day("days"),
        *_of_whom(row, "loss_country", "claim_source"),
        _PERIODS.get(row.choice("time_frame", _PERIODS), ""),
        _BOUNDS.get(ends, ""),
        row.whole("loss_count", _WHOLE_OR_POWER),
    )
    row.same("loss_type", f"{report.category}-{report.victim}")
    row.same("source_target", f"{report.source}-{report.victim}")
    return report


def _of_whom(row: _Row, victim: str, source: str) -> tuple[str, str, str]:
    """Return victim, source and category, which has to be one that the study counts of it."""
    country = row.choice(victim, QUANTITIES)
    known = QUANTITIES.get(country) or {name for of in QUANTITIES.values() for name in of}
    return country, row.choice(source, SOURCES), row.choice("category", known)
