"""Undercount: population estimates with honest uncertainty from reported counts.

The public names, in the order a study uses them. Each is loaded when it is first asked for, so
that reading a study never waits for the samplers.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "read_study": "evidence.files",
    "write_study": "evidence.files",
    "write_skeleton": "evidence.skeleton",
    "screen": "evidence.screening",
    "read_outcomes": "evidence.outcomes",
    "add_outcomes": "evidence.outcomes",
    "Outcomes": "evidence.outcome",
    "EvidenceError": "evidence.problems",
    "Study": "evidence.study",
    "Override": "evidence.study",
    "Waiver": "evidence.study",
    "Anchor": "evidence.choices",
    "Coverage": "evidence.choices",
    "Scenario": "evidence.choices",
    "SourceClass": "evidence.choices",
    "ReportWords": "evidence.report_words",
    "register_class": "evidence.registry",
    "Quantity": "evidence.quantity",
    "Range": "evidence.quantity",
    "PartOf": "evidence.quantity",
    "SumOf": "evidence.quantity",
    "Split": "evidence.quantity",
    "Balance": "evidence.quantity",
    "RunningBalance": "evidence.quantity",
    "Breakdown": "evidence.quantity",
    "Dimension": "evidence.quantity",
    "CellOf": "evidence.quantity",
    "Series": "evidence.series",
    "Source": "evidence.claim",
    "Claim": "evidence.claim",
    "When": "evidence.when",
    "Exactly": "evidence.wording",
    "About": "evidence.wording",
    "Nearly": "evidence.wording",
    "MoreThan": "evidence.wording",
    "AtLeast": "evidence.wording",
    "UpTo": "evidence.wording",
    "FewerThan": "evidence.wording",
    "CouldReach": "evidence.wording",
    "Verified": "evidence.wording",
    "Between": "evidence.wording",
    "BestEstimate": "evidence.wording",
    "OrderOf": "evidence.wording",
    "Many": "evidence.wording",
    "Most": "evidence.wording",
    "law": "models.laws",
    "register_wording": "models.laws",
    "Assumptions": "models.assumptions",
    "assumptions_of": "models.choosing",
    "model": "models.face",
    "prior": "inference.prior",
    "estimate": "inference.estimate",
    "open_estimate": "inference.estimate",
    "Estimate": "inference.estimate",
    "Recipe": "inference.estimate",
    "Draws": "inference.compute",
    "over_time": "inference.over_time",
    "check": "inference.checks",
    "NotPublishableError": "inference.refusals",
    "sensitivity": "inference.sensitivity",
    "prior_part": "inference.prior_part",
    "origins_curve": "inference.origins",
    "outlook": "inference.outlook",
    "Outlook": "inference.outlook",
    "conflict": "inference.conflict",
    "conflicts": "inference.conflict",
    "Conflict": "inference.sides",
    "Conflicts": "inference.sides",
    "calibrate": "inference.calibration",
    "Learner": "inference.learning",
    "read_reference": "models.reference",
    "reference_class": "models.reference",
    "ReferenceClass": "models.reference",
    "how_wrong": "inference.how_wrong",
    "sentence": "publish.sentences",
    "threshold": "publish.sentences_threshold",
    "estimates_table": "publish.tables",
    "claims_table": "publish.tables",
    "plot_provenance": "publish.figure_provenance",
    "plot_claims": "publish.figures",
    "plot_density": "publish.figure_density",
    "plot_dots": "publish.figure_dots",
    "plot_many": "publish.figure_many",
    "plot_account": "publish.figures",
    "plot_flows": "publish.figure_flows",
    "plot_series": "publish.figure_series",
    "plot_all_series": "publish.figure_panels",
    "over_time_table": "publish.over_time_table",
    "plot_sources": "publish.figures",
    "plot_sensitivity": "publish.figures",
    "plot_prior": "publish.figures",
    "plot_origins": "publish.figure_origins",
    "plot_reference": "publish.figure_reference",
    "plot_outlook": "publish.figure_outlook",
    "plot_conflicts": "publish.figure_conflict",
    "plot_ranks": "publish.figure_calibration",
    "write_report": "publish.report",
    "write_companions": "publish.companions",
    "cite": "publish.cite",
    "reproduce": "publish.reproduce",
    "verify": "publish.verify",
    "Verification": "publish.verdicts",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    """Return a public name, importing its module when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'estimators' has no attribute {name!r}")
    found = getattr(import_module(f"estimators.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
