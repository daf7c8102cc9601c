"""One honest sentence on a threshold: how probable it is that a number is at least so large."""

from __future__ import annotations

from math import ceil, isfinite

import numpy as np
import numpy.typing as npt
from arviz_stats.base.array import array_stats

from estimators.evidence.study import Study
from estimators.inference.estimate import Estimate
from estimators.publish.catalogue import say
from estimators.publish.escaping import plain
from estimators.publish.labels import is_participle, lowered
from estimators.publish.rests import assumption, prior_limited, stated_shares
from estimators.publish.rounding import as_text
from estimators.publish.sentences import require_printable
from estimators.publish.units import heads

_FINE = 0.005  # an error of simulation up to which whole percents are told
_NONE_SEEN = 3.0  # over the number of independent draws: what is still possible if none did (95%)


def threshold(estimate: Estimate, id: str, at_least: float) -> str:
    """Return one sentence on the probability that a quantity is at least so large.

    Parameters
    ----------
    estimate
        The estimate.
    id
        The quantity.
    at_least
        The number: whole for counts; percent, below 100, for a share.

    Raises
    ------
    NotPublishableError
        If no claim touches the quantity, or its interval is narrower than its origins can know.
    EvidenceError
        If the study has no such quantity.
    TypeError
        If it is no number.
    ValueError
        If the number is not positive and finite, not whole for a count, or no percentage.

    Notes
    -----
    The probability is a whole percentage where the draws know it so well, else one to the nearest
    5 or 10, with "about". It is never 0% or 100%: a model can be wrong, and draws are finite.
    """
    study = estimate.study
    number = _checked(study, id, at_least)
    require_printable(estimate, id)
    reached = np.asarray(estimate.draws_of(id).values >= number, dtype=float)
    parts = [
        say(
            "The probability that {what} is {chance}",
            what=_what(study, id, number),
            chance=chance(reached),
        ),
        *stated_shares(study, id),
        say("this rests on the assumption that {assumption}", assumption=assumption(estimate, id)),
        *prior_limited(estimate, id),
    ]
    return say("; ").join(parts) + "."


def chance(reached: npt.NDArray[np.float64]) -> str:
    """Return the mean of draws of nought and one as a percentage that can be printed.

    Parameters
    ----------
    reached
        Shape (chain, draw): one where it is so.
    """
    p = float(reached.mean())
    if p in (0.0, 1.0):
        least = max(1, ceil(100.0 * _NONE_SEEN / reached.size))
        return (
            say("more than {least}%", least=100 - least)
            if p
            else say("less than {least}%", least=least)
        )
    error = float(array_stats.mcse(reached))
    step = 1 if error <= _FINE else 5 if error <= 5 * _FINE else 10
    rounded = round(100 * p / step) * step
    if rounded < step or 100 * p < 1.0:
        return say("less than {step}%", step=step)
    if rounded > 100 - step or 100 * p > 99.0:
        return say("more than {step}%", step=100 - step)
    return f"{rounded}%" if step == 1 else say("about {rounded}%", rounded=rounded)


def _what(study: Study, id: str, number: float) -> str:
    """Return what is held to be so, as it stands in a sentence."""
    quantity = study.by_id[id]
    if quantity.is_share:
        return say(
            "the {label} was at least {number}%",
            label=lowered(quantity.label),
            number=as_text(number),
        )
    people = heads(study.unit_of(id))
    if is_participle(quantity.label):
        return say(
            "at least {number}{people} were {label}",
            number=as_text(number),
            people=people,
            label=lowered(quantity.label),
        )
    return say(
        "the number “{label}” was at least {number}{people}",
        label=plain(quantity.label),
        number=as_text(number),
        people=people,
    )


def _checked(study: Study, id: str, at_least: object) -> float:
    """Return the threshold, or raise what is wrong with it."""
    quantity = study.quantity(id)
    if isinstance(at_least, bool) or not isinstance(at_least, int | float):
        raise TypeError(f"at_least must be a number, e.g. 500, not {at_least!r}")
    number = float(at_least)
    if not isfinite(number) or number <= 0:
        raise ValueError(f"at_least must be positive and finite, e.g. 500, not {at_least!r}")
    if quantity.is_share and number >= 100:
        raise ValueError(f"{id} is a share: at_least must lie below 100 percent, not {at_least!r}")
    if not quantity.is_share and number != round(number):
        raise ValueError(f"{id} is a count: at_least must be whole, e.g. 500, not {at_least!r}")
    return number
