"""Where sampling runs: one compiled model, many fits through its data."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import nutpie
import xarray as xr

from estimators.evidence.study import Study
from estimators.models.assumptions import Assumptions
from estimators.models.joint import build, claims_in_order, model_data

# PyMC lists the names of unknowns on standard error, which shows as a warning in notebooks.
logging.getLogger("pymc").setLevel(logging.WARNING)

# Small steps for what is printed, smaller ones where those diverged; fits that only show a shift
# can take larger ones.
CAREFUL = (0.99, 0.998)
REFIT_ACCEPT = 0.9


@dataclass(frozen=True)
class Draws:
    """How much to draw: `chains` times `draws`, after `tune` draws of warm-up each."""

    draws: int = 1000
    tune: int = 1000
    chains: int = 4


@dataclass
class Compiled:
    """A study's model compiled once; every other fit changes its data only."""

    study: Study
    base: Assumptions
    _model: Any = field(repr=False)

    @classmethod
    def of(cls, study: Study, assumptions: Assumptions) -> Compiled:
        """Return the compiled model of a study."""
        return cls(study, assumptions, nutpie.compile_pymc_model(build(study, assumptions)))

    def sample(
        self,
        draws: Draws,
        seed: int,
        assumptions: Assumptions | None = None,
        without: frozenset[str] = frozenset(),
        progress: bool = False,
        target_accept: float = CAREFUL[0],
    ) -> xr.DataTree:
        """Return the posterior under other assumptions or without some claims.

        Parameters
        ----------
        draws
            How much to draw.
        seed
            Seed of the sampler.
        assumptions
            Assumptions of this fit; those of the compiled model if not given.
        without
            Ids of claims that get weight zero.
        progress
            Whether to show a progress bar.
        target_accept
            Mean acceptance that the sampler's step size is tuned to.

        Raises
        ------
        ValueError
            If the assumptions differ in what is compiled into the model.
        """
        chosen = assumptions or self.base
        if chosen.heavy_tail != self.base.heavy_tail:
            raise ValueError("heavy_tail is compiled into the model; make an estimate with it")
        data: dict[str, npt.NDArray[np.float64]] = dict(model_data(self.study, chosen))
        order = claims_in_order(self.study)
        data["weight"] = np.array([0.0 if claim.id in without else 1.0 for claim in order])
        return nutpie.sample(
            self._model.with_data(**data),
            draws=draws.draws,
            tune=draws.tune,
            chains=draws.chains,
            cores=min(draws.chains, os.cpu_count() or 1),
            seed=seed,
            target_accept=target_accept,
            save_warmup=False,
            progress_bar=progress,
        )


def sample_carefully(
    compiled: Compiled, draws: Draws, seed: int, progress: bool = False
) -> xr.DataTree:
    """Return the posterior, sampled again with smaller steps where any draw diverged.

    Parameters
    ----------
    compiled
        The compiled model.
    draws
        How much to draw.
    seed
        Seed of the sampler.
    progress
        Whether to show a progress bar.
    """
    for target in CAREFUL:
        tree = compiled.sample(draws, seed, progress=progress, target_accept=target)
        if not bool(tree["sample_stats"]["diverging"].any()):
            break
    tree["posterior"].attrs["target_accept"] = target
    return tree


def show_progress() -> bool:
    """Return whether to show progress bars: unless UNDERCOUNT_PROGRESS is 0."""
    return os.environ.get("UNDERCOUNT_PROGRESS", "1") != "0"


def default_draws(usual: Draws | None = None) -> Draws:
    """Return how much to draw: UNDERCOUNT_DRAWS draws a chain where that is set (for tests).

    Parameters
    ----------
    usual
        What to draw where it is not set; 4 chains of 1,000 after 1,000 if not given.
    """
    asked = os.environ.get("UNDERCOUNT_DRAWS", "")
    return Draws(int(asked), max(int(asked), 100)) if asked else usual or Draws()
