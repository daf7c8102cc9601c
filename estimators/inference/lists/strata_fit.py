"""Strata pooled partially: the joint posterior of their numbers, and of any total, sampled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import arviz as az
import joblib
import numpy as np
import numpy.typing as npt
import nutpie
import pandas as pd

from estimators.evidence.captures import Captures
from estimators.inference.lists.fits import FEWEST, faults_of_chains
from estimators.inference.lists.strata_native import followed, sampler_of
from estimators.inference.refusals import NotPublishableError
from estimators.models.lists.strata import (
    POOLED,
    Absent,
    Pooling,
    Strata,
    StrataArrays,
    arrays_of,
    size,
)

type Array = npt.NDArray[np.float64]
type Rng = np.random.Generator

CHAINS, DRAWS, TUNE = 4, 1000, 800
CAREFUL = (0.9, 0.97, 0.99)  # mean acceptances, tried in turn until no draw diverges
BORROWED = 0.75  # share of a stratum's own variance that pooling takes away, above which it is said
_FEW = 300  # unknowns
_AT_ONCE = 500  # draws that are followed at once
_REMEDY = "Draw more, merge lists or strata, or state narrower priors."


@dataclass(frozen=True, eq=False)
class StrataFit:
    """The joint posterior of strata whose chances of capture are pooled partially.

    Parameters
    ----------
    strata
        The capture histories.
    prior
        What strata share, and how far they may be from it.
    observed
        Draws of the persons on the lists by stratum, those of unknown stratum allotted: shape
        (chain, draw, strata).
    count
        Draws of N by stratum under the prior 1/N of each, same shape.
    missed
        Draws of the chance to be on no list by stratum, same shape.
    spread
        Draws of the spread of effects between strata by order, main effects first: shape
        (chain, draw, orders). They are on the scale of log odds.
    diverged
        How many draws diverged.
    alone
        5 %, 50 % and 95 % points of N of each stratum from its own persons only, and the variance
        of its log unseen: shape (strata, 4); None where they were not asked for.
    """

    strata: Strata
    prior: Pooling
    observed: Array
    count: Array
    missed: Array
    spread: Array
    diverged: int
    alone: Array | None = None

    def total(self, **where: str) -> Array:
        """Return draws of the number of people, over strata: shape (chain, draw).

        Parameters
        ----------
        **where
            Values of columns of strata, as in total(sex="female"); all strata if none is given.

        Raises
        ------
        ValueError
            If there is no such column or stratum.
        """
        made: Array = self.count[..., self.strata.places(where)].sum(axis=-1)
        return made

    def seen(self, **where: str) -> Array:
        """Return draws of how many of them are on the lists: shape (chain, draw).

        Parameters
        ----------
        **where
            Values of columns of strata; all strata if none is given.

        Raises
        ------
        ValueError
            If there is no such column or stratum.
        """
        made: Array = self.observed[..., self.strata.places(where)].sum(axis=-1)
        return made

    def interval(self, level: float = 0.9, **where: str) -> tuple[float, float, float]:
        """Return low, median and high of a number of people (persons), with equal tails.

        Parameters
        ----------
        level
            Probability between low and high.
        **where
            Values of columns of strata; all strata if none is given.

        Raises
        ------
        ValueError
            If there is no such column or stratum.
        """
        ends = [(1.0 - level) / 2.0, 0.5, (1.0 + level) / 2.0]
        low, median, high = np.quantile(self.total(**where), ends)
        return float(low), float(median), float(high)

    @property
    def n(self) -> int:
        """Return how many persons stand on at least one list, of known stratum or not."""
        return int(self.strata.n.sum()) + sum(self.strata.many)

    @cached_property
    def rhat(self) -> float:
        """Return the worst R-hat of the total and the numbers of the strata."""
        return max(float(az.rhat(draws)) for draws in self._followed)

    @cached_property
    def ess(self) -> float:
        """Return the fewest effective draws of the total and the numbers of the strata."""
        return min(float(az.ess(draws, method="bulk")) for draws in self._followed)

    @property
    def _followed(self) -> list[Array]:
        """Return draws of the total and of each stratum: none can be printed if any is wrong."""
        return [self.total(), *np.moveaxis(self.count, -1, 0)]

    @cached_property
    def faults(self) -> tuple[str, ...]:
        """Return why no number may be printed, none where they may."""
        found = faults_of_chains(self.rhat, self.ess, _REMEDY)
        if not self.diverged:
            return found
        return (*found, f"{self.diverged} draws diverged. {_REMEDY}")

    @cached_property
    def findings(self) -> tuple[str, ...]:
        """Return which strata rest on the others almost alone, and why."""
        table = self.pooling
        found = [_thin(row.stratum, row.again, row.n) for row in table.itertuples()]
        if "borrowed" in table:
            found += [_borrowed(row.stratum, row.borrowed) for row in table.itertuples()]
        return tuple(sentence for sentence in found if sentence)

    @cached_property
    def pooling(self) -> pd.DataFrame:
        """Return a row for each stratum: persons, chance to be missed, N pooled and alone.

        Columns: `stratum`; `n` persons known to belong to it, `again` those on two lists or more;
        `p0` the median chance to be on no list; `low`, `median`, `high` of N (90 %); where they
        were asked for, `alone_low`, `alone_median`, `alone_high` and `borrowed`, the share of the
        variance of log unseen that pooling takes away.
        """
        low, median, high = np.quantile(self.count, [0.05, 0.5, 0.95], axis=(0, 1))
        table = pd.DataFrame(
            {
                "stratum": self.strata.names(),
                "n": self.strata.n,
                "again": self.strata.again,
                "p0": np.median(self.missed, axis=(0, 1)),
                "low": low,
                "median": median,
                "high": high,
            }
        )
        if self.alone is None:
            return table
        pooled = _log_unseen(self.count - self.observed).var(axis=(0, 1))
        names = ("alone_low", "alone_median", "alone_high")
        own = dict(zip(names, self.alone.T[:3], strict=True))
        return table.assign(**own, borrowed=np.maximum(0.0, 1.0 - pooled / self.alone[:, 3]))

    @property
    def assumption(self) -> str:
        """Return what identifies the numbers of the unseen, as sentences."""
        lists, columns = len(self.strata.lists), " and ".join(self.strata.columns)
        highest = self.prior.orders(lists)
        orders = "no interaction" if highest == 1 else f"no interaction of more than {highest}"
        said = (
            f"There is {orders} of the {lists} lists ({', '.join(self.strata.lists)}) in any "
            f"stratum, and effects of the strata by {columns} are exchangeable: "
            f"{'alike as far as the lists say' if self.prior.learned else 'as alike as stated'}."
        )
        if not self.strata.many:
            return said
        return (
            f"{said} The stratum of {sum(self.strata.many):,} persons is not known in full; it is "
            "missing at random given on which lists they are and what is known of it."
        )

    def printable(self) -> StrataFit:
        """Return the fit itself.

        Raises
        ------
        NotPublishableError
            If no number of it may be printed; the message says why.
        """
        if self.faults:
            raise NotPublishableError(f"{self.strata.name}: {' '.join(self.faults)}")
        return self

    def describe(self) -> str:
        """Return the total, what it rests on, and how well it was sampled."""
        if self.faults:
            return f"Pooled strata: no number may be printed. {' '.join(self.faults)}"
        low, median, high = self.interval()
        rests = "".join(f" {sentence}" for sentence in self.findings)
        return (
            f"Pooled strata: between {low:,.0f} and {high:,.0f} people (90 %), median "
            f"{median:,.0f}, in {len(self.strata.levels)} strata; {self.n:,} stand on the lists. "
            f"Assumed: {self.assumption} R-hat {self.rhat:.3f}, {self.ess:,.0f} effective "
            f"draws.{rests}"
        )


def fit_strata(
    captures: Captures,
    *,
    seed: int = 0,
    prior: Pooling = POOLED,
    absent: Absent | None = None,
    draws: int = DRAWS,
    tune: int = TUNE,
    chains: int = CHAINS,
    cores: int = 1,
    alone: bool = False,
    acceptance: tuple[float, ...] = CAREFUL,
) -> StrataFit:
    """Return the joint posterior of the numbers of people in all strata, pooled partially.

    Persons whose stratum is not known, or known in some columns only, are allotted within the
    model: missing at random given on which lists they are.

    Parameters
    ----------
    captures
        People over several lists, by strata; one replicate.
    seed
        Seed of sampler and of the draws of N.
    prior
        What strata share, and how far they may be from it.
    absent
        For strata (a value, or one for each column), lists that do not exist there: that nobody
        is on them tells nothing. Any other list without persons is one that found nobody.
    draws, tune
        Draws a chain, and draws of warm-up before them.
    chains
        How many chains.
    cores
        How many chains, or fits of strata alone, run at once.
    alone
        Whether each stratum is fitted by itself too, to show what pooling does.
    acceptance
        Mean acceptances that the steps are tuned to; the next is tried where a draw diverged.

    Returns
    -------
    StrataFit
        Draws of N by stratum, of any total, and what is wrong with them.

    Raises
    ------
    EvidenceError
        If the captures hold replicates (`fit_replicates`), strata without persons, persons who
        fit no stratum, or persons on lists that do not exist where they are.
    ValueError
        If there are fewer than three lists, or too many (`keep_largest`).
    """
    strata = Strata.of(captures, absent)
    much = _Much(draws, tune, chains, cores, acceptance)
    found = _fitted(strata, prior, seed, much)
    if not alone:
        return found
    once = replace(much, cores=1)
    tasks = (
        joblib.delayed(_alone)(_only(strata, place), prior, seed, once)
        for place in range(len(strata.levels))
    )
    rows = joblib.Parallel(n_jobs=cores, prefer="threads")(tasks)
    return replace(found, alone=np.array(rows))


def keep_largest(captures: Captures, most: int, into: str = "other lists") -> Captures:
    """Return the captures with the lists of most persons, and all others merged into one.

    The merged list finds whoever any of them found; the model is one of fewer lists, and says so.

    Parameters
    ----------
    captures
        People over several lists.
    most
        How many lists there shall be, the merged one included: two or more.
    into
        What the merged list is called.

    Raises
    ------
    ValueError
        If fewer than two lists would be left.
    """
    if most < 2:
        raise ValueError(f"two lists or more must be left; got {most}")
    if len(captures.lists) <= most:
        return captures
    size = {id: captures.size(id) for id in captures.lists}
    small = sorted(size, key=lambda id: (-size[id], captures.lists.index(id)))[most - 1 :]
    return captures.merged(small, into)


@dataclass(frozen=True)
class _Much:
    """How much is drawn, and how."""

    draws: int
    tune: int
    chains: int
    cores: int
    acceptance: tuple[float, ...]


def _fitted(strata: Strata, prior: Pooling, seed: int, much: _Much) -> StrataFit:
    """Return the posterior of strata, sampled again with smaller steps where a draw diverged."""
    arrays = arrays_of(strata, prior)
    for target in much.acceptance:
        tree = nutpie.sample(
            sampler_of(arrays),
            draws=much.draws,
            tune=much.tune,
            chains=much.chains,
            cores=much.cores,
            seed=seed,
            target_accept=target,
            # How many are unseen moves all effects of a stratum together: with few unknowns a
            # metric that knows it pays; with many it costs far more than it saves.
            adaptation="low_rank" if size(arrays) <= _FEW else "diag",
            save_warmup=False,
            progress_bar=False,
        )
        diverged = int(tree["sample_stats"]["diverging"].values.sum())
        if not diverged:
            break
    return _made(strata, prior, arrays, tree["posterior"]["y"].values, diverged, seed)


def _made(
    strata: Strata, prior: Pooling, arrays: StrataArrays, y: Array, diverged: int, seed: int
) -> StrataFit:
    """Return the fit of draws of the unknowns: shape (chain, draw, unknown)."""
    rng = np.random.default_rng(seed)
    flat = np.ascontiguousarray(y.reshape(-1, y.shape[-1]))
    parts = [
        _one_part(strata, arrays, flat[at : at + _AT_ONCE], rng)
        for at in range(0, len(flat), _AT_ONCE)
    ]
    observed, odds, spread = (np.concatenate(part) for part in zip(*parts, strict=True))
    unseen = rng.poisson(rng.gamma(observed, np.maximum(odds, 1e-300))).astype(float)
    shape = y.shape[:2]
    return StrataFit(
        strata=strata,
        prior=prior,
        observed=observed.reshape(*shape, -1),
        count=(observed + unseen).reshape(*shape, -1),
        missed=(odds / (1.0 + odds)).reshape(*shape, -1),
        spread=spread.reshape(*shape, -1),
        diverged=diverged,
    )


def _one_part(
    strata: Strata, arrays: StrataArrays, y: Array, rng: Rng
) -> tuple[Array, Array, Array]:
    """Return persons on the lists by stratum, odds to be on none, and spreads of some draws."""
    odds, spread, share = followed(y, arrays)
    observed = np.tile(strata.n.astype(float), (len(y), 1))
    for i, (many, where) in enumerate(zip(strata.many, strata.where, strict=True)):
        chance = share[:, arrays.start[i] : arrays.start[i + 1]]
        observed[:, where] += rng.multinomial(many, chance / chance.sum(axis=1, keepdims=True))
    return observed, odds, spread


def _only(strata: Strata, place: int) -> Strata:
    """Return one stratum by itself: the persons who are known to belong to it."""
    return replace(
        strata,
        levels=strata.levels[place : place + 1],
        counts=strata.counts[place : place + 1],
        exists=strata.exists[place : place + 1],
        history=(),
        many=(),
        where=(),
    )


def _alone(strata: Strata, prior: Pooling, seed: int, much: _Much) -> Array:
    """Return the ends and the middle of N of one stratum alone, and the variance of log unseen."""
    fit = _fitted(strata, prior, seed, much)
    variance = _log_unseen(fit.count - fit.observed).var()
    return np.array([*np.quantile(fit.count, [0.05, 0.5, 0.95]), variance])


def _log_unseen(unseen: Array) -> Array:
    made: Array = np.log(unseen + 0.5)
    return made


def _thin(stratum: str, again: int, n: int) -> str:
    if again >= FEWEST:
        return ""
    return (
        f"The number of {stratum} rests on the other strata almost alone: {again} of its {n:,} "
        "persons stand on two lists or more."
    )


def _borrowed(stratum: str, share: float) -> str:
    if share < BORROWED:
        return ""
    return f"Pooling takes away {share:.0%} of the variance of the unseen of {stratum}."
