"""Each law's probability of a printed thing, against scipy and by hand."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from estimators.evidence.wording import WORDS
from estimators.models import kernels

ENUMERATION, ESTIMATE = 0, 1
POINT = (0.1, 0.0, 0.0)
LAWS = {
    "point": ("point", POINT),
    "odd": ("point", (0.12, 0.0, 0.0)),
    "nearly": ("nearly", (0.05, 0.0, 0.0)),
    "more than": ("bound", (0.2, 0.3, 1.0)),
    "at least": ("bound", (0.3, 0.4, 1.0)),
    "up to": ("bound", (0.3, 0.45, -1.0)),
    "fewer than": ("bound", (0.2, 0.3, -1.0)),
}
each_law = pytest.mark.parametrize(("law", "shape"), LAWS.values(), ids=LAWS)
each_method = pytest.mark.parametrize("method", [ENUMERATION, ESTIMATE], ids=kernels.METHODS)


def said(law, shape, values, belief, *, method=ESTIMATE, share=False):
    """Return log probability and slope of printed numbers at one belief."""
    values = np.atleast_1d(np.asarray(values, dtype=float))
    n = len(values)
    cells = kernels.cells_of(values, np.full(n, float(share)), np.full(n, float(method)))
    return kernels.LOOPS[law](*cells, np.full(n, float(belief)), np.tile(shape, (n, 1)))


def logit(percent):
    return math.log(percent / (100.0 - percent))


def log_gap(larger, smaller):
    """Return log(e^larger - e^smaller)."""
    return larger + np.log(-np.expm1(smaller - larger))


def logistic_by_scipy(low, high, belief, sigma):
    law = stats.logistic(belief, 0.757 * sigma)
    if low > belief:
        return log_gap(law.logsf(low), law.logsf(high))
    return log_gap(law.logcdf(high), law.logcdf(low))


def bound_by_scipy(low, high, belief, sigma, slack, sign):
    """Return log P(low < t < high) where sign x (belief - t) is ExGaussian: by adaptive sums."""
    law = stats.exponnorm(slack / sigma, 0.0, sigma)
    ends = sorted((sign * (belief - low), sign * (belief - high)))
    top = max(law.logpdf(x) for x in np.linspace(*ends, 50))
    got, _ = integrate.quad(lambda x: math.exp(law.logpdf(x) - top), *ends, epsabs=0, epsrel=1e-10)
    return top + math.log(got)


def about(logp):
    """Return what a sum over nodes must come to: exact but in tails that no claim reaches."""
    return pytest.approx(logp, rel=1e-5, abs=1e-5) if logp > -100 else pytest.approx(logp, rel=3e-3)


CELLS = [(550, 650), (950, 1500), (2349.5, 2350.5), (0.5, 1.5), (85_000, 95_000)]


@pytest.mark.parametrize("far", [-20.0, -5.0, -1.0, -0.1, 0.0, 0.1, 1.0, 5.0, 20.0])
@pytest.mark.parametrize("ends", CELLS, ids=str)
class TestCellsAgainstScipy:
    def test_logistic(self, ends, far):
        low, high = np.log(ends)
        belief = (low + high) / 2 + far
        got, _ = kernels.logistic_cell(low, high, belief, 0.1, 0.0, 0.0)
        assert got == pytest.approx(logistic_by_scipy(low, high, belief, 0.1), rel=1e-8)

    def test_nearly_is_the_mean_over_what_is_left_out(self, ends, far):
        low, high = np.log(ends)
        belief = (low + high) / 2 + far
        parts = [
            logistic_by_scipy(low, high, belief + shift, 0.05) for shift in kernels.NEARLY_SHIFTS
        ]
        got, _ = kernels.nearly_cell(low, high, belief, 0.05, 0.0, 0.0)
        wanted = np.logaddexp.reduce(parts) - math.log(len(parts))
        assert got == pytest.approx(wanted, rel=1e-8, abs=1e-8)

    @pytest.mark.parametrize("sign", [1.0, -1.0], ids=["floor", "ceiling"])
    @pytest.mark.parametrize(("sigma", "slack"), [(0.2, 0.3), (0.3, 0.4), (0.3, 0.45)])
    def test_bound(self, ends, far, sigma, slack, sign):
        low, high = np.log(ends)
        belief = (low + high) / 2 + far
        wanted = bound_by_scipy(low, high, belief, sigma, slack, sign)
        got, _ = kernels.bound_cell(low, high, belief, sigma, slack, sign)
        assert got == about(wanted)
        if abs(far) <= 1.0:  # where a difference of distribution functions keeps its digits
            law = stats.exponnorm(slack / sigma, 0.0, sigma)
            near, distant = sorted((sign * (belief - low), sign * (belief - high)))
            difference = law.cdf(distant) - law.cdf(near)
            assert math.exp(got) == pytest.approx(difference, rel=1e-6, abs=1e-12)

    def test_normal(self, ends, far):
        low, high = np.log(ends)
        belief = (low + high) / 2 + far
        law = stats.norm(belief, 0.25)
        wanted = (
            log_gap(law.logsf(low), law.logsf(high))
            if low > belief
            else log_gap(law.logcdf(high), law.logcdf(low))
        )
        got, _ = kernels.normal_cell(low, high, belief, 0.25)
        assert got == about(wanted)


def test_a_cell_far_wider_than_the_law_has_no_probability_above_one():
    # Five nodes over a cell of 15 sds gave 'between 900 and 1,000' a probability of 1.7.
    assert kernels.normal_cell(-0.3, 0.3, 0.0, 0.04)[0] == pytest.approx(0.0, abs=1e-6)
    assert kernels.bound_cell(-6.0, 6.0, 0.0, 0.2, 0.3, 1.0)[0] == pytest.approx(0.0, abs=1e-6)


def test_the_law_of_what_nearly_leaves_out_is_a_half_normal():
    shifts = kernels.NEARLY_SHIFTS
    assert len(shifts) == 16
    assert np.all(shifts > 0)
    assert stats.halfnorm(scale=0.05).cdf(shifts) == pytest.approx((np.arange(16) + 0.5) / 16)


def test_the_logistic_stands_in_for_student_t():
    law = stats.logistic(0.0, kernels.LOGISTIC_SCALE)
    assert law.ppf(0.975) == pytest.approx(stats.t(4).ppf(0.975), rel=2e-3)


class TestFloorsAndCeilings:
    """Median and tails of table 1, so that a sign cannot be turned round."""

    def test_the_truth_lies_above_a_floor(self):
        beliefs = np.log(np.array([600.0, 900.0]))
        below, above = (said("bound", (0.3, 0.4, 1.0), 600, b)[0][0] for b in beliefs)
        assert above > below

    def test_the_truth_lies_below_a_ceiling(self):
        beliefs = np.log(np.array([600.0, 400.0]))
        above, below = (said("bound", (0.3, 0.45, -1.0), 600, b)[0][0] for b in beliefs)
        assert below > above

    def test_nearly_is_said_from_below(self):
        _, slope = said("nearly", (0.05, 0.0, 0.0), 2350, math.log(2350), method=ENUMERATION)
        assert slope[0] < 0.0


# What a number printed by an estimate may stand for: (chance of the grid, low, high).
BY_HAND = {
    600: [(0.45, 550, 650), (0.15, 575, 625), (0.30, 595, 605), (0.10, 599.5, 600.5)],
    650: [(0.15, 625, 675), (0.30, 645, 655), (0.10, 649.5, 650.5)],
    1000: [(0.45, 950, 1500), (0.15, 975, 1250), (0.30, 995, 1050), (0.10, 999.5, 1000.5)],
    1100: [(0.30, 1050, 1150), (0.10, 1099.5, 1100.5)],
    1500: [(0.15, 1250, 1750), (0.30, 1450, 1550), (0.10, 1499.5, 1500.5)],
    2350: [(0.10, 2349.5, 2350.5)],
    7: [(1.0, 6.5, 7.5)],
    10: [(0.45, 9.5, 15), (0.15, 9.5, 12.5), (0.40, 9.5, 10.5)],
}
SHARES = {
    70: [(0.45, 65, 75), (0.15, 67.5, 72.5), (0.40, 69.5, 70.5)],
    72: [(0.40, 71.5, 72.5)],
    99: [(0.40, 98.5, 99.5)],
    12.5: [(0.10, 12.45, 12.55)],
    12.25: [(0.10, 12.245, 12.255)],
    0.5: [(1.0, 0.45, 0.55)],
    0.05: [(1.0, 0.045, 0.055)],
}


class TestDigits:
    @pytest.mark.parametrize(("number", "grids"), BY_HAND.items())
    @pytest.mark.parametrize("belief", [-0.5, 0.0, 0.2])
    def test_counts(self, number, grids, belief):
        at = math.log(number) + belief
        parts = [math.exp(logistic_by_scipy(*np.log(ends), at, 0.1)) for _, *ends in grids]
        wanted = sum(weight * part for (weight, *_), part in zip(grids, parts, strict=True))
        got, _ = said("point", POINT, number, at)
        assert math.exp(got[0]) == pytest.approx(wanted, rel=1e-9)

    @pytest.mark.parametrize(("number", "grids"), SHARES.items())
    def test_shares(self, number, grids):
        at = logit(number) + 0.1
        parts = [
            weight * math.exp(logistic_by_scipy(logit(low), logit(high), at, 0.1))
            for weight, low, high in grids
        ]
        got, _ = said("point", POINT, number, at, share=True)
        assert math.exp(got[0]) == pytest.approx(sum(parts), rel=1e-9)

    def test_an_enumeration_prints_two_digits_or_all(self):
        at = math.log(600)
        wide, narrow = (
            math.exp(logistic_by_scipy(*np.log(ends), at, 0.1))
            for ends in ((595, 605), (599.5, 600.5))
        )
        got, _ = said("point", POINT, 600, at, method=ENUMERATION)
        assert math.exp(got[0]) == pytest.approx(0.1 * wide + 0.9 * narrow, rel=1e-9)

    def test_the_chances_of_the_grids_add_to_one(self):
        assert kernels.GRID_WEIGHTS.sum(axis=1) == pytest.approx(1.0)

    @given(st.floats(0.001, 99.99), st.sampled_from([0, 1]), st.integers(0, 6))
    def test_every_share_has_a_probability(self, percent, method, decimals):
        number = max(round(percent, decimals), 0.0001)
        if number < 100:
            logp, slope = said("point", POINT, number, 0.3, method=method, share=True)
            assert np.isfinite([*logp, *slope]).all()


PRINTED = {False: np.arange(1.0, 200_001.0), True: np.arange(1.0, 101.0)}


@each_law
@each_method
class TestProbabilitiesAddToOne:
    """Over all printed numbers; of beliefs so small that a floor goes below one half, less."""

    @pytest.mark.parametrize("number", [60, 97, 640, 1000])
    def test_counts(self, law, shape, method, number):
        values = PRINTED[False] if shape[2] < 0 else PRINTED[False][:20_000]  # ceilings reach far
        logp, _ = said(law, shape, values, math.log(number), method=method)
        assert np.exp(logp).sum() == pytest.approx(1.0, abs=5e-5)

    @pytest.mark.parametrize("percent", [30, 50, 72, 90, 98])
    def test_shares(self, law, shape, method, percent):
        logp, _ = said(law, shape, PRINTED[True], logit(percent), method=method, share=True)
        assert np.exp(logp).sum() == pytest.approx(1.0, abs=5e-5)


class TestSlopes:
    @given(
        st.sampled_from(sorted(LAWS)),
        st.integers(1, 10**6),
        st.floats(-2.0, 2.0),
        st.sampled_from([ENUMERATION, ESTIMATE]),
    )
    @settings(deadline=None)
    def test_numbers(self, name, number, away, method):
        law, shape = LAWS[name]
        belief, step = math.log(number) + away, 1e-5
        _, slope = said(law, shape, number, belief, method=method)
        ends = [
            said(law, shape, number, belief + side, method=method)[0][0] for side in (-step, step)
        ]
        assert slope[0] == pytest.approx((ends[1] - ends[0]) / (2 * step), rel=1e-4, abs=1e-3)

    @given(st.sampled_from(sorted(LAWS)), st.integers(1, 99), st.floats(-2.0, 2.0))
    @settings(deadline=None)
    def test_shares(self, name, percent, away):
        law, shape = LAWS[name]
        belief, step = logit(percent) + away, 1e-5
        _, slope = said(law, shape, percent, belief, share=True)
        ends = [
            said(law, shape, percent, belief + side, share=True)[0][0] for side in (-step, step)
        ]
        assert slope[0] == pytest.approx((ends[1] - ends[0]) / (2 * step), rel=1e-4, abs=1e-3)

    @given(st.floats(-2, 2), st.floats(0.01, 1.5), st.floats(0.03, 2), st.floats(-3, 3))
    def test_pairs(self, low, width, sigma, belief):
        step = 1e-6 * sigma
        _, slope = kernels.normal_cell(low, low + width, belief, sigma)
        ends = [kernels.normal_cell(low, low + width, belief + s, sigma)[0] for s in (-step, step)]
        wanted = (ends[1] - ends[0]) / (2 * step)
        assert slope == pytest.approx(wanted, rel=1e-3, abs=1e-3 / sigma)

    @given(st.integers(0, len(WORDS) - 1), st.floats(0, 14))
    @settings(deadline=None)
    def test_words(self, word, belief):
        step = 1e-5
        words = np.array([word])
        _, slope = kernels.LOOPS["word"](words, np.array([belief]))
        ends = [kernels.LOOPS["word"](words, np.array([belief + s]))[0][0] for s in (-step, step)]
        assert slope[0] == pytest.approx((ends[1] - ends[0]) / (2 * step), rel=1e-4, abs=1e-4)


class TestWords:
    def test_the_ladder_is_that_of_the_wordings(self):
        assert tuple(kernels.LADDER) == WORDS

    @pytest.mark.parametrize("belief", [1.0, 3.5, 5.9, 8.2, 12.0])
    def test_a_choice_on_the_ladder_by_lognormal_kernels(self, belief):
        weight = stats.norm(kernels.WORD_MEDIANS, kernels.WORD_SDS).pdf(belief)
        logp, _ = kernels.LOOPS["word"](np.arange(11), np.full(11, belief))
        assert np.exp(logp) == pytest.approx(weight / weight.sum(), rel=1e-9)
        assert np.exp(logp).sum() == pytest.approx(1.0)


@given(st.floats(-1000, 37))
def test_log_normal_cdf(z):
    assert kernels.log_normal_cdf(z) == pytest.approx(stats.norm.logcdf(z), rel=1e-8, abs=1e-15)


@given(st.floats(-700, 700))
def test_softplus_and_expit(x):
    assert kernels.softplus(x) == pytest.approx(np.logaddexp(0.0, x), rel=1e-12)
    assert kernels.expit(x) == pytest.approx(stats.logistic.cdf(x), rel=1e-12)
