"""Who errs together: which claims carry which error, and how large it is beforehand."""

from dataclasses import replace
from itertools import pairwise

import pytest

from estimators.evidence.claim import Source
from estimators.evidence.when import When
from estimators.evidence.wording import Exactly
from estimators.models.assumptions import Assumptions
from estimators.models.claims import (
    KINDS,
    effects_of,
    phases_of,
    sharing_of,
    side_of,
)
from estimators.models.drifts import drifts_of
from estimators.models.error_scales import scales_of
from estimators.models.quantiles import NORMAL, STRETCHED_2, STRETCHED_4


@pytest.fixture(scope="module")
def study(make):
    quantities = [
        make.count("a", make.stated(1, 100), event="raid"),
        make.count("b", make.stated(1, 100), event="raid"),
        make.count("c", make.stated(1, 100), access="closed"),
        make.share("s", 10, 90),
        make.count("p", make.part("a", "s")),
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


def rows_of(sharing):
    """Return the effects that each reading carries."""
    return [
        tuple(sharing.effects[place] for place in sharing.places[start:end])
        for start, end in pairwise(sharing.start)
    ]


def test_the_places_say_the_same(study):
    sharing = sharing_of(study, study.readings, 5)
    assert len({effect.id for effect in sharing.effects}) == len(sharing.effects) == 24
    for claim, effects in zip(study.readings, rows_of(sharing), strict=True):
        assert effects == effects_of(study, claim)
        assert tuple(effect.kind for effect in effects) == KINDS[: KINDS.index("drift")]


def test_an_anchor_shares_no_error(study):
    sharing = sharing_of(study, (None, *study.readings, None), 5)
    rows = rows_of(sharing)
    assert rows[0] == rows[-1] == ()
    assert rows[1:-1] == rows_of(sharing_of(study, study.readings, 5))


def test_the_spreads_that_are_unknown(study):
    sharing = sharing_of(study, study.readings, 5)
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
    """Return the prior scale of each error by its id."""
    sharing = sharing_of(study, study.readings, 5)
    found = scales_of(study, study.readings, sharing, Assumptions(**given))
    return dict(zip([e.id for e in sharing.effects], found.scale, strict=True))


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


def test_which_errors_are_heavy_and_which_have_an_unknown_spread(study):
    sharing = sharing_of(study, study.readings, 5)
    found = scales_of(study, study.readings, sharing, Assumptions())
    for effect, tails, free in zip(sharing.effects, found.tails, found.free, strict=True):
        assert (tails == STRETCHED_4) == (effect.kind in ("event", "network"))
        assert bool(free) == bool(effect.spread)
    assert not found.mean.any()
    assert (found.spread_log < 0).all()  # half-normal
    normal = scales_of(study, study.readings, sharing, Assumptions(heavy_tail=0.0))
    assert not normal.tails.any()


class TestSides:
    @pytest.fixture
    def war(self, make):
        sources = [
            Source("gov", "The government", "party", side="north"),
            Source("reb", "The rebels", "party", side="south"),
            Source("un", "The UN", "un"),
        ]
        quantities = [
            make.count("north", make.stated(1, 100), side="north"),
            make.count("south", make.stated(1, 100), side="south"),
        ]
        claims = [
            make.claim(f"{source}.{side}", side, Exactly(60), source)
            for source in ("gov", "reb", "un")
            for side in ("north", "south")
        ]
        return make.study(quantities, claims, sources=sources)

    def test_a_party_has_one_error_on_its_own_losses_and_one_on_the_other_s(self, war):
        sides = {claim.id: side_of(war, claim) for claim in war.readings}
        assert sides == {
            "gov.north": "own",
            "gov.south": "other",
            "reb.north": "other",
            "reb.south": "own",
            "un.north": "",
            "un.south": "",
        }
        origins = {id for id in carried(war) if id.startswith("origin")}
        assert origins == {
            "origin gov on its own side",
            "origin gov on its other side",
            "origin reb on its own side",
            "origin reb on its other side",
            "origin un on north",
            "origin un on south",
        }

    def test_signed_biases_have_the_direction_of_the_side(self, war):
        sharing = sharing_of(war, war.readings, 5)
        found = scales_of(war, war.readings, sharing, Assumptions(reading="signed"))
        of = {e.id: n for n, e in enumerate(sharing.effects)}
        own, other, un = (
            of[f"origin {name}"]
            for name in (
                "gov on its own side",
                "gov on its other side",
                "un on north",
            )
        )
        assert found.mean[own] < 0 < found.mean[other]
        assert (found.mean[un], found.scale[un]) == (-0.25, 0.25)
        assert found.free[[own, other, un]].tolist() == [0, 0, 0]


class TestDrift:
    """An origin's bias walks only where it spoke of five dates or more."""

    @pytest.fixture
    def years(self, make):
        def spoken(n, quantity="a"):
            return [
                make.claim(f"m{year}", quantity, Exactly(60), published=f"20{year}")
                for year in range(10, 10 + n)
            ] + [make.claim("other", "a", Exactly(60), "n1", published="2020")]

        quantities = [make.count("a", make.stated(1, 100))]
        return lambda n: make.study(quantities, spoken(n))

    @pytest.mark.parametrize(("n", "steps"), [(1, 0), (4, 0), (5, 4), (9, 8)])
    def test_steps(self, years, n, steps):
        study = years(n)
        sharing = sharing_of(study, study.readings, 5)
        drifts = [effect for effect in sharing.effects if effect.kind == "drift"]
        assert len(drifts) == steps
        assert ("drifts" in sharing.spreads) == bool(steps)
        if steps:
            walked = drifts_of(study, study.readings, 5, lambda claim: claim.origin)
            assert [len(row) for row in walked] == [*range(n), 0]
            assert walked[-2][:-1] == walked[-3]  # what has moved stays moved
            found = scales_of(study, study.readings, sharing, Assumptions(drift_scale=0.2))
            mine = found.scale[[e.kind == "drift" for e in sharing.effects]]
            assert mine == pytest.approx(0.2, rel=2e-3)  # a year each

    def test_many_claims_on_one_date_are_one_date(self, make):
        claims = [make.claim(str(n), "a", Exactly(60)) for n in range(9)]
        study = make.study([make.count("a", make.stated(1, 100))], claims)
        assert not any(drifts_of(study, study.readings, 5, lambda claim: claim.origin))


class TestPhases:
    """A study on a reference class: claims share errors of their phase and all later ones."""

    @pytest.fixture
    def dated(self, make):
        over = When.parse("2024-03-10")
        quantities = [
            replace(make.count(id, make.stated(1, 100), event=event, access="open"), when=over)
            for id, event in (("a", "raid"), ("b", "raid"), ("c", "fire"))
        ]
        said = (("a", "2024-03-01"), ("b", "2024-03-11"), ("a", "2024-05-01"), ("c", "2024-03-11"))
        claims = [
            make.claim(f"c{n}", id, Exactly(60), published=day) for n, (id, day) in enumerate(said)
        ]
        return make.study(quantities, claims)

    def test_early_claims_carry_what_later_ones_do(self, dated):
        rows = [{e.id for e in row} for row in phases_of(dated, dated.readings)]
        assert rows[0] == {
            *("common all, before access", "common all, 0-2 days after", "common all, later"),
            *("event raid, before access", "event raid, 0-2 days after", "event raid, later"),
        }
        assert rows[0] > rows[1] > rows[2] == {"common all, later", "event raid, later"}
        assert "event fire, 0-2 days after" in rows[3]
        assert len([id for id in rows[3] if "fire" in id]) == 1  # nobody tells its phases apart

    def test_the_part_of_a_quantity_is_one_of_the_early_error(self, dated):
        rows = [{e.id for e in effects_of(dated, c, by_phase=True)} for c in dated.readings]
        assert ["quantity a" in row for row in rows] == [True, False, False, False]

    def test_squared_scales_add_over_phases_and_between_study_and_event(self, dated, standing):
        sharing = sharing_of(dated, dated.readings, 5, by_phase=True)
        found = scales_of(dated, dated.readings, sharing, standing)
        size = dict(zip((e.id for e in sharing.effects), found.scale, strict=True))
        both = size["common all, before access"] ** 2 + size["event raid, before access"] ** 2
        assert both == pytest.approx(0.3**2)
        assert size["event raid, 0-2 days after"] ** 2 == pytest.approx((0.2**2 + 0.1**2) / 2)
        assert size["event fire, 0-2 days after"] ** 2 == pytest.approx(
            (0.2**2 + 0.1**2 + 0.05**2) / 2
        )
        tails = dict(zip((e.id for e in sharing.effects), found.tails, strict=True))
        assert tails["event raid, later"] == STRETCHED_2
        assert tails["origin m1"] == NORMAL
        of_class = dict(zip(sharing.spreads, found.spread_log, strict=True))
        assert of_class == {"origins: media": 0.8, "networks": 0.8}

    def test_early_error_and_shared_factor_change_the_scales(self, dated, standing):
        sharing = sharing_of(dated, dated.readings, 5, by_phase=True)
        ids = [e.id for e in sharing.effects]

        def size(id, **changed):
            given = replace(standing, **changed)
            return scales_of(dated, dated.readings, sharing, given).scale[ids.index(id)]

        assert size("event raid, before access", early_error="none") == 0.0
        assert size("event raid, later", early_error="none") == size("event raid, later")
        assert size("event raid, later", shared_factor=2.0) == 2 * size("event raid, later")
        assert size("event raid, later", environment_share=1.0) == 0.0
        assert size("network m1 on a", network_share=0.0) == 0.0

    def test_a_network_is_one_error_whatever_class_its_origins_are_of(self, make):
        claims = [
            make.claim("one", "a", Exactly(60), "m1", network="guards"),
            make.claim("two", "a", Exactly(60), "n1", network="guards"),
        ]
        study = make.study([make.count("a", make.stated(1, 100))], claims)
        sharing = sharing_of(study, study.readings, 5, by_phase=True)
        assert [e.id for e in sharing.effects if e.kind == "network"] == ["network guards on a"]
