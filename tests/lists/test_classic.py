"""Classical models: estimates and fit as published, and what is no estimate is said to be none."""

import numpy as np
import pytest

from estimators.models.lists.chao import chao_bound, log_interval
from estimators.models.lists.classic import classic_model, classic_models, names
from estimators.models.lists.poisson_regression import fit_poisson
from estimators.models.lists.table import Table

SETS = (
    "kosovo_aggregate", "UKdat", "UKdat_5", "Ned_5", "Artificial_3", "spina", "HIV", "Congenital",
    "brighton_total", "PH_manila_police",
)  # fmt: skip
NOWHERE = (
    "Mh Poisson2",
    "Mh Darroch",
    "Mh Gamma3.5",
    "Mth Poisson2",
    "Mth Darroch",
    "Mth Gamma3.5",
)


def numbers(note):
    words = note.replace(";", "").split()
    return float(words[1]), float(words[3])


@pytest.mark.parametrize("name", SETS)
def test_same_as_the_other_program(read_table, reference, name):
    table = read_table(name)
    rows = {
        row["settings"].removeprefix("closedp.t ").replace(" (LB)", ""): row
        for row in reference
        if row["package"] == "Rcapture"
        and row["dataset"] == name
        and row["settings"].startswith("closedp.t ")
    }
    assert set(rows) <= set(names(len(table.lists)))
    assert len(rows) >= 11
    for model, row in rows.items():
        found, (aic, bic) = classic_model(table, model), numbers(row["notes"])
        assert found.fit.aic == pytest.approx(aic, abs=0.051)
        assert found.bic == pytest.approx(bic, abs=0.051)
        if name == "Artificial_3" and model in NOWHERE:
            assert np.isnan(found.count)
            assert "does not exist" in found.note
            continue
        assert found.raw == pytest.approx(float(row["estimate"]), abs=0.011)
        if model != "Mbh":  # there the other program gives another error: see below
            low, high = (float(row[key]) for key in ("lo95", "hi95"))
            # its errors carry the weights of the last step but one
            assert found.error == pytest.approx((high - low) / 2 / 1.96, rel=4e-4, abs=0.006)


def test_standard_error_with_behaviour_is_that_of_tables_drawn_from_the_model(kosovo):
    fitted = classic_model(kosovo, "Mbh")
    mean = np.zeros(16)
    on = np.arange(1, 16)[:, None] >> np.arange(4) & 1
    first = on.argmax(axis=1)
    columns = np.column_stack([np.ones(15), first, on.sum(axis=1) - 1, first == 0])
    mean[1:] = np.exp(columns @ fitted.fit.slope)
    mean[0] = fitted.raw - mean.sum()
    rng, found = np.random.default_rng(1), []
    for _ in range(300):
        drawn = rng.multinomial(round(fitted.raw), mean / mean.sum())
        kept = np.flatnonzero(drawn[1:]) + 1
        found.append(classic_model(Table(kosovo.lists, kept, drawn[kept]), "Mbh").raw)
    assert np.std(found) == pytest.approx(fitted.error, rel=0.12)  # 86 elsewhere


def test_two_lists_that_are_independent_give_lincoln_and_petersen():
    table = Table(("A", "B"), np.array([1, 2, 3]), np.array([60, 40, 20]))
    found = classic_model(table, "Mt")
    assert found.count == pytest.approx(80 * 60 / 20)
    assert found.fit.df == 0
    assert names(2) == ("M0", "Mt", "Mb")


def test_removal_without_recaptures_is_zippin():
    """First captures of two occasions: N = u1^2 / (u1 - u2)."""
    table = Table(("A", "B"), np.array([1, 2, 3]), np.array([60, 40, 20]))
    assert classic_model(table, "Mb").count == pytest.approx(80**2 / (80 - 40))


def test_growing_first_captures_are_no_estimate(read_table):
    found = classic_model(read_table("UKdat_5"), "Mb")
    assert found.raw < 0
    assert np.isnan(found.count)
    assert "first captures grow" in found.describe()


def test_the_lower_bound_of_the_regression_is_chao_s(congenital):
    """Where no step is below zero, those on three lists or more say nothing."""
    bound, found = chao_bound(congenital), classic_model(congenital, "Mh Chao")
    assert len(found.fit.slope) == 5
    assert found.count == pytest.approx(bound.count, rel=1e-8)
    assert found.error == pytest.approx(bound.error, rel=1e-6)
    assert found.interval == pytest.approx(bound.interval, rel=1e-6)


def test_steps_below_zero_are_left_out_of_the_lower_bound(spina, kosovo):
    assert classic_model(spina, "Mh Chao").count == pytest.approx(classic_model(spina, "M0").count)
    assert len(classic_model(kosovo, "Mh Chao").fit.slope) == 3


def test_chao_s_bound_by_hand():
    table = Table(("A", "B", "C"), np.array([1, 2, 3, 7]), np.array([30, 10, 8, 2]))
    plain = chao_bound(table, occasions=False)
    assert (plain.once, plain.twice, plain.n) == (40, 8, 50)
    assert plain.count == pytest.approx(50 + 40**2 / 16)
    ratio = 40 / 8
    spread = 8 * (ratio**4 / 4 + ratio**3 + ratio**2 / 2)
    assert plain.error == pytest.approx(np.sqrt(spread))
    assert chao_bound(table).count == pytest.approx(50 + 2 / 3 * 100)
    corrected = chao_bound(table, occasions=False, corrected=True)
    assert corrected.count == pytest.approx(50 + 40 * 39 / 18)
    assert "At least 150 people" in plain.describe()


def test_chao_s_bound_where_nobody_is_on_two_lists():
    table = Table(("A", "B", "C"), np.array([1, 2, 7]), np.array([3, 4, 2]))
    found = chao_bound(table)
    assert found.count == pytest.approx(9 + 2 / 3 * 7 * 6 / 2)
    assert found.error > 0
    assert found.interval[0] >= 9


def test_intervals_never_reach_below_those_seen():
    low, high = log_interval(100, 110.0, 30.0)
    assert 100 < low < 110 < high
    assert (low - 100) * (high - 100) == pytest.approx((110 - 100) ** 2)
    assert log_interval(100, 100.0, 5.0) == (100.0, 100.0)


def test_regression_solves_its_equations():
    rng = np.random.default_rng(3)
    design = np.column_stack([np.ones(12), rng.normal(size=(12, 2))])
    seen = rng.poisson(np.exp(design @ [2.0, 0.4, -0.3]))
    found = fit_poisson(design, seen)
    mean = np.exp(design @ found.slope)
    assert found.converged
    assert found.exists
    np.testing.assert_allclose(design.T @ (seen - mean), 0.0, atol=1e-6)
    inverse = np.linalg.inv(design.T @ (mean[:, None] * design))
    np.testing.assert_allclose(found.covariance, inverse, rtol=1e-6)


def test_a_column_that_only_empty_cells_have_runs_away():
    design = np.column_stack([np.ones(4), [0.0, 0, 0, 1]])
    assert not fit_poisson(design, np.array([3, 4, 5, 0])).exists


def test_all_models_in_one_table(kosovo):
    found = classic_models(kosovo).set_index("model")
    assert len(found) == 12
    assert found.loc["M0", "count"] == pytest.approx(7608.37, abs=0.005)
    assert found["converged"].all()
    assert (found["low"] > kosovo.n).all()
    assert "independent" in classic_model(kosovo, "Mt").describe()


def test_an_unknown_model_is_refused(kosovo):
    with pytest.raises(ValueError, match="no model of 4 lists"):
        classic_model(kosovo, "Mtb")
