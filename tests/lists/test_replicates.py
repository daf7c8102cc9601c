"""Replicates: the mixture by hand, Rubin's rules against published combinations, refusals."""

import csv
import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from estimators.evidence.captures import Captures, Cell
from estimators.evidence.problems import EvidenceError
from estimators.inference.lists.replicates import ReplicatesFit, fit_replicates, told_by
from estimators.inference.lists.rubin import rubins_rules
from estimators.inference.lists.strata_fit import fit_strata
from estimators.inference.refusals import NotPublishableError
from estimators.models.lists.likelihood import Likelihood
from estimators.models.lists.table import Table


@dataclass
class Drawn:
    """A fit with given draws."""

    table: Table
    count: np.ndarray
    rhat: float = 1.0
    ess: float = 1000.0
    diverged: int = 0


def lognormal_fit(captures, shift=0.0):
    """Return draws around the persons of the replicate, the same every time."""
    table = Table.of(captures)
    unseen = np.exp(stats.norm.ppf((np.arange(2000) + 0.5) / 2000) * 0.3 + 5.0 + shift)
    return Drawn(table, table.n + np.random.default_rng(1).permutation(unseen).reshape(4, 500))


def shifted(captures):
    """Return a fit whose unseen are e^0.5 times as many for each person more on the lists."""
    return lognormal_fit(captures, 0.5 * (Table.of(captures).n - 20))


def replicated(many, strata=()):
    cells = [
        Cell(history, 2 + 2 * (history < 7) + (r if history == 1 else 0), level, f"R{r}")
        for r in range(many)
        for level in (strata or [()])
        for history in range(1, 8)
    ]
    columns = ("place",) if strata else ()
    return Captures(("A", "B", "C"), tuple(cells), columns, name="reps")


def test_the_mixture_holds_as_many_draws_of_each():
    found = fit_replicates(replicated(3), shifted)
    assert found.names == ("R0", "R1", "R2")
    assert len(found.total()) == 3 * 2000
    by_hand = np.concatenate([part.count.ravel() for part in found.parts])
    np.testing.assert_array_equal(np.sort(found.total()), np.sort(by_hand))
    np.testing.assert_allclose(found.interval(0.9), np.quantile(by_hand, [0.05, 0.5, 0.95]))
    uneven = Drawn(found.parts[1].table, found.parts[1].count[:, :100])
    assert len(ReplicatesFit(("a", "b"), (found.parts[0], uneven)).total()) == 2 * 400


def test_variances_add_up_to_that_of_the_mixture():
    found = fit_replicates(replicated(4), shifted)
    within, between = found.variances()
    means = [part.count.mean() for part in found.parts]
    assert between == pytest.approx(np.var(means, ddof=1))
    assert found.total().var() == pytest.approx(within + np.var(means), rel=1e-3)


def test_rubins_rules_by_hand():
    found = rubins_rules(np.array([1.0, 2.0, 3.0]), np.array([0.5, 0.5, 2.0]))
    assert (found.mean, found.within, found.between) == (2.0, 1.0, 1.0)
    assert found.variance == pytest.approx(1 + 4 / 3)
    assert found.df == pytest.approx(2 * (1 + 3 / 4) ** 2)
    half = stats.t.ppf(0.95, found.df) * np.sqrt(7 / 3)
    assert found.interval(0.9) == pytest.approx((2 - half, 2 + half))
    assert rubins_rules(np.zeros(3), np.ones(3)).df == np.inf
    assert rubins_rules(np.array([1.0, 2.0, 3.0]), np.ones(3), "king").df == pytest.approx(
        2 * (1 + 1 / 4) ** 2
    )
    with pytest.raises(ValueError, match="two or more; got 1"):
        rubins_rules(np.ones(1), np.ones(1))
    with pytest.raises(ValueError, match="form must be one of"):
        rubins_rules(np.ones(3), np.ones(3), "barnard")


def test_published_draws_are_combined_as_published():
    folder = Path(os.environ.get("UNDERCOUNT_DATA", "")) / "lists"
    if not os.environ.get("UNDERCOUNT_DATA") or not folder.is_dir():
        pytest.skip("no tables: set UNDERCOUNT_DATA to the folder that holds lists/")
    with (folder / "verdata_combine_reference.csv").open() as file:
        target = next(csv.DictReader(file))
    parts = []
    for replicate in (1, 2):
        with (folder / f"published_draws_verdata_R{replicate}_year_1999_HOMBRE.csv").open() as file:
            draws = np.array([float(row["N"]) for row in csv.DictReader(file)])
        n = int(target[f"n_obs_R{replicate}"])
        table = Table(("A", "B", "C"), np.array([1]), np.array([n]))
        parts.append(Drawn(table, draws.reshape(4, -1)))
    found = ReplicatesFit(("R1", "R2"), tuple(parts))
    seen = round(np.mean([part.table.n for part in parts]) + 1e-9)
    low, high = np.exp(found.combined("king").interval(0.95))
    # printed in whole persons, and so are the unseen before those on the lists are added
    assert seen + low == pytest.approx(float(target["N_025"]), abs=1.0)
    assert seen + high == pytest.approx(float(target["N_975"]), abs=1.0)
    unseen = np.mean([part.count.mean() - part.table.n for part in parts])
    assert seen + unseen == pytest.approx(float(target["N_mean"]), abs=1.0)
    mixture = [float(target[f"pooled_{end}"]) for end in ("025", "med", "975")]
    np.testing.assert_allclose(found.interval(0.95), mixture, rtol=0.003)
    by_rubin = found.combined("rubin").interval(0.95)
    assert np.exp(by_rubin[1]) < high  # more degrees of freedom


def test_rubin_on_the_log_unseen_of_many_replicates():
    found = fit_replicates(replicated(10), lognormal_fit, how="rubin")
    combined = found.combined()
    assert combined.mean == pytest.approx(5.0, abs=1e-6)  # all alike: only within
    assert combined.variance == pytest.approx(0.09, rel=0.01)
    low, median, high = found.interval(0.9)
    seen = np.mean([part.table.n for part in found.parts])
    assert median == pytest.approx(seen + np.exp(5.0))
    assert high == pytest.approx(seen + np.exp(5.0 + 1.645 * 0.3), rel=0.01)
    assert low < median < high
    assert "Rubin" in found.describe()


def test_what_cannot_be_pooled_is_refused():
    with pytest.raises(EvidenceError, match="need 10 replicates or more, and it has 9"):
        fit_replicates(replicated(9), lognormal_fit, how="rubin")
    with pytest.raises(EvidenceError, match="no replicates"):
        fit_replicates(replicated(2).replicate("R1"), lognormal_fit)
    with pytest.raises(ValueError, match="how must be one of mixture, rubin"):
        fit_replicates(replicated(2), lognormal_fit, how="mean")
    with pytest.raises(ValueError, match="has no strata"):
        fit_replicates(replicated(2), lognormal_fit).total(place="north")


def test_nothing_is_printed_where_one_replicate_is_wrong():
    parts = tuple(fit_replicates(replicated(2), lognormal_fit).parts)
    parts[1].rhat, parts[1].diverged = 1.2, 3
    found = ReplicatesFit(("R0", "R1"), parts)
    assert len(found.faults) == 2
    assert all(fault.startswith("Replicate R1") for fault in found.faults)
    assert found.rhat == {"R0": 1.0, "R1": 1.2}
    assert "no number may be printed" in found.describe()
    with pytest.raises(NotPublishableError, match=r"R-hat 1\.2"):
        found.printable()
    fine = ReplicatesFit(("R0",), parts[:1])
    assert fine.printable() is fine
    assert fine.variances()[1] == 0.0
    assert "R-hat: R0 1.000" in fine.describe()


def test_a_likelihood_is_drawn_from():
    @dataclass
    class Told:
        likelihood: Likelihood

    count = np.arange(100.0, 400.0)
    told = Told(Likelihood(100, count, -0.5 * ((count - 200) / 10) ** 2 + np.log(count)))
    drawn, seen = told_by(told)
    assert drawn.mean() == pytest.approx(200, abs=1.5)
    assert (seen == 100).all()


def test_strata_of_replicates_by_margin():
    fit = partial(fit_strata, seed=2, draws=100, tune=150, chains=2, acceptance=(0.9,))
    found = fit_replicates(replicated(2, strata=[("north",), ("south",)]), fit)
    assert len(found.total(place="north")) == 2 * 200
    both = found.total(place="north") + found.total(place="south")
    np.testing.assert_allclose(both, found.total())
    assert set(found.rhat) == {"R0", "R1"}
    assert found.combined(place="south").between >= 0.0
