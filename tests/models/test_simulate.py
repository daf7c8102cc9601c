"""What is drawn is what is weighed: frequencies of printed things against exp(logp)."""

import math

import numpy as np
import pytest
from scipy import stats

from estimators.models import kernels, simulate

DRAWS = 40_000
NUMBERS = {
    "point": ("point", (0.1, 0.0, 0.0)),
    "odd": ("point", (0.12, 0.0, 0.0)),
    "nearly": ("nearly", (0.05, 0.0, 0.0)),
    "more than": ("bound", (0.2, 0.3, 1.0)),
    "at least": ("bound", (0.3, 0.4, 1.0)),
    "up to": ("bound", (0.3, 0.45, -1.0)),
    "fewer than": ("bound", (0.2, 0.3, -1.0)),
}


def agree(drawn, values, chances):
    """Assert by chi-square that draws have these chances; rare values are taken together."""
    counts = np.array([np.sum(drawn == value) for value in values])
    often = chances * len(drawn) >= 8
    expected = np.append(chances[often], 1.0 - chances[often].sum()) * len(drawn)
    observed = np.append(counts[often], len(drawn) - counts[often].sum())
    if expected[-1] < 8:
        assert observed[-1] < 30
        observed, expected = (
            observed[:-1],
            expected[:-1] * observed[:-1].sum() / expected[:-1].sum(),
        )
    assert len(expected) > 2
    assert stats.chisquare(observed, expected).pvalue > 1e-4


def logp_of(law, shape, values, belief, share, method):
    n = len(values)
    cells = kernels.cells_of(values, np.full(n, share), np.full(n, method))
    return kernels.LOOPS[law](*cells, np.full(n, belief), np.tile(shape, (n, 1)))[0]


@pytest.mark.parametrize("method", [0, 1], ids=kernels.METHODS)
@pytest.mark.parametrize(("law", "shape"), NUMBERS.values(), ids=NUMBERS)
class TestNumbers:
    @pytest.mark.parametrize("number", [30, 97, 640])
    def test_counts(self, law, shape, method, number):
        belief, rng = math.log(number), np.random.default_rng([number, method])
        drawn = simulate.RANDOM[law](
            rng, np.full(DRAWS, belief), *(np.full(DRAWS, float(x)) for x in (0, method, *shape))
        )
        values = np.arange(1.0, 20_001.0)
        chances = np.exp(logp_of(law, shape, values, belief, 0.0, float(method)))
        assert np.all(drawn == np.round(drawn))
        agree(drawn, values, chances)

    @pytest.mark.parametrize("percent", [35, 72, 92])
    def test_shares(self, law, shape, method, percent):
        belief, rng = math.log(percent / (100 - percent)), np.random.default_rng([percent, method])
        drawn = simulate.RANDOM[law](
            rng, np.full(DRAWS, belief), *(np.full(DRAWS, float(x)) for x in (1, method, *shape))
        )
        values = np.arange(1.0, 101.0)
        agree(drawn, values, np.exp(logp_of(law, shape, values, belief, 1.0, float(method))))


@pytest.mark.parametrize(("sigma", "half"), [(0.47, 0.17), (0.1, 0.02), (0.04, 0.14)])
@pytest.mark.parametrize("away", [0.0, 0.3])
def test_pairs(sigma, half, away):
    rng, origin = np.random.default_rng(5), 6.9
    full = [np.full(DRAWS, x) for x in (origin + away * sigma, sigma, half, origin)]
    drawn = simulate.between(rng, *full)
    places = np.round((drawn - origin) / (2 * half))
    assert drawn == pytest.approx(origin + 2 * half * places)
    steps = np.arange(-60, 61)
    middle = origin + 2 * half * steps
    logp, _ = kernels.LOOPS["between"](
        middle - half, middle + half, np.full(121, origin + away * sigma), np.full(121, sigma)
    )
    assert np.exp(logp).sum() == pytest.approx(1.0, abs=1e-6)
    if sigma > half:
        agree(places, steps, np.exp(logp))


@pytest.mark.parametrize("belief", [1.7, 3.9, 5.9, 8.3, 14.0])
def test_words(belief):
    drawn = simulate.word(np.random.default_rng(6), np.full(DRAWS, belief))
    logp, _ = kernels.LOOPS["word"](np.arange(11), np.full(11, belief))
    chances = np.exp(logp)
    counts = np.bincount(drawn.astype(int), minlength=11)
    assert counts / DRAWS == pytest.approx(chances, abs=4.5 * math.sqrt(0.25 / DRAWS))


def test_the_last_axis_is_that_of_the_claims():
    rng = np.random.default_rng(7)
    belief = np.log(np.array([60.0, 600.0, 6000.0])) + np.zeros((500, 2, 1))
    law = [np.array(x) for x in ([0, 0, 0], [0, 1, 1], [0.05, 0.1, 0.1], [0.0] * 3, [0.0] * 3)]
    drawn = simulate.point(rng, belief, *law)
    assert drawn.shape == (500, 2, 3)
    assert np.median(drawn, axis=(0, 1)) == pytest.approx([60, 600, 6000], rel=0.05)


def test_an_estimate_prints_rounder_numbers_than_an_enumeration():
    rng = np.random.default_rng(8)
    said = np.full(20_000, math.log(2347))
    for method, wanted in ((0, {2347: 0.9, 2300: 0.1}), (1, {2347: 0.1, 2300: 0.3, 2000: 0.45})):
        printed = simulate.print_number(rng, said, np.zeros(20_000), np.full(20_000, method))
        for number, chance in wanted.items():
            assert np.mean(printed == number) == pytest.approx(chance, abs=0.015)
    assert np.mean(printed == 2500) == pytest.approx(0.15, abs=0.015)
