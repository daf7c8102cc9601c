"""The probability of a threshold: how it is rounded, what it says, and when there is none."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimators.evidence.problems import EvidenceError
from estimators.inference.checks import NotPublishableError
from estimators.publish import sentences
from estimators.publish.sentences_threshold import chance, threshold


def test_the_whole_sentence(estimate):
    assert threshold(estimate, "taken", 250) == (
        "The probability that at least 250 people were taken on 14 May 2020 is about 50%; this "
        "rests on the assumption that claims are right on average but for an error that early "
        "claims share, taken at its full size because nobody could count there, then or since."
    )
    assert threshold(estimate, "women_share", 40.5).startswith(
        "The probability that the share of women was at least 40.5% is about 7"
    )
    assert "the number “Women taken” was at least 90 people" in threshold(estimate, "women", 90)
    assert "is a stated assumption" in threshold(estimate, "lost", 100)


def test_it_is_never_certain(estimate):
    assert " is more than 99%;" in threshold(estimate, "taken", 1)
    assert " is less than 1%;" in threshold(estimate, "taken", 10**9)


def test_prior_limited_is_said(estimate, monkeypatch):
    monkeypatch.setattr(
        "estimators.publish.sentences_threshold.prior_limited",
        lambda estimate, id: iter([f"{id} is prior-limited"]),
    )
    assert threshold(estimate, "taken", 250).endswith("; taken is prior-limited.")


@given(st.integers(2, 4), st.integers(50, 4000), st.floats(0, 1), st.integers(0, 99))
def test_a_chance_is_as_fine_as_the_draws(chains, draws, p, seed):
    reached = (np.random.default_rng(seed).random((chains, draws)) < p).astype(float)
    told = chance(reached)
    found = re.fullmatch(r"(about |less than |more than |)(\d+)%", told)
    how, number, exact = found[1], int(found[2]), 100 * reached.mean()
    assert 0 < number < 100
    if how == "less than ":
        assert exact < number
    elif how == "more than ":
        assert exact > number
    else:
        step = 1 if not how else 5 if number % 10 else 10
        assert number % step == 0
        assert abs(exact - number) <= (step if how else 0.5) + 1e-9


@pytest.mark.parametrize(
    ("draws", "told"), [(4000, "less than 1%"), (100, "less than 3%"), (50, "less than 6%")]
)
def test_few_draws_leave_more_open(draws, told):
    assert chance(np.zeros((1, draws))) == told


def test_draws_that_move_slowly_are_rounded_more():
    rng = np.random.default_rng(2)
    fast = (rng.random((4, 20_000)) < 0.52).astype(float)
    slow = np.repeat(fast[:, :200], 100, axis=1)
    assert re.fullmatch(r"5[123]%", chance(fast))
    assert re.fullmatch(r"about \d[05]%", chance(slow))


@pytest.mark.parametrize("number", [0, -5, float("inf"), float("nan"), 10.5])
def test_no_count(estimate, number):
    with pytest.raises(ValueError, match="at_least must be"):
        threshold(estimate, "taken", number)


def test_no_number_no_percentage_no_quantity(estimate):
    with pytest.raises(TypeError, match="must be a number"):
        threshold(estimate, "taken", "500")
    with pytest.raises(TypeError, match="must be a number"):
        threshold(estimate, "taken", True)
    with pytest.raises(ValueError, match="below 100 percent"):
        threshold(estimate, "women_share", 100)
    with pytest.raises(EvidenceError, match="no such quantity"):
        threshold(estimate, "nothing", 5)


def test_what_is_assumed_or_too_narrow_has_none(estimate, monkeypatch):
    with pytest.raises(NotPublishableError, match="assumed, not estimated"):
        threshold(estimate, "unclaimed", 50)
    monkeypatch.setattr(sentences, "is_too_narrow", lambda estimate, id: True)
    with pytest.raises(NotPublishableError, match="more than they can know"):
        threshold(estimate, "taken", 50)
