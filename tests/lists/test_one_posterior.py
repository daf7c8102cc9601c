"""Lists and claims in one posterior: what the lists say, times all else, and refusals before."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

import estimators as es
from estimators.evidence.captures import Captures, Cell
from estimators.evidence.matched import Matched
from estimators.evidence.quantity import Range
from estimators.inference.compute import Change, Compiled
from estimators.inference.lists.families import fit_lists, likelihood_of
from estimators.inference.sensitivity import runs_of
from estimators.models.choosing import assumptions_of
from estimators.models.lists.held import held_table
from estimators.models.lists.likelihood import Likelihood, grid

DRAWS = es.Draws(1500, 300, 2)
ENDS = np.array([0.05, 0.5, 0.95])
LISTS = Captures(
    ("A", "B", "C"),
    tuple(Cell(at, n) for at, n in zip(range(1, 8), (300, 260, 80, 240, 70, 60, 25), strict=True)),
)
KILLED = es.Quantity("killed", "Killed", "flow", Range(500, 20_000, "The size of the town."))


def study(matched, *claims, used=True):
    anchors = (es.Anchor("lists", "killed", "Three teams.", matched=matched, used=used),)
    sources = (es.Source("ngo", "An organisation", "ngo"),)
    return es.Study("Killed", "How many?", (KILLED,), sources, claims, ("killed",), anchors=anchors)


def claimed(number):
    return es.Claim("c", "killed", es.About(number), "ngo", es.When.parse("2024-01-01"), network="")


def by_hand(told, log_prior=None):
    """The posterior of the count on a grid: the likelihood times the stated range, and more."""
    mean, sd = np.log([500, 20_000]).mean(), np.ptp(np.log([500, 20_000])) / 2 / 1.6448536
    x = np.log(told.count)
    return told.quantile(ENDS, stats.norm.logpdf(x, mean, sd) - x)


def test_lists_alone_give_their_likelihood_times_the_stated_range():
    made = es.estimate(study(Matched(LISTS, "decomposable graphs")), seed=3, draws=DRAWS)
    told = fit_lists(LISTS, "decomposable graphs").likelihood
    assert made.interval("killed") == pytest.approx(by_hand(told), rel=0.03)
    assert made.summary().loc["killed", "status"] == "claimed"
    assert es.check(made).passed


def test_claims_and_lists_tell_more_than_either_and_lists_can_be_left_out():
    both = study(Matched(LISTS, "independence"), claimed(1400))
    compiled = Compiled.of(both, assumptions_of(both))
    ends = {}
    for name, out in (("both", ()), ("claims", ("lists",)), ("lists", ("c",))):
        tree = compiled.sample(DRAWS, 5, Change(without=frozenset(out)))
        ends[name] = np.quantile(np.log(tree["posterior"]["count"]), ENDS)
    width = {name: np.ptp(found) for name, found in ends.items()}
    assert width["both"] < min(width["claims"], width["lists"])
    assert min(ends["claims"][1], ends["lists"][1]) < ends["both"][1]
    assert ends["both"][1] < max(ends["claims"][1], ends["lists"][1])


def test_a_departure_from_the_assumption_widens_the_answer():
    plain = Matched(LISTS, "independence")
    wide = replace(plain, departure=Range(0.5, 2.0, "They were not apart."))
    narrow, broad = (likelihood_of(m).quantile(ENDS) for m in (plain, wide))
    assert broad[0] < narrow[0]
    assert broad[2] > narrow[2]


def test_lists_read_otherwise_stand_in_place_of_the_study_s_own():
    first = study(Matched(LISTS, "independence"))
    other = es.Anchor(
        "graphs", "killed", "As above.", used=False, matched=Matched(LISTS, "decomposable graphs")
    )
    both = replace(first, anchors=(*first.anchors, other))
    made = es.estimate(both, seed=1, draws=es.Draws(60, 60, 2), progress=False)
    run = next(run for run in runs_of(made) if run.run.startswith("lists read"))
    assert run.run == "lists read as decomposable graphs"
    assert run.without == {"lists"}
    assert run.adding == {"graphs"}


def test_lists_that_do_not_bound_the_number_are_refused_before_any_sampling():
    apart = Captures.of({("A",): 40, ("B",): 30, ("C",): 20})
    with pytest.raises(es.NotPublishableError, match="the lists of anchor lists"):
        es.estimate(study(Matched(apart, "decomposable graphs")), seed=1, draws=DRAWS)


def test_imputation_replicates_are_mixed():
    twice = tuple(replace(c, replicate="R1") for c in LISTS.cells) + tuple(
        replace(c, count=2 * c.count, replicate="R2") for c in LISTS.cells
    )
    made = fit_lists(replace(LISTS, cells=twice), "independence")
    one, two = (
        fit_lists(replace(LISTS, cells=twice).replicate(r), "independence") for r in ("R1", "R2")
    )
    low, _, high = made.interval()
    assert low == pytest.approx(one.interval(0.8)[0], rel=0.02)
    assert high == pytest.approx(two.interval(0.8)[2], rel=0.02)


def test_a_table_holds_the_likelihood_between_its_points_and_none_below_the_lists():
    count = grid(1000, 40_000)
    told = Likelihood(1000, count, stats.norm.logpdf(np.log(count), np.log(2500), 0.2))
    table, sd = held_table(told)
    x = table[0] + table[1] * np.arange(len(table) - 2)
    assert table[3:] - table[2:].max() == pytest.approx(
        stats.norm.logpdf(x[1:] + np.log(1000), np.log(2500), 0.2) - stats.norm.logpdf(0, 0, 0.2),
        abs=0.02,
    )
    assert sd == pytest.approx(0.2, rel=0.02)
    near = Likelihood(1000, count, stats.norm.logpdf(np.log(count), np.log(1010), 0.05))
    below, _ = held_table(near)
    assert below[2] < below[3] - 1.0
