"""The port of Radford et al. (2023): both systems of coordinates hold the same posterior."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pytensor.compile.mode import Mode
from scipy import stats

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))
port, levels = __import__("radford_port"), __import__("radford_levels")

pytestmark = pytest.mark.filterwarnings("ignore:PyTensor could not link to a BLAS:UserWarning")
QUICK = Mode(linker="py", optimizer="fast_compile")
MOVED = ("level", "level_raw")  # the unknowns that stand for others in the authors' coordinates
CENTRED = ("trend", "spread")  # non-centred in the authors' coordinates
SOURCES = ("A", "B", "C")


@pytest.fixture(scope="module")
def reports():
    rng = np.random.default_rng(1)
    rows = [
        (int(day), victim, source, category, period, bound, int(rng.integers(1, 900)))
        for victim, category in (("X", "deaths"), ("X", "tanks"), ("Y", "deaths"))
        for source in SOURCES[: 2 + (victim == "Y")]
        for day, period, bound in (
            *((5, "cumulative", "point"), (9, "daily", "min")),
            *((14, "cumulative", "max"), (20, "cumulative", "min")),
        )
    ]
    names = ["day", "victim", "source", "category", "period", "bound", "value"]
    return port.Reports(pd.DataFrame(rows, columns=names))


@pytest.fixture(scope="module")
def models(reports):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(port, "DAYS", 20)
        patch.setattr(port, "KNOTS", 5)
        return port.model(reports, plain=True), port.model(reports, plain=False)


@pytest.fixture(scope="module")
def moved(models, reports):
    """Return a point of the authors' coordinates from one of the others."""
    plain, level = models
    natural = level.compile_fn(
        level.replace_rvs_by_values([level[name] for name in ("effects", "const", "bias")]),
        inputs=level.value_vars,
        on_unused_input="ignore",
        mode=QUICK,
        point_fn=True,
    )

    names = list(plain.initial_point())

    def of(point):
        effects, const, bias = natural(point)
        n, place = len(const), reports.cells["pair"].to_numpy()
        of_const, of_pair = (np.exp(point[f"{name}_scale_log__"]) for name in ("const", "pair"))
        pair, mean = effects[n:-1], effects[-1]
        made = dict(point)
        for name in CENTRED:
            scale = np.exp(point[f"{name}_scale_log__"])
            made[f"{name}_raw"] = (point[name] - point[f"{name}_mean"]) / scale
        made["const_mean"] = mean
        made["const_raw"] = (const - mean) / of_const
        made["pair_raw"] = pair / of_pair
        made["bias_raw"] = (bias - pair[place]) / np.exp(point["bias_scale_log__"])[place]
        return {name: np.asarray(made[name]) for name in names}

    return of


def log_jacobian(moved, point):
    """Return the log of the absolute determinant of the map, which is linear in what it moves."""
    new = ("const_mean", "const_raw", "pair_raw", "bias_raw")
    flat = lambda at: np.concatenate([np.ravel(moved(at)[name]) for name in new])  # noqa: E731
    columns = []
    for name in MOVED:
        for place in range(len(point[name])):
            step = point[name] + (np.arange(len(point[name])) == place)
            columns.append(flat({**point, name: step}) - flat(point))
    scales = [len(point[name]) * point[f"{name}_scale_log__"] for name in CENTRED]
    return np.linalg.slogdet(np.array(columns))[1] - sum(scales)


def test_both_coordinates_hold_the_same_density(models, moved):
    level = models[1]
    rng = np.random.default_rng(2)
    terms = [made.compile_logp(sum=False, mode=QUICK) for made in models]
    gaps = []
    for _ in range(4):
        start = level.initial_point()
        point = {name: rng.normal(0, 0.7, np.shape(value)) for name, value in start.items()}
        theirs, ours = (
            sum(np.sum(term) for term in f(at))
            for f, at in zip(terms, (moved(point), point), strict=True)
        )
        gaps.append(ours - theirs - log_jacobian(moved, point))
    assert np.ptp(gaps) < 1e-7 * abs(ours)


def test_the_basis_adds_up_to_one_and_ends_at_its_last_spline():
    made = port.basis()
    assert made.shape == (152, 365)
    np.testing.assert_allclose(made.sum(axis=0), 1.0)
    assert made[0, 0] == made[-1, -1] == 1.0


def test_the_plain_density_is_that_of_the_formulas(models, reports):
    plain, _ = models
    point = plain.initial_point()
    daily_logp, running_logp = (
        plain.compile_logp(plain[name], mode=QUICK)(point) for name in ("daily", "running")
    )
    table = reports.table
    day = table["day"].to_numpy()
    daily = (table["period"] == "daily").to_numpy()
    value = table["value"].to_numpy()
    poisson = stats.poisson.logpmf(value[daily], 1.0)  # all effects are nought
    odds = 1.0 / (1.0 + day[~daily])  # one loss a day, dispersion one
    running = stats.nbinom.logpmf(value[~daily], 1.0, odds)
    assert daily_logp == pytest.approx(poisson.sum(), abs=0.01)
    assert running_logp == pytest.approx(running.sum(), abs=0.01)
