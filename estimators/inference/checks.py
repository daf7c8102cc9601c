"""The gate: what an estimate must pass before anything of it is printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import arviz as az
import numpy as np
import pandas as pd
from scipy import stats

from estimators.evidence.problems import suggestion
from estimators.inference.estimate import Estimate
from estimators.inference.predict import predicted_claims

# Handed on under its name: the gate is where it is looked for.
from estimators.inference.refusals import NotPublishableError as NotPublishableError
from estimators.models.claims import SHAPING

RHAT = 1.01
ESS = 400.0
BFMI = 0.3
PREDICTIVE_LEVEL = 0.9
_MORE = "Sample longer (draws=4000, tune=2000); if it stays, two sources may be in open conflict."


@dataclass(frozen=True)
class Check:
    """One check: its name, 'passed', 'failed' or 'waived', why, and the remedy if it failed."""

    name: str
    status: str
    why: str
    remedy: str = ""

    def __str__(self) -> str:
        """Return the check as one line."""
        remedy = f" {self.remedy}" if self.status == "failed" else ""
        return f"{self.status:7} {self.name}: {self.why}{remedy}"


@dataclass(frozen=True, eq=False)
class Checks:
    """All checks of an estimate, and what it predicts for each claim.

    `claims` has one row a reading: quantity, said, low and high (90 % predictive interval of the
    printed number; in its unit, percent for a share), pit (0 to 1) and outside.
    """

    checks: tuple[Check, ...]
    claims: pd.DataFrame

    @property
    def passed(self) -> bool:
        """Return whether no check failed; a waived check did not."""
        return all(check.status != "failed" for check in self.checks)

    def __iter__(self) -> Iterator[Check]:
        """Return an iterator over the checks."""
        return iter(self.checks)

    def __str__(self) -> str:
        """Return one line a check."""
        return "\n".join(map(str, self.checks))

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(c.name)}</td><td>{c.status}</td><td>{escape(c.why)}</td>"
            f"<td>{escape(c.remedy if c.status == 'failed' else '')}</td></tr>"
            for c in self.checks
        )
        return f"<table><tr><th>check</th><th></th><th>why</th><th>remedy</th></tr>{rows}</table>"


def check(estimate: Estimate, waive: Mapping[str, str] | None = None) -> Checks:
    """Return the checks of an estimate: convergence, and how it predicts the claims.

    Parameters
    ----------
    estimate
        The estimate to judge.
    waive
        Names of checks that may fail, each with the reason; the study's own waivers count too.

    Raises
    ------
    ValueError
        If a waiver names no check, or has no reason.

    Notes
    -----
    Thresholds: R-hat below 1.01 and bulk and tail effective sample size above 400 for every count,
    share and error of claims [1]_ (the steps of a path over time are not printed and not judged);
    no divergence; energy (BFMI) above 0.3; no chain at its greatest depth.
    The claims: no more outside their 90 % predictive interval than chance allows at 1 %.

    References
    ----------
    .. [1] Vehtari et al. (2021). Bayesian Analysis 16(2), 667-718. doi:10.1214/20-BA1221
    """
    claims = predicted_claims(estimate)
    made = (*_convergence(estimate), *_energy(estimate), _predictive(claims), _identities(estimate))
    waivers = {w.check: w.reason for w in estimate.study.waivers} | dict(waive or {})
    names = [c.name for c in made]
    for name, reason in waivers.items():
        if name not in names:
            raise ValueError(f"there is no check {name!r} to waive. {suggestion(name, names)}")
        if not reason.strip():
            raise ValueError(f"the waiver of {name!r} needs a reason")
    return Checks(tuple(_waived(c, waivers) for c in made), claims)


def _waived(check: Check, waivers: Mapping[str, str]) -> Check:
    if check.status != "failed" or check.name not in waivers:
        return check
    return replace(check, status="waived", why=f"{check.why} Waived: {waivers[check.name]}")


def _verdict(name: str, good: bool, why: str, remedy: str) -> Check:
    return Check(name, "passed" if good else "failed", why, remedy)


def _convergence(estimate: Estimate) -> Iterator[Check]:
    posterior = estimate.tree["posterior"].to_dataset()[["count", "share", "error"]]
    kinds = [str(name).split(" ")[0] for name in posterior["effect"].values]
    posterior = posterior.isel(effect=[kind not in SHAPING for kind in kinds])
    rhat, worst = _extreme(az.rhat(posterior), np.nanmax)
    yield _verdict("r-hat", rhat < RHAT, f"largest {rhat:.4f} ({worst}), limit {RHAT}.", _MORE)
    for method in ("bulk", "tail"):
        ess, worst = _extreme(az.ess(posterior, method=method), np.nanmin)
        why = f"smallest {ess:,.0f} ({worst}), limit {ESS:,.0f}."
        yield _verdict(f"{method} ess", ess > ESS, why, _MORE)


def _extreme(found: Any, pick: Callable[[Any], Any]) -> tuple[float, str]:
    """Return the most extreme value over all variables and the name it stands at."""
    frame = pd.concat(
        found[name].to_series().rename("value").rename_axis("name")
        for name in found.data_vars
        if found[name].size
    )
    values = frame.to_numpy()
    extreme = float(pick(values))
    return extreme, str(frame.index[int(np.flatnonzero(values == extreme)[0])])


def _energy(estimate: Estimate) -> Iterator[Check]:
    sampled = estimate.tree["sample_stats"]
    divergent = int(sampled["diverging"].sum())
    yield _verdict(
        "divergences",
        divergent == 0,
        f"{divergent} of {sampled['diverging'].size:,} draws.",
        "Sample longer, or look for sources in open conflict (es.check(...).claims).",
    )
    bfmi = float(np.min(az.bfmi(estimate.tree).to_dataset()["energy"].values))
    yield _verdict("energy", bfmi > BFMI, f"smallest BFMI {bfmi:.2f}, limit {BFMI}.", _MORE)
    deepest = int(sampled["maxdepth_reached"].sum())
    yield _verdict("tree depth", deepest == 0, f"{deepest} draws at the greatest depth.", _MORE)


def _predictive(claims: pd.DataFrame) -> Check:
    outside = claims.index[claims["outside"]]
    allowed = max(0, int(stats.binom.ppf(0.99, len(claims), 1.0 - PREDICTIVE_LEVEL)))
    named = f": {', '.join(outside)}" if len(outside) else ""
    return _verdict(
        "claims predicted",
        len(outside) <= allowed,
        f"{len(outside)} of {len(claims)} claims lie outside their 90 % interval{named}; chance "
        f"allows {allowed}.",
        "Look at these claims: a wrong quantity, date or wording, or a conflict to report.",
    )


def _identities(estimate: Estimate) -> Check:
    """Return whether every sum of the study holds in every draw, as it must by construction."""
    worst = 0.0
    for quantity in estimate.study.quantities:
        parts = getattr(quantity.rule, "parts", None)
        if parts:
            total = estimate.draws_of(quantity.id)
            added = estimate.count.sel(quantity=list(parts)).sum("quantity")
            worst = max(worst, float(abs(added / total - 1.0).max()))
    why = f"largest relative gap of a sum {worst:.0e}."
    return _verdict("identities", worst < 1e-9, why, "This is an error of the program: report it.")
