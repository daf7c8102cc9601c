"""Log-linear models: published fits, exact identities, and where there is no estimate."""

import itertools
from math import inf, isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize
from scipy.special import gammaln

from estimators.inference.lists.log_linear_fit import fit
from estimators.inference.lists.newton import maximum
from estimators.models.lists.hierarchies import Hierarchy, all_hierarchies, of_order
from estimators.models.lists.log_linear import design, face
from estimators.models.lists.table import Table

# Ball et al. 2002, killings in Kosovo; bits in the order EXH ABA OSCE HRW
KOSOVO = {1: 1131, 2: 845, 4: 936, 8: 306, 3: 177, 5: 228, 9: 106, 6: 217, 10: 31, 12: 123}
KOSOVO |= {7: 181, 11: 18, 13: 42, 14: 32, 15: 27}
# Madigan & York 1997, spina bifida in New York, summed over three groups
SPINA = {2: 48, 1: 244, 3: 142, 4: 60, 6: 4, 5: 111, 7: 12}
# Fienberg & Rinaldo 2012 / Chan, Silverman & Vincent 2021: no maximum where a pair never meets
NO_OVERLAP = {1: 40, 2: 30, 4: 20, 3: 6}


def table_of(counts, lists):
    held = sorted((history, count) for history, count in counts.items() if count)
    history, count = np.array(held, dtype=np.int64).T
    return Table(tuple(f"L{k + 1}" for k in range(lists)), history, count)


def test_kosovo_as_published():
    found = fit(table_of(KOSOVO, 4), "[123,14,34]")
    assert found.count == pytest.approx(10_356.52, abs=0.005)
    assert found.bic == pytest.approx(203.03, abs=0.005)
    assert found.exists
    assert found.finite
    assert (found.parameters, found.df) == (11, 4)
    # the interval that other programs print is Wald's, with 1.96
    low, high = found.interval(kind="wald")
    assert low == pytest.approx(8_816.15, abs=0.05)
    assert high == pytest.approx(11_896.89, abs=0.05)


def test_spina_as_published():
    found = fit(table_of(SPINA, 3), "[23,1]")
    assert found.count == pytest.approx(724.12, abs=0.005)
    assert found.interval(kind="wald") == pytest.approx((691.22, 757.03), abs=0.005)
    # SparseMSE: normal on the log of the unseen
    assert found.interval(kind="log") == pytest.approx((700.99, 753.95), abs=0.005)


def test_two_lists_give_lincoln_and_petersen():
    found = fit(table_of({1: 50, 2: 30, 3: 20}, 2), "[1,2]")
    assert found.unseen == pytest.approx(50 * 30 / 20)
    assert found.variance == pytest.approx(1 / 50 + 1 / 30 + 1 / 20)
    assert found.deviance == pytest.approx(0.0, abs=1e-9)


def test_without_the_highest_interaction_the_odd_and_even_products_agree():
    found = fit(table_of(KOSOVO, 4), of_order(4, 3))
    odd = np.prod([float(KOSOVO[h]) for h in KOSOVO if h.bit_count() % 2])
    even = np.prod([float(KOSOVO[h]) for h in KOSOVO if h.bit_count() % 2 == 0])
    assert found.unseen == pytest.approx(odd / even)  # Fienberg 1972


def test_fitted_margins_of_the_generators_are_those_observed():
    table = table_of(KOSOVO, 4)
    for model in all_hierarchies(4)[::7]:
        found = fit(table, model)
        matrix = design(model)
        mu = np.exp(matrix @ found.theta)
        np.testing.assert_allclose(matrix.T @ mu, matrix.T @ table.full[1:], rtol=1e-9)


def test_newton_finds_the_maximum_that_a_general_search_finds():
    table, model = table_of(KOSOVO, 4), Hierarchy.parse("[12,13,4]")
    matrix, counts = design(model), table.full[1:].astype(float)

    def fall(theta):
        return np.exp(matrix @ theta).sum() - counts @ (matrix @ theta)

    def slope(theta):
        return matrix.T @ (np.exp(matrix @ theta) - counts)

    searched = minimize(fall, np.full(matrix.shape[1], 1.0), jac=slope, method="BFGS")
    theta, value, variance, converged = maximum(matrix, counts)
    assert converged
    assert value == pytest.approx(-searched.fun, abs=1e-6)
    np.testing.assert_allclose(theta, searched.x, atol=1e-3)
    information = matrix.T @ (np.exp(matrix @ theta)[:, None] * matrix)
    assert variance == pytest.approx(np.linalg.inv(information)[0, 0])


def exists_by_trying(matrix, counts):
    """Which cells stay, one linear program for each empty cell."""
    seen, kept = counts > 0, np.ones(len(counts), dtype=bool)
    empty = np.flatnonzero(~seen)
    for c in empty:
        solved = linprog(
            matrix[c],
            A_eq=matrix[seen],
            b_eq=np.zeros(seen.sum()),
            A_ub=matrix[empty],
            b_ub=np.zeros(len(empty)),
            bounds=[(-1.0, 1.0)] * matrix.shape[1],
        )
        kept[c] = solved.fun > -1e-7
    return kept


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 112), st.lists(st.sampled_from([0, 0, 0, 1, 5]), min_size=15, max_size=15))
def test_the_face_is_that_of_one_program_a_cell(at, counts):
    model, counts = all_hierarchies(4)[at], np.array(counts, dtype=float)
    counts[0] += 1.0
    matrix = design(model)
    lies = face(matrix, counts)
    kept = exists_by_trying(matrix, counts)
    np.testing.assert_array_equal(lies.cells, kept)
    inside = matrix[kept]
    assert lies.columns.sum() == np.linalg.matrix_rank(inside)
    first = np.vstack([inside, np.eye(1, matrix.shape[1])])
    assert lies.finite == (np.linalg.matrix_rank(first) == np.linalg.matrix_rank(inside))


def test_a_known_table_without_an_estimate_gives_none():
    table = table_of(NO_OVERLAP, 3)
    states = {model.name: fit(table, model) for model in all_hierarchies(3)}
    assert states["[1,2,3]"].exists
    assert states["[1,2,3]"].count == pytest.approx(539.09, abs=0.005)
    runaway = states["[12,3]"]  # other programs: 1.4e13
    assert not runaway.exists
    assert not runaway.finite
    assert isnan(runaway.count)
    assert all(isnan(end) for end in runaway.interval())
    assert "gives no estimate" in runaway.describe()
    assert states["[13,2]"].finite
    assert not states["[13,2]"].exists
    with pytest.raises(ValueError, match="gives no estimate of N"):
        runaway.profile(np.array([100.0]))


def test_an_estimate_on_the_boundary_is_the_limit_of_those_inside():
    table = table_of(NO_OVERLAP, 3)
    found = fit(table, "[13,2]")
    counts = table.full[1:] + np.array([0, 0, 0, 0, 1e-7, 0, 0])
    near = maximum(design(found.model), counts.astype(float))[0]
    assert found.unseen == pytest.approx(np.exp(near[0]), rel=1e-5)
    assert isnan(found.theta[list(found.model.terms).index(0b101)])


def profile_by_search(table, model, total):
    """The best multinomial probability of a number of people, by a general search."""
    history = np.arange(1 << model.lists)[:, None]
    matrix = (np.array(model.terms[1:]) & ~history == 0).astype(float)
    counts = table.full.astype(float)
    counts[0] = total - table.n

    def fall(theta):
        at = matrix @ theta
        return total * np.log(np.exp(at).sum()) - counts @ at

    searched = minimize(fall, np.full(matrix.shape[1], -1.0), method="BFGS")
    return gammaln(total + 1) - gammaln(counts + 1).sum() - searched.fun


def test_the_profile_is_the_best_multinomial_probability():
    table, model = table_of(SPINA, 3), Hierarchy.parse("[23,1]")
    count = np.array([660.0, 724.0, 800.0])
    by_search = [profile_by_search(table, model, total) for total in count]
    np.testing.assert_allclose(fit(table, model).profile(count), by_search, atol=1e-6)


def test_the_profile_interval_ends_where_the_likelihood_has_fallen_enough():
    found = fit(table_of(KOSOVO, 4), "[123,14,34]")
    low, high = found.interval()
    every = found.profile(np.arange(8_900.0, 12_200.0, 5.0)).max()
    np.testing.assert_allclose(found.profile(np.array([low, high])), every - 3.8415 / 2, atol=1e-3)
    assert low == pytest.approx(8_994.3, abs=0.1)
    assert high == pytest.approx(12_110.4, abs=0.1)


def test_a_profile_that_hardly_falls_has_no_upper_end():
    found = fit(table_of({1: 40, 2: 40, 3: 1}, 2), "[1,2]")
    low, high = found.interval(0.999)
    assert 81 < low < found.count < high < inf
    assert found.interval(1 - 1e-12)[1] == inf


def test_the_likelihood_holds_the_profile():
    found = fit(table_of(SPINA, 3), "[23,1]")
    held = found.likelihood
    assert held.count[0] == 621
    assert held.count[np.argmax(held.log)] == pytest.approx(found.count, abs=3)
    assert held.near_top() < 1e-3
    assert found.missed == pytest.approx(1 - 621 / found.count)
    assert isnan(found.rhat)
    assert isnan(found.ess)


def test_what_it_rests_on_is_said():
    found = fit(table_of(SPINA, 3), "[23,1]")
    assert "L2-L3" in found.assumption
    assert "724 people" in found.describe()
    assert "independent" in fit(table_of(SPINA, 3), "[1,2,3]").assumption


def test_what_cannot_be_fitted_is_refused():
    table = table_of(SPINA, 3)
    for model, said in {"[123]": "interaction of all", "[14,2,3]": "names list 4"}.items():
        with pytest.raises(ValueError, match=said):
            fit(table, model)
    with pytest.raises(ValueError, match="is of 4 lists, the table has 3"):
        fit(table, Hierarchy.parse("[1,2,3,4]"))
    with pytest.raises(ValueError, match="use profile, wald or log"):
        fit(table, "[1,2,3]").interval(kind="percent")
    with pytest.raises(ValueError, match="between 0 and 1"):
        fit(table, "[1,2,3]").interval(95.0)


def test_lists_in_another_order_give_the_same():
    order = (2, 0, 3, 1)
    moved = {sum(1 << order[k] for k in range(4) if h >> k & 1): c for h, c in KOSOVO.items()}
    name = (
        "["
        + ",".join(
            "".join(str(order[int(d) - 1] + 1) for d in part) for part in ("123", "14", "34")
        )
        + "]"
    )
    assert fit(table_of(moved, 4), name).count == pytest.approx(
        fit(table_of(KOSOVO, 4), "[123,14,34]").count, rel=1e-9
    )


def test_every_face_of_three_lists():
    for pattern in list(itertools.product([0, 7], repeat=7))[1::3]:
        table = table_of(dict(enumerate(pattern, 1)), 3)
        for model in all_hierarchies(3):
            found = fit(table, model)
            assert found.converged
            assert found.finite == (not isnan(found.count))
            assert found.deviance >= 0.0
            assert found.exists == (found.face.whole and found.face.finite)
