"""Run the model of Radford et al. (2023) again and set it beside what they published.

`python benchmarks/radford2023.py --data reports.csv` samples the port in coordinates without the
ridge and writes `RADFORD2023.md`. Without the file, given or found in the folder that the variable
UNDERCOUNT_DATA names, there is nothing to do. `--speed SECONDS` only measures the plain port.

References
----------
.. [1] Radford, B. J., Dai, Y., Stoehr, N., Schein, A., Fernandez, M., Sajid, H. (2023).
   Estimating conflict losses and reporting biases. PNAS 120(34), e2307372120.
   https://doi.org/10.1073/pnas.2307372120
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import arviz as az
import numpy as np
import pandas as pd
from radford_csv import write_totals
from radford_port import Reports
from radford_runs import (
    CORES,
    DEATHS,
    FILE,
    FOLDER,
    Run,
    compiled,
    ess,
    found_file,
    gradient,
    joined,
    plain_speed,
    sample,
)
from radford_tables import LIMIT, THEIR_DRAWS, lines_of, others, totals, verdict

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "benchmarks" / "RADFORD2023.md"
TUNE = 400
PACKAGES = ("pymc", "pytensor", "nutpie", "numba", "arviz", "numpy")

type Facts = dict[str, float]


def main() -> None:
    """Sample and write the table, or measure the plain port."""
    given = arguments()
    file = found_file(given.data)
    if file is None:
        print(f"no reports: give --data FILE, or a folder with {FILE} in {FOLDER}")
        return
    if given.speed:
        print(json.dumps(plain_speed(file, given.speed), indent=1))
        return
    again(file, given)


def arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description="Radford et al. (2023) again.")
    parser.add_argument("--data", type=Path, help="the file of reports")
    parser.add_argument("--minutes", type=float, default=40.0, help="of sampling, at most")
    parser.add_argument("--draws", type=int, default=1_000, help="of each chain")
    parser.add_argument("--chains", type=int, default=4, help="two run at a time")
    parser.add_argument("--seed", type=int, default=2023)
    parser.add_argument("--speed", type=float, help="only sample the plain port for these seconds")
    parser.add_argument("--plain-seconds", type=float, default=300.0, help="of the plain port")
    parser.add_argument(
        "--keep", type=Path, help="a folder of draws: what it holds is not made anew"
    )
    parser.add_argument("--write", type=Path, default=TABLE, help="where the table goes")
    return parser.parse_args()


def again(file: Path, given: argparse.Namespace) -> None:
    """Sample two chains at a time; after each round, write the table of all so far."""
    plain = plain_facts(file, given)
    reports = Reports(pd.read_csv(file))
    made = compiled(reports, plain=False)
    step = gradient(made)
    runs: list[Run] = []
    for place in range(-(-given.chains // CORES)):
        runs.append(one_round(made, place, given))
        text = "\n".join(page(joined(runs), reports, plain, step))
        given.write.write_text(text + "\n", encoding="utf-8")
        draws = joined(runs).draws
        write_totals(totals(draws, effective(plain)), draws, given.write.with_suffix(".csv"))
        print(text, flush=True)


def plain_facts(file: Path, given: argparse.Namespace) -> Facts:
    """Return what the plain port gives, measured now or kept."""
    kept = given.keep / "plain.json" if given.keep else None
    if kept and kept.is_file():
        return dict(json.loads(kept.read_text(encoding="utf-8")))
    found = plain_speed(file, given.plain_seconds)
    if kept:
        kept.write_text(json.dumps(found), encoding="utf-8")
    return found


def one_round(made: Any, place: int, given: argparse.Namespace) -> Run:
    """Return a round of two chains, sampled now or kept."""
    kept = given.keep / f"radford2023-{place}" if given.keep else None
    if kept and kept.with_suffix(".stats.nc").is_file():
        return Run.load(kept)
    seconds = 60.0 * given.minutes / -(-given.chains // CORES)
    run = sample(made, TUNE, given.draws, given.seed + place, seconds)
    if kept:
        run.save(kept)
    return run


def page(run: Run, reports: Reports, plain: Facts, step: float) -> Iterator[str]:
    """Yield the lines of the page."""
    theirs = effective(plain)
    ours, rest = totals(run.draws, theirs), others(run.draws, theirs)
    yield from head(theirs)
    yield from facts(run, step)
    yield from speeds(run, plain)
    yield from ["", "## Totals at day 365, no bias: mean [95 % interval]", ""]
    yield from lines_of(ours, counts(*reports.series_of))
    yield from ["", verdict(ours), "", "## Ratios and bias multipliers", ""]
    yield from lines_of(rest, counts(*reports.cell_of).add_prefix("bias "))
    yield from ["", verdict(rest)]


def effective(plain: Facts) -> float:
    """Return the effective draws that their run is taken to have: those of the plain port."""
    rate = plain["ess_deaths"] / max(plain["draws"], 1.0)
    return float(np.clip(THEIR_DRAWS * rate, 100.0, THEIR_DRAWS))


def counts(places: np.ndarray[Any, Any], names: list[str]) -> pd.Series[int]:
    """Return the number of rows of each name."""
    return pd.Series(np.bincount(places), index=names)


def head(theirs: float) -> Iterator[str]:
    """Yield what the page is and how to read it."""
    words = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(words, cwd=ROOT, capture_output=True, text=True).stdout.strip()
    yield HEAD.format(limit=LIMIT, draws=THEIR_DRAWS, theirs=theirs)
    yield f"- date: {datetime.now(UTC):%Y-%m-%d}, commit {commit}, with what was not committed"
    yield f"- machine: {os.cpu_count()} cores, {platform.system()} {platform.machine()}"
    python = f"Python {platform.python_version()}"
    yield "- " + ", ".join([python, *(f"{name} {version(name)}" for name in PACKAGES)])


HEAD = """# The model of Radford et al. (2023), run again

Made by `benchmarks/radford2023.py`; nothing here is typed by hand. The published model
(doi:10.1073/pnas.2307372120) on its 4,609 reports, in PyMC, in coordinates without the ridge
between levels and biases; `tests/test_radford_port.py` holds its density against that of the
plain port. A source's bias on a series of which it has no report is left out: it has its prior.

How to read "within": the published figures have a Monte Carlo error too, which was not published.
Their run kept {draws:,} draws, in the coordinates of the plain port; that port's effective draws
for Russian military deaths, in proportion to the draws, would make {theirs:,.0f} of them (held
between 100 and {draws:,}; the plain run is too short for more than the order of magnitude). "Off
by" divides the difference by the error of ours and theirs together, theirs taken to be ours at
that many effective draws, and the rounding of what was published. Two runs of one model agree
when about one figure in twenty is off by more than {limit:g}. The figures of a series are not
independent of each other, nor are the series. Below each table the same is counted with our error
alone, which takes theirs to have none and so overstates the differences.
Other work on the same machine makes wall time longer.
"""


def facts(run: Run, step: float) -> Iterator[str]:
    """Yield how the run went."""
    shape = run.draws.sizes
    free = [name for name in run.draws.data_vars if name not in ("corr", "effects", "const")]
    worst = {name: float(az.rhat(run.draws[[name]])[name].max()) for name in free}
    last = max(worst, key=lambda name: worst[name])
    diverging = int(run.stats["diverging"].values.sum())
    yield f"- {shape['chain']} chains of {TUNE} + {shape['draw']} draws, {CORES} at a time"
    yield f"- {run.wall:.0f} s of sampling ({run.cpu:.0f} s of processor), warm-up too"
    yield f"- {run.stats['n_steps'].values.mean():.0f} steps a draw, {diverging} divergences"
    yield f"- one gradient: {step:.2f} ms; largest resident memory: {run.peak:.2f} GB"
    yield f"- largest R-hat of a total {worst['total']:.3f}, of a bias {worst['bias']:.3f}"
    yield f"- largest R-hat of any unknown {worst[last]:.3f} (`{last}`)"


def speeds(run: Run, plain: Facts) -> Iterator[str]:
    """Yield the speed of both systems of coordinates."""
    found = ess(run.draws)
    steps, size = float(run.stats["n_steps"].values.mean()), float(run.stats["n_steps"].size)
    ours = {
        "ess_deaths": float(found[DEATHS]),
        "ess_least": float(found.min()),
        **{"seconds": run.wall, "cpu": run.cpu, "draws": size, "steps": steps, "peak_gb": run.peak},
    }
    yield from ["", "## Speed: bulk ESS, warm-up counted, compilation apart", ""]
    yield from ["| | these coordinates | the plain port |", "|---|--:|--:|"]
    for key, what in (("ess_deaths", "Russian military deaths"), ("ess_least", "least of totals")):
        for name, per in RATES.items():
            yield f"| {what}: {name} | {per(key, ours):,.4g} | {per(key, plain):,.4g} |"
    for key, what in COSTS.items():
        yield f"| {what} | {ours[key]:,.4g} | {plain[key]:,.4g} |"


RATES: dict[str, Callable[[str, Facts], float]] = {
    "ESS": lambda key, of: of[key],
    "ESS a second": lambda key, of: of[key] / of["seconds"],
    "ESS a minute of processor": lambda key, of: 60 * of[key] / of["cpu"],
    "ESS per 1,000 gradients after warm-up": lambda key, of: (
        1_000 * of[key] / max(of["draws"] * of["steps"], 1.0)
    ),
}
COSTS = {
    "seconds": "seconds of sampling",
    "cpu": "seconds of processor",
    "draws": "draws kept",
    "steps": "steps a draw",
    "peak_gb": "peak resident memory, GB",
}


if __name__ == "__main__":
    main()
