"""How much of an answer is prior: contraction, power-scaling, and what the biases leave open."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Any

import arviz as az
import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from estimators.inference.estimate import LEVEL, Estimate, quantiles
from estimators.inference.prior import prior
from estimators.models.claims import BIAS

type Array = npt.NDArray[np.float64]

# It says on standard error that sensitivities were found, which the table says better.
logging.getLogger("arviz_stats.psense").setLevel(logging.ERROR)

LIMITED = 0.5
NARROWEST = 1.25
FEW_ORIGINS = 3
POWER_SCALED = 0.05
REGISTERS = ("register",)


def prior_part(estimate: Estimate) -> pd.DataFrame:
    """Return one row a quantity: how far the answer is the prior's and how far the claims'.

    Parameters
    ----------
    estimate
        The estimate; the induced prior is drawn under its assumptions, with its seed.

    Returns
    -------
    pandas.DataFrame
        Index: the quantity's id. `prior_low`, `prior_high`, `low`, `high` (90 %; in its unit, or
        percent for shares); `kept`, the sd of the log count (logit share) over its prior sd;
        `prior_sensitivity` and `likelihood_sensitivity`, the power-scaling distances; `bias_r2`,
        the part of the variance that goes with common, class, event and origin errors;
        `prior_limited`; `too_narrow`; and the columns of `Estimate.dependence`.

    Notes
    -----
    Power-scaling weighs the draws by a power of the prior of all unknowns, or of the likelihood,
    and measures the change by the cumulative Jensen-Shannon distance per log2 of the power;
    above .05 counts as sensitive [1]_. Claims fix differences between origins, the priors of
    shared errors fix the level: where their draws explain more than half of the variance of the
    log count, more claims of the same kind would not narrow it, and it is called prior-limited.
    An interval narrower than x/1.25 from three origins or fewer, with no register on it, is
    marked too narrow and gets no sentence.

    References
    ----------
    .. [1] Kallioinen et al. (2024). Statistics and Computing 34, 57.
       doi:10.1007/s11222-023-10366-5
    """
    return _part_of(estimate).copy()


@lru_cache(maxsize=8)  # the same table for each sentence and table of a report
def _part_of(estimate: Estimate) -> pd.DataFrame:
    recipe = estimate.recipe
    before = prior(recipe.study, seed=recipe.seed, assumptions=recipe.assumptions)
    scaled, biases = power_scaled(estimate), _biases(estimate)
    counted = estimate.dependence()
    rows = {}
    for quantity in estimate.study.quantities:
        drawn, earlier = (made.draws_of(quantity.id).values for made in (estimate, before))
        low, _, high = quantiles(drawn, LEVEL)
        first, _, last = quantiles(earlier, LEVEL)
        at = _scale(drawn.ravel(), quantity.is_share)
        r2 = explained(at, biases)
        rows[quantity.id] = {
            "prior_low": first,
            "prior_high": last,
            "low": low,
            "high": high,
            "kept": float(at.std() / _scale(earlier.ravel(), quantity.is_share).std()),
            "prior_sensitivity": float(scaled["prior"][quantity.id]),
            "likelihood_sensitivity": float(scaled["likelihood"][quantity.id]),
            "bias_r2": r2,
            "prior_limited": r2 > LIMITED,
            "too_narrow": is_too_narrow(estimate, quantity.id),
        }
    frame = pd.DataFrame.from_dict(rows, orient="index").rename_axis("quantity")
    return frame.join(counted)


def is_too_narrow(estimate: Estimate, id: str) -> bool:
    """Return whether an interval claims more than three origins without a register can know.

    Parameters
    ----------
    estimate
        The estimate.
    id
        The quantity.
    """
    study = estimate.study
    claims = [claim for claim in study.readings if claim.quantity == id]
    classes = {study.source_by_id[claim.origin].source_class for claim in claims}
    anchored = any(anchor.used and anchor.quantity == id for anchor in study.anchors)
    if anchored or classes & set(REGISTERS) or len({c.origin for c in claims}) > FEW_ORIGINS:
        return False
    if study.by_id[id].is_share:
        return False
    low, _, high = estimate.interval(id)
    return bool(np.sqrt(high / low) < NARROWEST)


def power_scaled(estimate: Estimate) -> pd.DataFrame:
    """Return the power-scaling sensitivity of each quantity to prior and likelihood.

    Parameters
    ----------
    estimate
        The estimate.
    """
    posterior = estimate.tree["posterior"]
    names = {"count": "quantity", "share": "share_quantity"}
    found = []
    for name, dim in names.items():
        if posterior[name].sizes[dim]:
            scale = np.log(posterior[name])
            if name == "share":
                scale = scale - np.log1p(-posterior[name])
            found.append(scale.rename({dim: "of"}))
    scaled = xr.concat(found, dim="of").rename("scale")
    tree = xr.DataTree.from_dict(
        {
            "posterior": scaled.to_dataset(),
            "log_prior": estimate.tree["log_prior"].to_dataset(),
            "log_likelihood": estimate.tree["log_likelihood"].to_dataset(),
        }
    )
    table = az.psense_summary(tree, var_names=["scale"], round_to=6)
    return table.set_axis([str(id) for id in scaled["of"].values], axis=0)


def explained(values: Array, terms: Array) -> float:
    """Return the adjusted share of the variance of draws that goes with other draws (R squared).

    Parameters
    ----------
    values
        Draws: shape (draws,).
    terms
        Draws of the terms: shape (draws, terms).
    """
    n, k = terms.shape
    centred, design = values - values.mean(), terms - terms.mean(axis=0)
    rest = centred - design @ np.linalg.lstsq(design, centred, rcond=None)[0]
    total = float(centred @ centred)
    if total == 0.0 or n <= k + 1:
        return float("nan")
    return max(0.0, 1.0 - float(rest @ rest) / total * (n - 1) / (n - k - 1))


def _biases(estimate: Estimate) -> Array:
    errors = estimate.tree["posterior"]["error"]
    kinds = [str(name).split(" ")[0] in BIAS for name in errors["effect"].values]
    values = errors.values.reshape(-1, errors.shape[-1])[:, kinds]
    return np.asarray(values[:, values.std(axis=0) > 0])


def _scale(draws: Array, is_share: bool) -> Any:
    return np.log(draws / (100.0 - draws)) if is_share else np.log(draws)
