"""What new claims would carry: the errors of further origins and of a late count, draw by draw."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import xarray as xr

from estimators.evidence.claim import Claim, Source
from estimators.evidence.problems import suggestion
from estimators.evidence.quantity import Quantity, Range
from estimators.evidence.study import Study
from estimators.evidence.when import When
from estimators.evidence.wording import Exactly
from estimators.inference.estimate import Estimate
from estimators.models.assumptions import Assumptions
from estimators.models.claims import Sharing, sharing_of
from estimators.models.error_scales import Scales, scales_of
from estimators.models.phases import phase_of
from estimators.models.quantiles import NORMAL, STRETCHED_2, STRETCHED_4

type Array = npt.NDArray[np.float64]

_OWN = ("origin", "network")
_DEGREES = {NORMAL: np.inf, STRETCHED_4: 4.0, STRETCHED_2: 2.0}
_LEAST = 1e-9  # an sd of nothing at all would make every other draw impossible


@dataclass(frozen=True)
class Newcomers:
    """What origins that have not spoken yet would carry if they did; on the log of the count.

    `shared` (draws) is the error that they share with each other and with those that have spoken;
    `sd` (draws, origins) that of the normal error that each has by itself.
    """

    shared: Array
    sd: Array


def spoken_of(study: Study, id: str) -> tuple[Claim, ...]:
    """Return the readings of counts by which new claims are judged: on a quantity, or its event.

    Parameters
    ----------
    study
        The study.
    id
        A quantity.
    """
    counts = [c for c in study.readings if not study.by_id[c.quantity].is_share]
    own = tuple(c for c in counts if c.quantity == id)
    event = study.event_of(id)
    return own or tuple(c for c in counts if study.event_of(c.quantity) == event)


def newcomers(
    estimate: Estimate, id: str, source_class: str, n: int, posterior: xr.Dataset, seed: int
) -> Newcomers:
    """Return the errors of origins of one class that would speak of a quantity, in every draw.

    Parameters
    ----------
    estimate
        The estimate.
    id
        The quantity, a count.
    source_class
        Class of the new origins.
    n
        How many of them.
    posterior
        Its draws, along one dimension `sample`: `error` and `spread`.
    seed
        Of what is drawn besides.

    Raises
    ------
    ValueError
        If there is no such class, or no claim speaks of the quantity or of its event.

    Notes
    -----
    They speak when the last of those on the quantity spoke (or, if there is none, on its event),
    with informants of their own, and name an exact number for all of it. The model says which
    errors such claims carry. Those that claims of the study carry too are taken from the posterior,
    draw by draw, and so is the spread between origins of their class. What nobody carries yet
    (e.g. the error of a class of which none has spoken) is a fresh draw of its prior. A network's
    error with heavy tails is a normal one whose sd is drawn.
    """
    study, assumptions = estimate.study, estimate.recipe.assumptions
    wider = _with_origins(study, source_class, n, tuple(assumptions.origin_scale))
    claims = (*estimate.compiled.model.claims, *_said(wider, id, n))
    sharing = sharing_of(wider, claims, assumptions.learn_from, assumptions.stands)
    scales = scales_of(wider, claims, sharing, assumptions)
    drawn = _Drawn(posterior, sharing, scales, np.random.default_rng(seed))
    carried = [sharing.places[slice(*ends)] for ends in pairwise(sharing.start[-n - 1 :])]
    own = [[p for p in row if sharing.effects[p].kind in _OWN] for row in carried]
    shared = [p for p in carried[0] if sharing.effects[p].kind not in _OWN]
    level = sum(scales.mean[place] for place in own[0])
    variances = np.stack([sum(drawn.variance(p) for p in row) for row in own], axis=1)
    return Newcomers(
        sum((drawn.error(place) for place in shared), np.full(drawn.n, level)),
        np.maximum(np.sqrt(variances), _LEAST),
    )


def late_count(assumptions: Assumptions, n: int, seed: int) -> Array:
    """Return draws of the variance of the log error of a count that an official makes in the open.

    Parameters
    ----------
    assumptions
        Those of the estimate.
    n
        How many draws.
    seed
        Seed of the draws.

    Notes
    -----
    The model says how wrong such a claim is: with a reference class by the error that claims of
    the last phase share and by its own; without one by the early error of open access and by the
    difference between officials. Given its spread and tails each is normal, so that the count's
    error is a mixture of normals with these variances. What it may have in common with what was
    said before is not followed.
    """
    study = _counted()
    sharing = sharing_of(study, study.readings, assumptions.learn_from, assumptions.stands)
    scales = scales_of(study, study.readings, sharing, assumptions)
    nothing = xr.Dataset(
        {"error": (("effect", "sample"), np.empty((0, n)))}, {"effect": [], "spread_of": []}
    )
    drawn = _Drawn(nothing, sharing, scales, np.random.default_rng(seed))
    kinds = ("common", "event", *_OWN) if assumptions.stands else ("event", "origin")
    found = [drawn.variance(p) for p, e in enumerate(sharing.effects) if e.kind in kinds]
    return np.maximum(np.sum(found, axis=0), _LEAST**2)


def _counted() -> Study:
    """Return a study of one late claim by an official on what all could see."""
    then, later = When.parse("2000-01-01"), When.parse("2001-01-01")
    seen = Quantity("seen", "Seen by all", "flow", Range(1.0, 1e6, "Plays no part."), then)
    claim = Claim("count", "seen", Exactly(1.0), "office", later)
    return Study("A count", "", (seen,), (Source("office", "An office", "official"),), (claim,))


def _with_origins(study: Study, source_class: str, n: int, classes: tuple[str, ...]) -> Study:
    """Return the study with origins that have said nothing."""
    known = {*classes, *study.class_spreads}
    if source_class not in known:
        raise ValueError(f"no class {source_class!r}. {suggestion(source_class, known)}")
    new = (Source(_name(k), f"New origin {k}", source_class) for k in range(n))
    return replace(study, sources=(*study.sources, *new))


def _said(study: Study, id: str, n: int) -> list[Claim]:
    """Return what new origins say at the time of the last claim; the number plays no part."""
    spoken = spoken_of(study, id)
    if not spoken:
        raise ValueError(
            f"no claim speaks of {id} or of another count of its event, so what new ones would "
            "share with it is not known; name a quantity that somebody has spoken of"
        )
    last = max(spoken, key=lambda c: (phase_of(study, c), c.speaks_for.middle))
    return [
        Claim(_name(k), id, Exactly(1.0), _name(k), last.published, as_of=last.as_of)
        for k in range(n)
    ]


def _name(k: int) -> str:
    return f"outlook:new:{k}"


@dataclass(frozen=True)
class _Drawn:
    """Errors and spreads in every draw: of the posterior, or fresh from the prior."""

    posterior: xr.Dataset
    sharing: Sharing
    scales: Scales
    rng: np.random.Generator

    @property
    def n(self) -> int:
        return int(self.posterior.sizes["sample"])

    def error(self, place: int) -> Array:
        """Return an error that new claims share."""
        effect = self.sharing.effects[place]
        if effect.id in self.posterior["effect"]:
            return np.asarray(self.posterior["error"].sel(effect=effect.id).values)
        size = np.sqrt(self.variance(place))
        return np.asarray(self.scales.mean[place] + size * self.rng.standard_normal(self.n))

    def variance(self, place: int) -> Array:
        """Return the variance of the normal that a new error is, given its spread and tails."""
        degrees = _DEGREES[int(self.scales.tails[place])]
        found = (self.scales.scale[place] * self._spread(place)) ** 2
        if np.isfinite(degrees):
            found = found * degrees / self.rng.chisquare(degrees, self.n)
        return np.asarray(found)

    def _spread(self, place: int) -> Array:
        """Return the spread that multiplies an error's scale, 1 where none does."""
        name = self.sharing.effects[place].spread
        return self._spreads[name] if self.scales.free[place] else np.ones(self.n)

    @cached_property
    def _spreads(self) -> dict[str, Array]:
        logs = zip(self.sharing.spreads, self.scales.spread_log, strict=True)
        return {name: self._spread_of(name, float(log_sd)) for name, log_sd in logs}

    def _spread_of(self, name: str, log_sd: float) -> Array:
        if name in self.posterior["spread_of"]:
            return np.asarray(self.posterior["spread"].sel(spread_of=name).values)
        z = self.rng.standard_normal(self.n)
        return np.abs(z) if log_sd < 0.0 else np.exp(log_sd * z)
