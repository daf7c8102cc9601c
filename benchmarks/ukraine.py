"""Speed and memory of the war-loss study beside a plain port of the published model, in one run.

`python benchmarks/ukraine.py` from the root of the repository, with UNDERCOUNT_DATA naming the
folder that holds ukraine_losses/reports.csv, or `--data FILE`; writes benchmarks/UKRAINE.md. Each
model is sampled in a process of its own, one after the other.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path

import arviz as az
import numpy as np
from radford_runs import found_file, plain_speed

from estimators.evidence.files import read_study
from estimators.evidence.radford2023 import read_reports
from estimators.evidence.radford2023_claims import import_reports
from estimators.evidence.tables import claims_text
from estimators.inference.compute import Compiled, Draws
from estimators.models.choosing import assumptions_of

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "benchmarks" / "UKRAINE.md"
DEATHS = "deaths_ru"
WANTED_ESS, WANTED_SECONDS, WANTED_GB = 400.0, 900.0, 2.0

type Facts = dict[str, float]


def main() -> None:
    """Measure both and write the table."""
    parser = argparse.ArgumentParser(description="Speed of the war-loss study.")
    parser.add_argument("--data", type=Path, help="the file of reports")
    parser.add_argument("--draws", type=int, default=1000, help="of each of four chains")
    parser.add_argument("--tune", type=int, default=300, help="draws of warm-up of each chain")
    parser.add_argument("--plain-seconds", type=float, default=240.0, help="of the plain port")
    parser.add_argument("--write", type=Path, default=TABLE, help="where the table goes")
    given = parser.parse_args()
    file = found_file(given.data)
    if file is None:
        print("no reports: give --data FILE, or name their folder in UNDERCOUNT_DATA")
        return
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        ours = pool.submit(own_speed, file, Draws(given.draws, given.tune, 4)).result()
    print(ours, flush=True)
    plain = plain_speed(file, given.plain_seconds)
    text = "\n".join(page(ours, plain, given.draws, given.tune))
    given.write.write_text(text + "\n", encoding="utf-8")
    print(text)


def own_speed(file: Path, draws: Draws) -> Facts:
    """Return what the study's own model gives, from its folder to draws of all totals."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "ukraine_losses"
        shutil.copytree(ROOT / "data" / "ukraine_losses", folder)
        claims = import_reports(read_reports(file)).claims
        (folder / "claims.csv").write_text(claims_text(claims), encoding="utf-8")
        study = read_study(folder)
    compiled = Compiled.of(study, assumptions_of(study))
    start, cpu = time.perf_counter(), time.process_time()
    _ = compiled.known
    first = time.perf_counter() - start
    tree = compiled.sample(draws, 2023, target_accept=compiled.acceptance[0])
    wall = time.perf_counter() - start
    count = tree["posterior"]["count"]
    ess = az.ess(count, method="bulk").values
    named = dict(zip(count["quantity"].values.tolist(), np.asarray(ess, dtype=float), strict=True))
    return {
        "seconds": wall,
        "first": first,
        "cpu": time.process_time() - cpu,
        "draws": float(count.sizes["draw"] * count.sizes["chain"]),
        "steps": float(tree["sample_stats"]["n_steps"].mean()),
        "divergences": float(tree["sample_stats"]["diverging"].sum()),
        "rhat": float(np.max(az.rhat(count).values)),
        "ess_deaths": named[DEATHS],
        "ess_least": min(named.values()),
        "ess_deaths_per_second": named[DEATHS] / wall,
        "ess_least_per_second": min(named.values()) / wall,
        "peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
        "claims": float(len(study.claims)),
        "readings": float(len(study.readings)),
        "unknowns": float(len(compiled.model.names)),
    }


def page(ours: Facts, plain: Facts, draws: int, tune: int) -> Iterator[str]:
    """Yield the lines of the table."""
    head = ["git", "rev-parse", "--short", "HEAD"]
    done = subprocess.run(head, cwd=ROOT, capture_output=True, text=True, check=True)
    names = ("nutpie", "numba", "arviz", "pymc")
    yield from (
        "# The war-loss study: speed beside a plain port of the published model",
        "",
        "Made by `benchmarks/ukraine.py`; nothing here is typed by hand. One run: our model, then",
        "the plain port of Radford et al. (2023), doi:10.1073/pnas.2307372120, in PyMC with",
        "nutpie. They are not the same model: see `benchmarks/RADFORD2023.md` for theirs in",
        "coordinates that suit it. Ours is timed from the study to draws of all totals, its first",
        "short fits too; theirs for some seconds of sampling, warm-up too, compilation apart.",
        "",
        f"- date: {datetime.now(UTC):%Y-%m-%d}, commit {done.stdout.strip()}",
        f"- machine: {os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        f"- {', '.join(f'{name} {version(name)}' for name in names)}",
        f"- {ours['claims']:,.0f} claims, {ours['readings']:,.0f} readings, "
        f"{ours['unknowns']:,.0f} unknowns; 4 chains of {tune} + {draws} draws, 2 at a time, after "
        f"{ours['first']:.0f} s of first short fits",
        f"- largest R-hat of a total {ours['rhat']:.4f}, {ours['divergences']:.0f} divergences",
        "",
        "| | this study's model | the plain port |",
        "|---|--:|--:|",
    )
    for label, key in (
        ("seconds", "seconds"),
        ("seconds of processor", "cpu"),
        ("draws kept", "draws"),
        ("steps a draw", "steps"),
        ("bulk ESS of Russian military deaths", "ess_deaths"),
        ("bulk ESS of Russian military deaths a second", "ess_deaths_per_second"),
        ("least bulk ESS of a total", "ess_least"),
        ("least bulk ESS of a total a second", "ess_least_per_second"),
        ("peak resident memory, GB", "peak_gb"),
    ):
        yield f"| {label} | {ours[key]:,.4g} | {plain[key]:,.4g} |"
    yield from ("", "| budget | asked | found | |", "|---|--:|--:|---|")
    for label, asked, found, good in (
        ("least ESS of a total", WANTED_ESS, ours["ess_least"], ours["ess_least"] > WANTED_ESS),
        ("seconds", WANTED_SECONDS, ours["seconds"], ours["seconds"] <= WANTED_SECONDS),
        ("memory, GB", WANTED_GB, ours["peak_gb"], ours["peak_gb"] <= WANTED_GB),
    ):
        yield f"| {label} | {asked:,.0f} | {found:,.4g} | {'met' if good else 'MISSED'} |"


if __name__ == "__main__":
    main()
