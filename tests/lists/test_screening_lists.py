"""Lists screened before any model: each finding where it is, and none where it is not."""

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimators.evidence.capture_files import read_captures
from estimators.evidence.captures import Captures, Cell
from estimators.evidence.screening_lists import Overlap, overlaps, screen_captures

CARRIED = Path(__file__).parents[2] / "data" / "lists"
SOUND = {1: 40, 2: 50, 4: 60, 3: 10, 5: 11, 6: 12, 7: 5}  # by history: nothing to look at


def captures_of(*populations, strata=(), lists=("A", "B", "C"), censored=()):
    """Captures of (stratum, replicate, counts by history)."""
    cells = (
        Cell(history, count, stratum, replicate)
        for stratum, replicate, counts in populations
        for history, count in counts.items()
    )
    return Captures(lists, tuple(cells), strata, frozenset(censored))


def found(captures):
    return {(finding.kind, finding.claims): finding for finding in screen_captures(captures).open}


def kinds(captures):
    return [finding.kind for finding in screen_captures(captures).findings]


def test_sound_lists_give_no_finding():
    assert kinds(captures_of(((), "", SOUND))) == []
    assert kinds(read_captures(CARRIED / "kosovo_aggregate.csv")) == []


def test_overlaps_are_those_of_the_published_table():
    rows = overlaps(read_captures(CARRIED / "kosovo_aggregate.csv"))
    assert len(rows) == 6
    assert rows[0] == Overlap("EXH", "ABA", 403, 1507, 1125, 1365, 1910 * 1528 / 4400)


@given(
    st.dictionaries(st.integers(1, 15), st.integers(0, 50), min_size=1).filter(
        lambda counts: any(counts.values())
    )
)
def test_overlaps_agree_with_the_captures_and_add_up(counts):
    captures = captures_of(((), "", counts), lists=tuple("ABCD"))
    rows = overlaps(captures)
    assert [(row.list_a, row.list_b) for row in rows] == list(combinations("ABCD", 2))
    for row in rows:
        assert row.both == captures.size(row.list_a, row.list_b)
        assert row.both + row.only_a == captures.size(row.list_a)
        assert row.both + row.only_b == captures.size(row.list_b)
        assert row.both + row.only_a + row.only_b + row.neither == captures.n


def test_overlaps_are_of_each_replicate_and_of_all_strata():
    captures = captures_of(
        (("f",), "1", {3: 2, 1: 2}), (("m",), "1", {3: 3}), (("f",), "2", {3: 9}), strata=("sex",)
    )
    rows = {(row.replicate, row.list_a, row.list_b): row.both for row in overlaps(captures)}
    assert rows["1", "A", "B"] == 5
    assert rows["2", "A", "B"] == 9
    assert len(rows) == 6


def test_pairs_that_share_nobody_or_few_are_found_with_what_chance_would_give():
    captures = read_captures(CARRIED / "Artificial_3.csv")
    findings = found(captures)
    assert set(findings) == {("no overlap", ("A", "C")), ("no overlap", ("B", "C"))}
    why = findings["no overlap", ("A", "C")].why
    assert why == "A and C share nobody; independent lists of their sizes would share up to 9.6."
    few = found(captures_of(((), "", SOUND | {3: 4, 7: 0})))
    assert set(few) == {("small overlap", ("A", "B"))}
    assert "share 4 persons" in few["small overlap", ("A", "B")].why


def test_the_published_tables_show_their_sparse_pairs():
    assert sorted(found(read_captures(CARRIED / "Ned_5.csv"))) == [
        ("no overlap", ("K", "R")),
        ("small overlap", ("IO", "K")),
        ("small overlap", ("K", "Z")),
        ("small overlap", ("R", "Z")),
    ]
    assert ("no overlap", ("LA", "GP")) in found(read_captures(CARRIED / "UKdat.csv"))


def test_empty_full_and_nested_lists_are_found():
    assert set(found(captures_of(((), "", {1: 40, 2: 30, 3: 20})))) == {("empty list", ("C",))}
    full = found(captures_of(((), "", {1: 40, 3: 30, 5: 20, 7: 10})))
    assert set(full) == {("list of all", ("A",))}
    nested = found(
        captures_of(((), "", {1: 40, 2: 30, 3: 20, 4: 10, 5: 9, 6: 8} | {4: 0, 6: 0, 7: 9}))
    )
    assert set(nested) == {("nested list", ("C", "A"))}
    assert nested["nested list", ("C", "A")].why == "All on C (18 persons) stand on A too."


def test_equal_lists_lie_within_each_other():
    equal = found(captures_of(((), "", {3: 40, 4: 30, 7: 20})))
    assert {("nested list", ("A", "B")), ("nested list", ("B", "A"))} <= set(equal)


def test_a_list_of_one_stratum_is_found():
    women, men = SOUND, {1: 30, 2: 30, 3: 20}
    captures = captures_of((("f",), "", women), (("m",), "", men), strata=("sex",))
    findings = found(captures)
    assert findings["scope", ("C",)].why == "C has persons of one sex only: f."
    assert findings["few lists in strata", ()].why == (
        "1 of 2 strata have fewer than 3 lists with anybody on them, 80 persons in all: m."
    )
    assert len(findings) == 2


def test_a_column_of_one_value_says_nothing_of_scope():
    assert kinds(captures_of((("f",), "", SOUND), strata=("sex",))) == []


def test_pairs_apart_in_a_stratum_are_found_where_both_have_persons():
    apart = {1: 30, 2: 30, 5: 9, 6: 9}
    captures = captures_of(
        (("f",), "", SOUND), (("m",), "", apart), (("",), "", {4: 1}), strata=("sex",)
    )
    findings = found(captures)
    assert findings["no overlap in strata", ("A", "B")].why == (
        "A and B share nobody in 1 of 3 strata, though both have persons there: m."
    )
    assert findings["few lists in strata", ()].why.endswith("1 person in all: ?.")
    assert len(findings) == 2


def test_many_missing_values_are_found():
    few = captures_of((("f",), "", SOUND), (("",), "", {1: 3, 2: 3, 7: 3}), strata=("sex",))
    assert "missing strata" not in kinds(few)
    many = captures_of((("f",), "", SOUND), (("",), "", SOUND), strata=("sex",))
    assert found(many)["missing strata", ()].why == "The sex of 50% of persons is not known."


@pytest.mark.parametrize(("more", "is_found"), [(0, False), (10, False), (60, True)])
def test_replicates_of_different_sizes_are_found(more, is_found):
    captures = captures_of(((), "1", SOUND), ((), "2", SOUND | {1: 40 + more}))
    assert ("replicates" in kinds(captures)) == is_found
    if is_found:
        expected = "Replicate 2 has 248 persons, replicate 1 188."
        assert found(captures)["replicates", ()].why == expected


def test_a_pair_is_judged_by_the_replicate_that_shares_least():
    captures = captures_of(((), "1", SOUND), ((), "2", SOUND | {3: 1, 7: 2}))
    why = found(captures)["small overlap", ("A", "B")].why
    assert why.startswith("A and B share 3 to 15 persons;")


def test_censored_lists_are_found_with_how_many_stand_on_them_alone():
    findings = found(captures_of(((), "", SOUND), censored=("B",)))
    assert set(findings) == {("censored list", ("B",))}
    assert "of those on no other list (50 persons)" in findings["censored list", ("B",)].why


def test_every_finding_has_a_proposal_and_the_whole_can_be_printed():
    screening = screen_captures(read_captures(CARRIED / "UKdat.csv"))
    assert all(finding.proposal.endswith(".") for finding in screening.findings)
    assert str(screening).endswith("4 to look at, 0 already settled.")
