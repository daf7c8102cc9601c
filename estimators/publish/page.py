"""The tables of the report's page: fewer columns than the files beside it, all text escaped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from estimators.evidence.quantity import PERCENT
from estimators.evidence.study import Study
from estimators.inference.checks import Checks
from estimators.inference.estimate import Estimate
from estimators.inference.prior import Prior
from estimators.inference.sensitivity import Sensitivity
from estimators.models.assumptions import Assumptions
from estimators.publish import inputs
from estimators.publish.catalogue import marked, retold, say, say_many
from estimators.publish.claims_page import claims_markdown
from estimators.publish.escaping import shortened
from estimators.publish.over_time_table import over_time_markdown
from estimators.publish.plates import headline_of
from estimators.publish.prior_tables import (
    dependence_markdown,
    prior_markdown,
    scenarios_markdown,
)
from estimators.publish.rounding import as_text
from estimators.publish.tables import estimates_table, to_markdown

_RUNS = 10  # changed fits on the page; all are in the tables
_OUTSIDE = 30  # claims outside their interval
_WHY = 300  # characters of why a check has passed or failed


def page_tables(
    estimate: Estimate, changes: Sensitivity | None, checks: Checks, prior: Prior | None
) -> dict[str, Any]:
    """Return the tables of the report as Markdown, by their names.

    Parameters
    ----------
    estimate
        The estimate.
    changes
        Changed fits, if there are any.
    checks
        The checks of the estimate.
    prior
        Draws before any claim, if there are any.
    """
    study, assumptions = estimate.study, estimate.recipe.assumptions
    estimates = estimates_table(estimate)
    ids = headline_of(study)
    return {
        "answer": _estimates(estimates.loc[list(ids)]),
        "estimates": _estimates(estimates[estimates["status"] != "assumed"]),
        "assumed": _assumed(estimates[estimates["status"] == "assumed"]),
        "ranges": _ranges(study),
        "assumptions": _assumptions(study, assumptions),
        "priors": _priors(estimate, prior) if prior else "",
        "outside": _outside(study, checks),
        "outside_left": max(0, len(outside(study, checks)) - _OUTSIDE),
        "over_time": over_time_markdown(estimate, [id for id in ids if id in study.series_of]),
        "checks": _checks(checks),
        "changes": {id: _changes(study, changes, id) for id in ids} if changes else {},
        "dependence": dependence_markdown(estimate),
        "prior_part": prior_markdown(estimate, ids),
        "scenarios": scenarios_markdown(estimate, changes, ids) if changes else "",
        "sources": _sources(study),
        "claims": claims_markdown(study),
    }


def _estimates(table: pd.DataFrame) -> str:
    """Return documented, reported and estimated as three columns that are never mixed."""
    suffix = _suffixes(table)
    shown = pd.DataFrame(
        {
            "Quantity": list(table["label"]),
            "Documented": [_number(n, say("none")) for n in table["documented"]],
            "Reported": [text or say("not by itself") for text in table["reported"]],
            "Estimated (90%)": _ends(table, "estimated", suffix),
            "Median": _medians(table, "estimated", suffix),
            "Rests on": [_basis(row) for row in table.to_dict("records")],
        }
    )
    widths = {
        "Quantity": 32,
        "Documented": 16,
        "Reported": 22,
        "Estimated (90%)": 17,
        "Median": 11,
        "Rests on": 24,
    }
    return to_markdown(shown, widths=widths)


def _assumed(table: pd.DataFrame) -> str:
    if table.empty:
        return ""
    suffix = _suffixes(table)
    shown = {
        "Quantity": list(table["label"]),
        "Assumed (90%)": _ends(table, "assumed", suffix),
        "Median": _medians(table, "assumed", suffix),
    }
    return to_markdown(pd.DataFrame(shown), widths={"Quantity": 40, "Assumed (90%)": 16})


def _suffixes(table: pd.DataFrame) -> list[str]:
    return ["%" if unit == PERCENT else "" for unit in table["unit"]]


def _ends(table: pd.DataFrame, kind: str, suffix: list[str]) -> list[str]:
    rows = zip(table[f"{kind} low"], table[f"{kind} high"], suffix, strict=True)
    return [
        "" if pd.isna(low) else f"{as_text(low)}–{as_text(high)}{end}" for low, high, end in rows
    ]


def _medians(table: pd.DataFrame, kind: str, suffix: list[str]) -> list[str]:
    rows = zip(table[f"{kind} median"], suffix, strict=True)
    return ["" if pd.isna(number) else f"{as_text(number)}{end}" for number, end in rows]


def _number(number: Any, nothing: str) -> str:
    return nothing if number is None or pd.isna(number) else as_text(float(number))


def _basis(row: Mapping[Any, Any]) -> str:
    mark = say("; narrower than so few origins can know") if row["too_narrow"] else ""
    if row["status"] == "claimed":
        origins = say_many("{number} origin", "{number} origins", row["origins"])
        return say(
            "{readings} by {origins}{mark}",
            readings=say_many("{number} reading", "{number} readings", row["readings"]),
            origins=origins,
            mark=mark,
        )
    own = row["assumed_shares"]
    if own:
        return say("identities; an assumed share{mark}", mark=mark)
    return say("identities{mark}", mark=mark)


def _ranges(study: Study) -> str:
    table = inputs.ranges_table(study).reset_index()
    table["range"] = [
        f"{as_text(low)}–{as_text(high)}{'%' if percent else ''}"
        for low, high, percent in zip(table["low"], table["high"], _in_percent(study), strict=True)
    ]
    heads = {"label": "Of what", "range": "90% range", "reason": "Reason, other than the claims"}
    return to_markdown(
        table[["label", "range", "reason"]], heads, {"label": 30, "range": 14, "reason": 70}
    )


def _in_percent(study: Study) -> list[bool]:
    """Return, for each stated range, whether it is one of a share and not of a count."""
    found = []
    for id, _, given in study.ranges():
        quantity = study.by_id.get(id)
        own = quantity is not None and quantity.rule == given and not quantity.is_share
        found.append(not own)
    return found


_WHENCE = {
    "yes": marked("default"),
    "learned": marked("learned from known outcomes"),
    "no": marked("changed for this run"),
}


def _assumptions(study: Study, assumptions: Assumptions) -> str:
    table = inputs.assumptions_table(study, assumptions).reset_index()
    table["why"] = [
        r or retold(_WHENCE[d]) for r, d in zip(table["reason"], table["default"], strict=True)
    ]
    table["meaning"] = [retold(meaning) for meaning in table["meaning"]]
    heads = {"assumption": "Assumption", "value": "Value", "meaning": "Meaning", "why": "Why"}
    return to_markdown(
        table[list(heads)], heads, {"assumption": 24, "value": 8, "meaning": 50, "why": 24}
    )


def _priors(estimate: Estimate, prior: Prior) -> str:
    table = inputs.priors_table(estimate, prior)
    suffix = _suffixes(table)
    shown = {
        "Quantity": list(table["label"]),
        "Before (90%)": _ends(table, "before", suffix),
        "Median before": _medians(table, "before", suffix),
        "After (90%)": _ends(table, "after", suffix),
        "Median after": _medians(table, "after", suffix),
    }
    return to_markdown(
        pd.DataFrame(shown), widths={"Quantity": 40, "Before (90%)": 16, "After (90%)": 16}
    )


def _checks(checks: Checks) -> str:
    table = inputs.checks_table(checks).reset_index()[["check", "status", "why"]]
    table["status"] = [retold(status) for status in table["status"]]
    table["check"] = [retold(name) for name in table["check"]]
    table["why"] = [shortened(retold(why), _WHY) for why in table["why"]]
    return to_markdown(table, widths={"check": 18, "status": 10, "why": 60})


def outside(study: Study, checks: Checks) -> pd.DataFrame:
    """Return the claims outside what the estimate predicts of them, the furthest first.

    Parameters
    ----------
    study
        The study.
    checks
        The checks of its estimate.
    """
    table = inputs.predicted_table(study, checks)
    table = table[table["outside"] == "yes"]
    if len(table) <= _OUTSIDE:
        return table
    far = (table["pit"] - 0.5).abs().sort_values(ascending=False, kind="stable")
    table = table.loc[far.index]
    turn = table.groupby(["about", "origin"], sort=False).cumcount()  # each pair in its turn
    return table.loc[turn.sort_values(kind="stable").index]


def _outside(study: Study, checks: Checks) -> str:
    table = outside(study, checks).head(_OUTSIDE)
    if table.empty:
        return ""
    shown = table[["about", "origin", "said", "low", "high"]]
    heads = {
        "about": "About",
        "origin": "Origin",
        "said": "Said",
        "low": "Predicted from",
        "high": "to",
    }
    return to_markdown(shown, heads, {"about": 34, "origin": 24, "said": 16})


def _changes(study: Study, changes: Sensitivity, id: str) -> str:
    table = inputs.changes_table(study, changes, id).reset_index().head(_RUNS)
    table["shift"] = [f"{shift:.2f}" for shift in table["shift"]]
    table["run"] = [retold(run) for run in table["run"]]
    table["converged"] = [retold(word) for word in table["converged"]]
    heads = {
        "run": "Changed",
        "interval": "90% interval",
        "median": "Median",
        "shift": "Median ÷ headline",
        "converged": "Converged",
    }
    return to_markdown(table[list(heads)], heads, {"run": 44, "interval": 16})


def _sources(study: Study) -> str:
    table = inputs.sources_table(study)
    table["class"] = [retold(name) for name in table["class"]]
    heads = {
        "name": "Source",
        "class": "Class",
        "used": "Readings",
        "claims": "Claims found",
        "notes": "Notes",
    }
    return to_markdown(table[list(heads)], heads, {"name": 34, "notes": 44})
