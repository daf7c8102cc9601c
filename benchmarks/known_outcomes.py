"""Score estimates on events whose count was settled later, beside baselines.

`python benchmarks/known_outcomes.py` scores the shipped set, each event by a law learned without
its fold of clusters; `--events FILE.csv` scores other events by the shipped reference class as it
is. One estimate of each event from all its claims, and one for each date on which a claim was
made, from the claims up to then. Prints tables and, last, one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from joblib import Parallel, cpu_count, delayed
from outcome_figure import write_figure
from outcome_rules import Known, fit_shifts
from outcome_scores import AGES, LAW, score
from outcome_tables import headline, lines_of, summary

from estimators.evidence.outcome import Outcomes
from estimators.evidence.outcomes import read_outcomes
from estimators.inference.learning import Learner
from estimators.models.reference import ReferenceClass, reference_class

ROOT = Path(__file__).parent.parent
SET = ROOT / "data" / "known_outcomes"
FIGURE = ROOT / "benchmarks" / "known_outcomes_pit.svg"
FOLDS, SEED = 10, 2023
DRAWS = 400  # of the one chain of a fold


def folds_of(outcomes: Outcomes, n: int = FOLDS, seed: int = SEED) -> dict[str, int]:
    """Return the fold of each cluster of events."""
    clusters = sorted({event.cluster for event in outcomes.events})
    order = np.random.default_rng(seed).permutation(len(clusters))
    return {clusters[place]: number % n for number, place in enumerate(order)}


def learned(
    learner: Learner, numbers: Iterable[int], draws: int = DRAWS
) -> Iterator[tuple[Outcomes, ReferenceClass]]:
    """Yield the events of each of some folds, and the law learned from all others."""
    events, folds = learner.outcomes.events, folds_of(learner.outcomes)
    for number in numbers:
        left_out = tuple(event for event in events if folds[event.cluster] == number)
        made = learner.learn(f"without fold {number}", left_out, draws, chains=1)
        yield Outcomes(left_out), made


def fold_rows(outcomes: Outcomes, numbers: Iterable[int]) -> list[dict[str, Any]]:
    """Return the scores of some folds, all by one compiled law."""
    rows = []
    for left_out, law in learned(Learner(outcomes), numbers):
        absent = set(left_out.events)
        others = [event for event in outcomes.events if event not in absent]
        rows += score(left_out, law, Known(law.prior, fit_shifts(others)))
    return rows


def in_turn(n: int, jobs: int) -> list[range]:
    """Return the parts of what is to be done, one a process."""
    return [range(first, n, jobs) for first in range(min(jobs, n))]


def cross_validated(outcomes: Outcomes, jobs: int) -> pd.DataFrame:
    """Return the scores of each event, by the law and baselines learned without its fold."""
    parts = in_turn(FOLDS, jobs)
    made = Parallel(jobs)(delayed(fold_rows)(outcomes, numbers) for numbers in parts)
    return pd.DataFrame([row for rows in made for row in rows])


def as_shipped(outcomes: Outcomes, jobs: int) -> pd.DataFrame:
    """Return the scores of each event by the shipped class, and by baselines of its events."""
    law = reference_class()
    known = Known(law.prior, fit_shifts(read_outcomes(SET).events))
    parts = [
        Outcomes(tuple(outcomes.events[place] for place in places))
        for places in in_turn(len(outcomes.events), jobs)
    ]
    made = Parallel(jobs)(delayed(score)(part, law, known) for part in parts)
    return pd.DataFrame([row for rows in made for row in rows])


def commit() -> str:
    """Return the commit that the working copy stands on."""
    words = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True).stdout.strip()


def head(seconds: float, jobs: int, unread: Iterable[str]) -> str:
    """Return when, on what and how the tables were made."""
    notes = [f"- not read: {line}" for line in unread] or ["- wordings that are not known: none"]
    return "\n".join(
        [
            "# Scores on known outcomes",
            "",
            "Made by `make outcomes`. The form of the law (its phases, its degrees of freedom and",
            "the factor that each event has of its own) was chosen with all events in view; only",
            "its parameters are cross-validated, and so are the shifts and sds of the shift model.",
            "Tables 1-3 are the claim model by its defaults: nothing but the prior on the count is",
            "learned. A study on the class is the model of a report, sampled, whose errors stand",
            "on the law of the same fold; it is not told how an event came in. PIT and coverage by",
            "age are drawn in `known_outcomes_pit.svg`.",
            "",
            f"- date: {datetime.now(UTC):%Y-%m-%d}, commit {commit()}, with what was not committed",
            f"- it took {seconds:.0f} s with {jobs} processes",
            *notes,
            "",
            "",
        ]
    )


def main() -> None:
    """Score the shipped set by cross-validation, or other events by the shipped class."""
    parser = argparse.ArgumentParser(description="Score estimates on known outcomes.")
    parser.add_argument("--events", type=Path, default=None, help="a file of other events")
    parser.add_argument("--write", type=Path, default=None, help="where to write the tables")
    parser.add_argument("--jobs", type=int, default=cpu_count(), help="processes")
    given = parser.parse_args()
    start = time.perf_counter()
    outcomes = read_outcomes(given.events or SET)
    print(*outcomes.unread, sep="\n", end="\n" if outcomes.unread else "")
    if given.events:
        rows = as_shipped(outcomes, given.jobs)
        what = f"{given.events.name}, by the reference class 'all'"
    else:
        rows = cross_validated(outcomes, given.jobs)
        what = f"The shipped set, cross-validated in {FOLDS} folds of clusters"
    if headline(rows).empty:
        raise SystemExit("no event has a claim of the total; there is nothing to score by")
    text = "\n".join(lines_of(rows, what))
    print(text)
    if given.write:
        told = head(time.perf_counter() - start, given.jobs, outcomes.unread)
        given.write.write_text(told + text, encoding="utf-8")
    if given.write and not given.events:
        mine = rows[rows["model"] == LAW]
        write_figure(FIGURE, headline(mine), mine[~mine["final"]], list(AGES))
    print(json.dumps(summary(rows)))


if __name__ == "__main__":
    main()
