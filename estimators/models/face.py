"""The same model as PyMC knows it: for its prior and posterior predictive draws and its tools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pymc as pm
import pytensor.tensor as pt
from pytensor.gradient import grad_undefined
from pytensor.graph.basic import Apply
from pytensor.graph.op import Op

from estimators.evidence.study import Study
from estimators.models import density
from estimators.models.arrays import DIMS, Data
from estimators.models.assumptions import Assumptions
from estimators.models.choosing import assumptions_of
from estimators.models.joint import Joint
from estimators.models.lists.likelihood import Likelihood as ListsLikelihood

type Array = npt.NDArray[Any]

_SHOWN = ("count", "share", "error", "belief", "log_sigma", "log_slack")


class Follow(Op):
    """What follows from the unknowns: counts, shares, errors, beliefs and parameters of laws."""

    __props__ = ("fit",)

    def __init__(self, model: Joint, data: Data) -> None:
        """Keep the model and the data of the fit."""
        self.fit = id(data)
        self.model, self.data = model, data

    def make_node(self, z: Any) -> Apply:
        """Return the node of these unknowns."""
        return Apply(self, [pt.as_tensor_variable(z)], [pt.dvector(name=name) for name in _SHOWN])

    def perform(self, node: Apply, inputs: Any, outputs: Any) -> None:
        """Compute what follows."""
        made = self.model.follow(np.asarray(inputs[0], dtype=float)[None], self.data)
        for name, output in zip(_SHOWN, outputs, strict=True):
            output[0] = made[name][0]

    def pullback(self, inputs: Any, outputs: Any, cotangents: Any) -> list[Any]:
        """Refuse: the slopes that a sampler needs are those of `Likelihood`."""
        return [grad_undefined(self, 0, inputs[0], "take the gradient of the log density")]


class Likelihood(Op):
    """The log probability of all that was said and its gradient in the unknowns."""

    __props__ = ("fit",)

    def __init__(self, model: Joint, data: Data) -> None:
        """Keep the model and the data of the fit."""
        self.fit = id(data)
        self.model, self.data, self.observed = model, data, model.laws().observed

    def make_node(self, z: Any, observed: Any) -> Apply:
        """Return the node of these unknowns and printed things."""
        given = [pt.as_tensor_variable(z), pt.as_tensor_variable(observed)]
        return Apply(self, given, [pt.dscalar(), pt.dvector()])

    def perform(self, node: Apply, inputs: Any, outputs: Any) -> None:
        """Compute both: the joint density without its prior."""
        z, observed = (np.asarray(given, dtype=float) for given in inputs)
        value, slope = density.density(z, self.model.structure, self._data(observed))
        outputs[0][0] = np.asarray(value + 0.5 * z @ z)
        outputs[1][0] = slope + z

    def pullback(self, inputs: Any, outputs: Any, cotangents: Any) -> list[Any]:
        """Return the slopes of what is computed from the log probability."""
        printed = grad_undefined(self, 1, inputs[1], "what was printed does not move")
        return [cotangents[0] * self(*inputs)[1], printed]

    def _data(self, observed: Array) -> Data:
        """Return the data with these printed things; the study's own are at hand already."""
        if np.array_equal(observed, self.observed):
            return self.data
        return self.model.data(observed=observed)


def model(
    study: Study,
    assumptions: Assumptions | None = None,
    told: Mapping[str, ListsLikelihood] | None = None,
) -> pm.Model:
    """Return the joint model of a study as a PyMC model, for its tools; slower than `estimate`.

    Parameters
    ----------
    study
        What was said.
    assumptions
        Every prior that is a choice; if not given, the defaults with the study's overrides.
    told
        What matched lists say of their counts, by the id of the anchor: `lists_told(study)`.
        Needed where the study uses any.

    Returns
    -------
    pymc.Model
        `z` (dim unknown; standard normal), count (persons), share (fractions of one), error,
        belief, and `said` (dim claim): a printed number, the middle of a pair on the scale of the
        belief, or the place of a word on its ladder.

    Raises
    ------
    ValueError
        If the study uses matched lists and what they say is not given.

    Notes
    -----
    The log density is the compiled one that `estimate` samples. It runs in Python's mode, so that
    sample with `pm.sample(compile_kwargs={"mode": "FAST_COMPILE"})`, draw with the same.
    """
    silent = [a.id for a in study.anchors if a.matched and a.used and a.id not in (told or {})]
    if silent:
        raise ValueError(f"give told=es.lists_told(study): {', '.join(silent)} would be left out")
    made = Joint(study, assumptions or assumptions_of(study), told=told or {})
    laws, data = made.laws(), made.data()
    likelihood = Likelihood(made, data)

    def logp(value: Any, z: Any, *_: Any) -> Any:
        return likelihood(z, value)[0]

    def random(
        _z: Array, belief: Array, sigma: Array, slack: Array, rng: Any = None, size: Any = None
    ) -> Array:
        return laws.draw(rng, belief, np.exp(sigma), np.exp(slack))

    with pm.Model(coords=made.coords) as built:
        z = pm.Normal("z", 0.0, 1.0, dims="unknown")
        shown = dict(zip(_SHOWN, Follow(made, data)(z), strict=True))
        for name in _SHOWN[:4]:
            pm.Deterministic(name, shown[name], dims=DIMS[name])
        pm.CustomDist(
            "said",
            z,
            *(shown[name] for name in ("belief", "log_sigma", "log_slack")),
            logp=logp,
            random=random,
            signature="(u),(c),(c),(c)->(c)",
            observed=np.asarray(laws.observed, dtype=float),
            dims="claim",
        )
    return built
