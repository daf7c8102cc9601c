"""People on one list, estimated from the others."""

from dataclasses import replace

import pytest

from estimators.evidence.captures import Captures, Cell
from estimators.evidence.problems import EvidenceError
from estimators.inference.lists.known_subset import among, known_subset, known_subsets
from tests.lists.conftest import KOSOVO

COUNTS = {("A",): 7, ("A", "B"): 5, ("A", "C"): 3, ("A", "B", "C"): 2, ("B",): 11, ("B", "C"): 13}


@pytest.fixture
def captures():
    return Captures.of(COUNTS, lists="ABC")


def test_people_on_a_list_as_they_stand_on_the_others(captures):
    found = among(captures, "A")
    assert found.lists == ("B", "C")
    assert {cell.history: cell.count for cell in found.cells} == {0b01: 5, 0b10: 3, 0b11: 2}
    middle = among(captures, "B")
    assert {cell.history: cell.count for cell in middle.cells} == {0b01: 5, 0b10: 13, 0b11: 2}


def test_strata_and_replicates_stay():
    cells = (Cell(0b011, 4, ("f",), "R1"), Cell(0b011, 5, ("f",), "R2"), Cell(0b101, 1, ("m",)))
    found = among(Captures(("A", "B", "C"), cells, ("sex",), frozenset("A")), "A")
    assert found.strata == ("sex",)
    assert not found.censored
    assert [(c.history, c.count, c.stratum, c.replicate) for c in found.cells] == [
        (1, 4, ("f",), "R1"),
        (1, 5, ("f",), "R2"),
        (2, 1, ("m",), ""),
    ]


def test_independence_of_two_others_is_lincoln_petersen(captures):
    """True 17; seen 10 of 7 on B and 5 on C, 2 on both: 7 x 5 / 2 = 17.5."""
    found = known_subset(captures, "A", "independence")
    assert (found["true"], found["seen"], found["inside"]) == (17, 10, True)
    assert found["low"] <= 17.5 <= found["high"]
    assert "Only 2 of 10 persons" in found["fault"]


def test_independent_lists_give_the_known_number():
    """Counts in proportion to chances .5, .4, .5: the others find about each tenth person."""
    share = {"A": 0.5, "B": 0.4, "C": 0.5, "D": 0.3}
    counts = {}
    for history in range(1, 16):
        chance = 1.0
        for k, at in enumerate(share.values()):
            chance *= at if history >> k & 1 else 1 - at
        counts[tuple(id for k, id in enumerate(share) if history >> k & 1)] = round(20_000 * chance)
    made = known_subsets(Captures.of(counts, lists="ABCD"), "independence", jobs=1, progress=False)
    assert made.table["inside"].all()
    assert made.table["median"].to_numpy() == pytest.approx(made.table["true"].to_numpy(), rel=0.01)
    assert made.held == (4, 4)


def test_kosovo_rejects_independence_and_says_what_that_means():
    cells = tuple(Cell(history, count) for history, count in KOSOVO.items())
    kosovo = Captures(("EXH", "ABA", "OSCE", "HRW"), cells)
    made = known_subsets(kosovo, "independence", jobs=1, progress=False)
    assert made.table.set_index("list")["true"].to_dict() == {
        "EXH": 1910, "ABA": 1528, "OSCE": 1786, "HRW": 685,
    }  # fmt: skip
    assert made.held == (0, 4)
    assert "0 of 4 intervals" in made.describe()
    assert "it has passed a test that it could have failed, no more" in made.describe()
    assert "EXH" in str(made)
    assert "<table" in made._repr_html_()


def test_too_few_other_lists_stand_in_their_rows(captures):
    made = known_subsets(captures, "decomposable graphs", jobs=1, progress=False)
    assert made.table["fault"].str.contains("needs 3 lists").all()
    assert made.table["inside"].isna().all()
    assert made.held == (0, 0)


def test_a_list_whose_people_stand_on_no_other_gives_a_fault():
    lonely = Captures.of({("A",): 5, ("B", "C"): 3, ("B",): 2}, lists="ABC")
    found = known_subset(lonely, "A", "independence")
    assert found["true"] == 5
    assert "nobody stands on any list" in found["fault"]
    assert found["inside"] is None


def test_replicates_count_persons_once(captures):
    both = tuple(replace(cell, replicate=id) for id in ("R1", "R2") for cell in captures.cells)
    found = known_subset(Captures(captures.lists, both), "A", "independence")
    assert (found["true"], found["seen"]) == (17, 10)


def test_unknown_names_are_refused(captures):
    with pytest.raises(EvidenceError, match="no such list"):
        known_subset(captures, "D", "independence")
    with pytest.raises(EvidenceError, match="no such list"):
        among(captures, "D")
    with pytest.raises(ValueError, match="no method"):
        known_subsets(captures, "independent")
