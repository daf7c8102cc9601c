"""Printed numbers: the digits a number is printed with, and the cell that it stands for.

A printed number stands for a cell on each of four grids of digits; its probability is the sum over
the grids on which it lies (Crawford, Weiss & Suchard 2015, arXiv:1405.4265, for a rounding
mechanism with several grids; the weights are judgements).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

type Array = npt.NDArray[np.float64]

# Grids: one digit, half steps of one digit, two digits, all digits; as steps of the decade.
STEPS = np.array([1.0, 0.5, 0.1, 0.0])
N_GRIDS = len(STEPS)
# Chance of each grid by method: row 0 enumeration, row 1 estimate.
METHODS = ("enumeration", "estimate")
GRID_WEIGHTS = np.array([[0.0, 0.0, 0.10, 0.90], [0.45, 0.15, 0.30, 0.10]])
_FUZZ = 1e-9
_DECIMALS = 4  # of a share in percent, at most
_SMALLEST = 0.1  # persons or percent: what is printed as one may be anything below 1.5
_LARGEST_BELIEF = 30.0


def cells_of(value: Array, is_share: Array, method: Array) -> tuple[Array, Array, Array]:
    """Return chance, low end and high end of each printed number's cell on each grid.

    Shapes (numbers, grids), on the scale of the belief; the chance is zero where the
    number does not lie on the grid or the method never prints on it. Cells are asymmetric at
    powers of ten: 1,000 to one digit stands for 950 to 1,500.

    Parameters
    ----------
    value
        Printed numbers: persons, or percent.
    is_share
        1 where the number is a share.
    method
        Place of the method in `METHODS`.
    """
    share = np.asarray(is_share)[:, None] > 0
    printed = np.round(np.asarray(value, dtype=float), _DECIMALS)[:, None]
    decade = 10.0 ** np.floor(np.log10(printed) + _FUZZ)
    places = 10.0 ** np.arange(_DECIMALS)
    printed_so = np.abs(printed * places - np.round(printed * places)) < 1e-6
    finest = np.where(printed_so, 1.0 / places, 0.1**_DECIMALS).max(axis=1, keepdims=True)
    lower_decade = np.where(np.abs(printed - decade) < _FUZZ * decade, decade / 10.0, decade)
    above = np.maximum(decade * STEPS, finest)
    below = np.maximum(lower_decade * STEPS, finest)
    ratio = printed / above
    lies_on = np.abs(ratio - np.round(ratio)) < 1e-6
    weight = np.where(lies_on, GRID_WEIGHTS[np.asarray(method, dtype=int)], 0.0)
    low, high = printed - below / 2.0, printed + above / 2.0
    low = np.where(printed == 1.0, _SMALLEST, low)
    return weight, to_scale(low, share), to_scale(high, share)


def to_scale(number: Any, is_share: Any) -> Array:
    """Return the log of counts, or the logit of shares in percent.

    Parameters
    ----------
    number
        Persons, or percent.
    is_share
        Where the number is a share.
    """
    number, is_share = np.broadcast_arrays(np.asarray(number, dtype=float), is_share)
    share = np.clip(number / 100.0, 1e-6, 1.0 - 1e-6)
    count = np.where(is_share, 1.0, number)
    return np.asarray(np.where(is_share, np.log(share) - np.log1p(-share), np.log(count)))


def from_scale(at: Any, is_share: Any) -> Array:
    """Return persons from logs, or percent from logits.

    Parameters
    ----------
    at
        Places on the scale of the belief.
    is_share
        Where they are shares.
    """
    held = np.clip(at, -_LARGEST_BELIEF, _LARGEST_BELIEF)
    return np.asarray(np.where(is_share, 100.0 / (1.0 + np.exp(-held)), np.exp(held)))


def print_number(rng: np.random.Generator, said: Array, is_share: Array, method: Array) -> Array:
    """Return numbers as printed: rounded to the digits that the speaker knows.

    Parameters
    ----------
    rng
        Random generator.
    said
        The number to say, on the scale of the belief.
    is_share
        1 where it is a share (printed in percent), 0 where it is a count.
    method
        Place of the method in `METHODS`.
    """
    chances = np.cumsum(GRID_WEIGHTS, axis=1)[np.asarray(method, dtype=int)]
    grid = (rng.random((*said.shape, 1)) > chances[..., :-1]).sum(axis=-1)
    number = from_scale(said, np.asarray(is_share) > 0)
    decade = 10.0 ** np.floor(np.log10(number) + _FUZZ)
    step = np.maximum(decade * STEPS[grid], 1.0)
    return np.asarray(np.maximum(np.floor(number / step + 0.5) * step, 1.0))
