"""The fit of latent classes to lists: how many people there are, and whether modes were mixed."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import arviz as az
import numpy as np
import numpy.typing as npt
import pandas as pd

from estimators.inference.lists.latent_sampler import FREE, TIED, Sampled, sample
from estimators.models.lists.latent_tree import ClassPrior, tree_of
from estimators.models.lists.likelihood import Likelihood, grid, unseen_likelihood
from estimators.models.lists.table import Table

type Array = npt.NDArray[np.float64]
type Rng = np.random.Generator

ASSUMPTION = "Within a class of people lists are independent; those on no list belong to one too."
MOST_RHAT = 1.01
MOST_PART = 1.05  # R-hat of the chains with a short tied run, which is noisier
FEWEST_DRAWS = 400  # effective
FEWEST_TRIPS = 10  # of a chain, from two classes tied to free and back
_CHECKED = 8  # a tied run that only checks keeps fewer draws by this, and warms up in half
_LIST = 0.05  # a class more is called in use if it is in this share of the draws
_THINNED = 4000  # draws of p0 that the likelihood of counts is averaged over
_BEYOND = 100.0  # how far the likelihood of counts reaches, in persons on the lists


class Unmixed(UserWarning):
    """A fit whose chains do not agree, or that did not pass between its modes."""


@dataclass(frozen=True, eq=False)
class LatentFit:
    """The number of people under latent classes, with the prior 1/N.

    Attributes
    ----------
    table
        What was counted.
    classes
        How many classes there could be.
    prior
        Of shares and chances.
    sampled
        The draws as they came, with how the sampler went.
    count
        Draws of the number of people: shape (chains, draws).
    rhat, ess
        Of log(count - n + 1/2): R-hat and the bulk effective number of draws.
    tempered
        Whether the draws come from levels that tie classes together, or from plain chains.
    mixed
        Whether the chains agree and pass between modes; no number should be told otherwise.
    said
        Sentences on what is wrong, none if nothing is.
    """

    table: Table
    classes: int
    prior: ClassPrior
    sampled: Sampled
    count: Array
    rhat: float
    ess: float
    tempered: bool
    mixed: bool
    said: tuple[str, ...]
    assumption: str = ASSUMPTION

    @property
    def missed(self) -> Array:
        """Return draws of the chance to be on no list: shape (chains, draws)."""
        return 1.0 - self.sampled.seen

    @property
    def weights(self) -> Array:
        """Return draws of the shares of the classes, largest first: (chains, draws, classes)."""
        return np.asarray(np.sort(self.sampled.share, axis=-1)[..., ::-1])

    @cached_property
    def used(self) -> npt.NDArray[np.int64]:
        """Return how many classes hold a person of the lists or more: shape (chains, draws)."""
        return _used(self.sampled)

    @property
    def used_classes(self) -> float:
        """Return the mean number of classes that hold a person of the lists or more."""
        return float(self.used.mean())

    @cached_property
    def likelihood(self) -> Likelihood:
        """Return the likelihood of the number of people, averaged over draws of p0.

        It is held up to a hundred times the persons on the lists, or up to four times the
        99.9 % quantile of the draws, whichever is more.
        """
        n = self.table.n
        top = max(_BEYOND * n, 4.0 * float(np.quantile(self.count, 0.999)))
        missed = self.missed.reshape(-1)
        at = grid(n, min(top, 1e15))
        return Likelihood(
            n, at, unseen_likelihood(n, missed[:: max(1, len(missed) // _THINNED)], at)
        )

    def quantile(self, *at: float) -> tuple[float, ...]:
        """Return quantiles of the draws of the number of people."""
        return tuple(float(found) for found in np.quantile(self.count, at))

    def describe(self) -> str:
        """Return what the fit says, in sentences: the number only if its chains agree."""
        low, middle, high = self.quantile(0.025, 0.5, 0.975)
        what = f"Latent classes (up to {self.classes}) on {self.table.n:,} persons"
        told = f"{what}: {middle:,.0f} people, 95 % interval {low:,.0f} to {high:,.0f}."
        held = f"{what}: no number is told, since the draws do not stand for the posterior."
        how = (
            f"R-hat {self.rhat:.3f}, {self.ess:,.0f} effective draws of {self.count.size:,}; "
            f"{self.used_classes:.1f} classes in use on average."
        )
        return " ".join([told if self.mixed else held, self.assumption, how, *self.said])


def fit_latent(
    table: Table,
    *,
    classes: int = 10,
    seed: int,
    prior: ClassPrior | None = None,
    draws: int = 4000,
    tune: int = 1000,
    chains: int = 4,
    tempered: bool | None = None,
    cores: int | None = None,
) -> LatentFit:
    """Return the fit of latent classes to a table, with the prior 1/N of the number of people.

    Chains that agree may all be in the same wrong mode: which one a chain finds depends on how
    wide its basin is, not on its probability. Plain chains are therefore checked by a shorter run
    that ties classes together and parts them again; where the two differ, or the plain chains
    differ among themselves, the run with ties is made in full and is the answer.

    Parameters
    ----------
    table
        The capture histories of one population.
    classes
        How many classes there can be; `by_classes` shows what hangs on it.
    seed
        Of all draws.
    prior
        Of shares and chances; uniform chances and a Gamma(1/4, 1/4) concentration if not given.
    draws, tune
        For each chain, kept and in warm-up.
    chains
        How many, each from a start of its own.
    tempered
        True for levels that tie classes together at once; False for plain chains without a check;
        if not given, plain chains with the check.
    cores
        Threads; as many as there are cores if not given.

    Returns
    -------
    LatentFit
        With `mixed` False and a warning `Unmixed` if the draws do not stand for the posterior.

    Raises
    ------
    ValueError
        If there are fewer than two classes or two chains.
    """
    if chains < 2:
        raise ValueError(f"chains must be 2 or more, got {chains}; one cannot show that it mixed")
    belief = prior or ClassPrior()
    tree = tree_of(table, classes, belief)
    plain, check, full, counting = np.random.SeedSequence(seed).spawn(4)
    rng = np.random.default_rng(counting)

    def run(of: np.random.SeedSequence, strengths: tuple[float, ...], shorter: int) -> Sampled:
        sizes = (draws, tune) if shorter == 1 else (max(100, draws // shorter), tune // 2)
        return sample(tree, sizes, seed=of, chains=chains, strengths=strengths, cores=cores)

    said: tuple[str, ...] = ()
    if tempered is not True:
        found = run(plain, FREE, 1)
        said = () if tempered is None else ("Plain chains: no check that none missed a mode.",)
        if tempered is None:
            tempered = not _alike(found, table.n, rng) or not _alike(
                found, table.n, rng, run(check, TIED, _CHECKED)
            )
    if tempered:
        found = run(full, TIED, 1)
    return _fit(table, classes, belief, found, tempered, said, rng)


def _alike(plain: Sampled, n: int, rng: Rng, tied: Sampled | None = None) -> bool:
    """Return whether plain chains agree with each other, or with a shorter run with ties."""
    logs = _log_unseen(_counts(plain.seen, n, rng), n)
    if tied is None:
        return bool(az.rhat(logs) < MOST_RHAT and az.ess(logs, method="bulk") >= FEWEST_DRAWS)
    others = _log_unseen(_counts(tied.seen, n, rng), n)
    thinned = logs[:, :: max(1, logs.shape[1] // others.shape[1])][:, : others.shape[1]]
    both = float(az.rhat(np.concatenate([thinned, others])))
    return bool(tied.trips.sum() >= FEWEST_TRIPS and both < MOST_PART)


def _fit(
    table: Table,
    classes: int,
    prior: ClassPrior,
    found: Sampled,
    tempered: bool,
    said: tuple[str, ...],
    rng: Rng,
) -> LatentFit:
    count = _counts(found.seen, table.n, rng)
    logs = _log_unseen(count, table.n)
    rhat, ess = float(az.rhat(logs)), float(az.ess(logs, method="bulk"))
    wrong = tuple(_not_mixed(found, rhat, ess, tempered))
    for sentence in wrong:
        warnings.warn(sentence, Unmixed, stacklevel=3)
    told = (*wrong, *said, *_too_few(found, classes))
    return LatentFit(table, classes, prior, found, count, rhat, ess, tempered, not wrong, told)


def _not_mixed(found: Sampled, rhat: float, ess: float, tempered: bool) -> Iterable[str]:
    if not rhat < MOST_RHAT:
        yield (
            f"The chains do not agree (R-hat {rhat:.3f}, {MOST_RHAT} at most): the posterior has "
            f"several modes that they did not mix over; take more draws, or fewer classes."
        )
    elif ess < FEWEST_DRAWS:
        yield f"Only {ess:.0f} effective draws ({FEWEST_DRAWS} at least): take more draws."
    if tempered and found.trips.min() < FEWEST_TRIPS:
        yield (
            f"A chain came from tied classes to free ones and back {found.trips.min()} times "
            f"({FEWEST_TRIPS} at least): a mode may have been missed; take more draws."
        )


def _too_few(found: Sampled, classes: int) -> Iterable[str]:
    full = float((_used(found) >= classes).mean())
    if full > _LIST:
        yield (
            f"All {classes} classes are in use in {full:.0%} of the draws: `by_classes` shows "
            f"whether more of them change the number."
        )


def _used(found: Sampled) -> npt.NDArray[np.int64]:
    return np.asarray((found.persons >= 1.0).sum(axis=-1))


def _counts(seen: Array, n: int, rng: Rng) -> Array:
    """Return draws of the number of people: the unseen are negative binomial (n, seen)."""
    mean = rng.gamma(n, size=seen.shape) * (1.0 - seen) / seen
    return n + np.where(mean < 1e15, rng.poisson(np.minimum(mean, 1e15)), mean)


def _log_unseen(count: Array, n: int) -> Array:
    return np.asarray(np.log(count - n + 0.5))


def by_classes(
    table: Table, classes: Iterable[int] = (5, 10, 15), *, seed: int, **options: object
) -> pd.DataFrame:
    """Return what hangs on the number of classes: a row for each.

    Parameters
    ----------
    table
        The capture histories of one population.
    classes
        Numbers of classes to try.
    seed
        Of all draws.
    **options
        Of `fit_latent`.

    Returns
    -------
    pandas.DataFrame
        Columns classes, median, low, high (95 %), rhat, ess, used_classes, tempered, mixed.
    """
    fits = [fit_latent(table, classes=k, seed=seed, **options) for k in classes]  # type: ignore[arg-type]
    return pd.DataFrame([_row(fit) for fit in fits])


def _row(fit: LatentFit) -> dict[str, float | bool]:
    low, middle, high = fit.quantile(0.025, 0.5, 0.975)
    ends = {"classes": fit.classes, "median": middle, "low": low, "high": high}
    names = ("rhat", "ess", "used_classes", "tempered", "mixed")
    return ends | {name: getattr(fit, name) for name in names}
