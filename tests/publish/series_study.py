"""A small made-up study over time, with an estimate whose draws are known: nothing is sampled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import xarray as xr

from estimators.evidence.claim import Claim, Source
from estimators.evidence.quantity import Quantity, Range, RunningBalance, Split, SumOf
from estimators.evidence.series import Series
from estimators.evidence.study import Study
from estimators.evidence.when import When
from estimators.evidence.wording import (
    About,
    AtLeast,
    Between,
    Exactly,
    OrderOf,
    UpTo,
    Verified,
    Wording,
)
from estimators.inference.compute import Draws
from estimators.inference.estimate import Estimate, Recipe
from estimators.models.assumptions import Assumptions
from estimators.models.joint import Joint

START = date(2023, 1, 2)
WEEKS = 10
ENDS = {"returned": 900.0, "held": 1500.0, "arrested": 1200.0, "killed": 1800.0, "east": 800.0}
ENDS |= {"west": 1000.0, "both": 2700.0}
STOCKS = ("held",)


def on(day: int) -> When:
    at = START + timedelta(day)
    return When(at, at)


def said(
    id: str,
    wording: Wording,
    last: int,
    origin: str = "post",
    quantity: str = "returned",
    first: int | None = None,
    **more: object,
) -> Claim:
    since = None if first is None else on(first)
    return Claim(id, quantity, wording, origin, on(last), as_of=on(last), since=since, **more)  # type: ignore[arg-type]


def one_of_each() -> tuple[Claim, ...]:
    """A claim of each wording by three sources, a running total, windows, one that is not used."""
    total = (
        said(f"t{n}", Exactly(60 + 20 * n), 3 + n, "office", "killed", method="running total")
        for n in range(60)
    )
    return (
        said("n", Exactly(300), 8),
        said("a", About(350), 15, "watch"),
        said("f", AtLeast(420), 22, "office"),
        said("c", UpTo(700), 29),
        said("r", Between(500, 800), 36, "watch"),
        said("w", OrderOf("hundreds"), 43, "office"),
        said("v", Verified(500), 50, "watch"),
        said("u", Exactly(640), 60, used=False, why_not="Another bridge."),
        said("far", Exactly(90_000), 60, used=False, why_not="Another year."),
        *total,
        said("k", Between(100, 200), 20, "watch", "killed", first=7),
        said("d", Exactly(25), 30, "post", "killed", first=30),
        said("h", About(1400), 40, "post", "held"),
    )


def over_time_study(claims: Sequence[Claim] = (), extra: int = 0) -> Study:
    """A stock with a running balance, a split and a sum, on a clock of ten weeks."""
    given = Range(100, 9000, "the size of the town")
    share = Range(10, 80, "the size of the two halves")
    weeks = Series("weeks", START, START + timedelta(7 * WEEKS - 1), "week")
    quantities = (
        Quantity("held", "Held in the camp", "stock", given, series="weeks"),
        Quantity("returned", "Returned across the bridge", "flow", given, series="weeks"),
        Quantity("arrested", "Arrested", "flow"),
        Quantity("killed", "Killed on the way, by all accounts", "flow", given, series="weeks"),
        Quantity("east", "Killed in the east", "flow"),
        Quantity("west", "Killed in the west", "flow"),
        Quantity("both", "Returned or killed", "flow", SumOf(("returned", "killed"))),
        Quantity("share", "Share of women", "share", share),
        *(
            Quantity(f"x{n}", f"Lorries of the kind number {n}, as far as known", "flow", given,
                     series="weeks", side="A", unit="lorries")
            for n in range(extra)
        ),
    )  # fmt: skip
    return Study(
        title="Over time",
        question="How many?",
        quantities=quantities,
        sources=(
            Source("post", "The Border Post", "media"),
            Source("watch", "Bridge Watch (an association)", "ngo"),
            Source("office", "Office of Statistics", "official"),
        ),
        claims=tuple(claims) or one_of_each(),
        identities=(
            RunningBalance("custody", "held", "arrested", share, ("returned",)),
            Split("where", "killed", (("east", share), ("west", share))),
        ),
        series=(weeks,),
        headline=("killed", "held"),
        name="over_time",
    )


def estimate_over_time(study: Study) -> Estimate:
    """Lognormal draws around ENDS; counts grow evenly, a stock stays as it is."""
    grid = np.exp(0.3 * np.linspace(-2.0, 2.0, 201).reshape(1, -1))
    counts = [q.id for q in study.quantities if not q.is_share]
    drawn = np.stack([ENDS.get(id, 300.0) * grid for id in counts], axis=-1)
    moments, names = [], []
    for id, series in study.series_of.items():
        edges = series.edges[1:]
        for cell, edge in enumerate(edges):
            part = 1.0 if id in STOCKS else (cell + 1) / len(edges)
            names.append(f"{id} {edge - timedelta(days=1)}")
            moments.append(part * ENDS.get(id, 300.0) * grid)
    recipe = Recipe(study, Assumptions(), 1, Draws(201, 200, 1))
    dims = ("chain", "draw")
    data = {
        "count": ((*dims, "quantity"), drawn),
        "share": ((*dims, "share_quantity"), (0.4 * grid / grid.max())[..., None]),
        "moment": ((*dims, "moment_of"), np.stack(moments, axis=-1)),
        "error": ((*dims, "effect"), np.full((1, 201, 1), 0.1)),
        "spread": ((*dims, "spread_of"), _spreads(study, recipe.assumptions)),
    }
    coords = {
        "quantity": counts,
        "share_quantity": ["share"],
        "moment_of": names,
        "effect": ["origin post"],
    }
    apart = np.random.default_rng(4).standard_normal((2, 1, 201, 3))
    groups = {
        "posterior": xr.Dataset(data, coords=coords),
        "log_prior": xr.Dataset({"z": ((*dims, "unknown"), -0.5 * apart[0] ** 2)}),
        "log_likelihood": xr.Dataset({"said": ((*dims, "claim"), -0.5 * apart[1] ** 2)}),
    }
    return Estimate(recipe, xr.DataTree.from_dict(groups), {"commit": "abc"})


def _spreads(study: Study, assumptions: Assumptions) -> np.ndarray:
    number = len(Joint(study, assumptions).sharing.spreads)
    return np.full((1, 201, number), 0.4)
