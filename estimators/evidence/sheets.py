"""A comma-separated file: read row by row, with everything that is wrong with the file itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from estimators.evidence.problems import Problem, suggestion

_UTF8 = "Save it in the spreadsheet as 'CSV UTF-8 (comma delimited)'."


@dataclass
class Sheet:
    """What a file holds: rows with their numbers, all problems, and rows of a wrong length."""

    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    torn: list[dict[str, str]] = field(default_factory=list)
    is_complete: bool = True

    def stop(self, problem: Problem) -> None:
        """Note a problem behind which nothing more of the file can be read."""
        self.problems.append(problem)
        self.is_complete = False


def read_sheet(
    path: Path, columns: Sequence[str], required: Sequence[str], optional: Sequence[str] = ()
) -> Sheet:
    """Return the rows of a file with a header row, each a cell by column, and all problems.

    Parameters
    ----------
    path
        A comma-separated file in UTF-8; row 1 is the header, as in a spreadsheet.
    columns
        The columns it usually has.
    required
        Those without which it is not read.
    optional
        Further ones that it may have.
    """
    sheet = Sheet()
    text = _text(path, sheet, columns)
    if text is not None:
        known = {*columns, *optional}
        sheet.rows.extend(_rows(path.name, text, sheet, required, known))
    return sheet


def _text(path: Path, sheet: Sheet, columns: Sequence[str]) -> str | None:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        wrong = f"the file cannot be read ({error.strerror})."
        sheet.stop(Problem(path.name, wrong, f"Put a file {path.name} into {path.parent}."))
        return None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        got = f"bytes {error.object[error.start : error.start + 8].hex(' ')}"
        sheet.stop(Problem(f"{path.name} line {line}", "it is not UTF-8.", _UTF8, got=got))
        return None
    first = text.partition("\n")[0]
    if not text.strip():
        remedy = f"Write this header row and a row for each claim: {','.join(columns)}."
        sheet.stop(Problem(path.name, "the file is empty.", remedy))
        return None
    if "\x00" in first:
        sheet.stop(Problem(f"{path.name} row 1", "it is not UTF-8.", _UTF8, got=first))
        return None
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if first.count(mark) > first.count(","):
            wrong = f"the columns are separated by {name}, not by commas."
            remedy = "Save it as comma-separated ('CSV UTF-8'), or replace the separators."
            sheet.stop(Problem(f"{path.name} row 1", wrong, remedy, got=first.strip()))
            return None
    return text


def _rows(
    name: str, text: str, sheet: Sheet, required: Sequence[str], known: set[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row that has all cells, with its number as a spreadsheet counts."""
    records = _records(name, text, sheet)
    header = _without_tail([cell.strip() for cell in next(records, [])])
    wrong = list(_header(f"{name} row 1", header, required, known))
    for problem in wrong:
        sheet.stop(problem)
    if wrong:
        return
    for number, record in enumerate(records, start=2):
        if not any(cell.strip() for cell in record):
            continue
        cells = [*record[: len(header)], *_without_tail(record[len(header) :])]
        if len(cells) == len(header):
            yield number, dict(zip(header, cells, strict=True))
            continue
        sheet.torn.append(dict(zip(header, cells, strict=False)))
        sheet.problems.append(_wrong_length(f"{name} row {number}", cells, len(header)))


def _wrong_length(place: str, cells: list[str], wanted: int) -> Problem:
    wrong = f"it has {len(cells)} cells, the header has {wanted}."
    remedy = "Put text that holds a comma or a quotation mark into double quotes."
    if len(cells) < wanted:
        remedy = "Add the missing ones: an empty cell still needs its comma."
    return Problem(place, wrong, remedy, got=",".join(cells))


def _records(name: str, text: str, sheet: Sheet) -> Iterator[list[str]]:
    # Python's limit on a cell would end the reading; the rules have a limit of their own.
    limit = csv.field_size_limit(max(len(text), 1))
    number = 0
    try:
        for record in csv.reader(io.StringIO(text, newline=""), strict=True):
            number += 1
            yield record
    except csv.Error as error:
        remedy = "Look for a quotation mark that is not closed or not doubled, there or just above."
        sheet.stop(Problem(f"{name} row {number + 1}", f"it cannot be read ({error}).", remedy))
    finally:
        csv.field_size_limit(limit)


def _without_tail(cells: list[str]) -> list[str]:
    """Return the cells without the empty ones that a spreadsheet leaves at the end of a row."""
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


def _header(
    place: str, header: list[str], required: Sequence[str], known: set[str]
) -> Iterator[Problem]:
    for column in required:
        if column not in header:
            wrong = f"the column {column!r} is missing."
            yield Problem(place, wrong, f"Add {column} to the header.")
    for number, column in enumerate(header, start=1):
        if column not in known:
            notes = "notes" if "notes" in known else "note"
            remedy = suggestion(column, known) + f" Or move its text to {notes}."
            wrong = f"column {number} is not a column of claims."
            yield Problem(place, wrong, remedy, got=column or "an empty name")
        elif column in header[: number - 1]:
            yield Problem(place, f"the column {column!r} stands there twice.", "Keep one of them.")
