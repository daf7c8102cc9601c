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
import nutpie

from estimators.evidence.outcome import EarlyClaim, Outcome, Outcomes
from estimators.evidence.problems import suggestion
from estimators.models.claim_error import (
    ABSENT,
    PRIORS,
    Training,
    features_of,
    law,
    readable,
    scales_of,
    training_of,
)
from estimators.models.settled import Settled, grid_of, settled

type Array = npt.NDArray[np.float64]

FEWEST = 8  # events of a class
KEPT = 40  # draws of its law
_SEED = 2023
_DIGITS = 5
_TARGET_ACCEPT = 0.85
# A class that is shipped and the categories of its events; none: all of them.
PARTS: dict[str, tuple[str, ...]] = {"all": ()}


@dataclass(frozen=True)
class ReferenceClass:
    """A law of claim error with its uncertainty: draws of its parameters from one posterior.

    `prior` is mean and sd of the log of an outcome before any claim. `hash` is that of the events
    that it was learned from.
    """

    name: str
    hash: str
    events: int
    claims: int
    prior: tuple[float, float]
    parameters: dict[str, Array]

    def settled(self, outcome: Outcome, claims: Iterable[EarlyClaim]) -> Settled | None:
        """Return what the count will be settled at, given some claims; None where none is readable.

        Later words of one source supersede its earlier ones.

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
        features = features_of(outcome, last)
        grid = grid_of(features)
        draws = [settled(features, scales_of(p, features), self.prior, grid) for p in self.draws]
        return Settled(grid, np.mean(draws, axis=0))

    @cached_property
    def draws(self) -> list[dict[str, Array]]:
        """Return each draw of the parameters by name."""
        n = len(next(iter(self.parameters.values())))
        return [{name: of[k] for name, of in self.parameters.items()} for k in range(n)]

    def as_text(self) -> str:
        """Return the class as JSON, from which `read_reference` makes it again."""
        rounded = {k: np.round(v, _DIGITS).tolist() for k, v in self.parameters.items()}
        rest = {"name": self.name, "hash": self.hash, "events": self.events, "claims": self.claims}
        return json.dumps({**rest, "prior": self.prior, "parameters": rounded}) + "\n"


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
        'all' so far.

    Raises
    ------
    ValueError
        If there is none of that name.
    """
    if name not in PARTS:
        raise ValueError(f"no reference class {name!r}. {suggestion(name, PARTS)}")
    folder = resources.files("estimators.inference") / "reference_classes"
    file = folder / f"{name.replace(' ', '_')}.json"
    return _made(json.loads(file.read_text(encoding="utf-8")))


def _made(found: dict[str, Any]) -> ReferenceClass:
    parameters = {name: np.asarray(of, dtype=float) for name, of in found["parameters"].items()}
    return ReferenceClass(**{**found, "parameters": parameters, "prior": tuple(found["prior"])})


@dataclass
class Learner:
    """A law over a set of known outcomes, compiled once; each fit leaves some events out."""

    outcomes: Outcomes
    without: tuple[str, ...] = ()

    @cached_property
    def training(self) -> Training:
        """Return all readable claims as arrays."""
        return training_of(self.outcomes.events)

    @cached_property
    def _compiled(self) -> Any:
        return nutpie.compile_pymc_model(law(self.training, self.without))

    def learn(
        self,
        name: str = "all",
        left_out: Iterable[Outcome] = (),
        draws: int = 400,
        seed: int = _SEED,
    ) -> ReferenceClass:
        """Return the law learned from the set, without some events.

        Parameters
        ----------
        name
            What the class is to be called.
        left_out
            Events of the set that are not learned from.
        draws
            Of each of two chains, after as many of warm-up.
        seed
            Of the sampler.

        Raises
        ------
        ValueError
            If fewer than 8 events are left.
        """
        absent = {(event.event, event.quantity) for event in left_out}
        told = [event for event in self.outcomes.events if readable(event.claims)]
        kept = [(event.event, event.quantity) not in absent for event in told]
        if sum(kept) < FEWEST:
            raise ValueError(
                f"{sum(kept)} events are too few to learn from; take the class 'all' instead"
            )
        weight = np.array(kept, dtype=float)[self.training.event]
        tree = nutpie.sample(
            self._compiled.with_data(weight=weight),
            draws=draws,
            tune=draws,
            chains=2,
            seed=seed,
            target_accept=_TARGET_ACCEPT,
            progress_bar=False,
        )
        used = [event for event, is_kept in zip(told, kept, strict=True) if is_kept]
        logs = np.log([event.final for event in used])
        return ReferenceClass(
            name,
            Outcomes(tuple(used)).hash,
            len(used),
            int(weight.sum()),
            (float(logs.mean()), float(logs.std())),
            _thinned(tree["posterior"].to_dataset()),
        )


def _thinned(posterior: Any) -> dict[str, Array]:
    """Return some draws of each parameter; of an absent term what leaves it out."""
    n = posterior.sizes["chain"] * posterior.sizes["draw"]
    at = np.linspace(0, n - 1, KEPT).astype(int)
    found = {}
    for name, (_, _, shape) in PRIORS.items():
        off = np.full((KEPT, *shape), ABSENT.get(name, 0.0))
        has = name in posterior
        found[name] = posterior[name].values.reshape(n, *shape)[at] if has else off
    return found
