"""One row of a file of known outcomes: its cells, each by itself so that no problem hides."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from estimators.evidence.outcome import (
    CATEGORIES,
    CLASSES,
    KINDS,
    QUALITIES,
    SELECTIONS,
    EarlyClaim,
)
from estimators.evidence.problems import Problem, Unfit, suggestion
from estimators.evidence.when import When
from estimators.evidence.wording import NAMES, WORDS, Between, OrderOf, Wording, wording_of

COLUMNS = (
    "event",
    "quantity",
    "category",
    "event_end",
    "access_opened",
    "claim_value",
    "low",
    "high",
    "qualifier",
    "source",
    "source_class",
    "published_date",
    "url",
    "final_value",
    "final_source",
    "final_url",
    "note",
    "kind",
    "selection",
    "final_quality",
    "final_low",
    "final_high",
)
OPTIONAL = ("cluster", "class_reason")
# What is said of the event as a whole: the same in all its rows.
OF_THE_EVENT = (
    "category",
    "event_end",
    "access_opened",
    "final_value",
    "final_source",
    "selection",
    "final_quality",
    "final_low",
    "final_high",
)
# Qualifiers that are other words for a wording.
SAME_AS = {"as many as": "up to", "can reach": "could reach"}
_NUMBER = re.compile(r"\d+(\.\d+)?", re.ASCII)


@dataclass(frozen=True)
class Row:
    """One readable row: where it stands, its event's cells, and its claim."""

    place: str
    cells: Mapping[str, str]
    values: Mapping[str, Any]
    claim: EarlyClaim


def row_of(place: str, row: Mapping[str, str]) -> tuple[Row | None, list[Problem]]:
    """Return the row, None where it has problems, and all of these.

    Parameters
    ----------
    place
        File and row, for messages.
    row
        Its cells by column.
    """
    cells = {column: row.get(column, "").strip() for column in (*COLUMNS, *OPTIONAL)}
    wrong: list[Problem] = []

    def read(column: str, make: Callable[[str], Any]) -> Any:
        try:
            return make(cells[column])
        except Unfit as error:
            at = error.column or column
            wrong.append(Problem(place, error.wrong, error.remedy, at, cells[at]))
            return None

    values = {column: read(column, make) for column, make in _READERS.items()}
    is_denial = values["claim_value"] == 0.0
    unread = len(wrong)
    wording = None if unread or is_denial else read("qualifier", lambda name: _said(name, values))
    if values["published_date"] is not None and values["published_date"].start > date.today():
        remedy = "Mend the date: nobody has said it yet."
        wrong.append(_at(place, cells, "published_date", "it lies in the future.", remedy))
    if values["final_value"] is not None:
        wrong += _ends(place, cells, values)
    if wrong:
        return None, wrong
    texts = (cells["qualifier"], cells["kind"], cells["source"], cells["source_class"])
    rest = {column: cells[column] for column in ("url", "note", "class_reason")}
    claim = EarlyClaim(wording, *texts, values["published_date"], **rest, is_denial=is_denial)
    return Row(place, cells, values, claim), []


def _said(qualifier: str, values: Mapping[str, Any]) -> Wording | None:
    """Return the wording of a qualifier with its numbers; None where it is none that is known."""
    number, low, high = (values[column] for column in ("claim_value", "low", "high"))
    name = SAME_AS.get(qualifier, qualifier)
    if low is not None and high is not None:
        return Between(low, high)  # whatever its words: 'at least a, possibly as many as b'
    if name in WORDS:
        return OrderOf(name)
    if name not in NAMES:
        return None
    if number is None:
        remedy = "Write the number under claim_value, or both low and high."
        raise Unfit("it has no number.", remedy, "claim_value")
    return wording_of(name, value=number, low=low, high=high, level=None)


def _ends(place: str, cells: Mapping[str, str], values: Mapping[str, Any]) -> list[Problem]:
    low, high, final = (values[f"final_{end}"] for end in ("low", "high", "value"))
    wrong = []
    if low is not None and low > final:
        remedy = "Write the lowest settled count, or leave it empty."
        wrong.append(_at(place, cells, "final_low", "it is above final_value.", remedy))
    if high is not None and high < final:
        remedy = "Write the highest settled count, or leave it empty."
        wrong.append(_at(place, cells, "final_high", "it is below final_value.", remedy))
    return wrong


def _at(place: str, cells: Mapping[str, str], column: str, wrong: str, remedy: str) -> Problem:
    return Problem(place, wrong, remedy, column, cells[column])


def _text(cell: str) -> str:
    if not cell:
        raise Unfit("it is empty.", "Say it in words.")
    return cell


def _day(cell: str) -> date:
    when = When.parse(cell)
    if when.start != when.end:
        raise Unfit("it is not one day.", "Write YYYY-MM-DD; a judged day is said so in note.")
    return when.start


def _count(cell: str) -> float | None:
    if not cell:
        return None
    if not _NUMBER.fullmatch(cell) or not float(cell) < float("inf"):
        raise Unfit("it is not a number.", "Write digits only: no separators, signs or units.")
    return float(cell)


def _settled(cell: str) -> float:
    number = _count(cell)
    if not number:
        wrong = "it is empty." if number is None else "an outcome of zero has no logarithm."
        raise Unfit(wrong, "Leave the event out, or give the number of persons settled later.")
    return number


def _positive(cell: str) -> float | None:
    number = _count(cell)
    if number == 0.0:
        raise Unfit("it is zero.", "Leave it empty, or write a positive number.")
    return number


def _one_of(names: tuple[str, ...]) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if cell not in names:
            raise Unfit("it is not known." if cell else "it is empty.", suggestion(cell, names))
        return cell

    return read


_READERS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("event", "quantity", "qualifier", "source", "final_source"), _text),
    "category": _one_of(CATEGORIES),
    "kind": _one_of(KINDS),
    "selection": _one_of(SELECTIONS),
    "final_quality": _one_of(tuple(QUALITIES)),
    "source_class": _one_of((*CLASSES, "")),
    **dict.fromkeys(("event_end", "access_opened"), _day),
    "published_date": When.parse,
    "claim_value": _count,
    **dict.fromkeys(("low", "high", "final_low", "final_high"), _positive),
    "final_value": _settled,
}
