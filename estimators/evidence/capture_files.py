"""Captures as a file: a row for each combination of lists, read with every problem, and written."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from estimators.evidence.capture_columns import MISSING, Columns, known, names_of
from estimators.evidence.captures import Captures, Cell
from estimators.evidence.problems import EvidenceError, Problem, refuse, shorten
from estimators.evidence.sheets import read_sheet

_LARGEST = 15  # digits: no count of persons has more
_MARKS = {"0": 0, "1": 1}


def read_captures(
    path: str | Path,
    *,
    lists: Iterable[str] | None = None,
    strata: str | Iterable[str] = (),
    replicate: str = "",
    count: str = "count",
    censored: str | Iterable[str] = (),
) -> Captures:
    """Return the captures of a file that has a row, with its count, for each combination of lists.

    A history that is not there is one that nobody has; rows with the count 0 are kept. There is no
    row of those on no list: how many they are is what is to be estimated.

    Parameters
    ----------
    path
        A comma-separated file in UTF-8 with a header row.
    lists
        The columns of lists, in their order: 1 where a person stands on it, else 0. Others that
        are not named are left out. If not given, all columns are lists that are not named below.
    strata
        Columns of strata, such as sex and year. An empty cell and NA say that it is not known.
    replicate
        The column that tells imputation replicates apart; none if empty.
    count
        The column of how many persons have the history.
    censored
        Lists of which a person seen on no other may not belong to the population.

    Returns
    -------
    Captures
        Named as the file, without its ending.

    Raises
    ------
    EvidenceError
        With every problem of the file: which row, which column, what was got and what to do.
    """
    path, named = Path(path), (names_of(strata), replicate, count, "count", names_of(censored))
    header = _header(path)
    sheet = read_sheet(path, header, ())
    if not sheet.is_complete:
        raise EvidenceError(sheet.problems)
    reading = _Reading(path.name, Columns((), *named))
    chosen = reading.lists(header, sheet.rows) if lists is None else names_of(lists)
    columns = Columns(chosen, *named)
    reading.problems += columns.problems(f"{path.name} row 1", header)
    reading.columns = columns.within(header)
    reading.read(sheet.rows)
    if problems := [*sheet.problems, *reading.problems]:
        raise EvidenceError(sorted(problems, key=_row))
    sure = frozenset(columns.censored)
    return Captures(columns.lists, tuple(reading.cells), columns.strata, sure, path.stem)


@dataclass
class _Reading:
    """Rows read one by one: the cells so far, what is wrong, and where each history stands.

    Where a column is not known for sure, no history is said to stand there twice.
    """

    name: str
    columns: Columns
    cells: list[Cell] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    places: dict[tuple[int, tuple[str, ...], str], int] = field(default_factory=dict)

    def lists(
        self, header: Sequence[str], rows: Sequence[tuple[int, dict[str, str]]]
    ) -> tuple[str, ...]:
        """Return the columns that are not named; note those that cannot be lists."""
        free = [name for name in header if name not in self.columns.named]
        return tuple(name for name in free if self._is_list(name, rows))

    def _is_list(self, name: str, rows: Sequence[tuple[int, dict[str, str]]]) -> bool:
        """Return whether most cells are 0 or 1: the others are slips, and noted row by row."""
        marks = sum(row[name].strip() in _MARKS for _, row in rows)
        is_list = bool(name) and 2 * marks >= len(rows)
        if not is_list:
            got = next((row[name] for _, row in rows if row[name].strip() not in _MARKS), "")
            wrong = "the column is no list of 0 and 1, and not named otherwise."
            remedy = "Name it in strata=..., or name the lists in lists=... to leave it out."
            place = f"{self.name} row 1"
            self.problems.append(
                Problem(place, wrong, remedy, name or "a column without name", got)
            )
        return is_list

    def read(self, rows: Sequence[tuple[int, dict[str, str]]]) -> None:
        """Read all rows."""
        is_sure = not self.problems
        for number, row in rows:
            self._read_one(number, row, is_sure)
        if not self.problems and not any(cell.count for cell in self.cells):
            wrong = "nobody stands on any list."
            self._note(1, wrong, "Give rows of histories with their counts.")

    def _read_one(self, number: int, row: Mapping[str, str], is_sure: bool) -> None:
        history, count = self._history(number, row), self._count(number, row)
        stratum = tuple(known(row[name]) for name in self.columns.strata)
        replicate = self._replicate(number, row)
        if history is None:
            return
        first = self.places.setdefault((history, stratum, replicate), number)
        if first != number and is_sure:
            wrong = (
                f"the same history{' of the same stratum' * bool(stratum)} stands in row {first}."
            )
            remedy = "Add the counts up in one row, or name the column that tells the rows apart."
            self._note(number, wrong, remedy)
        self.cells.append(Cell(history, count, stratum, replicate))

    def _history(self, number: int, row: Mapping[str, str]) -> int | None:
        marks = [row[name].strip() for name in self.columns.lists]
        wrong = [
            name for name, mark in zip(self.columns.lists, marks, strict=True) if mark not in _MARKS
        ]
        for name in wrong:
            remedy = "Write 1 where they stand on the list, else 0."
            self._note(number, "it is neither 0 nor 1.", remedy, name, row[name] or "an empty cell")
        if wrong:
            return None
        history = sum(_MARKS[mark] << place for place, mark in enumerate(marks))
        if not history:
            remedy = "Take the row out: how many stand on no list is what is to be estimated."
            self._note(number, "it is a row of those on no list.", remedy)
        return history or None

    def _count(self, number: int, row: Mapping[str, str]) -> int:
        name = self.columns.other
        text = row[name].strip() if name else "0"
        if re.fullmatch("[0-9]+", text) and len(text.lstrip("0")) <= _LARGEST:
            return int(text)
        remedy = "Write a whole number of persons, 0 or more, without marks between the digits."
        self._note(number, _why_no_count(text), remedy, name, text or "an empty cell")
        return 0

    def _replicate(self, number: int, row: Mapping[str, str]) -> str:
        name = self.columns.replicate
        value = row[name].strip() if name else ""
        if name and not value:
            remedy = "Write which replicate the row belongs to."
            self._note(number, "the replicate is missing.", remedy, name)
        return value

    def _note(self, row: int, wrong: str, remedy: str, column: str = "", got: str = "") -> None:
        self.problems.append(Problem(f"{self.name} row {row}", wrong, remedy, column, got))


def _why_no_count(text: str) -> str:
    if not text:
        return "the count is empty."
    if re.fullmatch(r"-\s*[0-9.]+", text):
        return "the count is negative."
    if re.fullmatch(r"[0-9]*\.[0-9]+", text):
        return "the count is a fraction, or written as one."
    return "the count is no whole number that persons can have."


def _header(path: Path) -> tuple[str, ...]:
    """Return the names in the first row; none where the file cannot be read: that is told later."""
    try:
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError:
        return ()
    if not text.strip():
        remedy = "Write a header row with a column for each list and one of counts, and the rows."
        raise refuse(path.name, "the file is empty.", remedy)
    try:
        cells = [cell.strip() for cell in next(csv.reader(io.StringIO(text, newline="")), [])]
    except csv.Error:
        return ()
    while cells and not cells[-1]:  # a spreadsheet leaves them
        cells.pop()
    return tuple(cells)


def _row(problem: Problem) -> int:
    found = re.search(r" row (\d+)$", problem.subject)
    return int(found[1]) if found else 0


def write_captures(
    captures: Captures, path: str | Path, *, replicate: str = "replicate", count: str = "count"
) -> None:
    """Write captures as a file that `read_captures` reads back unchanged.

    Which lists are censored does not stand in the file: say it again when it is read.

    Parameters
    ----------
    captures
        What to write.
    path
        Where to; a file of that name is replaced.
    replicate, count
        Names of the column of replicates, which is there only if there are any, and of counts.

    Raises
    ------
    ValueError
        If a name or a value would not come back from a file as it is.
    """
    Path(path).write_bytes(captures_text(captures, replicate, count).encode())


def captures_text(captures: Captures, replicate: str = "replicate", count: str = "count") -> str:
    """Return captures as the text of a file that `read_captures` reads back unchanged.

    Parameters
    ----------
    captures
        What to write.
    replicate, count
        Names of the column of replicates, which is there only if there are any, and of counts.

    Raises
    ------
    ValueError
        If a name or a value would not come back from a file as it is.
    """
    has_replicates = captures.replicates != ("",)
    names = (*([replicate] * has_replicates), *captures.strata, *captures.lists, count)
    _require_safe(captures, names)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    places = range(len(captures.lists))
    for cell in captures.cells:
        marks = (cell.history >> place & 1 for place in places)
        first = [cell.replicate] * has_replicates
        writer.writerow((*first, *cell.stratum, *marks, cell.count))
    return text.getvalue()


def _require_safe(captures: Captures, names: Sequence[str]) -> None:
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise ValueError(
            f"two columns would be called {shorten(twice[0])!r}; give the column of counts or of "
            f"replicates another name (count=..., replicate=...)"
        )
    values = {value for level in captures.levels for value in level} - {""}
    replicates = set(captures.replicates) - ({""} if len(captures.replicates) == 1 else set())
    lost = [name for name in (*names, *replicates) if not name or not _is_kept(name)]
    lost += [value for value in values if not _is_kept(value) or value in MISSING]
    if lost or sum(name.count(";") for name in names) >= len(names):
        got = shorten(min(lost, default=";".join(names)))
        raise ValueError(
            f"a name or value would not come back from a file as it is, got {got!r}; use printed "
            f"characters, no spaces around them, not NA, and few semicolons in names"
        )


def _is_kept(text: str) -> bool:
    return text == text.strip() and text.isprintable()
