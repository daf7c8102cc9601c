"""A quantity over time: its count at the end of each cell of its series, and what came in each."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from estimators.inference.estimate import LEVEL, Estimate

type Array = npt.NDArray[np.float64]


def over_time(estimate: Estimate, id: str, level: float = LEVEL) -> pd.DataFrame:
    """Return a quantity at the end of each cell of its series, and what came in each cell.

    Parameters
    ----------
    estimate
        The estimate.
    id
        A quantity that runs over time.
    level
        Probability between low and high, with equal tails.

    Returns
    -------
    pandas.DataFrame
        Index: the last day of each cell. Columns low, median and high of the count so far (of a
        stock: on that day), and new_low, new_median and new_high of the cell alone (not of a
        stock). In the unit of the quantity.

    Raises
    ------
    ValueError
        If the quantity does not run over time.
    """
    study = estimate.study
    series = study.series_of.get(study.quantity(id).id)
    if series is None:
        known = ", ".join(study.series_of) or "none in this study"
        raise ValueError(f"{id!r} does not run over time. Those that do: {known}")
    days = [edge - timedelta(days=1) for edge in series.edges[1:]]
    moments = estimate.tree["posterior"]["moment"].sel(moment_of=[f"{id} {day}" for day in days])
    drawn = np.asarray(moments.values.reshape(-1, len(days)), dtype=float)
    found = dict(zip(("low", "median", "high"), _ends(drawn, level), strict=True))
    if study.by_id[id].measure != "stock":
        new = np.diff(drawn, axis=1, prepend=0.0)
        names = ("new_low", "new_median", "new_high")
        found |= dict(zip(names, _ends(new, level), strict=True))
    return pd.DataFrame(found, index=pd.Index(days, name="day"))


def _ends(drawn: Array, level: float) -> Array:
    """Return low, median and high of each column."""
    tail = (1.0 - level) / 2.0
    return np.asarray(np.quantile(drawn, [tail, 0.5, 1.0 - tail], axis=0))
