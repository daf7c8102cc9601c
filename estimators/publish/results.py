"""results.json: what a report says, for programs, with the recipe and where it comes from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from estimators.evidence.study import status
from estimators.inference.checks import Checks
from estimators.inference.estimate import Estimate
from estimators.inference.sensitivity import Sensitivity
from estimators.inference.sides import Conflict, Conflicts
from estimators.publish import inputs
from estimators.publish.credit import credit_of
from estimators.publish.plates import headline_of
from estimators.publish.rounding import round_print
from estimators.publish.said import said_of
from estimators.publish.sentences import is_printable, sentence


def write_results(
    estimate: Estimate,
    changes: Sensitivity | None,
    checks: Checks,
    split: Conflicts | None,
    path: Path,
) -> None:
    """Write what a report says as JSON: numbers, sentences, checks, conflicts, recipe, provenance.

    Parameters
    ----------
    estimate
        The estimate.
    changes
        Changed fits, if there are any.
    checks
        The checks of the estimate.
    split
        What direct claims say against the rest, where this was asked.
    path
        The file.
    """
    study = estimate.study
    results = {
        "title": study.title,
        "question": study.question,
        "level": 0.9,
        "quantities": {q.id: _result(estimate, q.id) for q in study.quantities},
        "sentences": {
            id: sentence(estimate, id, changes, split.of(id) if split else None)
            for id in headline_of(study)
            if is_printable(estimate, id)
        },
        "checks": {c.name: {"status": c.status, "why": c.why} for c in checks},
        "conflicts": {one.quantity: _sides(one) for one in split or ()},
        "recipe": estimate.recipe.as_dict(),
        "provenance": dict(credit_of(estimate).provenance),
    }
    text = json.dumps(results, indent=2, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _sides(one: Conflict) -> dict[str, Any]:
    """Return both sides of a quantity, low, median and high, with p and the verdict."""
    told = {"against": one.against, "p": one.p, "verdict": one.verdict, "converged": one.converged}
    return {"direct": one.direct, "rest": one.rest, **told}


def _result(estimate: Estimate, id: str) -> dict[str, Any]:
    """Return what is known of one quantity, to three significant digits, ends outwards."""
    said = said_of(estimate.study, id)
    low, median, high = estimate.interval(id)
    return {
        "label": said.quantity.label,
        "status": status(estimate.study, id),
        "unit": estimate.study.unit_of(id),
        "documented": inputs.documented_number(said),
        "reported": said.reported,
        "low": round_print(low, "down", 3, whole=False),
        "median": round_print(median, "nearest", 3, whole=False),
        "high": round_print(high, "up", 3, whole=False),
    }
