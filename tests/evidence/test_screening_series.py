"""Screening over time: totals that fall, parts above their whole, days nobody speaks of."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimators.evidence.choices import Coverage
from estimators.evidence.claim import Claim, Source
from estimators.evidence.quantity import (
    Breakdown,
    CellOf,
    Dimension,
    PartOf,
    Quantity,
    Range,
    RunningBalance,
    Split,
    SumOf,
)
from estimators.evidence.screening import screen
from estimators.evidence.series import Series
from estimators.evidence.study import Study
from estimators.evidence.when import When
from estimators.evidence.wording import About, AtLeast, Between, Exactly, MoreThan, UpTo

R = Range(1, 90, "r")
SHARES = (("x", Range(20, 70, "r")), ("y", Range(30, 80, "r")))
WAR = Series("war", date(2022, 1, 1), date(2022, 12, 31))
MARCH, JUNE = "2022-03-31", "2022-06-30"
FLOWS = {
    "casualties": ("", R),
    "deaths": ("war", None),
    "injuries": ("war", None),
    "women": ("", PartOf("deaths", R)),
    "cell": ("", CellOf("b", (("d", "x"),))),
    "all": ("", SumOf(("casualties", "other"))),
    "other": ("war", R),
    "arrested": ("", None),
    "still": ("", R),
    "still_part": ("", PartOf("still", R)),
}


def study(*claims, series=(WAR,)):
    quantities = [Quantity(id, id, "flow", rule, series=on) for id, (on, rule) in FLOWS.items()]
    quantities.append(Quantity("held", "held", "stock", R, series="war"))
    halves = tuple(zip(("deaths", "injuries"), (r for _, r in SHARES), strict=True))
    identities = [Split("s", "casualties", halves)]
    identities.append(RunningBalance("r", "held", "arrested", R, ("deaths",)))
    breakdowns = [Breakdown("b", "deaths", (Dimension("d", SHARES),))]
    sources = [Source(id, id, "media") for id in "stu"]
    coverages = [Coverage("city", Range(20, 60, "r"))]
    parts = {"breakdowns": breakdowns, "series": series, "coverages": coverages}
    return Study("T", "?", quantities, sources, claims, identities=identities, **parts)


def said(id, wording, as_of=JUNE, quantity="deaths", origin="s", **rest):
    since = {"since": When.parse(rest.pop("since"))} if "since" in rest else {}
    days = {"as_of": When.parse(as_of)} | since
    return Claim(id, quantity, wording, origin, When.parse("2022-12-31"), **days, **rest)


def found(kind, *claims, **changed):
    return [f.claims for f in screen(study(*claims, **changed)).open if f.kind == kind]


WHOLE = said("whole", Exactly(100))
ABOVE = [
    said("c", Exactly(101), MARCH, origin="t"),
    said("c", AtLeast(101), MARCH, origin="t"),
    said("c", MoreThan(101), MARCH, origin="t"),
    said("c", AtLeast(101), MARCH, since="2022-03"),
    said("c", AtLeast(101), JUNE, since="2022-03"),
    said("c", AtLeast(101), quantity="women"),
    said("c", AtLeast(101), quantity="cell", origin="t"),
    said("c", AtLeast(101), MARCH, quantity="women", since="2022-03"),
    said("c", AtLeast(101), quantity="women", coverage="city"),
]


@pytest.mark.parametrize("claim", ABOVE, ids=range(9))
def test_a_part_above_its_whole(claim):
    assert found("part above whole", WHOLE, claim) == [("c", "whole")]
    upper = said("whole", UpTo(100))
    assert found("part above whole", claim, upper) == [("c", "whole")]
    ranged = said("whole", Between(10, 100))
    assert found("part above whole", ranged, claim) == [("c", "whole")]


NOT_ABOVE = [
    said("c", Exactly(100), MARCH, origin="t"),
    said("c", UpTo(900), MARCH, origin="t"),
    said("c", About(900), MARCH, origin="t"),
    said("c", Exactly(101), "2022-07-01", origin="t"),
    said("c", Exactly(101), JUNE, origin="t"),
    said("c", AtLeast(101), "2022-07-31", since="2022-06"),
    said("c", AtLeast(101), "2022-07-31", quantity="women"),
    said("c", AtLeast(101), quantity="injuries"),
    said("c", AtLeast(101), quantity="held"),
    said("c", AtLeast(101), MARCH, origin="t", used=False, why_not="x"),
]


@pytest.mark.parametrize("claim", NOT_ABOVE, ids=range(10))
def test_no_part_above_its_whole(claim):
    assert found("part above whole", WHOLE, claim) == []


def test_a_whole_that_was_counted_in_part_holds_nothing():
    city = said("whole", Exactly(100), coverage="city")
    assert found("part above whole", city, said("c", Exactly(101), MARCH, origin="t")) == []


def test_deaths_above_casualties_and_parts_of_parts():
    casualties = said("whole", UpTo(100), quantity="casualties")
    women = said("c", AtLeast(120), MARCH, quantity="women", origin="t")
    deaths = said("d", Exactly(110), origin="t")
    pairs = found("part above whole", casualties, deaths, women)
    assert sorted(pairs) == [("c", "d"), ("c", "whole"), ("d", "whole")]


def test_a_total_of_a_time_holds_each_part_of_it_but_not_the_other_way_round():
    total = said("whole", UpTo(100), quantity="still")
    assert found("part above whole", total, said("c", Exactly(101), quantity="still")) == []
    part = said("c", Exactly(101), MARCH, quantity="still_part")
    assert found("part above whole", total, part) == [("c", "whole")]


def test_claims_of_one_origin_are_one_finding_with_the_worst():
    claims = [said(f"c{i}", Exactly(101 + i), f"2022-03-{i:02}", origin="t") for i in range(1, 9)]
    claims += [said("u", Exactly(105), MARCH, origin="u")]
    screening = screen(study(WHOLE, *claims))
    open_ = [f for f in screening.open if f.kind == "part above whole" and "whole" in f.claims]
    assert [f.claims for f in open_] == [("c8", "whole"), ("u", "whole")]
    assert "7 more of t are above too." in open_[0].why
    assert "109 of deaths from 2022-01-01 to 2022-03-08" in open_[0].why


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(1, 12), st.integers(1, 12), st.integers(1, 60), st.booleans()),
        min_size=1,
        max_size=25,
    )
)
def test_every_part_above_some_whole_is_found(drawn):
    # By comparing each with each, which the screening must not do.
    claims = []
    for number, (one, other, value, is_most) in enumerate(drawn):
        first, last = sorted((one, other))
        kind, quantity = (UpTo, "casualties") if is_most else (AtLeast, "deaths")
        days = {"since": f"2022-{first:02}"}
        origin = "st"[number % 2]
        as_of = f"2022-{last:02}"
        claims.append(said(f"c{number}", kind(value), as_of, quantity, origin, **days))
    wanted = {
        (part.quantity, part.origin)
        for part in claims
        for whole in claims
        if isinstance(part.wording, AtLeast)
        and isinstance(whole.wording, UpTo)
        and whole.since.start <= part.since.start
        and part.as_of.end <= whole.as_of.end
        and part.wording.value > whole.wording.value
    }
    made = study(*claims)
    pairs = [f.claims for f in screen(made).open if f.kind == "part above whole"]
    got = {(made.claim_by_id[part].quantity, made.claim_by_id[part].origin) for part, _ in pairs}
    assert got == wanted


def weekly(*numbers, start=date(2022, 2, 1), **rest):
    days = [start + timedelta(7 * week) for week in range(len(numbers))]
    origin = rest.get("origin", "s")
    return [
        said(f"{origin}{i}", Exactly(number), str(day), **rest)
        for i, (number, day) in enumerate(zip(numbers, days, strict=True))
    ]


def test_totals_that_fall_are_one_finding_for_each_origin():
    claims = [*weekly(10, 20, 15, 30, 25, 40), *weekly(10, 9, origin="t")]
    screening = screen(study(*claims))
    falling = [f for f in screening.open if f.kind == "falling total"]
    assert [f.claims for f in falling] == [("s2", "s4"), ("t1",)]
    assert "s on deaths: 2 of its 6 totals lie below the total of an earlier day" in falling[0].why
    assert "t on deaths: 1 of its 2 totals lies below" in falling[1].why
    assert found("part above whole", *weekly(10, 20, 15)) == []


def test_what_does_not_fall():
    rising = weekly(10, 20, 30)
    other_days = said("x", Exactly(5), JUNE, since="2022-06")
    floor, stock = said("y", AtLeast(5)), said("z", Exactly(5), quantity="held")
    held = said("h", Exactly(9), MARCH, quantity="held")
    city = said("v", Exactly(5), coverage="city")
    assert found("falling total", *rising, other_days, floor, stock, held, city) == []
    assert found("falling total", *rising, said("same", Exactly(20), "2022-02-15")) == []


def test_totals_that_an_origin_carries_on_are_proposed_to_be_marked():
    totals = [1234, 2345, 3456, 4567, 5678]
    ids = ("s0", "s1", "s2", "s3", "s4")
    assert found("running total", *weekly(*totals)) == [ids]
    assert found("running total", *weekly(*totals[:4])) == []
    assert found("running total", *weekly(*totals[:4], 6000)) == []
    assert found("running total", *weekly(*totals, method="running total")) == []
    assert found("running total", *weekly(*totals, quantity="held")) == []
    assert found("running total", *weekly(*totals, quantity="still")) == []


def test_a_long_stretch_that_nobody_speaks_of():
    (finding,) = (f for f in screen(study(said("a", Exactly(5)))).open if f.kind == "gap")
    assert "between 2022-06-30 and 2022-12-31: 184 of its 365 days" in finding.why
    assert len(found("gap", said("a", Exactly(5), "2022-08-31"))) == 1
    often = [said(f"a{month}", Exactly(5), f"2022-{month:02}") for month in range(3, 12, 3)]
    assert found("gap", *often) == []
    assert found("gap", said("a", Exactly(5), quantity="still")) == []


def test_a_cell_that_is_many_times_as_long():
    months = tuple(date(2022, 1, day) for day in range(8, 30, 7))
    assert (
        len(found("long cell", WHOLE, series=[Series("war", WAR.start, WAR.end, "dates", months)]))
        == 1
    )
    quarters = tuple(date(2022, month, 1) for month in (4, 7, 10))
    even = Series("war", WAR.start, WAR.end, "dates", quarters)
    assert found("long cell", WHOLE, series=[even]) == []


def test_a_round_number_of_other_days_is_no_copy():
    one = said("one", Exactly(600), MARCH)
    assert found("copy", one, said("two", Exactly(600), JUNE, origin="t")) == []
    assert found("copy", one, said("two", Exactly(600), MARCH, origin="t")) == [("one", "two")]
    rare = said("one", Exactly(617), MARCH)
    assert found("copy", rare, said("two", Exactly(617), JUNE, origin="t")) == [("one", "two")]
