"""What other programs gave on tables of lists, the tables, and our fits of latent classes, kept."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import time
import warnings
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from estimators.inference.lists.latent_fit import fit_latent
from estimators.models.lists.table import Table

ROOT = Path(__file__).parent.parent
KEPT = ROOT / "benchmarks" / "lists_reference.csv"
SEED, NAN = 2023, float("nan")
AT = np.array([0.025, 0.5, 0.975])


@dataclass(frozen=True)
class Numbers:
    """An estimate (persons) with its 95 % interval, and what is to be said of it."""

    estimate: float
    low: float = NAN
    high: float = NAN
    note: str = ""

    def __str__(self) -> str:
        if np.isnan(self.estimate):
            return "none"
        near = f"{self.estimate:,.2f}" if self.estimate % 1 else f"{self.estimate:,.0f}"
        far = "" if np.isnan(self.low) else f" ({self.low:,.0f} to {self.high:,.0f})"
        return f"{self.estimate:.3g}" if self.estimate > 1e9 else near + far


def folder() -> Path:
    path = Path(os.environ.get("UNDERCOUNT_DATA", "")) / "lists"
    if not (path / "reference_results.csv").is_file():
        raise SystemExit("set UNDERCOUNT_DATA to the folder that holds lists/reference_results.csv")
    return path


def rows_of(name: str) -> list[dict[str, str]]:
    with (folder() / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def table_of(name: str) -> Table:
    """Return a table by its name; strata are added up, empty lists dropped."""
    rows = rows_of(name) if not name.startswith("verdata_") else verdata(name)
    lists = [id for id in rows[0] if id not in ("count", "eth", "replica", "sexo", "yy_hecho")]
    used = [id for id in lists if any(int(row[id]) for row in rows)]
    counts: Counter[int] = Counter()
    for row in rows:
        counts[sum(int(row[id]) << k for k, id in enumerate(used))] += int(row["count"])
    cells = sorted((history, count) for history, count in counts.items() if count and history)
    history, count = np.array(cells, dtype=np.int64).T
    return Table(tuple(used), history, count)


def verdata(name: str) -> list[dict[str, str]]:
    found = re.match(r"verdata_reclut_(\w+)_(\d{4})_(R\d)", name)
    sex, year, replicate = found.groups() if found else ("", "", "")
    return [
        row
        for row in rows_of("verdata_reclutamiento_R1_R2")
        if (row["replica"], row["sexo"], row["yy_hecho"]) == (replicate, sex, year)
    ]


def number(text: str) -> float:
    return float(text) if text not in ("", "NA") else NAN


def theirs_of(row: dict[str, str]) -> Numbers:
    return Numbers(*(number(row[key]) for key in ("estimate", "lo95", "hi95")))


class Latent:
    """Fits of latent classes, kept in a file."""

    def __init__(self, fresh: bool, minutes: float) -> None:
        self.end = time.monotonic() + 60.0 * minutes
        self.there: dict[tuple[str, int], dict[str, str]] = {}
        if KEPT.exists() and not fresh:
            with KEPT.open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
            self.there = {(row["data"], int(row["classes"])): row for row in rows}

    def ready(self, asked: set[tuple[str, int]]) -> None:
        """Fit what is asked for, small tables first, as far as there is time."""
        for name, classes in sorted(asked, key=lambda one: (size_of(one[0]), one)):
            self.of(name, classes)

    def of(self, name: str, classes: int) -> Numbers | None:
        """Return ours, or None where there was no time to fit it."""
        if (name, classes) not in self.there:
            if time.monotonic() > self.end:
                return None
            self.there[name, classes] = fitted(name, classes)
            self._keep()
        row = self.there[name, classes]
        note = "" if row["fault"] == "" else row["fault"]
        return Numbers(*(float(row[key]) for key in ("median", "low", "high")), note)

    def mean(self, name: str, classes: int) -> Numbers | None:
        made = self.of(name, classes)
        if made is None:
            return None
        return Numbers(float(self.there[name, classes]["mean"]), made.low, made.high, made.note)

    def _keep(self) -> None:
        with KEPT.open("w", encoding="utf-8", newline="") as file:
            rows = list(self.there.values())
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def size_of(name: str) -> int:
    table = table_of(name)
    return table.n * len(table.lists)


def fitted(name: str, classes: int) -> dict[str, str]:
    """Return our fit of latent classes as a row to keep."""
    start = time.perf_counter()
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        made = fit_latent(table_of(name), classes=classes, seed=SEED)
    low, middle, high = np.quantile(made.count, AT)
    fault = "" if made.mixed else " ".join(str(one.message) for one in heard)[:200]
    row = {
        "data": name,
        "classes": classes,
        "median": middle,
        "low": low,
        "high": high,
        "mean": round(float(made.count.mean()), 2),
        "rhat": round(made.rhat, 4),
        "ess": round(made.ess),
        "fault": fault or ("" if made.mixed else "Chains do not agree."),
        "seconds": round(time.perf_counter() - start, 1),
        "commit": commit(),
    }
    print(row, flush=True)
    return {key: str(value) for key, value in row.items()}


def commit() -> str:
    head = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(head, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
