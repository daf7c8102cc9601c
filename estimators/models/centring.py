"""Which errors are unknowns themselves: those that the readings know better than the prior does.

An error may be sampled as its spread times something of unit size, or itself. The first is right
where little is known of it, the second where much is; in between, a power of its spread stays in
its prior and the rest multiplies it [1]_. A heavy-tailed error of which little is known is a
standard normal stretched by its quantile function; one that is well known has its own density.

.. [1] Papaspiliopoulos, Roberts & Skoeld (2007). A general framework for the parametrization of
   hierarchical models. Statistical Science 22(1), 59-73. doi:10.1214/088342307000000014
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

from estimators.models import density, quantiles
from estimators.models.arrays import Data, Structure, errors_at, spreads_at
from estimators.models.slopes import information_of, slopes_at, spread_slopes

type Array = npt.NDArray[np.float64]

STRETCHED = (quantiles.STRETCHED_4, quantiles.STRETCHED_2)
OWN = (quantiles.OWN_4, quantiles.OWN_2)
_MUCH = 0.5  # share of an error's variance that its readings take, all else held
# Information of a law on its location and on the log of its scale, by its tails: normal,
# Student-t(4), Student-t(2).
_NU = np.array([4.0, 4.0, 2.0, 2.0])
_ON_LOCATION = np.append(1.0, (_NU + 1.0) / (_NU + 3.0))
_ON_SCALE = np.append(2.0, 2.0 * _NU / (_NU + 3.0))


def centred(places: Array, known: Array | None, s: Structure, d: Data) -> Data:
    """Return data in which errors that the readings say much of are unknowns themselves.

    Parameters
    ----------
    places
        Standard normal unknowns at which the readings are weighed: shape (places, unknowns).
    known
        Draws of them from a fit like this one; None if there is none.
    s, d
        The structure and the data of the fit, nothing centred yet.

    Notes
    -----
    A heavy-tailed error has its own density where its readings alone would take more than half
    of its variance, since what they fix is its sum with the count. Of a spread that power stays
    in the prior that is the square of the share of the error's variance which all readings took
    in the end. More of it makes a funnel where the spread is not well known itself.
    """
    errors = errors_at(d)
    taken = np.mean([_taken(z, errors, s, d) for z in places], axis=0)
    share = taken if known is None else np.clip(1.0 - known[:, errors].var(axis=0), 0.0, 1.0)
    is_stretched = np.isin(d.error_tails, STRETCHED)
    has_own = is_stretched & (taken > _MUCH)
    free = (d.error_free > 0) & (has_own | ~is_stretched)
    tails = d.error_tails + has_own
    return d._replace(error_tails=tails, error_kept=np.where(free, share**2, 0.0))


def _taken(z: Array, errors: slice, s: Structure, d: Data) -> Array:
    """Return the share of each error's variance that its readings take, all else held."""
    slopes = slopes_at(z, s, d)[:, errors]
    information = information_of(s, d, density.follow(z, s, d)[0])
    found = np.asarray(slopes.multiply(slopes).T @ information)
    return found / (1.0 + found)


def own_scale(spreads: Array, s: Structure, d: Data) -> Array:
    """Return the scale of the prior of each error's unknown: the power of its spread kept in it.

    Parameters
    ----------
    spreads
        The unknowns of the spreads.
    s, d
        The structure and the data of the fit.
    """
    sizes = [quantiles.spread(*pair)[0] for pair in zip(spreads, d.spread_log, strict=True)]
    return np.where(d.error_free > 0, np.append(sizes, 1.0)[s.effect_spread], 1.0) ** d.error_kept


def prior_precision(middle: Array, s: Structure, d: Data) -> Array:
    """Return the precision of the prior of each unknown around a point: 1 unless centred.

    Parameters
    ----------
    middle
        The point.
    s, d
        The structure and the data of the fit.
    """
    found = np.ones(len(middle))
    errors, spreads = errors_at(d), spreads_at(s, d)
    own, is_own = own_scale(middle[spreads], s, d), ~np.isin(d.error_tails, STRETCHED)
    found[errors] = np.where(is_own, _ON_LOCATION[d.error_tails], 1.0) / own**2
    free = d.error_free > 0
    steep = np.append(spread_slopes(middle[spreads], d), 0.0)[s.effect_spread]
    more = (np.where(is_own, _ON_SCALE[d.error_tails], 2.0) * (d.error_kept * steep) ** 2)[free]
    np.add.at(found, spreads.start + s.effect_spread[free], more)
    return found


def sampled_from(z: Array, s: Structure, d: Data) -> Array:
    """Return the unknowns that are sampled from standard normal ones.

    Parameters
    ----------
    z
        Standard normal unknowns: shape (draws, unknowns).
    s, d
        The structure of the fit, and its data as they are sampled.
    """
    errors, spreads = errors_at(d), spreads_at(s, d)
    x = z.copy()
    for i in np.flatnonzero(np.isin(d.error_tails, OWN)):
        k = errors.start + i
        x[:, k] = [quantiles.heavy(at, d.error_tails[i] - 1)[0] for at in x[:, k]]
    for row in x:
        row[errors] *= own_scale(row[spreads], s, d)
    return x


def standard(x: Array, s: Structure, d: Data) -> Array:
    """Return standard normal unknowns from those that were sampled.

    Parameters
    ----------
    x
        Sampled unknowns: shape (draws, unknowns).
    s, d
        The structure of the fit, and its data as they were sampled.
    """
    errors, spreads = errors_at(d), spreads_at(s, d)
    z = x.copy()
    for row in z:
        row[errors] /= own_scale(row[spreads], s, d)
    for tails, nu in ((quantiles.OWN_4, 4.0), (quantiles.OWN_2, 2.0)):
        heavy = errors.start + np.flatnonzero(d.error_tails == tails)
        z[:, heavy] = _normal_place(z[:, heavy], nu)
    return z


def _normal_place(t: Array, nu: float) -> Array:
    """Return the standard normal's place of quantiles of Student-t(4) or (2).

    With u = |t| / sqrt(nu + t^2) the tail beyond t is (1 - u)^2 (2 + u) / 4, or (1 - u) / 2.
    """
    u = np.abs(t) / np.sqrt(nu + t**2)
    short = nu / ((nu + t**2) * (1.0 + u))  # 1 - u, without losing digits
    tail = 0.25 * short**2 * (2.0 + u) if nu == 4.0 else 0.5 * short
    return np.asarray(np.sign(t) * -special.ndtri(tail))
