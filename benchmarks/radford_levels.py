"""Coordinates of the model of Radford et al. (2023) without its ridge.

Reports tell the level of a series times the bias of a source, for each cell of the two, and
nothing else about either: the levels, the biases' means and the mean level of all series are
normal given the levels of the cells and the scales. So the cells' levels are sampled, and the
rest as standard normals that are independent of everything else in the posterior. The joint
density is that of the model, times the Jacobian.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pymc as pm
import pytensor.tensor as pt
from pytensor.tensor.variable import TensorVariable

type Floats = npt.NDArray[np.float64]


class Levels(NamedTuple):
    """Levels, biases and running totals: what the reports are about.

    Parameters
    ----------
    const : TensorVariable
        Level of the log losses a day, per series.
    bias : TensorVariable
        Log bias of each cell.
    run : TensorVariable
        Log of the running totals without bias: (series, days).
    """

    const: TensorVariable
    bias: TensorVariable
    run: TensorVariable


def levels(cells: pd.DataFrame, shape: TensorVariable) -> Levels:
    """Return levels and biases from the cells' levels and standard normals.

    Parameters
    ----------
    cells : pandas.DataFrame
        Each cell's series, pair, median day of its reports and median log value.
    shape : TensorVariable
        Log losses a day without their level: (series, days).

    Returns
    -------
    Levels
        The same as of the authors' coordinates.
    """
    grown = pt.log(pt.cumsum(pt.exp(shape), axis=1))
    share = grown - grown[:, -1:]
    own = cells["log"].to_numpy() + pm.Flat("level", dims="cell", initval=np.zeros(len(cells)))
    own = own - share[cells["series"].to_numpy(), cells["day"].to_numpy() - 1]
    total = gaussian(cells, grown[:, -1], own)
    const = total - grown[:, -1]
    bias = own - total[cells["series"].to_numpy()]
    return Levels(const, bias, total[:, None] + share)


def gaussian(cells: pd.DataFrame, grown: TensorVariable, own: TensorVariable) -> TensorVariable:
    """Return the log totals of the series, and add the density of all levels.

    The rows of the system are the priors: total - grown - mean of const, total + mean of pair -
    level of cell, mean of pair, mean of const, each over its scale.
    """
    n, pairs = (int(cells[name].max()) + 1 for name in ("series", "pair"))
    terms = system(cells, n, pairs)
    said = pt.concatenate([grown, own, np.zeros(pairs + 1)])
    log_scale = scales(cells, n, pairs)
    weighed = terms * pt.exp(-log_scale)[:, None]
    said = said * pt.exp(-log_scale)
    root = pt.linalg.cholesky(pt.dot(weighed.T, weighed))
    best = pt.linalg.cho_solve((root, True), pt.dot(weighed.T, said))
    left = said - pt.dot(weighed, best)
    whole = -0.5 * pt.sum(left**2) - pt.sum(log_scale) - pt.sum(pt.log(pt.diagonal(root)))
    pm.Potential("levels", whole)
    free = pm.Normal("level_raw", shape=terms.shape[1])
    found = best + pt.linalg.solve_triangular(root.T, free, lower=False)
    return pm.Deterministic("effects", found)[:n]


def scales(cells: pd.DataFrame, n: int, pairs: int) -> TensorVariable:
    """Return the log of the scale of each row of the system."""
    const, pair = pm.HalfNormal("const_scale"), pm.HalfNormal("pair_scale")
    bias = pm.HalfNormal("bias_scale", dims="pair")[cells["pair"].to_numpy()]
    rows = [const * np.ones(n), bias, pair * np.ones(pairs), np.ones(1)]
    return pt.log(pt.concatenate(rows))


def system(cells: pd.DataFrame, n: int, pairs: int) -> Floats:
    """Return what each row takes of the unknowns: n totals, means of pairs, mean of const."""
    series, pair = cells["series"].to_numpy(), cells["pair"].to_numpy()
    place = np.arange(len(cells))
    total = np.hstack([np.eye(n), np.zeros((n, pairs)), -np.ones((n, 1))])
    own = np.zeros((len(cells), n + pairs + 1))
    own[place, series], own[place, n + pair] = 1.0, 1.0
    means = np.hstack([np.zeros((pairs + 1, n)), np.eye(pairs + 1)])
    return np.vstack([total, own, means])
