"""Circles: each is found, nothing else is."""

from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from estimators.evidence.circles import circles

NODES = st.sampled_from("abcdefg")
EDGES = st.dictionaries(NODES, st.lists(NODES, max_size=3))


def is_free(edges):
    try:
        TopologicalSorter(edges).prepare()
    except CycleError:
        return False
    return True


@given(EDGES)
def test_circles_are_found_if_and_only_if_there_are_some(edges):
    found = list(circles(edges))
    assert bool(found) != is_free(edges)
    for circle in found:
        assert circle[0] == circle[-1]
        assert all(after in edges[before] for before, after in pairwise(circle))


def reached(edges, start):
    found, todo = set(), [start]
    while todo:
        for node in edges.get(todo.pop(), ()):
            if node not in found:
                found.add(node)
                todo.append(node)
    return found


@given(EDGES)
def test_every_knot_has_a_circle_that_is_named(edges):
    named = {node for circle in circles(edges) for node in circle}
    for node in edges:
        knot = {other for other in reached(edges, node) if node in reached(edges, other)}
        assert not knot or knot & named


@given(EDGES)
def test_no_id_stands_in_two_circles(edges):
    ids = [node for circle in circles(edges) for node in circle[1:]]
    assert len(ids) == len(set(ids))


def test_circles_apart_are_all_named():
    edges = {"a": ["b"], "b": ["a"], "c": ["d"], "d": ["c"], "e": ["e"], "f": ["a"]}
    assert sorted(circles(edges)) == [("a", "b", "a"), ("c", "d", "c"), ("e", "e")]


def test_a_chain_as_long_as_a_large_study_is_walked():
    edges = {str(i): [str(i + 1)] for i in range(30_000)}
    assert list(circles(edges)) == []
    assert len(next(circles(edges | {"30000": ["0"]}))) == 30_002
