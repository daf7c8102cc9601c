"""With which digits a number is printed, and what a printed number may stand for."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from estimators.models import printing
from estimators.models.laws import law

EXACT = law("exact")
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


def logit(percent):
    return math.log(percent / (100.0 - percent))


def chance(low, high, belief):
    said = stats.logistic(belief, 0.0757)
    return said.cdf(high) - said.cdf(low)


class TestDigits:
    @pytest.mark.parametrize(("number", "grids"), BY_HAND.items())
    @pytest.mark.parametrize("away", [-0.5, 0.0, 0.2])
    def test_counts(self, make, number, grids, away):
        at = math.log(number) + away
        wanted = sum(weight * chance(*np.log(ends), at) for weight, *ends in grids)
        assert math.exp(make.weigh(EXACT, number, at)[0, 0]) == pytest.approx(wanted, rel=1e-8)

    @pytest.mark.parametrize(("number", "grids"), SHARES.items())
    def test_shares(self, make, number, grids):
        at = logit(number) + 0.1
        wanted = sum(weight * chance(logit(low), logit(high), at) for weight, low, high in grids)
        got = make.weigh(EXACT, number, at, share=True)[0, 0]
        assert math.exp(got) == pytest.approx(wanted, rel=1e-8)

    def test_an_enumeration_prints_two_digits_or_all(self, make):
        at = math.log(600)
        wide, narrow = (chance(*np.log(ends), at) for ends in ((595, 605), (599.5, 600.5)))
        got = make.weigh(EXACT, 600, at, method=0)[0, 0]
        assert math.exp(got) == pytest.approx(0.1 * wide + 0.9 * narrow, rel=1e-8)

    def test_one_stands_for_anything_below_one_and_a_half(self):
        _, low, high = printing.cells_of(np.array([1.0]), np.zeros(1), np.array([1]))
        assert low[0, -1] == pytest.approx(math.log(0.1))
        assert high[0, -1] == pytest.approx(math.log(1.5))

    def test_the_chances_of_the_grids_add_to_one(self):
        assert printing.GRID_WEIGHTS.sum(axis=1) == pytest.approx(1.0)

    @given(
        st.sampled_from(["exact", "about", "nearly", "at least", "more than", "up to"]),
        st.floats(0.001, 99.99),
        st.sampled_from([0, 1]),
        st.integers(0, 6),
    )
    @settings(deadline=None)
    def test_every_share_has_a_probability(self, make, name, percent, method, decimals):
        number = max(round(percent, decimals), 0.0001)
        if number < 100:
            found = make.weigh(law(name), number, 0.3, method=method, share=True)
            assert np.isfinite(found).all()
            assert found[0, 0] < 0


@given(st.floats(0.01, 99.9), st.floats(1, 1e7))
def test_scales_there_and_back(percent, persons):
    for number, is_share in ((percent, True), (persons, False)):
        there = printing.to_scale(number, is_share)
        assert printing.from_scale(there, is_share) == pytest.approx(number, rel=1e-9)


def test_an_estimate_prints_rounder_numbers_than_an_enumeration():
    rng = np.random.default_rng(8)
    said = np.full(20_000, math.log(2347))
    for method, wanted in ((0, {2347: 0.9, 2300: 0.1}), (1, {2347: 0.1, 2300: 0.3, 2000: 0.45})):
        printed = printing.print_number(rng, said, np.zeros(20_000), np.full(20_000, method))
        for number, share in wanted.items():
            assert np.mean(printed == number) == pytest.approx(share, abs=0.015)
    assert np.mean(printed == 2500) == pytest.approx(0.15, abs=0.015)
