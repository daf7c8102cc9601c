"""Calibrate the families of models of lists, and write benchmarks/LISTS_CALIBRATION.md; resumable.

First, tables are drawn from a family's own model and prior, and the true number of people is
ranked in its posterior: ranks have to be uniform, and not be where the truth is made 1.2 times as
large. Then lists are drawn from plans that no family holds true, and the coverage of intervals is
reported. Each line is kept in benchmarks/lists_calibration_*.csv as soon as it is there; a run
goes on where the last one stopped, unless `--fresh`, and begins no line after `--minutes`.
`python benchmarks/lists_calibration.py` from the root of the repository.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

import joblib
import numpy as np
import numpy.typing as npt
from scipy import stats

from estimators.inference.calibration import BINS, holm
from estimators.inference.lists.attempts import BEST, CHAO
from estimators.inference.lists.design import LEVELS, design
from estimators.inference.lists.graph_averaging import average_graphs
from estimators.inference.lists.latent_fit import fit_latent
from estimators.inference.lists.shrinkage_calibration import planted
from estimators.inference.lists.shrinkage_fit import fit_shrinkage
from estimators.models.lists.decomposable import decomposable_graphs
from estimators.models.lists.likelihood import Likelihood
from estimators.models.lists.shrinkage_prior import USUAL, arrays_of
from estimators.models.lists.simulate import Plan
from estimators.models.lists.table import Table

type Array = npt.NDArray[np.float64]
type Drawn = tuple[Table, float]

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "benchmarks" / "LISTS_CALIBRATION.md"
RANKS = ROOT / "benchmarks" / "lists_calibration_ranks.csv"
COVERAGE = ROOT / "benchmarks" / "lists_calibration_coverage.csv"
SEED, SCALED, LEVEL = 2024, 1.2, 0.05
FAR = 1e-6  # a chance to be on a list below it is drawn again: N would have no end
SHARES = dict(zip("ABCDE", (0.3, 0.25, 0.2, 0.15, 0.15), strict=True))
WRONG: dict[str, tuple[float, dict[tuple[str, str], float]]] = {
    "people differ, sd 1": (1.0, {}),
    "people differ, sd 2": (2.0, {}),
    "A and B, odds ratio e": (0.0, {("A", "B"): 1.0}),
    "A and B, odds ratio 1/e": (0.0, {("A", "B"): -1.0}),
}
QUICK, SLOW = ("independence", "decomposable graphs", CHAO), ("no highest interaction",)
LATENT = "latent classes"


@dataclass(frozen=True)
class Ranked:
    """A line of the first table: how many ranks lie in each of 20 bins, sound and planted."""

    family: str
    setting: str
    fits: int
    bins: str
    planted: str
    refused: int
    mean: float
    seconds: float
    commit: str


@dataclass(frozen=True)
class Covered:
    """A line of the second table: what a method made of lists of one plan."""

    plan: str
    people: int
    lists: int
    method: str
    fits: int
    refused: float
    bias_percent: float
    width: float
    cover50: float
    cover80: float
    cover90: float
    cover95: float
    cover90_any: float
    seconds: float
    commit: str


def names(lists: int) -> tuple[str, ...]:
    return tuple("ABCDEFGH"[:lists])


def table_of(lists: int, n: int, chances: Array, rng: np.random.Generator) -> Table:
    """Return n persons over the histories of at least one list."""
    counts = rng.multinomial(n, chances[1:] / chances[1:].sum())
    history = np.flatnonzero(counts) + 1
    return Table(names(lists), history, counts[history - 1])


def of_graphs(lists: int, n: int, rng: np.random.Generator) -> Drawn:
    """Return a table from a graph and chances drawn from their prior, with 2^-lists a cell."""
    every = decomposable_graphs(lists)
    while True:
        chances = hyper_dirichlet(every.power[rng.integers(len(every))], lists, rng)
        if 1.0 - chances[0] > FAR:
            return table_of(lists, n, chances, rng), float(chances[0])


def hyper_dirichlet(power: Array, lists: int, rng: np.random.Generator) -> Array:
    """Return chances of all histories under one graph: cliques joined by their separators."""
    cliques = [a for a in range(1, 1 << lists) if power[a] > 0]
    size = 1 << lists
    alpha = 2.0**-lists
    at = np.arange(size)
    log, done = np.zeros(size), 0
    for clique in in_turn(cliques):
        shared = clique & done
        rest = clique & ~done
        for fixed in sorted({int(h) & shared for h in at}):
            cells = sorted({fixed | (int(h) & rest) for h in at})
            held = alpha * 2.0 ** (lists - clique.bit_count())
            with np.errstate(divide="ignore"):
                drawn = np.log(rng.dirichlet(np.full(len(cells), held)))
            for cell, value in zip(cells, drawn, strict=True):
                log[(at & clique) == cell] += value
        done |= clique
    return np.exp(log)


def in_turn(cliques: list[int]) -> list[int]:
    """Return cliques so that each meets those before it within one of them."""
    left, order, done = sorted(cliques, key=lambda a: -a.bit_count()), [], 0
    while left:
        fits = (c for c in left if not order or any(c & done & ~b == 0 for b in order))
        best = max(fits, key=lambda c: (c & done).bit_count())
        order.append(best)
        left.remove(best)
        done |= best
    return order


def of_classes(lists: int, n: int, rng: np.random.Generator, classes: int = 4) -> Drawn:
    """Return a table from latent classes drawn from their prior."""
    while True:
        alpha = rng.gamma(0.25, 4.0)
        stick = np.append(rng.beta(1.0, max(alpha, 1e-12), classes - 1), 1.0)
        share = stick * np.append(1.0, np.cumprod(1.0 - stick[:-1]))
        chance = rng.random((classes, lists))
        on = np.arange(1 << lists)[:, None, None] >> np.arange(lists) & 1
        cells = np.where(on == 1, chance, 1.0 - chance).prod(axis=2) @ share
        if 1.0 - cells[0] > FAR:
            return table_of(lists, n, cells, rng), float(cells[0])


def of_shrinkage(lists: int, n: int, rng: np.random.Generator) -> Drawn:
    """Return a table from all interactions drawn from their prior."""
    blank = Table(names(lists), np.arange(1, 1 << lists), np.ones((1 << lists) - 1, dtype=int))
    arrays = arrays_of(blank, USUAL)
    while True:
        table, missed = planted(names(lists), n, arrays, rng)
        if 1.0 - missed > FAR:
            return table, missed


def graphs_fit(table: Table, seed: int) -> Likelihood:
    return average_graphs(table).likelihood


def shrinkage_fit(table: Table, seed: int) -> Likelihood:
    return fit_shrinkage(table, seed=seed).likelihood


def classes_fit(table: Table, seed: int) -> Likelihood:
    return fit_latent(table, classes=4, seed=seed, draws=1000, tune=600, chains=4).likelihood


SETTINGS: dict[
    tuple[str, str], tuple[Callable[..., Drawn], Callable[..., Likelihood], int, int]
] = {
    ("decomposable graphs", "3 lists, 500 people on them"): (of_graphs, graphs_fit, 3, 500),
    ("decomposable graphs", "4 lists, 500 people on them"): (of_graphs, graphs_fit, 4, 500),
    ("no highest interaction", "3 lists, 400 people on them"): (
        of_shrinkage,
        shrinkage_fit,
        3,
        400,
    ),
    ("latent classes", "4 lists, 4 classes, 300 people on them"): (of_classes, classes_fit, 4, 300),
}


def place(told: Likelihood, people: float, at: float) -> float:
    """Return the posterior probability below a number, with a part `at` of its own."""
    chance = np.exp(told.log_posterior())
    edges = (told.count[1:] + told.count[:-1]) / 2
    edges = np.concatenate([[told.count[0] - 0.5], edges, [told.count[-1] + 0.5]])
    below = np.concatenate([[0.0], np.cumsum(chance)])
    low, high = np.interp([people - 0.5, people + 0.5], edges, below)
    return float(np.clip(low + at * (high - low), 0.0, 1.0 - 1e-12))


def one_rank(family: str, setting: str, seed: np.random.SeedSequence) -> tuple[float, float] | None:
    """Return where the truth, and 1.2 times the unseen of it, lie in the posterior of one fit.

    Under the prior 1/N, how many stand on the lists says nothing of the chances, so that it is
    held; then N - n is negative binomial given the chance to be missed.
    """
    rng = np.random.default_rng(seed)
    draw, fit, lists, n = SETTINGS[family, setting]
    table, missed = draw(lists, n, rng)
    people = n + float(rng.poisson(rng.gamma(n, missed / (1.0 - missed))))
    part = rng.random()
    try:
        told = fit(table, int(rng.integers(1 << 31)))
    except (ValueError, ArithmeticError, RuntimeError) as error:
        print(f"{family}: {error}", flush=True)
        return None
    return place(told, people, part), place(told, np.round(SCALED * people), part)


def ranks_of(family: str, setting: str, fits: int, jobs: int) -> Ranked:
    start = time.perf_counter()
    seeds = np.random.SeedSequence(SEED).spawn(fits)
    tasks = (joblib.delayed(one_rank)(family, setting, one) for one in seeds)
    done = joblib.Parallel(n_jobs=jobs)(tasks)
    kept = np.array([pair for pair in done if pair is not None])
    bins = [np.bincount((kept[:, k] * BINS).astype(int), minlength=BINS) for k in (0, 1)]
    texts = [" ".join(map(str, one)) for one in bins]
    seconds = round(time.perf_counter() - start, 1)
    mean = round(float(kept[:, 0].mean()), 4)
    return Ranked(family, setting, fits, *texts, fits - len(kept), mean, seconds, commit())


def covered(plan: str, people: int, lists: int, method: str, fits: int, jobs: int) -> Covered:
    start = time.perf_counter()
    spread, pairs = WRONG[plan]
    shares = {id: SHARES[id] for id in names(lists)}
    made = design(
        Plan(people, shares, spread, pairs),
        methods=(method,),
        fits=fits,
        seed=SEED,
        jobs=jobs,
        progress=False,
    )
    row = made.table.iloc[0]
    cover = [float(made.at(level)["coverage"].iloc[0]) for level in LEVELS]
    any_row = made.runs.dropna(subset=["median"])
    inside = (any_row["low_90"] <= people) & (people <= any_row["high_90"])
    numbers = (row["refused"], row["bias_percent"], row["width"], *cover, inside.mean())
    return Covered(
        *(plan, people, lists, method, fits),
        *(round(float(number), 4) for number in numbers),
        round(time.perf_counter() - start, 1),
        commit(),
    )


def commit() -> str:
    head = ["git", "rev-parse", "--short", "HEAD"]
    done = subprocess.run(head, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def kept[Row: (Ranked, Covered)](path: Path, kind: type[Row]) -> list[Row]:
    """Return what is there already."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    kinds = {"int": int, "float": float, "str": str}
    return [kind(*(kinds[str(f.type)](line[f.name]) for f in fields(kind))) for line in lines]


def keep(path: Path, rows: list[Ranked] | list[Covered]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([f.name for f in fields(rows[0])])
        writer.writerows(astuple(row) for row in rows)


def uniform(bins: str) -> float:
    """Return the p value of chi-square on the bins."""
    return float(stats.chisquare([int(count) for count in bins.split()]).pvalue)


def rank_lines(rows: list[Ranked]) -> list[str]:
    order = {key: place for place, key in enumerate(SETTINGS)}
    rows = sorted(rows, key=lambda row: order[row.family, row.setting])
    sound, wrong = (
        [uniform(bins) for bins in column]
        for column in ([row.bins for row in rows], [row.planted for row in rows])
    )
    judged, found = (holm(np.array(p)) for p in (sound, wrong))
    return [
        f"| {row.family} | {row.setting} | {row.fits} | {row.refused} | {row.mean:.3f} "
        f"| {p:.2g} | {adjusted:.2g} | {'passed' if adjusted > LEVEL else 'FAILED'} "
        f"| {p_wrong:.1g} | {'found' if p_wrong <= LEVEL else 'missed'} | {row.seconds:.0f} |"
        for row, p, adjusted, p_wrong in zip(rows, sound, judged, found, strict=True)
    ]


def percent(number: float) -> str:
    return "–" if np.isnan(number) else f"{100 * number:.0f}"


def cover_lines(rows: list[Covered]) -> list[str]:
    order = {case: place for place, case in enumerate(cases(1, 1))}
    rows = sorted(rows, key=lambda r: order_of(r, order))
    return [
        f"| {r.plan} | {r.people:,} | {r.lists} | {r.method} | {r.fits} | {percent(r.refused)} "
        f"| {signed(r.bias_percent)} | {'–' if np.isnan(r.width) else f'{r.width:.2f}'} "
        f"| {' / '.join(map(percent, (r.cover50, r.cover80, r.cover90, r.cover95)))} "
        f"| {percent(r.cover90_any)} | {r.seconds:.0f} |"
        for r in rows
    ]


def order_of(row: Covered, order: dict[tuple[str, int, int, str, int], int]) -> tuple[int, ...]:
    methods = (*QUICK[:2], *SLOW, LATENT, BEST, CHAO)
    return (list(WRONG).index(row.plan), row.people, row.lists, methods.index(row.method))


def signed(number: float) -> str:
    return "–" if np.isnan(number) else f"{number:+.0f}"


def cases(fits: int, few: int) -> list[tuple[str, int, int, str, int]]:
    """Return plan, people, lists, method and simulations of every line, quick ones first."""
    every = [(plan, people, lists) for people in (1000, 10_000) for plan in WRONG
             for lists in (3, 4, 5)]  # fmt: skip
    small = sorted(every, key=lambda case: (case[2] == 5, case[1], case[2]))
    return [
        *((*case, method, fits) for case in every for method in QUICK),
        *((*case, BEST, fits) for case in every if case[2] < 5),
        *((*case, method, few) for case in small for method in (*SLOW, LATENT)),
        *((*case, BEST, few) for case in every if case[2] == 5),
    ]


def text_of(ranked: list[Ranked], cover: list[Covered], left: int) -> str:
    """Return the tables as Markdown."""
    commits = ", ".join(dict.fromkeys(row.commit for row in (*ranked, *cover)))
    shares = ", ".join(f"{id} {share:.0%}" for id, share in SHARES.items())
    return "\n".join([
        "# Calibration of capture-recapture",
        "",
        "Made by `python benchmarks/lists_calibration.py`; nothing here is typed by hand.",
        "",
        f"- date: {datetime.now(UTC):%Y-%m-%d}, commit {commits}, with what was not committed",
        f"- machine: {os.cpu_count()} cores; seconds are wall time, with other work beside it",
        f"- lines that were asked for and have not been run: {left}",
        "",
        "## Ranks on data from the family's own model",
        "",
        "Graphs, classes or interactions are drawn from their prior, persons on the lists from",
        "these, and the true number of people given them; it is ranked in the posterior under the",
        "prior 1/N, which it was drawn from. p is of chi-square on 20 bins, then after Holm over",
        f"the lines; a line fails at 5 %. 'Planted': the true number times {SCALED:g}, which has",
        "to be found (p at most .05, after Holm). Draws with a chance below one in a million to be",
        "on any list are drawn again, since numbers of people would have no end.",
        "",
        "| family | tables | fits | failed | mean rank | p | p (Holm) | verdict "
        "| p with the planted error | planted error | seconds |",
        "|---|---|--:|--:|--:|--:|--:|---|--:|---|--:|",
        *rank_lines(ranked),
        "",
        "## Coverage where the model is wrong",
        "",
        f"Lists hold {shares}, the first three, four or all of them. People differ: a normal of",
        "this sd is added to all log odds of a person. Odds ratio: of A and B, given the person;",
        "here graphs and log-linear models hold true, independence and classes do not. Refused:",
        "share of simulations without a printable number (chains that do not agree, graphs under",
        "which the prior alone tells the number, no estimate); bias (of the median, geometric",
        "mean), width (high over low at 90 %, geometric mean) and coverage are over the others,",
        "'90 any' over all that have a number, printable or not. Chao's is a lower bound. With 50",
        "simulations a coverage of 90 % has a standard error of 4 points, with 100 one of 3.",
        "",
        "| lists come about so | people | lists | method | fits | refused % | bias % | width "
        "| coverage of 50 / 80 / 90 / 95 % | 90 any | seconds |",
        "|---|--:|--:|---|--:|--:|--:|--:|---|--:|--:|",
        *cover_lines(cover),
        "",
    ])  # fmt: skip


def main() -> None:
    """Run what is not there yet, and write the tables after each line."""
    parser = argparse.ArgumentParser(description="Calibrate the families of models of lists.")
    parser.add_argument("--fits", type=int, default=100, help="simulations of quick methods")
    parser.add_argument("--few", type=int, default=50, help="simulations of slow methods")
    parser.add_argument("--ranks", type=int, default=200, help="fits whose truth is ranked")
    parser.add_argument("--minutes", type=float, default=25.0, help="begin no line after them")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--fresh", action="store_true", help="begin anew")
    parser.add_argument("--only", default="", help="one family or method")
    given = parser.parse_args()
    ranked = [] if given.fresh else kept(RANKS, Ranked)
    cover = [] if given.fresh else kept(COVERAGE, Covered)
    end = time.monotonic() + 60.0 * given.minutes
    asked = cases(given.fits, given.few)

    def there() -> set[tuple[str, int, int, str]]:
        return {(row.plan, row.people, row.lists, row.method) for row in cover}

    def write() -> None:
        left = len(SETTINGS) - len(ranked) + len({case[:4] for case in asked} - there())
        TABLE.write_text(text_of(ranked, cover, left), encoding="utf-8")

    for family, setting in SETTINGS:
        if given.only in ("", family) and time.monotonic() < end:
            if (family, setting) not in {(row.family, row.setting) for row in ranked}:
                ranked.append(ranks_of(family, setting, given.ranks, given.jobs))
                print(ranked[-1], flush=True)
                keep(RANKS, ranked)
    for case in asked:
        if given.only in ("", case[3]) and time.monotonic() < end and case[:4] not in there():
            cover.append(covered(*case, given.jobs))
            print(cover[-1], flush=True)
            keep(COVERAGE, cover)
    write()


if __name__ == "__main__":
    main()
