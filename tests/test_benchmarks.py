"""The scoring of known outcomes: scores, folds and baselines, against formulas and brute force."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, special, stats

import estimators as es
from estimators.evidence.outcome import EarlyClaim, Outcomes
from estimators.evidence.when import When
from estimators.evidence.wording import AtLeast, Between, Exactly, OrderOf, UpTo
from estimators.models import cells
from estimators.models.assumptions import ORIGIN_SCALE
from estimators.models.claim_error import readable
from estimators.models.laws import LADDER, LADDERS, law
from estimators.models.settled import STEP, Settled

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "benchmarks"))
known_outcomes, law_terms, rules, scores, tables, wordings = (
    __import__(name)
    for name in (
        *("known_outcomes", "law_terms", "outcome_rules"),
        *("outcome_scores", "outcome_tables", "outcome_wordings"),
    )
)

SET = es.read_outcomes(ROOT / "data" / "known_outcomes")
EVENT = SET.events[0]
PRIOR = (5.0, 1.5)


def claim(wording, source="a", source_class="media", kind="claim"):
    return EarlyClaim(wording, "", kind, source, source_class, When.parse("2024-01-02"))


# --- scores and folds ---------------------------------------------------------------------------


def test_clusters_stay_in_one_fold_and_all_folds_are_used():
    folds = known_outcomes.folds_of(SET)
    assert set(folds) == {event.cluster for event in SET.events}
    assert set(folds.values()) == set(range(10))


@pytest.mark.parametrize(("n", "jobs"), [(10, 2), (10, 3), (1, 4), (0, 2)])
def test_what_is_to_be_done_is_shared_out_once(n, jobs):
    parts = known_outcomes.in_turn(n, jobs)
    assert sorted(place for part in parts for place in part) == list(range(n))
    assert len(parts) == min(n, jobs)


def test_scores_of_a_normal_are_those_of_the_formulas():
    grid = np.arange(-10.0, 20.0, STEP)
    normal = stats.norm(5.0, 0.8)
    made = Settled(grid, normal.pdf(grid) * STEP)
    found = scores.scored(made, 6.9, (6.5, 7.0))
    assert found["log_score"] == pytest.approx(normal.logpdf(6.9), abs=1e-3)
    low, high = normal.ppf([0.05, 0.95])
    assert found["interval_score_90"] == pytest.approx(high - low + 20 * (6.9 - high), abs=0.02)
    z = (6.9 - 5.0) / 0.8
    unit = stats.norm()
    crps = 0.8 * (z * (2 * unit.cdf(z) - 1) + 2 * unit.pdf(z) - np.pi**-0.5)
    assert found["crps"] == pytest.approx(crps, rel=0.01)
    assert found["pit"] == pytest.approx(normal.cdf(6.9), abs=1e-3)
    assert (found["covers_95"], found["covers_90"]) == (0.0, 0.0)
    assert (found["meets_90"], found["meets_95"]) == (0.0, 1.0)


def test_no_claim_enters_an_estimate_before_its_day():
    few = Outcomes(SET.events[:10])
    for case in scores.cases(few):
        if case.day is not None:
            assert max(claim.published.middle for claim in case.claims) == case.day


def test_ages_run_to_their_last_days():
    found = [scores.age_of(days) for days in (-40, -1, 0, 2, 3, 14, 15, 120, 121)]
    before, early, weeks, months, later = scores.AGES
    assert found == [before, before, early, early, weeks, weeks, months, months, later]


def test_the_bootstrap_of_a_gain_draws_clusters():
    gain = pd.Series([1.0, 1.0, 1.0, -1.0], index=pd.Index(["x", "x", "x", "y"], name="cluster"))
    assert tables.resampled(gain) == pytest.approx((0.5, -1.0, 1.0))


def test_every_baseline_is_made_without_the_settled_count():
    known = rules.Known(PRIOR, rules.Shifts(-0.1, 0.2, 0.5, 0.6))
    hidden = replace(EVENT, final=1.0, final_low=None, final_high=None)
    found = [rules.baselines(of, readable(of.claims), known) for of in (EVENT, hidden)]
    assert tuple(found[0]) == rules.BASELINES
    for one, other in zip(found[0].values(), found[1].values(), strict=True):
        assert one.chance.sum() == pytest.approx(1.0)
        assert one.chance.tolist() == other.chance.tolist()


# --- Tables 1-3 ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[(name, 120.0) for name in ("exact", "nearly", "more than", "at least")],
        ("about", 600.0),
        *[("up to", 1000.0), ("fewer than", 650.0), ("could reach", 2350.0), ("verified", 487.0)],
    ],
)
def test_numbers_are_as_likely_as_the_laws_say(name, value):
    belief = np.log(value) + np.array([-0.3, -0.05, 0.0, 0.1, 0.5])
    method = "enumeration" if name == "verified" else "estimate"
    want = [np.exp(law(name).logp(value, count, method)) for count in np.exp(belief)]
    assert wordings.number_chance(name, value, belief) == pytest.approx(want, rel=1e-6, abs=1e-12)


def test_about_a_number_that_is_not_round_has_more_slack():
    belief = np.log(123.0) + np.array([-0.2, 0.0, 0.2])
    want = [np.exp(replace(law("about"), sigma=0.12).logp(123.0, n)) for n in np.exp(belief)]
    assert wordings.number_chance("about", 123.0, belief) == pytest.approx(want, rel=1e-6)


def test_words_are_as_likely_as_the_ladder_says():
    belief = np.log([4.0, 40.0, 300.0, 2000.0, 60_000.0])
    for place, word in enumerate(LADDER):
        want = [np.exp(cells.word_chance(place, at, LADDERS[0])[0]) for at in belief]
        assert wordings.chance_said(claim(OrderOf(word)), belief) == pytest.approx(want)


def test_a_growing_count_is_a_part_of_the_total():
    belief = np.linspace(4.0, 9.0, 501)
    grown = wordings.chance_said(claim(Exactly(150), kind="growing_count"), belief)

    z = np.linspace(-6.0, 6.0, 20_001)
    for place in (100, 150, 200, 250):
        parts = belief[place] + special.log_expit(0.4 + 1.2 * z)
        weighed = stats.norm.pdf(z) * wordings.number_chance("exact", 150.0, parts)
        assert grown[place] == pytest.approx(np.trapezoid(weighed, z), rel=1e-3)


@pytest.mark.parametrize("scale", [0.2, 0.6, 1.0])
def test_the_error_of_an_origin_is_a_normal_of_half_normal_spread(scale):
    at = STEP * np.arange(-400, 401, dtype=float)
    kernel = rules.origin_kernel(scale, at)
    assert kernel.sum() == pytest.approx(1.0, abs=2e-4)
    for place in (400, 402, 450, 500):

        def weighed(spread, x=at[place]):
            cell = np.diff(stats.norm.cdf([x - STEP / 2, x + STEP / 2], scale=spread))[0]
            return cell * stats.halfnorm.pdf(spread, scale=scale)

        ends = 0.0, 20.0 * scale
        want = integrate.quad(weighed, *ends, points=[STEP, 0.1, scale], limit=300)[0]
        assert kernel[place] == pytest.approx(want, rel=1e-3)


def test_the_claim_model_agrees_with_brute_force():
    said = [
        claim(Between(90, 160), "a", "media"),
        claim(Between(150, 300), "b", "media"),
        claim(Between(40, 100), "c", "party_to_conflict"),
    ]
    made = rules.tables(EVENT, said, PRIOR)
    grid = np.arange(2.0, 8.0, 0.02)
    nodes, weights = np.polynomial.hermite_e.hermegauss(30)
    weights /= weights.sum()
    common, of_class = 0.25 * nodes[:, None], 0.25 * nodes[None, :]
    fine = np.arange(-2.0, 12.0, 0.005)
    media_told = np.prod([told_on(fine, one.wording, "media") for one in said[:2]], axis=0)
    party_told = told_on(fine, said[2].wording, "party")
    chance = np.zeros(len(grid))
    for place, log_count in enumerate(grid):
        at = log_count + common + of_class
        media, party = (np.interp(at, fine, of) @ weights for of in (media_told, party_told))
        chance[place] = weights @ (media * party)
    chance *= stats.norm.pdf(grid, *PRIOR)
    want = Settled(grid, chance / chance.sum()).quantile([0.05, 0.5, 0.95])
    assert made.quantile([0.05, 0.5, 0.95]) == pytest.approx(want, abs=0.005)


def told_on(places, wording, source_class):
    """Return how likely a pair is at each belief of its class, over the spread of its origin."""
    middle = np.log(wording.low * wording.high) / 2
    sd = np.log(wording.high / wording.low) / (2 * stats.norm.ppf(0.9))
    spreads = ORIGIN_SCALE[source_class] * stats.halfnorm.ppf((np.arange(300) + 0.5) / 300)
    return np.mean([stats.norm.pdf(middle, places, np.hypot(sd, s)) for s in spreads], axis=0)


def test_only_the_last_word_of_a_source_is_heard():
    first = claim(Exactly(900))
    last = replace(claim(Exactly(120)), published=When.parse("2024-01-09"))
    both = rules.tables(EVENT, [first, last], PRIOR).quantile([0.05, 0.95])
    alone = rules.tables(EVENT, [last], PRIOR).quantile([0.05, 0.95])
    assert both == pytest.approx(alone, abs=1e-3)


# --- the model of shifts ------------------------------------------------------------------------


def test_the_posterior_of_the_shift_model_is_that_of_a_joint_normal():
    shifts = rules.Shifts(-0.3, 0.4, 0.5, 0.7)
    said = [
        claim(Exactly(100), "a", "media"),
        claim(AtLeast(150), "b", "media"),
        claim(UpTo(300), "c", "un"),
    ]
    made = rules.shifted(EVENT, said, rules.Known(PRIOR, shifts))
    y = np.log([100, 150, 300]) - np.array([0.0, -0.3, 0.4])
    same = np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1]])
    spread = 0.5**2 * same + 0.7**2 * np.eye(3) + PRIOR[1] ** 2
    gain = np.full(3, PRIOR[1] ** 2) @ np.linalg.inv(spread)
    mean, variance = PRIOR[0] + gain @ (y - PRIOR[0]), PRIOR[1] ** 2 * (1 - gain.sum())
    want = stats.norm(mean, np.sqrt(variance)).ppf([0.05, 0.5, 0.95])
    assert made.quantile([0.05, 0.5, 0.95]) == pytest.approx(want, abs=0.002)


def test_shifts_are_those_of_greatest_likelihood():
    events = [event for event in SET.events if readable(event.claims)][:60]
    made = rules.fit_shifts(events)
    best = likelihood(events, made)
    for name in made._fields:
        for factor in (0.98, 1.02):
            other = made._replace(**{name: getattr(made, name) * factor})
            assert likelihood(events, other) < best


def likelihood(events, shifts):
    total = 0.0
    for event in events:
        said = rules.totals(readable(event.claims))
        bounds = np.array([rules.bound_of(one) for one in said], dtype=float)
        left = rules.features_of(event, said).log_said - np.log(event.final)
        classes = np.array([one.source_class for one in said])
        spread = shifts.class_sd**2 * (classes[:, None] == classes)
        spread = spread + shifts.claim_sd**2 * np.eye(len(said))
        total += stats.multivariate_normal.logpdf(left, bounds @ np.array(shifts[:2]), spread)
    return total


# --- terms of the law ---------------------------------------------------------------------------


def test_alternatives_leave_out_terms_that_there_are():
    for alternative in law_terms.ALTERNATIVES.values():
        assert set(alternative.without) <= set(law_terms.claim_error.TERMS)


def test_a_law_without_phases_knows_none_and_only_for_its_time():
    event = next(event for event in SET.events if len(readable(event.claims)) > 3)
    said = readable(event.claims)
    with law_terms.known_so(law_terms.ALTERNATIVES["age and access"]):
        assert set(law_terms.claim_error.features_of(event, said).phase) == {3}
        assert set(law_terms.reference.features_of(event, said).phase) == {3}
    now = law_terms.claim_error.features_of(event, said)
    assert now.phase.tolist() == law_terms.features_of(event, said).phase.tolist()


def test_without_access_all_is_counted_from_the_end_of_the_event():
    made = law_terms.events_for(SET, law_terms.ALTERNATIVES["access"])
    assert all(event.counted_from == event.event_end for event in made.events)
    assert law_terms.events_for(SET, law_terms.ALTERNATIVES["class"]) is SET


def test_verdicts_follow_the_interval():
    found = [law_terms.verdict(*ends) for ends in ((0.01, 0.2), (-0.1, 0.1), (-0.3, -0.1))]
    assert found == ["earned its place", "no evidence", "worse"]
