"""Replicas of a study for its calibration: simulated claims and their fit, an error planted or not.

A planted error is a change of the data of the fits alone: what is simulated stays sound.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

import arviz as az
import numpy as np
import numpy.typing as npt
import xarray as xr

from estimators.evidence.problems import suggestion
from estimators.evidence.study import Study
from estimators.inference.compute import Change, Compiled, Draws
from estimators.models import cells
from estimators.models.arrays import DIMS, Data
from estimators.models.assumptions import Assumptions
from estimators.models.joint import Joint
from estimators.models.printing import to_scale
from estimators.models.reading import HOLDS, NUMBER

type Array = npt.NDArray[Any]
type Plant = Callable[[Data], Data]

BINS = 20
RANKED = ("count", "share", "coverage", "error", "spread", "tune")
LIKELIHOOD = "log likelihood"
STRETCH = 1.5  # of sigma and slack
LADDER_SHIFT = 0.7  # of the medians of words, on the scale of the belief
_MOST_RANKS = 99
_TARGET_ACCEPT = 0.9
_RHAT, _ESS = 1.05, 50.0
_FAILURES = (RuntimeError, ValueError, ArithmeticError, np.linalg.LinAlgError)


def sound(data: Data) -> Data:
    """Return the data as they are: no error planted."""
    return data


def stretched(data: Data) -> Data:
    """Return data whose laws have sigma and slack, and words their sd, times 1.5.

    Parameters
    ----------
    data
        Of the fit.
    """
    wider = data.ladders * np.array([1.0, STRETCH])
    more = float(np.log(STRETCH))
    return data._replace(
        log_sigma=data.log_sigma + more, log_slack=data.log_slack + more, ladders=wider
    )


def turned(data: Data) -> Data:
    """Return data whose laws look the other way, with the ladders of words shifted.

    A bound becomes the opposite bound, 'nearly' loses its shift, a best estimate swaps the sds
    of its two sides. The law of a bare number is symmetric: nothing of it can be turned.

    Parameters
    ----------
    data
        Of the fit.

    Raises
    ------
    ValueError
        If no law among the readings has a direction.
    """
    sided = (cells.BOUND, cells.SPLIT, cells.NEARLY, cells.WORD)
    if not np.isin(data.law[data.weight > 0], sided).any():
        raise ValueError("no law here has a direction to turn; plant 'scale'")
    is_split = data.law == cells.SPLIT
    return data._replace(
        law=np.where(data.law == cells.NEARLY, cells.POINT, data.law),
        sign=np.where(data.law == cells.BOUND, -data.sign, data.sign),
        log_sigma=np.where(is_split, data.log_slack, data.log_sigma),
        log_slack=np.where(is_split, data.log_sigma, data.log_slack),
        ladders=data.ladders + np.array([LADDER_SHIFT, 0.0]),
    )


PLANTS: Mapping[str, Plant] = MappingProxyType({"scale": stretched, "sign": turned})


def change_of(planted: str | Plant | None) -> Plant:
    """Return the change that plants an error.

    Parameters
    ----------
    planted
        A name of `PLANTS`, a function of the data of a fit, or None for no error.

    Raises
    ------
    ValueError
        If there is no error of that name.
    """
    if planted is None:
        return sound
    if not isinstance(planted, str):
        return planted
    if planted not in PLANTS:
        raise ValueError(f"no planted error {planted!r}. {suggestion(planted, PLANTS)}")
    return PLANTS[planted]


@dataclass(frozen=True, eq=False)
class Replica(Joint):
    """The joint density of a study for replicated data: readings kept or not, an error planted.

    `kept` says of each reading whether it counts (with weight 1) or not at all.
    """

    kept: tuple[bool, ...] = ()
    change: Plant = sound

    def data(
        self,
        assumptions: Assumptions | None = None,
        without: frozenset[str] = frozenset(),
        adding: frozenset[str] = frozenset(),
        observed: Array | None = None,
    ) -> Data:
        """Return the data of one fit, with the error planted.

        Parameters
        ----------
        assumptions, without, adding
            As of `Joint.data`; whether a reading counts is said by `kept` alone.
        observed
            Printed things, as `Laws.draw` gives them.
        """
        data = super().data(assumptions, without | frozenset(self.left_out), adding, observed)
        return self.change(data._replace(weight=np.array(self.kept, dtype=float)))

    @property
    def left_out(self) -> tuple[str, ...]:
        """Return the ids of the readings that are not simulated."""
        pairs = zip(self.readings, self.kept, strict=True)
        return tuple(reading.id for reading, is_kept in pairs if not is_kept)

    @cached_property
    def first_printed(self) -> dict[str, int]:
        """Return, for each quantity, the place of the reading that printed a number of it first."""
        found: dict[str, int] = {}
        dated = [
            (r.claim.published.start, place)
            for place, (r, is_kept) in enumerate(zip(self.readings, self.kept, strict=True))
            if r.claim is not None and r.kind == NUMBER and is_kept
        ]
        for _, place in sorted(dated):
            found.setdefault(self.readings[place].quantity, place)
        return found

    @cached_property
    def parameters(self) -> dict[str, str]:
        """Return the kind of each parameter that is ranked, in the order of `values`."""
        named = {id: kind for kind in RANKED for id in self.coords[DIMS[kind]]}
        distances = {f"distance of {id} from its first number": "data" for id in self.first_printed}
        return {**named, LIKELIHOOD: "data", **distances}

    def values(self, made: dict[str, Array], printed: Array) -> Array:
        """Return what is ranked, a column a parameter.

        Parameters
        ----------
        made
            What `follow` gives, draws first.
        printed
            The printed things of this replica.
        """
        likelihood = made["log_likelihood"][:, list(self.kept)].sum(axis=1)
        columns = [*(made[kind] for kind in RANKED), likelihood[:, None]]
        for id, place in self.first_printed.items():
            is_share = id in self.share_ids
            ids = self.share_ids if is_share else self.count_ids
            value = made["share" if is_share else "count"][:, ids.index(id)]
            at = to_scale(value * (100.0 if is_share else 1.0), is_share)
            columns.append(np.abs(at - to_scale(printed[place], is_share))[:, None])
        return np.concatenate(columns, axis=1)


def replica_of(
    study: Study, assumptions: Assumptions, change: Plant, full_weight: bool = False
) -> Replica:
    """Return the joint density of a study for replicated data.

    Parameters
    ----------
    study, assumptions
        What is replicated.
    change
        Of the data of the fits.
    full_weight
        Whether readings of a weight between 0 and 1 are kept, with weight 1.
    """
    readings = Joint(study, assumptions).readings
    kept = tuple(
        r.kind != HOLDS and (r.weight == 1.0 or (full_weight and r.weight > 0.0)) for r in readings
    )
    made = Replica(study, assumptions, kept, change)
    made.data()  # an error that cannot be planted is raised here
    return made


@dataclass(frozen=True)
class Outcome:
    """What one simulation gave: the ranks of all parameters, or the error of its fit."""

    ranks: Array | None
    is_slow: bool = False
    error: str = ""


def simulation(model: Replica, seed: np.random.SeedSequence, draws: Draws) -> Outcome:
    """Return the ranks of one simulation: a truth, what is printed of it, and a fit of that.

    Parameters
    ----------
    model
        The replica of a study.
    seed
        Of the truth, of what is printed and of the sampler.
    draws
        How much to draw.
    """
    rng = np.random.default_rng(seed)
    z = rng.standard_normal((1, len(model.names)))
    printed = _printed(model, z, rng)
    try:
        tree = Compiled(model).sample(
            draws,
            int(rng.integers(2**31)),
            Change(observed=printed),
            target_accept=_TARGET_ACCEPT,
            cores=1,
        )
    except _FAILURES as error:
        return Outcome(None, error=f"{type(error).__name__}: {error}")
    made = {kind: tree["posterior"][kind].values for kind in RANKED}
    made["log_likelihood"] = tree["log_likelihood"]["said"].values
    flat = {name: np.concatenate(array) for name, array in made.items()}
    drawn = model.values(flat, printed)
    truth = model.values(model.follow(z, model.data(observed=printed)), printed)[0]
    monitored = np.log(made["count"]), made["log_likelihood"].sum(axis=2, keepdims=True)
    return Outcome(_ranks(rng, truth, drawn), _is_slow(np.concatenate(monitored, axis=2)))


def _printed(model: Replica, z: Array, rng: np.random.Generator) -> Array:
    """Return what is printed of a truth, by the laws as they are without a planted error."""
    here = np.array(model.kept)
    made = model.follow(z, Joint.data(model))
    belief, sigma, slack = (made["belief"], np.exp(made["log_sigma"]), np.exp(made["log_slack"]))
    laws = model.laws()
    said = replace(laws, readings=tuple(itertools.compress(laws.readings, model.kept)))
    printed = laws.observed.copy()  # what is left out stays as it is, and nobody copies it
    printed[here] = said.draw(rng, belief[:, here], sigma[:, here], slack[:, here])[0]
    return printed


def levels(total: int) -> int:
    """Return how many ranks there are: 100, or fewer where there are fewer than 99 draws.

    Parameters
    ----------
    total
        Draws of a fit.
    """
    return BINS * ((min(total, _MOST_RANKS) + 1) // BINS)


def _ranks(rng: np.random.Generator, truth: Array, drawn: Array) -> Array:
    """Return how many of the thinned draws lie below the truth, ties broken at random."""
    n = levels(len(drawn)) - 1
    thinned = drawn[np.linspace(0, len(drawn) - 1, n).round().astype(int)]
    below, same = (thinned < truth).sum(axis=0), (thinned == truth).sum(axis=0)
    return np.asarray(below + rng.integers(0, same + 1))


def _is_slow(monitored: Array) -> bool:
    """Return whether draws (chain, draw, quantity) mixed badly, each chain cut in two."""
    half = monitored.shape[1] // 2
    cut = np.concatenate([monitored[:, :half], monitored[:, half : 2 * half]])
    named = xr.DataArray(cut, dims=("chain", "draw", "quantity"))
    rhat, ess = np.nanmax(az.rhat(named).values), np.nanmin(az.ess(named).values)
    return bool(rhat > _RHAT or ess < _ESS)
