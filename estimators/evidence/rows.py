"""One row of claims.csv: its cells read into a claim, each by itself so that no problem hides."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from estimators.evidence.claim import Claim
from estimators.evidence.number_rules import LEVEL
from estimators.evidence.parts import is_id
from estimators.evidence.problems import Problem, Unfit, suggestion
from estimators.evidence.when import When
from estimators.evidence.wording import (
    NAMES,
    BestEstimate,
    Between,
    Many,
    OneNumber,
    Wording,
    wording_of,
)

REQUIRED = (
    "id",
    "quantity",
    "wording",
    "value",
    "low",
    "high",
    "origin",
    "published",
    "used",
    "why_not",
)
COLUMNS = (
    *REQUIRED[:7],
    "network",
    "publisher",
    "published",
    "as_of",
    "url",
    "phrase",
    "language",
    "repeats",
    "derived_from",
    "pairs_with",
    "method",
    "used",
    "why_not",
    "notes",
)
OPTIONAL = ("archived_url", "accessed", "quote", "coder", "level", "coverage", "since")

# Text that is kept as it stands, spaces and line ends included; all other cells are trimmed.
_FREE = ("publisher", "phrase", "language", "why_not", "notes", "accessed", "quote", "coder")
_TRIMMED = (
    "quantity",
    "origin",
    "network",
    "url",
    "archived_url",
    "repeats",
    "pairs_with",
    "method",
    "coverage",
)
_STAND_INS = {"id": "unread", "published": When(date.min, date.max), "used": False}
_NUMBER = re.compile(r"\d+(\.\d+)?", re.ASCII)
_ONE_GROUP = re.compile(r"\D*?(\d{1,3}(?:[ ,.'’_\u00a0\u202f]\d{3})+|\d+)\D*", re.ASCII)


def claim_of(place: str, row: Mapping[str, str]) -> tuple[Claim, list[Problem]]:
    """Return the claim that a row says and every problem; where there is one it is a draft.

    In a draft, stand-ins take the place of the cells that could not be read.
    """
    cells = {column: cell.strip() for column, cell in row.items()}
    wrong: list[Problem] = []

    def read(column: str, make: Callable[[str], Any]) -> Any:
        try:
            return make(cells.get(column, ""))
        except Unfit as error:
            wrong.append(_problem(place, error.column or column, error, cells))
            return _STAND_INS.get(column)

    values: dict[str, Any] = {column: row.get(column, "") for column in _FREE}
    values |= {column: cells.get(column, "") for column in _TRIMMED}
    values |= {column: read(column, make) for column, make in _READERS.items()}
    before = len(wrong)
    read("wording", _known)
    filled = {column: make for column, make in _NUMBERS.items() if cells.get(column)}
    numbers = {column: read(column, make) for column, make in filled.items()}
    values["wording"] = Many()
    if len(wrong) == before:
        values["wording"] = read("wording", lambda name: wording_of(name, **numbers))
    return Claim(**values), wrong


def row_of(claim: Claim, columns: Sequence[str]) -> dict[str, str]:
    """Return the cells that `claim_of` reads back as the same claim."""
    row = {column: getattr(claim, column) for column in (*_FREE, *_TRIMMED)}
    row |= {column: _digits(number) for column, number in numbers_of(claim.wording).items()}
    row |= {
        "id": claim.id,
        "level": _level_of(claim.wording),
        "wording": claim.wording.name,
        "published": str(claim.published),
        "as_of": str(claim.as_of or ""),
        "since": str(claim.since or ""),
        "derived_from": " ".join(claim.derived_from),
        "used": "yes" if claim.used else "no",
    }
    return {column: cell for column, cell in row.items() if column in columns}


def numbers_of(wording: Wording) -> dict[str, float]:
    """Return the numbers of a wording by the columns in which they stand."""
    if isinstance(wording, OneNumber):  # asked for often, and nearly always this
        return {"value": wording.value}
    match wording:
        case Between(low, high):
            return {"low": low, "high": high}
        case BestEstimate(best, low, high):
            return {"value": best, "low": low, "high": high}
        case _:
            return {}


def _level_of(wording: Wording) -> str:
    if isinstance(wording, Between | BestEstimate) and wording.level != LEVEL:
        return _digits(wording.level)
    return ""


def _problem(place: str, column: str, error: Unfit, cells: Mapping[str, str]) -> Problem:
    got = cells.get(column, "")
    is_its_own = not error.column or bool(got)  # not a number that another cell asks for
    wrong = "it is empty." if is_its_own and not got else error.wrong
    return Problem(place, wrong, error.remedy, column, got)


def _known(name: str) -> str:
    if name not in NAMES:
        raise Unfit("it is not a known wording.", suggestion(name, NAMES))
    return name


def _number(cell: str) -> float:
    if not _NUMBER.fullmatch(cell):
        one = _ONE_GROUP.fullmatch(cell)
        like = f", like {re.sub(r'[^0-9]', '', one[1])}" if one else ""
        remedy = (
            f"Write digits only{like}: no separators, signs or units. The hedge stands under "
            "wording; two numbers make a 'between' with low and high."
        )
        raise Unfit("it is not a positive number.", remedy)
    if not 0 < float(cell) < float("inf"):
        remedy = "A denial ('nobody') is kept with used = no and the wording 'many'."
        raise Unfit("it is not a positive, finite number.", remedy)
    return float(cell)


def _level(cell: str) -> float:
    if not _NUMBER.fullmatch(cell) or not 0 < float(cell) < 100:
        remedy = f"Write digits only, e.g. 95, or leave it empty for {LEVEL:g}."
        raise Unfit("it is not a percentage between 0 and 100.", remedy)
    return float(cell)


def _digits(number: float) -> str:
    """Return a number as digits that read back as the same number, never as 1e+20."""
    return str(int(number)) if number == int(number) else f"{Decimal(repr(number)):f}"


def _id(cell: str) -> str:
    if not is_id(cell):
        remedy = "Use letters, digits, '_', '-', '.' and ':', without spaces."
        raise Unfit("it cannot be an id.", remedy)
    return cell


def _used(cell: str) -> bool:
    if cell.lower() not in ("yes", "no"):
        raise Unfit("it is neither yes nor no.", "Write yes or no.")
    return cell.lower() == "yes"


_NUMBERS: dict[str, Callable[[str], float]] = {
    "value": _number,
    "low": _number,
    "high": _number,
    "level": _level,
}
_READERS: dict[str, Callable[[str], object]] = {
    "id": _id,
    "published": When.parse,
    "as_of": lambda cell: When.parse(cell) if cell else None,
    "since": lambda cell: When.parse(cell) if cell else None,
    "derived_from": lambda cell: tuple(cell.split()),
    "used": _used,
}
