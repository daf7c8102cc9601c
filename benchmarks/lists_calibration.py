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
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

import joblib
import numpy as np
from lists_planted import SCALED, SETTINGS, names, one_rank
from scipy import stats

from estimators.inference.calibration import BINS, holm
from estimators.inference.lists.attempts import BEST, CHAO
from estimators.inference.lists.design import LEVELS, design
from estimators.models.lists.simulate import Plan

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "benchmarks" / "LISTS_CALIBRATION.md"
RANKS = ROOT / "benchmarks" / "lists_calibration_ranks.csv"
COVERAGE = ROOT / "benchmarks" / "lists_calibration_coverage.csv"
SEED, LEVEL = 2024, 0.05
SHARES = dict(zip("ABCDE", (0.3, 0.25, 0.2, 0.15, 0.15), strict=True))
WRONG: dict[str, tuple[float, dict[tuple[str, str], float]]] = {
    "people differ, sd 1": (1.0, {}),
    "people differ, sd 2": (2.0, {}),
    "A and B, odds ratio e": (0.0, {("A", "B"): 1.0}),
    "A and B, odds ratio 1/e": (0.0, {("A", "B"): -1.0}),
}
QUICK, SLOW = ("independence", "decomposable graphs", CHAO), "no highest interaction"
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
    rows = sorted(rows, key=order_of)
    return [
        f"| {r.plan} | {r.people:,} | {r.lists} | {r.method} | {r.fits} | {percent(r.refused)} "
        f"| {signed(r.bias_percent)} | {'–' if np.isnan(r.width) else f'{r.width:.2f}'} "
        f"| {' / '.join(map(percent, (r.cover50, r.cover80, r.cover90, r.cover95)))} "
        f"| {percent(r.cover90_any)} | {r.seconds:.0f} |"
        for r in rows
    ]


def order_of(row: Covered) -> tuple[int, ...]:
    methods = (*QUICK[:2], SLOW, LATENT, BEST, CHAO)
    return (list(WRONG).index(row.plan), row.people, row.lists, methods.index(row.method))


def signed(number: float) -> str:
    return "–" if np.isnan(number) else f"{number:+.0f}"


def cases(fits: int, few: int, fewest: int) -> list[tuple[str, int, int, str, int]]:
    """Return plan, people, lists, method and simulations of every line, quick ones first."""
    every = [(plan, people, lists) for people in (1000, 10_000) for plan in WRONG
             for lists in (3, 4, 5)]  # fmt: skip
    small = sorted(every, key=lambda case: (case[2] == 5, case[1], case[2]))
    return [
        *((*case, method, fits) for case in every for method in QUICK),
        *((*case, BEST, fits) for case in every if case[2] < 5),
        *((*case, *one) for case in small for one in ((SLOW, few), (LATENT, fewest))),
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
        "on any list are drawn again, since numbers of people would have no end. The ranks of",
        "latent classes are those of plain chains (4 of 1,000 draws), without the check on modes.",
        "",
        "| family | tables | fits | failed | mean rank | p | p (Holm) | verdict "
        "| p with the planted error | planted error | seconds |",
        "|---|---|--:|--:|--:|--:|--:|---|--:|---|--:|",
        *rank_lines(ranked),
        "",
        "## Coverage where the model is wrong",
        "",
        f"Lists hold {shares};",
        "the first three, four or all of them are taken. People differ: a normal of this sd is",
        "added to all log odds of a person. Odds ratio: of A and B, given the person; here graphs",
        "and log-linear models hold true, independence and classes do not. Refused:",
        "share of simulations without a printable number (chains that do not agree, graphs under",
        "which the prior alone tells the number, no estimate); bias (of the median, geometric",
        "mean), width (high over low at 90 %, geometric mean) and coverage are over the others,",
        "'90 any' over all that have a number, printable or not. Chao's is a lower bound. With 50",
        "simulations a coverage of 90 % has a standard error of 4 points, with 100 one of 3, with",
        "20 one of 7.",
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
    parser.add_argument("--fewest", type=int, default=20, help="simulations of latent classes")
    parser.add_argument("--ranks", type=int, default=200, help="fits whose truth is ranked")
    parser.add_argument("--minutes", type=float, default=25.0, help="begin no line after them")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--fresh", action="store_true", help="begin anew")
    parser.add_argument("--only", default="", help="one family or method")
    given = parser.parse_args()
    ranked = [] if given.fresh else kept(RANKS, Ranked)
    cover = [] if given.fresh else kept(COVERAGE, Covered)
    end = time.monotonic() + 60.0 * given.minutes
    asked = cases(given.fits, given.few, given.fewest)

    def there() -> set[tuple[str, int, int, str]]:
        return {(row.plan, row.people, row.lists, row.method) for row in cover}

    def write() -> None:
        left = len(SETTINGS) - len(ranked) + len({case[:4] for case in asked} - there())
        TABLE.write_text(text_of(ranked, cover, left), encoding="utf-8")

    for family, setting in SETTINGS:
        done = {(row.family, row.setting) for row in ranked}
        wanted = given.only in ("", family) and (family, setting) not in done
        if wanted and time.monotonic() < end:
            ranked.append(ranks_of(family, setting, given.ranks, given.jobs))
            print(ranked[-1], flush=True)
            keep(RANKS, ranked)
            write()
    for case in asked:
        if given.only in ("", case[3]) and time.monotonic() < end and case[:4] not in there():
            cover.append(covered(*case, given.jobs))
            print(cover[-1], flush=True)
            keep(COVERAGE, cover)
            write()
    write()


if __name__ == "__main__":
    main()
