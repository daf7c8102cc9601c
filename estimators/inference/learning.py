"""Laws of claim error learned from known outcomes: reference classes made, events left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import nutpie

from estimators.evidence.outcome import Outcome, Outcomes
from estimators.models.claim_error import ABSENT, PRIORS, Training, readable, training_of
from estimators.models.claim_law import law
from estimators.models.reference import ReferenceClass

type Array = npt.NDArray[np.float64]

FEWEST = 8  # events of a class
KEPT = 40  # draws of its law
_SEED = 2023
_TARGET_ACCEPT = 0.85


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
        chains: int = 2,
    ) -> ReferenceClass:
        """Return the law learned from the set, without some events.

        Parameters
        ----------
        name
            What the class is to be called.
        left_out
            Events of the set that are not learned from.
        draws
            Of each chain, after as many of warm-up.
        seed
            Of the sampler.
        chains
            How many.

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
            chains=chains,
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
            self.without,
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
