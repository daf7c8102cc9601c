"""What lists would tell before they are collected: bias, width and coverage by method."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import joblib
import numpy as np
import pandas as pd

from estimators.evidence.captures import Captures
from estimators.evidence.matched import CLASSES
from estimators.inference.lists.attempts import (
    LEVEL,
    Attempt,
    attempt,
    checked,
    side_by_side,
)
from estimators.models.lists.simulate import Plan, simulate_lists

LEVELS = (0.5, 0.8, LEVEL, 0.95)
USUAL = ("decomposable graphs", "no highest interaction", "Chao")
FITS = 100
WHOLE = ""  # what is left out of the design with every list of the plan


@dataclass(frozen=True, eq=False)
class Design:
    """What methods would make of lists that come about as a plan says.

    `runs` has a row for each simulation, set of lists and method: simulation, without (empty where
    no list is left out), lists (how many), method, n (persons on them), median, low and high at
    each of `LEVELS` (low_50, high_50, ...), fault.
    """

    plan: Plan
    runs: pd.DataFrame

    @property
    def table(self) -> pd.DataFrame:
        """Return a row for each method and set of lists, at 90 %.

        Columns: method, without, lists, fits (simulations), refused (share of them without a
        printable estimate; the rest of the row is over the others), bias (mean of log median over
        truth), bias_percent, width (geometric mean of high over low), coverage (share of intervals
        that hold the truth), coverage_error (its standard error), rmse (persons), log_rmse.
        """
        return self.at(LEVEL)

    def at(self, level: float) -> pd.DataFrame:
        """Return the table with intervals of another level.

        Parameters
        ----------
        level
            One of `LEVELS`.

        Raises
        ------
        ValueError
            If intervals of that level were not kept.
        """
        if level not in LEVELS:
            raise ValueError(f"intervals are kept at {LEVELS}, not at {level}; take one of these")
        groups = self.runs.groupby(["without", "method"], sort=False)
        rows = (
            {"method": method, "without": without, **_summary(runs, self.plan.people, level)}
            for (without, method), runs in groups
        )
        return pd.DataFrame(rows)

    def compare(self, without: str) -> pd.DataFrame:
        """Return what each method gains by a list: the design without it beside that with it.

        Parameters
        ----------
        without
            The list, one of those that `design` left out in turn.

        Returns
        -------
        pandas.DataFrame
            A row a method; for width, bias_percent, coverage, log_rmse and refused a column
            without the list and one with it.

        Raises
        ------
        ValueError
            If the design was not made without that list too.
        """
        tried = set(self.runs["without"]) - {WHOLE}
        if without not in tried:
            raise ValueError(
                f"this design was not made without {without!r} but without "
                f"{sorted(tried) or 'none'}: give design(..., without=[{without!r}])"
            )
        shown = ["width", "bias_percent", "coverage", "log_rmse", "refused"]
        table = self.table.set_index("method")
        left, whole = (table.loc[table["without"] == name, shown] for name in (without, WHOLE))
        sides = {f"without {without}": left, f"with {without}": whole}
        return pd.concat(sides, axis=1).swaplevel(axis=1)[shown]

    def describe(self) -> str:
        """Return what a team may expect, a sentence a method."""
        return " ".join(_sentence(row) for row in self.table.to_dict("records"))

    def __str__(self) -> str:
        """Return the plan and the table as text."""
        head = f"{self.plan.people:,} people on {', '.join(self.plan.lists)}, simulated."
        return f"{head}\n{self.table.to_string(index=False, float_format='{:.3g}'.format)}"

    def _repr_html_(self) -> str:
        return str(self.table.to_html(index=False, float_format="{:.3g}".format))


def design(
    plan: Plan,
    *,
    methods: Sequence[str] = USUAL,
    fits: int = FITS,
    seed: int = 0,
    without: Sequence[str] = (),
    classes: int = CLASSES,
    jobs: int = 2,
    progress: bool | None = None,
) -> Design:
    """Return what methods would make of lists that come about as a plan says.

    People are simulated, listed by the plan, and estimated with each method. Sets without a list
    are of the same simulated people, so that what the list adds is seen with little noise.

    Parameters
    ----------
    plan
        How the lists come about.
    methods
        What estimates: identifying assumptions, 'lowest BIC' (log-linear), 'Chao' (lower bound).
    fits
        How many simulations.
    seed
        Of all simulations; each has a stream of its own, whatever the number of jobs.
    without
        Lists left out, each in turn, to see what it adds.
    classes
        How many latent classes there are at most.
    jobs
        How many processes fit at once.
    progress
        Whether to show a progress bar; by default yes.

    Raises
    ------
    ValueError
        If there is no such method or list, or no simulation is asked for.

    Notes
    -----
    Only what the plan holds is simulated: wrong links, and people whom no list could ever hold,
    are not. What a method makes of a simulation and raises is counted in `refused`.
    """
    checked(methods)
    unknown = [id for id in without if id not in plan.lists]
    if unknown or fits < 1:
        names = ", ".join(plan.lists)
        raise ValueError(
            f"give 1 simulation or more, and leave out lists of the plan ({names}); got {fits} "
            f"simulations and {unknown or 'no'} unknown lists"
        )
    seeds = np.random.SeedSequence(seed).spawn(fits)
    given = (tuple(methods), tuple(without), classes)
    tasks = (joblib.delayed(_simulated)(k, plan, one, *given) for k, one in enumerate(seeds))
    done = side_by_side(tasks, fits, "Design", jobs, progress)
    return Design(plan, pd.DataFrame([row for rows in done for row in rows]))


def _simulated(
    number: int,
    plan: Plan,
    seed: np.random.SeedSequence,
    methods: tuple[str, ...],
    without: tuple[str, ...],
    classes: int,
) -> list[dict[str, object]]:
    """Return the rows of one simulation."""
    captures = simulate_lists(plan, np.random.default_rng(seed))
    of_fits = int(seed.generate_state(1)[0] >> 1)  # samplers take seeds of 31 bits
    return [
        _row(number, name, lists, method, classes, of_fits, captures)
        for name, lists in _sets(captures, without)
        for method in methods
    ]


def _sets(captures: Captures, without: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what a set of lists is called, and what is left out of it."""
    yield WHOLE, ()
    for id in without:
        yield id, (id,)


def _row(
    number: int,
    name: str,
    left_out: tuple[str, ...],
    method: str,
    classes: int,
    seed: int,
    captures: Captures,
) -> dict[str, object]:
    def given() -> Captures:
        return captures.without(*left_out) if left_out else captures

    made = attempt(given, method, LEVELS, classes=classes, seed=seed)
    lists = len(captures.lists) - len(left_out)
    head = {"simulation": number, "without": name, "lists": lists, "method": method}
    return head | {"n": made.n, "median": made.median, **_ends(made), "fault": made.fault}


def _ends(made: Attempt) -> dict[str, float]:
    found: dict[str, float] = {}
    for level, (low, high) in zip(LEVELS, made.ends, strict=True):
        found |= {f"low_{level * 100:.0f}": low, f"high_{level * 100:.0f}": high}
    return found


def _summary(runs: pd.DataFrame, people: int, level: float) -> dict[str, float]:
    """Return the columns of `Design.table` for the runs of one method on one set of lists."""
    told = runs[(runs["fault"] == "") & runs["median"].notna()]
    low, high = (told[f"{end}_{level * 100:.0f}"] for end in ("low", "high"))
    off = np.log(told["median"] / people)
    coverage = float(((low <= people) & (people <= high)).mean())
    found = {
        "lists": float(runs["lists"].iloc[0]),
        "fits": float(len(runs)),
        "refused": 1.0 - len(told) / len(runs),
        "bias": float(off.mean()),
        "bias_percent": 100.0 * float(np.expm1(off.mean())),
        "width": float(np.exp(np.log(high / low).mean())),
        "coverage": coverage,
        "coverage_error": float(np.sqrt(coverage * (1.0 - coverage) / max(1, len(told)))),
        "rmse": float(np.sqrt(((told["median"] - people) ** 2).mean())),
        "log_rmse": float(np.sqrt((off**2).mean())),
    }
    return found


def _sentence(row: Mapping[Hashable, Any]) -> str:
    lists = "all lists" if row["without"] == WHOLE else f"all lists but {row['without']}"
    if row["refused"] == 1.0:
        return f"{row['method']} on {lists}: never a number that may be printed."
    return (
        f"{row['method']} on {lists}: off by {row['bias_percent']:+.0f} % on average, high "
        f"{row['width']:.2f} times low, {row['coverage']:.0%} of 90 % intervals hold the truth, "
        f"{row['refused']:.0%} of simulations give no number."
    )
