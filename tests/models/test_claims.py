"""Who errs together: which claims carry which error, and how large it is beforehand."""

import numpy as np
import pytest

from estimators.evidence.wording import Exactly
from estimators.models.assumptions import Assumptions
from estimators.models.claims import (
    KINDS,
    effects_of,
    error_scales,
    error_slopes,
    sharing_of,
)


@pytest.fixture(scope="module")
def study(make):
    quantities = [
        make.count("a", make.stated(1, 100), event="raid"),
        make.count("b", make.stated(1, 100), event="raid"),
        make.count("c", make.stated(1, 100), access="closed"),
        make.share("s", 10, 90),
    ]
    claims = [
        make.claim("1", "a", Exactly(60), "m1"),
        make.claim("2", "a", Exactly(60), "m2"),
        make.claim("3", "b", Exactly(60), "m1", network="guards"),
        make.claim("4", "a", Exactly(60), "n1", network="guards"),
        make.claim("5", "c", Exactly(60), "r1"),
        make.claim("6", "s", Exactly(60), "m1"),
        make.claim("7", "b", Exactly(60), "m2", network="guards"),
    ]
    return make.study(quantities, claims, name="island")


def carried(study):
    """Return, for each error, the numbers of the claims that carry it."""
    found = {}
    for claim in study.readings:
        for effect in effects_of(study, claim):
            found.setdefault(effect.id, []).append(claim.id)
    return {id: "".join(claims) for id, claims in found.items()}


def test_which_claims_share_which_error(study):
    assert carried(study) == {
        "common all": "123457",
        "common all (share)": "6",
        "class media": "1237",
        "class media (share)": "6",
        "class ngo": "4",
        "class register": "5",
        "event raid": "12347",
        "event island": "5",
        "event island (share)": "6",
        "quantity a": "124",
        "quantity b": "37",
        "quantity c": "5",
        "quantity s": "6",
        "origin m1": "13",
        "origin m2": "27",
        "origin n1": "4",
        "origin r1": "5",
        "origin m1 (share)": "6",
        "network m1 on a": "1",
        "network m2 on a": "2",
        "network guards on a": "4",
        "network guards on b": "37",
        "network r1 on c": "5",
        "network m1 on s": "6",
    }


def test_the_index_says_the_same(study):
    sharing = sharing_of(study, study.readings)
    assert sharing.index.shape == (7, len(KINDS))
    assert len({effect.id for effect in sharing.effects}) == len(sharing.effects) == 24
    for claim, row in zip(study.readings, sharing.index, strict=True):
        effects = tuple(sharing.effects[place] for place in row)
        assert effects == effects_of(study, claim)
        assert tuple(effect.kind for effect in effects) == KINDS


def test_the_spreads_that_are_unknown(study):
    sharing = sharing_of(study, study.readings)
    assert {effect.spread for effect in sharing.effects if effect.kind == "origin"} == {
        "origins: media",
        "origins: ngo",
        "origins: register",
    }
    assert all(e.spread == "networks" for e in sharing.effects if e.kind == "network")
    assert not any(e.spread for e in sharing.effects if e.kind not in ("origin", "network"))
    assert set(sharing.spreads) == {
        "origins: media", "origins: ngo", "origins: register", "networks",
    }  # fmt: skip


def scales(study, **given):
    made = Assumptions(**given)
    effects = sharing_of(study, study.readings).effects
    return dict(
        zip([e.id for e in effects], error_scales(study, study.readings, made), strict=True)
    )


def test_scales(study):
    found = scales(study, common_sd=0.11, class_sd=0.12, network_scale=0.13, nested_sd=0.14)
    assert found["common all"] == found["common all (share)"] == 0.11
    assert found["class media"] == 0.12
    assert found["network guards on b"] == 0.13
    assert found["quantity a"] == 0.14
    assert found["event raid"] == 0.2
    assert found["event island"] == 0.45
    assert (found["origin r1"], found["origin m1"]) == (0.2, 0.6)
    assert scales(study, origin_factor=1.5)["origin m1"] == pytest.approx(0.9)


@pytest.mark.parametrize(("size", "factor"), [("none", 0.0), ("half", 0.5), ("full", 1.0)])
def test_how_much_of_the_early_error_stays(study, size, factor):
    full, found = scales(study), scales(study, early_error=size)
    for id, scale in full.items():
        early = id.startswith(("event", "quantity"))
        assert found[id] == pytest.approx(scale * (factor if early else 1.0))


def test_an_event_takes_its_widest_access_whatever_the_order_of_claims(make):
    quantities = [
        make.count("a", make.stated(1, 100), event="raid"),
        make.count("b", make.stated(1, 100), event="raid", access="closed"),
    ]
    claims = [make.claim(id, id, Exactly(60)) for id in "ab"]
    for order in (claims, claims[::-1]):
        assert scales(make.study(quantities, order))["event raid"] == 0.45


def test_slopes_stand_where_the_index_points(study):
    sharing = sharing_of(study, study.readings)
    slopes = error_slopes(study, study.readings, Assumptions())
    assert slopes.shape == (7, 24)
    assert np.count_nonzero(slopes) == 7 * 6
    for row, places in zip(slopes, sharing.index, strict=True):
        assert np.all(row[places] > 0)
