"""From a claim to its reading: the law of its wording, and what is observed."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimators.evidence.wording import (
    WORDS,
    About,
    AtLeast,
    BestEstimate,
    Between,
    CouldReach,
    Exactly,
    FewerThan,
    MoreThan,
    Most,
    Nearly,
    OrderOf,
    UpTo,
    Verified,
)
from estimators.models import cells
from estimators.models.laws import SHARE_LADDER
from estimators.models.reading import CHOICE, LATTICE, NUMBER, reading_of


@pytest.fixture(scope="module")
def read(make):
    def reading(wording, quantity="q", origin="m1", **given):
        claim = make.claim("1", quantity, wording, origin, **given)
        quantities = [make.count("q", make.stated(1, 1e6)), make.share("s", 5, 95)]
        part = make.count("p", make.part("q", "s"))
        return reading_of(claim, make.study([*quantities, part], [claim]))

    return reading


@pytest.mark.parametrize(
    ("wording", "law", "kind"),
    [
        (Exactly(60), cells.POINT, NUMBER),
        (About(60), cells.POINT, NUMBER),
        (Nearly(60), cells.NEARLY, NUMBER),
        (AtLeast(60), cells.BOUND, NUMBER),
        (MoreThan(60), cells.BOUND, NUMBER),
        (UpTo(60), cells.BOUND, NUMBER),
        (FewerThan(60), cells.BOUND, NUMBER),
        (CouldReach(60), cells.BOUND, NUMBER),
        (Verified(60), cells.NORMAL, NUMBER),
        (Between(50, 60), cells.NORMAL, LATTICE),
        (BestEstimate(55, 50, 60), cells.SPLIT, LATTICE),
        *((OrderOf(word), cells.WORD, CHOICE) for word in WORDS),
    ],
    ids=str,
)
def test_the_law_of_a_wording(read, wording, law, kind):
    found = read(wording)
    assert (found.law.code, found.kind) == (law, kind)
    assert found.law.name == wording.name


@pytest.mark.parametrize(
    ("wording", "method", "sigma"),
    [
        (Exactly(600), "", 0.10),
        (Exactly(600), "estimate", 0.10),
        (Exactly(617), "enumeration", 0.05),
        (About(600), "", 0.10),  # a hedge before a round number changes little
        (About(650), "", 0.10),
        (About(640), "", 0.12),  # before another one it adds slack
        (Nearly(640), "", 0.05),
        (Nearly(640), "enumeration", 0.05),
        (Verified(640), "", 0.02),
    ],
    ids=str,
)
def test_points(read, wording, method, sigma):
    found = read(wording, method=method)
    assert (found.observed, found.sigma, found.slack) == (wording.value, sigma, 0.0)
    is_counted = method == "enumeration" or isinstance(wording, Verified)
    assert found.method == (0 if is_counted else 1)
    assert not found.is_share


@pytest.mark.parametrize("kind", [MoreThan, AtLeast, UpTo, FewerThan])
@pytest.mark.parametrize("quantity", ["q", "s"])
def test_bounds_are_the_same_of_counts_and_shares(read, kind, quantity):
    found = read(kind(70), quantity)
    assert (found.sigma, found.slack) == (found.law.sigma, found.law.slack)
    assert found.is_share == (quantity == "s")
    assert found.weight == 1.0


def test_a_forecast_has_half_weight(read):
    assert read(CouldReach(600)).weight == 0.5
    assert read(UpTo(600)).weight == 1.0


def test_a_pair_is_an_80_percent_interval_unless_it_says_otherwise(read):
    found = read(Between(600, 2000))
    assert math.exp(found.observed) == pytest.approx(math.sqrt(600 * 2000))
    assert found.sigma == pytest.approx(math.log(2000 / 600) / 2.56, rel=2e-3)
    widths = math.log(650 / 550), math.log(2500 / 1500)
    assert 2 * found.half == pytest.approx(np.mean(widths))
    assert read(Between(600, 601)).sigma == 0.03
    assert read(Between(600, 2000, 95)).sigma == pytest.approx(
        math.log(2000 / 600) / 3.92, rel=2e-3
    )
    assert read(Between(600, 2000), method="coding rule").sigma == 1.5 * found.sigma
    logit = [math.log(p / (100 - p)) for p in (40, 60)]
    of_share = read(Between(40, 60), "s")
    assert of_share.observed == pytest.approx(0.0)
    assert of_share.sigma == pytest.approx((logit[1] - logit[0]) / 2.56, rel=2e-3)


def test_a_best_estimate_has_a_sd_on_each_side(read):
    found = read(BestEstimate(600, 450, 1000))
    assert math.exp(found.observed) == pytest.approx(600)
    assert found.sigma == pytest.approx(math.log(1000 / 600) / 1.28, rel=2e-3)
    assert found.slack == pytest.approx(math.log(600 / 450) / 1.28, rel=2e-3)
    assert 2 * found.half == pytest.approx(math.log(650 / 550))
    assert read(BestEstimate(600, 599, 601)).slack == 0.03


@settings(deadline=None)
@given(st.integers(1, 10**6), st.floats(1.0001, 100), st.floats(0.01, 0.99), st.floats(-1, 1))
def test_no_pair_has_a_probability_above_one(make, read, low, ratio, place, away):
    high = max(low + 2, int(low * ratio))
    best = min(max(low + 1, round(low + place * (high - low))), high - 1)
    for wording in (Between(low, high), BestEstimate(best, low, high)):
        found = read(wording)
        law, at = found.law, found.observed + away
        params = np.log(found.sigma), np.log(found.slack or 1.0)
        got = make.weigh(law, found.observed, at, *params, half=found.half)
        assert got[0, 0] <= 5e-3
        assert np.isfinite(got).all()


def test_words_stand_at_their_place_on_the_ladder(read):
    assert [read(OrderOf(word)).observed for word in WORDS] == list(range(len(WORDS)))
    most = read(Most(), "s")
    assert most.observed == list(SHARE_LADDER).index("most")
    assert most.is_share


def test_who_is_unknown(read):
    assert read(Exactly(60), origin="x1").is_unknown
    assert not read(Exactly(60), origin="m1").is_unknown
