"""The shrinkage density as the sampler calls it: a C function that reads a table of addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
from numba import types
from nutpie.compile_pymc import CompiledPyMCModel, address_as_void_pointer

from estimators.models.lists import shrinkage
from estimators.models.lists.shrinkage_prior import Arrays, size

type Array = npt.NDArray[Any]

_DOUBLES = types.CPointer(types.double)
_LOGP = types.int64(types.uint64, _DOUBLES, _DOUBLES, _DOUBLES, types.voidptr)
_EXPAND = types.int64(types.uint64, types.uint64, _DOUBLES, _DOUBLES, types.voidptr)
_N_ARRAYS = len(Arrays._fields)


@dataclass(frozen=True)
class _Compiled:
    """A compiled function by its address, and what it reads."""

    address: int
    keep: Any


def sampler_of(arrays: Arrays) -> CompiledPyMCModel:
    """Return a fit as the sampler takes it: its draws are `y`, the unknowns as sampled.

    Chains begin far apart: each with its own guess of the chance to be on no list.

    Parameters
    ----------
    arrays
        What the density reads.
    """
    held = [np.ascontiguousarray(array) for array in arrays]
    table = np.array([[array.ctypes.data, len(array)] for array in held], dtype=np.int64)
    n = size(arrays)
    return CompiledPyMCModel(
        dims={"y": ("unknown",)},
        _transform_adapt_args=None,
        compiled_logp_func=_Compiled(_logp.address, held),
        compiled_expand_func=_Compiled(_expand.address, held),
        initial_point_func=lambda seed: start(arrays, np.random.default_rng(seed)),
        shared_data={},
        shared_var_keys={},
        user_data=table,
        n_expanded=n,
        shape_info=(["y"], [slice(0, n)], [(n,)]),
        logp_func=None,
        expand_func=None,
        _n_dim=n,
        _shapes={"y": (n,)},
        _coords={"unknown": [str(k) for k in range(n)]},
        reparameterized_names=None,
    )


def start(arrays: Arrays, rng: np.random.Generator) -> Array:
    """Return unknowns to begin from: main effects that fit a chance to be on no list, drawn.

    Parameters
    ----------
    arrays
        What the density reads.
    rng
        Random numbers.
    """
    found: Array = 0.3 * rng.standard_normal(size(arrays))
    missed = rng.uniform(0.1, 0.95)
    unseen = arrays.counts.sum() * missed / (1.0 - missed)
    main = arrays.term & (arrays.term - 1) == 0
    found[: len(main)][main] += np.log((arrays.counts[arrays.term[main]] + 0.5) / unseen)
    return found


@numba.njit
def _floats(table: Array, k: int) -> Array:
    return numba.carray(address_as_void_pointer(table[k, 0]), (table[k, 1],), np.float64)


@numba.njit
def _ints(table: Array, k: int) -> Array:
    return numba.carray(address_as_void_pointer(table[k, 0]), (table[k, 1],), np.int64)


@numba.njit
def _arrays(t: Array) -> Arrays:
    """Return the arrays that the table names, in the order of their fields."""
    return Arrays(
        _ints(t, 0),
        _ints(t, 1),
        _floats(t, 2),
        _floats(t, 3),
        _floats(t, 4),
        _floats(t, 5),
        _floats(t, 6),
        _floats(t, 7),
    )


def _kept(version: int) -> tuple[Any, Any, Any]:
    """Return the compiled functions, made once and kept on disk."""

    @numba.cfunc(_LOGP, cache=True, error_model="numpy")
    def logp(n: int, y: Any, slope: Any, value: Any, table: Any) -> int:
        _ = version
        arrays = _arrays(numba.carray(table, (_N_ARRAYS, 2), np.int64))
        found, along = shrinkage.value_and_slope(numba.carray(y, (n,)), arrays)
        numba.carray(slope, (n,))[:] = along
        numba.carray(value, (1,))[0] = found
        return 0 if np.isfinite(found) and np.all(np.isfinite(along)) else 4

    @numba.cfunc(_EXPAND, cache=True)
    def expand(n: int, expanded: int, y: Any, out: Any, table: Any) -> int:
        numba.carray(out, (n,))[:] = numba.carray(y, (n,))
        return 0

    @numba.njit(cache=True, error_model="numpy")
    def followed(y: Array, lists: int, arrays: Arrays) -> tuple[Array, Array]:
        _ = version
        effect = np.empty((len(y), len(arrays.term)))
        missed = np.empty(len(y))
        for i in range(len(y)):
            effect[i] = shrinkage.effects(y[i], arrays)
            missed[i] = shrinkage.missed_of(effect[i], arrays.term, lists)
        return effect, missed

    return logp, expand, followed


_logp, _expand, followed = _kept(shrinkage.VERSION)
