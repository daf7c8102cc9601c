"""What would change the answer of lists: lists, classes, graphs, prior, ceiling, assumption."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations

import joblib
import numpy as np
import numpy.typing as npt
import pandas as pd

from estimators.evidence.captures import Captures
from estimators.evidence.matched import CLASSES
from estimators.inference.lists.attempts import LEVEL, Attempt, attempt, of_fit, side_by_side
from estimators.inference.lists.families import SEED, fit_lists
from estimators.inference.lists.fits import NEAR_TOP, ListsFit
from estimators.inference.lists.graph_averaging import GraphAverage, average_graphs
from estimators.models.lists.departures import scaled
from estimators.models.lists.likelihood import Likelihood
from estimators.models.lists.priors import expansion_prior, mixed

type Array = npt.NDArray[np.float64]

KINDS = (
    *("main", "without a list", "lists merged", "classes", "graphs", "prior", "ceiling"),
    "departure",
)
OTHER_CLASSES = (5, 10, 15, 20)
DEPARTURES = (0.5, 0.67, 1.5, 2.0)
CEILINGS = (6, 21)  # times those on the lists; where the programs dga and LCMCR stop
_ALL_PAIRS = 5  # lists up to which pairs without overlap are merged too


@dataclass(frozen=True, eq=False)
class ListsSensitivity:
    """An estimate from lists, and what it would be with one thing changed.

    `table` has a row for each change: change, kind (one of `KINDS`), low, median, high (persons,
    at `level`), ratio (median over that of the main fit) and fault (why its numbers may not be
    printed, or why there are none; empty where they may).
    """

    captures: Captures
    main: ListsFit
    level: float
    table: pd.DataFrame

    @property
    def printable(self) -> pd.DataFrame:
        """Return the rows without a fault."""
        return self.table[self.table["fault"] == ""]

    def by_kind(self) -> pd.DataFrame:
        """Return for each kind of change how many there are, and the lowest and highest ratio."""
        ratio = self.printable.groupby("kind", sort=False)["ratio"]
        made = pd.DataFrame(
            {"changes": ratio.size(), "lowest": ratio.min(), "highest": ratio.max()}
        )
        return made.drop("main", errors="ignore")

    @property
    def main_fault(self) -> str:
        """Return why the main fit itself may not be printed; empty where it may."""
        return str(self.table["fault"].iloc[0])

    def describe(self) -> str:
        """Return what moves the answer most, as sentences."""
        if self.main_fault:
            return f"The fit itself gives no number that may be printed. {self.main_fault}"
        others = self.printable[self.printable["kind"] != "main"]
        refused = int((self.table["fault"] != "").sum())
        if others.empty:
            return f"No change gives a number that may be printed ({refused} rows have a fault)."
        place = np.log(others["ratio"].to_numpy()).__abs__().argmax()
        far = others.iloc[place]
        return (
            f"With one thing changed, the median lies between {others['median'].min():,.0f} and "
            f"{others['median'].max():,.0f} people; it is {self.main.interval(self.level)[1]:,.0f} "
            f"under the assumption of {self.main.family}. The farthest: {far['change']}, "
            f"{far['ratio']:.2f} times. {refused} rows have a fault, and are left out of this. "
            "No data can tell which departure from the assumption holds."
        )

    def __str__(self) -> str:
        """Return the sentences and the table as text."""
        return f"{self.describe()}\n{self.table.to_string(index=False)}"

    def _repr_html_(self) -> str:
        numbers = dict.fromkeys(("low", "median", "high"), "{:,.0f}".format)
        shown = self.table.to_html(index=False, formatters={**numbers, "ratio": "{:.2f}".format})
        return f"<p>{self.describe()}</p>{shown}"


@dataclass(frozen=True)
class Refit:
    """One change that asks for another fit: lists left out, lists merged, or other classes."""

    change: str
    kind: str
    classes: int
    without: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()

    def of(self, captures: Captures) -> Captures:
        """Return the captures with the change made."""
        if self.merged:
            return captures.merged(self.merged, "+".join(self.merged))
        return captures.without(*self.without) if self.without else captures


def lists_sensitivity(
    captures: Captures,
    assumption: str,
    *,
    seed: int = SEED,
    classes: int = CLASSES,
    level: float = LEVEL,
    expansion: Sequence[tuple[float, float]] = (),
    departures: Sequence[float] = DEPARTURES,
    jobs: int = 2,
    progress: bool | None = None,
) -> ListsSensitivity:
    """Return an estimate from lists, and what it would be with one thing changed at a time.

    Parameters
    ----------
    captures
        Of one population; strata are taken together, imputation replicates mixed evenly.
    assumption
        The identifying assumption, as for `fit_lists`.
    seed
        Of the samplers; every fit has the same.
    classes
        How many latent classes the main fit has at most.
    level
        Probability between low and high.
    expansion
        Intervals (5 % and 95 % points) of N / n that are tried as priors of N.
    departures
        Factors xi by which the assumption may fail: `estimators.models.lists.departures` says what
        each is an odds ratio of. The unseen are xi times as many.
    jobs
        How many processes fit at once.
    progress
        Whether to show a progress bar; by default yes.

    Raises
    ------
    ValueError
        If there is no such assumption, it cannot be used with so many lists, or an interval or a
        factor cannot be one. What a changed fit raises stands in its row.
    """
    main = fit_lists(captures, assumption, classes=classes, seed=seed)
    asked = list(refits(captures, assumption, classes))
    tasks = (
        joblib.delayed(attempt)(
            partial(one.of, captures), assumption, (level,), classes=one.classes, seed=seed
        )
        for one in asked
    )
    done = side_by_side(tasks, len(asked), "Sensitivity of lists", jobs, progress)
    rows = [
        {"change": "as it stands", "kind": "main", **of_fit(main, (level,)).row},
        *(_refitted(one, made) for one, made in zip(asked, done, strict=True)),
        *_graphs(main, level),
        *_priors(main, expansion, level),
        *_ceilings(main, level),
        *(_departed(main, xi, level) for xi in departures),
    ]
    table = pd.DataFrame(rows)
    table.insert(5, "ratio", table["median"] / table["median"].iloc[0])
    return ListsSensitivity(captures, main, level, table)


def refits(captures: Captures, assumption: str, classes: int) -> Iterator[Refit]:
    """Yield the changes that ask for another fit.

    Parameters
    ----------
    captures
        Of one population.
    assumption
        The identifying assumption.
    classes
        How many latent classes the main fit has at most.
    """
    for id in captures.lists:
        yield Refit(f"without {id}", "without a list", classes, without=(id,))
    every = len(captures.lists) <= _ALL_PAIRS
    for pair in combinations(captures.lists, 2):
        if every or captures.size(*pair):
            yield Refit(f"{pair[0]} and {pair[1]} as one list", "lists merged", classes, (), pair)
    if assumption == "latent classes":
        for many in OTHER_CLASSES:
            if many != classes:
                yield Refit(f"{many} classes at most", "classes", many)


def _row(
    change: str,
    kind: str,
    told: Likelihood,
    level: float,
    fault: str = "",
    log_prior: Array | None = None,
) -> dict[str, object]:
    ends = np.array([(1.0 - level) / 2.0, 0.5, (1.0 + level) / 2.0])
    numbers = zip(("low", "median", "high"), told.quantile(ends, log_prior).tolist(), strict=True)
    return {"change": change, "kind": kind, **dict(numbers), "fault": fault}


def _refitted(one: Refit, made: Attempt) -> dict[str, object]:
    return {"change": one.change, "kind": one.kind, **made.row}


def _graphs(main: ListsFit, level: float) -> Iterator[dict[str, object]]:
    """Yield the row without the graph of all edges, under which the prior alone tells N."""
    parts = [part for part in main.parts if isinstance(part, GraphAverage)]
    if main.family != "decomposable graphs" or len(parts) < max(1, len(main.parts)):
        return
    share = float(np.mean([part.complete for part in parts]))
    made = [_incomplete(part) for part in parts]
    told = made[0].likelihood if len(made) == 1 else mixed([one.likelihood for one in made])
    change = f"without the graph of all edges, which has probability {share:.2g}"
    yield _row(change, "graphs", told, level, " ".join(one.warning for one in made).strip())


def _incomplete(part: GraphAverage) -> GraphAverage:
    complete = part.every.edges == part.every.edges.max()
    return average_graphs(part.model.table, log_weight=np.where(complete, -np.inf, 0.0))


def _priors(
    main: ListsFit, expansion: Sequence[tuple[float, float]], level: float
) -> Iterator[dict[str, object]]:
    """Yield rows of other priors of N; the likelihood stays."""
    told = main.likelihood
    fault = of_fit(main).fault
    tried = {"flat instead of 1/N": np.zeros(len(told.count))}
    for low, high in expansion:
        stated = expansion_prior(told.n, low, high, told.count)
        tried[f"N / n between {low:g} and {high:g} (90 %)"] = stated
    for change, log_prior in tried.items():
        near = told.near_top(log_prior)
        unbounded = (
            f"{near:.1%} of the probability lies next to {told.count[-1]:,.0f}, the highest "
            "number that is held: under this prior the lists do not bound the number."
        )
        said = unbounded if near >= NEAR_TOP else fault
        yield _row(change, "prior", told, level, said, log_prior)


def _ceilings(main: ListsFit, level: float) -> Iterator[dict[str, object]]:
    """Yield rows where numbers end at some times those on the lists, as in other programs."""
    told = main.likelihood
    chance, fault = np.exp(told.log_posterior()), of_fit(main).fault
    for times in CEILINGS:
        kept = told.count <= times * told.n
        beyond = float(chance[~kept].sum())
        below = Likelihood(told.n, told.count[kept], told.log[kept])
        hidden = f"{beyond:.1%} of the probability lies beyond this ceiling, which hides it."
        said = hidden if beyond >= NEAR_TOP else fault
        yield _row(f"no more than {times} n looked at", "ceiling", below, level, said)


def _departed(main: ListsFit, xi: float, level: float) -> dict[str, object]:
    told = scaled(main.likelihood, xi)
    change = f"xi = {xi:g}: {xi:g} times as many on no list"
    return _row(change, "departure", told, level, of_fit(main).fault)
