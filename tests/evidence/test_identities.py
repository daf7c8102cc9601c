"""Identities: the order of computation, and what each quantity is computed from."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from estimators.evidence.identities import (
    clocks,
    common_unit,
    graph,
    is_derived,
    order,
    stated_ranges,
    units,
)
from estimators.evidence.quantity import (
    Balance,
    Breakdown,
    CellOf,
    Dimension,
    PartOf,
    Quantity,
    Range,
    RunningBalance,
    Split,
    SumOf,
    identity_needs,
    needs,
)

R = Range(10, 60, "r")


def flow(id, rule=None):
    return Quantity(id, id, "flow", rule)


@st.composite
def acyclic(draw):
    """Return quantities, each a sum of some that were made before, in any order."""
    made = [flow("q0", R)]
    for number in range(1, draw(st.integers(1, 12))):
        parts = draw(st.lists(st.sampled_from(made), max_size=4, unique=True))
        rule = SumOf(tuple(part.id for part in parts)) if parts else R
        made.append(flow(f"q{number}", rule))
    return draw(st.permutations(made))


@given(acyclic())
def test_each_quantity_comes_after_what_it_is_computed_from(quantities):
    ids = order(quantities, ())
    assert sorted(ids) == sorted(quantity.id for quantity in quantities)
    for quantity in quantities:
        assert all(ids.index(part) < ids.index(quantity.id) for part in needs(quantity))


def test_splits_and_balances_define_their_parts():
    split = Split("s", "whole", (("left", R), ("right", R)))
    balance = Balance("b", "before", "after", ("whole", "out"), "inflow", R)
    ids = ["left", "right", "before", "after", "inflow", "whole", "out"]
    edges = graph([flow(id) for id in ids], [split, balance])
    assert edges == {
        "left": ("whole",),
        "right": ("whole",),
        "before": ("after", "whole", "out"),
        "inflow": ("after", "whole", "out"),
        "after": (),
        "whole": (),
        "out": (),
    }
    assert split.defines == ("left", "right")
    assert balance.defines == ("before", "inflow")
    assert Balance("b", "before", "after", ("out",)).defines == ("before",)
    assert identity_needs(split) == ("whole",)


def test_a_part_needs_its_whole_and_a_named_share():
    assert needs(flow("a", PartOf("whole", "share"))) == ("whole", "share")
    assert needs(flow("a", PartOf("whole", R))) == ("whole",)
    assert needs(flow("a", R)) == needs(flow("a")) == ()


def test_only_a_sum_has_no_unknown_of_its_own():
    assert is_derived(flow("a", SumOf(("b",))))
    assert not any(is_derived(flow("a", rule)) for rule in (R, PartOf("b", R), None))


def test_every_stated_range_is_listed_with_what_it_is_of():
    quantities = [flow("a", R), flow("b", PartOf("a", R)), Quantity("p", "P", "share", R)]
    quantities += [flow("c", PartOf("a", "p")), flow("d", SumOf(("a", "b")))]
    quantities.append(Quantity("t", "T", "flow", R, unit="tanks"))
    identities = [Split("s", "a", (("e", R),)), Balance("x", "f", "g", (), "h", R)]
    assert list(stated_ranges(quantities, identities)) == [
        ("a", "persons", R),
        ("b", "share of a", R),
        ("p", "share", R),
        ("t", "tanks", R),
        ("e", "share of a", R),
        ("h", "share of the throughput of x", R),
    ]


def runs(id, clock="war", rule=R, measure="flow"):
    return Quantity(id, id, measure, rule, series=clock)


def test_parts_sums_and_cells_run_as_what_they_are_computed_from():
    share = Quantity("p", "P", "share", R)
    cell, part = CellOf("x", (("sex", "women"),)), PartOf("a", "p")
    quantities = [flow("part", part), flow("cell", cell), flow("sum", SumOf(("a", "b")))]
    quantities += [flow("mixed", SumOf(("a", "c"))), flow("plain", SumOf(("a", "d")))]
    quantities += [runs("a"), runs("b"), runs("c", "front"), flow("d", R), share]
    sexes = Dimension("sex", (("women", R), ("men", R)))
    found = clocks(quantities, (), [Breakdown("x", "part", (sexes,))])
    own = {"a": "war", "b": "war", "c": "front"}
    assert found == own | {"part": "war", "cell": "war", "sum": "war"}


def test_an_inflow_runs_as_the_running_balance_does_and_a_balance_of_days_does_not():
    quantities = [runs("held", measure="stock"), runs("out"), flow("in"), flow("before")]
    running = RunningBalance("r", "held", "in", R, ("out",))
    assert clocks(quantities, [running])["in"] == "war"
    days = Balance("b", "before", "held", ("out",))
    assert "before" not in clocks(quantities, [running, days])
    edges = graph(quantities, [running])
    assert edges["in"] == ("held", "out")
    assert running.defines == ("in",)


def test_the_whole_of_a_split_runs_as_parts_that_name_one_series():
    split = Split("s", "whole", (("left", R), ("right", R)))
    below = flow("below", PartOf("whole", R))
    quantities = [below, flow("whole", R), runs("left", rule=None), runs("right", rule=None)]
    assert clocks(quantities, [split]) == dict.fromkeys(("whole", "left", "right", "below"), "war")
    for right in (flow("right"), runs("right", "front", None)):
        found = clocks([*quantities[:3], right], [split])
        assert "whole" not in found
        assert found["left"] == "war"
    # A part that names none has its series from the whole, never the other way round.
    parts = [flow("left"), flow("right")]
    assert clocks([flow("whole", R), *parts], [split]) == {}
    assert clocks([runs("whole"), *parts], [split])["left"] == "war"


def counts(id, unit="", rule=None):
    return Quantity(id, id, "flow", rule, unit=unit)


def test_what_is_computed_from_others_is_in_their_unit():
    rules = {"part": PartOf("tanks", "p"), "of_part": PartOf("part", R)}
    rules |= {"cell": CellOf("x", (("kind", "old"),)), "sum": SumOf(("part", "cell"))}
    rules |= dict.fromkeys(("left", "right", "before", "inflow"))
    quantities = [counts(id, rule=rule) for id, rule in rules.items()]
    quantities += [Quantity("p", "P", "share", R)]
    quantities += [counts("tanks", "tanks", R), counts("out", "tanks", R)]
    kinds = Breakdown("x", "tanks", (Dimension("kind", (("old", R), ("new", R))),))
    split = Split("s", "tanks", (("left", R), ("right", R)))
    balance = Balance("b", "before", "tanks", ("out",), "inflow", R)
    found = units(quantities, [split, balance], [kinds])
    assert found.pop("p") == "percent"
    assert set(found.values()) == {"tanks"}


def test_a_unit_of_its_own_comes_first_and_what_differs_is_a_count():
    quantities = [counts("tanks", "tanks", R), counts("guns", "guns", R), counts("men", rule=R)]
    quantities += [counts("own", "arms", SumOf(("tanks", "guns"))), counts("left")]
    quantities += [counts("mixed", rule=SumOf(("tanks", "men")))]
    quantities += [counts("two", rule=SumOf(("men",)))]
    found = units(quantities, [Split("s", "men", (("left", R),))])
    assert found == {
        "tanks": "tanks",
        "guns": "guns",
        "men": "persons",
        "own": "arms",
        "mixed": "count",
        "two": "persons",
        "left": "persons",
    }
    assert common_unit(["tanks", "tanks"]) == "tanks"
    assert common_unit(["tanks", "persons"]) == common_unit([]) == "count"


@given(acyclic(), st.data())
def test_every_unit_is_one_that_was_stated(quantities, data):
    stated = [replace(q, unit=data.draw(st.sampled_from(["", "tanks"]))) for q in quantities]
    found = units(stated, ())
    assert set(found) == {q.id for q in stated}
    assert set(found.values()) <= {"persons", "tanks", "count"}
    assert all(found[q.id] == q.unit for q in stated if q.unit)
    assert set(units(quantities, ()).values()) == {"persons"}
