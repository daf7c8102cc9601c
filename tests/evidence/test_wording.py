"""Wordings: a name and its numbers, and nothing else."""

import math
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimators.evidence.problems import Unfit
from estimators.evidence.wording import (
    NAMES,
    ONE_NUMBER,
    WORDS,
    About,
    AtLeast,
    BestEstimate,
    Between,
    CouldReach,
    Exactly,
    Many,
    Most,
    OrderOf,
    UpTo,
    Verified,
    is_round,
    significant_digits,
    wording_of,
)

POSITIVE = st.floats(min_value=0, exclude_min=True, allow_infinity=False)


@given(st.sampled_from(sorted(ONE_NUMBER)), POSITIVE)
def test_one_number_keeps_name_and_number(name, value):
    wording = wording_of(name, value=value)
    assert (wording.name, wording.value) == (name, value)
    assert wording_of(wording.name, value=wording.value) == wording


@given(POSITIVE, POSITIVE)
def test_between_wants_the_lower_number_first(one, other):
    if one < other:
        assert wording_of("between", low=one, high=other) == Between(one, other)
    else:
        with pytest.raises(Unfit, match="not below high") as caught:
            Between(one, other)
        assert caught.value.column == "low"


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_a_wording_of_its_own(word):
    assert wording_of(word) == OrderOf(word)
    assert str(OrderOf(word)) == OrderOf(word).name == word


def test_every_name_makes_a_wording_that_has_it():
    numbers = {name: {"value": 5.0} for name in ONE_NUMBER}
    numbers["between"] = {"low": 5.0, "high": 6.0}
    numbers["estimate"] = {"value": 5.5, "low": 5.0, "high": 6.0}
    assert {wording_of(name, **numbers.get(name, {})).name for name in NAMES} == set(NAMES)


def test_wordings_with_the_same_number_differ():
    made = [wording_of(name, value=120.0) for name in ONE_NUMBER]
    assert len(set(made)) == len(made)


@pytest.mark.parametrize("number", [0, -5, math.nan, math.inf, -math.inf])
@pytest.mark.parametrize(
    "make", [About, lambda n: Between(n, 5), lambda n: Between(5, n)], ids=["one", "low", "high"]
)
def test_a_number_is_positive_and_finite(make, number):
    with pytest.raises(Unfit, match="positive, finite"):
        make(number)


@pytest.mark.parametrize("number", ["600", None, True])
def test_a_number_is_a_number(number):
    with pytest.raises(Unfit, match="not a number but"):
        About(number)


@pytest.mark.parametrize(
    ("name", "numbers", "column", "said"),
    [
        ("about", {}, "value", "'about' needs a number in value"),
        ("about", {"value": 5.0, "high": 6.0}, "high", "Leave high empty"),
        ("about", {"low": 5.0, "high": 6.0}, "value", "needs a number"),
        ("between", {"low": 5.0}, "high", "'between' needs a number in high"),
        ("between", {"low": 5.0, "high": 6.0, "value": 5.5}, "value", "Leave value empty"),
        ("hundreds", {"value": 300.0}, "value", "'hundreds' takes no number"),
        ("many", {"low": 1.0, "high": 2.0}, "low", "Leave low and high empty"),
        ("estimate", {"value": 5.0, "low": 4.0}, "high", "'estimate' needs a number in high"),
        ("estimate", {"value": 4.0, "low": 4.0, "high": 5.0}, "low", "not below the best"),
        ("estimate", {"value": 5.0, "low": 4.0, "high": 5.0}, "high", "not above the best"),
        ("estimate", {"value": 5.0, "low": 0, "high": 6.0}, "low", "positive, finite"),
        ("most", {"value": 5.0}, "value", "'most' takes no number"),
        ("about", {"value": 5.0, "level": 95}, "level", "only 'between' and 'estimate'"),
        ("between", {"low": 5.0, "high": 6.0, "level": 100}, "level", "not 100"),
        ("between", {"low": 5.0, "high": 6.0, "level": "x"}, "level", "not str"),
        ("aboutt", {"value": 1.0}, "wording", "Did you mean 'about'"),
    ],
)
def test_a_wording_takes_its_own_numbers_only(name, numbers, column, said):
    with pytest.raises(Unfit) as caught:
        wording_of(name, **numbers)
    assert caught.value.column == column
    assert said in str(caught.value)


def test_a_level_is_kept():
    assert wording_of("between", low=5, high=6, level=95.0) == Between(5, 6, 95)
    assert wording_of("estimate", 5.5, 5, 6, 95.0) == BestEstimate(5.5, 5, 6, 95)
    assert Between(5, 6).level == BestEstimate(5.5, 5, 6).level == 80


def test_an_unknown_word_is_refused():
    with pytest.raises(Unfit, match="Did you mean 'hundreds'"):
        OrderOf("hundred")


@pytest.mark.parametrize(
    ("wording", "printed"),
    [
        (Exactly(1100), "1,100"),
        (AtLeast(1100), "at least 1,100"),
        (UpTo(70.5), "up to 70.5"),
        (Between(600, 2000), "600 to 2,000"),
        (Between(600, 2000, 95), "600 to 2,000 (95 %)"),
        (BestEstimate(720, 600, 900), "720 (600 to 900)"),
        (BestEstimate(1720, 600, 2900, 99.5), "1,720 (600 to 2,900, 99.5 %)"),
        (CouldReach(2000), "could reach 2,000"),
        (Verified(45), "verified 45"),
        (Most(), "most"),
        (Many(), "many"),
    ],
)
def test_a_wording_prints_as_people_write_it(wording, printed):
    assert str(wording) == printed


@pytest.mark.parametrize(
    ("number", "digits", "is_it_round"),
    [(600, 1, True), (650, 2, True), (1500, 2, True), (620, 2, False), (2171, 4, False)],
)
def test_round_numbers(number, digits, is_it_round):
    assert significant_digits(number) == digits
    assert is_round(number) is is_it_round


def test_what_is_wrong_with_a_value_survives_pickling():
    error = Unfit("it is wrong.", "Mend it.", "value")
    copy = pickle.loads(pickle.dumps(error))
    assert (str(copy), copy.column) == (str(error), "value")
