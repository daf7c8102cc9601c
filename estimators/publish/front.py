"""What stands before the text of a report: its title, its question, and what it was made of."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime

from estimators.evidence.study import Study
from estimators.inference.estimate import Estimate
from estimators.publish.catalogue import say
from estimators.publish.escaping import plain
from estimators.publish.local_forms import on_day

_SHORT = 8  # letters of a hash that tell one version of a study from another


@dataclass(frozen=True)
class Front:
    """What stands before the text: title, question, how it was made, and the day of its newest."""

    title: str
    question: str
    byline: str
    day: date

    @property
    def time(self) -> int:
        """Return the midnight that documents are dated with, in seconds; never the clock's."""
        return int(datetime(self.day.year, self.day.month, self.day.day, tzinfo=UTC).timestamp())


def front_of(estimate: Estimate) -> Front:
    """Return title, question and byline of an estimate's report.

    Parameters
    ----------
    estimate
        The estimate.
    """
    study = estimate.study
    day = newest(study)
    return Front(plain(study.title), plain(study.question), _byline(estimate, day), day)


def newest(study: Study) -> date:
    """Return the day of the newest claim, which dates the documents; or SOURCE_DATE_EPOCH's.

    Parameters
    ----------
    study
        The study.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if given.isdecimal():
        return datetime.fromtimestamp(int(given), UTC).date()
    first = date(1980, 1, 1)  # the earliest that a DOCX can hold
    return max([first, *(claim.published.end for claim in study.claims)])


def _byline(estimate: Estimate, day: date) -> str:
    known = estimate.provenance
    parts = [say("Claims up to {day}", day=on_day(day, "%B"))] if estimate.study.claims else []
    for name, label in (("sha256 claims.csv", say("claims")), ("sha256 study.toml", say("study"))):
        if name in known:
            parts.append(f"{label} {known[name][:_SHORT]}")
    if "version undercount" in known:
        parts.append(f"Undercount {known['version undercount']}")
    return " · ".join([*parts, say("seed {seed}", seed=estimate.recipe.seed)])
