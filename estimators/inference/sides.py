"""The two sides of a split: what some claims say, what the rest implies, and whether they fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from estimators.evidence.quantity import FACTOR, PERCENT, SEVERAL
from estimators.inference.calibration import holm
from estimators.inference.estimate import quantiles

type Array = npt.NDArray[np.float64]
type Interval = tuple[float, float, float]

OTHERS, RANGE = "other claims", "its prior range"
CONFLICT, STRONG = 0.05, 0.01
RHAT = 1.05
_ENDS = ("low", "median", "high")


@dataclass(frozen=True, eq=False)
class Conflict:
    """What the claims set apart say of a quantity, against what the rest of the account implies.

    `delta` holds the draws (chain, draw) of the log of the one over the other (of a share: of the
    odds). `p` is 2 min(P(delta > 0), P(delta < 0)), never below what so many draws can tell.
    `direct` and `rest` are low, median and high at 90 %, in `unit`: what is counted, 'percent', or
    'factor' where the claims set apart speak of several quantities; then `quantity` is '' and
    `rest` is 1. `others` counts the readings on the other side that an identity ties to the
    quantity; where there are none the claims stand against its prior range, as `against` says.
    """

    quantity: str
    label: str
    claims: tuple[str, ...]
    others: int
    delta: Array
    p: float
    direct: Interval
    rest: Interval
    unit: str
    rhat: float
    is_whole: bool = True

    @property
    def against(self) -> str:
        """Return what the claims stand against: 'other claims', or 'its prior range'."""
        return OTHERS if self.others else RANGE

    @property
    def verdict(self) -> str:
        """Return 'none', 'conflict' (p < .05) or 'strong conflict' (p < .01)."""
        return (
            "none" if self.p >= CONFLICT else "conflict" if self.p >= STRONG else "strong conflict"
        )

    @property
    def converged(self) -> bool:
        """Return whether R-hat of both sides and of delta is below 1.05."""
        return self.rhat < RHAT

    @property
    def factor(self) -> Interval:
        """Return low, median and high of the one side over the other (of a share: of the odds)."""
        low, median, high = quantiles(self.delta)
        return float(np.exp(low)), float(np.exp(median)), float(np.exp(high))

    @property
    def ends(self) -> tuple[str, str]:
        """Return the 90 % intervals of both sides as they are printed: '100 to 240'."""
        return _said(self.direct, self.unit), _said(self.rest, self.unit)

    def summary(self) -> pd.DataFrame:
        """Return a table of one row: both sides, their ratio, p and the verdict."""
        return pd.DataFrame([self.row()]).set_index("quantity")

    def sentence(self) -> str:
        """Return both sides in one plain sentence, rounded outwards, without a full stop."""
        claims = "Direct claims" if self.is_whole else "This claim"
        if not self.is_whole and len(self.claims) > 1:
            claims = f"These {len(self.claims)} claims"
        says = "says" if claims == "This claim" else "say"
        direct, rest = self.ends
        if self.unit == FACTOR:
            told = f"{claims} {says} {direct} times what the rest of the account implies"
        else:
            other = "the rest of the account" if self.others else "its range before any claim"
            told = f"{claims} {says} {direct}, {other} {rest}"
        return f"{told} (conflict {p_text(self.p)}{self.doubt})"

    @property
    def doubt(self) -> str:
        """Return what to add where the fit mixed badly; '' where it did not."""
        return "" if self.converged else f"; not certain, R-hat {self.rhat:.2f}"

    def row(self) -> dict[str, Any]:
        """Return the row of the table."""
        sides = {"direct": self.direct, "rest": self.rest, "factor": self.factor}
        ends = {
            f"{side}_{of}": number
            for side, interval in sides.items()
            for of, number in zip(_ENDS, interval, strict=True)
        }
        return {
            **{"quantity": self.quantity, "label": self.label, "claims": len(self.claims)},
            **{"others": self.others, "against": self.against, **ends, "unit": self.unit},
            **{"p": self.p, "verdict": self.verdict, "rhat": self.rhat},
        }

    def _repr_html_(self) -> str:
        return str(self.summary().to_html(float_format=lambda number: f"{number:,.3g}"))


@dataclass(frozen=True, eq=False)
class Conflicts:
    """The conflicts of several quantities, with p adjusted for how many were tested.

    `adjusted` holds p after Holm. The tests are dependent, since they share claims and errors;
    Holm's adjustment holds then too, and is the more careful the more they have in common.
    """

    found: tuple[Conflict, ...]

    @property
    def adjusted(self) -> Array:
        """Return p of each conflict after Holm, in their order."""
        return holm(np.array([one.p for one in self.found]))

    def __iter__(self) -> Iterator[Conflict]:
        """Return an iterator over the conflicts."""
        return iter(self.found)

    def __len__(self) -> int:
        """Return how many quantities were split."""
        return len(self.found)

    def of(self, id: str) -> Conflict | None:
        """Return the conflict of a quantity; None where it was not split."""
        return next((one for one in self.found if one.quantity == id), None)

    def among(self, unit: str) -> tuple[Conflict, ...]:
        """Return the conflicts of one unit; with 'count' those of all counts, whatever they count.

        Parameters
        ----------
        unit
            'count', 'percent', or what is counted.
        """
        counts = (one for one in self.found if one.unit not in (PERCENT, FACTOR))
        return tuple(counts if unit == SEVERAL else (o for o in self.found if o.unit == unit))

    def summary(self) -> pd.DataFrame:
        """Return one row a quantity: both sides at 90 %, their ratio, p, p after Holm, verdict."""
        rows = [one.row() | {"p_holm": p} for one, p in zip(self.found, self.adjusted, strict=True)]
        return pd.DataFrame(rows, columns=COLUMNS).set_index("quantity")

    def reading(self) -> str:
        """Return in words how many quantities are in conflict, before and after Holm."""
        raw = sum(one.p < CONFLICT for one in self.found)
        kept = int((self.adjusted < CONFLICT).sum())
        several = "" if len(self) == 1 else f", {kept} after adjusting for {len(self)} tests (Holm)"
        return f"Numbers split in two: {len(self)}. In conflict at p < .05: {raw}{several}."

    def _repr_html_(self) -> str:
        return str(self.summary().to_html(float_format=lambda number: f"{number:,.3g}"))


COLUMNS = [
    *("quantity", "label", "claims", "others", "against"),
    *(f"{side}_{end}" for side in ("direct", "rest", "factor") for end in _ENDS),
    *("unit", "p", "p_holm", "verdict", "rhat"),
]


def p_of(delta: Array) -> float:
    """Return 2 min(P(delta > 0), P(delta < 0)), at least 2 over the number of draws.

    Parameters
    ----------
    delta
        Draws of any shape.
    """
    above = int((delta > 0.0).sum())
    return min(1.0, 2.0 * max(min(above, delta.size - above), 1) / delta.size)


def p_text(p: float) -> str:
    """Return a p value as it is printed: 'p = .36', 'p = .013'.

    Parameters
    ----------
    p
        Between 0 and 1.
    """
    text = f"{p:.2f}" if p >= 2.0 * CONFLICT else f"{p:.2g}"
    return f"p = {text.removeprefix('0') or '0'}"


def _said(interval: Interval, unit: str) -> str:
    """Return an interval in words: two significant digits, its ends rounded outwards."""
    low, high = (
        _rounded(number, way, unit not in (PERCENT, FACTOR))
        for number, way in ((interval[0], floor), (interval[2], ceil))
    )
    end = "%" if unit == PERCENT else ""
    return f"{low:,.10g}{end} to {min(high, 100.0) if end else high:,.10g}{end}"


def _rounded(number: float, way: Callable[[float], int], whole: bool) -> float:
    place = floor(log10(number)) - 1
    step = 10.0 ** (max(place, 0) if whole else place)
    return float(f"{way(number / step) * step:.3g}")
