"""Capture tables that tests of several modules read."""

import csv
import os
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from estimators.models.lists.table import Table

# Violent deaths in Kosovo, 20 March to 22 June 1999; Ball et al. 2002, AAAS/ABA.
KOSOVO = {
    0b0001: 1131, 0b0010: 845, 0b0100: 936, 0b1000: 306, 0b0011: 177, 0b0101: 228, 0b1001: 106,
    0b0110: 217, 0b1010: 31, 0b1100: 123, 0b0111: 181, 0b1011: 18, 0b1101: 42, 0b1110: 32,
    0b1111: 27,
}  # fmt: skip
# Spina bifida in New York, totals; Madigan & York 1997, Biometrika 84, doi:10.1093/biomet/84.1.19.
SPINA = dict(enumerate((60, 49, 4, 247, 112, 142, 12), 1))
# A congenital anomaly in Massachusetts; Fienberg 1972, Biometrika 59, doi:10.1093/biomet/59.3.591.
CONGENITAL = dict(
    enumerate(
        (27, 37, 19, 4, 4, 1, 1, 97, 22, 37, 25, 2, 1, 3, 5, 83, 36, 34, 18, 3, 5, 0, 2, 30, 5, 23,
         8, 0, 3, 0, 2),
        1,
    )
)  # fmt: skip


def table_of(counts):
    """Return the table of counts by history, lists named A, B, ..."""
    kept = {history: count for history, count in sorted(counts.items()) if count}
    lists = max(kept).bit_length()
    history, count = (np.array(list(part), dtype=np.int64) for part in (kept, kept.values()))
    return Table(tuple("ABCDEFGHIJK"[:lists]), history, count)


def folder():
    """Return where the tables lie, or skip."""
    path = Path(os.environ.get("UNDERCOUNT_DATA", "")) / "lists"
    if not os.environ.get("UNDERCOUNT_DATA") or not path.is_dir():
        pytest.skip("no tables: set UNDERCOUNT_DATA to the folder that holds lists/")
    return path


@pytest.fixture(scope="session")
def read_table():
    """Return a function that reads a table by its name; strata are added up."""

    def read(name):
        with (folder() / f"{name}.csv").open() as file:
            rows = list(csv.DictReader(file))
        lists = [id for id in rows[0] if id not in ("count", "eth")]
        counts = Counter()
        for row in rows:
            counts[sum(int(row[id]) << k for k, id in enumerate(lists))] += int(row["count"])
        kept = sorted((history, count) for history, count in counts.items() if count)
        history, count = np.array(kept, dtype=np.int64).T
        return Table(tuple(lists), history, count)

    return read


@pytest.fixture(scope="session")
def reference():
    """Return the rows of what other programs gave."""
    with (folder() / "reference_results.csv").open() as file:
        return list(csv.DictReader(file))


@pytest.fixture
def kosovo():
    return table_of(KOSOVO)


@pytest.fixture
def spina():
    return table_of(SPINA)


@pytest.fixture
def congenital():
    return table_of(CONGENITAL)
