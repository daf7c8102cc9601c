"""The test on a number that is known: people on one list, estimated from the other lists."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import joblib
import pandas as pd

from estimators.evidence.captures import Captures
from estimators.evidence.matched import CLASSES
from estimators.evidence.problems import refuse, suggestion
from estimators.inference.lists.attempts import LEVEL, attempt, checked, side_by_side
from estimators.inference.lists.families import SEED

MEANING = (
    "People on one list are a population whose number is known; the other lists estimate it. "
    "Where intervals miss the known numbers by far, the assumption fails among people who are "
    "listed, and is hard to defend for the rest. Where they hold them, it has passed a test that "
    "it could have failed, no more: people on a list differ from those on none, who may be harder "
    "to find for all lists at once, and what all lists share in missing them shows in no test of "
    "this kind. The rows are not independent, since each list helps to estimate the others."
)


@dataclass(frozen=True, eq=False)
class KnownSubsets:
    """How well people on each list are estimated from the other lists.

    `table` has a row a list: list, true (persons on it), seen (those of them on another list),
    low, median, high (persons, at `level`), inside (whether low <= true <= high; none where there
    is no number) and fault (why its numbers may not be printed, or why there are none).
    """

    assumption: str
    level: float
    table: pd.DataFrame
    meaning: str = MEANING

    @property
    def held(self) -> tuple[int, int]:
        """Return how many intervals hold the known number, and how many may be printed."""
        told = self.table[self.table["fault"] == ""]
        return int(told["inside"].sum()), len(told)

    def describe(self) -> str:
        """Return what came out, and what it can and cannot show."""
        inside, among = self.held
        return (
            f"Under the assumption of {self.assumption}, {inside} of {among} intervals "
            f"({self.level:.0%}) hold the known number of people on a list; "
            f"{len(self.table) - among} of {len(self.table)} lists give no printable number. "
            f"{self.meaning}"
        )

    def __str__(self) -> str:
        """Return the sentences and the table as text."""
        return f"{self.describe()}\n{self.table.to_string(index=False)}"

    def _repr_html_(self) -> str:
        numbers = dict.fromkeys(("low", "median", "high"), "{:,.0f}".format)
        return f"<p>{self.describe()}</p>{self.table.to_html(index=False, formatters=numbers)}"


def among(captures: Captures, list_id: str) -> Captures:
    """Return the people on one list as they stand on the others; who stands on none is left out.

    Parameters
    ----------
    captures
        Of one population.
    list_id
        The list that they are on.

    Raises
    ------
    EvidenceError
        If there is no such list, fewer than two others, or nobody on it stands on another.
    """
    if list_id not in captures.lists:
        remedy = suggestion(list_id, captures.lists)
        raise refuse(captures.name, "there is no such list.", remedy, got=list_id)
    place = captures.lists.index(list_id)
    kept = tuple(
        replace(cell, history=_dropped(cell.history, place))
        for cell in captures.cells
        if cell.history >> place & 1 and cell.history != 1 << place
    )
    others = tuple(id for id in captures.lists if id != list_id)
    name = f"{captures.name}, people on {list_id}"
    return Captures(others, kept, captures.strata, captures.censored - {list_id}, name)


def known_subset(
    captures: Captures,
    list_id: str,
    assumption: str,
    *,
    seed: int = SEED,
    classes: int = CLASSES,
    level: float = LEVEL,
) -> dict[str, object]:
    """Return how well the people on one list are estimated from the other lists, as a row.

    Parameters
    ----------
    captures
        Of one population; strata are taken together, imputation replicates mixed evenly.
    list_id
        The list whose people are estimated.
    assumption
        The identifying assumption, as for `fit_lists`.
    seed
        Of the samplers.
    classes
        How many latent classes there are at most.
    level
        Probability between low and high.

    Raises
    ------
    ValueError
        If there is no such list or assumption. What the fit raises stands in the row.
    """
    checked([assumption])
    true = captures.size(list_id) / len(captures.replicates)
    made = attempt(
        partial(among, captures, list_id), assumption, (level,), classes=classes, seed=seed
    )
    low, high = made.ends[0]
    inside = None if made.median != made.median else low <= true <= high
    ends = {"low": low, "median": made.median, "high": high, "inside": inside}
    return {"list": list_id, "true": true, "seen": made.n, **ends, "fault": made.fault}


def known_subsets(
    captures: Captures,
    assumption: str,
    *,
    seed: int = SEED,
    classes: int = CLASSES,
    level: float = LEVEL,
    jobs: int = 2,
    progress: bool | None = None,
) -> KnownSubsets:
    """Return how well people on each list are estimated from the other lists.

    Parameters
    ----------
    captures
        Of one population; strata are taken together, imputation replicates mixed evenly.
    assumption
        The identifying assumption, as for `fit_lists`.
    seed
        Of the samplers.
    classes
        How many latent classes there are at most.
    level
        Probability between low and high.
    jobs
        How many processes fit at once.
    progress
        Whether to show a progress bar; by default yes.

    Raises
    ------
    ValueError
        If there is no such assumption.

    References
    ----------
    .. [1] Binette & Steorts (2022). JRSS-A 185, 2161-2193, arXiv:2112.01594.
    """
    checked([assumption])
    tasks = (
        joblib.delayed(known_subset)(
            captures, id, assumption, seed=seed, classes=classes, level=level
        )
        for id in captures.lists
    )
    rows = side_by_side(tasks, len(captures.lists), "Known subsets", jobs, progress)
    return KnownSubsets(assumption, level, pd.DataFrame(rows))


def _dropped(history: int, place: int) -> int:
    """Return a history without the bit at a place; those above move down."""
    below = history & ((1 << place) - 1)
    return below | (history >> (place + 1) << place)
