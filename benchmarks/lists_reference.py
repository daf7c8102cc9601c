"""Set our results beside those of other programs, and write benchmarks/LISTS_REFERENCE.md.

Reads reference_results.csv and the tables from the folder lists/ of UNDERCOUNT_DATA. Every row
there gets ours, a tolerance, a verdict and, where the two differ, why; rows of methods that have
no counterpart here are counted. Fits of latent classes are kept in benchmarks/lists_reference.csv
as soon as they are there, so that a run goes on where the last one stopped, unless `--fresh`; none
is begun after `--minutes`. `python benchmarks/lists_reference.py` from the root of the repository.
"""

from __future__ import annotations

import argparse
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import numpy as np
from lists_theirs import (
    AT,
    NAN,
    ROOT,
    Latent,
    Numbers,
    commit,
    number,
    rows_of,
    table_of,
    theirs_of,
)

from estimators.inference.lists.graph_averaging import average_graphs, poisson_gamma
from estimators.inference.lists.model_search import ModelSearch, search
from estimators.models.lists.classic import classic_model

TABLE = ROOT / "benchmarks" / "LISTS_REFERENCE.md"
FEW = 100.0  # effective draws below which another program's chain says little
DRAWS = {"PH_manila_police": 5, "PH_caloocan_unidentified": 5} | {
    f"verdata_R{k}_year_1999_HOMBRE": 15 for k in (1, 2)
}
NO_COUNTERPART = {
    "estimate_population_bayesthresh": "pairs kept where their posterior passes a threshold",
    "estimatepopulation stepwise": "a bootstrap over the choice of the model",
    "nboot=200": "a bootstrap over the choice of the model",
    "sample coverage": "estimates by sample coverage",
    "bict": "averages over models of pairs with a prior of units of information",
    "proto": "prototypes of our own samplers",
}


@dataclass(frozen=True)
class Line:
    """A row of the tables."""

    section: str
    data: str
    what: str
    theirs: Numbers
    ours: Numbers
    tolerance: str
    verdict: str
    why: str = ""


def within(ours: Numbers, theirs: Numbers, middle: float, ends: float) -> bool:
    """Return whether the estimate is within a part of the other's, and both ends."""
    pairs = ((ours.estimate, theirs.estimate, middle), (ours.low, theirs.low, ends),
             (ours.high, theirs.high, ends))  # fmt: skip
    return all(np.isnan(b) or abs(a - b) <= part * abs(b) for a, b, part in pairs)


def near(ours: Numbers, theirs: Numbers, persons: float) -> bool:
    pairs = ((ours.estimate, theirs.estimate), (ours.low, theirs.low), (ours.high, theirs.high))
    return all(np.isnan(b) or abs(a - b) <= persons for a, b in pairs)


@cache
def graphs(name: str, settings: str) -> Numbers:
    """Return the average over graphs with the settings of the other program."""
    table = table_of(name)
    up_to = 300 if settings.startswith("vignette") else 5 * table.n
    if settings.startswith("MSETools"):
        made = average_graphs(table, ceiling=31.0 * table.n)
    elif "NegBin" in settings:
        count = table.n + 1.0 + np.arange(up_to)
        made = average_graphs(table, delta=1.0, count=count, log_prior=poisson_gamma(13.14, 55.17))
    elif settings.startswith("vignette"):
        made = average_graphs(table, delta=0.5, count=table.n + 1.0 + np.arange(up_to))
    else:
        made = average_graphs(table, count=table.n + np.arange(up_to + 1.0))
    low, middle, high = made.likelihood.quantile(AT, made.log_prior)
    return Numbers(float(middle), float(low), float(high))


def of_graphs(row: dict[str, str]) -> Line:
    name, settings, theirs = row["dataset"], row["settings"], theirs_of(row)
    ours = graphs(name, settings)
    coarse = settings.startswith("MSETools")
    n = table_of(name).n
    good = near(ours, theirs, 0.032 * n) if coarse else near(ours, theirs, 1.0)
    limit = f"{0.032 * n:,.0f} persons" if coarse else "1 person"
    step = f"its grid has steps of {30 * n / 999:,.0f} persons; ours has all or 2,000 and more"
    why = step if coarse and not near(ours, theirs, 1.0) else ""
    return Line("dga: graphs averaged", name, settings, theirs, ours, limit, said(good, why), why)


@cache
def searched(name: str, most: int) -> ModelSearch:
    return search(table_of(name), most)


def best_of(name: str, most: int = 0) -> Numbers:
    try:
        best = searched(name, most).best
    except ValueError as error:
        return Numbers(NAN, note=str(error))
    low, high = best.interval(0.95, "wald")
    return Numbers(best.count, low, high, f"model {best.model.name}")


def of_search(row: dict[str, str]) -> Line | None:
    """Return a log-linear row: lowest BIC among all, or steps among pairs."""
    settings, name = row["settings"], row["dataset"]
    theirs = theirs_of(row)
    steps = "stepwise" in settings
    ours = best_of(name, 2 if steps else 0)
    good = abs(ours.estimate - theirs.estimate) <= 0.01
    why = ours.note if good else search_reason(name, steps, theirs, ours)
    section = f"{row['package']}: log-linear models"
    what = settings.replace("|", "/")
    return Line(section, name, what, theirs, ours, "0.01", said(good, why), why)


def search_reason(name: str, steps: bool, theirs: Numbers, ours: Numbers) -> str:
    if steps:
        same = [f for f in searched(name, 2).fits if abs(f.count - theirs.estimate) <= 0.01]
        if not same:
            return ""
        best = searched(name, 2).best
        return (
            f"it adds pairs while p < .02, and stops at {same[0].model.name}, which gives its "
            f"number here too; its BIC is {same[0].bic - best.bic:.1f} above that of {ours.note}"
        )
    fits = [fit for fit in searched(name, 0).fits if not fit.finite]
    if theirs.estimate > 1e9 and fits:
        return (
            f"its model has no finite estimate, which is checked here: {len(fits)} of "
            f"{len(searched(name, 0).fits)} models are left out; {ours.note}"
        )
    return ""


def of_classic(row: dict[str, str]) -> Line:
    name, theirs = row["dataset"], theirs_of(row)
    model = row["settings"].removeprefix("closedp.t ").replace(" (LB)", "")
    made = classic_model(table_of(name), model)
    half = 1.959964 * made.error
    ours = Numbers(made.count, made.raw - half, made.raw + half, made.note)
    middle = abs(made.raw - theirs.estimate) <= 0.011
    width = abs(2.0 * half - (theirs.high - theirs.low)) <= 1e-3 * 2.0 * half + 0.02
    why = ""
    if made.note:
        why = f"no number here: {made.note}"
    elif middle and not width and model == "Mbh":
        why = "its standard error of Mbh is another; ours is that of tables drawn from the model"
    elif middle and not width:
        why = "errors differ"
    good = middle and width and not made.note
    return Line("Rcapture: classical models", name, model, theirs, ours,
                "0.011; width 0.1 %", said(good, why), why)  # fmt: skip


def of_classes(
    row: dict[str, str], latent: Latent, spread: dict[tuple[str, int], tuple[float, float, str]]
) -> Line:
    name, theirs = row["dataset"], theirs_of(row)
    classes = classes_of(row)[1]
    ours = latent.of(name, classes)
    what = f"{row['settings'].split(' burn')[0]}, run {row['run']}"
    limit, section = "median 3 %, ends 8 %", "LCMCR: latent classes"
    if ours is None:
        return Line(section, name, what, theirs, Numbers(NAN), limit, "not run", "no time")
    good = within(ours, theirs, 0.03, 0.08)
    why = "" if good else classes_reason(row, ours, spread)
    note = f"ours: {ours.note}" if ours.note else ""
    said_why = "; ".join(filter(None, [why, note]))
    return Line(section, name, what, theirs, ours, limit, said(good, why), said_why)


def classes_of(row: dict[str, str]) -> tuple[str, int]:
    """Return the data and the number of classes of a row."""
    found = re.search(r"K=(\d+)", row["settings"])
    return row["dataset"], int(found[1]) if found else 10


def classes_reason(
    row: dict[str, str], ours: Numbers, spread: dict[tuple[str, int], tuple[float, float, str]]
) -> str:
    """Return what is known of the other program's run that would make it differ."""
    effective, limit = number(row["ess_N"]), 21 * table_of(row["dataset"]).n
    few = f"it has {effective:,.0f} effective draws" if effective < FEW else ""
    cut = f"it cuts N at 21 n = {limit:,}, below our high end" if ours.high > limit else ""
    low, high, own = spread.get(classes_of(row), (NAN, NAN, ""))
    among = own if 0.97 * low <= ours.estimate <= 1.03 * high else ""
    return "; ".join(filter(None, [few, cut, among]))


def spreads(rows: list[dict[str, str]]) -> dict[tuple[str, int], tuple[float, float, str]]:
    """Return where seeds of the other program differ among themselves, and from where to where."""
    found: dict[tuple[str, int], list[tuple[float, ...]]] = {}
    for row in rows:
        found.setdefault(classes_of(row), []).append(
            tuple(number(row[end]) for end in ("estimate", "lo95", "hi95"))
        )
    said = {}
    for key, values in found.items():
        (middle, low, high) = zip(*values, strict=True)
        if (
            max(middle) > 1.03 * min(middle)
            or max(high) > 1.08 * min(high)
            or (max(low) > 1.08 * min(low))
        ):
            said[key] = (
                min(middle),
                max(middle),
                f"its own {len(values)} runs give medians {min(middle):,.0f} to "
                f"{max(middle):,.0f}, high ends {min(high):,.0f} to {max(high):,.0f}",
            )
    return said


def published(latent: Latent) -> Iterator[Line]:
    """Yield the published draws beside ours: mean and 95 %."""
    for name, classes in DRAWS.items():
        values = np.array([float(row["N"]) for row in rows_of(f"published_draws_{name}")])
        low, high = np.quantile(values, [0.025, 0.975])
        theirs = Numbers(float(values.mean()), float(low), float(high))
        found = re.match(r"verdata_(R\d)_year_(\d+)_(\w+)", name)
        data = f"verdata_reclut_{found[3]}_{found[2]}_{found[1]}" if found else name
        ours = latent.mean(data, classes)
        what, limit = (
            f"{len(values):,} published draws, mean; K={classes} here",
            "mean 3 %, ends 8 %",
        )
        if ours is None:
            yield Line(
                "Published draws", data, what, theirs, Numbers(NAN), limit, "not run", "no time"
            )
            continue
        good = within(ours, theirs, 0.03, 0.08)
        why = ours.note if good else f"{ours.note or 'not explained'}"
        yield Line("Published draws", data, what, theirs, ours, limit, said(good, ours.note), why)


def said(good: bool, why: str) -> str:
    if good:
        return "agrees"
    return "differs, explained" if why else "DIFFERS"


def reason(row: dict[str, str]) -> str:
    """Return why a row has no counterpart here; nothing where it has one."""
    text = f"{row['package']} {row['settings']}"
    return next((why for key, why in NO_COUNTERPART.items() if key in text), "")


def lines(latent: Latent) -> tuple[list[Line], Counter[tuple[str, str]]]:
    rows = rows_of("reference_results")
    left = Counter((row["package"], why) for row in rows if (why := reason(row)))
    rows = [row for row in rows if not reason(row)]
    of_lcmcr = [row for row in rows if row["package"] == "LCMCR"]
    spread = spreads(of_lcmcr)
    latent.ready({classes_of(row) for row in of_lcmcr})
    makers: dict[str, Callable[[dict[str, str]], Line | None]] = {
        "dga": of_graphs,
        "MultipleSystemsEstimation": of_search,
        "SparseMSE": of_search,
        "Rcapture": lambda row: (of_classic if "closedp.t" in row["settings"] else of_search)(row),
        "LCMCR": lambda row: of_classes(row, latent, spread),
    }
    made: dict[tuple[str, ...], Line] = {}
    for row in rows:
        line = makers[row["package"]](row)
        key = (line.section, line.data, line.what, str(line.theirs))
        made.setdefault(key, line)  # an exact program run twice stands once
    return [*made.values(), *published(latent)], left


def text_of(found: list[Line], left: Counter[tuple[str, str]]) -> str:
    """Return the tables as Markdown."""
    verdicts = Counter(line.verdict for line in found)
    summary = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
    text = [
        "# Capture-recapture beside other programs",
        "",
        "Made by `python benchmarks/lists_reference.py`; nothing here is typed by hand. Theirs and",
        "ours: estimate with its 95 % interval where there is one. Programs that give the same at",
        "every run stand once; a sampler's runs stand each for itself. Of log-linear models the",
        "estimate is judged; our interval beside it is Wald's, theirs differ in kind. Explanations",
        "are made by rules from what the programs report, not from a look at each case; of a",
        "sampler they say that its runs cannot settle the matter, not that ours is right.",
        "",
        f"- date: {datetime.now(UTC):%Y-%m-%d}, commit {commit()}, with what was not committed",
        f"- machine: {os.cpu_count()} cores",
        f"- rows: {len(found)}: {summary}",
        "",
    ]
    for section in dict.fromkeys(line.section for line in found):
        text += [f"## {section}", "", "| data | what | theirs | ours | tolerance | verdict "
                 "| difference explained |", "|---|---|---|---|---|---|---|"]  # fmt: skip
        text += [
            f"| {one.data} | {one.what} | {one.theirs} | {one.ours} | {one.tolerance} "
            f"| {one.verdict} | {one.why} |"
            for one in found
            if one.section == section
        ]
        text.append("")
    text += ["## No counterpart here", "", "| program | rows | what it does |", "|---|--:|---|"]
    text += [f"| {package} | {count} | {why} |" for (package, why), count in left.items()]
    return "\n".join([*text, ""])


def main() -> None:
    """Make what is not there yet, and write the tables."""
    parser = argparse.ArgumentParser(description="Set our results beside other programs'.")
    parser.add_argument("--minutes", type=float, default=15.0, help="begin no fit after them")
    parser.add_argument("--fresh", action="store_true", help="fit latent classes anew")
    given = parser.parse_args()
    found, left = lines(Latent(given.fresh, given.minutes))
    TABLE.write_text(text_of(found, left), encoding="utf-8")
    print(Counter(line.verdict for line in found))
    print(*(line for line in found if line.verdict == "DIFFERS"), sep="\n")


if __name__ == "__main__":
    main()
