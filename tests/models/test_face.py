"""The PyMC model is the compiled density, and its draws are those of the laws."""

import numpy as np
import pymc as pm
import pytest

from estimators.evidence.wording import Exactly
from estimators.inference.compute import Compiled, Draws
from estimators.models import density
from estimators.models.assumptions import Assumptions
from estimators.models.choosing import assumptions_of
from estimators.models.face import model
from estimators.models.joint import Joint

QUICK = {"mode": "FAST_COMPILE"}


@pytest.fixture(scope="module")
def built(every_law):
    return model(every_law)


@pytest.fixture(scope="module")
def plain(every_law):
    return Joint(every_law, Assumptions())


def test_log_density_and_gradient_are_those_that_are_sampled(built, plain):
    logp, dlogp = built.compile_logp(**QUICK), built.compile_dlogp(**QUICK)
    data = plain.data()
    for seed in range(4):
        z = 0.7 * np.random.default_rng(seed).standard_normal(len(plain.names))
        value, slope = density.density(z, plain.structure, data)
        wanted = value - 0.5 * len(z) * np.log(2 * np.pi)
        assert float(logp({"z": z})) == pytest.approx(wanted, rel=1e-12)
        assert dlogp({"z": z}) == pytest.approx(slope, rel=1e-10, abs=1e-10)


def test_prior_predictive_draws_look_like_the_laws(built, plain):
    with built:
        drawn = pm.sample_prior_predictive(
            2000, random_seed=1, compile_kwargs=QUICK, var_names=["z", "belief", "count", "said"]
        )
    said = drawn["prior_predictive"]["said"].values[0]
    z = drawn["prior"]["z"].values[0]
    made = plain.follow(z, plain.data())
    assert drawn["prior"]["belief"].values[0] == pytest.approx(made["belief"])
    assert drawn["prior"]["count"].values[0] == pytest.approx(made["count"])
    wanted = plain.laws().draw(
        np.random.default_rng(2),
        made["belief"],
        *(np.exp(made[f"log_{x}"]) for x in ("sigma", "slack")),
    )
    assert said.shape == wanted.shape
    for mine, theirs in zip(said.T, wanted.T, strict=True):
        for number in np.quantile(theirs, [0.1, 0.3, 0.5, 0.7, 0.9]):
            assert np.mean(mine <= number) == pytest.approx(np.mean(theirs <= number), abs=0.06)
        assert len(np.unique(mine)) > 1 or len(np.unique(theirs)) == 1


def test_pymc_samples_it(make):
    study = make.study(
        [make.count("a", make.stated(100, 4000))],
        [make.claim("1", "a", Exactly(700), "r1"), make.claim("2", "a", Exactly(800), "m1")],
    )
    with model(study):
        given = {"progressbar": False, "random_seed": 1, "compute_convergence_checks": False}
        found = pm.sample(200, tune=200, chains=1, compile_kwargs=QUICK, **given)
        more = pm.sample_posterior_predictive(
            found, random_seed=1, progressbar=False, compile_kwargs=QUICK
        )
    low, high = np.quantile(found["posterior"]["count"].values, [0.05, 0.95])
    ours = Compiled.of(study, assumptions_of(study)).sample(Draws(1000, 300, 2), 1)
    wanted = np.quantile(ours["posterior"]["count"].values, [0.05, 0.95])
    assert np.log([low, high]) == pytest.approx(np.log(wanted), abs=0.3)
    assert more["posterior_predictive"]["said"].shape == (1, 200, 2)
