"""The coordinates that are sampled: a change of variables, and nothing else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from estimators.models import density
from estimators.models.assumptions import Assumptions
from estimators.models.coordinates import _factored, information_of, slopes_at
from estimators.models.joint import Joint


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
    data = model.data()
    frame = model.frame(data)
    slope = density.density(frame.mode, model.structure, data)[1]
    assert np.abs(slope).max() < 0.2  # near the mode
    y = np.zeros(len(model.names))
    rows = []
    for step in np.eye(len(y)) * 1e-4:
        ends = [density.sampled(y + s, frame, model.structure, data)[1] for s in (-step, step)]
        rows.append((ends[1] - ends[0]) / 2e-4)
    curved = -np.linalg.eigvalsh((np.array(rows) + np.array(rows).T) / 2)
    assert curved.min() > 0.1
    assert curved.max() < 6.0


def test_the_information_of_each_reading(every_law):
    model = Joint(every_law, Assumptions())
    data = model.data(without=frozenset({"word"}))
    found = dict(zip(model.coords["claim"], information_of(model.structure, data), strict=True))
    assert found.pop("word") == 0.0
    assert found.pop("list") >= 0.0  # far above a hard floor there is nothing to learn
    assert all(np.isfinite(value) and value > 0 for value in found.values())
    assert found["listed"] > found["exact"] > found["floor"]  # the sharper, the more
    assert found["floor"] > found["forecast"]


def test_slopes_of_beliefs_in_all_unknowns_are_finite_differences(every_law):
    model = Joint(every_law, Assumptions())
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
