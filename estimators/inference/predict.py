"""What an estimate predicts for each claim, against what was printed."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from estimators.inference.estimate import Estimate, quantiles
from estimators.models.laws import LADDERS
from estimators.models.printing import from_scale
from estimators.models.reading import CHOICE, NUMBER, Reading

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
        the printed number; in its unit, percent for a share; of a pair its middle, of a word the
        word's median), pit (randomised probability integral transform) and outside.
    """
    rng = np.random.default_rng([estimate.recipe.seed, 1])
    posterior, laws = estimate.tree["posterior"], estimate.compiled.model.laws()
    belief, log_sigma, log_slack = (
        posterior[name].values.reshape(-1, len(laws.readings))
        for name in ("belief", "log_sigma", "log_slack")
    )
    printed = laws.draw(rng, belief, np.exp(log_sigma), np.exp(log_slack), afresh=False)
    rows = {
        reading.id: _row(reading, printed[:, place], rng)
        for place, reading in enumerate(laws.readings)
        if reading.claim is not None and reading.weight > 0
    }
    if not rows:  # a study of lists alone
        return pd.DataFrame(columns=list(_COLUMNS)).astype({"outside": bool}).rename_axis("claim")
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("claim")


_COLUMNS = ("quantity", "said", "low", "high", "pit", "outside")


def _row(
    reading: Reading, drawn: npt.NDArray[np.float64], rng: np.random.Generator
) -> dict[str, Any]:
    low, _, high = quantiles(drawn, LEVEL)
    observed = reading.observed
    below, same = float(np.mean(drawn < observed)), float(np.mean(drawn == observed))
    assert reading.claim is not None
    return {
        "quantity": reading.quantity,
        "said": str(reading.claim.wording),
        "low": _printed(reading, low),
        "high": _printed(reading, high),
        "pit": below + same * float(rng.random()),
        "outside": not low <= observed <= high,
    }


def _printed(reading: Reading, number: float) -> float:
    """Return a predicted thing in its unit, or percent."""
    if reading.kind == CHOICE:
        number = float(LADDERS[int(reading.is_share)][round(number), 0])
    elif reading.kind == NUMBER:
        return number
    return float(from_scale(number, reading.is_share))
