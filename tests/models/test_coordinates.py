"""The coordinates that are sampled: a change of variables, and nothing else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimators.models.coordinates import LARGEST, information_of, whitening
from estimators.models.wordings import groups_of


@given(st.integers(1, 6), st.integers(1, 8), st.integers(0, 10**6))
@settings(deadline=None, max_examples=30)
def test_whitening(claims, unknowns, seed):
    rng = np.random.default_rng(seed)
    slopes, information = rng.normal(size=(claims, unknowns)), rng.uniform(0.001, 400, claims)
    made = whitening(slopes, information)
    precision = np.eye(unknowns) + slopes.T @ np.diag(information) @ slopes
    white = made.matrix.T @ precision @ made.matrix
    assert white == pytest.approx(np.eye(unknowns), abs=1e-7)
    value = rng.normal(size=unknowns)
    there = made.forward(value).eval(mode="FAST_COMPILE")
    back = made.backward(there).eval(mode="FAST_COMPILE")
    assert back == pytest.approx(value, rel=1e-6, abs=1e-6)
    # d unknowns = |det matrix| d coordinates
    volume = made.log_jac_det(there).eval(mode="FAST_COMPILE")
    assert volume == pytest.approx(-0.5 * np.linalg.slogdet(precision)[1], abs=1e-7)


def test_large_studies_are_sampled_as_they_are():
    assert whitening(np.zeros((1, LARGEST + 1)), np.ones(1)) is None


def test_the_information_of_each_reading(every_law):
    groups = groups_of(every_law.readings, frozenset("s"))
    found = dict(zip([c.id for g in groups for c in g.claims], information_of(groups), strict=True))
    assert all(np.isfinite(value) and value > 0 for value in found.values())
    assert found["listed"] > found["exact"] > found["floor"]  # the sharper, the more
