"""Learn every reference class from the shipped known outcomes and write it as data.

One compilation; a part is the same law with the other events left out. Run from the root of the
repository: `python benchmarks/reference_classes.py`.
"""

from __future__ import annotations

import time
from pathlib import Path

from estimators.evidence.outcomes import read_outcomes
from estimators.inference.learning import Learner
from estimators.models.reference import PARTS

ROOT = Path(__file__).parent.parent
TO = ROOT / "estimators" / "models" / "reference_classes"


def main() -> None:
    """Learn and write each class."""
    outcomes = read_outcomes(ROOT / "data" / "known_outcomes")
    learner = Learner(outcomes)
    TO.mkdir(exist_ok=True)
    for name, (categories, selections) in PARTS.items():
        start = time.perf_counter()
        kept = set(outcomes.of(categories, selections).events)
        made = learner.learn(name, [event for event in outcomes.events if event not in kept])
        (TO / f"{name.replace(' ', '_')}.json").write_text(made.as_text(), encoding="utf-8")
        took = time.perf_counter() - start
        print(f"{name}: {made.events} events, {made.claims} claims, {took:.0f} s", flush=True)


if __name__ == "__main__":
    main()
