"""Weigh each term of the law of claim error by leaving it out, and write benchmarks/LAW_TERMS.md.

The law and every alternative are cross-validated on the same folds of the shipped known outcomes,
each fold by one chain. Scores of each quantity are kept in benchmarks/law_terms.csv as soon as an
alternative is done; a run goes on where the last one stopped, unless `--fresh`.
`python benchmarks/law_terms.py` from the root of the repository.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import numpy as np
import pandas as pd
from joblib import Parallel, cpu_count, delayed
from known_outcomes import FOLDS, SET, commit, in_turn, learned
from outcome_scores import ends_of, scored
from outcome_tables import region, resampled

from estimators.evidence.outcome import EarlyClaim, Outcome, Outcomes
from estimators.evidence.outcomes import read_outcomes
from estimators.inference.learning import Learner
from estimators.models import claim_error, reference
from estimators.models.claim_error import PHASES, TAILS, Features, features_of, readable

ROOT = Path(__file__).parent.parent
TABLE, KEPT = ROOT / "benchmarks" / "LAW_TERMS.md", ROOT / "benchmarks" / "law_terms.csv"
FULL = "the law"
DRAWS = 250  # of the one chain of a fold
LEVELS = (50, 90, 95)
SCORES = ["log_score", "interval_score_90", *(f"covers_{level}" for level in LEVELS)]
DIGITS = 4


class Alternative(NamedTuple):
    """What a law is without: terms of `claim_error.TERMS`, or what it knows of dates."""

    says: str
    without: tuple[str, ...] = ()
    has_phases: bool = True
    has_access: bool = True


FOUR = ("category", "selection", "wording", "shift")
ALTERNATIVES = {
    FULL: Alternative("with all of its terms"),
    "age and access": Alternative("all claims in one phase", ("age",), has_phases=False),
    "access": Alternative("phases by age alone, from the end of the event", has_access=False),
    "scales by phase": Alternative("phases, but each with the same scales", ("age",)),
    "class": Alternative("all classes of sources err alike", ("class",)),
    "category": Alternative("all categories of events alike", ("category",)),
    "selection": Alternative("events alike however they came in", ("selection",)),
    "wording": Alternative("all wordings alike", ("wording",)),
    "shared error": Alternative("no error shared by early claims", ("shared error",)),
    "shift of parties": Alternative("parties to a conflict err to no side", ("shift",)),
    "unevenness of events": Alternative("no factor of an event's own", ("unevenness",)),
    "heavy tails": Alternative("normal errors", (TAILS,)),
    "heavy tails and unevenness": Alternative("neither of the two", (TAILS, "unevenness")),
    "category, selection, wording and shift": Alternative("none of the four", FOUR),
}


# --- scores ------------------------------------------------------------------------------------


def events_for(outcomes: Outcomes, alternative: Alternative) -> Outcomes:
    """Return the events as an alternative knows them: without access, it opened at their end."""
    if alternative.has_access:
        return outcomes
    return Outcomes(tuple(replace(e, access_opened=e.event_end) for e in outcomes.events))


def in_one_phase(outcome: Outcome, claims: Iterable[EarlyClaim]) -> Features:
    """Return what a law without phases knows of claims."""
    found = features_of(outcome, claims)
    return found._replace(phase=np.full_like(found.phase, len(PHASES) - 1))


@contextmanager
def known_so(alternative: Alternative) -> Iterator[None]:
    """Let laws know of claims what an alternative does, for the time of a `with` block."""
    with ExitStack() as stack:
        if not alternative.has_phases:
            for module in (claim_error, reference):
                stack.enter_context(mock.patch.object(module, "features_of", in_one_phase))
        yield


def fold_rows(
    outcomes: Outcomes, alternative: Alternative, numbers: Iterable[int]
) -> list[dict[str, Any]]:
    """Return the scores of some folds: a row a quantity with a claim of the total."""
    events = events_for(outcomes, alternative)
    rows = []
    with known_so(alternative):
        for left_out, law in learned(Learner(events, alternative.without), numbers, DRAWS):
            for event in left_out.events:
                claims = readable(event.claims)
                made = law.settled(event, claims)
                if made is None or all(claim.kind != "claim" for claim in claims):
                    continue
                found = scored(made, float(np.log(event.final)), ends_of(event))
                about = {"event": event.event, "quantity": event.quantity}
                rows.append({**about, "cluster": event.cluster, **found})
    return rows


def run(name: str, outcomes: Outcomes, jobs: int) -> pd.DataFrame:
    """Return the scores of an alternative."""
    start = time.perf_counter()
    parts = in_turn(FOLDS, jobs)
    made = Parallel(jobs)(
        delayed(fold_rows)(outcomes, ALTERNATIVES[name], numbers) for numbers in parts
    )
    rows = pd.DataFrame([row for rows in made for row in rows]).round(DIGITS)
    rows = rows[["event", "quantity", "cluster", *SCORES]].sort_values(["event", "quantity"])
    rows.insert(0, "without", name)
    return rows.assign(seconds=round(time.perf_counter() - start), commit=commit())


# --- tables ------------------------------------------------------------------------------------


def gain_of(rows: pd.DataFrame, name: str) -> tuple[float, float, float]:
    """Return the mean gain in log score of the law over an alternative, with its 90 % interval."""
    place = ["cluster", "event", "quantity"]
    of = {key: rows[rows["without"] == key].set_index(place)["log_score"] for key in (FULL, name)}
    return resampled((of[FULL] - of[name]).dropna())


def verdict(low: float, high: float) -> str:
    """Return what an interval of gains says of a term."""
    if low > 0.0:
        return "earned its place"
    return "worse" if high < 0.0 else "no evidence"


def text_of(rows: pd.DataFrame) -> str:
    """Return the tables as Markdown."""
    names = [name for name in ALTERNATIVES if name in set(rows["without"])]
    gains = {name: gain_of(rows, name) for name in names if name != FULL}
    n = int((rows["without"] == FULL).sum())
    regions = (f"{k} %: {low:.3f}-{high:.3f}" for k in LEVELS for low, high in [region(k, n)])
    return "\n".join(
        [
            *head(n, list(dict.fromkeys(rows["commit"]))),
            "| law | that is | gain of the law (90 %) | log score | interval score 90 | "
            + " | ".join(f"covers {level}" for level in LEVELS)
            + " | s |",
            "|---|---|--:|--:|--:|" + "--:|" * len(LEVELS) + "--:|",
            *(line(rows[rows["without"] == name], name, gains.get(name)) for name in names),
            "",
            f"Binomial regions of the coverages (95 %): {', '.join(regions)}.",
            "",
            "## What each term is worth",
            "",
            *(
                f"- **{name}**: {verdict(*gain[1:])}, gain {told(gain)}"
                for name, gain in gains.items()
            ),
            "",
        ]
    )


def head(n: int, commits: list[str]) -> list[str]:
    """Return what the tables are of."""
    return [
        "# The terms of the law of claim error",
        "",
        "Made by `make law-terms`; nothing here is typed by hand. Each alternative is the law with",
        f"something left out, learned and scored on the same {FOLDS} folds of clusters: {n}",
        "quantities with a claim of the total, from all their claims. The gain is that of the law",
        "in log score, in the mean of a quantity, with a 90 % interval by a bootstrap of clusters.",
        f"One chain of {DRAWS} draws a fold for all, so that scores differ by about .01 from those",
        "in KNOWN_OUTCOMES.md. The form of the law was chosen with all events in view.",
        "",
        "Without age and access, the gap of a growing count still closes with its age. Without",
        "scales by phase, claims made before later phases still share those phases' innovations.",
        "",
        f"- date: {datetime.now(UTC):%Y-%m-%d}, commit {', '.join(commits)}, with what was not "
        "committed",
        "- seconds are wall time, with other work beside it",
        "",
    ]


def line(rows: pd.DataFrame, name: str, gain: tuple[float, float, float] | None) -> str:
    """Return a row of the table."""
    means = rows[SCORES].mean()
    scores = " | ".join(f"{means[score]:.3f}" for score in SCORES)
    said = "" if gain is None else told(gain)
    label = name if gain is None else f"without {name}"
    return (
        f"| {label} | {ALTERNATIVES[name].says} | {said} | {scores} | {rows['seconds'].iloc[0]} |"
    )


def told(gain: tuple[float, float, float]) -> str:
    """Return a gain with its interval in words."""
    return f"{gain[0]:+.3f} ({gain[1]:+.3f} to {gain[2]:+.3f})"


def main() -> None:
    """Run what is not there yet, and write the tables after each."""
    parser = argparse.ArgumentParser(description="Weigh each term of the law of claim error.")
    parser.add_argument("--jobs", type=int, default=cpu_count(), help="processes")
    parser.add_argument("--fresh", action="store_true", help="begin anew")
    given = parser.parse_args()
    outcomes = read_outcomes(SET)
    there = KEPT.exists() and not given.fresh
    rows = pd.read_csv(KEPT, dtype={"commit": str}) if there else pd.DataFrame({"without": []})
    for name in ALTERNATIVES:
        if name not in set(rows["without"]):
            made = run(name, outcomes, given.jobs)
            rows = pd.concat([rows, made]) if len(rows) else made
            rows.to_csv(KEPT, index=False, lineterminator="\n")
            print(line(made, name, None), flush=True)
        TABLE.write_text(text_of(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
