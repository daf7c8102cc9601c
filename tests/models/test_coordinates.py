"""The coordinates that are sampled: a change of variables, and nothing else."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from estimators.evidence.wording import Exactly
from estimators.inference.compute import Compiled, Draws
from estimators.models import density, quantiles
from estimators.models.arrays import errors_at, spreads_at
from estimators.models.assumptions import Assumptions
from estimators.models.centring import OWN, STRETCHED, own_scale, sampled_from, standard
from estimators.models.coordinates import _factored
from estimators.models.joint import Joint
from estimators.models.slopes import information_of, slopes_at


@pytest.fixture(params=["judged", "standing"])
def assumed(request, standing):
    return standing if request.param == "standing" else Assumptions()


def lower_of(frame):
    """Return the triangle of a frame, in the order of its unknowns."""
    n = len(frame.mode)
    return sparse.csc_array((frame.lower, frame.rows, frame.start), shape=(n, n)).toarray()


@given(st.integers(1, 6), st.integers(1, 8), st.integers(0, 10**6), st.booleans())
@settings(deadline=None, max_examples=40)
def test_a_frame_is_the_cholesky_factor_of_its_precision(claims, unknowns, seed, is_sparse):
    rng = np.random.default_rng(seed)
    slopes = rng.normal(size=(claims, unknowns)) * (rng.random((claims, unknowns)) < 0.5)
    slopes = slopes if is_sparse else rng.normal(size=(claims, unknowns))
    precision = np.eye(unknowns) + slopes.T @ np.diag(rng.uniform(0.001, 400, claims)) @ slopes
    mode = rng.normal(size=unknowns)
    frame = _factored(mode, sparse.csc_array(precision))
    lower, order = lower_of(frame), frame.order
    assert np.array_equal(lower, np.tril(lower))
    assert sorted(order) == list(range(unknowns))
    assert lower @ lower.T == pytest.approx(precision[np.ix_(order, order)], abs=1e-8)
    assert np.array_equal(frame.rows[frame.start[:-1]], np.arange(unknowns))  # diagonal first
    y = rng.normal(size=unknowns)
    z = density.unknowns(y, frame)
    assert lower.T @ (z - mode)[order] == pytest.approx(y, abs=1e-8)
    for place, step in enumerate(np.eye(unknowns)):
        rise = density.unknowns(y + step, frame) - z  # the transform is linear
        slope = rng.normal(size=unknowns)
        assert density.slope_at(slope, frame)[place] == pytest.approx(slope @ rise, abs=1e-8)


def test_unknowns_are_nearly_unrelated_in_the_frame_of_a_study(every_law):
    model = Joint(every_law, Assumptions())
    compiled = Compiled(model)
    data = model.data()
    frame, sampled = model.frame(data, compiled.known)
    tree = compiled._drawn(Draws(500, 200, 2), 1, frame, sampled, 0.9)
    y = tree["posterior"]["y"].values.reshape(-1, len(model.names))
    assert 0.5 < np.median(y.var(axis=0)) < 2.0
    related = np.corrcoef(y.T) - np.eye(len(model.names))
    assert np.mean(related**2) < 0.02


def test_what_is_well_known_is_sampled_itself(every_law, make):
    many = [make.claim(f"m{n}", "a", Exactly(600), f"m{n % 2 + 1}") for n in range(8)]
    model = Joint(replace(every_law, claims=(*every_law.claims, *many)), Assumptions())
    data = model.data()
    assert not data.error_kept.any()
    _, sampled = model.frame(data)
    kept = dict(zip(model.coords["effect"], sampled.error_kept, strict=True))
    assert kept["origin m1"] > kept["origin r1"] > 0.0
    assert kept["common all"] == 0.0  # its scale is stated
    heavy = dict(zip(model.coords["effect"], sampled.error_tails, strict=True))
    assert 2 in heavy.values()


def as_sampled(model, data, z):
    """Return data with errors centred one way and another, and the unknowns in them."""
    kept = np.where(data.error_free > 0, 0.7, 0.0)
    is_stretched = np.isin(data.error_tails, STRETCHED)
    has_own = is_stretched & (np.arange(len(kept)) % 2 == 0)
    kept = np.where(is_stretched & ~has_own, 0.0, kept)
    made = data._replace(error_kept=kept, error_tails=data.error_tails + has_own)
    return made, sampled_from(z, model.structure, made)


def test_sampling_errors_themselves_changes_the_variables_and_nothing_else(every_law, assumed):
    """The log densities differ by the log of the slope of the one unknown in the other."""
    model = Joint(every_law, assumed)
    data, s = model.data(), model.structure
    differences = []
    for seed in range(6):
        z = 0.8 * np.random.default_rng(seed).standard_normal((1, len(model.names)))
        made, x = as_sampled(model, data, z)
        assert standard(x, s, made) == pytest.approx(z, abs=1e-9)
        errors = errors_at(data)
        own = own_scale(z[0, spreads_at(s, data)], s, made)
        stretched = zip(z[0, errors], made.error_tails - 1, strict=True)
        slopes = [quantiles.heavy(*pair)[1] for pair in stretched]
        rise = own * np.where(np.isin(made.error_tails, OWN), slopes, 1.0)
        left = density.density(x[0], s, made)[0] + np.log(rise).sum()
        differences.append(left - density.density(z[0], s, data)[0])
        before, after = (density.follow(*at)[0] for at in ((z[0], s, data), (x[0], s, made)))
        for mine, others in zip(before, after, strict=True):
            assert others == pytest.approx(mine, rel=1e-10, abs=1e-10)
    assert differences == pytest.approx([differences[0]] * 6, abs=1e-8)


def test_the_gradient_of_errors_that_are_sampled_themselves(every_law, assumed):
    model = Joint(every_law, assumed)
    for seed in range(3):
        z = 0.7 * np.random.default_rng(seed).standard_normal((1, len(model.names)))
        made, x = as_sampled(model, model.data(), z)
        got = density.density(x[0], model.structure, made)[1]
        for place, step in enumerate(np.eye(len(got)) * 1e-6):
            ends = [density.density(x[0] + s, model.structure, made)[0] for s in (-step, step)]
            wanted = (ends[1] - ends[0]) / 2e-6
            assert got[place] == pytest.approx(wanted, rel=2e-4, abs=2e-3), model.names[place]


def test_the_information_of_each_reading(every_law):
    model = Joint(every_law, Assumptions())
    data = model.data(without=frozenset({"word"}))
    found = dict(zip(model.coords["claim"], information_of(model.structure, data), strict=True))
    assert found.pop("word") == 0.0
    assert found.pop("list") >= 0.0  # far above a hard floor there is nothing to learn
    assert all(np.isfinite(value) and value > 0 for value in found.values())
    assert found["listed"] > found["exact"] > found["floor"]  # the sharper, the more
    assert found["floor"] > found["forecast"]


def test_slopes_of_beliefs_in_all_unknowns_are_finite_differences(every_law, assumed):
    model = Joint(every_law, assumed)
    data = model.data()
    n = len(model.names) - len(model.tunes[0])
    for seed in range(3):
        z = 0.7 * np.random.default_rng(seed).standard_normal(len(model.names))
        got = slopes_at(z, model.structure, data).toarray()
        assert got.shape == (len(data.law), len(z))
        for place, step in enumerate(np.eye(len(z))[:n] * 1e-5):
            ends = [density.follow(z + s, model.structure, data)[0] for s in (-step, step)]
            wanted = (ends[1].belief - ends[0].belief) / 2e-5
            assert got[:, place] == pytest.approx(wanted, rel=1e-4, abs=1e-6)
