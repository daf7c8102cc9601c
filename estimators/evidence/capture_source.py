"""A file of records as DuckDB reads it: text or Parquet, its columns named by their place."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from estimators.evidence.problems import refuse

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY = "512MB"
MOST_TORN = 1000  # lines that are no rows: more are not looked for
_THREADS = 4  # each takes memory of its own


@dataclass(frozen=True)
class Source:
    """A file as DuckDB reads it: columns by their place, c0, c1, ..., so that no name is in SQL.

    `numbered` has the number of the row too, in the column line.
    """

    header: tuple[str, ...]
    plain: str
    numbered: str
    is_text: bool

    def column(self, name: str) -> str:
        """Return a column's name in SQL.

        Parameters
        ----------
        name
            One of the header.
        """
        return f"c{self.header.index(name)}"

    def text(self, name: str) -> str:
        """Return the SQL of a column's values as text without spaces around them.

        Parameters
        ----------
        name
            One of the header.
        """
        return f"coalesce(trim({self.column(name)}::VARCHAR), '')"


def source_of(path: Path) -> Source:
    """Return a file as it is read: its columns, and how SQL names it.

    Parameters
    ----------
    path
        A comma-separated file with a header row, or a Parquet file, whatever its ending.

    Raises
    ------
    EvidenceError
        If it is neither.
    """
    try:
        with path.open("rb") as file:
            is_parquet = file.read(4) == b"PAR1"
    except OSError as error:
        remedy = "Give a comma-separated file or a Parquet file."
        raise refuse(str(path), f"it cannot be read ({error.strerror}).", remedy) from error
    return _parquet(path) if is_parquet else _text(path)


def _text(path: Path) -> Source:
    header = _header(path)
    types = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(header)))
    options = "header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"'"
    torn = f"store_rejects = true, rejects_limit = {MOST_TORN}"
    plain = f"read_csv({_literal(path)}, columns = {{{types}}}, {options}, {torn})"
    numbered = f"(SELECT row_number() OVER () + 1 AS line, * FROM {plain})"
    return Source(header, plain, numbered, is_text=True)


def _header(path: Path) -> tuple[str, ...]:
    place, remedy = f"{path.name} row 1", "Save it as comma-separated text in UTF-8."
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            header = tuple(cell.strip() for cell in next(csv.reader(file), []))
    except csv.Error as error:
        raise refuse(place, f"it cannot be read ({error}).", remedy) from error
    if len(header) < 2:
        remedy = f"Write a header row with a column for each list. {remedy}"
        raise refuse(place, "there are no columns separated by commas.", remedy, "", *header)
    return header


def _parquet(path: Path) -> Source:
    with connection_to(path.name, MEMORY) as connection:
        query = f"SELECT name, num_children FROM parquet_schema({_literal(path)})"
        header = _outer(connection.execute(query).fetchall())
    aliases = ", ".join(f"c{place}" for place in range(len(header)))
    plain = f"read_parquet({_literal(path)}) AS t({aliases})"
    rows = f"read_parquet({_literal(path)}, file_row_number = true) AS t({aliases}, line)"
    return Source(header, plain, f"(SELECT * REPLACE (line + 1 AS line) FROM {rows})", False)


def _outer(schema: Sequence[tuple[str, int | None]]) -> tuple[str, ...]:
    """Return the names of the columns of a Parquet schema, without the parts of nested ones."""
    found: list[str] = []
    inside = 0
    for name, children in schema[1:]:
        if inside:
            inside -= 1
        else:
            found.append(name)
        inside += children or 0
    return tuple(found)


def _literal(path: Path) -> str:
    """Return the path in SQL: quoted, and with nothing in it that would match other files."""
    exact = re.sub(r"([*?\[])", r"[\1]", os.path.abspath(path))
    return "'" + exact.replace("'", "''") + "'"


@contextmanager
def connection_to(name: str, memory: str) -> Iterator[DuckDBPyConnection]:
    """Yield a database in memory with a folder for what does not fit; its errors name the file.

    Parameters
    ----------
    name
        What errors call the file.
    memory
        What it may take, such as 512MB.

    Raises
    ------
    EvidenceError
        If the file cannot be read.
    ValueError
        If the memory does not do.
    """
    import duckdb

    with TemporaryDirectory(prefix="captures_") as folder:
        limits: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory,
            "temp_directory": folder,
            "threads": min(_THREADS, os.cpu_count() or 1),
            "autoinstall_known_extensions": False,
        }
        with duckdb.connect(config=limits) as connection:
            try:
                yield connection
            except duckdb.OutOfMemoryException as error:
                raise ValueError(
                    f"{name} cannot be counted within {memory}; give more (memory='2GB')"
                ) from error
            except duckdb.Error as error:
                wrong = f"it cannot be read ({str(error).splitlines()[0]})."
                raise refuse(name, wrong, "Write the file anew.") from error
