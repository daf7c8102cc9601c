"""Density, dots and small panels: what they draw, what they say, and what they refuse."""

import numpy as np
import pytest

from estimators.publish.density_curve import Scale, bands, density_of, scale_of
from estimators.publish.figure_density import density_reading, plot_density
from estimators.publish.figure_dots import counts_of, dots_reading, plot_dots, stacked
from estimators.publish.figure_many import many, plot_many
from estimators.publish.plain_words import between


@pytest.mark.parametrize(
    ("scale", "draws"),
    [
        (Scale(0, 2000, False, False), "count"),
        (Scale(50, 2000, True, False), "count"),
        (Scale(0, 100, False, True), "share"),
    ],
)
def test_the_area_below_a_density_is_one_on_its_axis(scale, draws):
    normal = np.random.default_rng(1).standard_normal(4000)
    made = 300 * np.exp(0.3 * normal) if draws == "count" else 100 / (1 + np.exp(-normal))
    found = density_of(made, scale)
    at = np.log(found.at) if scale.log else found.at
    assert np.trapezoid(found.height, at) == pytest.approx(1.0, abs=0.01)
    wide, narrow = (
        np.trapezoid(band.height, np.log(band.at) if scale.log else band.at)
        for band in bands(made, found)
    )
    assert (wide, narrow) == (pytest.approx(0.9, abs=0.03), pytest.approx(0.5, abs=0.03))


def test_the_axis_holds_the_estimate_and_the_middle_of_its_prior(estimate, prior):
    alone, both = scale_of(estimate, "taken"), scale_of(estimate, "taken", prior)
    assert alone.low < estimate.interval("taken", 0.99)[0]
    assert both.high > prior.interval("taken", 0.5)[2]
    assert both.log
    assert not alone.share
    assert scale_of(estimate, "women_share").high <= 100.0


def test_density_says_how_it_is_read(estimate, prior):
    ax = plot_density(estimate, "taken", prior)
    assert density_reading(estimate, "taken").split("\n") == [
        "",
        "Between 110 and 500 people, nine chances in ten;",
        "between 160 and 370 people, one chance in two.",
    ]
    assert len([line for line in ax.lines if line.get_linestyle() == "--"]) == 1  # the prior
    assert density_reading(estimate, "unclaimed").startswith("Assumed, not estimated.")
    with pytest.raises(ValueError, match="no words for a level"):
        between(estimate, "taken", 0.8)


def test_each_dot_is_an_equal_chance(estimate):
    counts = counts_of(estimate, "taken", 20)
    draws = estimate.draws_of("taken").values
    assert [(draws <= count).mean() for count in counts] == pytest.approx(
        [(n + 0.5) / 20 for n in range(20)], abs=0.01
    )
    ax = plot_dots(estimate, "taken")
    assert sum(len(line.get_xdata()) for line in ax.lines) == 20


@pytest.mark.parametrize("dots", [20, 50])
def test_dots_at_a_number_are_counted_and_filled(estimate, dots):
    ax = plot_dots(estimate, "taken", dots, at_least=200)
    filled, open_ = (line for line in ax.lines if line.get_marker() == "o")
    above = int((counts_of(estimate, "taken", dots) >= 200).sum())
    assert len(filled.get_xdata()) == above
    assert (filled.get_xdata() > 200).all()  # no stack lies across the line
    assert (open_.get_xdata() < 200).all()
    told = dots_reading(estimate, "taken", dots, 200)
    assert told.endswith(f"At least 200 people: {above} of {dots} dots (filled).")


def test_stacks_hold_every_dot_once(estimate):
    counts = counts_of(estimate, "taken", 50)
    made = stacked(counts, scale_of(estimate, "taken"))
    assert len(set(zip(made.at.round(6), made.level, strict=True))) == 50
    assert np.abs(np.log(made.at / counts)).max() < 0.2


@pytest.mark.parametrize(("dots", "number"), [(9, None), (101, None), (20, 0), (20, float("nan"))])
def test_dots_refuses(estimate, dots, number):
    with pytest.raises(ValueError, match=r"dots must lie|at_least must be"):
        plot_dots(estimate, "taken", dots, at_least=number)


def test_small_panels_show_the_headline_first_and_what_was_said(estimate):
    assert many(estimate.study)[:2] == ("taken", "lost")
    assert "unclaimed" not in many(estimate.study)
    axes = plot_many(estimate, ["taken", "lost", "unclaimed"])
    assert [ax.get_title("left").split("\n")[-1] for ax in axes] == [
        "110–500",
        "87–370",
        "34–150, assumed",
    ]
    said = [[line.get_xdata() for line in ax.lines if line.get_marker() == "|"] for ax in axes]
    assert list(said[0][0]) == [150.0, 200.0]
    assert said[1:] == [[], []]  # its only claim is not used; nobody speaks of the other


@pytest.mark.parametrize("ids", [[], ["taken"] * 41])
def test_small_panels_refuse_what_no_page_holds(estimate, ids):
    with pytest.raises(ValueError, match="between 1 and 40"):
        plot_many(estimate, ids)
