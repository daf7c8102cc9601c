"""Quantile functions against scipy, and their slopes against finite differences."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from estimators.models import quantiles


def slope_of(function, z, step=1e-5):
    return (function(z + step)[0] - function(z - step)[0]) / (2 * step)


@pytest.mark.parametrize(("degrees", "made"), [(4, quantiles.student4), (2, quantiles.student2)])
@settings(deadline=None)
@given(z=st.floats(-8, 8))
def test_student_t(degrees, made, z):
    law = stats.t(degrees)
    wanted = -law.isf(stats.norm.cdf(z)) if z < 0 else law.isf(stats.norm.sf(z))
    found, slope = made(z)
    assert found == pytest.approx(wanted, rel=1e-7, abs=1e-7)
    assert slope == pytest.approx(slope_of(made, z), rel=1e-5)


@settings(deadline=None)
@given(st.floats(-9, 9))
def test_own_densities_are_those_of_the_laws(x):
    at_zero = {tails: quantiles.own_prior(0.0, tails)[0] for tails in range(5)}
    laws = {
        quantiles.NORMAL: stats.norm(),
        quantiles.OWN_4: stats.t(4),
        quantiles.OWN_2: stats.t(2),
    }
    for tails, law in laws.items():
        found, slope = quantiles.own_prior(x, tails)
        wanted = law.logpdf(x) - law.logpdf(0.0)
        assert found - at_zero[tails] == pytest.approx(wanted, abs=1e-9)
        assert slope == pytest.approx(
            slope_of(lambda at, of=tails: quantiles.own_prior(at, of), x), rel=1e-5, abs=1e-8
        )


@pytest.mark.parametrize("z", [-2.0, 0.0, 1.5])
def test_spreads_are_half_normal_or_lognormal(z):
    assert quantiles.spread(z, -1.0) == quantiles.half_normal(z)
    found, slope = quantiles.spread(z, 0.7)
    assert found == pytest.approx(math.exp(0.7 * z))
    assert slope == pytest.approx(0.7 * found)


@settings(deadline=None)
@given(st.floats(-8, 8))
def test_half_normal(z):
    law = stats.halfnorm()
    wanted = law.ppf(stats.norm.cdf(z)) if z < 0 else law.isf(stats.norm.sf(z))
    found, slope = quantiles.half_normal(z)
    assert found == pytest.approx(wanted, rel=1e-9)
    assert slope == pytest.approx(slope_of(quantiles.half_normal, z), rel=1e-5, abs=1e-12)


@settings(deadline=None)
@given(st.floats(-4, 4), st.floats(-1, 1))
def test_skewed(z, skew):
    found, slope = quantiles.skewed(z, skew)
    wanted = math.expm1(skew * z) / skew if abs(skew) > 1e-9 else z
    assert found == pytest.approx(wanted, rel=1e-7, abs=1e-7)
    assert slope == pytest.approx(slope_of(lambda at: quantiles.skewed(at, skew), z), rel=1e-4)
    assert slope > 0


@pytest.mark.parametrize("name", ["student4", "student2", "half_normal"])
def test_they_rise_without_a_jump(name):
    grid = np.linspace(-7, 7, 4001)
    found = np.array([getattr(quantiles, name)(z)[0] for z in grid])
    assert np.all(np.diff(found) > 0)
