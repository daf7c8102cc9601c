"""What the matched lists of a study say of its counts: fitted before the study itself."""

from __future__ import annotations

from estimators.evidence.study import Study
from estimators.models.lists.likelihood import Likelihood


def lists_told(study: Study) -> dict[str, Likelihood]:
    """Return the likelihood of the count that each anchor of matched lists holds, by its id.

    It is all that the lists have to say: chances of capture are independent of the count and of
    all errors of claims before anything is read, so that a joint model of lists and claims has
    them integrated out without loss. Lists without an assumption say nothing.

    Parameters
    ----------
    study
        The study.

    Raises
    ------
    NotPublishableError
        If no number of some lists may be printed; the message says which and why.
    """
    listed = [(a.id, a.matched) for a in study.anchors if a.matched and a.matched.assumption]
    if not listed:
        return {}
    from estimators.inference.lists.families import likelihood_of  # loads the samplers of lists
    from estimators.inference.refusals import NotPublishableError

    told = {}
    for id, matched in listed:
        try:
            told[id] = likelihood_of(matched)
        except NotPublishableError as error:
            remedy = "Mend the lists, assume something else, or write used = false without one."
            raise NotPublishableError(f"the lists of anchor {id}: {error} {remedy}") from None
    return told
