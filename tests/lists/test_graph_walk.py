"""Walks over decomposable graphs agree with the exact average, and say when they do not mix."""

import numpy as np
import pytest

from estimators.inference.lists.graph_averaging import average_graphs
from estimators.inference.lists.graph_steps import (
    exchange,
    flip,
    log_sum,
    may_flip,
    pair,
    start_value,
)
from estimators.inference.lists.graph_walk import walk_graphs
from estimators.models.lists.decomposable import can_flip, decomposable_graphs, neighbours, powers
from estimators.models.lists.hyper_dirichlet import HyperDirichlet
from estimators.models.lists.table import Table


def state(table, points=40):
    count = table.n + np.arange(0.0, 50.0 * points, 50.0)
    model = HyperDirichlet.of(table)
    tables = (table.history, table.count, model.total, count)
    index = np.full(1 << len(table.lists), -1, dtype=np.int64)
    return model, count, tables, index, np.empty((2048, points))


def test_compiled_likelihoods_are_those_of_the_model(kosovo):
    model, count, tables, index, rows = state(kosovo)
    stored = 0
    for edges in decomposable_graphs(4).edges.tolist():
        near = neighbours(edges, 4)
        value = np.zeros(len(count))
        stored = start_value(np.array(near), tables, value, index, rows, stored)
        expected = model.log_likelihood(powers(near), count) - model.log_ways(count)
        np.testing.assert_allclose(value, expected, atol=1e-8)
    assert stored == 15


def test_rows_are_made_again_when_there_is_no_room(kosovo):
    model, count, tables, index, rows = state(kosovo)
    near = neighbours(0b110111, 4)
    value = np.zeros(len(count))
    start_value(np.array(near), tables, value, index, rows[:2], 0)
    expected = model.log_likelihood(powers(near), count) - model.log_ways(count)
    np.testing.assert_allclose(value, expected, atol=1e-8)


def test_compiled_changes_are_the_legal_ones(congenital):
    model, count, tables, index, rows = state(congenital)
    stored = 0
    for edges in decomposable_graphs(5).edges[::7].tolist():
        near = neighbours(edges, 5)
        for high in range(5):
            for low in range(high):
                legal = can_flip(near, low, high)
                assert may_flip(np.array(near), low, high) == legal
                if not legal:
                    continue
                moved, value = np.array(near), np.zeros(len(count))
                stored = flip(moved, low, high, tables, value, index, rows, stored)
                after = model.log_likelihood(powers(tuple(moved.tolist())), count)
                gain = after - model.log_likelihood(powers(near), count)
                np.testing.assert_allclose(value, gain, atol=1e-8)


def test_pairs_are_drawn_evenly_and_are_two_lists():
    rng = np.random.default_rng(1)
    drawn = np.array([pair(rng, 4) for _ in range(12_000)])
    assert (drawn[:, 0] != drawn[:, 1]).all()
    often = np.bincount(4 * drawn[:, 0] + drawn[:, 1], minlength=16)
    assert (np.abs(often[often > 0] - 1000) < 150).all()
    assert (often > 0).sum() == 12


def test_sums_on_the_log_scale():
    assert log_sum(np.array([1.0, 2.0]), np.array([0.5, -1.0])) == pytest.approx(
        np.logaddexp(1.5, 1.0)
    )


def test_a_better_graph_always_comes_down_to_the_cold():
    near = np.array([[0, 0], [2, 1]])
    value, score, done = np.array([[1.0], [5.0]]), np.array([1.0, 5.0]), np.zeros(2)
    exchange(np.random.default_rng(0), np.array([1.0, 0.5]), near, value, score, done)
    assert near.tolist() == [[2, 1], [0, 0]]
    assert score.tolist() == [5.0, 1.0]
    assert value.tolist() == [[5.0], [1.0]]
    assert done.tolist() == [0.0, 1.0]


def agreement(table, seed=1, **settings):
    """Return the walk, the exact average, and the exact probabilities of the graphs visited."""
    walk, exact = walk_graphs(table, seed=seed, **settings), average_graphs(table)
    place = {neighbours(int(e), len(table.lists)): at for at, e in enumerate(exact.every.edges)}
    chances = np.array([exact.probability[place[tuple(g)]] for g in walk.near.tolist()])
    return walk, exact, chances


@pytest.mark.parametrize("name", ["spina", "kosovo", "congenital"])
def test_frequencies_are_the_probabilities_of_the_graphs(name, request):
    walk, exact, chances = agreement(request.getfixturevalue(name), draws=3000)
    often = walk.frequency.mean(axis=0)
    assert walk.mixed
    assert not walk.warning
    assert np.abs(often - chances).max() < 0.025
    assert 1.0 - chances.sum() < 0.01
    assert walk.mean == pytest.approx(exact.mean, rel=0.005)
    np.testing.assert_allclose(walk.interval, exact.interval, rtol=0.02)
    middle = np.quantile(walk.count, 0.5)
    assert middle == pytest.approx(exact.interval[1], rel=0.01)


@pytest.mark.parametrize("name", ["UKdat_5", "Ned_5", "UKdat"])
def test_modes_far_apart_are_both_visited(read_table, name):
    walk, exact, chances = agreement(read_table(name), draws=1500)
    assert walk.mixed
    assert np.abs(walk.frequency.mean(axis=0) - chances).max() < 0.05
    np.testing.assert_allclose(walk.interval[:2], exact.interval[:2], rtol=0.05)


def test_chains_that_stay_in_their_modes_are_found_out(read_table):
    walk = walk_graphs(read_table("Ned_5"), seed=3, levels=1, draws=300, tune=100, thin=2)
    assert not walk.mixed
    assert "do not agree" in walk.warning
    assert walk.warning in walk.describe()


@pytest.mark.parametrize("name", ["PH_manila_police", "PH_caloocan_unidentified"])
def test_many_lists_mix(read_table, name):
    walk = walk_graphs(read_table(name), seed=1, draws=600, tune=300)
    assert walk.rhat < 1.03
    assert walk.gap < 0.1
    assert walk.held
    assert len(walk.graphs()) == 50
    assert walk.edges()["probability"].between(0, 1).all()


def test_the_same_seed_gives_the_same_walk(spina):
    one, two = (walk_graphs(spina, seed=5, draws=50, tune=10, cores=k) for k in (1, 2))
    assert (one.visited == two.visited).all()
    assert (one.count == two.count).all()


def test_tables_without_information_give_even_graphs():
    table = Table(("A", "B", "C"), np.array([1], dtype=np.int64), np.array([1], dtype=np.int64))
    walk, _, chances = agreement(table, draws=4000, levels=2)
    assert np.abs(walk.frequency.mean(axis=0) - chances).max() < 0.02
    assert len(walk.near) == 8


@pytest.mark.parametrize(("lists", "chains"), [(21, 4), (3, 1)])
def test_too_many_lists_or_too_few_chains_are_refused(lists, chains):
    table = Table(tuple(f"L{k}" for k in range(lists)), np.array([1, 2]), np.array([3, 4]))
    with pytest.raises(ValueError, match="up to 20 lists"):
        walk_graphs(table, seed=1, chains=chains)
