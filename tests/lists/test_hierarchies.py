"""Hierarchical models: how many there are, their names, their neighbours."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimators.models.lists.hierarchies import (
    Hierarchy,
    all_hierarchies,
    independence,
    of_order,
    parts_of,
)


@pytest.mark.parametrize(("lists", "known"), [(2, 1), (3, 8), (4, 113), (5, 6893)])
def test_as_many_models_as_there_are_covering_antichains_less_one(lists, known):
    models = all_hierarchies(lists)  # OEIS A006126 less the saturated model
    assert len(models) == len(set(models)) == len({model.name for model in models}) == known
    assert not any(model.saturated for model in models)


def test_the_models_are_those_found_by_trying_every_set_of_terms():
    everything = range(1, 16)
    closed = set()
    for chosen in itertools.product([0, 1], repeat=11):
        higher = [term for term in everything if term.bit_count() > 1]
        terms = {1, 2, 4, 8} | {term for term, kept in zip(higher, chosen, strict=True) if kept}
        if all(set(parts_of(term)) - {0} <= terms for term in terms) and 15 not in terms:
            closed.add(frozenset(terms))
    assert {frozenset(model.terms) - {0} for model in all_hierarchies(4)} == closed


@pytest.mark.parametrize("name", ["[123,14,34]", "[23,1]", "[135,12,24,34]", "[1,2,3,4]"])
def test_names_are_printed_as_they_are_read(name):
    assert Hierarchy.parse(name).name == name


def test_terms_inside_others_are_left_out_and_every_part_is_held():
    model = Hierarchy(4, (0b0111, 0b0011, 0b1001, 0b0001, 0b1100))
    assert model.name == "[123,14,34]"
    assert model.terms == (0, 1, 2, 4, 8, 0b0011, 0b0101, 0b1001, 0b0110, 0b1100, 0b0111)


def test_more_than_nine_lists_are_named_with_dots():
    model = Hierarchy(11, (0b10000000011, *(1 << k for k in range(2, 10))))
    assert model.name == "[1.2.11,3,4,5,6,7,8,9,10]"
    assert Hierarchy.parse(model.name) == Hierarchy.parse(model.name, 11) == model


@given(st.sets(st.integers(1, 63), min_size=1))
def test_parsing_undoes_naming(generators):
    model = Hierarchy(6, (*generators, *(1 << k for k in range(6))))
    assert Hierarchy.parse(model.name, 6) == model
    assert all(set(parts_of(term)) <= set(model.terms) for term in model.terms)


def test_neighbours_differ_by_one_term_and_are_mutual():
    for model in all_hierarchies(4):
        for other in model.neighbours():
            assert len(set(model.terms) ^ set(other.terms)) == 1
            assert model in other.neighbours()


def test_neighbours_go_no_higher_than_asked():
    pairs = of_order(4, 2)
    assert len(pairs.neighbours()) == 6 + 4
    assert all(len(other.terms) < len(pairs.terms) for other in pairs.neighbours(most=2))
    assert len(independence(5).neighbours()) == 10


@pytest.mark.parametrize("name", ["[12,,3]", "[ab,3]", "", "[0,1]", "[1-2]"])
def test_what_cannot_be_read_is_said(name):
    with pytest.raises(ValueError, match="cannot read"):
        Hierarchy.parse(name)


def test_wrong_models_are_refused():
    with pytest.raises(ValueError, match="names list 4; there are 3 lists"):
        Hierarchy.parse("[12,34]", 3)
    with pytest.raises(ValueError, match=r"lists \[2\] are in no generator"):
        Hierarchy.parse("[13]")
    with pytest.raises(ValueError, match="from 1 to 7"):
        Hierarchy(3, (8, 1, 2, 4))
    with pytest.raises(ValueError, match="2 to 5 lists; got 6"):
        all_hierarchies(6)
