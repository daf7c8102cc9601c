"""Assumptions: defaults, what a study overrides, and what is refused."""

import pickle
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimators.evidence.choices import Override, SourceClass
from estimators.evidence.claim import SOURCE_CLASSES, Source
from estimators.evidence.problems import EvidenceError
from estimators.evidence.quantity import ACCESS
from estimators.evidence.wording import Exactly
from estimators.models.assumptions import CHOICES, Assumptions
from estimators.models.choosing import assumptions_of
from estimators.models.joint import Joint


def test_the_defaults_are_those_of_table_3():
    made = Assumptions()
    assert (made.common_sd, made.class_sd, made.network_scale) == (0.25, 0.25, 0.3)
    scales = made.origin_scale
    assert (scales["register"], scales["monitor"], scales["media"]) == (0.2, 0.4, 0.6)
    assert (scales["unknown"], scales["party"]) == (0.7, 1.0)
    assert made.early_factor == 1.0


def test_every_class_and_every_access_has_a_scale():
    assert set(Assumptions().origin_scale) == set(SOURCE_CLASSES)
    assert set(Assumptions().early_scale) == set(ACCESS)


def test_a_study_overrides(make):
    overrides = [
        Override("common_sd", 0.4, "because"),
        Override("origin_scale.media", 0.3, "because"),
        Override("early_scale.open", 0, "because"),
        Override("early_error", "half", "because"),
    ]
    study = make.study([make.count("a", make.stated(1, 100))], overrides=overrides)
    made = assumptions_of(study)
    assert made.common_sd == 0.4
    assert made.origin_scale["media"] == 0.3
    assert made.origin_scale["ngo"] == 0.6
    assert made.early_scale["open"] == 0.0
    assert made.early_factor == 0.5
    assert assumptions_of(make.study(study.quantities)) == Assumptions()


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("comon_sd", 0.3, "Did you mean 'common_sd'"),
        ("origin_scale.medium", 0.3, "Did you mean 'origin_scale.media'"),
        ("origin_scale", 0.3, "it is not an assumption"),
        ("common_sd.media", 0.3, "it is not an assumption"),
        ("common_sd", "wide", "it must be a number"),
        ("common_sd", -0.1, "at least 0"),
        ("common_sd", float("inf"), "finite"),
        ("common_sd", float("nan"), "finite"),
        ("range_factor", 0, "above 0"),
        ("share_size", 0.0, "above 0"),
        ("early_error", "some", "none, half, full"),
        ("reading", "upright", "neutral, signed, floors"),
        ("heavy_tail", 0.5, "heavy_tail is 1"),
        ("copy_chance", 1.0, "below 1"),
        ("coverage_sd", 0, "above 0"),
    ],
)
def test_what_is_refused(make, name, value, message):
    with pytest.raises(ValueError, match=message):
        Assumptions().changed(name, value)
    overrides = [Override(name, value, "because"), Override("nonsense", 1, "because")]
    study = make.study([make.count("a", make.stated(1, 100))], overrides=overrides)
    with pytest.raises(EvidenceError, match=message) as caught:
        assumptions_of(study)
    assert len(caught.value.problems) == 2
    assert f"[assumptions.{name}]" in str(caught.value)


@given(st.sampled_from(Assumptions.names()), st.floats(0.01, 0.9), st.data())
def test_plain_values_there_and_back(name, number, data):
    value = data.draw(st.sampled_from(CHOICES[name])) if name in CHOICES else number
    value = 1.0 if name == "heavy_tail" else value
    changed = Assumptions().changed(name, value)
    assert Assumptions.from_dict(changed.as_dict()) == changed
    assert changed.as_dict()[name] == value
    others = {key: value for key, value in changed.as_dict().items() if key != name}
    assert others.items() <= Assumptions().as_dict().items()


def test_assumptions_reach_another_process(make):
    made = Assumptions().changed("origin_scale.media", 0.1)
    assert pickle.loads(pickle.dumps(made)) == made


def test_a_class_of_the_study_s_own_has_the_scale_that_it_states(make):
    pirates = SourceClass("pirates", 0.9, "they boast")
    sources = [Source("p1", "A crew", "pirates")]
    claims = [make.claim("1", "a", Exactly(60), "p1")]
    study = make.study(
        [make.count("a", make.stated(1, 100))], claims, sources=sources, classes=[pirates]
    )
    assert assumptions_of(study).origin_scale["pirates"] == 0.9
    changed = [Override("origin_scale.pirates", 0.2, "because")]
    assert assumptions_of(replace(study, overrides=changed)).origin_scale["pirates"] == 0.2
    for chosen, wanted in ((Assumptions(), 0.9), (Assumptions(origin_factor=2.0), 1.8)):
        model = Joint(study, chosen)
        place = [effect.kind for effect in model.sharing.effects].index("origin")
        assert model.data().error_scale[place] == pytest.approx(wanted)


def test_a_change_leaves_the_original_alone():
    made = Assumptions()
    made.changed("origin_scale.media", 0.1)
    assert made.origin_scale["media"] == 0.6
    with pytest.raises(TypeError):
        made.origin_scale["media"] = 0.1
