"""The shape of each wording, and printings that hang on what they print."""

import pytest

from estimators.evidence.wording import (
    About,
    AtLeast,
    BestEstimate,
    Between,
    CouldReach,
    Exactly,
    FewerThan,
    Most,
    OrderOf,
    Verified,
)
from estimators.publish.figure_claims import plot_claims
from estimators.publish.marks import kind_of
from estimators.publish.said import span


@pytest.mark.parametrize(
    ("wording", "kind", "ends"),
    [
        (Exactly(600), "number", (600, 600)),
        (About(600), "hedged", (600, 600)),
        (AtLeast(600), "floor", (600, 600)),
        (Verified(600), "floor", (600, 600)),
        (FewerThan(600), "ceiling", (600, 600)),
        (CouldReach(600), "ceiling", (600, 600)),
        (Between(500, 700), "range", (500, 700)),
        (BestEstimate(600, 500, 700), "range", (500, 700)),
        (Most(), "word", (50, 100)),
    ],
)
def test_each_wording_has_a_shape_and_ends(make_claim, wording, kind, ends):
    claim = make_claim("a", "taken", wording)
    assert kind_of(claim) == kind
    assert span(claim) == ends


def test_a_word_for_an_order_of_magnitude_reaches_from_its_5_to_its_95_percent_point(make_claim):
    low, high = span(make_claim("a", "taken", OrderOf("hundreds")))
    assert 100 < low < 300 < high < 1000


def test_a_printing_of_another_number_hangs_below_and_is_in_the_picture(
    make_study, make_claim, make_estimate
):
    again = {"repeats": "a", "used": False, "why_not": "again"}
    study = make_study(
        make_claim("a", "taken", About(200)),
        make_claim("same", "taken", Exactly(200), "paper", **again),
        make_claim("other", "taken", Exactly(2600), "paper", **again),
        make_claim("share", "women_share", Exactly(70), "paper", **again),
    )
    ax = plot_claims(make_estimate(study), "taken")
    hung = [line for line in ax.lines if line.get_marker() == "o" and line.get_ydata()[0] % 1]
    assert [line.get_xdata()[0] for line in hung] == [2600]
    assert ax.get_xlim()[1] > 2600
