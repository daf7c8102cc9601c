"""The coordinates in which a model is sampled: chosen so that its unknowns are nearly unrelated.

Readings tie the errors that they share to the counts that they speak of: the sum is known well,
the parts are not. In the coordinates of the parts a sampler takes many small steps. The model
itself is not changed: errors of which the readings say much are unknowns themselves (see
`centring`), counts of which they tell a part lean on it (see `leaning`), and what is sampled is a
linear transform, from a normal approximation of the posterior. Its precision is sparse (a reading
touches few unknowns), and so is the triangle it is factored into.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import linalg

from estimators.models import density
from estimators.models.arrays import Data, Frame, State, Structure, spreads_at
from estimators.models.centring import centred, prior_precision, sampled_from
from estimators.models.leaning import lean_slopes, leaning_of, leant
from estimators.models.slopes import information_of, slopes_at

type Array = npt.NDArray[np.float64]

_PLACES = 12  # draws over which the normal approximation is averaged
_TUNE = 0.5
_SMALL = 0.01


def frame_of(
    s: Structure, d: Data, known: Array | None = None, place: Array | None = None
) -> tuple[Frame, Data]:
    """Return the coordinates of a fit, and its data as they are sampled: centred and leaning.

    Parameters
    ----------
    s, d
        The structure and the data of the fit.
    known
        Draws of the standard normal unknowns from a fit like this one: shape (draws, unknowns).
        By default one place stands for them.
    place
        Unknowns where nothing better is known; by default the middle of the prior.

    Notes
    -----
    The precision is that of the prior and of each reading (one over the variance of law and cell
    around the belief), averaged over places of the posterior. The mode would be no such place:
    there errors are nil and spreads, which multiply them, are anything.
    """
    n = spreads_at(s, d).stop + len(d.tune_scale)
    places = (np.zeros(n) if place is None else place)[None]
    if known is not None:
        places = known[:: max(1, len(known) // _PLACES)]
    made = centred(places, known, s, d)
    leaning = leaning_of(places, s, made)
    middle = leant(sampled_from(places if known is None else known, s, made), leaning).mean(axis=0)
    precision = sum(_precision(x, s, made, leaning) for x in sampled_from(places, s, made))
    return _thinned(_factored(middle, (precision / len(places)).tocsc())), leaning


def _precision(x: Array, s: Structure, d: Data, leaning: Data) -> Any:
    """Return the precision of the normal approximation at some unknowns, leant: sparse."""
    state: State = density.follow(x, s, d)[0]
    slopes, information = slopes_at(x, s, d), information_of(s, d, state)
    own = sparse.diags_array(prior_precision(x, s, d) + tune_information(s, d))
    lean = lean_slopes(x, leaning)
    return lean.T @ (own + slopes.T @ sparse.diags_array(information) @ slopes) @ lean


def tune_information(s: Structure, d: Data) -> Array:
    """Return the information on the parameters of laws, about a half a reading; 0 elsewhere.

    Parameters
    ----------
    s, d
        The structure and the data of the fit.
    """
    found = np.zeros(len(d.tune_scale))
    for column in s.tunes.T:
        np.add.at(found, column[column >= 0], d.weight[column >= 0])
    return np.append(np.zeros(spreads_at(s, d).stop), _TUNE * d.tune_scale**2 * found)


def factor_of_precision(precision: Any) -> Any:
    """Return the sparse factor of a precision, in an order with little fill.

    Parameters
    ----------
    precision
        A sparse matrix by columns, symmetric and positive definite.
    """
    return linalg.splu(
        precision,
        permc_spec="MMD_AT_PLUS_A",
        diag_pivot_thresh=0.0,
        options={"SymmetricMode": True},
    )


def _factored(mode: Array, precision: Any) -> Frame:
    """Return the frame of a precision: its sparse Cholesky factor."""
    factor = factor_of_precision(precision)
    order = np.argsort(factor.perm_c)
    if not np.array_equal(factor.perm_c, factor.perm_r):  # pivoted after all: no order then
        order = np.arange(len(mode))
        lower = sparse.csc_array(np.linalg.cholesky(precision.toarray()))
    else:
        lower = sparse.csc_array(factor.L @ sparse.diags_array(np.sqrt(factor.U.diagonal())))
    lower.sort_indices()
    start, rows = lower.indptr.astype(np.int64), lower.indices.astype(np.int64)
    return Frame(mode, order.astype(np.int64), start, rows, np.asarray(lower.data, dtype=float))


def _thinned(frame: Frame) -> Frame:
    """Return the frame without the entries of its triangle that hardly move a coordinate.

    Sds of the unknowns are hardly above one, so an entry is about the sd of what it adds. Much of
    the fill is far below: at 2,000 simulated claims almost half of the entries go, and no sd of the
    normal approximation rises by more than 6 %; at 20,000 four of five entries go.
    """
    columns = np.repeat(np.arange(len(frame.mode)), np.diff(frame.start))
    kept = (np.abs(frame.lower) > _SMALL) | (frame.rows == columns)
    start = np.append(0, np.cumsum(kept))[frame.start]
    return frame._replace(start=start, rows=frame.rows[kept], lower=frame.lower[kept])
