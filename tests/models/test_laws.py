"""The shipped laws and ladders: the numbers of table 1, and wordings that a user adds."""

import numpy as np
import pytest
from scipy import stats

from estimators.evidence.wording import CEILINGS, FLOORS, ONE_NUMBER, WORDS, BestEstimate, Between
from estimators.models import cells, laws
from estimators.models.laws import (
    LADDER,
    LADDERS,
    LAWS,
    SHARE_LADDER,
    law,
    register_wording,
)


def test_every_wording_with_numbers_has_a_law():
    for name in (*ONE_NUMBER, Between.name, BestEstimate.name):
        assert law(name).name == name
        assert law(name).sentence


def test_an_unknown_wording_is_refused():
    with pytest.raises(ValueError, match="Did you mean 'at least'"):
        law("at leest")


@pytest.mark.parametrize(
    ("name", "sigma", "slack", "sign"),
    [
        ("exact", 0.10, 0.0, 1),
        ("about", 0.10, 0.0, 1),
        ("nearly", 0.05, 0.0, 1),
        ("more than", 0.20, 0.30, 1),
        ("at least", 0.30, 0.40, 1),
        ("up to", 0.30, 0.45, -1),
        ("fewer than", 0.20, 0.30, -1),
    ],
)
def test_the_numbers_of_table_1(name, sigma, slack, sign):
    made = law(name)
    assert (made.sigma, made.slack, made.sign) == (sigma, slack, sign)


def test_floors_and_ceilings_are_bounds_of_the_right_side():
    for kind in (*FLOORS, *CEILINGS):
        assert law(kind.name).code == cells.BOUND
        assert law(kind.name).sign == (1.0 if kind in FLOORS else -1.0)


def test_the_truth_lies_above_a_floor_and_below_a_ceiling():
    assert law("at least").logp(600, 900) > law("at least").logp(600, 600)
    assert law("up to").logp(600, 400) > law("up to").logp(600, 600)
    assert law("nearly").logp(2350, 2300, "enumeration") > law("nearly").logp(
        2350, 2400, "enumeration"
    )


class TestLadders:
    def test_the_words_are_those_of_the_wordings(self):
        assert tuple(LADDER) == WORDS

    def test_medians_and_sds(self):
        for words, ladder in zip((LADDER, SHARE_LADDER), LADDERS, strict=True):
            median, sd = np.array(list(words.values())).T
            wanted = np.log(median) if words is LADDER else np.log(median / (100 - median))
            assert ladder == pytest.approx(np.stack([wanted, sd], axis=1))
            assert np.all(np.diff(ladder[:, 0]) > 0)

    def test_most_is_said_of_more_than_half(self, make):
        place = list(SHARE_LADDER).index("most")
        word = laws.Law("most", cells.WORD, 1.0)
        chance = [
            make.weigh(word, place, np.log(p / (1 - p)), share=True)[0, 0] for p in (0.4, 0.7)
        ]
        assert chance[1] > chance[0] + 1


class TestAdding:
    def test_an_added_wording_is_a_law(self):
        error = stats.skewnorm(-2, loc=-0.1, scale=0.3)
        made = register_wording("easily", error, sentence="said too high", hedge="easily")
        assert law("easily") is made is LAWS["easily"]
        assert made.code == cells.TABLE
        assert made.sigma == pytest.approx(error.std())
        grid = -error.ppf(np.linspace(1e-9, 1.0 - 1e-9, 41))
        found = [cells.table_density(gap, made.table)[0] for gap in grid]
        assert found == pytest.approx(error.logpdf(-grid), abs=1e-3)

    def test_beyond_its_table_the_density_goes_on_falling(self):
        made = laws.Law("far", cells.TABLE, 0.2, error=stats.norm(0, 0.2))
        far = [cells.table_density(gap, made.table) for gap in (-9.0, -3.0, 3.0, 9.0)]
        assert far[0][0] < far[1][0] < 0 > far[2][0] > far[3][0]
        assert far[0][1] > 0 > far[3][1]

    def test_what_cannot_be_added(self):
        for name, error, message in [
            ("at least", stats.norm(0, 0.2), "is a wording already"),
            ("Roundly", stats.norm(0, 0.2), "lower-case"),
            ("wildly", stats.cauchy(), "finite sd"),
            ("oddly", stats.norm(0, 0.0), "finite sd"),
        ]:
            with pytest.raises(ValueError, match=message):
                register_wording(name, error, sentence="x")
            assert name == "at least" or name not in LAWS
        assert LAWS["at least"].code == cells.BOUND
