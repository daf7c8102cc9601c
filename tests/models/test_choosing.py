"""What a study assumes: which reference class it stands on, and what that makes of its errors."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from estimators.evidence.choices import Override
from estimators.evidence.problems import EvidenceError
from estimators.evidence.wording import Exactly
from estimators.models.assumptions import Assumptions
from estimators.models.choosing import assumptions_of
from estimators.models.claim_error import PRIORS, UNEVEN
from estimators.models.phases import PHASES
from estimators.models.reference import PARTS, ReferenceClass, reference_class


@pytest.fixture
def study(make):
    quantities = [make.count("a", make.stated(1, 1000))]
    return make.study(quantities, [make.claim("c", "a", Exactly(60))])


def fixed(uneven):
    """A class without any uncertainty: every draw of the law is the same."""
    found = {name: np.zeros((5, *shape)) for name, (_, _, shape) in PRIORS.items()}
    found["error"] += np.log(0.1)
    found["shared error"] += np.log(0.2)
    found["shared error by phase"][:, 0] = np.log(2.0)
    found["shared error by category"][:, 1] = np.log(1.5)  # arrests
    found["error by class"][:, 1] = np.log(3.0)  # parties
    found[UNEVEN] += np.log(uneven)
    return ReferenceClass("mine", "hash", 9, 90, (5.0, 2.0), found)


def test_a_study_without_a_category_stands_on_judgement(study):
    made = assumptions_of(study)
    assert not made.stands
    assert made == Assumptions(origin_scale=made.origin_scale)


def test_a_category_takes_the_class_of_all_events_at_its_own_effect(study):
    of = {c: assumptions_of(replace(study, category=c)) for c in ("arrests", "attack")}
    assert {made.reference for made in of.values()} == {"all"}
    assert of["arrests"].phase_scale != of["attack"].phase_scale
    for made in of.values():
        sizes = [made.phase_scale[phase] for phase in PHASES]
        assert sizes[0] == max(sizes) > 0.05
        assert made.origin_scale["party"] > made.origin_scale["official"] > 0


def test_a_study_may_name_another_class_or_none(study):
    named = replace(study, category="attack", reference_class="plain")
    assert assumptions_of(named).reference == "plain"
    one = assumptions_of(replace(named, reference_class="deportations"))
    assert one.reference == "arrests and deportations"
    assert not assumptions_of(replace(named, reference_class="none")).stands
    with pytest.raises(EvidenceError, match=r"no such reference class.*Did you mean 'plain'"):
        assumptions_of(replace(named, reference_class="plains"))


@pytest.mark.parametrize("name", PARTS)
def test_each_shipped_class_can_be_stood_on(study, name):
    assert reference_class(name).name == name
    assert assumptions_of(replace(study, reference_class=name)).reference == name


def test_scales_are_those_of_the_law(study):
    """Without unevenness a shared error is the law's Student-t(2) itself."""
    study = replace(study, category="deportation")
    made = assumptions_of(study, fixed(1e-6))
    assert made.reference == "mine"
    assert made.phase_scale["before access"] == pytest.approx(0.2 * 2.0 * 1.5, rel=1e-3)
    assert made.phase_scale["later"] == pytest.approx(0.2 * 1.5, rel=1e-3)
    ends = 0.1 * stats.t(2).ppf(0.95), stats.norm.ppf(0.95)
    assert made.origin_scale["ngo"] == pytest.approx(ends[0] / ends[1], rel=5e-3)
    assert made.origin_scale["activist"] == pytest.approx(3 * ends[0] / ends[1], rel=5e-3)


def test_unevenness_is_folded_into_scales_by_the_90_percent_interval(study):
    made = assumptions_of(replace(study, category="deportation"), fixed(0.8))
    rng = np.random.default_rng(1)
    n = 400_000
    factor = np.exp(0.8 * rng.standard_normal(n))
    law = np.quantile(0.6 * factor * rng.standard_t(2, n), 0.95)
    assert made.phase_scale["before access"] * stats.t(2).ppf(0.95) == pytest.approx(law, rel=0.02)
    own = np.quantile(0.1 * factor * rng.standard_t(2, n), 0.95)
    spread = made.origin_scale["ngo"] * np.exp(made.own_sd * rng.standard_normal(n))
    assert np.quantile(spread * rng.standard_normal(n), 0.95) == pytest.approx(own, rel=0.02)
    assert made.own_sd == pytest.approx(0.8, rel=1e-6)


def test_overrides_come_after_the_class(study):
    changed = Override("shared_factor", 1.5, "a test")
    made = assumptions_of(replace(study, category="attack", overrides=(changed,)))
    assert (made.reference, made.shared_factor) == ("all", 1.5)
