"""The one builder: a study and its assumptions become one joint density over all unknowns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from estimators.evidence.claim import Claim
from estimators.evidence.study import Study
from estimators.models import cells, density
from estimators.models.accounts import Account, Lines, account_of, lines_of
from estimators.models.approach import place_of
from estimators.models.arrays import Data, Frame, Structure
from estimators.models.assumptions import Assumptions
from estimators.models.blocks import in_blocks
from estimators.models.claims import Sharing, sharing_of
from estimators.models.coordinates import frame_of
from estimators.models.error_scales import scales_of
from estimators.models.laws import LADDERS
from estimators.models.lists.likelihood import Likelihood
from estimators.models.nodes import rules_of
from estimators.models.ranges import Priors, priors_of
from estimators.models.reading import Reading
from estimators.models.readings import Laws, readings_of
from estimators.models.reads import read_by, tune_scales, tunes_by
from estimators.models.shapes import Cells, Shape, cells_of, effects_in, shapes_of

type Array = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Joint:
    """The joint model of a study: what is fixed in all its fits, and the data of each.

    `base` holds every prior that is a choice. A fit is `data(assumptions, …)`; `structure` and the
    names never change. Nothing is compiled for a study: the density is one compiled function of
    structure and data. Claims whose ids are in `split` are set apart from all others (see
    `claims.SPLIT`). `told` is what matched lists say of their counts, by the id of the anchor.
    """

    study: Study
    base: Assumptions
    split: frozenset[str] = field(default=frozenset(), kw_only=True)
    told: Mapping[str, Likelihood] = field(default_factory=dict, kw_only=True, repr=False)

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """Return all observations in the order of the model's `claim` dimension."""
        return readings_of(self.study, told=self.told)

    @cached_property
    def claims(self) -> tuple[Claim | None, ...]:
        """Return the claim of each reading; None for an anchor."""
        return tuple(reading.claim for reading in self.readings)

    @cached_property
    def priors(self) -> Priors:
        """Return the priors of the account under the base assumptions."""
        return priors_of(self.study, self.base)

    @cached_property
    def account(self) -> Account:
        """Return the lines of the account, and which of them each claim reads."""
        return account_of(self.study)

    @cached_property
    def shapes(self) -> tuple[Shape, ...]:
        """Return how wholes fall apart over time and along dimensions."""
        return shapes_of(self.study)

    @cached_property
    def lines(self) -> Lines:
        """Return the account as arrays."""
        return lines_of(self.account, self.priors, self.shapes)

    @cached_property
    def sharing(self) -> Sharing:
        """Return the shared errors and who carries them."""
        base, shaping = self.base, effects_in(self.shapes)
        return sharing_of(
            self.study, self.claims, base.learn_from, base.stands, shaping, self.split
        )

    @cached_property
    def cells(self) -> Cells:
        """Return the groups of cells as arrays."""
        return cells_of(self.shapes, {e: place for place, e in enumerate(self.sharing.effects)})

    @cached_property
    def tunes(self) -> tuple[tuple[str, ...], Array]:
        """Return the names of the learned parameters of laws, and each reading's three of them.

        Parameters are learned for wordings and origins with at least `learn_from` readings.
        """
        return tunes_by(self.readings, self.base.learn_from)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Return the names of all unknowns, in the order of the density."""
        errors = tuple(effect.id for effect in self.sharing.effects)
        spreads = tuple(f"spread of {name}" for name in self.sharing.spreads)
        return (*self.priors.unknowns, *errors, *spreads, *self.tunes[0])

    @cached_property
    def structure(self) -> Structure:
        """Return what never changes in the fits of this study."""
        lines, cells, sharing = self.lines, self.cells, self.sharing
        spreads = {name: n for n, name in enumerate(sharing.spreads)}
        read = read_by(self.readings, self.account, lines, self.priors)
        return Structure(
            *(lines.base_line, lines.fraction, lines.cell, lines.rest),
            *(lines.start, lines.members, lines.weights),
            *(cells.start, cells.is_odds, cells.adds_up),
            *(cells.basis_start, cells.basis_error, cells.basis_weight),
            np.array([spreads.get(e.spread, -1) for e in sharing.effects], dtype=np.int64),
            read.line,
            read.fraction,
            read.before,
            read.carry,
            read.whole,
            *(sharing.start.astype(np.int64), sharing.places.astype(np.int64), sharing.weights),
            self.tunes[1],
            len(spreads),
        )

    def data(
        self,
        assumptions: Assumptions | None = None,
        without: frozenset[str] = frozenset(),
        adding: frozenset[str] = frozenset(),
        observed: Array | None = None,
    ) -> Data:
        """Return the data of one fit.

        Parameters
        ----------
        assumptions
            Assumptions of this fit; the base assumptions if not given.
        without
            Ids of readings that get weight zero.
        adding
            Ids of anchors that count though they are not used.
        observed
            Printed things other than the study's own, as `Laws.draw` gives them.
        """
        chosen = assumptions or self.base
        laws = self.laws(chosen)
        given = laws.observed if observed is None else observed
        priors = priors_of(self.study, chosen)
        scales = scales_of(self.study, self.claims, self.sharing, chosen)
        chance, low, high = laws.cells(given)
        own, copied = laws.copied(given, without)
        readings = laws.readings
        summed = np.array([r.sigma if r.law.code in SUMMED else 0.0 for r in readings])
        start, at, stands = rules_of(chance, low, high, summed)
        return Data(
            *(priors.base_mean, priors.base_sd, priors.base_skew),
            *(priors.fraction_mean, priors.fraction_sd, priors.fraction_skew),
            *(scales.mean, scales.scale),
            *(scales.tails, scales.free),
            np.zeros(len(scales.mean)),
            tune_scales(self.tunes[0], chosen),
            np.array([reading.law.code for reading in readings], dtype=np.int64),
            np.log([reading.sigma for reading in readings]),
            np.array([np.log(r.slack) if r.slack else 0.0 for r in readings]),
            np.array([reading.law.sign for reading in readings]),
            *(chance, low, high),
            start,
            *(at, stands),
            laws.words(given),
            np.array([reading.weighs(without, adding) for reading in readings]),
            *(own, copied),
            np.stack([law.table for law in laws.tables] or [np.zeros(5)]),
            np.concatenate(LADDERS),
            np.cumsum([0, *map(len, LADDERS)]),
            scales.spread_log,
            np.full(len(priors.base), -1, dtype=np.int64),
            self.cells.offset,
            laws.log_before(given),
        )

    def laws(self, assumptions: Assumptions | None = None) -> Laws:
        """Return the laws of the readings under the assumptions' way of reading them.

        Parameters
        ----------
        assumptions
            The base assumptions if not given.
        """
        chosen = assumptions or self.base
        reading = chosen.reading
        floors = reading == "floors"
        read = readings_of(self.study, reading, self.told) if floors else self.readings
        return Laws(read, chosen.copy_chance)

    def frame(self, data: Data, known: Array | None = None) -> tuple[Frame, Data]:
        """Return the coordinates in which a fit is sampled, and its data as they are sampled.

        Parameters
        ----------
        data
            Of the fit.
        known
            Draws of the unknowns from a fit like it, if there are any.
        """
        place = place_of(self.structure, data) if known is None and self.shapes else None
        return frame_of(self.structure, data, known, place)

    def follow(
        self, z: Array, data: Data, coarse: frozenset[str] = frozenset()
    ) -> dict[str, Array]:
        """Return all that follows from draws of the unknowns, by name: draws first.

        Parameters
        ----------
        z
            Draws of the unknowns: shape (draws, unknowns).
        data
            Of the fit.
        coarse
            Names of what is kept to seven digits, to save memory.

        Returns
        -------
        dict
            `count`, `moment` (counts at the end of each cell of a series), `share`, `coverage`,
            `error`, `spread`, `tune` (factors), `belief`,
            `log_sigma`, `log_slack` and `log_likelihood`.
        """
        return in_blocks(lambda part: self._followed(part, data), z, coarse)

    def _followed(self, z: Array, data: Data) -> dict[str, Array]:
        """Return what follows from a few draws."""
        made = [density.follow(row, self.structure, data) for row in np.ascontiguousarray(z)]
        states = [state for state, _ in made]
        counts = np.stack([state.counts for state in states])
        fractions = np.stack([state.fractions for state in states])
        tune = z[:, z.shape[1] - len(self.tunes[0]) :]
        return {
            "count": counts[:, [self.lines.place[id] for id in self.count_ids]],
            "moment": counts[:, [self.lines.place[id] for id in self.account.moments.values()]],
            "share": fractions[:, [self.priors.fraction.index(id) for id in self.share_ids]],
            "coverage": fractions[:, [n for n, _ in self.coverages]],
            "error": np.stack([state.errors for state in states]),
            "spread": np.stack([state.spreads for state in states]),
            "tune": np.exp(data.tune_scale * tune),
            "belief": np.stack([state.belief for state in states]),
            "log_sigma": np.stack([state.log_sigma for state in states]),
            "log_slack": np.stack([state.log_slack for state in states]),
            "log_likelihood": np.stack([found[:, 0] for _, found in made]),
        }

    @cached_property
    def count_ids(self) -> tuple[str, ...]:
        """Return the quantities that are counts."""
        return tuple(quantity.id for quantity in self.study.quantities if not quantity.is_share)

    @cached_property
    def share_ids(self) -> tuple[str, ...]:
        """Return the quantities that are shares."""
        return tuple(quantity.id for quantity in self.study.quantities if quantity.is_share)

    @cached_property
    def coverages(self) -> tuple[tuple[int, str], ...]:
        """Return the place among the fractions and the name of each coverage."""
        found = enumerate(self.priors.fraction)
        return tuple((n, id) for n, id in found if id.startswith("coverage "))

    @property
    def coords(self) -> dict[str, list[str]]:
        """Return the names along each dimension of `follow`."""
        return {
            "quantity": list(self.count_ids),
            "moment_of": [f"{id} {self._last_day(id, k)}" for id, k in self.account.moments],
            "share_quantity": list(self.share_ids),
            "coverage_of": [id for _, id in self.coverages],
            "effect": [effect.id for effect in self.sharing.effects],
            "spread_of": list(self.sharing.spreads),
            "parameter": list(self.tunes[0]),
            "claim": [reading.id for reading in self.readings],
            "unknown": list(self.names),
        }

    def _last_day(self, id: str, cell: int) -> str:
        """Return the last day of a cell of a quantity's series."""
        return str(self.study.series_of[id].edges[cell + 1] - timedelta(days=1))


# Laws that are summed over a few places for all grids of a number at once.
SUMMED = (cells.BOUND, cells.NORMAL)
