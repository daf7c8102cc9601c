"""Fits of latent classes to published lists, calibration, and what is said where modes differ."""

import csv
import os
import warnings
from pathlib import Path

import numpy as np
import pytest

from estimators.inference.lists.latent_fit import (
    ASSUMPTION,
    MOST_RHAT,
    Unmixed,
    by_classes,
    fit_latent,
)
from estimators.models.lists.latent_simulate import simulate
from estimators.models.lists.latent_tree import ClassPrior
from estimators.models.lists.table import Table

# Killings in Kosovo, 1999, on the lists EXH, ABA, OSCE, HRW: Ball et al. (2002), report to the
# ICTY. Bit k of a history is set for those on list k.
KOSOVO = Table(
    ("EXH", "ABA", "OSCE", "HRW"),
    np.arange(1, 16),
    np.array([1131, 845, 177, 936, 228, 217, 181, 306, 106, 31, 18, 123, 42, 32, 27]),
)
# Medians and 95 % intervals of LCMCR 0.4.14, K = 10, on tables of UNDERCOUNT_DATA/lists.
LCMCR = {
    "spina": (729, 678, 820),
    "Congenital": (628, 589, 726),
    "HIV": (10_842, 9_327, 12_863),
    "brighton_total": (1_643, 1_463, 1_915),
    "PH_manila_police": (570, 535, 650),
}


def published(name):
    path = Path(os.environ.get("UNDERCOUNT_DATA", "")) / "lists" / f"{name}.csv"
    if not os.environ.get("UNDERCOUNT_DATA") or not path.is_file():
        pytest.skip(f"set UNDERCOUNT_DATA to the folder that holds lists/{name}.csv")
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    lists = [name for name in rows[0] if name not in ("count", "eth")]
    counts = {}
    for row in rows:
        history = sum(int(row[id]) << k for k, id in enumerate(lists))
        counts[history] = counts.get(history, 0) + int(row["count"])
    cells = sorted((history, count) for history, count in counts.items() if history and count)
    return Table(tuple(lists), *np.array(cells).T)


@pytest.fixture(scope="module")
def kosovo():
    return fit_latent(KOSOVO, seed=1)


def test_kosovo_is_as_by_gibbs_sampling(kosovo):
    low, middle, high = kosovo.quantile(0.025, 0.5, 0.975)
    assert middle == pytest.approx(10_445, rel=0.01)
    assert low == pytest.approx(9_000, rel=0.02)
    assert high == pytest.approx(13_930, rel=0.03)
    assert kosovo.mixed
    assert not kosovo.tempered
    assert kosovo.rhat < MOST_RHAT
    assert kosovo.ess > 2_000


def test_likelihood_has_the_quantiles_of_the_draws(kosovo):
    at = np.array([0.05, 0.5, 0.95])
    assert kosovo.likelihood.quantile(at) == pytest.approx(kosovo.quantile(*at), rel=0.015)
    assert kosovo.likelihood.near_top() < 1e-6


def test_a_fit_says_what_it_assumes(kosovo):
    told = kosovo.describe()
    assert ASSUMPTION in told
    assert "95 % interval" in told
    assert kosovo.weights.shape == (4, 4000, 10)
    assert np.all(np.diff(kosovo.weights, axis=-1) <= 0.0)
    assert 2.0 < kosovo.used_classes <= 10.0
    assert kosovo.missed.min() > 0.0


@pytest.mark.parametrize("name", LCMCR)
def test_published_lists_are_as_by_gibbs_sampling(name):
    heavy = name == "brighton_total"  # a tail of tables with a second class
    fit = fit_latent(published(name), seed=2, tempered=heavy, draws=1500 if heavy else 3000)
    median, low, high = LCMCR[name]
    assert fit.quantile(0.5)[0] == pytest.approx(median, rel=0.015)
    assert fit.quantile(0.025)[0] == pytest.approx(low, rel=0.025)
    assert fit.quantile(0.975)[0] == pytest.approx(high, rel=0.04)
    assert fit.mixed
    assert heavy or "no check" in " ".join(fit.said)


@pytest.mark.slow
def test_ned_5_has_two_modes_and_seeds_agree():
    """Plain chains stay in one of them; with ties they pass between 48,000 and 140,000."""
    fits = [fit_latent(published("Ned_5"), seed=seed) for seed in (1, 2)]
    shares = [float((fit.count > 80_000).mean()) for fit in fits]
    assert all(fit.mixed and fit.tempered for fit in fits)
    assert shares[0] == pytest.approx(shares[1], abs=0.06)
    assert 0.5 < np.mean(shares) < 0.9
    medians = [fit.quantile(0.5)[0] for fit in fits]
    assert medians[0] == pytest.approx(medians[1], rel=0.06)


@pytest.mark.slow
def test_ukdat_5_seeds_agree():
    fits = [fit_latent(published("UKdat_5"), seed=seed) for seed in (1, 2)]
    for at in (0.025, 0.5, 0.975):
        one, two = (fit.quantile(at)[0] for fit in fits)
        assert one == pytest.approx(two, rel=0.05)
    assert all(fit.mixed for fit in fits)


def test_chains_that_do_not_agree_are_never_silent():
    table = published("Ned_5")
    with pytest.warns(Unmixed, match="do not agree"):
        fit = fit_latent(table, seed=3, tempered=False, draws=300, tune=200)
    assert not fit.mixed
    assert "no number is told" in fit.describe()
    assert f"{fit.quantile(0.5)[0]:,.0f}" not in fit.describe()


def test_too_few_round_trips_are_said():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        fit = fit_latent(KOSOVO, seed=4, tempered=True, draws=60, tune=60)
    assert not fit.mixed
    assert any("from tied classes to free ones and back" in str(one.message) for one in caught)
    assert any("a mode may have been missed" in sentence for sentence in fit.said)


def test_a_row_for_each_number_of_classes():
    found = by_classes(KOSOVO, (6, 10), seed=5, tempered=False, draws=1500, tune=500)
    assert found["classes"].tolist() == [6, 10]
    assert found["mixed"].dtype == bool
    assert found["median"].between(8_000, 14_000).all()


def test_ranks_of_the_count_are_uniform():
    """Calibration: tables drawn from the model with N from 1/N between two ends."""
    rng, prior = np.random.default_rng(6), ClassPrior(shape=2.0, rate=2.0)
    ranks = []
    while len(ranks) < 60:
        count = int(np.exp(rng.uniform(np.log(40), np.log(400))))
        table, missed = simulate(4, count, rng, classes=3, prior=prior)
        assert 0.0 < missed < 1.0
        if table.n < 5:
            continue  # what is seen may be chosen by: ranks are uniform given any data
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Unmixed)
            fit = fit_latent(
                table, classes=3, seed=len(ranks), prior=prior, tempered=False, draws=400, tune=300
            )
        within = fit.count[(fit.count >= 40) & (fit.count <= 400)]
        ranks.append(float((within < count).mean() + 0.5 * (within == count).mean()))
    apart = np.abs(np.sort(ranks) - (np.arange(60) + 0.5) / 60).max()
    assert apart < 0.21  # Kolmogorov: exceeded once in a hundred


def test_one_chain_is_refused():
    with pytest.raises(ValueError, match="chains must be 2 or more, got 1"):
        fit_latent(KOSOVO, seed=1, chains=1)
