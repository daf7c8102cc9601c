"""Each figure of studies with 1 to 40 claims: nothing overlaps, is cut off or hard to read."""

from dataclasses import replace
from functools import lru_cache

import pytest
from matplotlib.text import Text

from estimators.evidence.quantity import Quantity, Range
from estimators.evidence.when import When
from estimators.inference.prior import Prior
from estimators.publish.figure_density import plot_density
from estimators.publish.figure_dots import plot_dots
from estimators.publish.figure_flows import plot_flows
from estimators.publish.figure_many import plot_many
from estimators.publish.figure_panels import plot_all_series
from estimators.publish.figure_provenance import plot_provenance
from estimators.publish.figure_series import plot_series
from estimators.publish.figures import (
    plot_account,
    plot_claims,
    plot_prior,
    plot_sensitivity,
    plot_sources,
)
from estimators.publish.style import figure_of, style
from tests.publish.conftest import changes_of, estimate_of, study_of, tree_of
from tests.publish.layout import SOURCES, contrast, crowd, faults
from tests.publish.series_study import estimate_over_time, one_of_each, over_time_study

CLAIMS = (1, 2, 5, 12, 25, 40)


@lru_cache
def estimated(many):
    return estimate_of(study_of(*crowd(many), sources=SOURCES))


@lru_cache
def of_quantities(many):
    day = When.parse("2023-10-09")
    label = "Returned on {} October 2023 through Dandong, Tumen and elsewhere, not heard of since"
    quantities = [
        Quantity(f"q{n}", label.format(n), "flow", Range(0.01 * 9**k, 4 * 9**k, "a ship"), day)
        for n in range(many)
        for k in [n % 7]
    ]
    quantities.append(Quantity("part", "Share of women", "share", Range(20, 80, "a census"), day))
    claims = [
        replace(c, id=f"m{n}", quantity=f"q{n}", derived_from=(), repeats="", used=True, why_not="")
        for n, c in enumerate(crowd(many))
    ]
    study = study_of(*claims, sources=SOURCES, quantities=quantities, identities=(), headline=())
    return estimate_of(study)


def before(estimate):
    return Prior(estimate.study, tree_of(estimate.study, 1.2, "prior"))


DRAWN = {
    "claims": lambda e: plot_claims(e, "taken"),
    "provenance": lambda e: plot_provenance(e.study, "taken"),
    "provenance of all": lambda e: plot_provenance(e.study),
    "density": lambda e: plot_density(e, "taken", before(e)),
    "density of a share": lambda e: plot_density(e, "women_share", before(e)),
    "dots": lambda e: plot_dots(e, "taken"),
    "dots at a number": lambda e: plot_dots(e, "taken", 50, at_least=200),
    "account": lambda e: plot_account(e)[0],
    "flows": plot_flows,
    "prior": lambda e: plot_prior(before(e), e),
    "sources": lambda e: plot_sources(e, changes_of(e), "taken")[0],
    "sensitivity": lambda e: plot_sensitivity(changes_of(e), "taken"),
}
BY_CLAIMS = ("claims", "provenance", "provenance of all", "sources")


@pytest.mark.parametrize("many", CLAIMS)
@pytest.mark.parametrize("kind", BY_CLAIMS)
def test_what_grows_with_claims(kind, many):
    figure = figure_of(DRAWN[kind](estimated(many)))
    assert not faults(figure)
    assert figure.get_figheight() < 17.0  # inches; of 40 rows with two lines each


@pytest.mark.parametrize("kind", [kind for kind in DRAWN if kind not in BY_CLAIMS])
def test_what_does_not(kind):
    assert not faults(figure_of(DRAWN[kind](estimated(12))))


@pytest.mark.parametrize("many", CLAIMS)
def test_small_panels(many):
    axes = plot_many(of_quantities(many))
    assert len(axes) == many
    assert not faults(figure_of(axes[0]))
    assert figure_of(axes[0]).get_figheight() < 11.0  # inches, of a page


@pytest.mark.parametrize("extra", [0, 23])
def test_over_time(extra):
    estimate = estimate_over_time(over_time_study(one_of_each(), extra))
    assert not faults(figure_of(plot_all_series(estimate)[0]))
    assert not faults(figure_of(plot_series(estimate, "killed")))


def test_it_finds_what_is_wrong():
    """The judge itself: a text on another, one off the page, a small one and a pale one."""
    with style():
        ax = plot_claims(estimated(1), "taken")
    figure = figure_of(ax)
    assert not faults(figure)
    for x, y, size, colour in (
        (0.5, 0.5, 8, "black"),
        (0.5, 0.5, 5, "#bbbbbb"),
        (0.99, 0.9, 8, "k"),
    ):
        figure.text(x, y, "a word too many", fontsize=size, color=colour)
    found = " ".join(faults(figure))
    assert all(word in found for word in ("'a word too many' on", "off the page", "small", "pale"))
    assert contrast(Text(color="black")) == pytest.approx(21.0)
