"""Series: cells without gaps, the cell of a day, the days of a claim, and what is no clock."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimators.evidence.claim import Claim
from estimators.evidence.problems import Unfit
from estimators.evidence.quantity import Range
from estimators.evidence.series import Series, window
from estimators.evidence.when import When
from estimators.evidence.wording import Exactly

FIRST, LAST = date(2022, 2, 24), date(2023, 2, 23)


@st.composite
def clocks(draw):
    start = draw(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
    days = draw(st.integers(0, 900))
    step = draw(st.sampled_from(["day", "week", "month", *["dates"] * (days > 0)]))
    after = draw(st.sets(st.integers(1, days), min_size=1)) if step == "dates" else ()
    dates = tuple(start + timedelta(day) for day in sorted(after))
    return Series("s", start, start + timedelta(days), step, dates)


@given(clocks(), st.data())
def test_cells_follow_one_another_and_each_day_lies_in_one(clock, data):
    assert clock.edges[0] == clock.start
    assert clock.edges[-1] == clock.end + timedelta(1)
    assert all(before < after for before, after in pairwise(clock.edges))
    assert clock.cells == len(clock.edges) - 1
    day = data.draw(st.dates(clock.start, clock.end))
    cell, part = clock.at(day)
    first, after = clock.edges[cell : cell + 2]
    assert first <= day < after
    assert part == ((day - first).days + 1) / (after - first).days


def test_months_begin_on_the_day_of_the_start_or_the_last_of_a_shorter_month():
    clock = Series("s", date(2024, 1, 31), date(2024, 5, 30), "month")
    days = [date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30)]
    assert clock.edges == (*days, date(2024, 5, 31))


@pytest.mark.parametrize("day", [FIRST - timedelta(1), LAST + timedelta(1)])
def test_a_day_outside_is_refused(day):
    with pytest.raises(ValueError, match="lies outside 2022-02-24 to 2023-02-23"):
        Series("s", FIRST, LAST).at(day)


MARCH, APRIL = date(2022, 3, 1), date(2022, 4, 1)


@pytest.mark.parametrize(
    ("changed", "column", "wrong"),
    [
        ({"end": date(2022, 2, 23)}, "end", "it ends (2022-02-23) before it starts"),
        ({"end": date(9999, 1, 1)}, "end", "the last year that there is"),
        ({"start": datetime(2022, 2, 24, 10)}, "start", "is not a day"),
        ({"end": "2023-02-23"}, "end", "is not a day"),
        ({"step": "hour"}, "step", "unknown step"),
        ({"step": "dates"}, "dates", "go together"),
        ({"dates": (MARCH,)}, "dates", "go together"),
        ({"step": "dates", "dates": (APRIL, MARCH)}, "dates", "2022-03-01 stands behind a later"),
        ({"step": "dates", "dates": (MARCH, MARCH)}, "dates", "2022-03-01 stands there more than"),
        ({"step": "dates", "dates": (FIRST,)}, "dates", "2022-02-24 lies outside the series"),
        ({"step": "dates", "dates": (MARCH, date(2024, 1, 1))}, "dates", "2024-01-01 lies outside"),
        ({"step": "dates", "dates": ("2022-03-01",)}, "dates", "is not a day"),
        ({"path": "line"}, "path", "unknown path"),
        ({"length": -1.0}, "length", "a number of days"),
        ({"length": float("nan")}, "length", "a number of days"),
        ({"delay": 3}, "delay", "go together"),
        ({"delay_held": Range(10, 95, "r")}, "delay", "go together"),
        ({"delay": -3, "delay_held": Range(10, 95, "r")}, "delay", "whole number of days"),
        ({"delay": 1.5, "delay_held": Range(10, 95, "r")}, "delay", "whole number of days"),
    ],
)
def test_what_is_no_clock_is_refused(changed, column, wrong):
    with pytest.raises(Unfit) as caught:
        Series("s", **({"start": FIRST, "end": LAST} | changed))
    assert (caught.value.column, wrong in caught.value.wrong) == (column, True)
    assert caught.value.remedy.endswith(".")


def test_lists_of_dates_become_tuples():
    clock = Series("s", FIRST, LAST, "dates", [MARCH])
    assert clock.dates == (MARCH,)
    assert clock.cells == 2


def said(as_of="", since=""):
    days = {"as_of": When.parse(as_of) if as_of else None}
    days["since"] = When.parse(since) if since else None
    return Claim("c", "a", Exactly(5), "s", When.parse("2022-05-10"), **days)


@pytest.mark.parametrize(
    ("claim", "first", "last"),
    [
        (said(), "2022-02-24", "2022-05-10"),
        (said("2022-05-08"), "2022-02-24", "2022-05-08"),
        (said("2022-03"), "2022-02-24", "2022-03-31"),
        (said("2022-03", "2022-03"), "2022-03-01", "2022-03-31"),
        (said("2022-03-08", "2022-03-08"), "2022-03-08", "2022-03-08"),
        (said(since="2022-04"), "2022-04-01", "2022-05-10"),
    ],
)
def test_the_days_that_a_claim_counts(claim, first, last):
    clock = Series("s", FIRST, LAST)
    assert window(claim, clock, is_stock=False) == When.parse(f"{first}/{last}")
    assert window(claim, clock, is_stock=True) == When.parse(last)


def test_no_days_where_a_claim_ends_before_it_begins():
    clock = Series("s", FIRST, LAST)
    assert window(said("2021-05-08"), clock, is_stock=False) is None
