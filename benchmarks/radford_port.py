"""The model of Radford et al. (2023) in PyMC, in two systems of coordinates.

The model puts a latent daily loss on every series (a category of loss of one country), as a
cubic B-spline on the log scale, and a multiplicative bias on every source of it. Daily reports
are Poisson, running totals negative binomial. `model(reports, plain=True)` is written as the
authors' Stan program is: every effect is its mean plus its scale times a standard normal.
`plain=False` is the same posterior in the coordinates of `radford_levels`, which remove the ridge
between the level of a series and the biases of its sources; trends and dispersions, which many
reports tell, are centred.

References
----------
.. [1] Radford, B. J., Dai, Y., Stoehr, N., Schein, A., Fernandez, M., Sajid, H. (2023).
   Estimating conflict losses and reporting biases. PNAS 120(34), e2307372120.
   https://doi.org/10.1073/pnas.2307372120
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
import pymc as pm
import pytensor.tensor as pt
from pytensor.tensor.variable import TensorVariable
from radford_levels import Levels, levels
from scipy.interpolate import BSpline

DAYS = 365
KNOTS = 150
DEGREE = 3

type Ints = npt.NDArray[np.int64]
type Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Reports:
    """Reports of losses, one row each, with the places of their series, cells and sources.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns day, victim, source, category, period (cumulative or daily), bound (point, min or
        max) and value.
    """

    table: pd.DataFrame

    @cached_property
    def series_of(self) -> tuple[Ints, list[str]]:
        """The place of each row's series, and the names of the series."""
        return places(self.table["category"] + "-" + self.table["victim"])

    @cached_property
    def source_of(self) -> tuple[Ints, list[str]]:
        """The place of each row's source, and the names of the sources."""
        return places(self.table["source"])

    @cached_property
    def cell_of(self) -> tuple[Ints, list[str]]:
        """The place of each row's cell (source and series), and their names."""
        return places(
            self.table["source"] + "-" + self.table["category"] + "-" + self.table["victim"]
        )

    @cached_property
    def pair_of(self) -> tuple[Ints, list[str]]:
        """The place of each row's pair of source and victim, and their names."""
        return places(self.table["source"] + "-" + self.table["victim"])

    @cached_property
    def cells(self) -> pd.DataFrame:
        """Each cell's series, pair, median day of its reports and median log value."""
        rows = self.table.assign(
            cell=self.cell_of[0],
            series=self.series_of[0],
            pair=self.pair_of[0],
            log=np.log(self.table["value"]),
        ).groupby("cell")
        found = rows[["series", "pair"]].first()
        return found.assign(day=rows["day"].median().astype(int), log=rows["log"].median())


def places(names: pd.Series[str]) -> tuple[Ints, list[str]]:
    """Return the place of each name among the sorted names, and those."""
    codes, found = pd.factorize(names, sort=True)
    return np.asarray(codes, dtype=np.int64), [str(name) for name in found]


def basis() -> Floats:
    """Return the B-splines at the days: (152, 365).

    150 knots from day 1 to day 365 at equal distances, the ends repeated; the splines add up to
    one, so that they hold a constant too, as the authors' do.
    """
    days = np.arange(1.0, DAYS + 1)
    inner = np.linspace(1.0, DAYS, KNOTS)
    ends = np.ones(DEGREE)
    knots = np.concatenate([ends, inner, DAYS * ends])
    return np.asarray(BSpline.design_matrix(days, knots, DEGREE).toarray().T)


def model(reports: Reports, plain: bool) -> pm.Model:
    """Return the model of reports.

    Parameters
    ----------
    reports : Reports
        The reports.
    plain : bool
        Whether in the authors' coordinates, or in those without the ridge.

    Returns
    -------
    pymc.Model
        Its `total` is the log of each series' losses of 365 days as a source without bias would
        have reported them, `bias` the log bias of each cell.
    """
    coords = {
        "series": reports.series_of[1],
        "cell": reports.cell_of[1],
        "pair": reports.pair_of[1],
        "source": reports.source_of[1],
    }
    with pm.Model(coords=coords) as made:
        shape = shapes(plain)
        found = offsets(reports, shape) if plain else levels(reports.cells, shape)
        pm.Deterministic("total", found.run[:, -1], dims="series")
        pm.Deterministic("bias", found.bias, dims="cell")
        pm.Deterministic("const", found.const, dims="series")
        observe(reports, shape, found, plain)
    return made


def shapes(plain: bool) -> TensorVariable:
    """Return the log losses a day of each series, without their level: (series, days)."""
    trend = group("trend", "series", centred=not plain)
    scale = pm.HalfNormal("spline_scale", dims="series")
    n = len(pm.modelcontext(None).coords["series"])
    corr = pm.LKJCorr("corr", n=n, eta=2)
    raw = pm.Normal("spline_raw", shape=(n, KNOTS + DEGREE - 1))
    day = np.arange(1, DAYS + 1) / DAYS
    return trend[:, None] * day + pt.dot(pt.dot(scale[:, None] * corr, raw), basis())


def group(name: str, dim: str, centred: bool = False) -> TensorVariable:
    """Return effects of a group: their mean standard normal, their scale half-normal."""
    mean, scale = pm.Normal(f"{name}_mean"), pm.HalfNormal(f"{name}_scale")
    if centred:
        return pm.Normal(name, mean, scale, dims=dim)
    return mean + scale * pm.Normal(f"{name}_raw", dims=dim)


def offsets(reports: Reports, shape: TensorVariable) -> Levels:
    """Return levels and biases as the authors write them."""
    place = reports.cells["pair"].to_numpy()
    const = group("const", "series")
    pair = pm.HalfNormal("pair_scale") * pm.Normal("pair_raw", dims="pair")
    scale = pm.HalfNormal("bias_scale", dims="pair")
    bias = pair[place] + scale[place] * pm.Normal("bias_raw", dims="cell")
    run = const[:, None] + pt.log(pt.cumsum(pt.exp(shape), axis=1))
    return Levels(const, bias, run)


def observe(reports: Reports, shape: TensorVariable, found: Levels, plain: bool) -> None:
    """Add the distribution of what was reported: its log mean is shifted in a range."""
    table, series = reports.table, reports.series_of[0]
    spread = pt.exp(-group("spread", "series", centred=not plain))
    day = table["day"].to_numpy() - 1
    shift = found.bias[reports.cell_of[0]] + shifts(reports)
    daily = (table["period"] == "daily").to_numpy()
    for name, rows in (("daily", np.flatnonzero(daily)), ("running", np.flatnonzero(~daily))):
        at, value = (series[rows], day[rows]), table["value"].to_numpy()[rows]
        if name == "daily":
            mean = pt.exp((found.const[:, None] + shape)[at] + shift[rows])
            pm.Poisson(name, mean, observed=value)
        else:
            mean = pt.exp(found.run[at] + shift[rows])
            pm.NegativeBinomial(name, mu=mean, alpha=spread[at[0]], observed=value)


def shifts(reports: Reports) -> TensorVariable:
    """Return the shift of each row: that of its source for the lower and the upper ends."""
    source, bound = reports.source_of[0], reports.table["bound"].to_numpy()
    low, high = group("low", "source")[source], group("high", "source")[source]
    return low * (bound == "min") + high * (bound == "max")
