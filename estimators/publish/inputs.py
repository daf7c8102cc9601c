"""Tables of what went in and of how it was judged: ranges, assumptions, sources, checks, runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from estimators.evidence.study import Study
from estimators.inference.checks import Checks
from estimators.inference.estimate import Estimate
from estimators.inference.prior import Prior
from estimators.inference.sensitivity import Sensitivity
from estimators.models.assumptions import Assumptions
from estimators.publish.assumption_meanings import MEANING
from estimators.publish.catalogue import retold, say, say_many
from estimators.publish.escaping import plain
from estimators.publish.rounding import Printed, as_text
from estimators.publish.said import Said

LEARNED_SCALES = ("reference", "phase_scale", "origin_scale", "own_sd")


def ranges_table(study: Study) -> pd.DataFrame:
    """Return every stated range with its reason.

    Parameters
    ----------
    study
        The study.
    """
    rows = [
        {
            "quantity": id,
            "label": plain(study.by_id[id].label) if id in study.by_id else id,
            "of": of,
            "low": given.low,
            "high": given.high,
            "reason": plain(given.reason),
        }
        for id, of, given in study.ranges()
    ]
    columns = ["quantity", "label", "of", "low", "high", "reason"]
    return pd.DataFrame(rows, columns=columns).set_index("quantity")


def priors_table(estimate: Estimate, prior: Prior) -> pd.DataFrame:
    """Return each quantity's interval before any claim was read, and after.

    Parameters
    ----------
    estimate
        The estimate.
    prior
        Draws from the ranges and identities alone.
    """
    rows = {q.id: _before_and_after(estimate, prior, q.id) for q in estimate.study.quantities}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("quantity")


def _before_and_after(estimate: Estimate, prior: Prior, id: str) -> dict[str, Any]:
    quantity = estimate.study.by_id[id]
    unit = estimate.study.unit_of(id)
    before, after = (Printed.of(found.interval(id), unit) for found in (prior, estimate))
    return {
        "label": plain(quantity.label),
        "before low": before.low,
        "before median": before.median,
        "before high": before.high,
        "after low": after.low,
        "after median": after.median,
        "after high": after.high,
        "unit": unit,
    }


def assumptions_table(study: Study, assumptions: Assumptions) -> pd.DataFrame:
    """Return every assumption of the claim model with its number and why it was changed, if so.

    Parameters
    ----------
    study
        The study, whose overrides carry their reasons.
    assumptions
        Those of the estimate.
    """
    reasons = {o.name: plain(o.reason) for o in study.overrides}
    used = {study.source_by_id[c.origin].source_class for c in study.readings}
    rows = {
        name: {
            "value": value if isinstance(value, str) else as_text(value),
            "default": _whence(name, value, reasons, assumptions),
            "meaning": _meaning(name),
            "reason": reasons.get(name, ""),
        }
        for name, value in assumptions.as_dict().items()
        if name.split(".")[0] not in assumptions.unused
        if not name.startswith("origin_scale.") or name.split(".")[1] in used
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("assumption")


def _whence(
    name: str, value: str | float, reasons: Mapping[str, str], assumptions: Assumptions
) -> str:
    """Return whether a value is the default, 'learned' with the reference class, or changed."""
    if assumptions.stands and name not in reasons and name.split(".")[0] in LEARNED_SCALES:
        return "learned"
    return "yes" if value == Assumptions().as_dict().get(name) else "no"


def _meaning(name: str) -> str:
    outer, _, inner = name.partition(".")
    return f"{retold(MEANING.get(outer, outer))}{f' ({retold(inner)})' if inner else ''}"


def sources_table(study: Study) -> pd.DataFrame:
    """Return every source: its class, how many of its claims are used and how many are kept.

    Parameters
    ----------
    study
        The study.
    """
    rows = {
        source.id: {
            "name": plain(source.name),
            "class": source.source_class,
            "used": sum(c.origin == source.id for c in study.readings),
            "claims": sum(c.origin == source.id for c in study.claims),
            "notes": plain(source.notes),
        }
        for source in study.sources
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("source")


def checks_table(checks: Checks) -> pd.DataFrame:
    """Return the checks: name, passed, failed or waived, and why.

    Parameters
    ----------
    checks
        The checks of an estimate.
    """
    rows = [
        {"check": c.name, "status": c.status, "why": plain(c.why), "remedy": plain(c.remedy)}
        for c in checks
    ]
    columns = ["check", "status", "why", "remedy"]
    return pd.DataFrame(rows, columns=columns).set_index("check")


def predicted_table(study: Study, checks: Checks) -> pd.DataFrame:
    """Return, for each reading, what the estimate predicts that would be printed, rounded.

    Parameters
    ----------
    study
        The study.
    checks
        The checks of its estimate.
    """
    rows = [_predicted_row(study, str(id), row) for id, row in checks.claims.iterrows()]
    columns = ["claim", "about", "origin", "said", "low", "high", "pit", "outside"]
    return pd.DataFrame(rows, columns=columns).set_index("claim")


def _predicted_row(study: Study, id: str, row: Any) -> dict[str, Any]:
    quantity = study.quantity(str(row["quantity"]))
    unit = study.unit_of(quantity.id)
    printed = Printed.of((row["low"], row["low"], row["high"]), unit)
    return {
        "claim": id,
        "about": plain(quantity.label),
        "origin": plain(study.source_by_id[study.claim_by_id[id].origin].name),
        "said": plain(row["said"]),
        "low": printed.low,
        "high": printed.high,
        "pit": round(float(row["pit"]), 3),
        "outside": "yes" if row["outside"] else "no",
    }


def changes_table(study: Study, changes: Sensitivity, id: str) -> pd.DataFrame:
    """Return every changed fit of one quantity, the largest shift first, rounded.

    Parameters
    ----------
    study
        The study.
    changes
        The changed fits.
    id
        The quantity.
    """
    unit = study.unit_of(id)
    rows = [
        {
            "run": plain(row["run"]),
            "kind": row["kind"],
            "interval": Printed.of((row["low"], row["median"], row["high"]), unit).ends,
            "median": Printed.of((row["low"], row["median"], row["high"]), unit).middle,
            "shift": round(float(row["shift"]), 2),
            "converged": "yes" if row["converged"] else "no",
        }
        for row in changes.of(id).to_dict("records")
    ]
    columns = ["run", "kind", "interval", "median", "shift", "converged"]
    return pd.DataFrame(rows, columns=columns).set_index("run")


def used_of(study: Study) -> str:
    """Return how many claims were found, how many are used, and from how many origins.

    Parameters
    ----------
    study
        The study.
    """
    origins = {c.origin for c in study.readings}
    networks = {c.network or c.origin for c in study.readings}
    repeats = sum(bool(c.repeats) for c in study.claims)
    return say(
        "{claims} found; {readings} used, by {origins} in {networks} of "
        "informants; {claims2} only repeated another",
        claims=say_many("{number} claim", "{number} claims", len(study.claims)),
        readings=say_many("{number} reading", "{number} readings", len(study.readings)),
        origins=say_many("{number} origin", "{number} origins", len(origins)),
        networks=say_many("{number} network", "{number} networks", len(networks)),
        claims2=say_many("{number} claim", "{number} claims", repeats),
    )


def documented_number(said: Said) -> float | None:
    """Return how many are identified one by one; None where nobody counted so.

    Parameters
    ----------
    said
        What was said of a quantity.
    """
    return said.identified


def all_changes_table(study: Study, changes: Sensitivity) -> pd.DataFrame:
    """Return every changed fit of every quantity, rounded.

    Parameters
    ----------
    study
        The study.
    changes
        The changed fits.
    """
    parts = []
    for id in dict.fromkeys(changes.table["quantity"]):
        part = changes_table(study, changes, str(id)).reset_index()
        part.insert(0, "quantity", str(id))
        parts.append(part)
    return pd.concat(parts).set_index("quantity")
