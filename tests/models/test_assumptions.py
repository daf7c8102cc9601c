"""Assumptions: defaults, what a study overrides, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimators.evidence.choices import Override
from estimators.evidence.claim import SOURCE_CLASSES
from estimators.evidence.problems import EvidenceError
from estimators.evidence.quantity import ACCESS
from estimators.models.assumptions import EARLY_ERROR, Assumptions, assumptions_of


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


@given(st.sampled_from(Assumptions.names()), st.floats(0.01, 5), st.sampled_from(list(EARLY_ERROR)))
def test_plain_values_there_and_back(name, number, size):
    changed = Assumptions().changed(name, size if name == "early_error" else number)
    assert Assumptions.from_dict(changed.as_dict()) == changed
    assert changed.as_dict()[name] == (size if name == "early_error" else number)
    others = {key: value for key, value in changed.as_dict().items() if key != name}
    assert others.items() <= Assumptions().as_dict().items()


def test_a_change_leaves_the_original_alone():
    made = Assumptions()
    made.changed("origin_scale.media", 0.1)
    assert made.origin_scale["media"] == 0.6
    with pytest.raises(TypeError):
        made.origin_scale["media"] = 0.1
