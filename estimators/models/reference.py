"""Reference classes: laws of claim error, learned from known outcomes and kept as data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

from estimators.evidence.outcome import CATEGORIES, SELECTIONS, EarlyClaim, Outcome
from estimators.evidence.problems import suggestion
from estimators.models.claim_error import (
    TAILS,
    UNEVEN,
    Features,
    features_of,
    on_days,
    readable,
    scales_of,
)
from estimators.models.settled import Settled, Told, grid_of, settled

type Array = npt.NDArray[np.float64]

_SEED = 2023
_DIGITS = 5
# Places and log weights of a standard normal: the event's own factor.
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(5)
_LOG_WEIGHTS = np.log(_WEIGHTS / _WEIGHTS.sum())
# Classes that are shipped: the categories and the ways of having come in of their events.
PARTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "all": (CATEGORIES, SELECTIONS),
    "arrests and deportations": (("arrests", "deportation", "abduction"), SELECTIONS),
    "attacks": (("attack",), SELECTIONS),
    "disasters": (("disaster", "accident"), SELECTIONS),
    "plain": (CATEGORIES, ("plain",)),
}


@dataclass(frozen=True)
class ReferenceClass:
    """A law of claim error with its uncertainty: draws of its parameters from one posterior.

    `prior` is mean and sd of the log of an outcome before any claim. `hash` is that of the events
    that it was learned from, `without` the terms that the law does not have.
    """

    name: str
    hash: str
    events: int
    claims: int
    prior: tuple[float, float]
    parameters: dict[str, Array]
    without: tuple[str, ...] = ()

    def settled(self, outcome: Outcome, claims: Iterable[EarlyClaim]) -> Settled | None:
        """Return what the count will be settled at, given some claims; None where none is readable.

        Later words of one source supersede its earlier ones. Draws of the law count by how likely
        they make the claims: a law goes on learning from the claims that it is used on.

        Parameters
        ----------
        outcome
            The event; its settled count is not read.
        claims
            Of the event.
        """
        last = latest(readable(claims))
        if not last:
            return None
        made = [features_of(outcome, claims) for claims in _dated(last)]
        grid = grid_of(made[0])
        told = [self._told(features, n, len(made), grid) for n, features in enumerate(made)]
        chance = np.concatenate([one.chance for one in told])
        size = np.concatenate([one.size for one in told])
        return Settled(grid, np.exp(size - special.logsumexp(size)) @ chance)

    def _told(self, features: Features, first: int, step: int, grid: Array) -> Told:
        """Return how likely claims are under every so many draws, each with several own factors."""
        some = self.draws[first::step]
        laws = [scales_of(p, features, float(np.exp(p[UNEVEN])) * x) for p in some for x in _NODES]
        told = settled(features, laws, self.prior, grid, TAILS not in self.without)
        return told._replace(size=told.size + np.tile(_LOG_WEIGHTS, len(some)))

    @cached_property
    def draws(self) -> list[dict[str, Array]]:
        """Return each draw of the parameters by name."""
        n = len(next(iter(self.parameters.values())))
        return [{name: of[k] for name, of in self.parameters.items()} for k in range(n)]

    def as_text(self) -> str:
        """Return the class as JSON, from which `read_reference` makes it again."""
        rounded = {k: np.round(v, _DIGITS).tolist() for k, v in self.parameters.items()}
        rest = {"name": self.name, "hash": self.hash, "events": self.events, "claims": self.claims}
        law = {"without": self.without, "prior": self.prior, "parameters": rounded}
        return json.dumps({**rest, **law}) + "\n"


def part_of(name: str) -> str:
    """Return the name of the shipped class that a word of it means; any other name as it is.

    Parameters
    ----------
    name
        Of a class.
    """
    meant = [part for part in PARTS if name in part.split(" and ")]
    return meant[0] if meant else name


def described(name: str) -> str:
    """Return a class by name, with what identifies its events where it is one that is shipped.

    Parameters
    ----------
    name
        Of the class; 'none' for none.
    """
    return f"'{name}' (events {reference_class(name).hash[:12]})" if name in PARTS else name


def _dated(claims: Sequence[EarlyClaim]) -> list[list[EarlyClaim]]:
    """Return the claims with a day each, as often as uncertain dates need it."""
    days = [list(on_days(claim)) for claim in claims]
    n = max(map(len, days))
    rng = np.random.default_rng(_SEED)
    order = [rng.permutation(n) % len(of) for of in days]
    return [[of[at[k]] for of, at in zip(days, order, strict=True)] for k in range(n)]


def latest(claims: Sequence[EarlyClaim]) -> list[EarlyClaim]:
    """Return the last claim of each source.

    Parameters
    ----------
    claims
        Readable claims of one event.
    """
    ordered = sorted(claims, key=lambda claim: claim.published.middle)
    return list({claim.source: claim for claim in ordered}.values())


def read_reference(path: str | Path) -> ReferenceClass:
    """Return a reference class from a file that `as_text` wrote.

    Parameters
    ----------
    path
        The file.
    """
    return _made(json.loads(Path(path).read_text(encoding="utf-8")))


def reference_class(name: str = "all") -> ReferenceClass:
    """Return a reference class that is shipped.

    Parameters
    ----------
    name
        One of `PARTS`: 'all', 'arrests and deportations', 'attacks', 'disasters' or 'plain', or a
        word of one of them, e.g. 'deportations'.

    Raises
    ------
    ValueError
        If there is none of that name.
    """
    name = part_of(name)
    if name not in PARTS:
        raise ValueError(f"no reference class {name!r}. {suggestion(name, PARTS)}")
    folder = resources.files("estimators.models") / "reference_classes"
    file = folder / f"{name.replace(' ', '_')}.json"
    return _made(json.loads(file.read_text(encoding="utf-8")))


def _made(found: dict[str, Any]) -> ReferenceClass:
    parameters = {name: np.asarray(of, dtype=float) for name, of in found["parameters"].items()}
    pairs = {"prior": tuple(found["prior"]), "without": tuple(found["without"])}
    return ReferenceClass(**{**found, **pairs, "parameters": parameters})
