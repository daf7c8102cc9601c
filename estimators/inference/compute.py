"""Where sampling runs: one compiled model, many fits through its data."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import nutpie
import xarray as xr

from estimators.evidence.study import Study
from estimators.inference.lists.told import lists_told
from estimators.inference.native import sampler_of
from estimators.models import density
from estimators.models.arrays import DIMS, Data, Frame
from estimators.models.assumptions import Assumptions
from estimators.models.centring import standard
from estimators.models.joint import Joint
from estimators.models.leaning import upright

# Small steps for what is printed, smaller ones where those diverged; fits that only show a shift
# can take larger ones.
CAREFUL = (0.95, 0.98, 0.995)
REFIT_ACCEPT = 0.85
# A study over time begins with larger steps: its gradients are dear.
CAREFUL_OVER_TIME = (REFIT_ACCEPT, *CAREFUL[:2])

# With more readings than this, what has an entry a reading or a cell is kept to seven digits.
MANY_READINGS = 1000
LONG = frozenset({"belief", "log_sigma", "log_slack", "moment", "log_likelihood"})

type Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Draws:
    """How much to draw: `chains` times `draws`, after `tune` draws of warm-up each."""

    draws: int = 2000
    tune: int = 500
    chains: int = 4


BRIEF = Draws(draws=30, tune=60, chains=2)  # before it, where paths make the first frame poor
FIRST = Draws(draws=100, tune=150, chains=2)  # from which other fits take their frame


@dataclass(frozen=True)
class Change:
    """What one fit does otherwise: assumptions, readings left out, anchors added, other data."""

    assumptions: Assumptions | None = None
    without: frozenset[str] = frozenset()
    adding: frozenset[str] = frozenset()
    observed: Array | None = None


@dataclass
class Compiled:
    """A study's joint density; every fit changes its data only, nothing is compiled again."""

    model: Joint = field(repr=False)

    @classmethod
    def of(
        cls, study: Study, assumptions: Assumptions, split: frozenset[str] = frozenset()
    ) -> Compiled:
        """Return the joint density of a study, with the claims of these ids set apart.

        Raises
        ------
        NotPublishableError
            If matched lists of the study say nothing that may be printed.
        """
        return cls(Joint(study, assumptions, split=split, told=lists_told(study)))

    @property
    def acceptance(self) -> tuple[float, ...]:
        """Return the mean acceptances that are tried in turn until no draw diverges."""
        return CAREFUL_OVER_TIME if self.model.shapes else CAREFUL

    @cached_property
    def known(self) -> Array:
        """Return draws of the unknowns from a first short fit: others take their frame from it."""
        return self._first(self.model.data())

    def _first(self, data: Data, cores: int = 0) -> Array:
        """Return draws of the unknowns from a short fit that knows of no other fit."""
        known: Array | None = None
        for draws in (BRIEF, FIRST) if self.model.shapes else (FIRST,):
            frame, sampled = self.model.frame(data, known)
            tree = self._drawn(draws, 0, frame, sampled, REFIT_ACCEPT, cores)
            z = self._unknowns(tree["posterior"]["y"].values, frame, sampled)
            known = np.ascontiguousarray(z.reshape(-1, z.shape[-1]))
        assert known is not None
        return known

    def sample(
        self,
        draws: Draws,
        seed: int,
        change: Change = Change(),
        progress: bool = False,
        target_accept: float = CAREFUL[0],
        cores: int = 0,
    ) -> xr.DataTree:
        """Return the posterior, with something changed.

        Parameters
        ----------
        draws
            How much to draw.
        seed
            Seed of the sampler.
        change
            What this fit does otherwise; nothing by default.
        progress
            Whether to show a progress bar.
        target_accept
            Mean acceptance that the sampler's step size is tuned to.
        cores
            How many chains run at once; as many as there are processors if 0.

        Raises
        ------
        ValueError
            If the assumptions differ in what the model is built on.
        """
        base = self.model.base
        chosen = change.assumptions or base
        if (chosen.learn_from, chosen.stands) != (base.learn_from, base.stands):
            shaping = "learn_from and the reference class shape the model"
            raise ValueError(f"{shaping}; make an estimate with them")
        data = self.model.data(chosen, change.without, change.adding, change.observed)
        known = self.known if change.observed is None else self._first(data, cores)
        frame, sampled = self.model.frame(data, known)
        tree = self._drawn(draws, seed, frame, sampled, target_accept, cores, progress)
        return self._followed(
            tree, data, self._unknowns(tree["posterior"]["y"].values, frame, sampled)
        )

    def _drawn(
        self,
        draws: Draws,
        seed: int,
        frame: Frame,
        sampled: Data,
        target_accept: float,
        cores: int = 0,
        progress: bool = False,
    ) -> xr.DataTree:
        """Return the sampler's tree: draws in the coordinates of a frame."""
        return nutpie.sample(
            sampler_of(self.model.structure, sampled, frame, self.model.names),
            draws=draws.draws,
            tune=draws.tune,
            chains=draws.chains,
            cores=min(draws.chains, cores or os.cpu_count() or 1),
            seed=seed,
            target_accept=target_accept,
            save_warmup=False,
            progress_bar=progress,
        )

    def _unknowns(self, y: Array, frame: Frame, sampled: Data) -> Array:
        """Return the standard normal unknowns of draws: shape (chains, draws, unknowns)."""
        x = np.stack([density.unknowns(at, frame) for at in y.reshape(-1, y.shape[-1])])
        return standard(upright(x, sampled), self.model.structure, sampled).reshape(y.shape)

    def _followed(self, tree: xr.DataTree, data: Data, z: Array) -> xr.DataTree:
        """Return the sampler's tree with all that follows from the unknowns."""
        posterior = tree["posterior"].to_dataset()
        coarse = LONG if len(data.law) > MANY_READINGS else frozenset()
        made = self.model.follow(z.reshape(-1, z.shape[-1]), data, coarse)
        shape = z.shape[:2]
        coords = {"chain": posterior["chain"], "draw": posterior["draw"], **self.model.coords}
        said = made.pop("log_likelihood")
        said *= data.weight.astype(said.dtype)
        arrays = {
            name: (("chain", "draw", DIMS[name]), values.reshape(*shape, -1))
            for name, values in made.items()
        }
        likelihood = {"said": (("chain", "draw", "claim"), said.reshape(*shape, -1))}
        prior = {"z": (("chain", "draw"), -0.5 * np.einsum("cdu,cdu->cd", z, z))}
        tree["posterior"] = xr.Dataset({**arrays, "z": (("chain", "draw", "unknown"), z)}, coords)
        tree["log_likelihood"] = xr.Dataset(likelihood, coords)
        tree["log_prior"] = xr.Dataset(prior, coords)
        return tree


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
    for target in compiled.acceptance:
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
        What to draw where it is not set; 4 chains of 2,000 after 500 if not given.
    """
    asked = os.environ.get("UNDERCOUNT_DRAWS", "")
    return Draws(int(asked), max(int(asked), 100)) if asked else usual or Draws()
