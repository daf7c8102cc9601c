"""Baselines for known outcomes: rules of a newsroom, Tables 1-3, and a model of shifts.

Each makes a posterior of the count out of early claims, in closed form or exactly on a grid.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from outcome_wordings import chance_said
from scipy import optimize, signal, special, stats

from estimators.evidence.outcome import EarlyClaim, Outcome
from estimators.models.assumptions import ORIGIN_SCALE, Assumptions
from estimators.models.claim_error import features_of, readable
from estimators.models.reference import latest
from estimators.models.settled import STEP, Settled, grid_of

type Array = npt.NDArray[np.float64]
type Normal = tuple[float, float]

RULES: dict[str, tuple[str, float]] = {
    "latest claim, .2": ("latest", 0.2),
    "latest claim, .35": ("latest", 0.35),
    "median of claims, .35": ("median", 0.35),
    "range of claims": ("range", 0.2),
}
TABLES, SHIFTED = "Tables 1-3", "shift model (Radford et al. 2023)"
BASELINES = (*RULES, TABLES, SHIFTED)

FLOORS, CEILINGS = ("at least", "more than"), ("up to", "fewer than")
_CLASSES = {"party_to_conflict": "party", "": "unknown"}
_LEAST = 1e-14
_NEAR = 2.0  # scales within which a cell is no good by the density at its middle


class Known(NamedTuple):
    """What baselines know from other events: mean and sd of log counts, and the shifts."""

    prior: Normal
    shifts: Shifts


def baselines(outcome: Outcome, claims: Iterable[EarlyClaim], known: Known) -> dict[str, Settled]:
    """Return what each baseline makes of readable claims, at least one.

    Parameters
    ----------
    outcome
        The event; its settled count is not read.
    claims
        Of the event.
    known
        From other events.
    """
    spoken = totals(readable(claims))
    made = {name: newsroom(outcome, spoken, *rule) for name, rule in RULES.items()}
    made[TABLES] = tables(outcome, readable(claims), known.prior)
    made[SHIFTED] = shifted(outcome, spoken, known)
    return made


def totals(claims: Iterable[EarlyClaim]) -> list[EarlyClaim]:
    """Return the claims of the total, in their order of time; all where there is none of it.

    Parameters
    ----------
    claims
        Readable claims of an event.
    """
    ordered = sorted(claims, key=lambda claim: claim.published.middle)
    return [claim for claim in ordered if claim.kind == "claim"] or ordered


# --- rules of a newsroom ------------------------------------------------------------------------


def student(middle: float, scale: float, grid: Array) -> Settled:
    """Return a Student-t(3) as a posterior on a grid.

    Parameters
    ----------
    middle, scale
        Of the log of the count.
    grid
        Logs of counts.
    """
    density = stats.t(3).pdf((grid - middle) / scale)
    return Settled(grid, density / density.sum())


def newsroom(outcome: Outcome, spoken: list[EarlyClaim], rule: str, scale: float) -> Settled:
    """Return what a rule makes of claims: the latest, the median or the range of them.

    Parameters
    ----------
    outcome
        The event.
    spoken
        Its claims, in their order of time.
    rule
        'latest', 'median' or 'range'.
    scale
        Of the Student-t(3) around it.
    """
    features = features_of(outcome, spoken)
    said, grid = features.log_said, grid_of(features)
    if rule == "latest":
        return student(float(said[-1]), scale, grid)
    if rule == "median":
        return student(float(np.median(said)), scale, grid)
    half = (said.max() - said.min()) / 2.0
    return student(float(said.min() + half), max(scale, half / float(stats.t(3).ppf(0.95))), grid)


# --- Tables 1-3: the claim model without what known outcomes taught ------------------------------


def tables(outcome: Outcome, claims: Iterable[EarlyClaim], prior: Normal) -> Settled:
    """Return what the claim model makes of the last word of each source, by its defaults.

    log belief = log count + common error + error of the class + error of the origin, and the law
    of the wording; nothing is learned, and no claim is early or late. Exact on the grid: what is
    told of a belief is spread by each error in turn.

    Parameters
    ----------
    outcome
        The event.
    claims
        Its readable claims.
    prior
        Mean and sd of the log of a count before any claim.
    """
    spoken = latest(list(claims))
    grid = grid_of(features_of(outcome, spoken))
    beyond = STEP * np.arange(1 - len(grid), len(grid), dtype=float)
    by_class: dict[str, Array] = defaultdict(lambda: np.ones(len(grid)))
    for claim in spoken:
        name = _CLASSES.get(claim.source_class, claim.source_class)
        told = spread(chance_said(claim, grid), origin_kernel(ORIGIN_SCALE[name], beyond))
        by_class[name] = _rescaled(by_class[name] * told)
    judged = Assumptions()
    of_class, common = (normal_kernel(sd, beyond) for sd in (judged.class_sd, judged.common_sd))
    told = np.ones(len(grid))
    for weight in by_class.values():
        told = _rescaled(told * spread(weight, of_class))
    chance = spread(told, common) * stats.norm.pdf(grid, *prior)
    return Settled(grid, chance / chance.sum())


def spread(weight: Array, kernel: Array) -> Array:
    """Return how likely claims are at each place of the grid, after one more error.

    Parameters
    ----------
    weight
        How likely they are before it.
    kernel
        Chances of the error, as many places to either side as the grid has; symmetric.
    """
    n = len(weight)
    return _rescaled(signal.fftconvolve(weight, kernel)[n - 1 : 2 * n - 1])


def _rescaled(weight: Array) -> Array:
    return np.maximum(weight / weight.max(), _LEAST)


def normal_kernel(sd: float, at: Array) -> Array:
    """Return the chance of the cell around each place under a normal error.

    Parameters
    ----------
    sd
        Of the error.
    at
        Places, `STEP` apart.
    """
    edges = (at[:, None] + np.array([-STEP, STEP]) / 2.0) / sd
    return np.diff(special.ndtr(edges))[:, 0]


def origin_kernel(scale: float, at: Array) -> Array:
    """Return the chance of the cell around each place where a normal's sd is half-normal.

    The density of such an error is a Bessel function, K0(|x| / scale) / (pi scale), infinite but
    integrable in the middle.

    Parameters
    ----------
    scale
        Of the half-normal.
    at
        Places, `STEP` apart, zero in the middle.
    """
    far = np.maximum(np.abs(at) / scale, STEP / 2.0 / scale)
    chance = STEP * special.k0(far) / (np.pi * scale)
    near = np.abs(at) < _NEAR * scale
    edges = (at[near, None] + np.array([-STEP, STEP]) / 2.0) / scale
    below = np.sign(edges) * special.iti0k0(np.abs(edges))[1] / np.pi
    chance[near] = np.diff(below)[:, 0]
    return chance


# --- shifts of bounds and biases of classes, learned from other events --------------------------


class Shifts(NamedTuple):
    """Shifts of bounds, and the sds of the bias of a class within an event and of a claim."""

    floor: float
    ceiling: float
    class_sd: float
    claim_sd: float


def fit_shifts(outcomes: Iterable[Outcome]) -> Shifts:
    """Return the shifts and sds of greatest likelihood, given claims whose outcomes are known.

    log claim = log count + shift of a floor or a ceiling + bias of the class within the event +
    error of the claim, both normal. For each ratio of their sds the rest is least squares after a
    part of each class's mean is taken off.

    Parameters
    ----------
    outcomes
        Events with their settled counts.

    References
    ----------
    .. [1] Radford et al. (2023), who let sources have biases and minimum and maximum claims
       shifts, and centre biases softly at zero. doi:10.1073/pnas.2307372120
    """
    left, bounds, groups = _misses(outcomes)
    size = np.bincount(groups)

    def whitened(of: Array, ratio: float) -> Array:
        part = 1.0 - 1.0 / np.sqrt(1.0 + size * ratio)
        total = np.zeros((len(size), of.shape[1]))
        np.add.at(total, groups, of)
        return of - (part / size)[groups, None] * total[groups]

    def at(log_ratio: float) -> tuple[float, Array, float]:
        ratio = float(np.exp(log_ratio))
        columns, y = whitened(bounds, ratio), whitened(left[:, None], ratio)[:, 0]
        shift = np.linalg.lstsq(columns, y)[0]
        variance = float(np.mean((y - columns @ shift) ** 2))
        worse = len(y) * np.log(variance) + np.log1p(size * ratio).sum()
        return float(worse), shift, variance

    best = optimize.minimize_scalar(lambda x: at(x)[0], bounds=(-8.0, 8.0), method="bounded").x
    _, shift, variance = at(best)
    sd = float(np.sqrt(variance))
    return Shifts(float(shift[0]), float(shift[1]), sd * float(np.exp(best / 2.0)), sd)


def _misses(outcomes: Iterable[Outcome]) -> tuple[Array, Array, npt.NDArray[np.int64]]:
    """Return log claim less log count, whether floor and ceiling, and the group of each claim."""
    left: list[float] = []
    bounds: list[tuple[bool, bool]] = []
    groups: list[tuple[int, str]] = []
    for event, outcome in enumerate(outcomes):
        spoken = totals(readable(outcome.claims))
        left += (features_of(outcome, spoken).log_said - np.log(outcome.final)).tolist()
        bounds += [bound_of(claim) for claim in spoken]
        groups += [(event, claim.source_class) for claim in spoken]
    order = {group: place for place, group in enumerate(dict.fromkeys(groups))}
    places = np.array([order[group] for group in groups])
    return np.array(left), np.array(bounds, dtype=float), places


def bound_of(claim: EarlyClaim) -> tuple[bool, bool]:
    """Return whether a claim is a floor, and whether it is a ceiling.

    Parameters
    ----------
    claim
        One with a wording.
    """
    name = claim.wording.name if claim.wording else ""
    return name in FLOORS, name in CEILINGS


def shifted(outcome: Outcome, spoken: list[EarlyClaim], known: Known) -> Settled:
    """Return what the model of shifts makes of claims: a normal posterior.

    Parameters
    ----------
    outcome
        The event.
    spoken
        Its claims.
    known
        The prior on the count, and the shifts.
    """
    features = features_of(outcome, spoken)
    shifts = np.array([np.dot(bound_of(claim), known.shifts[:2]) for claim in spoken])
    by_class: dict[str, list[float]] = defaultdict(list)
    for claim, log_count in zip(spoken, features.log_said - shifts, strict=True):
        by_class[claim.source_class].append(float(log_count))
    mean, sd = known.prior
    weights, means = [sd**-2], [mean]
    for told in by_class.values():
        weights.append(1.0 / (known.shifts.class_sd**2 + known.shifts.claim_sd**2 / len(told)))
        means.append(float(np.mean(told)))
    middle, scale = np.average(means, weights=weights), np.sum(weights) ** -0.5
    grid = grid_of(features)
    density = stats.norm.pdf(grid, middle, scale)
    return Settled(grid, density / density.sum())
