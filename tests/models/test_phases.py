"""Phases: from when somebody could count, and what a study's claims speak for."""

from dataclasses import replace

import pytest

from estimators.evidence.when import When
from estimators.evidence.wording import Exactly
from estimators.models.phases import SLOW, phase_at, phase_of


@pytest.mark.parametrize(
    ("days", "phase"), [(-1, 0), (0, 1), (2, 1), (3, 2), (14, 2), (15, 3), (9999, 3)]
)
def test_phases_by_days(days, phase):
    assert phase_at(days) == phase


@pytest.mark.parametrize(
    ("access", "day", "phase"),
    [
        ("closed", "2029-01-01", 0),  # it never opens
        ("open", "2024-03-09", 0),  # it went on
        ("open", "2024-03-11", 1),
        ("open", "2024-03-20", 2),
        ("open", "2024-03", 2),  # the middle of March
        ("slow", "2024-03-20", 0),
        ("slow", "2024-08-01", 3),
    ],
)
def test_the_phase_of_a_claim(make, access, day, phase):
    made = make.count("a", make.stated(1, 100), access=access)
    dated = replace(made, when=When.parse("2024-03-08/2024-03-10"))
    claim = make.claim("c", "a", Exactly(60), published=day)
    assert phase_of(make.study([dated], [claim]), claim) == phase
    assert SLOW > 14


def test_what_has_no_date_is_taken_to_be_just_over(make):
    claim = make.claim("c", "a", Exactly(60))
    study = make.study([make.count("a", make.stated(1, 100), access="open")], [claim])
    assert phase_of(study, claim) == 1
