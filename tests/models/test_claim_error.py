"""The law of claim error: what it reads of claims, and posteriors by recursion against by hand."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy import integrate, stats

from estimators.evidence.outcome import EarlyClaim, Outcome
from estimators.evidence.when import When
from estimators.evidence.wording import About, Between, Exactly, Many, OrderOf
from estimators.models.claim_error import (
    CATEGORIES,
    CLASSES,
    LEAST,
    PRIORS,
    WORDINGS,
    Scales,
    features_of,
    on_days,
    readable,
    scales_of,
    training_of,
)
from estimators.models.settled import STEP, Settled, grid_of, settled


def claim(wording, day, kind="claim", source="Mayor", source_class="official", note=""):
    when = When.parse(day)
    return EarlyClaim(wording, "as said", kind, source, source_class, when, note=note)


def event(*claims, **changed):
    first = Outcome(
        "Ferry, Port 2011", "dead", "accident", date(2011, 3, 4), date(2011, 3, 6), 134.0,
        "Inquiry", "plain", "A", "Ferry", claims,
    )  # fmt: skip
    return replace(first, **changed)


CLAIMS = (
    claim(Exactly(120), "2011-03-05"),
    claim(About(130), "2011-03-08", source_class="media"),
    claim(Between(100, 150), "2011-03", source_class="witness"),
    claim(OrderOf("dozens"), "2011-07-01", source_class="party_to_conflict"),
    claim(Exactly(90), "2011-03-07", kind="growing_count", source_class=""),
)


def test_what_the_law_reads_of_claims():
    found = features_of(event(), CLAIMS)
    assert found.phase.tolist() == [0, 1, 2, 3, 1]
    assert found.days.tolist() == [0, 2, 10, 117, 1]
    assert found.log_said == pytest.approx(np.log([120, 130, 15000**0.5, 49, 90]))
    assert found.own == pytest.approx([0, 0, np.log(1.5) / 2.563, 0.43, 0], rel=1e-3)
    classes, words = list(CLASSES), list(WORDINGS)
    assert [classes[k] for k in found.source] == ["state", "media", "other", "party", "other"]
    assert [words[k] for k in found.wording] == ["exact", "about", "other", "other", "exact"]
    assert {list(CATEGORIES)[k] for k in found.category} == {"accidents"}
    assert found.growing.tolist() == [0, 0, 0, 0, 1]


def test_what_cannot_be_read_is_left_out():
    unread = (
        claim(None, "2011-03-05"),
        claim(Many(), "2011-03-05"),
        claim(Exactly(9), "2011-03-05", kind="projection"),
        claim(Exactly(9), "2011-03-05", note="Same origin as the mayor"),
        replace(claim(Exactly(9), "2011-03-05"), is_denial=True),
    )
    assert readable((*unread, *CLAIMS)) == list(CLAIMS)
    training = training_of([event(*CLAIMS), event(*unread), event(CLAIMS[0], final=50.0)])
    assert training.event.tolist() == [0] * 5 + [1]
    assert training.first.tolist() == [0, 5]
    assert training.truth == pytest.approx(np.log([134] * 5 + [50]))


def test_an_uncertain_date_is_five_equally_likely_days():
    training = training_of([event(*CLAIMS)])
    assert training.dates.tolist() == [[0] * 5, [1] * 5, [2, 3, 4, 5, 6], [7] * 5, [8] * 5]
    march = training.features.days[2:7]  # counted from 6 March on
    assert march.tolist() == [0, 4, 10, 16, 22]
    assert training.features.phase[2:7].tolist() == [0, 2, 2, 3, 3]
    made = [one.published.start for one in on_days(CLAIMS[2])]
    assert made == [date(2011, 3, day) for day in (4, 10, 16, 22, 28)]
    assert list(on_days(CLAIMS[0])) == [CLAIMS[0]]


def parameters(**changed):
    found = {name: np.full(shape, 0.0) for name, (_, _, shape) in PRIORS.items()}
    found |= {"error": np.log(0.1), "shared error": np.log(0.05)}
    return found | changed


def test_scales_are_sums_of_their_terms():
    features = features_of(event(), CLAIMS)
    classes = np.array([0.0, 1.0, 0.0, 0.0, 0.0])
    given = parameters(
        **{
            "error by class": classes,
            "shared error by phase": np.array([1.0, 0.5, 0.0, -0.5]),
            "shift of parties": np.array(0.3),
            "gap of growing counts": np.log(0.6),
            "closing of the gap": np.log(0.5),
        }
    )
    found = scales_of(given, features)
    wanted = np.where(features.source == 1, 0.1 * np.e, 0.1)
    assert found.error == pytest.approx(np.sqrt(wanted**2 + features.own**2 + LEAST**2))
    assert found.innovation == pytest.approx(0.05 * np.exp([1.0, 0.5, 0.0, -0.5]))
    assert found.shift.tolist() == [0, 0, 0, 0.3, 0]
    assert found.gap == pytest.approx([0, 0, 0, 0, 0.6 * 2**-0.5])


def student(x, scale):
    return stats.t(2).pdf(x / scale) / scale


def test_the_recursion_is_the_integral_over_what_early_claims_share():
    """Two claims before access and one later: two innovations between, by brute force."""
    claims = (
        claim(Exactly(200), "2011-03-05"),
        claim(Exactly(230), "2011-03-05", source="Guard"),
        claim(Exactly(150), "2011-03-25"),
    )
    features = features_of(event(), claims)
    assert features.phase.tolist() == [0, 0, 3]
    errors, none = np.array([0.2, 0.3, 0.25]), np.zeros(3)
    scales = Scales(errors, none, none, np.array([0.4, 1e-4, 1e-4, 0.15]))
    grid = grid_of(features)
    told = settled(features, [scales], (5.0, 1.5), grid)
    got = Settled(grid, told.chance[0])
    said = features.log_said
    walk = np.arange(-6, 6, 0.02)

    def density(log_count):
        late = log_count + walk
        early = late[:, None] + walk
        before = student(said[0] - early, 0.2) * student(said[1] - early, 0.3)
        known = integrate.trapezoid(before * student(walk, 0.4), walk, axis=1)
        made = known * student(said[2] - late, 0.25) * student(walk, 0.15)
        return integrate.trapezoid(made, walk) * stats.norm(5.0, 1.5).pdf(log_count)

    places = np.arange(4.0, 6.5, 0.25)
    wanted = np.array([density(at) for at in places])
    found = np.exp([got.log_density(at) for at in places])
    assert found / found.sum() == pytest.approx(wanted / wanted.sum(), rel=0.02, abs=1e-4)
    # how likely all claims are: each in a cell of the grid, the count under its prior
    every = np.array([density(at) for at in np.arange(3.0, 8.0, 0.1)])
    size = told.size[0] - np.log(1.5 * np.sqrt(2 * np.pi)) - 2 * np.log(STEP)
    assert size == pytest.approx(np.log(integrate.trapezoid(every, dx=0.1)), abs=0.03)


def test_several_laws_are_weighed_at_once():
    features = features_of(event(), CLAIMS)
    laws = [scales_of(parameters(), features, own) for own in (-0.7, 0.0, 0.7)]
    grid = grid_of(features)
    both = settled(features, laws, (5.0, 1.5), grid)
    alone = [settled(features, [law], (5.0, 1.5), grid) for law in laws]
    assert both.size == pytest.approx([one.size[0] for one in alone])
    for got, one in zip(both.chance, alone, strict=True):
        assert got == pytest.approx(one.chance[0], abs=1e-10)
    apart = features_of(event(), [*CLAIMS, claim(Exactly(900), "2011-03-09", source="Guard")])
    sizes = [
        settled(apart, [scales_of(parameters(), apart)], (5.0, 1.5), grid_of(apart), heavy).size[0]
        for heavy in (True, False)
    ]
    assert sizes[0] > sizes[1]  # normal errors cannot believe in a claim that far apart


def test_growing_counts_are_floors_of_what_comes():
    grown = claim(Exactly(100), "2011-03-06", kind="growing_count")
    total = claim(Exactly(100), "2011-03-06")
    medians = []
    for one in (grown, total):
        features = features_of(event(), [one])
        given = parameters(**{"gap of growing counts": np.log(0.8)})
        grid = grid_of(features)
        told = settled(features, [scales_of(given, features)], (5.0, 3.0), grid)
        medians.append(Settled(grid, told.chance[0]).quantile([0.5])[0])
    assert medians[1] == pytest.approx(np.log(100), abs=0.03)
    assert medians[0] > medians[1] + 0.3


@pytest.mark.parametrize("is_heavy", [True, False])
def test_posteriors_of_simulated_events_are_calibrated(is_heavy):
    """Counts, shared errors and claims drawn from the law: places of the truth are uniform."""
    rng = np.random.default_rng(5)
    given = parameters(
        **{
            "error": np.log(0.15),
            "shared error": np.log(0.2),
            "shared error by phase": np.array([0.5, 0.2, 0.0, -0.4]),
            "gap of growing counts": np.log(0.6),
        }
    )
    features, prior = features_of(event(), CLAIMS), (6.0, 1.0)
    law = scales_of(given, features)

    def errors(n):
        return rng.standard_t(2, n) if is_heavy else rng.standard_normal(n)

    places = []
    for _ in range(400):
        truth = prior[0] + prior[1] * rng.standard_normal()
        walked = np.cumsum((law.innovation * errors(4))[::-1])[::-1]
        below = features.growing * law.gap * rng.standard_exponential(5)
        said = truth + walked[features.phase] + law.error * errors(5) - below
        made = features._replace(log_said=said)
        grid = grid_of(made)
        told = settled(made, [law], prior, grid, is_heavy)
        places.append(Settled(grid, told.chance[0]).below(truth))
    assert stats.kstest(places, "uniform").pvalue > 0.01
