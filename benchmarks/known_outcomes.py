"""Score estimates on events whose count was settled later, beside the rules of a newsroom.

`python benchmarks/known_outcomes.py` scores the shipped set, each event by a law learned without
its fold of clusters; `--events FILE.csv` scores other events by the shipped reference class as it
is. One estimate of each event from all its claims, and one for each date on which a claim was
made, from the claims up to then. Prints tables and, last, one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from estimators.evidence.outcome import EarlyClaim, Outcome, Outcomes
from estimators.evidence.outcomes import read_outcomes
from estimators.inference.reference import Learner, ReferenceClass, reference_class
from estimators.models.claim_error import features_of, readable
from estimators.models.settled import STEP, Settled, grid_of

type Array = npt.NDArray[np.float64]
type Rule = Callable[[Outcome, list[EarlyClaim]], Settled | None]

ROOT = Path(__file__).parent.parent
SET = ROOT / "data" / "known_outcomes"
LEVELS = (50, 80, 90, 95)
FOLDS, SEED = 10, 2023
LAW = "law of claim error"
AGES = (-1, 2, 14, 120)  # last day of each age at the time of the estimate


# --- rules -------------------------------------------------------------------------------------


def student(middle: float, scale: float, grid: Array) -> Settled:
    """Return a Student-t(3) as a posterior on a grid."""
    density = stats.t(3).pdf((grid - middle) / scale)
    return Settled(grid, density / density.sum())


def totals(claims: list[EarlyClaim]) -> list[EarlyClaim]:
    """Return the claims of the total, in their order of time; all where there is none of it."""
    ordered = sorted(claims, key=lambda claim: claim.published.middle)
    return [claim for claim in ordered if claim.kind == "claim"] or ordered


def newsroom(outcome: Outcome, claims: list[EarlyClaim], rule: str, scale: float) -> Settled | None:
    """Return what a rule makes of claims: the latest, the median or the range of the totals."""
    spoken = totals(readable(claims))
    if not spoken:
        return None
    features = features_of(outcome, spoken)
    said, grid = features.log_said, grid_of(features)
    if rule == "latest":
        return student(float(said[-1]), scale, grid)
    if rule == "median":
        return student(float(np.median(said)), scale, grid)
    half = (said.max() - said.min()) / 2.0
    return student(float(said.min() + half), max(scale, half / float(stats.t(3).ppf(0.95))), grid)


RULES: dict[str, tuple[str, float]] = {
    "latest claim, .2": ("latest", 0.2),
    "latest claim, .35": ("latest", 0.35),
    "median of claims, .35": ("median", 0.35),
    "range of claims": ("range", 0.2),
}


# --- scores ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """One estimate to be made: an event, the claims at hand, and the day of it."""

    outcome: Outcome
    claims: tuple[EarlyClaim, ...]
    day: date | None


def cases(outcomes: Outcomes) -> Iterator[Case]:
    """Yield each event with all its claims, and then as of each date on which one was made."""
    for outcome in outcomes.events:
        spoken = readable(outcome.claims)
        if not spoken:
            continue
        yield Case(outcome, tuple(spoken), None)
        for day in sorted({claim.published.middle for claim in spoken}):
            known = tuple(claim for claim in spoken if claim.published.middle <= day)
            yield Case(outcome, known, day)


def scored(made: Settled, truth: float, ends: tuple[float, float]) -> dict[str, float]:
    """Return the scores of a posterior at the log of what the count was settled at.

    Log score, 90 % interval score and CRPS on the log scale [1]_; `covers` by level for the one
    settled count, `meets` for an interval that meets its range.

    References
    ----------
    .. [1] Gneiting & Raftery (2007). doi:10.1198/016214506000001437
    """
    low, high = made.quantile([0.05, 0.95])
    missed = max(low - truth, 0.0) + max(truth - high, 0.0)
    at_most = np.cumsum(made.chance) - made.chance / 2.0
    crps = STEP * np.sum((at_most - (made.log_count >= truth)) ** 2)
    found = {
        "log_score": made.log_density(truth),
        "interval_score_90": float(high - low + 20.0 * missed),
        "crps": float(crps),
        "pit": made.below(truth),
    }
    for level in LEVELS:
        tail = (1.0 - level / 100.0) / 2.0
        a, b = made.quantile([tail, 1.0 - tail])
        found[f"covers_{level}"] = float(a <= truth <= b)
        found[f"meets_{level}"] = float(a <= ends[1] and ends[0] <= b)
    return found


def score(outcomes: Outcomes, law_of: Callable[[Outcome], ReferenceClass]) -> pd.DataFrame:
    """Return one row an estimate and model: its scores, and what the event was."""
    rows = []
    for case in cases(outcomes):
        event = case.outcome
        ends = event.final_low or event.final, event.final_high or event.final
        made = {LAW: law_of(event).settled(event, case.claims)}
        made |= {name: newsroom(event, list(case.claims), *rule) for name, rule in RULES.items()}
        known = {
            "event": event.event,
            "quantity": event.quantity,
            "cluster": event.cluster,
            "category": event.category,
            "selection": event.selection,
            "quality": event.quality,
            "final": case.day is None,
            "has_total": any(claim.kind == "claim" for claim in case.claims),
            "age": "" if case.day is None else age_of((case.day - event.counted_from).days),
        }
        rows += [
            {**known, "model": name, **scored(of, float(np.log(event.final)), logs(ends))}
            for name, of in made.items()
            if of is not None
        ]
    return pd.DataFrame(rows)


def logs(ends: tuple[float, float]) -> tuple[float, float]:
    """Return the logs of two ends."""
    return float(np.log(ends[0])), float(np.log(ends[1]))


def age_of(days: int) -> str:
    """Return the name of an age."""
    names = ("before access", "0-2 days", "3-14 days", "15-120 days", "> 120 days")
    return names[sum(days > last for last in AGES)]


# --- folds -------------------------------------------------------------------------------------


def folds_of(outcomes: Outcomes, n: int = FOLDS, seed: int = SEED) -> dict[str, int]:
    """Return the fold of each cluster of events."""
    clusters = sorted({event.cluster for event in outcomes.events})
    order = np.random.default_rng(seed).permutation(len(clusters))
    return {clusters[place]: number % n for number, place in enumerate(order)}


def cross_validated(
    outcomes: Outcomes, without: tuple[str, ...] = ()
) -> Callable[[Outcome], ReferenceClass]:
    """Return the law for an event, learned without the fold of its cluster."""
    folds, learner = folds_of(outcomes), Learner(outcomes, without)
    made: dict[int, ReferenceClass] = {}
    for fold in range(FOLDS):
        left_out = [event for event in outcomes.events if folds[event.cluster] == fold]
        made[fold] = learner.learn(f"without fold {fold}", left_out)
    return lambda event: made[folds[event.cluster]]


# --- tables ------------------------------------------------------------------------------------

MEANS = ["log_score", "interval_score_90", "crps", *(f"covers_{level}" for level in LEVELS)]


def headline(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the estimates from all claims of events with a claim of the total."""
    return rows[rows["final"] & rows["has_total"]]


def gain_of(rows: pd.DataFrame, other: str, draws: int = 4000) -> tuple[float, float, float]:
    """Return the mean gain in log score over another model, and its 90 % bootstrap interval.

    Clusters of events are drawn with replacement.
    """
    wide = rows.pivot(index=["cluster", "event", "quantity"], columns="model", values="log_score")
    gain = (wide[LAW] - wide[other]).groupby("cluster").agg(["sum", "size"])
    rng = np.random.default_rng(SEED)
    drawn = rng.integers(0, len(gain), size=(draws, len(gain)))
    total, size = gain["sum"].to_numpy()[drawn], gain["size"].to_numpy()[drawn]
    low, high = np.quantile(total.sum(axis=1) / size.sum(axis=1), [0.05, 0.95])
    return float(gain["sum"].sum() / gain["size"].sum()), float(low), float(high)


def region(level: int, n: int) -> tuple[float, float]:
    """Return the 95 % binomial region of a coverage."""
    low, high = stats.binom.ppf([0.025, 0.975], n, level / 100.0) / n
    return float(low), float(high)


def lines_of(rows: pd.DataFrame, what: str) -> Iterator[str]:
    """Yield the tables in Markdown."""
    main = headline(rows)
    n = int((main["model"] == LAW).sum())
    yield f"## {what}: {n} quantities with a claim of the total, from all their claims"
    yield ""
    yield from table(main.groupby("model")[[*MEANS, *(f"meets_{k}" for k in (90,))]].mean())
    regions = ", ".join(f"{k} %: {region(k, n)[0]:.3f}-{region(k, n)[1]:.3f}" for k in LEVELS)
    yield f"Binomial regions of the coverages (95 %): {regions}."
    yield ""
    for name in RULES:
        mean, low, high = gain_of(main, name)
        yield f"- gain in log score over {name}: {mean:.2f} ({low:.2f} to {high:.2f})"
    pit = np.histogram(main[main["model"] == LAW]["pit"], bins=10, range=(0.0, 1.0))[0]
    yield f"- PIT histogram, ten bins: {' '.join(map(str, pit))}"
    yield ""
    mine = main[main["model"] == LAW]
    for column in ("category", "selection", "quality"):
        yield f"### By {column}"
        yield ""
        yield from table(
            mine.groupby(column)[MEANS].mean().join(mine.groupby(column).size().rename("n"))
        )
    dated = rows[~rows["final"] & (rows["model"] == LAW)]
    yield f"### As of each date on which a claim was made: {len(dated)} estimates, by age"
    yield ""
    yield from table(
        dated.groupby("age")[MEANS].mean().join(dated.groupby("age").size().rename("n"))
    )
    rest = rows[rows["final"] & ~rows["has_total"]]
    yield f"### Without any claim of the total: {int((rest['model'] == LAW).sum())} quantities"
    yield ""
    yield from table(rest.groupby("model")[MEANS].mean())


def table(frame: pd.DataFrame) -> Iterator[str]:
    """Yield a table in Markdown."""
    yield "| | " + " | ".join(frame.columns) + " |"
    yield "|---|" + "--:|" * len(frame.columns)
    for name, row in frame.iterrows():
        cells = (
            f"{value:.0f}" if column == "n" else f"{value:.3f}" for column, value in row.items()
        )
        yield f"| {name} | " + " | ".join(cells) + " |"
    yield ""


def summary(rows: pd.DataFrame) -> dict[str, object]:
    """Return the headline scores, as the last line says them."""
    main = headline(rows)
    means = main.groupby("model")[MEANS].mean()

    def of(name: str) -> dict[str, float]:
        row = means.loc[name].round(4)
        return {
            "log_score": row["log_score"],
            "interval_score_90": row["interval_score_90"],
            "crps": row["crps"],
            **{f"coverage_{level}": row[f"covers_{level}"] for level in LEVELS},
        }

    n = int((main["model"] == LAW).sum())
    return {"quantities": n, **of(LAW), "baselines": {name: of(name) for name in RULES}}


def head() -> str:
    """Return when and on what the tables were made."""
    words = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(words, cwd=ROOT, capture_output=True, text=True).stdout.strip()
    return (
        "# Scores on known outcomes\n\nMade by `make outcomes`. The form of the law (its phases "
        "and degrees of freedom) was chosen with all\nevents in view; only its parameters are "
        "cross-validated.\n\n"
        f"- date: {datetime.now(UTC):%Y-%m-%d}, commit {commit}\n\n"
    )


def main() -> None:
    """Score the shipped set by cross-validation, or other events by the shipped class."""
    parser = argparse.ArgumentParser(description="Score estimates on known outcomes.")
    parser.add_argument("--events", type=Path, default=None, help="a file of other events")
    parser.add_argument("--write", type=Path, default=None, help="where to write the tables")
    given = parser.parse_args()
    outcomes = read_outcomes(given.events or SET)
    for line in outcomes.unread:
        print(line)
    if given.events:
        shipped = reference_class()
        rows = score(outcomes, lambda _: shipped)
        what = f"{given.events.name}, by the reference class '{shipped.name}'"
    else:
        rows = score(outcomes, cross_validated(outcomes))
        what = f"The shipped set, cross-validated in {FOLDS} folds of clusters"
    text = "\n".join(lines_of(rows, what))
    print(text)
    if given.write:
        given.write.write_text(f"{head()}{text}\n", encoding="utf-8")
    print(json.dumps(summary(rows)))


if __name__ == "__main__":
    main()
