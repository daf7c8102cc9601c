"""claims.csv: read into claims with every problem found, and written back."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from estimators.evidence.claim import Claim
from estimators.evidence.problems import Problem
from estimators.evidence.rows import COLUMNS, OPTIONAL, REQUIRED, claim_of, row_of
from estimators.evidence.sheets import read_sheet


@dataclass
class Table:
    """What a claims file says: claims with their places, and the ids of rows that are unread."""

    claims: list[Claim] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    drafts: list[tuple[Claim, str]] = field(default_factory=list)
    is_complete: bool = True


def read_claims(path: Path) -> Table:
    """Return the claims that could be read, where each stands, and all problems.

    Parameters
    ----------
    path
        A comma-separated file in UTF-8 with a header row; row 1 is the header, as in a
        spreadsheet.
    """
    sheet = read_sheet(path, COLUMNS, REQUIRED, OPTIONAL)
    table = Table(problems=sheet.problems, is_complete=sheet.is_complete)
    table.unread = {row.get("id", "").strip() for row in sheet.torn}
    first: dict[str, int] = {}
    for number, row in sheet.rows:
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
