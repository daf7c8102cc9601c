"""Searches over log-linear models: the best of published tables, and what a search misses."""

import csv
import os
from pathlib import Path

import numpy as np
import pytest

from estimators.evidence.captures import Captures
from estimators.inference.lists.model_search import COLUMNS, search, stepwise
from estimators.models.lists.table import Table

BEST = {
    "kosovo_aggregate": ("[123,14,34]", 10_356.52, 203.0, True),
    "spina": ("[23,1]", 724.12, 76.4, True),
    "HIV": ("[1,2,3,4]", 11_124.58, 117.8, True),
    "brighton_total": ("[12,3,4]", 1_656.45, 115.7, True),
    "Congenital": ("[12,13,45]", 620.47, 200.1, True),
    "UKdat_5": ("[123,25,34]", 25_311.29, 195.9, True),
    "Ned_5": ("[135,12,24,34]", 148_788.76, 219.2, False),  # nobody is on both K and R
}


def read(name):
    folder = Path(os.environ.get("UNDERCOUNT_DATA", "")) / "lists"
    if not os.environ.get("UNDERCOUNT_DATA") or not (folder / f"{name}.csv").is_file():
        pytest.skip(f"no table: set UNDERCOUNT_DATA to the folder that holds lists/{name}.csv")
    with (folder / f"{name}.csv").open() as handle:
        rows = list(csv.DictReader(handle))
    lists = [column for column in rows[0] if column not in ("count", "eth")]
    counts = {}
    for row in rows:
        on = tuple(id for id in lists if row[id] == "1")
        counts[on] = counts.get(on, 0) + int(row["count"])
    return Table.of(Captures.of(counts, lists, name))


def small():
    lists = ("A", "B", "C")
    return Table(lists, np.array([1, 2, 3, 4]), np.array([40, 30, 6, 20]))


@pytest.mark.parametrize("name", BEST)
def test_the_best_model_is_that_of_another_program(name):
    model, count, bic, exists = BEST[name]
    found = search(read(name))
    assert found.complete
    assert found.best.model.name == model
    assert found.best.count == pytest.approx(count, abs=0.006)
    assert found.best.bic == pytest.approx(bic, abs=0.051)
    assert found.best.exists == exists
    assert all(fit.converged for fit in found.fits)


def test_the_table_holds_all_models_and_their_weights():
    frame = search(small()).frame
    assert tuple(frame.columns) == COLUMNS
    assert len(frame) == 8
    assert frame["bic"].is_monotonic_increasing
    assert frame["weight"].sum() == pytest.approx(1.0)
    assert (frame["count"].isna() == ~frame["finite"]).all()
    assert (frame.loc[~frame["finite"], "weight"] == 0.0).all()
    assert not (frame["exists"] & ~frame["finite"]).any()
    finite = frame[frame["finite"]]
    ratio = np.exp((finite["bic"].iloc[0] - finite["bic"].iloc[1]) / 2)
    assert finite["weight"].iloc[1] / finite["weight"].iloc[0] == pytest.approx(ratio)


def test_a_model_without_an_estimate_is_never_best():
    found = search(small())
    assert found.fits[0].model.name == "[12,3]"
    assert not found.fits[0].finite
    assert found.best.model.name == "[1,2,3]"
    assert "539" in found.describe()


def test_where_no_model_gives_an_estimate_the_search_says_so():
    apart = Table(("A", "B"), np.array([1, 2]), np.array([5, 5]))
    with pytest.raises(ValueError, match="no log-linear model gives an estimate"):
        _ = search(apart).best
    with pytest.raises(ValueError, match="no log-linear model gives an estimate"):
        _ = stepwise(apart).best


def test_orders_can_be_capped():
    found = search(read("kosovo_aggregate"), most=2)
    assert len(found.fits) == 64
    assert max(g.bit_count() for fit in found.fits for g in fit.model.generators) == 2
    assert len(search(small(), most=1).fits) == 1


@pytest.mark.parametrize("name", ["kosovo_aggregate", "Congenital", "Ned_5"])
def test_steps_find_the_best_of_these(name):
    found = stepwise(read(name))
    assert not found.complete
    assert found.best.model.name == BEST[name][0]


def test_steps_stop_where_no_neighbour_is_better():
    found = stepwise(read("UKdat"))  # six lists
    assert len({fit.model for fit in found.fits}) == len(found.fits)
    met = {fit.model: fit for fit in found.fits}
    for other in found.best.model.neighbours():
        assert not met[other].finite or met[other].bic >= found.best.bic
