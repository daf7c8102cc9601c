"""The matched lists of a study, each table once, with what every family of models makes of it."""

from __future__ import annotations

from dataclasses import dataclass

from estimators.evidence.choices import Anchor
from estimators.evidence.matched import Matched
from estimators.evidence.study import Study
from estimators.inference.lists.compare import Comparison, compare_lists
from estimators.models.lists.likelihood import Likelihood


@dataclass(frozen=True, eq=False)
class Listed:
    """One table of matched lists of a study: who reads it how, and what each family makes of it.

    `anchor` is the first that uses the table, else the first that names it; `told` the likelihood
    as the study reads it, departure included; None where it is only shown.
    """

    anchor: Anchor
    comparison: Comparison
    told: Likelihood | None = None

    @property
    def matched(self) -> Matched:
        """Return the lists."""
        assert self.anchor.matched is not None
        return self.anchor.matched


def compare_study(study: Study) -> tuple[Listed, ...]:
    """Return the matched lists of a study, each table compared over all families of models.

    Parameters
    ----------
    study
        The study.
    """
    return tuple(_listed(anchor) for anchor in tables_of(study))


def tables_of(study: Study) -> tuple[Anchor, ...]:
    """Return an anchor for each table of matched lists: the first that uses it, if one does.

    Parameters
    ----------
    study
        The study.
    """
    found: dict[tuple[str, object], Anchor] = {}
    for anchor in sorted(study.anchors, key=lambda a: not a.used):
        if anchor.matched is not None:
            found.setdefault((anchor.quantity, anchor.matched.table), anchor)
    return tuple(found.values())


def _listed(anchor: Anchor) -> Listed:
    assert anchor.matched is not None
    made = compare_lists(anchor.matched.table, classes=anchor.matched.classes)
    if not anchor.used:
        return Listed(anchor, made)
    from estimators.inference.lists.families import likelihood_of  # cached: it was read before

    return Listed(anchor, made, likelihood_of(anchor.matched))
