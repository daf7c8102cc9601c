"""All interactions, shrunk: slopes, identities, brute force, published tables, calibration."""

from itertools import product

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import logsumexp
from scipy.stats import chisquare

from estimators.inference.lists.shrinkage_calibration import calibration_ranks, planted
from estimators.inference.lists.shrinkage_fit import fit_shrinkage, unseen
from estimators.inference.lists.shrinkage_native import start
from estimators.models.lists.likelihood import grid
from estimators.models.lists.shrinkage import (
    effects,
    missed_of,
    seen_chances,
    spreads,
    value_and_slope,
)
from estimators.models.lists.shrinkage_prior import Shrinkage, arrays_of, drawn, size
from estimators.models.lists.table import Table

KOSOVO = [1131, 845, 177, 936, 228, 217, 181, 306, 106, 31, 18, 123, 42, 32, 27]
SPINA = [244, 48, 142, 60, 111, 4, 12]
SPARSE = [40, 30, 6, 20, 0, 0, 0]  # no maximum of the likelihood exists for most models
PRIORS = [
    Shrinkage(),
    Shrinkage(local_df=1.0),
    Shrinkage(departure=0.7),
    Shrinkage(local_df=3.0, departure=0.2, slab=1.0),
]


def table_of(counts):
    held = np.flatnonzero(counts) + 1
    lists = len(counts).bit_length()
    names = tuple(f"L{k + 1}" for k in range(lists))
    return Table(names, held, np.array(counts, dtype=np.int64)[held - 1])


@pytest.mark.parametrize("prior", PRIORS)
@pytest.mark.parametrize("counts", [KOSOVO, SPARSE])
def test_the_slope_is_that_of_finite_differences(prior, counts):
    arrays = arrays_of(table_of(counts), prior)
    y = 0.7 * np.random.default_rng(4).standard_normal(size(arrays))
    slope, step = value_and_slope(y, arrays)[1], 1e-5
    for k, unit in enumerate(np.eye(len(y)) * step):
        above, below = (value_and_slope(y + s * unit, arrays)[0] for s in (1, -1))
        assert slope[k] == pytest.approx((above - below) / (2 * step), rel=1e-5, abs=1e-4)


def test_the_density_is_that_written_out():
    prior = Shrinkage(local_df=2.0, departure=0.5)
    arrays = arrays_of(table_of(SPINA), prior)
    found = []
    for seed in range(5):
        y = 0.5 * np.random.default_rng(seed).standard_normal(size(arrays))
        found.append(value_and_slope(y, arrays)[0] - written_out(y, arrays, prior))
    np.testing.assert_allclose(found, found[0], atol=1e-9)  # up to a constant


def written_out(y, arrays, prior):
    """The log density of the unknowns, by the formulas, history by history."""
    tau, lam = np.exp(y[7]), np.exp(y[8:])
    raw = tau * lam
    sd = prior.slab * raw / np.sqrt(prior.slab**2 + raw**2)
    theta = dict(zip(arrays.term, y[:7], strict=True))
    total = 0.0
    for place, s in zip((3, 4, 5), sd, strict=True):
        w = arrays.centred[place]
        theta[arrays.term[place]] = y[place] * s ** (1 - w)
        total += -0.5 * (y[place] * s ** (1 - w) / s) ** 2 - np.log(s) + (1 - w) * np.log(s)
    total += sum(-0.5 * ((theta[1 << k] - prior.main[0]) / prior.main[1]) ** 2 for k in range(3))
    total += -0.5 * (theta[7] / prior.departure) ** 2
    df = prior.df
    total += y[7] - (df + 1) / 2 * np.log(1 + tau**2 / (df * prior.scale**2))
    total += (y[8:] - 1.5 * np.log(1 + lam**2 / 2.0)).sum()
    odds = {h: sum(t for term, t in theta.items() if term & ~h == 0) for h in range(1, 8)}
    whole = logsumexp(list(odds.values()))
    return total + sum(n * (odds[h] - whole) for h, n in enumerate(SPINA, 1))


def test_chances_are_those_of_all_histories_listed():
    rng = np.random.default_rng(1)
    arrays = arrays_of(table_of(KOSOVO), Shrinkage(departure=1.0))
    effect = rng.normal(size=len(arrays.term))
    odds = [
        np.exp(sum(e for e, t in zip(effect, arrays.term, strict=True) if t & ~h == 0))
        for h in range(16)
    ]
    assert missed_of(effect, arrays.term, 4) == pytest.approx(1 / sum(odds))
    seen = np.array([0.0, *odds[1:]]) / sum(odds[1:])
    np.testing.assert_allclose(seen_chances(effect, arrays.term, 4), seen)


def test_spreads_do_not_pass_the_slab():
    arrays = arrays_of(table_of(SPINA), Shrinkage(slab=2.0))
    for at in (-5.0, 0.0, 5.0, 500.0):
        y = np.zeros(size(arrays))
        y[-1] = at
        log_sd, kept = spreads(y, arrays)
        t = np.exp(np.longdouble(at))
        assert log_sd[4] == pytest.approx(float(np.log(2 * t / np.sqrt(4 + t * t))))
        assert 0.0 <= kept[4] <= 1.0
        assert log_sd[0] == 0.0


def test_the_highest_interaction_is_left_out_unless_asked_for():
    assert len(arrays_of(table_of(KOSOVO), Shrinkage()).term) == 14
    asked = arrays_of(table_of(KOSOVO), Shrinkage(departure=0.3))
    assert (asked.term[-1], asked.group[-1], asked.sd[-1]) == (15, -1, 0.3)


def independent_posterior(counts, prior, at):
    """The distribution function of p0 under independence, by a sum over a lattice of effects."""
    histories = np.arange(8)
    on = histories[:, None] >> np.arange(3) & 1
    lattice = np.linspace(-3.0, 2.0, 90)
    theta = np.array(list(product(lattice, repeat=3)))
    odds = theta @ on.T
    likely = odds[:, 1:] @ counts - sum(counts) * logsumexp(odds[:, 1:], axis=1)
    likely -= 0.5 * (((theta - prior.main[0]) / prior.main[1]) ** 2).sum(axis=1)
    chance = np.exp(likely - logsumexp(likely))
    missed = np.exp(-logsumexp(odds, axis=1))
    return np.array([chance[missed <= place].sum() for place in at])


def test_without_room_for_interactions_it_is_independence_by_brute_force():
    prior = Shrinkage(scale=1e-4)
    counts = np.array([12, 9, 8, 7, 6, 3, 3])
    found = fit_shrinkage(table_of(counts), prior, seed=3, draws=1500)
    at = np.quantile(found.missed, [0.1, 0.5, 0.9])
    below = independent_posterior(counts, prior, at)
    np.testing.assert_allclose(below, [0.1, 0.5, 0.9], atol=0.03)


def test_kosovo_is_sampled_well_and_holds_the_census():
    found = fit_shrinkage(table_of(KOSOVO), seed=1)
    low, middle, high = found.interval()
    assert low < 10_401 < high  # the Kosovo Memory Book
    assert middle == pytest.approx(10_100, rel=0.05)
    assert found.rhat < 1.01
    assert found.ess > 400
    assert found.converged
    assert found.missed.shape == found.count.shape == (4, 1000)
    assert found.effect.shape == (4, 1000, 14)


def test_the_likelihood_times_one_over_n_gives_the_draws_back():
    found = fit_shrinkage(table_of(SPINA), seed=2)
    held = found.likelihood
    ends = [0.05, 0.5, 0.95]
    np.testing.assert_allclose(held.quantile(ends), np.quantile(found.count, ends), rtol=0.02)
    assert held.near_top() < 1e-3
    other = found.likelihood_at(grid(621, 1500.0))
    np.testing.assert_allclose(other.quantile(ends), held.quantile(ends), rtol=0.02)


def test_where_no_maximum_exists_the_prior_still_answers_and_the_tail_is_long():
    found = fit_shrinkage(table_of(SPARSE), seed=2)
    low, middle, high = found.interval()
    assert found.rhat < 1.02
    assert 96 < low < middle < high < 1e6
    assert high > 5 * low


def test_the_same_seed_gives_the_same_draws():
    brief = {"draws": 50, "tune": 100, "chains": 2, "acceptance": (0.9,)}
    one, two = (fit_shrinkage(table_of(SPINA), seed=9, **brief) for _ in range(2))
    np.testing.assert_array_equal(one.count, two.count)


def test_a_departure_is_what_its_prior_says():
    brief = {"draws": 1500, "acceptance": (0.97,)}
    found = fit_shrinkage(table_of(KOSOVO), Shrinkage(departure=0.1), seed=5, **brief)
    assert found.effect[..., -1].std() == pytest.approx(0.1, rel=0.1)
    assert "0.1" in found.assumption


def test_chains_start_far_apart_and_allowed():
    arrays = arrays_of(table_of(KOSOVO), Shrinkage())
    begun = [start(arrays, np.random.default_rng(seed)) for seed in range(20)]
    missed = [missed_of(effects(y, arrays), arrays.term, 4) for y in begun]
    assert max(missed) - min(missed) > 0.4
    assert all(np.isfinite(value_and_slope(y, arrays)[0]) for y in begun)


def test_the_unseen_are_negative_binomial():
    drawn_unseen = unseen(50, np.full(40_000, 0.6), np.random.default_rng(0))
    assert drawn_unseen.mean() == pytest.approx(50 * 0.6 / 0.4, rel=0.01)
    assert drawn_unseen.var() == pytest.approx(50 * 0.6 / 0.4**2, rel=0.04)


def test_prior_draws_have_the_spread_that_is_stated():
    prior = Shrinkage(main=(-1.0, 0.5), scale=0.8, df=5.0, slab=1.5, departure=0.25)
    arrays = arrays_of(table_of(SPINA), prior)
    rng = np.random.default_rng(0)
    made = np.array([drawn(arrays, rng) for _ in range(20_000)])
    np.testing.assert_allclose(made[:, :3].mean(axis=0), -1.0, atol=0.02)
    np.testing.assert_allclose(made[:, :3].std(axis=0), 0.5, rtol=0.03)
    assert made[:, -1].std() == pytest.approx(0.25, rel=0.03)

    def weighted(t):
        half_t = (1 + t * t / (5 * 0.64)) ** -3.0
        return np.array([half_t, half_t * 2.25 * t * t / (2.25 + t * t)])

    norm, second = (quad(lambda t, k=k: weighted(t)[k], 0, np.inf)[0] for k in range(2))
    np.testing.assert_allclose(made[:, 3:6].var(axis=0), second / norm, rtol=0.06)


def test_planted_tables_hold_as_many_as_asked():
    arrays = arrays_of(table_of(SPINA), Shrinkage())
    table, missed = planted(("A", "B", "C"), 250, arrays, np.random.default_rng(2))
    assert table.n == 250
    assert 0.0 < missed < 1.0


def test_what_it_rests_on_is_said():
    found = fit_shrinkage(table_of(SPINA), draws=50, tune=100, acceptance=(0.9,))
    assert "no interaction of all 3 lists" in found.assumption
    assert found.assumption in found.describe()
    assert "do not agree" in found.describe()  # 200 draws are too few


def test_wrong_priors_and_tables_are_refused():
    with pytest.raises(ValueError, match="slab must be above zero"):
        Shrinkage(slab=0.0)
    with pytest.raises(ValueError, match="departure must be zero"):
        Shrinkage(departure=-1.0)
    with pytest.raises(ValueError, match="3 to 10 lists; got 2"):
        arrays_of(table_of([5, 4, 3]), Shrinkage())


@pytest.mark.slow
def test_ranks_of_planted_chances_are_even():
    ranks = calibration_ranks(lists=3, n=300, fits=60, seed=5)
    assert chisquare(np.bincount(ranks // 20, minlength=5)).pvalue > 0.001
