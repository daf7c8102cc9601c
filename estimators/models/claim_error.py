"""The law of claim error: how wrong claims are, by when, by whom and of what.

    log claim = log count + innovations of the event from its phase on + error of the claim

An event's claims of a phase (before anybody could count; up to 2 days after; up to 14; later) share
its innovation and all later ones: what is believed of an event walks towards the truth, and early
claims err together. All scales of an event have a factor of its own, since events are unevenly hard
to count. A growing count lies below by an exponential gap that closes with its age.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from estimators.evidence.outcome import SELECTIONS, EarlyClaim, Outcome
from estimators.evidence.when import When
from estimators.evidence.wording import Between, OneNumber, OrderOf
from estimators.models.laws import LADDER
from estimators.models.phases import PHASES, phase_at

type Array = npt.NDArray[np.float64]
type Places = npt.NDArray[np.int64]

USED = ("claim", "growing_count", "enumerated_floor")
GROWING = USED[1:]
CLASSES = {
    "state": ("official", "rescuers", "hospital"),
    "party": ("military", "party_to_conflict", "activist"),
    "ngo": ("ngo", "un"),
    "media": ("media",),
    "other": ("witness", "other", ""),
}
CATEGORIES = {
    "accidents": ("accident",),
    "arrests": ("arrests", "deportation", "abduction"),
    "attacks": ("attack",),
    "disasters": ("disaster",),
    "wars": ("war_total",),
    "other": ("displacement", "epidemic", "other"),
}
WORDINGS = {"exact": ("exact", "verified"), "about": ("about", "nearly"), "other": ()}
# Of all Student-t laws here: a judgement after a look at the set. `settled` has the distribution
# function of these degrees in closed form.
DEGREES = 2.0
TAILS = "heavy tails"
UNEVEN = "unevenness of events"
ABSENT = {"shared error": -9.0, UNEVEN: -9.0}  # log scales; other parameters of absent terms are 0
DATES = 5  # equally likely days for which the span of an uncertain date stands
LEAST = 0.03  # least scale of the error of a claim: outcomes themselves are no better known
_EIGHTY = 2.563  # widths of a normal's 80 % interval


def exponential_points(n: int) -> Array:
    """Return equal-probability points of a standard exponential.

    Parameters
    ----------
    n
        How many.
    """
    return -np.log1p(-(np.arange(n) + 0.5) / n)


class Features(NamedTuple):
    """What the law knows of claims: an entry a claim; places are those of the tables above."""

    log_said: Array
    own: Array  # sd of what a word or a range leaves open
    phase: Places
    days: Array  # since everything could be counted
    growing: Array
    source: Places
    category: Places
    selection: Places
    wording: Places


def readable(claims: Iterable[EarlyClaim]) -> list[EarlyClaim]:
    """Return the claims that speak of the total in a number or a word, none a repeat.

    Parameters
    ----------
    claims
        All claims of an event.
    """
    spoken = (c for c in claims if c.kind in USED and not c.is_repeat and not c.is_denial)
    return [c for c in spoken if isinstance(c.wording, OneNumber | Between | OrderOf)]


def features_of(outcome: Outcome, claims: Iterable[EarlyClaim]) -> Features:
    """Return what the law knows of readable claims of an event; its settled count is not read.

    Parameters
    ----------
    outcome
        The event.
    claims
        Some of its readable claims.
    """
    rows = [_feature(outcome, claim) for claim in claims]
    kinds = (float, float, int, float, float, int, int, int, int)
    columns = zip(*rows, strict=True) if rows else [()] * len(kinds)
    return Features(*(np.array(col, dtype=kind) for col, kind in zip(columns, kinds, strict=True)))


def _feature(outcome: Outcome, claim: EarlyClaim) -> tuple[float, ...]:
    day, from_ = claim.published.middle, outcome.counted_from
    days = (day - from_).days
    said, own = _said(claim)
    return (
        *(said, own, phase_at(days), max(days, 0), float(claim.kind in GROWING)),
        place_of(CLASSES, claim.source_class),
        place_of(CATEGORIES, outcome.category),
        SELECTIONS.index(outcome.selection),
        place_of(WORDINGS, claim.wording.name if claim.wording else ""),
    )


def _said(claim: EarlyClaim) -> tuple[float, float]:
    match claim.wording:
        case Between(low, high):
            return float(np.log(low * high) / 2.0), float(np.log(high / low)) / _EIGHTY
        case OrderOf(word):
            median, sd = LADDER[word]
            return float(np.log(median)), sd
        case OneNumber(value):
            return float(np.log(value)), 0.0
    raise ValueError(f"{claim.qualifier!r} is no number and no word")


def place_of(table: dict[str, tuple[str, ...]], name: str) -> int:
    """Return the place of the entry that holds a name; the last one holds all others.

    Parameters
    ----------
    table
        One of `CLASSES`, `CATEGORIES` and `WORDINGS`.
    name
        Of a class of source, a category of events or a wording.
    """
    found = [place for place, names in enumerate(table.values()) if name in names]
    return found[0] if found else len(table) - 1


def on_days(claim: EarlyClaim) -> Iterator[EarlyClaim]:
    """Yield a claim as made on each of the days for which its date stands: one, or five.

    Parameters
    ----------
    claim
        A claim; its date may be a month or a year.
    """
    start, end = claim.published.start, claim.published.end
    for n in range(DATES if end > start else 1):
        day = start + timedelta(days=int((end - start).days * (n + 0.5) / DATES))
        yield replace(claim, published=When(day, day))


class Training(NamedTuple):
    """Claims whose outcomes are known, for the fit of a law.

    `features` has an entry for each claim and day on which it may have been made, `dates` the
    places of those of each claim: shape (claims, 5). All else has an entry a claim but for `first`.
    """

    features: Features
    dates: Places
    event: Places
    first: Places  # of each event its first claim
    truth: Array


def training_of(outcomes: Iterable[Outcome]) -> Training:
    """Return the readable claims of events as arrays, with their settled counts.

    Parameters
    ----------
    outcomes
        Events; those of which nothing can be read have no entry.
    """
    told = [(outcome, readable(outcome.claims)) for outcome in outcomes]
    told = [(outcome, claims) for outcome, claims in told if claims]
    days = [[list(on_days(claim)) for claim in claims] for _, claims in told]
    pairs = zip(told, days, strict=True)
    parts = [features_of(outcome, chain.from_iterable(of)) for (outcome, _), of in pairs]
    sizes = [len(claims) for _, claims in told]
    entries = [len(claim) for of in days for claim in of]
    at = np.arange(DATES) % np.array(entries)[:, None] + np.cumsum([0, *entries[:-1]])[:, None]
    return Training(
        Features(*(np.concatenate(column) for column in zip(*parts, strict=True))),
        at,
        np.repeat(np.arange(len(told)), sizes),
        np.cumsum([0, *sizes[:-1]]),
        np.repeat(np.log([outcome.final for outcome, _ in told]), sizes),
    )


class Scales(NamedTuple):
    """The law for some claims: an entry a claim, but four innovations of their event."""

    error: Array
    gap: Array
    shift: Array
    innovation: Array


# Prior mean and sd of each parameter (judgement, wide; Table 1 of the project's statistics for the
# level), and its shape. Effects of a table sum to nothing in the mean.
PRIORS: dict[str, tuple[float | tuple[float, ...], float, tuple[int, ...]]] = {
    "error": (float(np.log(0.12)), 0.7, ()),
    "error by phase": (0.0, 0.4, (len(PHASES),)),
    "error by class": (0.0, 0.4, (len(CLASSES),)),
    "error by category": (0.0, 0.3, (len(CATEGORIES),)),
    "error by selection": (0.0, 0.3, (len(SELECTIONS),)),
    "error by wording": (0.0, 0.3, (len(WORDINGS),)),
    "error of growing counts": (0.0, 0.5, ()),
    "shared error": (float(np.log(0.12)), 0.7, ()),
    "shared error by phase": ((0.7, 0.3, 0.0, -0.3), 0.5, (len(PHASES),)),
    "shared error by category": (0.0, 0.3, (len(CATEGORIES),)),
    "shared error by selection": (0.0, 0.3, (len(SELECTIONS),)),
    "shift of parties": (0.0, 0.3, ()),
    "gap of growing counts": (float(np.log(0.8)), 0.7, ()),
    "closing of the gap": (-0.3, 0.5, ()),
    UNEVEN: (float(np.log(0.5)), 0.5, ()),
}
TERMS = {
    "age": ("error by phase", "shared error by phase"),
    "class": ("error by class",),
    "category": ("error by category", "shared error by category"),
    "selection": ("error by selection", "shared error by selection"),
    "wording": ("error by wording",),
    "shared error": ("shared error",),
    "shift": ("shift of parties",),
    "unevenness": (UNEVEN,),
    TAILS: (),
}


def of_claims(p: dict[str, Any], f: Features, own: Any, of: Any) -> tuple[Any, Any, Any]:
    """Return scale, gap and shift of each claim, from tensors or from numbers."""
    log_scale = (
        p["error"]
        + p["error by phase"][f.phase]
        + p["error by class"][f.source]
        + p["error by category"][f.category]
        + p["error by selection"][f.selection]
        + p["error by wording"][f.wording]
        + p["error of growing counts"] * f.growing
        + own
    )
    scale = of.sqrt(of.exp(2.0 * log_scale) + f.own**2 + LEAST**2)
    gap = of.exp(p["gap of growing counts"]) * (1.0 + f.days) ** (-of.exp(p["closing of the gap"]))
    party = (f.source == list(CLASSES).index("party")).astype(float)
    return scale, gap * f.growing, p["shift of parties"] * party


def log_shared(p: dict[str, Any], category: Places, selection: Places) -> Any:
    """Return the log scale of the innovation of each event and phase: shape (events, phases)."""
    return (
        p["shared error"]
        + p["shared error by phase"][None, :]
        + p["shared error by category"][category][:, None]
        + p["shared error by selection"][selection][:, None]
    )


def scales_of(p: dict[str, Array], features: Features, own: float = 0.0) -> Scales:
    """Return the law for some claims of one event, at one draw of its parameters.

    Parameters
    ----------
    p
        Parameters by name, as in `PRIORS`.
    features
        Of the claims, at least one.
    own
        Log of the event's own factor on all scales.

    References
    ----------
    .. [1] The set and what it shows: `data/known_outcomes/README.md`.
    """
    scale, gap, shift = of_claims(p, features, own, np)
    shared = log_shared(p, features.category[:1], features.selection[:1])[0]
    return Scales(scale, gap, shift, np.exp(shared + own))
