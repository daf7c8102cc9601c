"""What more origins would add: the interval that 1 to 50 of them give who all say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from estimators.evidence.claim import Claim, Source
from estimators.evidence.quantity import PERSONS, Quantity, Range
from estimators.evidence.study import Study
from estimators.evidence.when import When
from estimators.evidence.wording import About
from estimators.inference.compute import REFIT_ACCEPT, Compiled, Draws
from estimators.inference.estimate import quantiles
from estimators.models.assumptions import Assumptions

CURVE = Draws(1500, 300, 2)
ORIGINS = (1, 2, 3, 5, 9, 15, 25, 50)


@dataclass(frozen=True, eq=False)
class OriginsCurve:
    """How wide the 90 % interval stays as more origins say the same.

    `table` has one row a number of origins: origins, low, median, high and factor, the square
    root of high over low. `unit` says what the number counts.
    """

    table: pd.DataFrame
    said: float
    unit: str = PERSONS

    def _repr_html_(self) -> str:
        return str(self.table.to_html(float_format=lambda number: f"{number:,.3g}"))


def origins_curve(
    assumptions: Assumptions | None = None,
    *,
    said: float = 600.0,
    origins: Sequence[int] = ORIGINS,
    seed: int = 0,
    draws: Draws = CURVE,
    unit: str = PERSONS,
) -> OriginsCurve:
    """Return the interval that 1 to 50 origins give who all say 'about 600', networks apart.

    Parameters
    ----------
    assumptions
        Of the fits; the defaults if not given.
    said
        The number that all say.
    origins
        Numbers of origins.
    seed
        Seed of the sampler.
    draws
        How much to draw in each fit.
    unit
        What the number counts.

    Notes
    -----
    Errors that all origins share do not average out: with independent errors the factor would
    fall towards 1 as one over the square root of their number.
    """
    rows = []
    for n in origins:
        compiled = Compiled.of(_rumours(n, said), assumptions or Assumptions())
        tree = compiled.sample(draws, seed + n, target_accept=REFIT_ACCEPT)
        low, median, high = quantiles(tree["posterior"]["count"].values)
        factor = float(np.sqrt(high / low))
        rows.append({"origins": n, "low": low, "median": median, "high": high, "factor": factor})
    return OriginsCurve(pd.DataFrame(rows), said, unit)


def _rumours(n: int, said: float) -> Study:
    """Return a study of n origins of one class who all say about the same number."""
    wide = Range(said / 40.0, said * 40.0, "Wide, so that the claims decide.")
    day = When(date(2023, 10, 10), date(2023, 10, 10))
    return Study(
        "What more origins add",
        "",
        (Quantity("said", "What all speak of", "flow", wide, access="closed"),),
        tuple(Source(f"o{i}", f"Origin {i}", "media") for i in range(n)),
        tuple(Claim(f"c{i}", "said", About(said), f"o{i}", day) for i in range(n)),
    )
