"""The kernels as PyTensor operations, so that a PyMC model can use and differentiate them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pymc as pm
import pytensor.tensor as pt
from pytensor.gradient import disconnected_type
from pytensor.graph.basic import Apply
from pytensor.graph.op import Op
from pytensor.link.numba.dispatch.basic import register_funcify_default_op_cache_key

from estimators.models import kernels

type Tensor = Any

# Compiled code is cached by this number, so that a change of the kernels is a change of the key.
_VERSION = int(hashlib.sha256(Path(kernels.__file__).read_bytes()).hexdigest()[:12], 16)


class Printed(Op):
    """The cells of printed numbers; see `kernels.cells_of`. Folded away where all is constant."""

    __props__ = ()

    def make_node(self, *inputs: Tensor) -> Apply:
        """Return the node for values, shares and methods."""
        vectors = [pt.as_tensor(given) for given in inputs]
        return Apply(self, vectors, [pt.dmatrix(), pt.dmatrix(), pt.dmatrix()])

    def perform(self, node: Apply, inputs: Any, outputs: Any) -> None:
        """Compute log weights, low ends and high ends."""
        for place, made in enumerate(kernels.cells_of(*inputs)):
            outputs[place][0] = made


class Said(Op):
    """Log probability of printed things under one law, and its slope in the belief.

    Inputs are those of the law's loop in `kernels.LOOPS`; only the belief is differentiated.
    """

    __props__ = ("law", "belief_at")

    def __init__(self, law: str, belief_at: int) -> None:
        self.law = law
        self.belief_at = belief_at

    def make_node(self, *inputs: Tensor) -> Apply:
        """Return the node for these inputs."""
        vectors = [pt.as_tensor(given) for given in inputs]
        kind = vectors[self.belief_at].type
        return Apply(self, vectors, [kind(), kind()])

    def perform(self, node: Apply, inputs: Any, outputs: Any) -> None:
        """Compute both outputs."""
        outputs[0][0], outputs[1][0] = kernels.LOOPS[self.law](*inputs)

    def infer_shape(self, node: Apply, shapes: Any) -> Any:
        """Return the shapes of the outputs: that of the beliefs."""
        return [shapes[self.belief_at], shapes[self.belief_at]]

    def connection_pattern(self, node: Apply) -> list[list[bool]]:
        """Return which outputs depend smoothly on which inputs: the first, on the belief."""
        return [[place == self.belief_at, False] for place in range(len(node.inputs))]

    def pullback(self, inputs: Any, outputs: Any, cotangents: Any) -> list[Tensor]:
        """Return the gradient: the slope times what comes from above."""
        slope = cotangents[0] * outputs[1]
        places = range(len(inputs))
        return [slope if place == self.belief_at else disconnected_type() for place in places]


@register_funcify_default_op_cache_key(Said)
def _compiled(op: Said, node: Any = None, **kwargs: Any) -> tuple[Any, int]:
    return kernels.LOOPS[op.law], _VERSION


class SolveAccount(Op):
    """All counts of an account from own values and factors; see `kernels.solve_account`."""

    __props__ = ()

    def make_node(self, *inputs: Tensor) -> Apply:
        """Return the node for own values, factors, start and members of the lines."""
        vectors = [pt.as_tensor(given) for given in inputs]
        return Apply(self, vectors, [vectors[0].type()])

    def perform(self, node: Apply, inputs: Any, outputs: Any) -> None:
        """Compute the counts."""
        outputs[0][0] = kernels.solve_account(*inputs)

    def infer_shape(self, node: Apply, shapes: Any) -> Any:
        """Return the shape of the counts: that of the own values."""
        return [shapes[0]]

    def connection_pattern(self, node: Apply) -> list[list[bool]]:
        """Return which inputs the counts depend smoothly on: own values and factors."""
        return [[True], [True], [False], [False]]

    def pullback(self, inputs: Any, outputs: Any, cotangents: Any) -> list[Tensor]:
        """Return the gradients, by one pass in reverse order."""
        slopes = AccountSlopes()(outputs[0], cotangents[0], *inputs[1:])
        return [*slopes, disconnected_type(), disconnected_type()]


class AccountSlopes(Op):
    """The gradients of `SolveAccount`; see `kernels.account_slopes`."""

    __props__ = ()

    def make_node(self, *inputs: Tensor) -> Apply:
        """Return the node for counts, gradient in them, factors, start and members."""
        vectors = [pt.as_tensor(given) for given in inputs]
        return Apply(self, vectors, [vectors[0].type(), vectors[0].type()])

    def perform(self, node: Apply, inputs: Any, outputs: Any) -> None:
        """Compute both gradients."""
        outputs[0][0], outputs[1][0] = kernels.account_slopes(*inputs)

    def infer_shape(self, node: Apply, shapes: Any) -> Any:
        """Return the shapes of the gradients: that of the counts."""
        return [shapes[0], shapes[0]]


class MatrixTimes(Op):
    """A constant matrix times a vector; PyTensor's own product takes a minute to compile."""

    __props__ = ()

    def make_node(self, *inputs: Tensor) -> Apply:
        """Return the node for a square matrix, its transpose and a vector."""
        tensors = [pt.as_tensor(given) for given in inputs]
        return Apply(self, tensors, [tensors[2].type()])

    def perform(self, node: Apply, inputs: Any, outputs: Any) -> None:
        """Compute the product."""
        outputs[0][0] = kernels.matrix_times(*inputs)

    def infer_shape(self, node: Apply, shapes: Any) -> Any:
        """Return the shape of the product: that of the vector."""
        return [shapes[2]]

    def connection_pattern(self, node: Apply) -> list[list[bool]]:
        """Return which inputs the product depends smoothly on: the vector."""
        return [[False], [False], [True]]

    def pullback(self, inputs: Any, outputs: Any, cotangents: Any) -> list[Tensor]:
        """Return the gradient: the transpose times what comes from above."""
        slope = self(inputs[1], inputs[0], cotangents[0])
        return [disconnected_type(), disconnected_type(), slope]


@register_funcify_default_op_cache_key(MatrixTimes)
def _compiled_product(op: MatrixTimes, node: Any = None, **kwargs: Any) -> tuple[Any, int]:
    return kernels.matrix_times, _VERSION


@register_funcify_default_op_cache_key(SolveAccount)
def _compiled_account(op: SolveAccount, node: Any = None, **kwargs: Any) -> tuple[Any, int]:
    return kernels.solve_account, _VERSION


@register_funcify_default_op_cache_key(AccountSlopes)
def _compiled_slopes(op: AccountSlopes, node: Any = None, **kwargs: Any) -> tuple[Any, int]:
    return kernels.account_slopes, _VERSION


def fixed(name: str, values: Any, dims: str) -> Tensor:
    """Return data of the PyMC model around it whose values may change, but not its length.

    Parameters
    ----------
    name
        Name of the data.
    values
        A vector.
    dims
        Name of its dimension.
    """
    return pt.specify_shape(pm.Data(name, values, dims=dims), len(values))


def said_logp(law: str, value: Tensor, belief: Tensor, *parameters: Any) -> Tensor:
    """Return the log probability of each printed thing (one entry a claim).

    Parameters
    ----------
    law
        One of the laws of `kernels.LOOPS`.
    value
        What was printed: numbers, the middles of pairs, or places on the ladder of words.
    belief
        What each origin believes: log count or logit share.
    *parameters
        The law's fixed parameters, one entry a claim each.
    """
    if law == "word":
        return Said(law, 1)(pt.cast(value, "int64"), belief)[0]
    if law == "between":
        sigma, half, _ = parameters
        return Said(law, 2)(value - half, value + half, belief, sigma)[0]
    is_share, method, *shape = parameters
    return Said(law, 3)(*Printed()(value, is_share, method), belief, pt.stack(shape, axis=1))[0]
