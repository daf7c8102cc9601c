"""Latent classes as a PyMC model, to stand in a larger one: the compiled density once more."""

from __future__ import annotations

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from estimators.models.lists.latent_tree import ClassPrior
from estimators.models.lists.table import Table


def latent_model(table: Table, classes: int = 10, prior: ClassPrior | None = None) -> pm.Model:
    """Return the model of latent classes with the number of people and concentration integrated.

    Its unknowns are `log_stick` (classes - 1), the logs of e_k = -log(1 - V_k), and `logit_chance`
    (lists, classes). Both are flat: their density stands in the potential `latent_classes`, since
    it is known only as a whole. `missed` is p0 and `share` the shares of the classes. Given p0,
    the number of people under the prior 1/N is n + NegBin(n, 1 - p0), to be drawn afterwards.

    Parameters
    ----------
    table
        The capture histories of one population.
    classes
        How many classes.
    prior
        Of shares and chances.

    Notes
    -----
    log p = sum_c n_c log p_c - n log(1 - p0) + sum_k log e_k
    - (shape + K - 1) log(rate + sum_k e_k) + sum_jk [on log lambda + off log(1 - lambda)],
    up to a constant; doi:10.1111/biom.12502.
    """
    belief = prior or ClassPrior()
    on = table.on.astype(float)
    with pm.Model() as model:
        log_stick = pm.Flat("log_stick", shape=classes - 1)
        logit = pm.Flat("logit_chance", shape=(len(table.lists), classes))
        e = pt.exp(log_stick)
        off = pt.softplus(logit)
        log_share = _log_share(e)
        log_missed = log_share - off.sum(axis=0)
        cells = pt.logsumexp(on @ logit + log_missed[None, :], axis=1)
        pm.Deterministic("missed", pt.exp(log_missed).sum())
        pm.Deterministic("share", pt.exp(log_share))
        seen = pt.sum(pt.exp(log_share) * -pt.expm1(-off.sum(axis=0)))
        believed = log_stick.sum() - (belief.shape + classes - 1) * pt.log(belief.rate + e.sum())
        believed += (belief.on * logit - (belief.on + belief.off) * off).sum()
        read = (table.count.astype(float) * cells).sum() - table.n * pt.log(seen)
        pm.Potential("latent_classes", believed + read)
    return model


def _log_share(e: pt.TensorVariable) -> pt.TensorVariable:
    """Return the logs of the shares that a stick gives: log V_k - sum of e before k."""
    before = pt.concatenate([np.zeros(1), pt.cumsum(e)])
    broken = pt.concatenate([pt.log(-pt.expm1(-e)), np.zeros(1)])
    return broken - before
