"""The sampler of latent classes: exact on what can be had otherwise."""

import numpy as np
import pytest

from estimators.inference.lists.latent_sampler import FREE, TIED, sample
from estimators.models.lists.latent_tree import ClassPrior, tree_of
from estimators.models.lists.table import Table

PRIOR = ClassPrior(on=1.0, off=2.0, shape=1.5, rate=1.0)
FEW = Table(("A", "B", "C"), np.array([1, 2, 3, 4, 5, 7]), np.array([5, 3, 2, 4, 1, 2]))


def prior_draws(rng, size, classes, lists):
    """Shares and chances from the prior: (size, classes) and (size, classes, lists)."""
    alpha = rng.gamma(PRIOR.shape, size=(size, 1)) / PRIOR.rate
    v = np.append(
        -np.expm1(-rng.exponential(size=(size, classes - 1)) / alpha), np.ones((size, 1)), 1
    )
    share = v * np.append(np.ones((size, 1)), np.cumprod(1.0 - v[:, :-1], axis=1), axis=1)
    return share, rng.beta(PRIOR.on, PRIOR.off, size=(size, classes, lists))


def quantiles_agree(draws, values, weights, error):
    """Whether weighted values have the quantiles of draws, in probability."""
    for at in (0.05, 0.25, 0.5, 0.75, 0.95):
        here = np.quantile(draws, at)
        assert weights @ (values < here) == pytest.approx(at, abs=error)


@pytest.mark.parametrize("strengths", [FREE, (1.0, 0.3, 0.1, 0.0)])
def test_without_anybody_the_prior_comes_back(strengths):
    """Trajectories, exchanged labels and ties leave what they should as it is."""
    nobody = tree_of(FEW, 4, PRIOR)._replace(
        persons=0.0, count=np.zeros(len(tree_of(FEW, 4).count))
    )
    found = sample(nobody, (6000, 600), seed=1, strengths=strengths, cores=1)
    share, chance = prior_draws(np.random.default_rng(2), 100_000, 4, 3)
    even = np.full(len(share), 1.0 / len(share))
    for k in range(4):
        quantiles_agree(found.share[..., k], share[:, k], even, 0.02)
    missed = (share * np.prod(1.0 - chance, axis=2)).sum(axis=1)
    quantiles_agree(1.0 - found.seen, missed, even, 0.02)


@pytest.mark.parametrize("strengths", [FREE, TIED])
def test_posterior_is_that_of_weighted_draws_from_the_prior(strengths):
    found = sample(tree_of(FEW, 3, PRIOR), (6000, 600), seed=3, strengths=strengths, cores=1)
    share, chance = prior_draws(np.random.default_rng(4), 400_000, 3, 3)
    seen = 1.0 - (share * np.prod(1.0 - chance, axis=2)).sum(axis=1)
    log = -FEW.n * np.log(seen)
    for on, count in zip(FEW.on, FEW.count, strict=True):
        cell = (share * np.where(on, chance, 1.0 - chance).prod(axis=2)).sum(axis=1)
        log += count * np.log(cell)
    weights = np.exp(log - log.max())
    weights /= weights.sum()
    assert 1.0 / np.sum(weights**2) > 2_000
    quantiles_agree(found.seen, seen, weights, 0.03)
    quantiles_agree(found.share.max(axis=-1), share.max(axis=1), weights, 0.03)


def test_persons_of_classes_add_up_to_those_on_the_lists():
    found = sample(tree_of(FEW, 5), (200, 100), seed=5, chains=2)
    assert found.persons.sum(axis=-1) == pytest.approx(FEW.n)
    assert found.share.sum(axis=-1) == pytest.approx(1.0)


def test_the_same_seed_gives_the_same_draws_whatever_the_cores():
    one, two = (
        sample(tree_of(FEW, 4), (100, 100), seed=6, strengths=(0.5, 0.1, 0.0), cores=cores)
        for cores in (1, 2)
    )
    assert np.array_equal(one.seen, two.seen)
    assert len(np.unique(one.seen[:, 0])) == 4


def test_walkers_travel_between_tied_and_free():
    found = sample(tree_of(FEW, 4), (1000, 500), seed=7, strengths=TIED)
    assert found.trips.min() >= 10
    assert found.swap.min() > 0.2
    assert found.strength.shape == (len(TIED),)


def test_strengths_that_do_not_fall_to_nothing_are_refused():
    with pytest.raises(ValueError, match="strengths must fall to 0"):
        sample(tree_of(FEW, 4), seed=1, strengths=(1.0, 0.5))
