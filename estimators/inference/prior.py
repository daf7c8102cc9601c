"""What was believed of every quantity before any claim was read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from estimators.evidence.study import Study
from estimators.inference.estimate import LEVEL, quantiles
from estimators.models.arrays import DIMS
from estimators.models.assumptions import Assumptions
from estimators.models.choosing import assumptions_of
from estimators.models.joint import Joint


@dataclass(frozen=True, eq=False)
class Prior:
    """Draws of every quantity from the stated ranges and identities alone.

    `tree` holds `count` (dims chain, draw, quantity; in its unit) and `share` (dims chain, draw,
    share_quantity; fractions of one) in its group `prior`.
    """

    study: Study
    tree: xr.DataTree

    def draws_of(self, id: str) -> xr.DataArray:
        """Return the draws of one quantity: dims (chain, draw); in its unit."""
        group = self.tree["prior"]
        if self.study.quantity(id).is_share:
            return 100.0 * group["share"].sel(share_quantity=id, drop=True)
        return group["count"].sel(quantity=id, drop=True)

    def interval(self, id: str, level: float = LEVEL) -> tuple[float, float, float]:
        """Return low, median and high of a quantity, in its unit (percent for a share)."""
        return quantiles(self.draws_of(id).values, level)

    def summary(self, level: float = LEVEL) -> pd.DataFrame:
        """Return a table with one row a quantity: label, low, median, high and unit.

        Parameters
        ----------
        level
            Probability between low and high, with equal tails.
        """
        rows = {
            q.id: (q.label, *self.interval(q.id, level), self.study.unit_of(q.id))
            for q in self.study.quantities
        }
        columns = ["label", "low", "median", "high", "unit"]
        frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
        return frame.rename_axis("quantity")

    def _repr_html_(self) -> str:
        frame = self.summary()
        for column in ("low", "median", "high"):
            frame[column] = [f"{float(f'{number:.2g}'):,.10g}" for number in frame[column]]
        return str(frame.to_html())


def prior(
    study: Study, *, seed: int = 0, draws: int = 4000, assumptions: Assumptions | None = None
) -> Prior:
    """Return the induced prior of every quantity, drawn from ranges and identities alone.

    Parameters
    ----------
    study
        The study; its claims are not looked at.
    seed
        Seed of the draws.
    draws
        How many.
    assumptions
        Only `range_factor` and `share_size` matter; the study's own if not given.
    """
    model = Joint(study, assumptions or assumptions_of(study))
    z = np.random.default_rng(seed).standard_normal((draws, len(model.names)))
    made = model.follow(z, model.data())
    arrays = {
        name: (("chain", "draw", DIMS[name]), made[name][None]) for name in ("count", "share")
    }
    return Prior(study, xr.DataTree.from_dict({"prior": xr.Dataset(arrays, model.coords)}))
