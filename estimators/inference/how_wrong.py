"""How wrong one claim is by what a reference class has learned: by when and by whom it is made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from estimators.evidence.outcome import CATEGORIES as ALL
from estimators.evidence.outcome import SELECTIONS
from estimators.evidence.problems import suggestion
from estimators.models.claim_error import (
    CATEGORIES,
    CLASSES,
    DEGREES,
    TAILS,
    UNEVEN,
    WORDINGS,
    Features,
    scales_of,
)
from estimators.models.phases import PHASES
from estimators.models.reference import PARTS, ReferenceClass

type Array = npt.NDArray[np.float64]

COLUMNS = {"low": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "high": 0.95}
_OFF = {"off_by_quarter": 1.25, "off_by_two": 2.0}
_DAYS = np.array([0.0, 1.0, 8.0, 60.0])  # typical of the phases; exact numbers do not mind
_RARE = 0.01
_FEW = ((9, 10), (4, 5), (3, 4), (2, 3), (3, 5), (2, 5))
_SHARES = (*_FEW, *((1, n) for n in (*range(2, 11), 12, 15, 20, 25, 30, 40, 50, 70, 100)))
_NAMES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_WORDS = dict(enumerate(_NAMES, start=1))
_PHASE, _SOURCE = np.divmod(np.arange(len(PHASES) * len(CLASSES)), len(CLASSES))


@dataclass(frozen=True, eq=False)
class HowWrong:
    """How far one exact number for the total lies from what the count is settled at.

    `table` has one row a phase and class of source: phase, source, low (5 %), q25, median, q75 and
    high (95 %) of the claim over the settled count, and the shares of claims that are off by more
    than x1.25 (`off_by_quarter`) and x2 (`off_by_two`) either way.
    """

    table: pd.DataFrame
    reference: str
    events: int
    claims: int
    categories: tuple[str, ...]
    selection: str

    def at(self, phase: str, source: str) -> pd.Series[Any]:
        """Return the row of one phase and class of source.

        Parameters
        ----------
        phase
            One of `PHASES`.
        source
            One of `CLASSES`: 'state', 'party', 'ngo', 'media' or 'other'.

        Raises
        ------
        ValueError
            If there is no such phase or class.
        """
        _refuse_unknown("phase", (phase,), PHASES)
        _refuse_unknown("class of source", (source,), tuple(CLASSES))
        found = (self.table["phase"] == phase) & (self.table["source"] == source)
        return self.table[found].iloc[0]

    def reading(self) -> str:
        """Return what the table says as a paragraph for people who read no tables."""
        first, soon, _, last = (self.at(phase, "state") for phase in PHASES)
        party, kinds = self.at(PHASES[1], "party"), _kinds(self.categories)
        return (
            "Of exact numbers that a state gives before anybody can count, "
            f"{often(first['off_by_two'])} are off by more than a factor of two, too high or too "
            f"low. In the first two days of counting it is {often(soon['off_by_two'])}, after two "
            f"weeks {often(last['off_by_two'])}; even then {often(last['off_by_quarter'])} are off "
            "by more than a quarter. Of what a party to the conflict says in the first two days, "
            f"{often(party['off_by_two'])} are off by more than a factor of two; half of it lies "
            f"between {party['q25']:.2g} and {party['q75']:.2g} times the settled count. This is "
            f"for {kinds}, learned from {self.claims:,} claims on {self.events:,} events whose "
            "count was settled later: events that somebody wrote about, no sample of all."
        )

    def _repr_html_(self) -> str:
        return str(self.table.to_html(index=False, float_format=lambda number: f"{number:.2f}"))


def often(share: float) -> str:
    """Return a share in percent and in words: '21% (one in five)'.

    Parameters
    ----------
    share
        Between 0 and 1.
    """
    if share < _RARE:
        return "fewer than 1% (one in 100)"
    named = min(_SHARES, key=lambda parts: abs(np.log(share * parts[1] / parts[0])))
    part, whole = (_WORDS.get(n, str(n)) for n in named)
    return f"{share:.0%} ({part} in {whole})"


def _kinds(categories: Collection[str]) -> str:
    """Return kinds of events in words."""
    if set(categories) == set(ALL):
        return "all kinds of events, each counting alike"
    named = ", ".join(categories).replace("_", " ")
    return f"events of the kind{'s' if len(categories) > 1 else ''} {named}"


def how_wrong(
    reference: ReferenceClass,
    *,
    categories: Collection[str] | None = None,
    selection: str | None = None,
    draws: int = 100_000,
    seed: int = 0,
) -> HowWrong:
    """Return how far one exact number for the total is from the settled count, by a learned law.

    Parameters
    ----------
    reference
        The law, with its uncertainty.
    categories
        Of events, averaged over the groups that the law knows; those of the class if not given.
    selection
        How the events came in; that of the class if it has only one, else 'unknown'.
    draws
        About how many events to simulate.
    seed
        Seed of the simulation.

    Raises
    ------
    ValueError
        If a category or the selection is unknown, or there is nothing to draw.

    Notes
    -----
    Simulated with all that is uncertain: the parameters of the law, how hard an event is to count,
    what its claims share and the claim's own error.

    References
    ----------
    .. [1] The set and what it shows: `data/known_outcomes/README.md`.
    """
    known, ways = PARTS.get(reference.name, PARTS["all"])
    kept = tuple(known if categories is None else categories)
    way = selection or (ways[0] if len(ways) == 1 else "unknown")
    _refuse_unknown("category", kept, ALL)
    _refuse_unknown("selection", (way,), SELECTIONS)
    if not kept or draws < 1:
        raise ValueError("give at least one category and one draw")
    made = _simulated(reference, _places(kept), SELECTIONS.index(way), draws, seed)
    told = reference.name, reference.events, reference.claims
    return HowWrong(_table(made), *told, kept, way)


def _refuse_unknown(what: str, names: Iterable[str], known: Sequence[str]) -> None:
    for name in names:
        if name not in known:
            raise ValueError(f"no {what} {name!r}. {suggestion(name, known)}")


def _places(categories: Collection[str]) -> list[int]:
    """Return the groups of the law that hold some categories."""
    groups = enumerate(CATEGORIES.values())
    return [place for place, names in groups if set(names) & set(categories)]


def _simulated(
    reference: ReferenceClass, groups: list[int], selection: int, draws: int, seed: int
) -> Array:
    """Return logs of claim over settled count: a row an event, a column a phase and source."""
    rng = np.random.default_rng(seed)
    each = -(-draws // (len(reference.draws) * len(groups)))
    heavy = TAILS not in reference.without
    asked = [_features(group, selection) for group in groups]
    made = [_of_law(p, f, each, heavy, rng) for p in reference.draws for f in asked]
    return np.concatenate(made)


def _features(category: int, selection: int) -> Features:
    """Return one exact number for the total from each class of source in each phase."""
    n = len(_PHASE)
    none, exact = np.zeros(n), list(WORDINGS).index("exact")
    places = (np.full(n, place) for place in (category, selection, exact))
    return Features(none, none, _PHASE, _DAYS[_PHASE], none, _SOURCE, *places)


def _of_law(
    p: dict[str, Array], features: Features, n: int, heavy: bool, rng: np.random.Generator
) -> Array:
    own: Any = np.exp(p[UNEVEN]) * rng.standard_normal((n, 1))  # a row an event
    law = scales_of(p, features, own)
    walked = np.cumsum((_errors(rng, n, heavy) * law.innovation)[:, ::-1], axis=1)[:, ::-1]
    # All classes share these draws: they differ by their scales, not by chance.
    errors = _errors(rng, n, heavy)[:, features.phase] * law.error
    return np.asarray(walked[:, features.phase] + errors + law.shift)


def _errors(rng: np.random.Generator, n: int, heavy: bool) -> Array:
    shape = n, len(PHASES)
    return rng.standard_t(DEGREES, shape) if heavy else rng.standard_normal(shape)


def _table(logs: Array) -> pd.DataFrame:
    ends = np.exp(np.quantile(logs, list(COLUMNS.values()), axis=0))
    off = {name: (np.abs(logs) > np.log(by)).mean(axis=0) for name, by in _OFF.items()}
    sources = list(CLASSES)
    rows = {
        "phase": [PHASES[place] for place in _PHASE],
        "source": [sources[place] for place in _SOURCE],
    }
    return pd.DataFrame({**rows, **dict(zip(COLUMNS, ends, strict=True)), **off})
