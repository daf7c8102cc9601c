"""What a study assumes: the reference class it stands on, the defaults, and what it overrides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import optimize, stats

from estimators.evidence.choices import Scenario
from estimators.evidence.outcome import SELECTIONS
from estimators.evidence.problems import EvidenceError, Problem, suggestion
from estimators.evidence.study import Study
from estimators.models.assumptions import NO_CLASS, ORIGIN_SCALE, Assumptions
from estimators.models.claim_error import (
    CATEGORIES,
    CLASSES,
    UNEVEN,
    WORDINGS,
    log_shared,
    place_of,
)
from estimators.models.phases import PHASES
from estimators.models.reference import PARTS, ReferenceClass, part_of, reference_class

type Array = npt.NDArray[np.float64]
type Places = npt.NDArray[np.int64]

ALL = "all"
# How events of a study came in is not known by its errors: so is that of most of the set.
_SELECTION = "unknown"
_HALF = -1.0  # stands for a half-normal spread
_T2 = stats.t(2)
_OF_CLASS = {name: group for group, names in CLASSES.items() for name in names}
_OF_CLASS |= {"party": "party", "unknown": "other"}  # as studies name them


def assumptions_of(study: Study, reference: ReferenceClass | None = None) -> Assumptions:
    """Return the default assumptions with what the study overrides, each with its reason.

    Parameters
    ----------
    study
        The study whose overrides are read.
    reference
        The class that it stands on, e.g. one learned from events of one's own; by default the
        one that the study names, all events where it states a category, or none.

    Raises
    ------
    EvidenceError
        If the study names no known class, or overrides what is no assumption, or with an
        impossible value.
    """
    scales = MappingProxyType({**ORIGIN_SCALE, **study.class_spreads})
    made, found = Assumptions(origin_scale=scales), []
    chosen = reference or _class_of(study)
    if chosen:
        made = standing(made, chosen, study)
    for override in study.overrides:
        try:
            made = made.changed(override.name, override.value)
        except ValueError as error:
            place = f"study.toml, [assumptions.{override.name}]"
            found.append(Problem(place, f"{error}.", "Mend it.", got=str(override.value)))
    if found:
        raise EvidenceError(found)
    for scenario in study.scenarios:
        scenario_assumptions(made, scenario)
    return made


def _class_of(study: Study) -> ReferenceClass | None:
    """Return the class that a study names; by default all events, read at the study's category.

    A part alone knows what its own events show: of arrests, deportations and abductions 15 claims
    of a total from before anybody could count. All events together lend it the rest, and a
    category has its own effect on them.
    """
    name = part_of(study.reference_class or (ALL if study.category else NO_CLASS))
    if name == NO_CLASS:
        return None
    if name not in PARTS:
        remedy = suggestion(name, (*PARTS, NO_CLASS))
        problem = Problem("study.toml", "no such reference class.", remedy, "reference_class", name)
        raise EvidenceError([problem])
    return reference_class(name)


def standing(base: Assumptions, reference: ReferenceClass, study: Study) -> Assumptions:
    """Return assumptions whose errors are those that a reference class has learned.

    Parameters
    ----------
    base
        Assumptions that stand on judgement.
    reference
        The class.
    study
        Its category and its access choose what of the law is read.

    Notes
    -----
    Scales are posterior medians of the law of claim error, for exact numbers (a wording's own
    error comes on top) and events that came in unknown of their errors. What the posterior leaves
    open of a scale, and the unevenness of events, are a lognormal factor on a Student-t(2) in the
    law. Here a shared error is a Student-t(2) with the same 90 % interval as that product; that of
    an origin is a normal times a lognormal spread, which the study's origins go on teaching, with
    that interval too. Of classes of source that the set does not have (registers, monitors, coders,
    one's own) the stated scale stays, as a normal times such a spread.
    """
    p = reference.parameters
    groups = [place_of(CATEGORIES, study.category)] if study.category else range(len(CATEGORIES))
    _, ways = PARTS.get(reference.name, PARTS[ALL])
    selection = SELECTIONS.index(ways[0] if len(ways) == 1 else _SELECTION)
    kinds = np.array(groups), np.full(len(groups), selection)
    shared = np.stack([log_shared(draw, *kinds).mean(axis=0) for draw in reference.draws])
    own = _own(p, kinds[0], selection, 0 if study.access == "closed" else 1)
    uneven = float(np.mean(np.exp(2.0 * p[UNEVEN])))
    shared_sd, own_sd = _sd(shared, uneven), _sd(own, uneven)
    of_phase = np.exp(np.median(shared, axis=0)) * _upper(_T2, shared_sd) / _upper(_T2, 0.0)
    of_class = np.exp(np.median(own, axis=0)) * _upper(_T2, own_sd) / _upper(stats.norm, own_sd)
    learned = dict(zip(CLASSES, of_class, strict=True))
    stated = _upper(stats.norm, _HALF) / _upper(stats.norm, own_sd)
    scales = {
        name: _short(learned[_OF_CLASS[name]] if name in _OF_CLASS else stated * scale)
        for name, scale in base.origin_scale.items()
    }
    return replace(
        base,
        reference=reference.name,
        phase_scale=MappingProxyType(dict(zip(PHASES, map(_short, of_phase), strict=True))),
        origin_scale=MappingProxyType(scales),
        own_sd=_short(own_sd),
    )


def _short(number: float) -> float:
    """Return a number to three digits: what is used is what is printed."""
    return float(f"{number:.3g}")


def _upper(law: Any, log_sd: float) -> float:
    """Return the 95 % point of a law times a lognormal factor (half-normal for a negative sd)."""
    z = np.linspace(-8.0, 8.0, 801)
    factors = stats.halfnorm.ppf(stats.norm.cdf(z)) if log_sd < 0.0 else np.exp(log_sd * z)
    weights = stats.norm.pdf(z) / stats.norm.pdf(z).sum()

    def gap(log_point: float) -> float:
        return float(weights @ law.cdf(np.exp(log_point) / np.maximum(factors, 1e-12))) - 0.95

    return float(np.exp(optimize.brentq(gap, -5.0, 10.0)))


def _own(p: Mapping[str, Array], groups: Places, selection: int, phase: int) -> Array:
    """Return the log scale of a claim's own error: shape (draws, classes)."""
    once = (
        p["error"]
        + p["error by phase"][:, phase]
        + p["error by category"][:, groups].mean(axis=1)
        + p["error by selection"][:, selection]
        + p["error by wording"][:, list(WORDINGS).index("exact")]
    )
    return np.asarray(once[:, None] + p["error by class"])


def _sd(logs: Array, uneven: float) -> float:
    """Return the sd of logs of scales that go together, over draws, and of the events' factors."""
    return float(np.sqrt(logs.mean(axis=1).var() + uneven))


def scenario_assumptions(base: Assumptions, scenario: Scenario) -> Assumptions:
    """Return the assumptions under which a scenario of a study is run.

    Parameters
    ----------
    base
        Those of the headline.
    scenario
        The scenario.

    Raises
    ------
    EvidenceError
        If it changes what is no assumption, or to an impossible value.
    """
    made = base.changed("reading", scenario.reading)
    for name, value in scenario.assumptions:
        try:
            made = made.changed(name, value)
        except ValueError as error:
            place = f"study.toml, [scenarios.{scenario.id}]"
            raise EvidenceError(
                [Problem(place, f"{error}.", "Mend it.", name, str(value))]
            ) from None
    return made
