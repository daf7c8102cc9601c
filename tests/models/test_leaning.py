"""Counts of which a part is told well are sampled by that part: the density does not change."""

from dataclasses import replace

import numpy as np
import pytest

from estimators.evidence.wording import Exactly, Verified
from estimators.models import density
from estimators.models.assumptions import Assumptions
from estimators.models.joint import Joint
from estimators.models.leaning import lean_slopes, leant, upright


@pytest.fixture
def verified(every_law, make):
    told = [make.claim(f"v{n}", "a", Verified(412), "m1") for n in range(4)]
    return Joint(replace(every_law, claims=(*every_law.claims, *told)), Assumptions())


def test_a_count_leans_on_the_part_that_is_told_better_than_the_whole(verified, every_law, make):
    _, sampled = verified.frame(verified.data())
    place = verified.priors.base.index("a")
    assert verified.priors.fraction[sampled.base_leans[place]] == "coverage verified"
    others = np.delete(sampled.base_leans, place)
    assert (others == -1).all()
    said = Exactly(583)
    whole = [make.claim(f"c{n}", "a", said, "m1", method="enumeration") for n in range(90)]
    claims = (*verified.study.claims, *whole)
    model = Joint(replace(every_law, claims=claims), Assumptions())
    assert (model.frame(model.data())[1].base_leans == -1).all()


def test_leaning_changes_the_variables_and_nothing_else(verified):
    data = verified.data()
    _, sampled = verified.frame(data)
    leaning = data._replace(base_leans=sampled.base_leans)
    for seed in range(4):
        z = 0.8 * np.random.default_rng(seed).standard_normal((1, len(verified.names)))
        x = leant(z, leaning)
        assert not np.allclose(x, z)
        assert upright(x, leaning) == pytest.approx(z, abs=1e-12)
        value, slope = density.density(x[0], verified.structure, leaning)
        wanted, upright_slope = density.density(z[0], verified.structure, data)
        assert value == pytest.approx(wanted, rel=1e-12)
        assert slope == pytest.approx(lean_slopes(z[0], leaning).T @ upright_slope, rel=1e-7)
