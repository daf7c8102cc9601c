"""Messages: one line, with the place, what was got and the remedy."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimators.evidence.problems import (
    EvidenceError,
    Problem,
    nearest,
    refuse,
    shorten,
    suggestion,
)


def test_a_message_names_place_fault_value_and_remedy():
    problem = Problem("claims.csv row 7", "it is no number.", "Write digits.", "value", "x")
    assert str(problem) == "claims.csv row 7, value: it is no number. Got 'x'. Write digits."


@given(st.text(), st.text(), st.text())
def test_a_message_is_one_printable_line(subject, column, got):
    assert str(Problem(subject, "wrong.", "Mend it.", column, got)).isprintable()


def test_an_escape_sequence_of_a_terminal_does_not_pass():
    assert "\x1b" not in str(Problem("claim \x1b[31m", "wrong.", "Mend it.", got="\x1b[0m"))


def test_the_error_lists_every_problem_and_survives_pickling():
    error = EvidenceError([Problem("a", "wrong.", "Mend it."), Problem("b", "bad.", "Drop it.")])
    copy = pickle.loads(pickle.dumps(error))
    assert copy.problems == error.problems
    assert str(copy).splitlines() == [
        "2 problems in the evidence:",
        "  a: wrong. Mend it.",
        "  b: bad. Drop it.",
    ]
    assert str(refuse("a", "wrong.", "Mend it.")).startswith("1 problem in the evidence:")


def test_a_suggestion_names_the_nearest_and_the_others():
    assert suggestion("mediaa", ["media", "ngo"]) == "Did you mean 'media'? Use one of: media, ngo."
    assert suggestion("zzz", ["media", "ngo"]) == "Use one of: media, ngo."
    assert suggestion("x", ["b", "a", "c"], shown=2) == "Use one of: a, b and 1 more."
    assert suggestion("a", [], add_to="study.toml") == "Add it to study.toml."
    assert suggestion("a", ["b"], add_to="study.toml").endswith("Or add it to study.toml.")


@pytest.mark.parametrize("allowed", [[], ["a"], [f"id_{i}" for i in range(5000)]])
def test_a_suggestion_is_short_and_ends_as_a_sentence(allowed):
    said = suggestion("id_4000", allowed)
    assert said.endswith(".")
    assert len(said) < 300


def test_nothing_is_near_where_nothing_is_like_it():
    assert nearest("zzz", ["media"]) == ""


def test_a_long_value_is_cut():
    assert shorten("a" * 100) == "a" * 79 + "…"
    assert shorten("a" * 80) == "a" * 80
