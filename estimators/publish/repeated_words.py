"""Sentences made again: whether their words are the same, and whether only drawn numbers differ."""

from __future__ import annotations

import re
from typing import Literal, get_args

from estimators.inference.checks import NotPublishableError
from estimators.inference.estimate import Estimate
from estimators.publish.sentences import sentence

type Verdict = Literal["same", "within Monte Carlo error", "different"]

VERDICTS: tuple[Verdict, ...] = get_args(Verdict.__value__)  # the better first

# Clauses that tell of other fits than the main one.
_OTHER_FITS = re.compile(
    r"; (?:if that fails, it is|but sources disagree on it) [^;.]*(?:\.\d[^;.]*)*"
)
_NUMBER = r"[\d,]+(?:\.\d+)?%?"
_DRAWN = re.compile(
    rf"between {_NUMBER} and {_NUMBER}(?= [^();]*\(90% interval)"
    rf"|(?<=interval; median ){_NUMBER}|(?<=prior-limited: ){_NUMBER}"
)


def compare_sentence(
    made: Estimate, id: str, recorded: str, numbers: Verdict
) -> tuple[Verdict, str, str]:
    """Return the verdict on a sentence, the sentence as it comes out now, and why.

    Parameters
    ----------
    made
        The estimate made again.
    id
        The quantity.
    recorded
        The sentence that was printed.
    numbers
        The verdict on the numbers of the quantity: it holds where only they differ.
    """
    if id not in made.study.by_id:
        return "different", "", "not in the study"
    try:
        said = sentence(made, id)
    except NotPublishableError as error:
        return "different", "", str(error)
    was, now = (_OTHER_FITS.sub("", text) for text in (recorded, said))
    if was == now:
        return "same", said, ""
    if _DRAWN.sub("#", was) == _DRAWN.sub("#", now):
        verdict: Verdict = "different" if numbers == "different" else "within Monte Carlo error"
        return verdict, said, "only estimated numbers differ"
    return "different", said, "its words differ"
