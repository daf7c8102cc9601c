"""The joint density as the sampler calls it: a C function of an address, without Python between.

The arrays of a fit reach it as one table of addresses and sizes, so that the compiled function
is the same for every study and is kept on disk.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
from numba import types
from nutpie.compile_pymc import CompiledPyMCModel, address_as_void_pointer

from estimators.models import density
from estimators.models.arrays import Data, Frame, Structure

type Array = npt.NDArray[Any]

_N_STRUCTURE, _N_DATA, _N_FRAME = (len(kind._fields) for kind in (Structure, Data, Frame))
_AFTER_STRUCTURE, _AFTER_DATA = _N_STRUCTURE, _N_STRUCTURE + _N_DATA
_LOGP = types.int64(
    types.uint64,
    types.CPointer(types.double),
    types.CPointer(types.double),
    types.CPointer(types.double),
    types.voidptr,
)
_EXPAND = types.int64(
    types.uint64,
    types.uint64,
    types.CPointer(types.double),
    types.CPointer(types.double),
    types.voidptr,
)


@dataclass(frozen=True)
class _Compiled:
    """A compiled function by its address, and what it reads."""

    address: int
    keep: Any


def sampler_of(
    structure: Structure, data: Data, frame: Frame, names: Iterable[str]
) -> CompiledPyMCModel:
    """Return a fit as the sampler takes it: its draws are `y`, coordinates of the unknowns.

    Parameters
    ----------
    structure, data, frame
        Of the fit.
    names
        Names of the unknowns.
    """
    arrays = [_plain(array) for array in (*structure, *data, *frame)]
    table = np.array([[a.ctypes.data, *(*a.shape, 0, 0)[:2]] for a in arrays], dtype=np.int64)
    n = len(frame.mode)

    def start(seed: int) -> Array:
        return 0.5 * np.random.default_rng(seed).standard_normal(n)

    return CompiledPyMCModel(
        dims={"y": ("unknown",)},
        _transform_adapt_args=None,
        compiled_logp_func=_Compiled(_logp.address, arrays),
        compiled_expand_func=_Compiled(_expand.address, arrays),
        initial_point_func=start,
        shared_data={},
        shared_var_keys={},
        user_data=table,
        n_expanded=n,
        shape_info=(["y"], [slice(0, n)], [(n,)]),
        logp_func=None,
        expand_func=None,
        _n_dim=n,
        _shapes={"y": (n,)},
        _coords={"unknown": list(names)},
        reparameterized_names=None,
    )


def _plain(array: Any) -> Array:
    """Return an array whose numbers stand side by side; a single number as an array."""
    return np.ascontiguousarray(np.atleast_1d(array))


@numba.njit
def _floats(table: Array, k: int) -> Array:
    pointer = address_as_void_pointer(table[k, 0])
    return numba.carray(pointer, (table[k, 1],), np.float64)


@numba.njit
def _ints(table: Array, k: int) -> Array:
    pointer = address_as_void_pointer(table[k, 0])
    return numba.carray(pointer, (table[k, 1],), np.int64)


@numba.njit
def _floats2(table: Array, k: int) -> Array:
    pointer = address_as_void_pointer(table[k, 0])
    return numba.carray(pointer, (table[k, 1], table[k, 2]), np.float64)


@numba.njit
def _ints2(table: Array, k: int) -> Array:
    pointer = address_as_void_pointer(table[k, 0])
    return numba.carray(pointer, (table[k, 1], table[k, 2]), np.int64)


@numba.njit
def _structure(t: Array) -> Structure:
    """Return the structure whose arrays the table names, in the order of its fields."""
    return Structure(
        _ints(t, 0),
        _ints(t, 1),
        _ints(t, 2),
        _ints(t, 3),
        _ints(t, 4),
        _ints(t, 5),
        _floats(t, 6),
        _ints(t, 7),
        _ints(t, 8),
        _ints(t, 9),
        _ints(t, 10),
        _ints(t, 11),
        _floats(t, 12),
        _ints(t, 13),
        _ints(t, 14),
        _ints(t, 15),
        _ints(t, 16),
        _floats(t, 17),
        _ints(t, 18),
        _ints(t, 19),
        _ints(t, 20),
        _floats(t, 21),
        _ints2(t, 22),
        _ints(t, 23)[0],
    )


@numba.njit
def _data(t: Array) -> Data:
    """Return the data whose arrays the table names, in the order of its fields."""
    return Data(
        _floats(t, _AFTER_STRUCTURE + 0),
        _floats(t, _AFTER_STRUCTURE + 1),
        _floats(t, _AFTER_STRUCTURE + 2),
        _floats(t, _AFTER_STRUCTURE + 3),
        _floats(t, _AFTER_STRUCTURE + 4),
        _floats(t, _AFTER_STRUCTURE + 5),
        _floats(t, _AFTER_STRUCTURE + 6),
        _floats(t, _AFTER_STRUCTURE + 7),
        _ints(t, _AFTER_STRUCTURE + 8),
        _ints(t, _AFTER_STRUCTURE + 9),
        _floats(t, _AFTER_STRUCTURE + 10),
        _floats(t, _AFTER_STRUCTURE + 11),
        _ints(t, _AFTER_STRUCTURE + 12),
        _floats(t, _AFTER_STRUCTURE + 13),
        _floats(t, _AFTER_STRUCTURE + 14),
        _floats(t, _AFTER_STRUCTURE + 15),
        _floats2(t, _AFTER_STRUCTURE + 16),
        _floats2(t, _AFTER_STRUCTURE + 17),
        _floats2(t, _AFTER_STRUCTURE + 18),
        _ints(t, _AFTER_STRUCTURE + 19),
        _floats(t, _AFTER_STRUCTURE + 20),
        _floats(t, _AFTER_STRUCTURE + 21),
        _ints2(t, _AFTER_STRUCTURE + 22),
        _floats(t, _AFTER_STRUCTURE + 23),
        _floats(t, _AFTER_STRUCTURE + 24),
        _floats(t, _AFTER_STRUCTURE + 25),
        _floats2(t, _AFTER_STRUCTURE + 26),
        _floats2(t, _AFTER_STRUCTURE + 27),
        _ints(t, _AFTER_STRUCTURE + 28),
        _floats(t, _AFTER_STRUCTURE + 29),
        _ints(t, _AFTER_STRUCTURE + 30),
        _floats(t, _AFTER_STRUCTURE + 31),
        _floats(t, _AFTER_STRUCTURE + 32),
    )


@numba.njit
def _frame(t: Array) -> Frame:
    """Return the coordinates whose arrays the table names, in the order of its fields."""
    return Frame(
        _floats(t, _AFTER_DATA + 0),
        _ints(t, _AFTER_DATA + 1),
        _ints(t, _AFTER_DATA + 2),
        _ints(t, _AFTER_DATA + 3),
        _floats(t, _AFTER_DATA + 4),
    )


def _kept(version: int) -> tuple[Any, Any]:
    """Return the C functions, compiled once and kept on disk."""

    @numba.cfunc(_LOGP, cache=True, error_model="numpy")
    def logp(n: int, y: Any, slope: Any, value: Any, table: Any) -> int:
        _ = version
        t = numba.carray(table, (_N_ARRAYS, 3), np.int64)
        frame, at = _frame(t), numba.carray(y, (n,))
        found, upwards = density.value_and_slope(
            density.unknowns_at(at, frame), _structure(t), _data(t)
        )
        along = density.slope_at(upwards, frame)
        numba.carray(slope, (n,))[:] = along
        numba.carray(value, (1,))[0] = found
        return 0 if np.isfinite(found) and np.all(np.isfinite(along)) else 4

    @numba.cfunc(_EXPAND, cache=True)
    def expand(n: int, size: int, y: Any, out: Any, table: Any) -> int:
        numba.carray(out, (n,))[:] = numba.carray(y, (n,))
        return 0

    return logp, expand


_N_ARRAYS = _N_STRUCTURE + _N_DATA + _N_FRAME
_logp, _expand = _kept(density.VERSION)
