"""Decomposable graphs: how many there are, what they are made of, which changes are legal."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimators.models.lists.decomposable import (
    can_flip,
    cliques_of,
    decomposable_graphs,
    flipped,
    graph_name,
    is_complete,
    neighbours,
    pairs,
    perfect_order,
    powers,
    separators_of,
)


def has_chordless_cycle(near):
    """Look for a cycle of four or more without a chord, by trying every set of lists."""
    lists = len(near)
    for size in range(4, lists + 1):
        for chosen in combinations(range(lists), size):
            mask = sum(1 << v for v in chosen)
            if all((near[v] & mask).bit_count() == 2 for v in chosen) and connected(near, mask):
                return True
    return False


def connected(near, mask):
    reached = mask & -mask
    while True:
        more = reached
        for v in range(len(near)):
            if reached >> v & 1:
                more |= near[v] & mask
        if more == reached:
            return reached == mask
        reached = more


def largest_complete(near):
    every = [mask for mask in range(1, 1 << len(near)) if is_complete(mask, near)]
    return {a for a in every if not any(a != b and a & b == a for b in every)}


@pytest.mark.parametrize(
    ("lists", "graphs"), [(2, 2), (3, 8), (4, 61), (5, 822), (6, 18_154), (7, 617_675)]
)
def test_as_many_graphs_as_there_are(lists, graphs):
    assert len(decomposable_graphs(lists)) == graphs


@pytest.mark.parametrize("lists", [1, 8])
def test_too_few_or_too_many_lists_are_refused(lists):
    with pytest.raises(ValueError, match="2 to 7 lists"):
        decomposable_graphs(lists)


def test_the_search_finds_just_the_graphs_without_chordless_cycles():
    found = set(decomposable_graphs(5).edges.tolist())
    for edges in range(1 << 10):
        near = neighbours(edges, 5)
        chordal = not has_chordless_cycle(near)
        assert (edges in found) == chordal
        assert (perfect_order(near) is not None) == chordal


def test_cliques_are_the_largest_complete_sets():
    graphs = decomposable_graphs(5)
    for at in range(0, len(graphs), 3):
        near = neighbours(int(graphs.edges[at]), 5)
        assert set(graphs.cliques(at)) == largest_complete(near) == set(cliques_of(near))


@pytest.mark.parametrize("lists", [3, 4, 5, 6])
def test_powers_written_all_at_once_agree_with_those_of_one_graph(lists):
    graphs = decomposable_graphs(lists)
    for at in range(0, len(graphs), 1 + len(graphs) // 300):
        power = graphs.power[at]
        found = {int(mask): int(power[mask]) for mask in np.flatnonzero(power)}
        assert found == powers(neighbours(int(graphs.edges[at]), lists))


def test_cliques_less_separators_count_every_list_once_and_every_edge_once():
    graphs = decomposable_graphs(6)
    masks = np.arange(64)
    for low, high in [(1 << v, 0) for v in range(6)] + [(1 << a, 1 << b) for a, b in pairs(6)]:
        both = ((masks & (low | high)) == (low | high)).astype(int)
        bit = pairs(6).index((low.bit_length() - 1, high.bit_length() - 1)) if high else 0
        expected = (graphs.edges >> bit & 1) if high else 1
        assert ((graphs.power.astype(int) @ both) == expected).all()


def test_a_path_has_its_middle_as_separator():
    near = neighbours(0b101, 3)  # edges 0-1 and 1-2
    assert cliques_of(near) == (0b011, 0b110)
    assert separators_of(near) == {0b010: 1}
    assert graph_name(cliques_of(near)) == "[12|23]"


def test_a_cycle_is_refused():
    cycle = (0b1010, 0b0101, 0b1010, 0b0101)
    with pytest.raises(ValueError, match="not decomposable"):
        powers(cycle)


def test_names_have_commas_where_lists_have_two_digits():
    assert graph_name((0b1, 0b1000000010)) == "[1|2,10]"


@pytest.mark.parametrize("lists", [4, 5])
def test_an_edge_can_be_flipped_just_where_the_graph_stays_decomposable(lists):
    known = set(decomposable_graphs(lists).edges.tolist())
    for edges, (bit, (low, high)) in product(sorted(known), enumerate(pairs(lists))):
        near = neighbours(edges, lists)
        stays = edges ^ 1 << bit in known
        assert can_flip(near, low, high) == stays
        assert flipped(near, low, high) == neighbours(edges ^ 1 << bit, lists)


@given(st.integers(2, 9).flatmap(lambda j: st.tuples(st.just(j), st.integers(0, 2 ** (j * 4)))))
def test_any_graph_is_ordered_just_if_it_has_no_chordless_cycle(drawn):
    lists, bits = drawn
    near = neighbours(bits % (1 << len(pairs(lists))), lists)
    assert (perfect_order(near) is None) == has_chordless_cycle(near)
