"""Measure large simulated studies against the budgets and write benchmarks/RESULTS.md's Scale.

A study is drawn from the model itself: its quantities, sources and claims are laid out at random,
unknowns are drawn from the prior, and every claim is printed as its law prints it. Each job runs
in a process of its own. `python benchmarks/scale.py` from the root of the repository.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import arviz as az
import numpy as np

import estimators as es
from estimators.evidence.wording import Wording
from estimators.inference.compute import CAREFUL, REFIT_ACCEPT, Change, Compiled, Draws
from estimators.inference.native import sampler_of
from estimators.inference.sensitivity import REFIT, SCENARIOS
from estimators.models.arrays import Data, Frame
from estimators.models.joint import Joint
from estimators.models.laws import LADDER
from estimators.models.readings import Laws

ROOT = Path(__file__).parent.parent
SEED = 20240501
SIZES = {200: 20, 2_000: 200, 20_000: 2_000}  # claims: quantities
MIXED = {
    "about": 0.40,
    "exact": 0.25,
    "more than": 0.15,
    "at least": 0.10,
    "between": 0.05,
    "up to": 0.03,
    "hundreds": 0.02,
}
CLASSES = ("monitor", "ngo", "media", "official", "un", "party", "witness", "unknown")
CLASS_WEIGHTS = (0.1, 0.2, 0.3, 0.15, 0.05, 0.1, 0.05, 0.05)
ANY = {"hundreds": 6.0, "between": 6.5}  # places on their scales; 750 for what says a number
PAIR = 1.3  # the ends of a 'between' are its middle divided and multiplied by this
FIT = Draws(draws=1000, tune=300, chains=2)
PLAIN = (200, 200)  # draws and warm-up of the plain model, as far as its time goes
LARGE = Draws(draws=20, tune=30, chains=2)  # of the 20,000 claims, which have to finish only
GRADIENT_SECONDS = 2.0

type Rng = np.random.Generator


# --- a study -----------------------------------------------------------------------------------


def study_of(n_claims: int, seed: int = SEED) -> es.Study:
    """Return a simulated study: what was laid out, with numbers drawn from the model."""
    rng = np.random.default_rng(seed)
    laid = layout(n_claims, rng)
    model = Joint(laid, es.assumptions_of(laid))
    z = rng.standard_normal((1, len(model.names)))
    made = model.follow(z, model.data())
    laws = Laws(model.readings, model.base.copy_chance)
    at = made["belief"], np.exp(made["log_sigma"]), np.exp(made["log_slack"])
    printed = laws.draw(rng, *at)[0]
    claims = [
        replace(claim, wording=wording_of(claim.wording.name, number))
        for claim, number in zip(laid.claims, printed, strict=True)
    ]
    return replace(laid, claims=claims)


def layout(n_claims: int, rng: Rng) -> es.Study:
    """Return a study whose claims say any number."""
    quantities, splits = quantities_of(SIZES[n_claims], rng)
    sources = sources_of(n_claims // 20, rng)
    return es.Study(
        title="Simulated",
        question="How many?",
        quantities=quantities,
        identities=splits,
        sources=sources,
        claims=tuple(claims_of(n_claims, quantities, sources, rng)),
        headline=(quantities[0].id,),
    )


def quantities_of(n: int, rng: Rng) -> tuple[tuple[es.Quantity, ...], tuple[es.Split, ...]]:
    """Return quantities, a tenth of them sums or parts, and the splits that define the parts."""
    n_sums, n_splits = n // 20, n // 40
    n_base = n - n_sums - 2 * n_splits
    found = [quantity(f"q{i}", i, range_of(rng)) for i in range(n_base)]
    for i in range(n_sums):
        parts = tuple(f"q{j}" for j in range(3 * i, 3 * i + 3))
        found.append(quantity(f"sum{i}", 3 * i, es.SumOf(parts)))
    splits = []
    for i in range(n_splits):
        whole = n_base - 1 - i
        found += [quantity(f"part{i}{side}", whole, None) for side in "ab"]
        ends = es.Range(30, 60, "simulated"), es.Range(40, 70, "simulated")
        halves = tuple(zip((f"part{i}a", f"part{i}b"), ends, strict=True))
        splits.append(es.Split(f"split{i}", f"q{whole}", halves))
    return tuple(found), tuple(splits)


def quantity(id: str, place: int, rule: Any) -> es.Quantity:
    """Return a quantity; five stand next to one another in one event."""
    access = ("open", "slow", "closed")[place // 5 % 3]
    return es.Quantity(id, id, "flow", rule, event=f"event{place // 5}", access=access)


def range_of(rng: Rng) -> es.Range:
    """Return a range of 50 to 50,000 persons, its ends a factor of 4 to 30 apart."""
    middle, factor = np.exp(rng.uniform(np.log(50), np.log(50_000))), rng.uniform(2.0, 5.5)
    return es.Range(float(middle / factor), float(middle * factor), "simulated")


def sources_of(n: int, rng: Rng) -> tuple[es.Source, ...]:
    """Return sources of several classes."""
    classes = rng.choice(CLASSES, size=n, p=CLASS_WEIGHTS)
    return tuple(es.Source(f"s{i}", f"Source {i}", str(of)) for i, of in enumerate(classes))


def networks_of(n: int, rng: Rng) -> list[str]:
    """Return the network of each source: two to four sources stand in one."""
    found: list[str] = []
    while len(found) < n:
        found += [f"net{len(found)}"] * int(rng.integers(2, 5))
    return found[:n]


def days_of(rng: Rng) -> list[date]:
    """Return on which days a source speaks: one to four, or a fifth of them up to twenty-four."""
    many = rng.random() < 0.2
    n = int(rng.integers(10, 25)) if many else int(rng.integers(1, 5))
    return [date(2020, 1, 1) + timedelta(days=int(day)) for day in rng.integers(0, 1_000, size=n)]


def claims_of(
    n: int, quantities: tuple[es.Quantity, ...], sources: tuple[es.Source, ...], rng: Rng
) -> Iterator[es.Claim]:
    """Yield claims on any quantities by any sources: some sources say more than others."""
    weights = rng.gamma(1.0, size=len(sources))
    networks = networks_of(len(sources), rng)
    days = [days_of(rng) for _ in sources]
    by = rng.choice(len(sources), size=n, p=weights / weights.sum())
    on = rng.permutation(np.arange(n) % len(quantities))
    said = rng.choice(list(MIXED), size=n, p=list(MIXED.values()))
    for i, (source, place, name) in enumerate(zip(by, on, said, strict=True)):
        day = days[source][int(rng.integers(len(days[source])))]
        yield es.Claim(
            f"c{i}",
            quantities[place].id,
            wording_of(str(name), ANY.get(str(name), 750.0)),
            sources[source].id,
            es.When(day, day),
            network=networks[source],
        )


def wording_of(name: str, number: float) -> Wording:
    """Return a wording as its law draws it: a number, a place on the ladder, a log middle."""
    words = list(LADDER)
    if name in words:
        return es.OrderOf(words[int(number)])
    if name == "between":
        middle = float(np.exp(number))
        low, high = (round(float(f"{end:.2g}")) for end in (middle / PAIR, middle * PAIR))
        return es.Between(max(low, 1), max(high, low + 1, 2))
    return ONE[name](float(number))


ONE: dict[str, Callable[[float], Wording]] = {
    "about": es.About,
    "exact": es.Exactly,
    "more than": es.MoreThan,
    "at least": es.AtLeast,
    "up to": es.UpTo,
}


# --- jobs: each runs in a process of its own and returns what it measured ----------------------

type Row = dict[str, float]


def timed(made: Callable[[], Any]) -> tuple[Any, float, float]:
    """Return what a function returns, and its seconds by the wall and by the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    got = made()
    return got, time.perf_counter() - wall, time.process_time() - cpu


def set_up(n: int) -> Row:
    """Measure what stands before sampling, and a gradient."""
    study = study_of(n)
    again = timed(lambda: replace(study))[2]
    model = Joint(study, es.assumptions_of(study))
    _, _, structure = timed(lambda: model.structure)
    data, _, of_data = timed(model.data)
    model.frame(data)  # compiled or loaded
    (frame, sampled), _, of_frame = timed(lambda: model.frame(data))
    return {
        "study": again,
        "structure": structure,
        "data": of_data,
        "frame": of_frame,
        "unknowns": len(model.names),
        "entries": len(frame.lower),
        "gradient": gradient(model, sampled, frame),
    }


def gradient(model: Joint, data: Data, frame: Frame) -> float:
    """Return the processor seconds of one gradient: the least of five runs."""
    sampler = sampler_of(model.structure, data, frame, model.names)
    doubles = ctypes.POINTER(ctypes.c_double)
    kind = ctypes.CFUNCTYPE(
        ctypes.c_int64, ctypes.c_uint64, doubles, doubles, doubles, ctypes.c_void_p
    )
    logp, n = kind(sampler.compiled_logp_func.address), len(frame.mode)
    y, slope, value = np.full(n, 0.1), np.empty(n), np.empty(1)
    ends = [array.ctypes.data_as(doubles) for array in (y, slope, value)]
    table = sampler.user_data.ctypes.data
    once = max(timed(lambda: logp(n, *ends, table))[2], 1e-5)
    times = max(int(GRADIENT_SECONDS / 5 / once), 1)
    runs = [timed(lambda: [logp(n, *ends, table) for _ in range(times)])[2] for _ in range(5)]
    return min(runs) / times


def fit(n: int) -> Row:
    """Measure the sampling of a study; of the largest, only that it ends."""
    study = study_of(n)
    compiled = Compiled.of(study, es.assumptions_of(study))
    if n <= 2_000:
        compiled.sample(Draws(2, 2, 1), 0)  # compiled or loaded
    draws = LARGE if n > 2_000 else FIT
    target = REFIT_ACCEPT if n > 2_000 else CAREFUL[0]
    tree, wall, cpu = timed(lambda: compiled.sample(draws, 1, target_accept=target))
    return measured(tree, wall, cpu)


def measured(tree: Any, wall: float, cpu: float) -> Row:
    """Return the seconds, steps and effective draws of a fit."""
    stats = tree["sample_stats"]
    ess = least_ess(tree["posterior"]["count"].values)
    return {
        "wall": wall,
        "cpu": cpu,
        "ess": ess,
        "rate": ess / wall,
        "steps": float(stats["n_steps"].mean()),
        "diverging": float(stats["diverging"].mean()),
        "draws": float(stats["n_steps"].size),
    }


def least_ess(count: Any) -> float:
    """Return the smallest bulk effective sample size of draws: (chains, draws, quantities)."""
    return min(float(az.ess(count[:, :, k], method="bulk")) for k in range(count.shape[2]))


def refit(n: int) -> Row:
    """Measure a fit without one source, and one scenario, on the model at hand."""
    study = study_of(n)
    compiled = Compiled.of(study, es.assumptions_of(study))
    compiled.sample(Draws(2, 2, 1), 0)
    origin = study.claims[0].origin
    left = frozenset(claim.id for claim in study.claims if claim.origin == origin)
    changed = compiled.model.base
    for name, value in SCENARIOS[0][1].items():
        changed = changed.changed(name, value)
    found = {}
    for kind, change in (("origin", Change(without=left)), ("scenario", Change(changed))):
        tree, wall, cpu = timed(
            lambda change=change: compiled.sample(REFIT, 2, change, target_accept=REFIT_ACCEPT)
        )
        got = measured(tree, wall, cpu)
        found |= {f"{kind} {name}": number for name, number in got.items()}
    return found


def plain(n: int) -> Row:
    """Measure the plain model of the same study, sampled by the same sampler, for a while."""
    import nutpie
    from plain import plain_model

    study = study_of(n)
    model = plain_model(Joint(study, es.assumptions_of(study)))
    compiled, wall, _ = timed(lambda: nutpie.compile_pymc_model(model))
    cpu, start = time.process_time(), time.perf_counter()
    sampler = nutpie.sample(
        compiled,
        draws=PLAIN[0],
        tune=PLAIN[1],
        chains=2,
        cores=2,
        seed=1,
        progress_bar=False,
        blocking=False,
    )
    try:
        tree, ended = sampler.wait(timeout=PLAIN_SECONDS), True
    except TimeoutError:
        tree, ended = sampler.abort(), False
    took = time.perf_counter() - start
    if not ended and int(tree["posterior"].sizes["draw"]) < 20:
        return {"compile": wall, "wall": took, "ess": 0.0, "rate": 0.0, "ended": 0.0}
    found = measured(tree, took, time.process_time() - cpu)
    return {**found, "compile": wall, "ended": float(ended)}


PLAIN_SECONDS = 150.0
FIT_SECONDS = 600.0  # of one job; what takes longer is stopped
JOBS = {"set_up": set_up, "fit": fit, "refit": refit, "plain": plain}


# --- the table ---------------------------------------------------------------------------------


def run(job: str, n: int) -> Row:
    """Return what a job measured in a process of its own, with the load and memory it had."""
    load = os.getloadavg()[0]
    words = [sys.executable, __file__, job, str(n)]
    env = {**os.environ, "UNDERCOUNT_PROGRESS": "0"}
    try:
        done = subprocess.run(
            words, env=env, cwd=ROOT, capture_output=True, text=True, timeout=FIT_SECONDS
        )
    except subprocess.TimeoutExpired:
        return {"load": load, "timeout": FIT_SECONDS}
    if done.returncode:
        print(done.stderr[-3_000:], file=sys.stderr)
        return {"load": load, "failed": float(done.returncode)}
    found: Row = json.loads(done.stdout.splitlines()[-1])
    print(job, n, found, flush=True)
    return {**found, "load": load}


def lines_of(found: dict[tuple[str, int], Row]) -> Iterator[str]:
    """Yield the lines of the table."""
    yield "| what | budget | measured | load before |"
    yield "|---|---|---|---|"
    for (job, n), row in found.items():
        for what, budget, text in TOLD[job](row) if len(row) > 2 else [(job, "", missed(row))]:
            yield f"| {n:,} claims: {what} | {budget} | {text} | {row['load']:.1f} |"
    yield from slope_of(found)


def missed(row: Row) -> str:
    """Return what is said of a job that did not end."""
    if "timeout" in row:
        return f"not ended after {row['timeout']:.0f} s"
    return f"failed (exit code {row['failed']:.0f})"


def slope_of(found: dict[tuple[str, int], Row]) -> Iterator[str]:
    """Yield how the cost of a gradient grows from each size to the next."""
    sizes = [n for job, n in found if job == "set_up" and "gradient" in found[job, n]]
    for small, large in pairwise(sizes):
        ratio = found["set_up", large]["gradient"] / found["set_up", small]["gradient"]
        yield (
            f"| gradient, {small:,} to {large:,} claims ({large // small} times) | "
            f"at most {large // small} times | {ratio:.1f} times | |"
        )


def told_set_up(row: Row) -> Iterator[tuple[str, str, str]]:
    """Yield what is said of the set-up: processor seconds."""
    yield "`Study(...)` with all its checks (cpu)", "", f"{row['study']:.2f} s"
    yield "structure (cpu)", "", f"{row['structure']:.2f} s"
    yield "data of a fit (cpu)", "", f"{row['data']:.2f} s"
    size = f"{row['unknowns']:,.0f} unknowns, {row['entries']:,.0f} entries"
    yield "frame of a fit (cpu)", "", f"{row['frame']:.2f} s ({size})"
    yield "one gradient (cpu)", "", f"{1e3 * row['gradient']:.3f} ms"
    yield "resident memory of that", "2 GB", f"{row['memory']:.2f} GB"


def told_fit(row: Row) -> Iterator[tuple[str, str, str]]:
    """Yield what is said of a fit."""
    size = f"{row['ess']:.0f} of {row['draws']:.0f} draws in {row['wall']:.1f} s"
    rest = f"{row['cpu']:.1f} s cpu, {row['steps']:.0f} steps a draw, {row['diverging']:.1%} div."
    yield (
        "smallest ESS of `count` a second (wall, warm-up too, the first short fit apart)",
        "50",
        f"{row['rate']:.2f} ({size}; {rest})",
    )
    yield "resident memory of that", "2 GB", f"{row['memory']:.2f} GB"


def told_refit(row: Row) -> Iterator[tuple[str, str, str]]:
    """Yield what is said of two refits."""
    for kind in ("origin", "scenario"):
        text = f"{row[f'{kind} wall']:.1f} s ({row[f'{kind} cpu']:.1f} s cpu), "
        text += f"{row[f'{kind} steps']:.0f} steps, ESS {row[f'{kind} ess']:.0f}"
        label = "fit without one origin" if kind == "origin" else "fit of one scenario"
        yield label, "1 s", text


def told_plain(row: Row) -> Iterator[tuple[str, str, str]]:
    """Yield what is said of the plain model."""
    state = "" if row["ended"] else f"stopped after {row['wall']:.0f} s; "
    text = f"{row['rate']:.2f} ({state}compiled in {row['compile']:.0f} s"
    if row["rate"]:
        text += f"; ESS {row['ess']:.0f} of {row['draws']:.0f}, {row['steps']:.0f} steps a draw"
    yield "plain non-centred PyMC, ESS of `count` a second", "", f"{text})"


TOLD = {"set_up": told_set_up, "fit": told_fit, "refit": told_refit, "plain": told_plain}


def write(found: dict[tuple[str, int], Row]) -> None:
    """Write the section 'Scale' of the results; the rest of the file stays."""
    words = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(words, cwd=ROOT, capture_output=True, text=True).stdout.strip()
    changed = subprocess.run(["git", "diff", "--quiet", "HEAD", "--", "estimators"], cwd=ROOT)
    head = [
        "## Scale",
        "",
        "Made by `make scale`: studies simulated from the model itself. Other work on the same",
        "machine makes wall time longer: the load stands beside.",
        "",
        f"- date: {datetime.now(UTC):%Y-%m-%d}, commit {commit}"
        + (" with changes that are not committed" if changed.returncode else ""),
        f"- cores: {os.cpu_count()}",
        "",
    ]
    file = ROOT / "benchmarks" / "RESULTS.md"
    kept = re.sub(r"\n## Scale\n.*?(?=\n## |\Z)", "", file.read_text(encoding="utf-8"), flags=re.S)
    text = "\n".join([kept.rstrip("\n"), "", *head, *lines_of(found), ""])
    file.write_text(text, encoding="utf-8")


def main() -> None:
    """Measure everything and write the table; with a job and a size, that alone."""
    if len(sys.argv) == 3:
        row = JOBS[sys.argv[1]](int(sys.argv[2]))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        print(json.dumps({**row, "memory": peak}))
        return
    wanted = [("set_up", n) for n in SIZES]
    wanted += [("fit", 2_000), ("refit", 2_000), ("plain", 2_000), ("fit", 20_000)]
    found: dict[tuple[str, int], Row] = {}
    for job, n in wanted:
        found[job, n] = run(job, n)
        write(found)


if __name__ == "__main__":
    main()
