"""A small made-up study with its estimate, prior, checks and changed fits: nothing is sampled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from estimators.evidence.claim import Claim, Source
from estimators.evidence.quantity import Balance, PartOf, Quantity, Range, SumOf
from estimators.evidence.study import Study
from estimators.evidence.when import When
from estimators.evidence.wording import About, AtLeast, Between, Exactly, OrderOf, UpTo, Wording
from estimators.inference.checks import Check, Checks
from estimators.inference.compute import Draws
from estimators.inference.estimate import Estimate, Recipe
from estimators.inference.prior import Prior
from estimators.inference.sensitivity import Sensitivity
from estimators.models.assumptions import Assumptions
from estimators.models.joint import Joint
from estimators.publish.report import write_report

mpl.use("Agg")

HOSTILE = (
    "<script>alert(1)</script> [x](javascript:alert(1)) $E=mc^2$ @cite | ![i](http://h/i.png) ~~s~~"
)
SD = 0.4


@pytest.fixture(autouse=True)
def _closed_figures() -> Iterator[None]:
    yield
    plt.close("all")


def claim(id: str, quantity: str, wording: Wording, origin: str = "watch", **more: object) -> Claim:
    return Claim(id, quantity, wording, origin, When.parse("2020-05-15"), **more)  # type: ignore[arg-type]


def study_of(*claims: Claim, title: str = "Taken from the port", **more: object) -> Study:
    """A study with a flow, its parts, a share, stocks in balance and a flow that nobody claims."""
    day = When.parse("2020-05-14")
    later = When.parse("2020-06-30")
    quantities = (
        Quantity("taken", "Taken on 14 May 2020", "flow", Range(20, 2000, "ships"), day),
        Quantity(
            "lost", "Taken and not heard of", "flow", PartOf("taken", Range(50, 95, "law")), day
        ),
        Quantity("women_share", "Share of women", "share", Range(20, 80, "census"), day),
        Quantity("women", "Women taken", "flow", PartOf("taken", "women_share"), day),
        Quantity("held_after", "Held in June", "stock", Range(50, 4000, "cells"), later),
        Quantity("freed", "Freed in May", "flow", Range(2, 100, "lists"), day),
        Quantity("held_before", "Held in May", "stock", None, day),
        Quantity("unclaimed", "Taken elsewhere", "flow", Range(10, 500, "boats"), day),
        Quantity("all", "Taken anywhere", "cumulative", SumOf(("taken", "unclaimed")), day),
    )
    given = {
        "title": title,
        "question": "How many were taken?",
        "quantities": quantities,
        "sources": (
            Source("watch", "Harbour Watch", "ngo"),
            Source("paper", "The Paper", "media"),
            Source("office", "The Office", "official"),
        ),
        "claims": claims or three_claims(),
        "headline": ("taken", "lost"),
        "identities": (Balance("b", "held_before", "held_after", ("freed",)),),
        "access": "closed",
        "name": "port",
    }
    return Study(**given | more)  # type: ignore[arg-type]


def three_claims() -> tuple[Claim, ...]:
    return (
        claim("a", "taken", About(200), network="field", phrase="about 200"),
        claim(
            "b", "taken", AtLeast(150), "paper", network="field", url="https://p.org/a_b?x=1&y=2"
        ),
        claim("c", "taken", OrderOf("hundreds"), "office"),
        claim("d", "taken", Exactly(200), "paper", repeats="a", used=False, why_not="A repeat."),
        claim("e", "lost", UpTo(200), used=False, why_not="The number of those taken, relabelled."),
        claim("f", "held_after", Between(300, 500), "office"),
        claim("g", "women_share", AtLeast(40)),
    )


MEDIANS = {
    "taken": 243.0,
    "lost": 180.0,
    "women": 100.0,
    "held_after": 400.0,
    "freed": 14.0,
    "held_before": 414.0,
    "unclaimed": 70.0,
    "all": 313.0,
}


def tree_of(study: Study, spread: float, group: str = "posterior") -> xr.DataTree:
    """Draws whose quantiles are known: lognormal around MEDIANS, the same in each quantity."""
    grid = np.linspace(-2.0, 2.0, 401).reshape(1, -1)
    apart = np.random.default_rng(3).permutation(grid, axis=1)  # errors that explain nothing
    counts = [q.id for q in study.quantities if not q.is_share]
    shares = [q.id for q in study.quantities if q.is_share]
    effects = [
        "class ngo",
        "class media",
        "class official",
        "origin watch",
        "origin paper",
        "origin office",
        "network field on taken",
    ]
    data = {
        "count": (
            ("chain", "draw", "quantity"),
            np.stack([MEDIANS.get(q, 100.0) * np.exp(spread * grid) for q in counts], axis=-1),
        ),
        "share": (
            ("chain", "draw", "share_quantity"),
            np.stack([1 / (1 + np.exp(-spread * grid)) for _ in shares], axis=-1),
        ),
        "error": (
            ("chain", "draw", "effect"),
            np.stack([0.1 * k + 0.2 * apart for k in range(len(effects))], axis=-1),
        ),
    }
    coords = {"quantity": counts, "share_quantity": shares, "effect": effects}
    return xr.DataTree.from_dict({group: xr.Dataset(data, coords=coords)})


def estimate_of(study: Study, assumptions: Assumptions | None = None) -> Estimate:
    recipe = Recipe(study, assumptions or Assumptions(), 1, Draws(401, 300, 1))
    tree = tree_of(study, SD)
    spreads = list(Joint(study, recipe.assumptions).sharing.spreads)
    dims = ("chain", "draw")
    full = np.full((1, 401, len(spreads)), 0.4)
    tree["posterior"]["spread"] = xr.DataArray(full, dims=(*dims, "spread_of"))
    apart = np.random.default_rng(4).standard_normal((2, 1, 401, 3))
    tree["log_prior"] = xr.Dataset({"z": ((*dims, "unknown"), -0.5 * apart[0] ** 2)})
    tree["log_likelihood"] = xr.Dataset({"said": ((*dims, "claim"), -0.5 * apart[1] ** 2)})
    return Estimate(recipe, tree, {"sha256 study.toml": "0" * 64, "commit": "abc"})


def changes_of(estimate: Estimate) -> Sensitivity:
    runs = [
        ("without Harbour Watch", "origin", "watch", 0.8),
        ("without The Paper", "origin", "paper", 1.1),
        ("without the network field", "network", "field", 0.7),
        ("without all of class ngo", "class", "ngo", 0.9),
        ("early error none", "early error", "none", 1.0),
        ("early error half", "early error", "half", 1.05),
        ("ranges wide (sd x 1.5)", "prior", "range_factor", 1.2),
    ]
    rows = []
    for run, kind, name, shift in runs:
        for id in estimate.study.by_id:
            low, median, high = estimate.interval(id)
            rows.append(
                {
                    "run": run,
                    "kind": kind,
                    "name": name,
                    "quantity": id,
                    "low": low * shift,
                    "median": median * shift,
                    "high": high * shift,
                    "shift": shift,
                    "converged": name != "range_factor",
                }
            )
    return Sensitivity(pd.DataFrame(rows))


def checks_of(study: Study, status: str = "passed") -> Checks:
    rows = {
        c.id: {
            "quantity": c.quantity,
            "said": str(c.wording),
            "low": 50.0,
            "high": 512.0,
            "pit": 0.123456789,
            "outside": c.id == "b",
        }
        for c in study.readings
    }
    made = (
        Check("r-hat", "passed", "largest 1.002"),
        Check("divergences", status, "3 of 401 draws.", "Sample longer."),
    )
    return Checks(made, pd.DataFrame.from_dict(rows, orient="index"))


@pytest.fixture
def study() -> Study:
    return study_of()


@pytest.fixture
def estimate(study: Study) -> Estimate:
    return estimate_of(study)


@pytest.fixture
def changes(estimate: Estimate) -> Sensitivity:
    return changes_of(estimate)


@pytest.fixture
def prior(study: Study) -> Prior:
    return Prior(study, tree_of(study, 1.2, "prior"))


@pytest.fixture
def make_study() -> Callable[..., Study]:
    return study_of


@pytest.fixture
def make_claim() -> Callable[..., Claim]:
    return claim


@pytest.fixture
def make_estimate() -> Callable[..., Estimate]:
    return estimate_of


@pytest.fixture
def make_changes() -> Callable[..., Sensitivity]:
    return changes_of


@pytest.fixture
def make_checks() -> Callable[..., Checks]:
    return checks_of


@pytest.fixture
def hostile() -> str:
    return HOSTILE


@pytest.fixture(scope="session")
def report_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished report, written once: copy it before anything in it is changed."""
    return _written(tmp_path_factory.mktemp("reports") / "port")


@pytest.fixture(scope="session")
def korean_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same report in Korean, written once."""
    return _written(tmp_path_factory.mktemp("korean") / "port", "ko")


def _written(to: Path, language: str | None = None) -> Path:
    estimate = estimate_of(study_of())
    before = Prior(estimate.study, tree_of(estimate.study, 1.2, "prior"))
    page = write_report(
        estimate,
        changes_of(estimate),
        to=to,
        checks=checks_of(estimate.study),
        prior=before,
        language=language,
    )
    return page.parent
