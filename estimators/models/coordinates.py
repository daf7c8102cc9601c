"""The coordinates in which a model is sampled: chosen so that its unknowns are nearly unrelated.

Readings tie the errors that they share to the counts that they speak of: the sum is known well,
the parts are not. In the coordinates of the parts a sampler takes many small steps. The model
itself is not changed: a linear transform of standard normal unknowns, from a normal approximation
of the posterior at the prior's middle, is all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pytensor.tensor as pt
from pymc.logprob.transforms import Transform
from scipy import linalg

from estimators.models.kernels import LOOPS, cells_of
from estimators.models.operations import MatrixTimes
from estimators.models.wordings import Group

type Array = npt.NDArray[np.float64]

LARGEST = 600
_STEP = 0.3


class Linear(Transform):
    """The unknowns as a fixed matrix times the coordinates that are sampled."""

    name = "linear"

    def __init__(self, matrix: Array) -> None:
        self.matrix = matrix
        self.matrices = np.ascontiguousarray(matrix), np.ascontiguousarray(matrix.T)
        self.log_jacobian = float(np.linalg.slogdet(matrix)[1])

    def forward(self, value: Any, *inputs: Any) -> Any:
        """Return the coordinates of unknowns."""
        return pt.dot(linalg.inv(self.matrix), value)

    def backward(self, value: Any, *inputs: Any) -> Any:
        """Return the unknowns at coordinates."""
        return MatrixTimes()(*self.matrices, value)

    def log_jac_det(self, value: Any, *inputs: Any) -> Any:
        """Return the log of the volume that one unit of coordinates stands for."""
        return pt.constant(self.log_jacobian)


def whitening(slopes: Array, information: Array) -> Linear | None:
    """Return the transform that makes the unknowns nearly unrelated, or None for large studies.

    Parameters
    ----------
    slopes
        How each reading's belief moves with each standard normal unknown: shape (claims, unknowns).
    information
        The information of each reading on its belief (one over its variance).
    """
    if slopes.shape[1] > LARGEST:
        return None
    precision = np.eye(slopes.shape[1]) + slopes.T @ (information[:, None] * slopes)
    lower = linalg.cholesky(precision, lower=True)
    return Linear(linalg.solve_triangular(lower.T, np.eye(len(precision)), lower=False))


def information_of(groups: Sequence[Group]) -> Array:
    """Return the information of each reading on its belief, in the order of the model.

    Parameters
    ----------
    groups
        The readings grouped by law.

    Notes
    -----
    Minus the mean second derivative of the log probability around its peak.
    """
    return np.concatenate([_information(group) for group in groups])


def _information(group: Group) -> Array:
    grid = np.linspace(-6.0, 16.0, 441)
    size = len(group.claims)
    logp = np.stack([_evaluate(group, np.full(size, belief))[0] for belief in grid])
    peak = grid[np.argmax(logp, axis=0)]
    above, below = (_evaluate(group, peak + step)[1] for step in (_STEP, -_STEP))
    return np.maximum((below - above) / (2.0 * _STEP), 1e-3)


def _evaluate(group: Group, belief: Array) -> tuple[Array, Array]:
    """Return log probability and slope of a group of readings at beliefs."""
    loop, value, parameters = LOOPS[group.law], group.observed, group.parameters
    if group.law == "word":
        made = loop(value.astype(np.int64), belief)
    elif group.law == "between":
        made = loop(value - parameters[1], value + parameters[1], belief, parameters[0])
    else:
        law = np.ascontiguousarray(np.stack(parameters[2:], axis=1))
        made = loop(*cells_of(value, *parameters[:2]), belief, law)
    return made[0], made[1]
