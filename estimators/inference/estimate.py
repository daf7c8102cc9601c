"""A study becomes an estimate: the recipe, the draws, and where they came from."""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from estimators.evidence.problems import suggestion
from estimators.evidence.study import Study, assumed_shares, status
from estimators.inference.compute import (
    Compiled,
    Draws,
    default_draws,
    sample_carefully,
    show_progress,
)
from estimators.inference.packing import pack_study, unpack_study
from estimators.inference.provenance import provenance_of
from estimators.models.assumptions import Assumptions
from estimators.models.choosing import assumptions_of
from estimators.models.dependence import dependence_of
from estimators.models.reference import described

LEVEL = 0.9
_COMPARISONS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}


@dataclass(frozen=True)
class Recipe:
    """Everything needed to make an estimate again."""

    study: Study
    assumptions: Assumptions
    seed: int
    draws: Draws

    def as_dict(self) -> dict[str, Any]:
        """Return the recipe without its study as plain values."""
        drawn = {"draws": self.draws.draws, "tune": self.draws.tune, "chains": self.draws.chains}
        return {"seed": self.seed, **drawn, "assumptions": self.assumptions.as_dict()}

    @classmethod
    def from_dict(cls, study: Study, values: Mapping[str, Any]) -> Recipe:
        """Return the recipe of a study that `as_dict` gave."""
        drawn = Draws(values["draws"], values["tune"], values["chains"])
        return cls(study, Assumptions.from_dict(values["assumptions"]), values["seed"], drawn)


@dataclass(frozen=True, eq=False)
class Estimate:
    """What we believe: draws of every quantity, with the recipe that made them.

    `tree` is an xarray.DataTree; its group `posterior` holds `count` (dims chain, draw, quantity;
    in its unit), `share` (dims chain, draw, share_quantity; fractions of one), `belief` (dims
    chain, draw, claim; the log count or logit share that each origin believes) and `error` (dims
    chain, draw, effect; on the log scale).
    """

    recipe: Recipe
    tree: xr.DataTree
    provenance: dict[str, str]

    @property
    def study(self) -> Study:
        """Return the study that was estimated."""
        return self.recipe.study

    @property
    def count(self) -> xr.DataArray:
        """Return the draws of all counts: dims (chain, draw, quantity), each in its unit."""
        return self.tree["posterior"]["count"]

    @property
    def share(self) -> xr.DataArray:
        """Return the draws of all shares: dims (chain, draw, share_quantity), fractions of one."""
        return self.tree["posterior"]["share"]

    @cached_property
    def compiled(self) -> Compiled:
        """Return the compiled model, made when it is first asked for."""
        return Compiled.of(self.study, self.recipe.assumptions)

    def draws_of(self, id: str) -> xr.DataArray:
        """Return the draws of one quantity: dims (chain, draw); in its unit."""
        if self.study.quantity(id).is_share:
            return 100.0 * self.share.sel(share_quantity=id, drop=True)
        return self.count.sel(quantity=id, drop=True)

    def interval(self, id: str, level: float = LEVEL) -> tuple[float, float, float]:
        """Return low, median and high of a quantity, in its unit (percent for a share).

        Parameters
        ----------
        id
            The quantity.
        level
            Probability between low and high, with equal tails.
        """
        return quantiles(self.draws_of(id).values, level)

    def summary(self, level: float = LEVEL) -> pd.DataFrame:
        """Return a table with one row a quantity: low, median, high, unit and status.

        Parameters
        ----------
        level
            Probability between low and high, with equal tails.

        Returns
        -------
        pandas.DataFrame
            Index: the quantity's id. `unit` says what is counted ('percent' for a share).
            `status` says 'claimed', 'through identities' or 'assumed' (touched by no claim: its
            prior, no estimate); `assumed_shares` names the parts on the way whose share no claim
            speaks of; the last columns are those of `dependence`.
        """
        rows = {quantity.id: self._row(quantity.id, level) for quantity in self.study.quantities}
        made = pd.DataFrame.from_dict(rows, orient="index").rename_axis("quantity")
        return made.join(self.dependence())

    def dependence(self) -> pd.DataFrame:
        """Return one row a quantity: statements, readings, origins, networks, effective readings.

        The effective number of readings is at the posterior medians of the spreads.
        """
        spread = self.tree["posterior"]["spread"].median(("chain", "draw")).values
        return dependence_of(self.compiled.model, spread)

    def probability(self, statement: str) -> float:
        """Return the posterior probability of a statement such as 'held_2023_12_07 >= 1000'.

        Parameters
        ----------
        statement
            A quantity's id, one of >= <= > <, and a number (in its unit; percent for a share).

        Raises
        ------
        ValueError
            If the statement is not of this form.
        """
        match = re.fullmatch(r"\s*([\w.:-]+)\s*(>=|<=|>|<)\s*(\d+(?:\.\d+)?)\s*", statement)
        if not match:
            raise ValueError(
                f"{statement!r} is not of the form 'quantity >= number'; comparisons are "
                f"{', '.join(_COMPARISONS)} and the number has digits only"
            )
        id, comparison, number = match.groups()
        if id not in self.study.by_id:
            raise ValueError(f"no quantity {id!r}. {suggestion(id, self.study.by_id)}")
        return float(_COMPARISONS[comparison](self.draws_of(id), float(number)).mean())

    def save(self, path: str | Path) -> Path:
        """Return the file that the whole estimate was saved to; `open_estimate` reads it.

        Parameters
        ----------
        path
            A file, by custom ending in .nc (netCDF-4).
        """
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = self.tree.copy()
        kept.attrs = {
            "undercount_estimate": "1",
            "study": json.dumps(pack_study(self.study), ensure_ascii=False),
            "recipe": json.dumps(self.recipe.as_dict()),
            "provenance": json.dumps(self.provenance),
        }
        kept.to_netcdf(path, engine="h5netcdf")
        return path

    def _row(self, id: str, level: float) -> dict[str, Any]:
        quantity = self.study.by_id[id]
        low, median, high = self.interval(id, level)
        return {
            "label": quantity.label,
            "low": low,
            "median": median,
            "high": high,
            "unit": self.study.unit_of(id),
            "status": status(self.study, id),
            "assumed_shares": " ".join(assumed_shares(self.study, id)),
        }

    def _repr_html_(self) -> str:
        table = self.summary()
        for column in ("low", "median", "high"):
            table[column] = [
                f"{number:,.2g}" if number < 10 else f"{float(f'{number:.2g}'):,.0f}"
                for number in table[column]
            ]
        table["effective"] = ["" if n != n else f"{n:.1f}" for n in table["effective"]]
        stands = escape(described(self.recipe.assumptions.reference))
        head = f"<b>{escape(self.study.title)}</b>: 90 % intervals; reference class: {stands}"
        return f"<p>{head}</p>{table.to_html()}"


def estimate(
    study: Study,
    *,
    seed: int,
    assumptions: Assumptions | None = None,
    draws: Draws | None = None,
    progress: bool | None = None,
) -> Estimate:
    """Return the estimate of a study: draws of every quantity given every claim at once.

    Parameters
    ----------
    study
        What was said.
    seed
        Seed of the sampler; the same seed on the same machine gives the same numbers.
    assumptions
        Every prior that is a choice; if not given, the defaults with the study's overrides.
    draws
        How much to draw; 4 chains of 2,000 draws after 500 of warm-up if not given.
    progress
        Whether to show a progress bar; by default yes.

    Raises
    ------
    EvidenceError
        If the study overrides what is no assumption.
    """
    recipe = Recipe(study, assumptions or assumptions_of(study), seed, draws or default_draws())
    compiled = Compiled.of(study, recipe.assumptions)
    shown = show_progress() if progress is None else progress
    tree = sample_carefully(compiled, recipe.draws, seed, shown)
    stands = {"reference_class": described(recipe.assumptions.reference)}
    made = Estimate(recipe, tree, provenance_of(study, recipe.as_dict()) | stands)
    made.__dict__["compiled"] = compiled
    return made


def open_estimate(path: str | Path) -> Estimate:
    """Return the estimate that `Estimate.save` wrote.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    ValueError
        If the file is no saved estimate.
    """
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"{path}: there is no such file; give the .nc file that save() wrote")
    try:
        with xr.open_datatree(path, engine="h5netcdf") as stored:
            tree = stored.load()
        attributes = dict(tree.attrs)
        study = unpack_study(json.loads(attributes["study"]))
        made = Recipe.from_dict(study, json.loads(attributes["recipe"]))
        provenance = json.loads(attributes["provenance"])
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path} is no saved estimate ({error}); give what save() wrote") from None
    tree.attrs = {}
    return Estimate(made, tree, provenance)


def quantiles(values: Any, level: float = LEVEL) -> tuple[float, float, float]:
    """Return the low end, the median and the high end of draws.

    Parameters
    ----------
    values
        Draws, of any shape.
    level
        Probability between the ends, with equal tails; between 0 and 1.

    Raises
    ------
    ValueError
        If the level is no probability.
    """
    if not 0.0 < level < 1.0:
        raise ValueError(f"level must lie between 0 and 1, e.g. 0.9, not {level}")
    low, median, high = np.quantile(values, [(1 - level) / 2, 0.5, (1 + level) / 2])
    return float(low), float(median), float(high)
