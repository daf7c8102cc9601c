"""Measure latent classes on published lists: estimates and effective draws by processor second.

`UNDERCOUNT_DATA=... python benchmarks/lists_speed.py [table ...]` prints a table in Markdown, with
the estimates and speed of LCMCR 0.4.14 beside where `Rscript` and LCMCR are there.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import arviz as az
import numpy as np

from estimators.inference.lists.latent_sampler import FREE, TIED, Sampled, sample
from estimators.models.lists.latent_tree import tree_of
from estimators.models.lists.table import Table

type Row = dict[str, str]

# Name, classes, and median and 95 % interval of LCMCR 0.4.14 in reference_results.csv.
JOBS = [
    ("kosovo_aggregate", 10, "10,445 (9,000-13,930)"),
    ("UKdat", 10, "22,950 (17,000-34,400)"),
    ("UKdat_5", 10, "21,500 (15,000-33,000)"),
    ("Congenital", 10, "628 (589-726)"),
    ("spina", 10, "729 (678-820)"),
    ("HIV", 10, "10,842 (9,327-12,863)"),
    ("brighton_total", 10, "1,643 (1,463-1,915)"),
    ("PH_manila_police", 10, "570 (535-650)"),
    ("PH_caloocan_unidentified", 10, "701 (622-883)"),
    ("PH_caloocan_unidentified", 5, "734-752"),
    ("HOMBRE 1999 R1", 15, "2,069 (1,402-3,234), other seeds 1,412"),
    ("HOMBRE 1999 R2", 15, "1,601 (1,414-2,129)"),
    ("Ned_5", 10, "48,400 (42,000-58,500), other seed 141,000"),
]
MODES = {"Ned_5", "HOMBRE 1999 R1", "HOMBRE 1999 R2"}  # also measured with ties
NOT_LISTS = {"count", "eth", "replica", "sexo", "yy_hecho"}

R_SCRIPT = """
suppressMessages(library(LCMCR)); a <- commandArgs(TRUE)
d <- read.csv(a[1]); J <- ncol(d) - 1; for (j in 1:J) d[[j]] <- factor(d[[j]], levels = 0:1)
names(d)[J + 1] <- "Freq"
s <- lcmCR(captures = d, tabular = TRUE, K = as.integer(a[2]), a_alpha = .25, b_alpha = .25,
           seed = 1, buffer_size = 10000, thinning = 10)
t <- system.time(N <- lcmCR_PostSampl(s, 10000, samples = 30000, thinning = 10,
                                      output = FALSE))
cat(N, file = a[3]); cat(t[["user.self"]] + t[["sys.self"]])
"""


def rows_of(name: str) -> list[Row]:
    """Return the rows of a published table, or of a stratum of the Colombian one."""
    folder = Path(os.environ["UNDERCOUNT_DATA"]) / "lists"
    sex, _, rest = name.partition(" ")
    file = "verdata_reclutamiento_R1_R2" if rest else name
    with (folder / f"{file}.csv").open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    if not rest:
        return rows
    wanted = (sex, *rest.split())
    return [row for row in rows if (row["sexo"], row["yy_hecho"], row["replica"]) == wanted]


def table_of(name: str) -> Table:
    """Return a published table; lists on which nobody stands are left out."""
    rows = rows_of(name)
    on_some = [id for id in rows[0] if id not in NOT_LISTS and any(int(row[id]) for row in rows)]
    counts: dict[int, int] = {}
    for row in rows:
        history = sum(int(row[id]) << k for k, id in enumerate(on_some))
        counts[history] = counts.get(history, 0) + int(row["count"])
    cells = sorted((history, count) for history, count in counts.items() if history and count)
    history, count = np.array(cells, dtype=np.int64).T
    return Table(tuple(on_some), history, count)


def drawn(found: Sampled, n: int) -> np.ndarray:
    """Return draws of the number of people under the prior 1/N."""
    rng = np.random.default_rng(0)
    mean = rng.gamma(n, size=found.seen.shape) * (1.0 - found.seen) / found.seen
    return n + rng.poisson(np.minimum(mean, 1e15))


def told(count: np.ndarray, n: int, seconds: tuple[float, float]) -> str:
    """Return the columns of one run: interval, R-hat, draws, seconds, rates."""
    low, middle, high = np.quantile(count, (0.025, 0.5, 0.975))
    logs = np.log(count - n + 0.5)
    rhat = f"{float(az.rhat(logs)):.4f}" if len(count) > 1 else "-"
    ess = float(az.ess(logs, method="bulk"))
    warm, kept = seconds
    return (
        f"{middle:,.0f} ({low:,.0f}-{high:,.0f}) | {rhat} | {ess:,.0f} of {count.size:,} | "
        f"{warm:.2f} + {kept:.2f} | {ess / kept:,.0f} | {ess / (warm + kept):,.0f}"
    )


def by_lcmcr(table: Table, classes: int) -> str:
    """Return the columns of one run of LCMCR, 310,000 sweeps."""
    with tempfile.TemporaryDirectory() as folder:
        cells, script, out = (Path(folder) / name for name in ("cells.csv", "run.R", "draws.txt"))
        script.write_text(R_SCRIPT, encoding="utf-8")
        lines = [",".join([*table.lists, "count"])]
        for row, count in zip(table.on.astype(int), table.count, strict=True):
            lines.append(",".join(map(str, [*row, count])))
        cells.write_text("\n".join(lines), encoding="utf-8")
        words = ["Rscript", str(script), str(cells), str(classes), str(out)]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        count = np.loadtxt(out).reshape(1, -1)
    return told(count, table.n, (0.0, float(done.stdout.split()[-1])))


def has_lcmcr() -> bool:
    """Return whether LCMCR can be run here."""
    if shutil.which("Rscript") is None:
        return False
    words = ["Rscript", "-e", "library(LCMCR)"]
    return subprocess.run(words, capture_output=True).returncode == 0


def main() -> None:
    """Print the table for all jobs, or for the tables that are named."""
    wanted, beside = set(sys.argv[1:]), has_lcmcr()
    start = time.perf_counter()
    sample(tree_of(table_of("kosovo_aggregate"), 10), (10, 20), seed=0)
    print(f"First result after {time.perf_counter() - start:.1f} s (compiled or loaded).")
    if not beside:
        print("LCMCR was not there (no Rscript, or no such package): its values are those kept.")
    print(
        "\n| table | lists, cells, K | how | N, median (95 %) | R-hat | effective draws | "
        "cpu s, warm-up + draws | per cpu s | with warm-up | LCMCR kept |"
    )
    print("|" + "---|" * 10)
    for name, classes, reference in JOBS:
        if wanted and name not in wanted:
            continue
        table = table_of(name)
        size = f"{len(table.lists)}, {len(table.count)}, {classes}"
        for how in (FREE, TIED) if name in MODES else (FREE,):
            found = sample(tree_of(table, classes), seed=1, strengths=how)
            text = told(drawn(found, table.n), table.n, found.seconds)
            kind = "plain" if how is FREE else f"tied, {found.trips.min()} trips at least"
            print(f"| {name} | {size} | {kind} | {text} | {reference} |", flush=True)
        if beside:
            print(f"| {name} | {size} | LCMCR | {by_lcmcr(table, classes)} | {reference} |")


if __name__ == "__main__":
    main()
