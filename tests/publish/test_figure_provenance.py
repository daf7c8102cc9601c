"""Who copied whom: rows, what hangs on what, words that drifted, and studies of many claims."""

from dataclasses import replace
from datetime import date

import pytest

from estimators.evidence.problems import EvidenceError
from estimators.evidence.screening import screen
from estimators.evidence.when import When
from estimators.evidence.wording import About, AtLeast, Exactly, MoreThan
from estimators.publish.chain_rows import picture
from estimators.publish.chains import MANY, chosen, drifted, parties
from estimators.publish.figure_provenance import plot_provenance
from estimators.publish.style import DARK_RED, figure_of
from tests.publish.layout import SOURCES, crowd, faults


def printing(claim, id, wording, of, **more):
    return claim(id, "taken", wording, "paper", repeats=of, used=False, why_not="again", **more)


@pytest.fixture
def chain(make_study, make_claim):
    """One said 'about 600'; it lost its hedge, and gained another, which was printed again."""
    return make_study(
        make_claim("first", "taken", About(600)),
        printing(make_claim, "same", About(600), "first", publisher="The Echo"),
        printing(make_claim, "bare", Exactly(600), "first", publisher="The Bare"),
        printing(make_claim, "more", MoreThan(600), "first", publisher="The Herald"),
        printing(make_claim, "again", MoreThan(600), "more", publisher="The Mirror"),
        make_claim(
            "sum",
            "taken",
            AtLeast(900),
            "office",
            used=False,
            why_not="a sum",
            derived_from=("first", "other"),
        ),
        make_claim("other", "lost", About(300), "office"),
    )


def test_rows_hang_on_what_they_print_and_drift_is_said(chain):
    rows = {row.id: row for row in picture(chain, "taken").rows}
    assert [(row.id, row.kind, row.parent) for row in rows.values()] == [
        ("first", "said", ""),
        ("bare", "drifted", "first"),
        ("more", "drifted", "first"),
        ("again", "printed", "more"),
        ("same", "printed", "first"),
        ("sum", "unused", ""),
    ]
    assert rows["more"].right == "more than 600 (was “about 600”)"
    assert rows["again"].right == "more than 600"
    assert rows["same"].left == "└ The Echo"
    assert rows["sum"].right == "at least 900 (not used)"


def test_it_draws_words_marks_and_what_was_computed(chain):
    ax = plot_provenance(chain, "taken")
    assert ax.get_yticklabels()[0].get_text() == "Harbour Watch"
    beside = {t.get_text(): t.get_color() for t in ax.texts if t.get_text()}
    assert beside["600 (was “about 600”)"] == DARK_RED
    crosses = [line for line in ax.lines if line.get_marker() == "X"]
    assert [line.get_ydata()[0] for line in crosses] == [1, 2]
    arrows = [t for t in ax.texts if getattr(t, "arrow_patch", None)]
    assert len(arrows) == 1  # the other term of the sum is a claim on another quantity
    assert not faults(figure_of(ax))
    whole = plot_provenance(chain)
    assert len([t for t in whole.texts if getattr(t, "arrow_patch", None)]) == 2


def test_drift_is_at_least_what_screening_finds(make_study):
    study = make_study(*crowd(40), sources=SOURCES)
    found = {finding.claims[1] for finding in screen(study).findings if finding.kind == "drift"}
    mine = {claim.id for claim in study.claims if drifted(study, claim)}
    assert found
    assert found <= mine


def test_time_runs_to_the_right_and_no_printing_stands_before_its_origin(make_study, make_claim):
    first = make_claim("first", "taken", About(600))
    vague = printing(make_claim, "vague", About(600), "first")
    vague = replace(
        vague, published=When.parse("2020-05-01/2020-05-20")
    )  # its middle lies before the first
    later = replace(first, id="later", origin="office", published=When.parse("2020-06-20"))
    ax = plot_provenance(make_study(first, vague, later), "taken")
    places = {
        line.get_ydata()[0]: line.get_xdata()[0]
        for line in ax.lines
        if line.get_marker() == "o" and len(line.get_xdata()) == 1
    }
    assert places[0] == places[1] == 0.0
    assert places[2] == (date(2020, 6, 20) - date(2020, 5, 15)).days


def test_origins_with_shared_informants_stand_side_by_side(make_study, make_claim):
    late = When.parse("2020-06-01")
    study = make_study(
        make_claim("a", "taken", About(5), network="field"),
        make_claim("b", "taken", About(6), "office"),
        replace(make_claim("c", "taken", About(7), "paper", network="field"), published=late),
    )
    found = parties(study, chosen(study, "taken"))
    assert [party.network for party in found] == ["field", ""]
    assert [chain.root.id for party in found for chain in party.chains] == ["a", "c", "b"]
    left = [t.get_text() for t in plot_provenance(study, "taken").get_yticklabels()]
    assert left == ["Shared informants: field", "Harbour Watch", "The Paper", "The Office"]


def test_many_claims_are_grouped_by_origin_with_counts(make_study):
    study = make_study(*crowd(MANY + 4), sources=SOURCES)
    shown = picture(study, "taken")
    assert shown.by_origin
    told = [row.right for row in shown.rows if row.kind == "origin"]
    assert any("printed" in text and "worded otherwise" in text for text in told)
    assert not faults(figure_of(plot_provenance(study, "taken")))


def test_thousands_of_origins_still_fit_a_page(make_study, make_claim):
    sources = [replace(SOURCES[0], id=f"s{n}", name=f"Station {n}") for n in range(300)]
    claims = [make_claim(f"c{n}", "taken", About(100 + n), f"s{n % 300}") for n in range(3000)]
    ax = plot_provenance(make_study(*claims, sources=sources), "taken")
    assert figure_of(ax).get_figheight() < 11
    assert ax.get_yticklabels()[-1].get_text() == "255 more origins"
    assert "2,550 claims" in [t.get_text() for t in ax.texts]


def test_a_chain_may_be_as_long_as_it_likes(make_study, make_claim):
    first = make_claim("c0", "taken", About(600))
    rest = (printing(make_claim, f"c{n}", About(600), f"c{n - 1}") for n in range(1, 2000))
    rows = picture(make_study(first, *rest), "taken").rows
    assert [row.right for row in rows] == ["about 600, printed 1,999 times"]


def test_what_it_refuses(study):
    with pytest.raises(EvidenceError, match="no such quantity"):
        plot_provenance(study, "nothing")
    with pytest.raises(ValueError, match="nothing was said of unclaimed"):
        plot_provenance(study, "unclaimed")


def test_names_of_strangers_are_inert(make_study, make_claim, hostile):
    odd = replace(SOURCES[0], name=hostile)
    study = make_study(make_claim("a", "taken", About(5)), sources=(odd, *SOURCES[1:]))
    figure_of(plot_provenance(study, "taken")).canvas.draw()
