"""Which counts are sampled by the part of them that is told: their unknowns lean on its fraction.

Where readings tell a part well, as counts of the verified do, they know the product of count and
fraction; the count and the fraction they do not know apart. The ridge that this makes is curved,
since a fraction is at most one, and no linear map makes it straight. With the log of the part in
the place of the log of the count it is straight: log count = mean + sd x (unknown) - log fraction.
The map has Jacobian 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse, special

from estimators.models import density, quantiles
from estimators.models.arrays import Data, Structure
from estimators.models.slopes import information_of

type Array = npt.NDArray[np.float64]
type Places = npt.NDArray[np.int64]


def leaning_of(places: Array, s: Structure, d: Data) -> Data:
    """Return data in which counts of which a part is told better than the whole lean on it.

    Parameters
    ----------
    places
        Sampled unknowns at which the readings are weighed: shape (places, unknowns).
    s, d
        The structure and the data of the fit, nothing leaning yet.
    """
    told = np.zeros(len(s.line_fraction))
    for z in places:
        of_count = s.truth_line >= 0
        information = information_of(s, d, density.follow(z, s, d)[0])
        np.add.at(told, s.truth_line[of_count], information[of_count])
    return d._replace(base_leans=_leans(told, s))


def _leans(told: Array, s: Structure) -> Places:
    """Return for each base quantity the fraction of its part that is told best, or -1."""
    only = np.diff(s.member_start) == 1
    leans = np.full(len(s.base_line), -1, dtype=np.int64)
    for i, line in enumerate(s.base_line):
        best = told[line]
        for part in np.flatnonzero(only & (s.line_fraction >= 0) & (s.line_rest == 0)):
            if s.members[s.member_start[part]] == line and told[part] > best:
                best, leans[i] = told[part], s.line_fraction[part]
    return leans


def leant(x: Array, d: Data) -> Array:
    """Return unknowns with those of base quantities leaning as the data say.

    Parameters
    ----------
    x
        Unknowns, nothing leaning: shape (draws, unknowns).
    d
        The data of the fit as it is sampled.
    """
    return _moved(x, d, 1.0)


def upright(x: Array, d: Data) -> Array:
    """Return unknowns with nothing leaning: the way back from `leant`.

    Parameters
    ----------
    x
        Sampled unknowns: shape (draws, unknowns).
    d
        The data of the fit as it was sampled.
    """
    return _moved(x, d, -1.0)


def _moved(x: Array, d: Data, sign: float) -> Array:
    base, fraction = _pairs(d)
    made = x.copy()
    for i, k in zip(base, fraction, strict=True):
        made[:, i] += sign * np.log(_at(x[:, len(d.base_mean) + k], k, d)) / d.base_sd[i]
    return made


def lean_slopes(x: Array, d: Data) -> Any:
    """Return how upright unknowns move with the leaning ones: sparse, (unknowns, unknowns).

    Parameters
    ----------
    x
        One place, nothing leaning.
    d
        The data of the fit as it is sampled.
    """
    base, fraction = _pairs(d)
    own = len(d.base_mean) + fraction
    steep = [
        (1.0 - _at(x[j], k, d)) * d.fraction_sd[k] * quantiles.skewed(x[j], d.fraction_skew[k])[1]
        for j, k in zip(own, fraction, strict=True)
    ]
    turn = sparse.csr_array((-np.array(steep) / d.base_sd[base], (base, own)), shape=(len(x),) * 2)
    return sparse.eye_array(len(x), format="csr") + turn


def _pairs(d: Data) -> tuple[Places, Places]:
    """Return the base quantities that lean, and on which fractions."""
    base = np.flatnonzero(d.base_leans >= 0)
    return base, d.base_leans[base]


def _at(z: Any, fraction: int, d: Data) -> Any:
    """Return a fraction at its standard normal unknown."""
    at = np.vectorize(lambda one: quantiles.skewed(one, d.fraction_skew[fraction])[0])(z)
    return special.expit(d.fraction_mean[fraction] + d.fraction_sd[fraction] * at)
