"""Calibration by simulation: its arithmetic, what it plants, and a few simulations."""

import pickle

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from estimators.evidence.choices import Anchor
from estimators.evidence.claim import Claim, Source
from estimators.evidence.quantity import Quantity, Range
from estimators.evidence.study import Study
from estimators.evidence.when import When
from estimators.evidence.wording import AtLeast, BestEstimate, CouldReach, Exactly, Nearly, OrderOf
from estimators.inference.calibration import BINS, Calibration, bins_of, calibrate, holm, uniformity
from estimators.inference.compute import Draws
from estimators.inference.planted import (
    LADDER_SHIFT,
    LIKELIHOOD,
    STRETCH,
    change_of,
    levels,
    replica_of,
    simulation,
    sound,
    stretched,
    turned,
)
from estimators.models import cells
from estimators.models.choosing import assumptions_of
from estimators.models.joint import Joint
from estimators.publish.figure_calibration import plot_ranks

FEW = Draws(draws=99, tune=150, chains=1)
SAID = (
    Exactly(500),
    AtLeast(400),
    Nearly(600),
    OrderOf("hundreds"),
    BestEstimate(500, 300, 900),
    CouldReach(2000),
)


@pytest.fixture(scope="module")
def study():
    claims = [
        Claim(str(number), "a", said, "m" if number % 2 else "n", When.parse("2024-03"))
        for number, said in enumerate(SAID)
    ]
    return Study(
        title="Tiny",
        question="How many?",
        quantities=(Quantity("a", "Taken", "flow", Range(100, 5000, "stated before")),),
        sources=(Source("m", "M", "media"), Source("n", "N", "ngo")),
        claims=tuple(claims),
        anchors=(Anchor("list", "a", "named", floor=50),),
        name="tiny",
    )


@pytest.fixture(scope="module")
def made(study):
    return calibrate(study, n=3, seed=1, draws=FEW, progress=False, jobs=1)


def flat(n, names=("a",), shift=0):
    """A calibration whose ranks are as even as they can be, then shifted."""
    ranks = np.minimum(np.arange(n) * 100 // n + shift, 99)
    frame = pd.DataFrame(dict.fromkeys(names, ranks))
    return Calibration("even", frame, dict.fromkeys(names, "count"), 99)


def test_uniform_ranks_pass_and_shifted_ones_fail():
    assert flat(200).passed
    assert not flat(200, shift=30).passed
    drawn = np.random.default_rng(1).integers(0, 100, (400, 200))
    p = np.array([uniformity(ranks, 99)[1] for ranks in drawn])
    assert 0.02 < np.mean(p < 0.05) < 0.09


def test_bins_are_of_equal_size():
    assert bins_of(np.arange(100), 99).tolist() == [5] * BINS
    assert [levels(n) for n in (1000, 99, 98, 19)] == [100, 100, 80, 20]


def test_holm_is_monotone_and_no_smaller_than_p():
    p = np.array([0.04, 0.001, 0.5, 0.02, 0.9])
    adjusted = holm(p)
    assert adjusted == pytest.approx([0.12, 0.005, 1.0, 0.08, 1.0])
    assert (np.diff(adjusted[np.argsort(p)]) >= 0).all()
    assert (adjusted >= p).all()


def test_ranks_are_of_every_parameter_and_within_bounds(made, study):
    names = {"a", "origin m", "networks", LIKELIHOOD, "distance of a from its first number"}
    assert names <= set(made.ranks.columns)
    assert len(made.ranks) + made.failed == 3
    assert made.ranks.to_numpy().min() >= 0
    assert made.ranks.to_numpy().max() <= made.n_draws == 99


def test_the_table_has_one_row_a_parameter_the_worst_first(made):
    columns = ["name", "kind", "chi2", "p", "p_holm", "mean", "n", "failed"]
    assert made.table.columns.tolist() == columns
    assert set(made.table["name"]) == set(made.kinds)
    assert made.table["p"].is_monotonic_increasing
    assert made.table["p_holm"].is_monotonic_increasing
    assert "tiny" in str(made)
    assert "<table" in made._repr_html_()


def test_hard_floors_and_tempered_readings_are_left_out_and_named(made, study):
    assert made.left_out == ("5", "list")
    assert "not simulated: 5, list" in str(made)
    full = replica_of(study, assumptions_of(study), sound, full_weight=True)
    assert full.left_out == ("list",)
    assert full.data().weight.tolist() == [1, 1, 1, 1, 1, 1, 0]


def test_the_same_seed_gives_the_same_ranks(made, study):
    again = calibrate(study, n=2, seed=1, draws=FEW, progress=False, jobs=1)
    assert again.ranks.to_numpy().tolist() == made.ranks.to_numpy()[:2].tolist()


def test_another_process_would_give_the_same_ranks(made, study):
    replica = replica_of(study, assumptions_of(study), sound)
    seed = np.random.SeedSequence(1).spawn(1)[0]
    sent = pickle.loads(pickle.dumps((simulation, replica, seed, FEW)))
    assert sent[0](*sent[1:]).ranks.tolist() == made.ranks.to_numpy()[0].tolist()


def test_a_planted_scale_widens_every_law(study):
    data = Joint(study, assumptions_of(study)).data()
    planted = stretched(data)
    assert planted.log_sigma - data.log_sigma == pytest.approx(np.log(STRETCH))
    assert planted.log_slack - data.log_slack == pytest.approx(np.log(STRETCH))
    assert planted.ladders[:, 0].tolist() == data.ladders[:, 0].tolist()
    assert planted.ladders[:, 1] == pytest.approx(STRETCH * data.ladders[:, 1])


def test_a_planted_sign_turns_every_law_that_has_a_direction(study):
    data = Joint(study, assumptions_of(study)).data()
    planted = turned(data)
    assert planted.sign[1] == -data.sign[1]
    assert planted.sign[0] == data.sign[0]
    assert (data.law[2], planted.law[2]) == (cells.NEARLY, cells.POINT)
    assert planted.ladders[:, 0] - data.ladders[:, 0] == pytest.approx(LADDER_SHIFT)
    assert planted.log_sigma[4] == data.log_slack[4] != data.log_sigma[4]
    assert planted.low.tolist() == data.low.tolist()


def test_only_the_fit_has_the_planted_error(study):
    made = replica_of(study, assumptions_of(study), stretched)
    clean = Joint.data(made)
    assert made.data().log_sigma - clean.log_sigma == pytest.approx(np.log(STRETCH))


def test_an_error_that_cannot_be_planted_is_refused(study):
    with pytest.raises(ValueError, match="scale"):
        change_of("scael")
    only = study.only(claim="0")
    with pytest.raises(ValueError, match="direction"):
        calibrate(only, n=1, draws=FEW, planted="sign", jobs=1)
    with pytest.raises(ValueError, match="draws"):
        calibrate(study, n=1, draws=Draws(5, 5, 1), jobs=1)


def test_failed_fits_are_counted(study, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("no start")

    monkeypatch.setattr("estimators.inference.planted.Compiled.sample", fail)
    made = calibrate(study, n=2, draws=FEW, progress=False, jobs=1)
    assert (made.failed, len(made.ranks), made.passed) == (2, 0, False)
    assert made.errors == ("RuntimeError: no start",)
    assert "2 failed" in str(made)


def test_the_rank_plot_shows_at_most_twelve_parameters_the_worst_first():
    names = [f"p{number}" for number in range(15)]
    figure = plot_ranks(flat(200, names))
    assert len([ax for ax in figure.axes if ax.patches]) == 12
    assert "3 more" in figure.get_supxlabel()
    plt.close(figure)
    with pytest.raises(ValueError, match="no ranks"):
        plot_ranks(Calibration("none", pd.DataFrame({"a": []}), {"a": "count"}, 99))
