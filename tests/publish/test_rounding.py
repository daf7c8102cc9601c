"""Two significant digits, ends outwards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimators.publish.rounding import Printed, round_print


@pytest.mark.parametrize(
    ("number", "towards", "expected"),
    [
        (1234, "nearest", 1200),
        (1209.4, "up", 1300),
        (1200.0, "up", 1200),
        (1200.0, "down", 1200),
        (297.5, "down", 290),
        (0.349, "down", 0),
        (0.349, "up", 1),
        (7.67, "nearest", 8),
        (99.6, "nearest", 100),
        (0.0, "up", 0),
        (30, "down", 30),
    ],
)
def test_people_are_whole_and_have_two_digits(number, towards, expected):
    assert round_print(number, towards) == expected


def test_percent_keeps_two_digits_below_one():
    assert round_print(0.3456, whole=False) == 0.35
    assert round_print(0.3, "down", whole=False) == 0.3


@given(st.lists(st.floats(0.01, 1e9), min_size=3, max_size=3).map(sorted))
def test_a_printed_interval_holds_the_interval(ends):
    low, median, high = ends
    printed = Printed.of((low, median, high))
    assert printed.low <= low * (1 + 1e-6)
    assert printed.high >= high * (1 - 1e-6)
    assert printed.low >= 0.89 * low - 1
    assert printed.high <= 1.11 * high + 1


def test_percent_does_not_pass_100():
    assert Printed.of((91.2, 97.0, 99.9), "percent").ends == "91–100%"


def test_only_what_is_counted_is_whole():
    ends = (0.26, 0.58, 123.4)
    assert Printed.of(ends, "tanks").ends == "0–130"
    assert Printed.of(ends, "factor").ends == "0.26–130"
    assert Printed.of(ends, "percent").ends == "0.26–100%"


def test_text_has_separators_and_lower_end_first():
    assert str(Printed.of((1051.0, 2260.0, 12301.0))) == "1,000–13,000 (median 2,300)"
