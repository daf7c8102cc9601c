"""Priors of the number of people, departures from an assumption, and mixtures of replicates."""

import numpy as np
import pytest
from scipy import stats

from estimators.models.lists.likelihood import Likelihood, grid, unseen_likelihood
from estimators.models.lists.priors import departed, expansion_prior, mixed

ENDS = np.array([0.05, 0.5, 0.95])


def told(n=400, missed=0.5, top=20_000):
    count = grid(n, top)
    draws = np.random.default_rng(4).beta(60 * missed, 60 * (1 - missed), 500)
    return Likelihood(n, count, unseen_likelihood(n, draws, count))


def test_posterior_of_draws_is_that_of_the_unseen():
    rng = np.random.default_rng(2)
    missed = rng.beta(30, 30, 2000)
    count = grid(400, 20_000)
    made = Likelihood(400, count, unseen_likelihood(400, missed, count)).quantile(ENDS)
    drawn = 400 + stats.nbinom.rvs(400, 1 - np.repeat(missed, 50), random_state=3)
    assert made == pytest.approx(np.quantile(drawn, ENDS), rel=0.01)


def test_the_grid_holds_all_numbers_or_few_that_stand_for_all():
    assert grid(10, 15).tolist() == [10, 11, 12, 13, 14, 15]
    coarse, fine = told(top=20_000), told(top=20_000)
    count = np.arange(400, 20_001, dtype=float)
    draws = np.random.default_rng(4).beta(30, 30, 500)
    exact = Likelihood(400, count, unseen_likelihood(400, draws, count))
    assert len(coarse.count) < len(exact.count)
    assert fine.quantile(ENDS) == pytest.approx(exact.quantile(ENDS), rel=0.003)
    assert np.exp(coarse.log_posterior()).sum() == pytest.approx(1.0)


def test_mass_near_the_top_is_told():
    assert told().near_top() < 1e-9
    assert told(missed=0.97, top=1500).near_top() > 0.05


def test_an_interval_of_the_expansion_factor_is_the_prior_it_says():
    count = np.arange(400, 200_000, dtype=float)
    flat = Likelihood(400, count, np.zeros(len(count)))
    ends = flat.quantile(ENDS, expansion_prior(400, 1.5, 6.0, count)) / 400
    assert ends[[0, 2]] == pytest.approx([1.5, 6.0], rel=0.02)


def test_a_departure_widens_and_one_around_one_leaves_the_middle_about_there():
    plain = told()
    wide = departed(plain, 0.5, 2.0)
    before, after = plain.quantile(ENDS), wide.quantile(ENDS)
    assert after[0] < before[0]
    assert after[2] > before[2]
    assert after[1] == pytest.approx(before[1], rel=0.02)
    unseen = np.log(plain.draw(np.random.default_rng(1), 40_000) - 400)
    factor = np.random.default_rng(2).normal(0, np.log(2) / 1.6449, 40_000)
    drawn = 400 + np.exp(unseen + factor)
    assert wide.quantile(ENDS)[2] == pytest.approx(np.quantile(drawn, 0.95), rel=0.02)


def test_no_departure_changes_nothing():
    plain = told()
    same = departed(plain, 0.9999, 1.0001)
    assert same.quantile(ENDS) == pytest.approx(plain.quantile(ENDS), rel=0.003)


def test_replicates_are_mixed_evenly():
    few, many = told(n=400, missed=0.3), told(n=420, missed=0.8)
    both = mixed([few, many])
    at = 1000.0
    below = np.array([np.exp(one.log_posterior())[one.count <= at].sum() for one in (few, many)])
    assert np.exp(both.log_posterior())[both.count <= at].sum() == pytest.approx(
        below.mean(), abs=0.01
    )


@pytest.mark.parametrize("ends", [(0.5, 2.0), (3.0, 2.0)])
def test_what_is_no_expansion_factor_is_refused(ends):
    with pytest.raises(ValueError, match="expansion factor"):
        expansion_prior(100, *ends, np.arange(100.0, 200.0))
