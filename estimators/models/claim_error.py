"""The law of claim error: how wrong claims are, by when, by whom and of what.

    log claim = log count + innovations of the event from its phase on + error of the claim

An event's claims of a phase (before anybody could count; up to 2 days after; up to 14; later) share
its innovation and all later ones: what is believed of an event walks towards the truth, and early
claims err together. A growing count lies below by an exponential gap that closes with its age.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pymc as pm
import pytensor.tensor as pt

from estimators.evidence.outcome import SELECTIONS, EarlyClaim, Outcome
from estimators.evidence.wording import Between, OneNumber, OrderOf
from estimators.models.laws import LADDER

type Array = npt.NDArray[np.float64]
type Places = npt.NDArray[np.int64]

PHASES = ("before access", "0-2 days after", "3-14 days after", "later")
_LAST_DAYS = (2, 14)
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
ABSENT = {"shared error": -9.0}  # a log scale; any other parameter of an absent term is 0
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


_GAPS = exponential_points(8)


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
    days = max((day - from_).days, 0)
    phase = 0 if day < from_ else 1 + sum(days > last for last in _LAST_DAYS)
    said, own = _said(claim)
    return (
        *(said, own, phase, days, float(claim.kind in GROWING)),
        _place(CLASSES, claim.source_class),
        _place(CATEGORIES, outcome.category),
        SELECTIONS.index(outcome.selection),
        _place(WORDINGS, claim.wording.name if claim.wording else ""),
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


def _place(table: dict[str, tuple[str, ...]], name: str) -> int:
    """Return the place of the entry that holds a name; the last one holds all others."""
    found = [place for place, names in enumerate(table.values()) if name in names]
    return found[0] if found else len(table) - 1


class Training(NamedTuple):
    """Claims whose outcomes are known, for the fit of a law: an entry a claim but for `first`."""

    features: Features
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
    parts = [features_of(*pair) for pair in told]
    sizes = [len(claims) for _, claims in told]
    return Training(
        Features(*(np.concatenate(column) for column in zip(*parts, strict=True))),
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
}
TERMS = {
    "age": ("error by phase", "shared error by phase"),
    "class": ("error by class",),
    "category": ("error by category", "shared error by category"),
    "selection": ("error by selection", "shared error by selection"),
    "wording": ("error by wording",),
    "shared error": ("shared error",),
    "shift": ("shift of parties",),
}


def law(training: Training, without: Iterable[str] = ()) -> pm.Model:
    """Return the model of the errors of claims whose outcomes are known.

    `weight` is data of the model: 0 leaves a claim out, so that folds need no compilation.

    Parameters
    ----------
    training
        Claims with their outcomes.
    without
        Names of `TERMS` that the law does not have.
    """
    f, event, first, truth = training
    off = {name for term in without for name in TERMS[term]}
    with pm.Model() as model:
        weight = pm.Data("weight", np.ones(len(f.log_said)))
        p = {name: _parameter(name, name in off) for name in PRIORS}
        unit = pm.StudentT("unit", nu=DEGREES, mu=0.0, sigma=1.0, shape=(len(first), len(PHASES)))
        innovation = unit * pt.exp(_log_shared(p, f.category[first], f.selection[first]))
        walked = pt.cumsum(innovation[:, ::-1], axis=1)[:, ::-1]
        scale, gap, shift = _of_claims(p, f, pt)
        left = f.log_said - truth - walked[event, f.phase] - shift
        said = pt.switch(f.growing, _below(left, gap, scale), _student(left, scale))
        pm.Potential("said", pt.sum(weight * said))
    return model


def _parameter(name: str, is_off: bool) -> Any:
    mean, sd, shape = PRIORS[name]
    if is_off:
        return pt.as_tensor_variable(np.full(shape, ABSENT.get(name, 0.0)))
    return pm.Normal(name, mean, sd, shape=shape)


def _student(left: Any, scale: Any) -> Any:
    """Return the log density of a Student-t(2), less a constant."""
    half = (DEGREES + 1.0) / 2.0
    return -half * pt.log1p((left / scale) ** 2 / DEGREES) - pt.log(scale)


def _below(left: Any, gap: Any, scale: Any) -> Any:
    """Return the same for what lies below by an exponential gap."""
    made = pt.stack([_student(left + gap * q, scale) for q in _GAPS])
    return pt.logsumexp(made, axis=0) - np.log(len(_GAPS))


def _of_claims(p: dict[str, Any], f: Features, of: Any) -> tuple[Any, Any, Any]:
    """Return scale, gap and shift of each claim, from tensors or from numbers."""
    log_scale = (
        p["error"]
        + p["error by phase"][f.phase]
        + p["error by class"][f.source]
        + p["error by category"][f.category]
        + p["error by selection"][f.selection]
        + p["error by wording"][f.wording]
        + p["error of growing counts"] * f.growing
    )
    scale = of.sqrt(of.exp(2.0 * log_scale) + f.own**2 + LEAST**2)
    gap = of.exp(p["gap of growing counts"]) * (1.0 + f.days) ** (-of.exp(p["closing of the gap"]))
    party = (f.source == list(CLASSES).index("party")).astype(float)
    return scale, gap * f.growing, p["shift of parties"] * party


def _log_shared(p: dict[str, Any], category: Places, selection: Places) -> Any:
    """Return the log scale of the innovation of each event and phase: shape (events, phases)."""
    return (
        p["shared error"]
        + p["shared error by phase"][None, :]
        + p["shared error by category"][category][:, None]
        + p["shared error by selection"][selection][:, None]
    )


def scales_of(p: dict[str, Array], features: Features) -> Scales:
    """Return the law for some claims of one event, at one draw of its parameters.

    Parameters
    ----------
    p
        Parameters by name, as in `PRIORS`.
    features
        Of the claims, at least one.

    References
    ----------
    .. [1] The set and what it shows: `data/known_outcomes/README.md`.
    """
    scale, gap, shift = _of_claims(p, features, np)
    log_shared = _log_shared(p, features.category[:1], features.selection[:1])[0]
    return Scales(scale, gap, shift, np.exp(log_shared))
