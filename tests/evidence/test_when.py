"""Dates: what they span, how they are written, and which texts are none."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimators.evidence.problems import Unfit
from estimators.evidence.when import When

DAYS = st.dates()


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2023-10-09", date(2023, 10, 9), date(2023, 10, 9)),
        ("2023-10", date(2023, 10, 1), date(2023, 10, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023", date(2023, 1, 1), date(2023, 12, 31)),
        ("2023-08-29/2023-10-08", date(2023, 8, 29), date(2023, 10, 8)),
        ("2022-12/2023", date(2022, 12, 1), date(2023, 12, 31)),
        (" 2023-10 ", date(2023, 10, 1), date(2023, 10, 31)),
    ],
)
def test_a_date_means_its_whole_span(text, start, end):
    assert When.parse(text) == When(start, end)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "not a date"),
        ("23", "not a date"),
        ("2023-1-5", "not a date"),
        ("20231009", "not a date"),
        ("10.10.2023", "not a date"),
        ("2023-10-09T10:00", "not a date"),
        ("２０２３", "not a date"),
        ("/2023", "not a date"),
        ("2021/2022/2023", "not a date"),
        ("2023/", "nothing stands behind"),
        ("2023-13", "not a day of the calendar"),
        ("2023-00", "not a day of the calendar"),
        ("2023-02-29", "not a day of the calendar"),
        ("0000", "not a day of the calendar"),
        ("2023-10-09/2023-09", "before it starts"),
    ],
)
def test_an_impossible_or_half_date_is_refused_with_the_remedy(text, wrong):
    with pytest.raises(Unfit) as caught:
        When.parse(text)
    assert wrong in caught.value.wrong
    assert caught.value.remedy.startswith("Write ")


@pytest.mark.parametrize(
    "text",
    [
        "2022-03-01T10:00+02:00",
        "2022-03-01 10:00",
        "2022-03-01T10:00:00Z",
        "2022-03-01Z",
        "2022-03-01+02:00",
        "20220301T1000",
        "2022-03-01/2022-03-02T00:00",
    ],
)
def test_a_time_of_day_is_refused_by_name(text):
    with pytest.raises(Unfit) as caught:
        When.parse(text)
    assert "not a date but a time of day" in caught.value.wrong
    assert "convert it to the local day of the place" in caught.value.remedy
    assert caught.value.remedy.endswith("say so in notes.")


@given(DAYS, DAYS)
def test_writing_and_reading_round_trip(one, other):
    when = When(min(one, other), max(one, other))
    assert When.parse(str(when)) == when


@given(st.integers(1, 9999), st.integers(1, 12))
def test_a_whole_month_or_year_is_written_short(year, month):
    for text in (f"{year:04d}", f"{year:04d}-{month:02d}"):
        assert str(When.parse(text)) == text


@given(DAYS, DAYS)
def test_the_middle_is_as_far_from_both_ends(one, other):
    when = When(min(one, other), max(one, other))
    before, after = when.middle - when.start, when.end - when.middle
    assert timedelta(0) <= after - before <= timedelta(1)


def test_a_span_cannot_end_before_it_starts():
    with pytest.raises(ValueError, match="before it starts"):
        When(date(2023, 2, 1), date(2023, 1, 31))
