"""claims.csv: read into claims with every problem found, and written back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from estimators.evidence.claim import Claim
from estimators.evidence.problems import Problem, suggestion
from estimators.evidence.rows import COLUMNS, OPTIONAL, REQUIRED, claim_of, row_of

_UTF8 = "Save it in the spreadsheet as 'CSV UTF-8 (comma delimited)'."


@dataclass
class Table:
    """What a claims file says: claims with their places, and the ids of rows that are unread."""

    claims: list[Claim] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    drafts: list[tuple[Claim, str]] = field(default_factory=list)
    is_complete: bool = True

    def stop(self, problem: Problem) -> None:
        """Note a problem behind which nothing more of the file can be read."""
        self.problems.append(problem)
        self.is_complete = False


def read_claims(path: Path) -> Table:
    """Return the claims that could be read, where each stands, and all problems.

    Parameters
    ----------
    path
        A comma-separated file in UTF-8 with a header row; row 1 is the header, as in a
        spreadsheet.
    """
    table = Table()
    text = _text(path, table)
    first: dict[str, int] = {}
    for number, row in _rows(path.name, text, table) if text is not None else ():
        place = f"{path.name} row {number}"
        id = row["id"].strip()
        if id and id in first:
            wrong = f"the id stands in row {first[id]} already."
            table.problems.append(Problem(place, wrong, "Give each claim its own id.", "id", id))
        first.setdefault(id, number)
        claim, wrong_cells = claim_of(place, row)
        table.problems += wrong_cells
        if wrong_cells:
            table.unread.add(id)
            table.drafts.append((claim, place))
        else:
            table.claims.append(claim)
            table.places.append(place)
    return table


def claims_text(claims: Sequence[Claim]) -> str:
    """Return claims as comma-separated text that `read_claims` reads back unchanged."""
    held = {column for claim in claims for column, cell in row_of(claim, OPTIONAL).items() if cell}
    extra = [column for column in OPTIONAL if column in held]
    lines = _Lines()
    # The line end names both characters so that cells with either are quoted.
    writer = csv.DictWriter(lines, [*COLUMNS, *extra], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(row_of(claim, [*COLUMNS, *extra]) for claim in claims)
    return "".join(f"{line.removesuffix('\r\n')}\n" for line in lines)


class _Lines(list[str]):
    """A file for the csv writer that keeps each line apart."""

    write = list.append


def _text(path: Path, table: Table) -> str | None:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        wrong = f"the file cannot be read ({error.strerror})."
        table.stop(Problem(path.name, wrong, f"Put a file {path.name} into the study's folder."))
        return None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        got = f"bytes {error.object[error.start : error.start + 8].hex(' ')}"
        table.stop(Problem(f"{path.name} line {line}", "it is not UTF-8.", _UTF8, got=got))
        return None
    first = text.partition("\n")[0]
    if not text.strip():
        remedy = f"Write this header row and a row for each claim: {','.join(COLUMNS)}."
        table.stop(Problem(path.name, "the file is empty.", remedy))
        return None
    if "\x00" in first:
        table.stop(Problem(f"{path.name} row 1", "it is not UTF-8.", _UTF8, got=first))
        return None
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if first.count(mark) > first.count(","):
            wrong = f"the columns are separated by {name}, not by commas."
            remedy = "Save it as comma-separated ('CSV UTF-8'), or replace the separators."
            table.stop(Problem(f"{path.name} row 1", wrong, remedy, got=first.strip()))
            return None
    return text


def _rows(name: str, text: str, table: Table) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row that has all cells, with its number as a spreadsheet counts."""
    records = _records(name, text, table)
    header = _without_tail([cell.strip() for cell in next(records, [])])
    wrong = list(_header(f"{name} row 1", header))
    for problem in wrong:
        table.stop(problem)
    if wrong:
        return
    for number, record in enumerate(records, start=2):
        if not any(cell.strip() for cell in record):
            continue
        cells = [*record[: len(header)], *_without_tail(record[len(header) :])]
        if len(cells) == len(header):
            yield number, dict(zip(header, cells, strict=True))
            continue
        id_at = header.index("id")
        table.unread.add(cells[id_at].strip() if id_at < len(cells) else "")
        table.problems.append(_wrong_length(f"{name} row {number}", cells, len(header)))


def _wrong_length(place: str, cells: list[str], wanted: int) -> Problem:
    wrong = f"it has {len(cells)} cells, the header has {wanted}."
    remedy = "Put text that holds a comma or a quotation mark into double quotes."
    if len(cells) < wanted:
        remedy = "Add the missing ones: an empty cell still needs its comma."
    return Problem(place, wrong, remedy, got=",".join(cells))


def _records(name: str, text: str, table: Table) -> Iterator[list[str]]:
    # Python's limit on a cell would end the reading; claim_rules has a limit of its own.
    limit = csv.field_size_limit(max(len(text), 1))
    number = 0
    try:
        for record in csv.reader(io.StringIO(text, newline=""), strict=True):
            number += 1
            yield record
    except csv.Error as error:
        remedy = "Look for a quotation mark that is not closed or not doubled, there or just above."
        table.stop(Problem(f"{name} row {number + 1}", f"it cannot be read ({error}).", remedy))
    finally:
        csv.field_size_limit(limit)


def _without_tail(cells: list[str]) -> list[str]:
    """Return the cells without the empty ones that a spreadsheet leaves at the end of a row."""
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


def _header(place: str, header: list[str]) -> Iterator[Problem]:
    known = {*COLUMNS, *OPTIONAL}
    for column in REQUIRED:
        if column not in header:
            wrong = f"the column {column!r} is missing."
            yield Problem(place, wrong, f"Add {column} to the header.")
    for number, column in enumerate(header, start=1):
        if column not in known:
            remedy = suggestion(column, known) + " Or move its text to notes."
            wrong = f"column {number} is not a column of claims."
            yield Problem(place, wrong, remedy, got=column or "an empty name")
        elif column in header[: number - 1]:
            yield Problem(place, f"the column {column!r} stands there twice.", "Keep one of them.")
