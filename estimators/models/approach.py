"""A place that the readings allow: where the first short fit of a study over time begins.

Thousands of readings of a path leave the middle of the prior far outside what is said. Newton's
steps from there, with laws first made wide and then as they are, find a place inside it. It changes
no result: fits begin there, and take their first coordinates from it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from estimators.models import density
from estimators.models.arrays import Data, Structure, spreads_at
from estimators.models.coordinates import factor_of_precision, tune_information
from estimators.models.slopes import information_of, slopes_at

type Array = npt.NDArray[np.float64]

_WIDER = (20.0, 5.0, 2.0, 1.0)
_STEPS = 12
_HALVINGS = 10
_ENOUGH = 1e-3  # rise of the log density, relative to it


def place_of(s: Structure, d: Data) -> Array:
    """Return standard normal unknowns near which the readings lie.

    Parameters
    ----------
    s, d
        The structure and the data of the fit.

    Notes
    -----
    Fisher scoring with halved steps. Spreads stay in the middle of their prior: at a joint mode
    they are nil, or the errors are. Parameters of laws move only once the laws are as they are.
    """
    spreads = spreads_at(s, d)
    z = np.zeros(spreads.stop + len(d.tune_scale))
    known = np.arange(len(z)) < spreads.start
    for wider in _WIDER:
        z = _climbed(z, known, s, d._replace(log_sigma=d.log_sigma + np.log(wider)))
    return _climbed(z, known | (np.arange(len(z)) >= spreads.stop), s, d)


def _climbed(z: Array, free: Array, s: Structure, d: Data) -> Array:
    """Return a place of higher density, as high as a few steps reach."""
    value, slope = density.density(z, s, d)
    for _ in range(_STEPS):
        before = value
        step = _step(z, np.where(free, slope, 0.0), free, s, d)
        for _ in range(_HALVINGS):
            value, slope = density.density(z + step, s, d)
            if value > before:
                break
            step = step / 2.0
        else:
            return z
        z = z + step
        if value - before < _ENOUGH * abs(value):
            break
    return z


def _step(z: Array, slope: Array, free: Array, s: Structure, d: Data) -> Array:
    """Return the step to the mode of the normal approximation."""
    slopes = slopes_at(z, s, d) @ sparse.diags_array(free.astype(float))
    information = sparse.diags_array(information_of(s, d, density.follow(z, s, d)[0]))
    own = sparse.diags_array(1.0 + tune_information(s, d))
    precision = own + slopes.T @ information @ slopes
    return np.asarray(factor_of_precision(precision.tocsc()).solve(slope))
