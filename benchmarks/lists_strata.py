"""Fit Colombia's strata, both replicates, pooled partially, and write benchmarks/lists_strata.md.

Sex by year, child recruitment; the folder of tables is that in UNDERCOUNT_DATA. There are 34
lists: those with most persons are kept and the others merged into one, as is said in the table.
`python benchmarks/lists_strata.py [lists ...]` from the root of the repository.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np

from estimators.evidence.capture_files import read_captures
from estimators.evidence.captures import Captures
from estimators.inference.lists.replicates import ReplicatesFit, fit_replicates
from estimators.inference.lists.strata_fit import fit_strata, keep_largest

ROOT = Path(__file__).parent.parent
TABLE = "verdata_reclutamiento_R1_R2.csv"
SEED = 20240501
DRAWS, TUNE = 700, 500
FEWEST = 3  # lists with anybody on them
# Published draws of the latent class model, HOMBRE 1999: mean and 95 % interval.
PUBLISHED = {"R1": "2,066 (1,396–3,062)", "R2": "1,634 (1,417–2,214)"}


def main() -> None:
    captures = read_captures(
        Path(os.environ["UNDERCOUNT_DATA"]) / "lists" / TABLE,
        strata=["sexo", "yy_hecho"],
        replicate="replica",
    )
    left = without_thin(captures)
    sizes = [int(arg) for arg in sys.argv[1:]] or [7]
    parts = [section(left, most) for most in sizes]
    head = (
        "# Strata pooled partially: child recruitment in Colombia\n\n"
        f"`{TABLE}`, {len(left.levels)} strata of {len(captures.levels)} that have {FEWEST} lists "
        f"or more with anybody on them, in both replicates; 2 chains at once on 2 cores.\n\n"
        "Compare the totals of different numbers of lists before any is believed: where they lie "
        "further apart than the intervals are wide, the reduction to pairs of few lists, and not "
        "the persons counted, decides the number. Then none of them is an estimate to print.\n\n"
    )
    (ROOT / "benchmarks" / "lists_strata.md").write_text(head + "\n".join(parts))


def without_thin(captures: Captures) -> Captures:
    """Return the captures of strata with at least three lists that anybody is on, everywhere."""
    thin = set()
    for name in captures.replicates:
        one = captures.replicate(name)
        for level in one.levels:
            found = 0
            for cell in one.cells:
                if cell.stratum == level and cell.count:
                    found |= cell.history
            if found.bit_count() < FEWEST:
                thin.add(level)
    kept = tuple(cell for cell in captures.cells if cell.stratum not in thin)
    return Captures(captures.lists, kept, captures.strata, captures.censored, captures.name)


def section(captures: Captures, most: int) -> str:
    """Return what one number of lists gives, as a section of the page."""
    fewer = keep_largest(captures, most)
    begun, spent = time.monotonic(), cpu()
    one = partial(fit_strata, seed=SEED, draws=DRAWS, tune=TUNE, cores=2, acceptance=(0.85, 0.95))
    found = fit_replicates(fewer, one)
    took, cost = time.monotonic() - begun, cpu() - spent
    kept = ", ".join(id for id in fewer.lists if id in captures.lists)
    others = len(captures.lists) - most + 1
    rows = [row(found, place) for place in range(len(found.parts))]
    mixed = " | ".join(said(found.interval(0.95, **at)) for at in ({}, HOMBRE, MUJER, H1999))
    page = (
        f"## {most} lists\n\nOn their own: {kept}; "
        f"the {others} others are merged into one. {took:,.0f} s wall, {cost:,.0f} s CPU.\n\n"
        "| replicate | n | total, median (95 %) | HOMBRE | MUJER | HOMBRE 1999 | published, mean "
        "| R-hat | effective draws | diverged |\n|---|---|---|---|---|---|---|---|---|---|\n"
        + "\n".join(rows)
        + f"\n| mixed | | {mixed} | | | | |\n"
    )
    print(page, flush=True)
    for part in found.parts:
        print(part.describe(), "\n", np.median(part.spread, axis=(0, 1)), flush=True)
    return page


HOMBRE, MUJER = {"sexo": "HOMBRE"}, {"sexo": "MUJER"}
H1999 = {"sexo": "HOMBRE", "yy_hecho": "1999"}


def row(found: ReplicatesFit, place: int) -> str:
    part, name = found.parts[place], found.names[place]
    ends = " | ".join(said(part.interval(0.95, **at)) for at in ({}, HOMBRE, MUJER, H1999))
    return (
        f"| {name} | {part.n:,} | {ends} | {PUBLISHED[name]} | {part.rhat:.3f} | {part.ess:,.0f} "
        f"| {part.diverged} |"
    )


def said(interval: tuple[float, float, float]) -> str:
    low, median, high = interval
    return f"{median:,.0f} ({low:,.0f}–{high:,.0f})"


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
