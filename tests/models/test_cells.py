"""Each law's probability of a cell, against scipy; sums and slopes of what is printed."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from estimators.evidence.wording import WORDS
from estimators.models import cells
from estimators.models.law import Law
from estimators.models.laws import LADDERS, LAWS

SKEWED = Law("skewed", cells.TABLE, 0.2, error=stats.skewnorm(3, scale=0.2))
NUMBERS = {
    **{name: law for name, law in LAWS.items() if law.code != cells.TABLE and law.sigma},
    "odd": Law("odd", cells.POINT, 0.12),
    "skewed": SKEWED,
}
PAIRS = {
    "between": Law("between", cells.NORMAL, 0.4),
    "estimate": Law("estimate", cells.SPLIT, 0.4, 0.2),
}
NOTHING = np.zeros(5)
each_law = pytest.mark.parametrize("law", NUMBERS.values(), ids=NUMBERS)
each_method = pytest.mark.parametrize("method", [0, 1], ids=["enumeration", "estimate"])


def logit(percent):
    return math.log(percent / (100.0 - percent))


def log_gap(larger, smaller):
    """Return log(e^larger - e^smaller)."""
    return larger + np.log(-np.expm1(smaller - larger))


def cell_by_scipy(law, low, high):
    """Return log P(low < t < high), by the tail that keeps its digits."""
    if low > law.median():
        return log_gap(law.logsf(low), law.logsf(high))
    return log_gap(law.logcdf(high), law.logcdf(low))


def bound_by_scipy(low, high, belief, sigma, slack, sign):
    """Return log P(low < t < high) where sign x (belief - t) is ExGaussian: by adaptive sums."""
    law = stats.exponnorm(slack / sigma, 0.0, sigma)
    ends = sorted((sign * (belief - low), sign * (belief - high)))
    top = max(law.logpdf(x) for x in np.linspace(*ends, 50))
    got, _ = integrate.quad(lambda x: math.exp(law.logpdf(x) - top), *ends, epsabs=0, epsrel=1e-10)
    return top + math.log(got)


def smooth(code, low, high, belief, sigma, slack=1.0, sign=1.0, table=NOTHING):
    return cells.smooth_cell(code, low, high, belief, np.log(sigma), np.log(slack), sign, table)


def about(logp):
    """Return what a sum over nodes must come to: exact but in tails that no claim reaches."""
    return pytest.approx(logp, rel=1e-5, abs=1e-5) if logp > -100 else pytest.approx(logp, rel=3e-3)


CELLS = [(550, 650), (950, 1500), (2349.5, 2350.5), (0.5, 1.5), (85_000, 95_000)]


@pytest.mark.parametrize("far", [-20.0, -5.0, -1.0, -0.1, 0.0, 0.1, 1.0, 5.0, 20.0])
@pytest.mark.parametrize("ends", CELLS, ids=str)
class TestCellsAgainstScipy:
    @pytest.fixture
    def at(self, ends, far):
        low, high = np.log(ends)
        return low, high, (low + high) / 2 + far

    def test_logistic(self, at):
        got = cells.logistic_cell(*at, math.log(0.1))[0]
        assert got == pytest.approx(cell_by_scipy(stats.logistic(at[2], 0.0757), *at[:2]), rel=1e-8)

    def test_nearly_is_the_mean_over_what_is_left_out(self, at):
        low, high, belief = at
        laws = [stats.logistic(belief + shift, 0.757 * 0.05) for shift in cells.NEARLY_SHIFTS]
        parts = [cell_by_scipy(law, low, high) for law in laws]
        got = cells.nearly_cell(*at, math.log(0.05))[0]
        wanted = np.logaddexp.reduce(parts) - math.log(len(parts))
        assert got == pytest.approx(wanted, rel=1e-8, abs=1e-8)

    @pytest.mark.parametrize("sign", [1.0, -1.0], ids=["floor", "ceiling"])
    @pytest.mark.parametrize(("sigma", "slack"), [(0.2, 0.3), (0.3, 0.4), (0.3, 0.45)])
    def test_bound(self, at, far, sigma, slack, sign):
        low, high, belief = at
        got = smooth(cells.BOUND, *at, sigma, slack, sign)[0]
        assert got == about(bound_by_scipy(*at, sigma, slack, sign))
        if abs(far) <= 1.0:  # where a difference of distribution functions keeps its digits
            law = stats.exponnorm(slack / sigma, 0.0, sigma)
            near, distant = sorted((sign * (belief - low), sign * (belief - high)))
            difference = law.cdf(distant) - law.cdf(near)
            assert math.exp(got) == pytest.approx(difference, rel=1e-6, abs=1e-12)

    def test_normal(self, at):
        wanted = cell_by_scipy(stats.norm(at[2], 0.25), *at[:2])
        assert smooth(cells.NORMAL, *at, 0.25)[0] == about(wanted)

    def test_split_normal_by_its_halves(self, at):
        """Said less belief is minus the gap: below the belief the sd is sigma, above it slack."""
        low, high, belief = at
        if low < belief < high:
            return  # a node on each side of the bend: held by the sums below
        is_below = high < belief
        sd, share = (0.3, 0.3 / 0.55) if is_below else (0.25, 0.25 / 0.55)
        wanted = cell_by_scipy(stats.norm(belief, sd), low, high) + math.log(2 * share)
        assert smooth(cells.SPLIT, *at, 0.3, 0.25)[0] == about(wanted)

    def test_a_table(self, at, far):
        low, high, belief = at
        got = smooth(cells.TABLE, *at, SKEWED.sigma, table=SKEWED.table)[0]
        assert np.isfinite(got)
        if abs(far) < 0.5:
            law = SKEWED.error
            wanted = law.cdf(high - belief) - law.cdf(low - belief)
            assert math.exp(got) == pytest.approx(wanted, rel=1e-4, abs=1e-8)


def test_a_cell_far_wider_than_the_law_has_no_probability_above_one():
    # Five nodes over a cell of 15 sds gave 'between 900 and 1,000' a probability of 1.7.
    assert smooth(cells.NORMAL, -0.3, 0.3, 0.0, 0.04)[0] == pytest.approx(0.0, abs=1e-6)
    assert smooth(cells.BOUND, -6.0, 6.0, 0.0, 0.2, 0.3)[0] == pytest.approx(0.0, abs=1e-6)


def test_the_law_of_what_nearly_leaves_out_is_a_half_normal():
    shifts = cells.NEARLY_SHIFTS
    assert len(shifts) == 16
    assert np.all(shifts > 0)
    assert stats.halfnorm(scale=0.05).cdf(shifts) == pytest.approx((np.arange(16) + 0.5) / 16)


def test_the_logistic_stands_in_for_student_t():
    law = stats.logistic(0.0, cells.LOGISTIC_SCALE)
    assert law.ppf(0.975) == pytest.approx(stats.t(4).ppf(0.975), rel=2e-3)


@pytest.mark.parametrize("belief", [-3.0, 4.2, 4.6, 4.605, 4.7, 9.0])
def test_a_hard_floor_is_a_step(belief):
    logp, slope, in_sigma, _ = cells.step_chance(math.log(100), belief, math.log(0.01))
    z = (belief - math.log(100)) / 0.01
    assert logp == pytest.approx(stats.norm.logcdf(z), rel=1e-8, abs=1e-12)
    hazard = math.exp(stats.norm.logpdf(z) - stats.norm.logcdf(z))
    assert slope == pytest.approx(hazard / 0.01, rel=1e-6)
    assert in_sigma == pytest.approx(-hazard * z, rel=1e-6)


@each_law
@each_method
class TestProbabilitiesAddToOne:
    """Over all printed numbers; of beliefs so small that a floor goes below one half, less."""

    @pytest.mark.parametrize("number", [60, 97, 640, 1000])
    def test_counts(self, make, law, method, number):
        if law.name == "could reach" and number > 100:
            number //= 10  # it reaches beyond what is summed here
        values = np.arange(1.0, (200_001.0 if law.sign < 0 else 20_001.0))  # ceilings reach far
        found = make.weigh(law, values, math.log(number), method=method)
        assert np.exp(found[:, 0]).sum() == pytest.approx(1.0, abs=5e-5)

    @pytest.mark.parametrize("percent", [30, 50, 72, 90, 98])
    def test_shares(self, make, law, method, percent):
        values = np.arange(1.0, 101.0)
        found = make.weigh(law, values, logit(percent), method=method, share=True)
        assert np.exp(found[:, 0]).sum() == pytest.approx(1.0, abs=5e-5)


@pytest.mark.parametrize("law", PAIRS.values(), ids=PAIRS)
@pytest.mark.parametrize("half", [0.02, 0.17, 0.6])
@pytest.mark.parametrize("away", [0.0, 0.3])
def test_pairs_add_to_one(make, law, half, away):
    middles = 6.9 + 2.0 * half * np.arange(-200, 201)
    found = make.weigh(law, middles, 6.9 + away, half=half)
    close = 2e-3 if law.code == cells.SPLIT else 1e-6  # the bend falls inside a cell
    assert np.exp(found[:, 0]).sum() == pytest.approx(1.0, abs=close)


def gaps(weigh, law, observed, belief, **given):
    """Return slopes and finite differences in belief, log sigma and log slack: shape (2, 3)."""
    at = np.array([belief, math.log(law.sigma), math.log(law.slack or 1.0)])
    steps = np.eye(3) * 1e-5
    ends = [[weigh(law, observed, *(at + s), **given)[0, 0] for s in (-d, d)] for d in steps]
    return weigh(law, observed, *at, **given)[0, 1:], np.diff(ends)[:, 0] / 2e-5


class TestSlopes:
    @given(
        st.sampled_from(sorted(NUMBERS)),
        st.integers(1, 10**6),
        st.floats(-2.0, 2.0),
        st.sampled_from([0, 1]),
    )
    @settings(deadline=None)
    def test_numbers(self, make, name, number, away, method):
        found = gaps(make.weigh, NUMBERS[name], number, math.log(number) + away, method=method)
        close = 0.3 if name == "skewed" else 1e-3  # its log density is a chain of straight lines
        assert found[0] == pytest.approx(found[1], rel=1e-3, abs=close)

    @given(st.sampled_from(sorted(NUMBERS)), st.integers(1, 99), st.floats(-2.0, 2.0))
    @settings(deadline=None)
    def test_shares(self, make, name, percent, away):
        found = gaps(make.weigh, NUMBERS[name], percent, logit(percent) + away, share=True)
        close = 0.3 if name == "skewed" else 1e-3
        assert found[0] == pytest.approx(found[1], rel=1e-3, abs=close)

    @given(
        st.sampled_from(sorted(PAIRS)),
        st.floats(0.01, 0.8),
        st.floats(0.03, 2),
        st.floats(0.03, 2),
        st.floats(-3, 3),
    )
    @settings(deadline=None)
    def test_pairs(self, make, name, half, sigma, slack, belief):
        law = Law(name, PAIRS[name].code, sigma, slack)
        got, wanted = gaps(make.weigh, law, 0.3, belief, half=half)
        # Panels are chosen by sigma, so that a step may change their number.
        assert got == pytest.approx(wanted, rel=1e-2, abs=2e-2)

    @given(st.booleans(), st.integers(0, len(WORDS) - 1), st.floats(0, 14))
    @settings(deadline=None)
    def test_words(self, make, is_share, word, belief):
        ladder = LADDERS[int(is_share)]
        word, belief = word % len(ladder), belief - 7 * is_share
        found = gaps(make.weigh, Law("word", cells.WORD, 1.0), word, belief, share=is_share)
        assert found[0] == pytest.approx(found[1], rel=1e-4, abs=1e-4)

    @given(st.floats(-0.2, 8.0))
    @settings(deadline=None)
    def test_hard_floors(self, make, away):
        found = gaps(make.weigh, Law("step", cells.STEP, 0.01), 5.0, 5.0 + away)
        assert found[0] == pytest.approx(found[1], rel=1e-3, abs=1e-2)


@pytest.mark.parametrize("is_share", [False, True], ids=["counts", "shares"])
@pytest.mark.parametrize("belief", [-3.0, 1.0, 3.5, 5.9, 8.2, 12.0])
def test_words_are_a_choice_on_the_ladder_by_normal_kernels(make, belief, is_share):
    ladder = LADDERS[int(is_share)]
    chances = stats.norm(ladder[:, 0], ladder[:, 1]).pdf(belief)
    word = Law("word", cells.WORD, 1.0)
    found = make.weigh(word, np.arange(len(ladder)), belief, share=is_share)
    assert np.exp(found[:, 0]) == pytest.approx(chances / chances.sum(), rel=1e-9)


@given(st.floats(-1000, 37))
def test_log_normal_cdf(z):
    assert cells.log_normal_cdf(z) == pytest.approx(stats.norm.logcdf(z), rel=1e-8, abs=1e-15)


@given(st.floats(-700, 700))
def test_softplus_and_expit(x):
    assert cells.softplus(x) == pytest.approx(np.logaddexp(0.0, x), rel=1e-12)
    assert cells.expit(x) == pytest.approx(stats.logistic.cdf(x), rel=1e-12)
