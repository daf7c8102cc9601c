"""The density of pooled strata as the sampler calls it: a C function that reads addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
from numba import types
from nutpie.compile_pymc import CompiledPyMCModel, address_as_void_pointer

from estimators.models.lists import strata_density
from estimators.models.lists.shrinkage_prior import Arrays
from estimators.models.lists.strata import StrataArrays, size, size_shared

type Array = npt.NDArray[Any]

_DOUBLES = types.CPointer(types.double)
_LOGP = types.int64(types.uint64, _DOUBLES, _DOUBLES, _DOUBLES, types.voidptr)
_EXPAND = types.int64(types.uint64, types.uint64, _DOUBLES, _DOUBLES, types.voidptr)
_N_ARRAYS = len(Arrays._fields) + len(StrataArrays._fields) - 1


@dataclass(frozen=True)
class _Compiled:
    """A compiled function by its address, and what it reads."""

    address: int
    keep: Any


def sampler_of(arrays: StrataArrays) -> CompiledPyMCModel:
    """Return a fit of strata as the sampler takes it: its draws are `y`, the unknowns as sampled.

    Chains begin far apart: each with its own guess of the chance to be on no list.

    Parameters
    ----------
    arrays
        What the density reads.
    """
    held = [np.ascontiguousarray(array) for array in (*arrays.shared, *arrays[1:])]
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


def start(arrays: StrataArrays, rng: np.random.Generator) -> Array:
    """Return unknowns to begin from: main effects that fit a chance to be on no list, drawn.

    Parameters
    ----------
    arrays
        What the density reads.
    rng
        Random numbers.
    """
    n_strata, terms = len(arrays.exists), len(arrays.order)
    found: Array = 0.1 * rng.standard_normal(size(arrays))
    counts = arrays.counts.reshape(n_strata, -1)
    missed = rng.uniform(0.1, 0.95)
    unseen = counts.sum() * missed / (1.0 - missed)
    main = arrays.order == 0
    found[:terms][main] += np.log((counts[:, arrays.shared.term[main]].sum(axis=0) + 0.5) / unseen)
    if n_strata > 1:  # effects of strata as those that are shared
        first = size_shared(arrays) + (len(arrays.scale) if arrays.setting[1] else 0)
        own = found[first:][: n_strata * terms]
        own += arrays.centred * np.tile(np.where(main, found[:terms], 0.0), n_strata)
    if len(arrays.history):
        known = counts.sum(axis=1)
        found[-n_strata:] += np.log(known * (1.0 + arrays.many.sum() / known.sum()))
    return found


@numba.njit
def _floats(table: Array, k: int) -> Array:
    return numba.carray(address_as_void_pointer(table[k, 0]), (table[k, 1],), np.float64)


@numba.njit
def _ints(table: Array, k: int) -> Array:
    return numba.carray(address_as_void_pointer(table[k, 0]), (table[k, 1],), np.int64)


@numba.njit
def _shared(t: Array) -> Arrays:
    """Return the prior of what strata share, in the order of its fields."""
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


@numba.njit
def _arrays(t: Array) -> StrataArrays:
    """Return the arrays that the table names, in the order of their fields."""
    return StrataArrays(
        _shared(t),
        _ints(t, 8),
        _floats(t, 9),
        _floats(t, 10),
        _ints(t, 11),
        _floats(t, 12),
        _ints(t, 13),
        _floats(t, 14),
        _ints(t, 15),
        _ints(t, 16),
        _floats(t, 17),
    )


def _kept(version: int) -> tuple[Any, Any, Any]:
    """Return the compiled functions, made once and kept on disk."""

    @numba.cfunc(_LOGP, cache=True, error_model="numpy")
    def logp(n: int, y: Any, slope: Any, value: Any, table: Any) -> int:
        _ = version
        arrays = _arrays(numba.carray(table, (_N_ARRAYS, 2), np.int64))
        found, along = strata_density.value_and_slope(numba.carray(y, (n,)), arrays)
        numba.carray(slope, (n,))[:] = along
        numba.carray(value, (1,))[0] = found
        return 0 if np.isfinite(found) and np.all(np.isfinite(along)) else 4

    @numba.cfunc(_EXPAND, cache=True)
    def expand(n: int, expanded: int, y: Any, out: Any, table: Any) -> int:
        numba.carray(out, (n,))[:] = numba.carray(y, (n,))
        return 0

    @numba.njit(cache=True, error_model="numpy")
    def followed(y: Array, arrays: StrataArrays) -> tuple[Array, Array, Array]:
        _ = version
        n_strata = len(arrays.exists)
        odds = np.empty((len(y), n_strata))
        spread = np.empty((len(y), len(arrays.scale)))
        share = np.empty((len(y), len(arrays.member)))
        for i in range(len(y)):
            theta = strata_density.effects(y[i], arrays)[0]
            chance = strata_density.log_chances(theta, arrays)[0]
            odds[i] = np.exp(chance[:, 0])
            spread[i] = np.exp(strata_density.log_spreads(y[i], arrays))
            if len(arrays.history):
                log_many = y[i, y.shape[1] - n_strata :]
                share[i] = strata_density.shares(chance, log_many, arrays)[1]
        return odds, spread, share

    return logp, expand, followed


_logp, _expand, followed = _kept(strata_density.VERSION)
"""`followed` returns, of each draw, the odds to be on no list by stratum, the spread between
strata of each order of effects, and the share of each stratum in each cell of persons whose
stratum is not known: shapes (draws, strata), (draws, orders) and (draws, members).
"""
