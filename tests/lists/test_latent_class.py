"""The density of latent classes against finite differences, plain sums and PyMC."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import expit, gamma, logsumexp

from estimators.models.lists.latent_class import log_density
from estimators.models.lists.latent_face import latent_model
from estimators.models.lists.latent_tree import ClassPrior, tree_of
from estimators.models.lists.table import Table

UNEVEN = ClassPrior(on=0.7, off=2.5, shape=0.5, rate=0.3)


def table_of(rng, lists, cells):
    history = rng.choice(np.arange(1, 1 << lists), size=min(cells, (1 << lists) - 1), replace=False)
    names = tuple(f"list {j}" for j in range(lists))
    return Table(names, np.sort(history), rng.integers(1, 60, size=len(history)))


def point(rng, tree, scale=1.0):
    at = scale * rng.standard_normal((tree.lists + 1, tree.classes))
    at[-1, -1] = 0.0
    return at


def plainly(table, at, prior):
    """The same density by sums over all classes and cells, on the log scale."""
    e, logit, classes = np.exp(at[-1, :-1]), at[:-1], at.shape[1]
    log_share = np.append(np.log(-np.expm1(-e)), 0.0) - np.append(0.0, np.cumsum(e))
    off = -np.logaddexp(0.0, logit)
    cells = logsumexp(log_share + off.sum(0) + table.on.astype(float) @ logit, axis=1)
    seen = np.exp(log_share) @ -np.expm1(off.sum(0))
    believed = at[-1, :-1].sum() - (prior.shape + classes - 1) * np.log(prior.rate + e.sum())
    believed += (prior.on * (logit + off) + prior.off * off).sum()
    return table.count @ cells - table.n * np.log(seen) + believed, seen


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 6), st.integers(1, 25), st.integers(2, 12), st.integers(0, 10**6))
def test_density_is_the_plain_sum_over_classes_and_cells(lists, cells, classes, seed):
    rng = np.random.default_rng(seed)
    table = table_of(rng, lists, cells)
    tree = tree_of(table, classes, UNEVEN)
    at = point(rng, tree, 2.0)
    log, _, seen = log_density(at, tree)
    expected, on_some = plainly(table, at, UNEVEN)
    assert log == pytest.approx(expected, rel=1e-11)
    assert seen == pytest.approx(on_some, rel=1e-12)


@pytest.mark.parametrize(("lists", "classes"), [(3, 2), (5, 10), (9, 5)])
@pytest.mark.parametrize("prior", [ClassPrior(), UNEVEN])
def test_slope_is_that_of_finite_differences(lists, classes, prior):
    rng = np.random.default_rng(lists)
    tree = tree_of(table_of(rng, lists, 20), classes, prior)
    at, step = point(rng, tree), 1e-5
    found = log_density(at, tree)[1]
    for place in np.ndindex(at.shape):
        if place == (lists, classes - 1):
            assert found[place] == 0.0
            continue
        off = np.zeros_like(at)
        off[place] = step
        rise = log_density(at + off, tree)[0] - log_density(at - off, tree)[0]
        assert found[place] == pytest.approx(rise / (2 * step), rel=1e-5, abs=2e-4)


@pytest.mark.parametrize("classes", [2, 3])
def test_concentration_is_integrated_out(classes):
    """Against quadrature over alpha of Beta(1, alpha) sticks with a Gamma prior."""
    rng = np.random.default_rng(4)
    table = table_of(rng, 3, 6)
    tree, prior = tree_of(table, classes, UNEVEN), UNEVEN

    def brute(at):
        v, chance = -np.expm1(-np.exp(at[-1, :-1])), expit(at[:-1])
        share = np.append(v, 1.0) * np.append(1.0, np.cumprod(1.0 - v))
        on = table.on[:, :, None]
        cells = (share * np.where(on, chance, 1.0 - chance).prod(axis=1)).sum(axis=1)
        seen = 1.0 - share @ np.prod(1.0 - chance, axis=0)

        def at_alpha(alpha):
            stick = np.prod(alpha * (1.0 - v) ** (alpha - 1.0))
            return stick * alpha ** (prior.shape - 1.0) * np.exp(-prior.rate * alpha)

        believed = quad(at_alpha, 0.0, 1.0)[0] + quad(at_alpha, 1.0, np.inf)[0]
        believed *= prior.rate**prior.shape / gamma(prior.shape)
        jacobian = np.prod(np.exp(at[-1, :-1]) * (1.0 - v))
        chances = np.prod(chance**prior.on * (1.0 - chance) ** prior.off)
        likelihood = np.prod(cells.astype(np.longdouble) ** table.count) / seen**table.n
        return float(np.log(likelihood * believed * jacobian * chances))

    points = [point(rng, tree) for _ in range(4)]
    apart = [log_density(at, tree)[0] - brute(at) for at in points]
    assert apart == pytest.approx([apart[0]] * 4, abs=1e-6)


@pytest.mark.parametrize("far", [0.1, 3.0, 8.0, 14.0])
def test_many_lists_do_not_underflow(far):
    rng = np.random.default_rng(1)
    names = tuple(f"list {j}" for j in range(34))
    history = rng.integers(1, 1 << 34, size=100)
    table = Table(names, history, rng.integers(1, 9, size=100))
    tree = tree_of(table, 10)
    at = point(rng, tree, 0.1) + far
    at[-1] = 0.0
    log, slope, _ = log_density(at, tree)
    assert log == pytest.approx(plainly(table, at, ClassPrior())[0], rel=1e-10)
    assert np.all(np.isfinite(slope))


def test_a_chance_to_be_seen_that_is_tiny_is_right():
    """1 - p0 by subtraction would be 0 here, and its power a false mode."""
    tree = tree_of(table_of(np.random.default_rng(0), 3, 7), 4)
    at = np.full((4, 4), -45.0)
    at[-1] = 0.0
    assert log_density(at, tree)[2] == pytest.approx(3.0 * np.exp(-45.0), rel=1e-12)


def test_pymc_model_has_the_same_density():
    rng = np.random.default_rng(2)
    table = table_of(rng, 4, 12)
    tree, model = tree_of(table, 6, UNEVEN), latent_model(table, 6, UNEVEN)
    value = model.compile_logp()
    apart = []
    for _ in range(4):
        at = point(rng, tree)
        given_at = {"log_stick": at[-1, :-1], "logit_chance": at[:-1]}
        apart.append(float(value(given_at)) - log_density(at, tree)[0])
    assert apart == pytest.approx([apart[0]] * 4, abs=1e-8)


def test_the_tree_holds_every_history_once():
    table = table_of(np.random.default_rng(3), 5, 12)
    tree = tree_of(table, 3)
    held = {}
    for m in range(1, len(tree.parent)):
        assert tree.parent[m] < m
        held[m] = held.get(tree.parent[m], 0) | 1 << tree.added[m]
    counted = {history: tree.count[m] for m, history in held.items() if tree.count[m]}
    assert counted == dict(zip(table.history.tolist(), table.count.tolist(), strict=True))
    assert len(set(held.values())) == len(held)


def test_what_cannot_be_is_refused():
    table = table_of(np.random.default_rng(0), 3, 5)
    with pytest.raises(ValueError, match="classes must be 2 or more, got 1"):
        tree_of(table, 1)
    with pytest.raises(ValueError, match=r"ClassPrior\.off must be above 0, got 0"):
        ClassPrior(off=0.0)
