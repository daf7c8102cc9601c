"""Known outcomes as studies: what is told of them, and that they agree with the law."""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import estimators as es
from estimators.models.claim_error import readable
from estimators.models.phases import phase_of
from estimators.models.reference import latest, reference_class

ROOT = Path(__file__).parents[2]
SET = es.read_outcomes(ROOT / "data" / "known_outcomes")
EVENT = next(event for event in SET.events if event.event.startswith("Lahaina"))


def load():
    spec = importlib.util.spec_from_file_location(
        "outcome_study", ROOT / "benchmarks" / "outcome_study.py"
    )
    made = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = made
    spec.loader.exec_module(made)
    return made


STUDY = load()


def test_a_study_of_an_event_knows_its_claims_and_not_its_outcome():
    claims = latest(readable(EVENT.claims))
    prior = reference_class().prior
    made = STUDY.study_of(EVENT, claims, prior)
    assert made.category == EVENT.category
    assert len(made.readings) == len(claims)
    days = [(claim.published.middle - EVENT.counted_from).days for claim in claims]
    assert [phase_of(made, c) == 0 for c in made.readings] == [day < 0 for day in days]
    assert STUDY.study_of(replace(EVENT, final=1.0), claims, prior) == made
    ends = np.log([made.quantities[0].rule.low, made.quantities[0].rule.high])
    assert ends == pytest.approx(stats.norm(*prior).ppf([0.05, 0.95]), rel=1e-6)


def test_counts_so_far_are_floors():
    grown = next(c for e in SET.events for c in readable(e.claims) if c.kind == "growing_count")
    assert STUDY.said(grown) == es.AtLeast(grown.wording.value)
    total = next(c for c in EVENT.claims if c.kind == "claim")
    assert STUDY.said(total) == total.wording


def test_draws_become_a_posterior_on_a_grid():
    draws = np.random.default_rng(3).normal(5.0, 0.5, 4000)
    made = STUDY.smoothed(draws)
    assert made.chance.sum() == pytest.approx(1.0)
    assert made.quantile([0.25, 0.5, 0.75]) == pytest.approx(
        stats.norm(5.0, 0.5).ppf([0.25, 0.5, 0.75]), abs=0.05
    )
    assert made.log_density(5.0) == pytest.approx(stats.norm(5.0, 0.5).logpdf(5.0), abs=0.1)
    assert made.log_density(9.0) > -12.0  # its tails are as heavy as the law's


def test_a_study_on_the_class_says_about_what_the_law_says():
    law = reference_class()
    event = replace(EVENT, selection="unknown")  # which a study cannot know
    ends = [
        made.quantile([0.05, 0.5, 0.95])
        for made in (
            STUDY.settled_as_study(law, event, event.claims),
            law.settled(event, event.claims),
        )
    ]
    assert ends[0][1] == pytest.approx(ends[1][1], abs=0.15)
    widths = [of[2] - of[0] for of in ends]
    assert 0.7 < widths[0] / widths[1] < 3.0  # wordings and rounding add to late, precise claims
