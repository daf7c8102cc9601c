"""What an estimate predicts for each claim, against what was printed."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from estimators.evidence.claim import Claim
from estimators.inference.estimate import Estimate, quantiles
from estimators.models.joint import ordered_groups
from estimators.models.kernels import WORD_MEDIANS
from estimators.models.wordings import Group

LEVEL = 0.9


def predicted_claims(estimate: Estimate) -> pd.DataFrame:
    """Return one row a reading: what was said against what the estimate predicts would be.

    Parameters
    ----------
    estimate
        The estimate whose posterior predictive is drawn, with a seed derived from its own.

    Returns
    -------
    pandas.DataFrame
        Index: the claim's id. Columns quantity, said, low and high (90 % predictive interval of
        the printed number; persons, or percent for a share; of a pair its middle, of a word the
        word's median), pit (randomised probability integral transform) and outside.
    """
    rng = np.random.default_rng([estimate.recipe.seed, 1])
    beliefs = estimate.tree["posterior"]["belief"]
    rows: dict[str, dict[str, Any]] = {}
    for group in ordered_groups(estimate.study):
        here = beliefs.sel(claim=[claim.id for claim in group.claims]).values
        printed = group.draw(here.reshape(-1, here.shape[-1]), rng)
        for place, claim in enumerate(group.claims):
            observed = group.observed[place]
            rows[claim.id] = _row(estimate, group, claim, observed, printed[:, place], rng)
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("claim")


def _row(
    estimate: Estimate,
    group: Group,
    claim: Claim,
    observed: float,
    drawn: npt.NDArray[np.float64],
    rng: np.random.Generator,
) -> dict[str, Any]:
    low, _, high = quantiles(drawn, LEVEL)
    below, same = float(np.mean(drawn < observed)), float(np.mean(drawn == observed))
    is_share = estimate.study.by_id[claim.quantity].is_share
    return {
        "quantity": claim.quantity,
        "said": str(claim.wording),
        "low": _printed(group.law, low, is_share),
        "high": _printed(group.law, high, is_share),
        "pit": below + same * float(rng.random()),
        "outside": not low <= observed <= high,
    }


def _printed(law: str, number: float, is_share: bool) -> float:
    """Return a predicted thing in persons or percent."""
    if law == "word":
        return float(np.exp(WORD_MEDIANS[round(number)]))
    if law != "between":
        return number
    return 100.0 / (1.0 + np.exp(-number)) if is_share else float(np.exp(number))
