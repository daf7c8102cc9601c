"""The figure of how far claims lie from settled counts: what it holds, and that nothing is cut."""

import importlib.util
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from estimators.inference.how_wrong import COLUMNS, how_wrong
from estimators.models.claim_error import CLASSES
from estimators.models.phases import PHASES
from estimators.models.reference import reference_class
from estimators.publish.captions_doubt import reference_alt, reference_caption
from estimators.publish.figure_reference import NAMES, WHEN, factor_ticks, plot_reference
from estimators.publish.style import figure_of


def beside(name):
    """Return another module of this folder."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / f"{name}.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


overlaps = beside("test_figures").overlaps


@pytest.fixture(scope="module")
def made():
    return how_wrong(reference_class(), draws=10_000)


def stretched(made, by):
    table = made.table.copy()
    table[list(COLUMNS)] **= by
    return replace(made, table=table)


@pytest.mark.parametrize("by", [0.2, 1.0, 4.0], ids=["narrow", "as it is", "wide"])
def test_a_row_a_phase_and_source_and_no_overlap(made, by):
    ax = plot_reference(stretched(made, by))
    assert [label.get_text() for label in ax.get_yticklabels()] == list(NAMES.values()) * 4
    assert [t.get_text() for t in ax.texts if t.get_text() in WHEN.values()] == list(WHEN.values())
    assert not overlaps(figure_of(ax))


def test_intervals_are_those_of_the_table(made):
    ax = plot_reference(made)
    row = made.at(PHASES[0], "party")
    place = ax.get_yticks()[list(CLASSES).index("party")]
    drawn = [line.get_xdata() for line in ax.lines if line.get_ydata()[0] == place]
    ends = [tuple(x) for x in drawn if len(x) == 2]
    assert (row["low"], row["high"]) in ends
    assert (row["q25"], row["q75"]) in ends
    assert ax.get_xscale() == "log"
    assert f"{row['off_by_two']:.0%}" in [text.get_text() for text in ax.texts]


def test_ticks_are_factors(made):
    ax = plot_reference(stretched(made, 0.2))
    shown = [label.get_text() for label in ax.get_xticklabels()]
    assert shown == ["×¼", "×½", "1", "×2", "×4"]
    assert factor_ticks(0.01, 100.0)[0] == Fraction(1, 64)
    assert len(factor_ticks(1e-9, 1e9)) <= 8


def test_it_draws_on_given_axes(made):
    _, ax = plt.subplots()
    assert plot_reference(made, ax) is ax
    assert ax.get_title("left").endswith("all events")


def test_a_class_of_ones_own_keeps_its_formulas_as_text(made):
    own = replace(made, reference="$x$ " + "and a long name " * 5)
    assert not overlaps(figure_of(plot_reference(own)))


def test_the_same_in_words(made):
    row = made.table.iloc[0]
    assert f"state, before access: ×{row['low']:.2g} to ×{row['high']:.2g}" in reference_alt(made)
    assert f"{made.claims} claims on {made.events} events" in reference_caption(made)
