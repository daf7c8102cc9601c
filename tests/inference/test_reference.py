"""Reference classes: the one that is shipped, and what they make of claims."""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import estimators as es
from estimators.evidence.outcome import Outcomes
from estimators.inference.reference import (
    Learner,
    latest,
    read_reference,
    reference_class,
)
from estimators.models.claim_error import PRIORS, readable
from estimators.models.settled import STEP, Settled

ROOT = Path(__file__).parents[2]
SET = es.read_outcomes(ROOT / "data" / "known_outcomes")


def benchmark():
    spec = importlib.util.spec_from_file_location(
        "known_outcomes", ROOT / "benchmarks" / "known_outcomes.py"
    )
    made = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = made
    spec.loader.exec_module(made)
    return made


SCORES = benchmark()


def test_the_shipped_class_is_of_the_shipped_events():
    shipped = reference_class()
    told = tuple(event for event in SET.events if readable(event.claims))
    assert shipped.hash == Outcomes(told).hash
    assert shipped.events == len(told)
    assert set(shipped.parameters) == set(PRIORS)
    scale = np.exp(shipped.parameters["shared error"][:, None])
    before, after = (
        scale[:, 0] * np.exp(shipped.parameters["shared error by phase"][:, p]) for p in (0, 3)
    )
    assert np.all(before > after)  # early claims err together more


def test_a_class_is_read_back_as_it_was_written(tmp_path):
    shipped = reference_class()
    (tmp_path / "mine.json").write_text(shipped.as_text(), encoding="utf-8")
    again = read_reference(tmp_path / "mine.json")
    assert again.as_text() == shipped.as_text()
    event = SET.events[0]
    both = [of.settled(event, event.claims).quantile([0.05, 0.5, 0.95]) for of in (shipped, again)]
    assert both[0] == pytest.approx(both[1])


def test_an_unknown_class_is_refused():
    with pytest.raises(ValueError, match=r"no reference class 'attack'\. Use one of: all"):
        reference_class("attack")


def test_too_few_events_are_refused_before_anything_is_compiled():
    few = Learner(Outcomes(SET.events[:7]))
    with pytest.raises(ValueError, match="too few to learn from; take the class 'all'"):
        few.learn()


def test_later_words_of_a_source_supersede_earlier_ones():
    event = next(event for event in SET.events if event.event.startswith("Lahaina"))
    kept = latest(readable(event.claims))
    assert len({claim.source for claim in kept}) == len(kept) < len(readable(event.claims))
    for claim in kept:
        mine = [c for c in readable(event.claims) if c.source == claim.source]
        assert claim.published.middle == max(c.published.middle for c in mine)


def test_the_outcome_itself_is_never_read():
    shipped, event = reference_class(), SET.events[12]
    hidden = replace(event, final=1.0, final_low=None, final_high=None)
    ends = [shipped.settled(of, event.claims).quantile([0.05, 0.95]) for of in (event, hidden)]
    assert ends[0].tolist() == ends[1].tolist()


def test_clusters_stay_in_one_fold_and_all_folds_are_used():
    folds = SCORES.folds_of(SET)
    assert set(folds) == {event.cluster for event in SET.events}
    assert set(folds.values()) == set(range(10))


def test_scores_of_a_normal_are_those_of_the_formulas():
    grid = np.arange(-10.0, 20.0, STEP)
    law = stats.norm(5.0, 0.8)
    made = Settled(grid, law.pdf(grid) * STEP)
    found = SCORES.scored(made, 6.9, (6.5, 7.0))
    assert found["log_score"] == pytest.approx(law.logpdf(6.9), abs=1e-3)
    low, high = law.ppf([0.05, 0.95])
    assert found["interval_score_90"] == pytest.approx(high - low + 20 * (6.9 - high), abs=0.02)
    z = (6.9 - 5.0) / 0.8
    unit = stats.norm()
    crps = 0.8 * (z * (2 * unit.cdf(z) - 1) + 2 * unit.pdf(z) - np.pi**-0.5)
    assert found["crps"] == pytest.approx(crps, rel=0.01)
    assert found["pit"] == pytest.approx(law.cdf(6.9), abs=1e-3)
    assert (found["covers_95"], found["covers_90"]) == (0.0, 0.0)
    assert (found["meets_90"], found["meets_95"]) == (0.0, 1.0)


def test_no_claim_enters_an_estimate_before_its_day():
    few = Outcomes(SET.events[:10])
    for case in SCORES.cases(few):
        if case.day is not None:
            assert max(claim.published.middle for claim in case.claims) == case.day
