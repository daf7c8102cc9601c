"""Measure the budgets of the North Korea study and write them to benchmarks/RESULTS.md.

Each job runs in a process of its own, once with an empty compile cache and once with a warm one;
imports are timed apart. `python benchmarks/budgets.py` from the root of the repository.
"""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent
STUDY = ROOT / "data" / "north_korea"
PYTHON = sys.executable

IMPORT = "import time; t = time.perf_counter(); import estimators; print(time.perf_counter() - t)"
READ = (
    "import estimators as es; es.read_study; import time; t = time.perf_counter(); "
    f"es.read_study({str(STUDY)!r}); print(time.perf_counter() - t)"
)
ESTIMATE = f"""
import os, time
os.environ['UNDERCOUNT_PROGRESS'] = '0'
import estimators as es
t = time.perf_counter()
es.estimate, es.check, es.sensitivity
imported = time.perf_counter() - t
study = es.read_study({str(STUDY)!r})
import arviz as az
t = time.perf_counter(); compiled_from = t
from estimators.inference.compute import Compiled
from estimators.models.choosing import assumptions_of
estimate = es.estimate(study, seed=2023)
total = time.perf_counter() - t
ess = float(az.ess(estimate.count).min())
t = time.perf_counter(); tree = estimate.compiled.sample(estimate.recipe.draws, 1)
sampling = time.perf_counter() - t
from estimators.inference.sensitivity import REFIT
from estimators.inference.compute import REFIT_ACCEPT
t = time.perf_counter()
estimate.compiled.sample(REFIT, 2, target_accept=REFIT_ACCEPT)
refit = time.perf_counter() - t
draws = estimate.count.sizes['chain'] * estimate.count.sizes['draw']
print(total, sampling, refit, ess, imported, draws)
"""


def run(code: str, cache: str) -> list[float]:
    """Return the numbers that a piece of Python prints, run in a process of its own."""
    env = {**os.environ, "PYTENSOR_FLAGS": f"base_compiledir={cache}", "NUMBA_CACHE_DIR": cache}
    done = subprocess.run(
        [PYTHON, "-c", code], env=env, cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [float(number) for number in done.stdout.split()]


def timed(words: list[str], cache: str) -> float:
    """Return the wall seconds of a command."""
    env = {
        **os.environ,
        "PYTENSOR_FLAGS": f"base_compiledir={cache}",
        "NUMBA_CACHE_DIR": cache,
        "UNDERCOUNT_PROGRESS": "0",
    }
    start = time.perf_counter()
    subprocess.run(words, env=env, cwd=ROOT, capture_output=True, check=True)
    return time.perf_counter() - start


def main() -> None:
    """Measure and write the table."""
    command = str(Path(PYTHON).parent / "undercount")
    rows: list[tuple[str, str, float]] = []
    with tempfile.TemporaryDirectory() as cache:
        rows.append(("`import estimators`", "0.5 s", min(run(IMPORT, cache)[0] for _ in range(3))))
        rows.append(
            ("`read_study`, 182 claims", "0.2 s", min(run(READ, cache)[0] for _ in range(3)))
        )
        check = min(timed([command, "check", str(STUDY)], cache) for _ in range(3))
        rows.append(("`undercount check`, whole process", "0.5 s", check))
        first = run(ESTIMATE, cache)
        warm = run(ESTIMATE, cache)
        rows.append(("`estimate()`, first time ever, with imports", "40 s", first[0] + first[4]))
        rows.append(("`estimate()`, warm compile cache", "10 s", warm[0]))
        rows.append(("of that, sampling", "", warm[1]))
        rows.append(("one more fit on the compiled model", "1 s", warm[2]))
        report = timed([command, "report", str(STUDY)], cache)
        rows.append(("`undercount report`, warm, whole process", "60 s", report))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024**2
    write(rows, peak, warm)


def write(rows: list[tuple[str, str, float]], peak: float, warm: list[float]) -> None:
    """Write the measured table."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"], cwd=ROOT, capture_output=True, text=True
    ).stdout.strip()
    lines = [
        "# Measured against the budgets",
        "",
        "Made by `make benchmark`; nothing here is typed by hand. Wall time; other work on",
        "the same machine makes it longer.",
        "",
        f"- date: {datetime.now(UTC):%Y-%m-%d}, commit {commit}",
        f"- machine: {os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}",
        f"- smallest bulk effective sample size of `count`: {warm[3]:,.0f} of {warm[5]:,.0f} draws",
        f"- largest resident memory of any job: {peak:.1f} GB (budget 2 GB)",
        "",
        "| job | budget | measured |",
        "|---|---|---|",
        *(f"| {job} | {budget} | {seconds:.2f} s |" for job, budget, seconds in rows),
        "",
    ]
    file = ROOT / "benchmarks" / "RESULTS.md"
    _, mark, scale = file.read_text(encoding="utf-8").partition("## Scale")
    file.write_text("\n".join(lines) + (f"\n{mark}{scale}" if mark else ""), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
