"""What follows from draws, block by block: all lines of all draws do not fit in memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

type Array = npt.NDArray[Any]

_BLOCK = 250  # draws followed at once


def in_blocks(
    follow: Callable[[Array], dict[str, Array]], z: Array, coarse: frozenset[str]
) -> dict[str, Array]:
    """Return what follows from all draws, by name: draws first.

    Parameters
    ----------
    follow
        What follows from a few draws.
    z
        Draws of the unknowns: shape (draws, unknowns).
    coarse
        Names of what is kept to seven digits, to save memory.
    """
    made: dict[str, Array] = {}
    for start in range(0, len(z), _BLOCK):
        part = slice(start, start + _BLOCK)
        for name, values in follow(z[part]).items():
            kind = np.float32 if name in coarse else values.dtype
            whole = made.setdefault(name, np.empty((len(z), *values.shape[1:]), kind))
            whole[part] = values
    return made
