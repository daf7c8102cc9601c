"""What a result rests on, in words: assumptions, stated shares, the prior of shared errors."""

from __future__ import annotations

from collections.abc import Iterator

from estimators.evidence.quantity import PartOf, Range
from estimators.evidence.study import Study, assumed_shares, claims_behind
from estimators.inference.estimate import Estimate
from estimators.inference.prior_part import prior_part
from estimators.models.reference import described
from estimators.publish.catalogue import marked, retold, say
from estimators.publish.escaping import plain
from estimators.publish.rounding import as_text
from estimators.publish.sentences_counted import lists_assumptions


def assumption(estimate: Estimate, id: str) -> str:
    """Return the assumption that fixes the level of a quantity, in plain words.

    Parameters
    ----------
    estimate
        The estimate.
    id
        The quantity.
    """
    study = estimate.study
    listed = lists_assumptions(study, id)
    reached = claims_behind(study, id) or not listed
    first, *more = ([_of_claims(estimate, id)] if reached else []) + [*listed]
    for second in more:
        first = say("{first}, and that {second}", first=first, second=second)
    return first


def _of_claims(estimate: Estimate, id: str) -> str:
    size = estimate.recipe.assumptions.early_error
    if size == "none":
        return say("claims are right on average, early ones too")
    how = say("half its size") if size == "half" else say("its full size")
    return say(
        "claims are right on average but for an error that early claims share, "
        "taken at {size}{why}",
        size=how,
        why=_why_early(estimate.study, id),
    )


def stands_on(estimate: Estimate) -> str:
    """Return what the errors of claims rest on: known outcomes, or judgement.

    Parameters
    ----------
    estimate
        The estimate.
    """
    assumptions, study = estimate.recipe.assumptions, estimate.study
    if not assumptions.stands:
        return say(
            "This study stands on no reference class: how far claims err is "
            "judgement, not learned from events whose count was settled later."
        )
    kind = study.category.replace("_", " ")
    read = say(", read for events of the kind {kind}", kind=retold(kind)) if kind else ""
    return say(
        "How far claims err is learned from events whose count was settled "
        "later: this study stands on the reference class {reference}{read}.",
        reference=retold(described(assumptions.reference)),
        read=read,
    )


def _why_early(study: Study, id: str) -> str:
    reasons = {
        "closed": marked(" because nobody could count there, then or since"),
        "slow": marked(" because it took long until anybody could count there"),
    }
    return retold(reasons.get(study.access_of(id), ""))


def stated_shares(study: Study, id: str) -> Iterator[str]:
    """Yield, for each share that no claim speaks of, that it is a stated assumption.

    Parameters
    ----------
    study
        The study.
    id
        The quantity.
    """
    for part in assumed_shares(study, id):
        match study.by_id[part].rule:
            case PartOf(whole, Range(low, high, _)):
                share = say(
                    "taken to be between {low}% and {high}%", low=as_text(low), high=as_text(high)
                )
                of = say(" of “{label}”", label=plain(study.by_id[whole].label))
            case PartOf(whole, _):
                share, of = (
                    say("as stated in the study"),
                    say(" of “{label}”", label=plain(study.by_id[whole].label)),
                )
            case _:
                continue
        name = (
            say("the share")
            if part == id
            else say("the share “{label}”", label=plain(study.by_id[part].label))
        )
        yield say(
            "{name} ({share}{of_whole}) is a stated assumption: no claim tells anything about it",
            name=name,
            share=share,
            of_whole=of,
        )


def prior_limited(estimate: Estimate, id: str) -> Iterator[str]:
    """Yield how far what is left open is the prior of errors that claims share.

    Parameters
    ----------
    estimate
        The estimate.
    id
        The quantity.
    """
    part = prior_part(estimate).loc[id]
    if bool(part["prior_limited"]):
        share = round(100 * float(str(part["bias_r2"])))
        yield say(
            "the number is prior-limited: {share}% of what is left open is the error "
            "that claims share, which more claims of the same kind would not reduce",
            share=share,
        )
