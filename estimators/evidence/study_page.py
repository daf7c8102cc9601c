"""A study as a page of a notebook: who said what about which quantity, and when."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from estimators.evidence.claim import Claim

if TYPE_CHECKING:
    from estimators.evidence.study import Study


def page(study: Study) -> str:
    """Return a study as HTML, with all text that people wrote escaped."""
    head = "<tr><th>about</th><th>said</th><th>by</th><th>printed by</th><th>when</th></tr>"
    rows = "".join(_row(study, claim) for claim in study.readings)
    left = len(study.claims) - sum(c.used for c in study.claims)
    return (
        f"<p><b>{escape(study.title)}</b><br>{escape(study.question)}</p>"
        f"<table>{head}{rows}</table><p>{left} more claims are kept, not used, each with the "
        "reason why not.</p>"
    )


def _row(study: Study, claim: Claim) -> str:
    cells = (
        study.by_id[claim.quantity].label,
        str(claim.wording),
        study.source_by_id[claim.origin].name,
        claim.publisher,
        _when(study, claim),
    )
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


def _when(study: Study, claim: Claim) -> str:
    """Return when a claim was printed and, where it says from when on, the days that it counts."""
    days = study.window(claim) if claim.since else None
    if days is None:
        return str(claim.published)
    one = days.start == days.end
    return f"{claim.published}, of {days.start}" + ("" if one else f" to {days.end}")
