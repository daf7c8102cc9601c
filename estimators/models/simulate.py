"""What an origin would print given its belief: the random side of each law of `kernels`.

Written apart from the log probabilities on purpose, so that a test can hold the two together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from estimators.models import kernels

type Array = npt.NDArray[Any]
type Rng = np.random.Generator

_FARTHEST = 30.0


def point(
    rng: Rng, belief: Array, is_share: Array, method: Array, sigma: Array, slack: Array, sign: Array
) -> Array:
    """Return numbers printed around the belief."""
    error = kernels.LOGISTIC_SCALE * sigma * rng.logistic(size=np.shape(belief))
    return print_number(rng, belief + error, is_share, method)


def nearly(
    rng: Rng, belief: Array, is_share: Array, method: Array, sigma: Array, slack: Array, sign: Array
) -> Array:
    """Return numbers printed with 'nearly': a little above the belief."""
    shift = rng.choice(kernels.NEARLY_SHIFTS, size=np.shape(belief))
    return point(rng, belief + shift, is_share, method, sigma, slack, sign)


def bound(
    rng: Rng, belief: Array, is_share: Array, method: Array, sigma: Array, slack: Array, sign: Array
) -> Array:
    """Return numbers printed as floors (sign +1, below the belief) or ceilings (sign -1)."""
    shape = np.shape(belief)
    gap = sigma * rng.standard_normal(shape) + slack * rng.standard_exponential(shape)
    return print_number(rng, belief - sign * gap, is_share, method)


def between(rng: Rng, belief: Array, sigma: Array, half: Array, origin: Array) -> Array:
    """Return middles of pairs, on the lattice in which the pair is printed."""
    said = belief + sigma * rng.standard_normal(np.shape(belief))
    return origin + 2.0 * half * np.round((said - origin) / (2.0 * half))


def word(rng: Rng, belief: Array) -> Array:
    """Return places on the ladder of words."""
    z = (np.asarray(belief)[..., None] - kernels.WORD_MEDIANS) / kernels.WORD_SDS
    odds = -0.5 * z**2 - np.log(kernels.WORD_SDS) + rng.gumbel(size=z.shape)
    return np.argmax(odds, axis=-1).astype(float)


def print_number(rng: Rng, said: Array, is_share: Array, method: Array) -> Array:
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
        Place of the method in `kernels.METHODS`.
    """
    chances = np.cumsum(kernels.GRID_WEIGHTS, axis=1)[np.asarray(method, dtype=int)]
    grid = (rng.random((*said.shape, 1)) > chances[..., :-1]).sum(axis=-1)
    held = np.clip(said, -_FARTHEST, _FARTHEST)
    number = np.where(np.asarray(is_share) > 0, 100.0 / (1.0 + np.exp(-held)), np.exp(held))
    decade = 10.0 ** np.floor(np.log10(number) + kernels.FUZZ)
    step = np.maximum(decade * kernels.STEPS[grid], 1.0)
    return np.maximum(np.floor(number / step + 0.5) * step, 1.0)


RANDOM: dict[str, Callable[..., Array]] = {
    "point": point,
    "nearly": nearly,
    "bound": bound,
    "between": between,
    "word": word,
}
