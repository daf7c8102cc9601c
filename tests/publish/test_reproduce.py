"""A report made again: what is the same, what Monte Carlo error explains, and what differs."""

import json
import re
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from estimators.inference.monte_carlo import sampling_gaps
from estimators.publish import reproduce as module
from estimators.publish.folder import ReportFolder
from estimators.publish.repeated_words import compare_sentence
from estimators.publish.reproduce import Reproduction, compare, differing, distance, reproduce
from estimators.publish.sentences import sentence


@pytest.fixture
def report(report_folder):
    return ReportFolder.read(report_folder)


def rows_of(report, estimate, checks):
    return {(row["what"], row["part"]): row for row in compare(report, estimate, checks)}


def shifted(estimate, factor, mixed=True):
    """Return an estimate whose counts are larger; its draws in an order that mixes, or not."""
    order = np.random.default_rng(6).permutation(401) if mixed else np.arange(401)
    count = estimate.count.copy(data=factor * estimate.count.values[:, order])
    tree = estimate.tree.copy()
    tree["posterior"] = tree["posterior"].to_dataset().assign(count=count)
    return replace(estimate, tree=tree)


@pytest.fixture
def made_again(monkeypatch, make_checks):
    """Let `reproduce` take a ready estimate for what it samples."""

    def ready(estimate):
        monkeypatch.setattr(module, "estimate", lambda study, **recipe: estimate)
        monkeypatch.setattr(module, "check", lambda made: make_checks(made.study))

    return ready


def test_the_same_draws_give_the_same_report(report_folder, estimate, made_again):
    made_again(estimate)
    made = reproduce(report_folder, estimate.study)
    assert made.verdict == "same"
    assert set(made.table["part"]) == {"low", "median", "high", "sentence", "check"}
    assert made.origins.empty
    assert str(made).startswith("same: ")


def test_a_small_shift_is_monte_carlo_error_and_a_large_one_is_not(report, estimate, make_checks):
    checks = make_checks(estimate.study)
    small = rows_of(report, shifted(estimate, 1.01), checks)
    assert small["taken", "median"]["verdict"] == "within Monte Carlo error"
    assert small["taken", "sentence"]["verdict"] in ("same", "within Monte Carlo error")
    large = rows_of(report, shifted(estimate, 3.0), checks)
    assert large["taken", "median"]["verdict"] == "different"
    assert large["taken", "sentence"]["verdict"] == "different"
    assert "allowed" in large["taken", "median"]["why"]


def test_draws_that_do_not_mix_cannot_tell(report, estimate, make_checks):
    found = rows_of(report, shifted(estimate, 1.5, mixed=False), make_checks(estimate.study))
    row = found["taken", "median"]
    assert row["allowed"] > abs(row["again"] - row["recorded"])
    assert row["verdict"] == "different"
    assert "too few effective draws" in row["why"]


def test_other_checks_and_quantities_are_different(report, estimate, make_checks):
    report.results["quantities"]["gone"] = report.results["quantities"].pop("freed")
    found = rows_of(report, estimate, make_checks(estimate.study, "failed"))
    assert found["divergences", "check"]["verdict"] == "different"
    assert found["gone", "quantity"]["why"] == "not in the study"
    assert found["freed", "quantity"]["why"] == "not in the report"


def test_provenance_that_differs_is_listed():
    table = differing({"commit": "a", "python": "3.12"}, {"commit": "b", "python": "3.12"})
    assert table.to_numpy().tolist() == [["commit", "a", "b"]]


def test_the_recipe_is_followed(report_folder, estimate, monkeypatch):
    asked = {}
    monkeypatch.setattr(module, "estimate", lambda study, **recipe: asked.update(recipe))
    module.again(ReportFolder.read(report_folder), estimate.study)
    assert asked["seed"] == estimate.recipe.seed
    assert asked["draws"] == estimate.recipe.draws
    assert asked["assumptions"] == estimate.recipe.assumptions


def test_a_report_without_a_recipe_is_named(report_folder, estimate, tmp_path):
    folder = shutil.copytree(report_folder, tmp_path / "port")
    results = json.loads((folder / "results.json").read_text("utf-8"))
    del results["recipe"]["seed"]
    (folder / "results.json").write_text(json.dumps(results), encoding="utf-8")
    with pytest.raises(ValueError, match="holds no recipe that can be followed"):
        reproduce(folder, estimate.study)


@pytest.mark.parametrize(
    ("number", "printed", "towards", "gap"),
    [
        (296.4, 296.0, "down", 0.0),
        (297.5, 296.0, "down", 0.5),
        (533.4, 533.0, "nearest", 0.0),
        (534.0, 533.0, "nearest", 0.5),
        (917.2, 918.0, "up", 0.0),
        (916.0, 918.0, "up", 1.0),
        (918.5, 918.0, "up", 0.5),
        (0.5, 0.0, "down", 0.5),
    ],
)
def test_what_was_rounded_stands_for_all_that_is_printed_so(number, printed, towards, gap):
    assert distance(number, printed, towards) == pytest.approx(gap)


def test_what_a_refit_says_is_not_compared(estimate, changes):
    said = sentence(estimate, "taken", changes)
    assert "if that fails, it is" in said
    assert compare_sentence(estimate, "taken", said, "same")[0] == "same"
    other = said.replace("reported as", "told as")
    assert compare_sentence(estimate, "taken", other, "same")[0] == "different"
    assert compare_sentence(estimate, "unclaimed", said, "same")[0] == "different"


def test_sentences_on_other_things_than_people_differ_in_numbers_only(estimate, make_estimate):
    taken = replace(estimate.study.by_id["taken"], unit="fishing boats")
    others = tuple(q for q in estimate.study.quantities if q.id != "taken")
    boats = make_estimate(replace(estimate.study, quantities=(taken, *others)))
    said = sentence(boats, "taken")
    assert "fishing boats (90% interval" in said
    drawn = re.sub(r"between [\d,]+ and", "between 1 and", said)
    within = "within Monte Carlo error"
    assert compare_sentence(boats, "taken", drawn, within)[0] == within


def test_gaps_hold_two_fits_of_the_same_posterior():
    rng = np.random.default_rng(5)
    draws = [xr.DataArray(rng.lognormal(6.0, 0.5, (4, 500)), dims=("chain", "draw")) for _ in "12"]
    gaps = sampling_gaps(draws[0])
    for at, gap in zip((0.05, 0.5, 0.95), gaps, strict=True):
        apart = abs(float(np.quantile(draws[0], at) - np.quantile(draws[1], at)))
        assert apart < gap
        assert gap < 0.5 * float(np.quantile(draws[0], at))


def test_the_verdict_of_all_is_the_worst(report, estimate, make_checks):
    rows = [*compare(report, shifted(estimate, 3.0), make_checks(estimate.study))]
    made = Reproduction(pd.DataFrame(rows), differing({}, {}))
    assert made.verdict == "different"
    assert "different" in made._repr_html_()
