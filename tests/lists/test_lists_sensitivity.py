"""What changes an answer from lists: departures exactly, and every row of the table."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimators.evidence.captures import Captures, Cell
from estimators.inference.lists.attempts import METHODS, attempt, checked, why_not
from estimators.inference.lists.families import fit_lists
from estimators.inference.lists.sensitivity import KINDS, lists_sensitivity, refits
from estimators.models.lists.departures import (
    conditional_odds_ratio,
    highest_odds_ratio,
    missed_at,
    scaled,
    unseen_at,
)
from estimators.models.lists.likelihood import Likelihood, grid, unseen_likelihood
from tests.lists.conftest import KOSOVO, SPINA, folder


def captures_of(counts, names="ABCDE", **given):
    lists = tuple(names[: max(counts).bit_length()])
    cells = tuple(Cell(history, count) for history, count in counts.items() if count)
    return Captures(lists, cells, **given)


@pytest.fixture(scope="module")
def kosovo_graphs():
    captures = captures_of(KOSOVO)
    return lists_sensitivity(
        captures, "decomposable graphs", expansion=[(1.5, 4.0)], jobs=1, progress=False
    )


def row(made, change):
    found = made.table[made.table["change"].str.startswith(change)]
    assert len(found) == 1
    return found.iloc[0]


def test_odds_ratio_of_two_lists_is_the_usual_one():
    assert highest_odds_ratio(np.array([4.0, 2.0, 3.0, 5.0])) == pytest.approx(20 / 6)
    assert conditional_odds_ratio(np.array([4.0, 2.0, 3.0, 5.0]), 0, 1) == pytest.approx(20 / 6)


def test_odds_ratio_of_three_lists_is_one_over_the_ratio_of_odds_ratios():
    m = np.arange(1.0, 9.0)
    on = m[4] * m[7] / (m[5] * m[6])
    off = m[0] * m[3] / (m[1] * m[2])
    assert highest_odds_ratio(m) == pytest.approx(off / on)
    assert np.log(on / off) == pytest.approx(-np.log(highest_odds_ratio(m)))  # (-1)^J log xi


@given(
    st.integers(2, 5).flatmap(
        lambda lists: st.lists(st.floats(0.1, 50.0), min_size=1 << lists, max_size=1 << lists)
    ),
    st.floats(0.05, 20.0),
)
def test_unseen_scale_with_the_odds_ratio_whatever_is_seen(expected, xi):
    m = np.array(expected)
    usual = unseen_at(m)
    m[0] = unseen_at(m, xi)
    assert m[0] == pytest.approx(xi * usual)
    assert highest_odds_ratio(m) == pytest.approx(xi)


def test_two_lists_given_the_rest_scale_the_unseen_too():
    m = np.arange(3.0, 19.0)
    m[0] = m[2] * m[8] / m[10]
    assert conditional_odds_ratio(m, 1, 3) == pytest.approx(1.0)
    m[0] *= 1.7
    assert conditional_odds_ratio(m, 1, 3) == pytest.approx(1.7)


@pytest.mark.parametrize(
    ("expected", "words"),
    [(np.ones(6), "2\\^lists"), (np.ones(2), "2\\^lists"), (np.array([1.0, 0, 1, 1]), "every")],
)
def test_odds_ratios_refuse_what_is_no_table(expected, words):
    with pytest.raises(ValueError, match=words):
        highest_odds_ratio(expected)


@pytest.mark.parametrize("xi", [0.0, -1.0, np.inf, np.nan])
def test_a_factor_that_is_none_is_refused(xi):
    told = Likelihood(10, np.arange(10.0, 20.0), np.zeros(10))
    for call in (lambda: scaled(told, xi), lambda: missed_at(np.array([0.5]), xi)):
        with pytest.raises(ValueError, match="odds ratio"):
            call()


@pytest.mark.parametrize("xi", [0.5, 0.67, 1.5, 2.0])
def test_scaled_is_what_the_odds_of_each_draw_give(xi):
    rng = np.random.default_rng(3)
    n, missed = 4000, rng.beta(60.0, 40.0, 3000)
    told = Likelihood(n, count := grid(n, 40_000), unseen_likelihood(n, missed, count))
    exact = Likelihood(n, far := grid(n, 80_000), unseen_likelihood(n, missed_at(missed, xi), far))
    at = np.array([0.05, 0.5, 0.95])
    unseen, right = scaled(told, xi).quantile(at) - n, exact.quantile(at) - n
    assert unseen == pytest.approx(right, rel=0.01)
    assert unseen == pytest.approx(xi * (told.quantile(at) - n), rel=1e-9)


def test_factor_of_one_changes_nothing():
    told = Likelihood(10, np.arange(10.0, 90.0), -np.arange(80.0) / 9)
    assert scaled(told, 1.0).log_posterior() == pytest.approx(told.log_posterior())


def test_every_row_of_the_table_is_there(kosovo_graphs):
    table = kosovo_graphs.table
    kinds = table["kind"].value_counts()
    assert list(table.columns) == ["change", "kind", "low", "median", "high", "ratio", "fault"]
    assert set(kinds.index) == set(KINDS) - {"classes"}
    assert (kinds["without a list"], kinds["lists merged"], kinds["departure"]) == (4, 6, 4)
    assert table["ratio"].iloc[0] == 1.0
    told = table[table["fault"] == ""]
    assert (told["low"] <= told["median"]).all()
    assert (told["median"] <= told["high"]).all()


def test_main_row_is_the_fit_and_departures_scale_its_unseen(kosovo_graphs):
    low, median, high = fit_lists(captures_of(KOSOVO), "decomposable graphs").interval()
    main = row(kosovo_graphs, "as it stands")
    assert (main["low"], main["median"], main["high"]) == (low, median, high)
    doubled = row(kosovo_graphs, "xi = 2")
    assert doubled["median"] - 4400 == pytest.approx(2 * (median - 4400))
    assert row(kosovo_graphs, "N / n between 1.5 and 4")["high"] < high


def test_row_without_a_list_is_the_fit_without_it(kosovo_graphs):
    fit = fit_lists(captures_of(KOSOVO).without("B"), "decomposable graphs")
    assert row(kosovo_graphs, "without B")["median"] == fit.interval()[1]
    merged = fit_lists(captures_of(KOSOVO).merged("AC", "x"), "decomposable graphs")
    assert row(kosovo_graphs, "A and C")["median"] == merged.interval()[1]


def test_graph_of_all_edges_is_called_by_its_name(kosovo_graphs):
    """Without HRW that graph has nearly all probability, and the median is n: no finding."""
    alone = row(kosovo_graphs, "without D")
    assert alone["median"] < 4200
    assert "the prior alone gives the number" in alone["fault"]
    assert "without D" not in kosovo_graphs.printable["change"].tolist()
    assert row(kosovo_graphs, "without the graph of all edges")["fault"] == ""


def test_sentences_leave_rows_with_faults_out(kosovo_graphs):
    said, table = kosovo_graphs.describe(), kosovo_graphs.table
    assert f"{(table['fault'] != '').sum()} rows have a fault" in said
    assert "farthest: without B, 0.57 times" in said
    assert "departure" in kosovo_graphs.by_kind().index
    assert "main" not in kosovo_graphs.by_kind().index
    assert "<table" in kosovo_graphs._repr_html_()
    assert "departure" in str(kosovo_graphs)


def test_no_number_is_told_where_the_main_fit_has_a_fault():
    captures = captures_of(KOSOVO).without("D")
    made = lists_sensitivity(captures, "decomposable graphs", jobs=1, progress=False)
    assert "the prior alone gives the number" in made.main_fault
    assert "The fit itself gives no number that may be printed." in made.describe()
    assert "people; it is" not in made.describe()


def test_too_few_lists_stand_in_their_rows():
    made = lists_sensitivity(
        captures_of(SPINA), "no highest interaction", jobs=1, progress=False
    ).table
    less = made[made["kind"].isin(["without a list", "lists merged"])]
    assert len(less) == 6
    assert less["median"].isna().all()
    assert less["fault"].str.contains("needs 3 lists").all()


def test_two_lists_without_one_are_a_fault_and_no_exception():
    captures = Captures.of({("A",): 50, ("B",): 40, ("A", "B"): 20})
    made = lists_sensitivity(captures, "independence", jobs=1, progress=False)
    assert "1 list" in row(made, "without A")["fault"]
    assert row(made, "as it stands")["median"] == pytest.approx(210, abs=15)


def test_jobs_do_not_change_the_table():
    given = {"captures": captures_of(SPINA), "assumption": "independence", "progress": False}
    one, two = (lists_sensitivity(**given, jobs=jobs).table for jobs in (1, 2))
    assert one.equals(two)


def test_classes_are_changed_for_latent_classes_only():
    captures = captures_of(KOSOVO)
    tried = [one.classes for one in refits(captures, "latent classes", 10) if "most" in one.change]
    assert tried == [5, 15, 20]
    assert not [one for one in refits(captures, "independence", 10) if one.kind == "classes"]


def test_many_lists_are_merged_where_they_overlap_only():
    captures = Captures.of({tuple("ABC"): 3, tuple("DE"): 2, ("F",): 1}, lists="ABCDEF")
    pairs = [one.merged for one in refits(captures, "independence", 10) if one.merged]
    assert pairs == [("A", "B"), ("A", "C"), ("B", "C"), ("D", "E")]


def test_unknown_assumption_is_refused():
    with pytest.raises(ValueError, match="no assumption"):
        lists_sensitivity(captures_of(SPINA), "independent", progress=False)
    with pytest.raises(ValueError, match="no method"):
        checked(["Chow"])


@pytest.mark.parametrize("method", METHODS)
def test_attempts_never_raise(method):
    few = Captures.of({("A",): 1}, lists="AB")
    made = attempt(few, method, (0.5, 0.9))
    assert len(made.ends) == 2
    assert made.n == 1
    assert why_not(method, 1)


def test_what_a_fit_warns_of_is_a_fault(monkeypatch):
    def warned(captures, *args, **given):
        warnings.warn("The chains missed a mode.", UserWarning, stacklevel=1)
        return fit_lists(captures, "independence")

    monkeypatch.setattr("estimators.inference.lists.attempts.fit_lists", warned)
    made = attempt(captures_of(KOSOVO), "latent classes")
    assert made.fault == "The chains missed a mode."
    assert made.median > 4400


def test_what_a_fit_raises_is_a_fault(monkeypatch):
    def raised(*args, **given):
        raise RuntimeError("the sampler\nstopped")

    monkeypatch.setattr("estimators.inference.lists.attempts.fit_lists", raised)
    made = attempt(captures_of(KOSOVO), "latent classes", (0.5, 0.9))
    assert (made.n, made.fault) == (4400, "the sampler stopped")
    assert np.isnan(np.array(made.ends)).all()


def test_wider_levels_hold_narrower_ones():
    made = attempt(captures_of(KOSOVO), "lowest BIC", (0.5, 0.9))
    (low, high), (lower, higher) = made.ends
    assert lower < low < made.median < high < higher
    assert made.median == pytest.approx(10_356.52, abs=0.01)


def test_hidden_ceiling_is_shown(read_table):
    """Up to 6 n another program gives 11,767 (9,880 to 14,207), up to 31 n 23,016."""
    folder()
    table = read_table("UKdat_5")
    counts = dict(zip(table.history.tolist(), table.count.tolist(), strict=True))
    made = lists_sensitivity(
        captures_of(counts), "decomposable graphs", level=0.95, jobs=1, progress=False
    )
    six = row(made, "no more than 6 n")
    assert six["median"] == pytest.approx(11_767, rel=0.01)
    assert (six["low"], six["high"]) == (
        pytest.approx(9_880, rel=0.01),
        pytest.approx(14_207, rel=0.01),
    )
    assert "hides it" in six["fault"]
    assert row(made, "as it stands")["median"] == pytest.approx(23_000, rel=0.03)
