"""The columns of a report's tables: the type of what stands in them, the unit and the meaning."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast

from estimators.publish.catalogue import retold
from estimators.publish.folder import Table

type Kind = Literal["integer", "number", "boolean", "date", "string"]

_INTEGER = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+)")
_NUMBER = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?(e[+-]?\d+)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_IN_COLUMN = "as in column "
_GUARD = re.compile(r"'(?=[=+\-@])")  # what write_csv sets before text that a spreadsheet would run


@dataclass(frozen=True)
class Column:
    """One column of a table: its name, what it holds, in which unit, and what that means."""

    name: str
    kind: Kind
    unit: str
    meaning: str

    @property
    def is_numeric(self) -> bool:
        """Return whether numbers stand in it."""
        return self.kind in ("integer", "number")


@cache
def known_tables() -> dict[str, dict[str, object]]:
    """Return what is known of tables and their columns, as columns.toml says it."""
    text = (files("estimators.publish") / "templates" / "columns.toml").read_text("utf-8")
    return tomllib.loads(text)


def about(table: Table) -> tuple[str, str]:
    """Return the title of a table and how to read it; its name and '' where that is not known.

    Parameters
    ----------
    table
        The table.
    """
    known = known_tables().get(table.name, {})
    return retold(str(known.get("title", table.name))), retold(str(known.get("read", "")))


def columns_of(table: Table) -> tuple[Column, ...]:
    """Return the columns of a table; the type is what holds of all cells, the rest is known.

    Parameters
    ----------
    table
        The table.
    """
    known = known_tables().get(table.name, {})
    shared = known_tables()["every_table"]
    found = []
    for name, cells in table.columns.items():
        said = known.get(name, shared.get(name, ""))
        unit, _, meaning = str(said).rpartition("|")
        unit = _unit(table, unit.strip())
        found.append(Column(name, kind_of(cells), retold(unit), retold(meaning.strip())))
    return tuple(found)


def _unit(table: Table, unit: str) -> str:
    """Return the unit of a column; that of the rows where all of them have the same."""
    said = set(table.columns.get(unit.removeprefix(_IN_COLUMN), ()))
    return said.pop() if unit.startswith(_IN_COLUMN) and len(said) == 1 else unit


def kind_of(cells: Sequence[str]) -> Kind:
    """Return the narrowest type that all cells have which are not empty.

    Parameters
    ----------
    cells
        The cells of a column.
    """
    said = [cell for cell in cells if cell]
    if said and len(said) == len(cells) and set(said) <= {"yes", "no"}:
        return "boolean"
    forms: tuple[tuple[Kind, re.Pattern[str]], ...] = (
        ("integer", _INTEGER),
        ("number", _NUMBER),
        ("date", _DATE),
    )
    return next((k for k, form in forms if said and all(map(form.fullmatch, said))), "string")


def number_of(cell: str) -> float | None:
    """Return the number that a cell says, thousands separated or not; None where it says none.

    Parameters
    ----------
    cell
        The cell.
    """
    return float(cell.replace(",", "")) if _NUMBER.fullmatch(cell) else None


def unguarded(cell: str) -> str:
    """Return a text as it was before it was guarded against spreadsheets that run text.

    Parameters
    ----------
    cell
        A cell of a CSV file.
    """
    return _GUARD.sub("", cell, count=1) if cell.startswith("'") else cell


def is_mixed(table: Table, name: str) -> bool:
    """Return whether numbers stand beside words in a column.

    Parameters
    ----------
    table
        The table.
    name
        The column.
    """
    return name in cast("list[str]", known_tables().get(table.name, {}).get("mixed", []))
