"""Existence and identifiability: the published example, and linear programs written otherwise."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from estimators.evidence.capture_files import read_captures
from estimators.evidence.captures import Captures, Cell
from estimators.models.lists.existence import existence_of
from estimators.models.lists.table import Table

CARRIED = Path(__file__).parents[2] / "data" / "lists"


def carried(name):
    return Table.of(read_captures(CARRIED / f"{name}.csv"))


def table_of(counts, lists):
    cells = (Cell(history, count) for history, count in enumerate(counts) if history)
    return Table.of(Captures(tuple("ABCDE"[:lists]), tuple(cells)))


def models(lists):
    """All hierarchical models with every list in them."""
    above = sorted((m for m in range(1 << lists) if m.bit_count() > 1), key=int.bit_count)
    found = {frozenset([0, *(1 << place for place in range(lists))])}
    for mask in above:
        under = {mask ^ (1 << place) for place in range(lists) if mask >> place & 1}
        found |= {model | {mask} for model in found if under <= model}
    return sorted(tuple(sorted(model)) for model in found)


def pairwise(lists, pairs):
    return (0, *(1 << k for k in range(lists)), *(1 << a | 1 << b for a, b in pairs))


A, B, C = 0, 1, 2
AB, AC, BC = (A, B), (A, C), (B, C)


@pytest.mark.parametrize(
    ("pairs", "extended", "identified"),
    [  # Chan, Silverman & Vincent 2021, tables 2 and 3
        ((), True, True),
        ((AC,), True, True),
        ((BC,), True, True),
        ((AC, BC), True, True),
        ((AB,), False, True),
        ((AB, AC), False, True),
        ((AB, BC), False, True),
        ((AB, AC, BC), True, False),
    ],
)
def test_the_constructed_table_behaves_as_published(pairs, extended, identified):
    found = existence_of(carried("Artificial_3"), pairwise(3, pairs))
    assert (found.extended, found.identified) == (extended, identified)
    assert found.is_usable == (extended and identified)
    assert found.exists == (not pairs)  # with finite parameters only that of no interactions does


def test_all_pairs_of_the_constructed_table_neither_exist_nor_are_identified():
    found = existence_of(carried("Artificial_3"), pairwise(3, (AB, AC, BC)))
    assert not found.exists
    assert not found.identified
    assert found.infinite == (5, 6)
    assert found.why == (
        "Nobody stands on A+C, B+C, so that parameters are minus infinity. "
        "What is left of the table fits with any number of people on no list."
    )


def test_what_is_wrong_is_said_in_words():
    found = existence_of(carried("Artificial_3"), pairwise(3, (AB,)))
    assert found.empty == (5, 6, 7)
    assert found.why == (
        "The likelihood rises for ever as fewer are expected on A+C, B+C, A+B+C alone."
    )
    fine = existence_of(carried("kosovo_aggregate"), pairwise(4, (AB,)))
    assert fine.why == "All parameters are finite, and the unseen are identified."


def by_programs(counts, model):
    """The same from the definitions: margins of zero, then whether the rest can all be positive.

    The maximum exists if positive cells have the margins that were seen; a cell is empty for sure
    if none with these margins has anybody there; identified is a rank.
    """
    size = len(counts)
    margin = {t: sum(counts[w] for w in range(1, size) if w & t == t) for t in model}
    infinite = tuple(t for t in model if not margin[t])
    cells = [w for w in range(1, size) if not any(w & t == t for t in infinite)]
    kept = [t for t in model if margin[t]]
    design = np.array([[float(w & t == t) for t in kept] for w in cells])
    told = np.array([float(margin[t]) for t in kept])
    empty = []
    for place, w in enumerate(cells):
        found = linprog(-np.eye(len(cells))[place], A_eq=design.T, b_eq=told, method="highs")
        if -found.fun < 1e-7:
            empty.append(w)
    is_identified = np.linalg.matrix_rank(design) == len(kept)
    return infinite, tuple(empty), bool(is_identified)


def compare(counts, model, lists):
    found = existence_of(table_of(counts, lists), model)
    infinite, empty, is_identified = by_programs(counts, model)
    assert (found.infinite, found.empty, found.identified) == (infinite, empty, is_identified)
    assert found.extended == (not empty)
    assert found.exists == (not empty and not infinite)


supports = st.lists(st.sampled_from([0, 0, 1, 3]), min_size=7, max_size=7).filter(any)
wider = st.lists(st.sampled_from([0, 0, 0, 1, 2]), min_size=15, max_size=15).filter(any)


@settings(max_examples=60, deadline=None)
@given(counts=supports, model=st.sampled_from(models(3)))
def test_three_lists_agree_with_the_definitions(counts, model):
    compare([0, *counts], model, 3)


@settings(max_examples=60, deadline=None)
@given(counts=wider, model=st.sampled_from(models(4)))
def test_four_lists_agree_with_the_definitions(counts, model):
    compare([0, *counts], model, 4)


def test_sparse_tables_of_four_lists_agree_with_the_definitions():
    rng = np.random.default_rng(8)
    every = models(4)
    hard = 0
    for _ in range(40):  # most that fail are found among few cells
        counts = [0, *(rng.random(15) < 0.35).astype(int).tolist()]
        counts[1 << int(rng.integers(4))] = 2
        model = every[int(rng.integers(len(every)))]
        compare(counts, model, 4)
        hard += not existence_of(table_of(counts, 4), model).extended
    assert hard > 3


@settings(max_examples=25, deadline=None)
@given(counts=wider, model=st.sampled_from(models(4)), times=st.integers(2, 10**9))
def test_only_which_counts_are_zero_matters(counts, model, times):
    once = existence_of(table_of([0, *counts], 4), model)
    assert once == existence_of(table_of([0, *(times * count for count in counts)], 4), model)


def test_the_number_of_models_is_that_of_hypergraphs():
    assert [len(models(lists)) for lists in (2, 3, 4)] == [2, 9, 114]  # OEIS A006126


@pytest.mark.parametrize("name", ["kosovo_aggregate", "brighton_total"])
def test_in_full_tables_only_the_saturated_model_fails(name):
    table = carried(name)
    failed = [model for model in models(4) if not existence_of(table, model).is_usable]
    assert failed == [tuple(range(16))]
    assert existence_of(table, failed[0]).exists


@pytest.mark.parametrize("name", ["UKdat_5", "Ned_5"])
def test_leaving_out_the_interaction_of_lists_that_overlap_loses_no_estimate(name):
    """Chan, Silverman & Vincent 2021, section 2.7."""
    table = carried(name)
    pairs = list(combinations(range(5), 2))
    overlap = [bool((table.count * table.on[:, a] * table.on[:, b]).sum()) for a, b in pairs]
    exists = {}
    for chosen in range(1 << 10):
        taken = [pair for place, pair in enumerate(pairs) if chosen >> place & 1]
        exists[chosen] = existence_of(table, pairwise(5, taken)).extended
    assert any(exists.values())
    for chosen, is_there in exists.items():
        for place in range(10):
            if is_there and overlap[place] and chosen >> place & 1:
                assert exists[chosen ^ (1 << place)]


def test_a_list_that_is_empty_has_a_parameter_of_minus_infinity():
    found = existence_of(table_of([0, 3, 4, 2, 0, 0, 0, 0], 3), pairwise(3, ()))
    assert found.infinite == (4,)
    assert found.is_usable


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ((0, 1, 2, 7), "not hierarchical: it has the term 7 without 6"),
        ((1, 2, 4), "terms must be 0"),
        ((0, 1, 2, 4, 8), "unions of the bits of 3 lists"),
        ((), "terms must be 0"),
    ],
)
def test_terms_that_are_no_model_are_refused(terms, expected):
    with pytest.raises(ValueError, match=expected):
        existence_of(carried("Artificial_3"), terms)


def test_too_many_cells_are_refused():
    lists = tuple(f"L{place}" for place in range(18))
    table = Table.of(Captures(lists, (Cell(1, 3), Cell(3, 4))))
    pairs = combinations(range(18), 2)
    with pytest.raises(ValueError, match="too many to be checked; take fewer interactions"):
        existence_of(table, pairwise(18, pairs))
