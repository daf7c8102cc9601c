"""Design of lists: what is simulated, summed up and compared."""

import numpy as np
import pandas as pd
import pytest

from estimators.inference.lists.design import LEVELS, WHOLE, Design, design
from estimators.models.lists.simulate import Plan, simulate_lists

SHARES = {"A": 0.4, "B": 0.3, "C": 0.3}
PLAN = Plan(600, SHARES | {"D": 0.4})
METHODS = ("independence", "Chao")


@pytest.fixture(scope="module")
def made():
    return design(
        PLAN, methods=METHODS, fits=60, seed=5, without=["D", "A"], jobs=1, progress=False
    )


def runs_of(median, low, high, fault=""):
    rows = {
        "simulation": range(len(median)),
        "without": WHOLE,
        "lists": 3,
        "method": "independence",
    }
    ends = {f"{end}_{100 * level:.0f}": value for level in LEVELS
            for end, value in (("low", low), ("high", high))}  # fmt: skip
    return pd.DataFrame(rows | {"n": 50, "median": median, **ends, "fault": fault})


def test_table_by_hand():
    nan = float("nan")
    runs = runs_of([80.0, 125.0, 300.0, nan], [50, 110, 200, nan], [200, 220, 800, nan])
    runs["fault"] = ["", "", "chains", "none"]
    row = Design(Plan(100, SHARES), runs).table.iloc[0]
    assert (row["fits"], row["refused"], row["coverage"]) == (4, 0.5, 0.5)
    assert row["bias"] == pytest.approx(np.log(0.8 * 1.25) / 2, abs=1e-12)
    assert row["bias_percent"] == pytest.approx(0.0, abs=1e-9)
    assert row["width"] == pytest.approx(np.sqrt(4.0 * 2.0))
    assert row["rmse"] == pytest.approx(np.sqrt((20**2 + 25**2) / 2))
    assert row["log_rmse"] == pytest.approx(np.log(1.25))
    assert row["coverage_error"] == pytest.approx(np.sqrt(0.25 / 2))


def test_nothing_printable_leaves_no_numbers():
    plan = Plan(100, {"A": 0.4, "B": 0.3})
    found = design(plan, methods=["decomposable graphs"], fits=2, jobs=1, progress=False)
    row = found.table.iloc[0]
    assert row["refused"] == 1.0
    assert np.isnan(row["coverage"])
    assert "never a number" in found.describe()
    assert found.runs["fault"].str.contains("needs 3 lists").all()


def test_coverage_is_as_stated_where_the_model_holds(made):
    """60 simulations: 90 % within four standard errors; the bias is less than 3 %."""
    row = made.table.query("method == 'independence' and without == ''").iloc[0]
    assert row["coverage"] >= 0.9 - 4 * np.sqrt(0.09 / 60)
    assert abs(row["bias_percent"]) < 3.0
    half = made.at(0.5).query("method == 'independence' and without == ''").iloc[0]
    assert abs(half["coverage"] - 0.5) < 4 * np.sqrt(0.25 / 60)
    assert half["width"] < row["width"]


def test_a_list_more_makes_intervals_narrower(made):
    beside = made.compare("D")
    assert list(beside.index) == list(METHODS)
    width = beside["width"]
    assert (width["with D"] < width["without D"]).all()
    error = beside["log_rmse"].loc["independence"]
    assert error["with D"] < error["without D"]
    with pytest.raises(ValueError, match="without=\\['B'\\]"):
        made.compare("B")


def test_left_out_lists_are_of_the_same_people(made):
    one = np.random.SeedSequence(5).spawn(60)[0]
    captures = simulate_lists(PLAN, np.random.default_rng(one))
    first = made.runs[made.runs["simulation"] == 0].groupby("without", sort=False)["n"].first()
    assert first.to_dict() == {
        "": captures.n, "D": captures.without("D").n, "A": captures.without("A").n,
    }  # fmt: skip
    assert set(made.runs.query("without == 'D'")["lists"]) == {3}


def test_seed_and_nothing_else_decides():
    given = {"methods": ("independence", "Chao"), "fits": 4, "progress": False}
    one, two = (design(PLAN, **given, seed=3, jobs=jobs).runs for jobs in (1, 2))
    assert one.equals(two)
    assert not one.equals(design(PLAN, **given, seed=4, jobs=1).runs)
    longer = design(PLAN, methods=("independence", "Chao"), fits=6, seed=3, jobs=1, progress=False)
    assert longer.runs.iloc[: len(one)].equals(one)


def test_chao_stays_below_the_truth_where_people_differ():
    plan = Plan(2000, dict.fromkeys("ABCD", 0.2), heterogeneity=1.5)
    found = design(plan, methods=("independence", "Chao"), fits=10, seed=1, jobs=1, progress=False)
    bias = found.table.set_index("method")["bias_percent"]
    assert bias["independence"] < bias["Chao"] < 0.0


def test_what_cannot_be_is_refused(made):
    with pytest.raises(ValueError, match="no method"):
        design(PLAN, methods=["Chow"], progress=False)
    with pytest.raises(ValueError, match="lists of the plan"):
        design(PLAN, without=["E"], progress=False)
    with pytest.raises(ValueError, match="1 simulation"):
        design(PLAN, fits=0, progress=False)
    with pytest.raises(ValueError, match="kept at"):
        made.at(0.99)


def test_text_names_plan_and_methods(made):
    assert "600 people on A, B, C, D" in str(made)
    assert "independence on all lists but D" in made.describe()
    assert "<table" in made._repr_html_()
