"""How wholes fall apart over time and along dimensions: groups of cells, and what shapes them.

Over time the log rate of a cell follows a path of the quantity's own and, with others on the same
clock, a path that they share; by name a random walk, a Gaussian process or a spline. Along
dimensions it is the sum of an effect of each level and one of the cell's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import interpolate, optimize, special, stats

from estimators.evidence.quantity import Breakdown, Dimension, RunningBalance
from estimators.evidence.series import Series
from estimators.evidence.study import Study
from estimators.models.effects import Effect
from estimators.models.ranges import RANGE_WIDTH, TAILS, logit_of
from estimators.models.windows import levels_of

type Array = npt.NDArray[np.float64]
type Places = npt.NDArray[np.int64]
type Row = tuple[tuple[Effect, float], ...]

WALK, PROCESS, SPLINE = "random walk", "gaussian process", "spline"
_PART_OF_SERIES = 8.0  # by default a length scale is this part of the series
_KNOTS_OF_SERIES = 12.0
_BEYOND = 1.5  # how far a Gaussian process's box reaches, in half-widths of the series


@dataclass(frozen=True)
class Shape:
    """A group of cells: the offset of the log of each share, and the errors that move it.

    `is_odds` where each share is the logistic of its own log odds and they need not add up;
    `adds_up` where each row of the basis goes on from that before it.
    """

    name: str
    offset: Array
    basis: tuple[Row, ...]
    is_odds: bool = False
    adds_up: bool = False


@dataclass(frozen=True)
class Cells:
    """Groups of cells as arrays: see `arrays.Structure`."""

    start: Places
    is_odds: Places
    adds_up: Places
    basis_start: Places
    basis_error: Places
    basis_weight: Array
    offset: Array


def shapes_of(study: Study) -> tuple[Shape, ...]:
    """Return the groups of cells of a study: of its series, running balances and breakdowns.

    Parameters
    ----------
    study
        The study.

    Notes
    -----
    A random walk of log rates has steps with an unknown sd, half-normal [1]_; a Gaussian process
    is approximated by sines and cosines on a box, with the spectral density of a squared
    exponential kernel of the stated length [2]_; a spline has cubic basis functions with
    independent coefficients, as in [3]_.

    References
    ----------
    .. [1] Bryant & Graham (2013). Bayesian Analysis 8(3). doi:10.1214/13-BA820
    .. [2] Riutort-Mayol et al. (2023). Statistics and Computing 33. doi:10.1007/s11222-022-10167-2
    .. [3] Radford et al. (2023). doi:10.1073/pnas.2307372120
    """
    return tuple(_shapes(study))


def _shapes(study: Study) -> Iterator[Shape]:
    by_id = {series.id: series for series in study.series}
    stocks = {i.stock for i in study.identities if isinstance(i, RunningBalance)}
    clocked = [q for q in study.quantities if q.series and q.id not in stocks]
    for quantity in clocked:
        series = by_id[quantity.series]
        alone = not series.shared or sum(q.series == series.id for q in clocked) < 2
        yield _over_time(quantity.id, series, alone)
    for identity in study.identities:
        if isinstance(identity, RunningBalance):
            yield _running(identity, study.series_of[identity.stock])
    yield from (_along(breakdown) for breakdown in study.breakdowns)


def _over_time(id: str, series: Series, alone: bool) -> Shape:
    own = _path(series, "path", id)
    rows = (
        own
        if alone
        else [a + b for a, b in zip(own, _path(series, "shock", series.id), strict=True)]
    )
    return Shape(id, np.log(_days(series)), tuple(rows), adds_up=series.path == WALK)


def _days(series: Series) -> Array:
    return np.diff([edge.toordinal() for edge in series.edges]).astype(float)


def _path(series: Series, kind: str, name: str) -> list[Row]:
    """Return the rows of a path's basis, one a cell; those of a random walk add up."""
    spread = f"{'path' if kind == 'path' else 'shocks'} of {name}"
    if series.path == WALK:
        rows = np.diag(np.append(0.0, _strides(series)))
    else:
        rows = _waves(series) if series.path == PROCESS else _bumps(series)
    effects = [Effect(kind, f"{name} {n}", spread, law=series.path) for n in range(rows.shape[1])]
    return [tuple((effects[n], float(row[n])) for n in np.flatnonzero(row)) for row in rows]


def _strides(series: Series) -> Array:
    """Return the square root of each step between cells, in steps of usual length."""
    days = _days(series)
    apart = (days[1:] + days[:-1]) / 2.0
    return np.sqrt(apart / np.median(apart))


def _waves(series: Series) -> Array:
    """Return the basis of a Gaussian process: sines on a box, by their spectral density."""
    days = _days(series)
    middle = np.cumsum(days) - days / 2.0
    half = days.sum() / 2.0
    length = series.length or days.sum() / _PART_OF_SERIES
    box = _BEYOND * half
    number = int(np.ceil(1.75 * _BEYOND * half / length))
    at = np.pi * np.arange(1, number + 1) / (2.0 * box)
    density = np.sqrt(2.0 * np.pi) * length * np.exp(-0.5 * (length * at) ** 2)
    sines = np.sin(np.outer(middle - half + box, at)) / np.sqrt(box)
    return np.asarray(sines * np.sqrt(density))


def _bumps(series: Series) -> Array:
    """Return the basis of cubic splines with evenly spaced knots."""
    days = _days(series)
    middle = np.cumsum(days) - days / 2.0
    apart = series.length or days.sum() / _KNOTS_OF_SERIES
    number = max(int(np.round(days.sum() / apart)), 1)
    inner = np.linspace(0.0, days.sum(), number + 1)
    knots = np.concatenate([np.full(3, 0.0), inner, np.full(3, days.sum())])
    return np.asarray(interpolate.BSpline.design_matrix(middle, knots, 3).toarray())


def _running(balance: RunningBalance, series: Series) -> Shape:
    """Return the share that flows in, cell by cell: a level in its range, and a walk."""
    low, high = logit_of(np.array([balance.inflow_share.low, balance.inflow_share.high]) / 100.0)
    level = Effect(
        "level", balance.inflow, mean=(low + high) / 2.0, size=(high - low) / RANGE_WIDTH
    )
    walk = f"path of {balance.inflow}"
    steps = [
        (Effect("path", f"{balance.inflow} {n}", walk, law=WALK), float(stride))
        for n, stride in enumerate(_strides(series), start=1)
    ]
    rows: list[Row] = [((level, 1.0),), *(((step),) for step in steps)]
    return Shape(balance.id, np.zeros(len(rows)), tuple(rows), is_odds=True, adds_up=True)


def _along(breakdown: Breakdown) -> Shape:
    """Return a breakdown's cells: an effect of each level, and one of each cell."""
    of_level = {
        (dimension.id, level): Effect("margin", f"{breakdown.id} {level}", mean=mean, size=size)
        for dimension in breakdown.dimensions
        for (level, _), (mean, size) in zip(dimension.levels, margins_of(dimension), strict=True)
    }
    rows: list[Row] = []
    for number, levels in enumerate(levels_of(breakdown.dimensions)):
        own = Effect("cell", f"{breakdown.id} {number}", size=breakdown.unevenness)
        uneven = ((own, 1.0),) if breakdown.unevenness and len(breakdown.dimensions) > 1 else ()
        rows.append((*((of_level[level], 1.0) for level in levels), *uneven))
    return Shape(breakdown.id, np.zeros(len(rows)), tuple(rows))


def margins_of(dimension: Dimension) -> tuple[tuple[float, float], ...]:
    """Return mean and sd of the log of each level, so that the shares meet their ranges.

    Parameters
    ----------
    dimension
        Levels with the 5 % and 95 % points of their shares, in percent.

    Notes
    -----
    Shares are logistic-normal; the ranges are met as nearly as independent normals can.
    """
    return _margins(tuple((given.low, given.high) for _, given in dimension.levels))


@lru_cache(maxsize=256)
def _margins(ends: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    wanted = logit_of(np.array(ends) / 100.0)
    n = len(ends)
    at = stats.norm.ppf(stats.qmc.Sobol(n, seed=1).random(2048))

    def gap(x: Array) -> Array:
        shares = special.softmax(x[:n] + np.exp(x[n:]) * at, axis=1)
        got = np.quantile(shares, TAILS, axis=0).T
        return np.asarray((logit_of(got) - wanted).ravel())

    middle = wanted.mean(axis=1)
    sd = np.maximum((wanted[:, 1] - wanted[:, 0]) / RANGE_WIDTH / np.sqrt(2.0), 0.05)
    found = optimize.least_squares(gap, np.append(middle, np.log(sd)), diff_step=1e-3).x
    return tuple(zip(found[:n].tolist(), np.exp(found[n:]).tolist(), strict=True))


def effects_in(shapes: Sequence[Shape]) -> tuple[Effect, ...]:
    """Return the errors that shape cells, each once."""
    rows = (row for shape in shapes for row in shape.basis)
    return tuple(dict.fromkeys(effect for row in rows for effect, _ in row))


def cells_of(shapes: Sequence[Shape], places: dict[Effect, int]) -> Cells:
    """Return groups of cells as arrays.

    Parameters
    ----------
    shapes
        The groups.
    places
        The place of each error among those of the model.
    """
    rows = [row for shape in shapes for row in shape.basis]
    return Cells(
        np.cumsum([0, *(len(shape.basis) for shape in shapes)]),
        np.array([shape.is_odds for shape in shapes], dtype=np.int64),
        np.array([shape.adds_up for shape in shapes], dtype=np.int64),
        np.cumsum([0, *map(len, rows)]),
        np.array([places[effect] for row in rows for effect, _ in row], dtype=np.int64),
        np.array([weight for row in rows for _, weight in row], dtype=float),
        np.concatenate([np.zeros(0), *(shape.offset for shape in shapes)]),
    )
