"""What is drawn is what is weighed: frequencies of printed things against exp(logp)."""

import math

import numpy as np
import pytest
from scipy import stats

from estimators.models import cells, printing
from estimators.models.law import Law
from estimators.models.laws import LAWS

DRAWS = 40_000
NUMBERS = {
    **{name: law for name, law in LAWS.items() if law.code != cells.TABLE and law.sigma},
    "odd": Law("odd", cells.POINT, 0.12),
    "skewed": Law("skewed", cells.TABLE, 0.2, error=stats.skewnorm(3, scale=0.2)),
}
each_number = pytest.mark.parametrize("law", NUMBERS.values(), ids=NUMBERS)


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


def said(law, seed, belief, n=DRAWS):
    rng = np.random.default_rng(seed)
    return law.draw(rng, np.full(n, belief), np.full(n, law.sigma), np.full(n, law.slack)), rng


@pytest.mark.parametrize("method", [0, 1], ids=printing.METHODS)
@each_number
class TestNumbers:
    @pytest.mark.parametrize("number", [30, 97, 640])
    def test_counts(self, make, law, method, number):
        given, rng = said(law, [number, method], math.log(number))
        drawn = printing.print_number(rng, given, np.zeros(DRAWS), np.full(DRAWS, method))
        assert np.all(drawn == np.round(drawn))
        values = np.arange(1.0, 20_001.0)
        found = make.weigh(law, values, math.log(number), method=method)
        agree(drawn, values, np.exp(found[:, 0]))

    @pytest.mark.parametrize("percent", [35, 72, 92])
    def test_shares(self, make, law, method, percent):
        belief = math.log(percent / (100 - percent))
        given, rng = said(law, [percent, method], belief)
        drawn = printing.print_number(rng, given, np.ones(DRAWS), np.full(DRAWS, method))
        values = np.arange(1.0, 101.0)
        found = make.weigh(law, values, belief, method=method, share=True)
        agree(drawn, values, np.exp(found[:, 0]))


@each_number
@pytest.mark.parametrize("method", printing.METHODS)
def test_the_two_faces_of_a_law_are_the_loops(make, law, method):
    """`logp` and `random` are what a reader tries in a notebook: the same as the model's."""
    for number in (30, 600, 617):
        wanted = make.weigh(law, number, math.log(550), method=printing.METHODS.index(method))
        assert law.logp(number, 550, method) == pytest.approx(wanted[0, 0], rel=1e-6)
    drawn = law.random(np.random.default_rng(1), 550, method, size=4000)
    assert drawn.shape == (4000,)
    near = [number for number, _ in zip(*np.unique(drawn, return_counts=True), strict=True)]
    chance = math.exp(law.logp(near[len(near) // 2], 550, method))
    often = np.mean(drawn == near[len(near) // 2])
    assert often == pytest.approx(chance, abs=5 * math.sqrt(0.25 / 4000))
    assert law.random(np.random.default_rng(1), np.array([60.0, 600.0])).shape == (2,)


@pytest.mark.parametrize(
    "law",
    [Law("between", cells.NORMAL, 0.47), Law("estimate", cells.SPLIT, 0.47, 0.2)],
    ids=lambda law: law.name,
)
@pytest.mark.parametrize("half", [0.17, 0.02])
@pytest.mark.parametrize("away", [0.0, 0.3])
def test_pairs(make, law, half, away):
    drawn, _ = said(law, 5, 6.9 + away)
    steps = np.arange(-150, 151)
    found = make.weigh(law, 6.9 + 2.0 * half * steps, 6.9 + away, half=half)
    agree(np.round((drawn - 6.9) / (2 * half)), steps, np.exp(found[:, 0]))


def test_a_best_estimate_leans_to_its_longer_side():
    """High lies further away than low: the truth is more often above the best than below."""
    drawn, _ = said(Law("estimate", cells.SPLIT, 0.4, 0.2), 3, 0.0)
    assert np.mean(drawn < 0.0) == pytest.approx(2 / 3, abs=0.01)
    assert np.std(drawn[drawn < 0]) / np.std(drawn[drawn > 0]) == pytest.approx(2.0, rel=0.05)


def test_a_floor_is_said_below_and_a_ceiling_above():
    for name, wanted in {
        "more than": 1 / 1.28,
        "at least": 1 / 1.40,
        "up to": 1.5,
        "fewer than": 1.25,
        "could reach": 1.79,
    }.items():
        median = math.exp(np.median(said(LAWS[name], 2, 0.0)[0]))
        assert median == pytest.approx(wanted, rel=0.04), name
    assert np.median(said(LAWS["nearly"], 2, 0.0)[0]) > 0.0
    assert np.median(said(LAWS["exact"], 2, 0.0)[0]) == pytest.approx(0.0, abs=0.005)
