"""What holds of every sentence: properties over random intervals, units and small numbers."""

import re
from functools import lru_cache
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimators.evidence.wording import Exactly, MoreThan
from estimators.inference import prior_part as part
from estimators.publish import rests
from estimators.publish.rounding import Printed
from estimators.publish.sentences import sentence
from estimators.publish.suppression import Cells
from tests.publish.conftest import claim, estimate_of, study_of

# Words for how likely something is; each needs the number that it stands for.
VAGUE = r"\b(likely|unlikely|probably|possibly|presumably|perhaps|certain|doubtful)\b"
QUANTITIES = ("taken", "lost", "women", "held_after", "all", "women_share")


@lru_cache
def base():
    return estimate_of(study_of())


def with_interval(low, median, high):
    """The estimate with other draws: its 5, 50 and 95% points are those given."""
    made = base()
    interval = SimpleNamespace(of=(low, median, high))
    copy = estimate_of.__globals__["Estimate"](made.recipe, made.tree, made.provenance)
    object.__setattr__(copy, "interval", lambda id, level=0.9: interval.of)
    return copy


intervals = st.tuples(st.floats(0.3, 1e6), st.floats(1.26, 30.0), st.floats(1.26, 30.0)).map(
    lambda drawn: (drawn[0], drawn[0] * drawn[1], drawn[0] * drawn[1] * drawn[2])
)
shares = st.lists(st.floats(0.2, 99.8), min_size=3, max_size=3, unique=True).map(sorted)


def numbers_of(text):
    found = re.search(r"between ([\d,.]+)%? and ([\d,.]+)(%| people)? .*?median ([\d,.]+)", text)
    return tuple(float(found[n].replace(",", "").rstrip(".")) for n in (1, 4, 2))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(QUANTITIES), intervals, shares)
def test_every_sentence(id, counts, percents):
    drawn = tuple(percents) if id == "women_share" else counts
    estimate = with_interval(*drawn)
    text = sentence(estimate, id)
    low, median, high = numbers_of(text)
    assert low <= median <= high
    assert low <= drawn[0] * (1 + 1e-9)  # rounded outwards, but for what floats cannot hold
    assert high >= min(drawn[2], 100.0 if id == "women_share" else drawn[2]) * (1 - 1e-9)
    for number in (low, median, high):
        assert len(f"{number:.10g}".replace(".", "").strip("0")) <= 2 or number == 100
    parts = text.split("; ")
    reported = "it was reported" if "it was reported" in text else "no claim counts"
    order = [text.index(words) for words in ("estimate", reported)]
    assert order == sorted(order)
    assert any("documented" in p or "exist" in p for p in parts)
    assert "the result rests on the assumption that" in text
    assert "90% interval" in text
    assert not re.search(VAGUE, text)
    assert text.endswith(".")
    assert not re.search(r"\d{7}", text)  # long numbers have separators


@pytest.mark.parametrize(("share", "is_said"), [(0.49, False), (0.51, True), (0.87, True)])
def test_prior_limited_is_said_with_its_number(estimate, monkeypatch, share, is_said):
    table = part.prior_part(estimate)
    table["bias_r2"], table["prior_limited"] = share, share > part.LIMITED
    monkeypatch.setattr(rests, "prior_part", lambda estimate: table)
    text = sentence(estimate, "taken")
    assert (f"prior-limited: {round(100 * share)}% of what is left open" in text) is is_said


def with_one_documented():
    named = claim("n", "taken", Exactly(3), "paper", method="enumeration", used=False, why_not="3")
    return estimate_of(study_of(claim("a", "taken", MoreThan(6)), named))


def test_small_numbers_of_people_are_suppressed_only_when_asked():
    plain = sentence(with_one_documented(), "taken")
    assert "“more than 6”" in plain
    assert "3 identified persons are documented" in plain
    told = sentence(with_one_documented(), "taken", suppress_below=10)
    assert "it was reported as fewer than 10 (1 reading" in told
    assert "fewer than 10 identified persons are documented" in told
    assert "between 110 and 500 people" in told


@settings(max_examples=60, deadline=None)
@given(intervals, st.integers(2, 60))
def test_no_number_below_the_limit_is_printed(counts, below):
    text = sentence(with_interval(*counts), "taken", suppress_below=below).split("; it was")[0]
    told = re.findall(
        r"(?<!fewer than )(?<![\d,])([\d,]+)(?=[ ;)])", text.replace("14 May 2020", "")
    )
    assert all(float(n.replace(",", "")) >= below or n == "0" for n in told)


def test_shares_are_not_numbers_of_people(estimate):
    assert sentence(estimate, "women_share", suppress_below=90) == sentence(estimate, "women_share")


def test_cells():
    cells = Cells(10)
    assert [cells.number(n) for n in (0, 9, 10)] == ["0", "fewer than 10", "10"]
    assert cells.between(Printed(2, 4, 8), " people") == "fewer than 10 people"
    assert cells.between(Printed(2, 40, 80), " people") == "between fewer than 10 and 80 people"
    assert cells.ends(Printed(2, 40, 80)) == "fewer than 10 to 80"
    assert cells.ends(Printed(2, 4, 8)) == "fewer than 10"
    assert cells.ends(Printed(20, 40, 80)) == "20–80"
    for wrong, error in ((-1, ValueError), (1.5, TypeError), (True, TypeError)):
        with pytest.raises(error, match="suppress_below"):
            Cells(wrong)


def test_the_draws_that_properties_stand_on_are_those_of_the_estimate(estimate):
    low, median, high = np.quantile(estimate.draws_of("taken").values, [0.05, 0.5, 0.95])
    assert estimate.interval("taken") == (low, median, high)
