"""What is counted: quantities, the rules that define them and the identities that tie them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from estimators.evidence.problems import Unfit
from estimators.evidence.when import When

Measure = Literal["flow", "stock", "cumulative", "share"]
Access = Literal["open", "slow", "closed"]
MEASURES: tuple[str, ...] = get_args(Measure)
ACCESS: tuple[str, ...] = get_args(Access)
# What a number counts. PERSONS where nothing else is said, SEVERAL where numbers of different
# things stand together; FACTOR is that of a ratio, which no quantity is.
PERSONS, PERCENT, SEVERAL, FACTOR = "persons", "percent", "count", "factor"


@dataclass(frozen=True)
class Range:
    """A plausible range stated before any claim is read: its ends are the 5 % and 95 % points.

    In the unit of a count, in percent for a share. The reason says where it comes from; claims
    are no reason. `middle` is the 50 % point, where one was stated.
    """

    low: float
    high: float
    reason: str
    middle: float | None = None

    def __post_init__(self) -> None:
        """Raise ValueError unless 0 < low < high < infinity and a reason stands."""
        if not 0 < self.low < self.high < float("inf"):
            raise Unfit(
                f"a range needs 0 < low < high, not {self.low:g} to {self.high:g}.",
                "Write [low, high]: two positive, finite numbers, the lower one first.",
            )
        if not self.reason.strip():
            raise Unfit(
                "a range needs a reason.",
                "Say where it comes from; the claims themselves are no reason.",
                "reason",
            )
        if self.middle is not None and not self.low < self.middle < self.high:
            raise Unfit(
                f"the middle ({self.middle:g}) is not between {self.low:g} and {self.high:g}.",
                "Write the stated median, a number between the two ends, or leave it out.",
                "middle",
            )


@dataclass(frozen=True)
class PartOf:
    """One quantity is a part of another: part = share x whole."""

    whole: str
    share: str | Range


@dataclass(frozen=True)
class SumOf:
    """One quantity is the sum of others."""

    parts: tuple[str, ...]


@dataclass(frozen=True)
class Split:
    """A whole falls apart completely into parts, whose shares have stated ranges (percent)."""

    id: str
    whole: str
    parts: tuple[tuple[str, Range], ...]

    @property
    def defines(self) -> tuple[str, ...]:
        """Return the quantities that this identity defines."""
        return tuple(part for part, _ in self.parts)


@dataclass(frozen=True)
class Balance:
    """A stock before + inflow = outflows + the stock after.

    Read backwards, so that every term is positive by construction: the throughput is the stock
    after plus the outflows; the inflow is a share of it, the stock before the rest.
    """

    id: str
    before: str
    after: str
    outflows: tuple[str, ...]
    inflow: str = ""
    inflow_share: Range | None = None

    @property
    def defines(self) -> tuple[str, ...]:
        """Return the quantities that this identity defines."""
        return (self.before, self.inflow) if self.inflow else (self.before,)


@dataclass(frozen=True)
class RunningBalance:
    """A stock that runs over time: before each cell + inflow = outflows + after it.

    Read backwards from the stock at the end of the series, cell by cell, so that no stock and no
    flow can be negative; the inflow is a share of the throughput of each cell, which wanders over
    time inside its stated range.
    """

    id: str
    stock: str
    inflow: str
    inflow_share: Range
    outflows: tuple[str, ...]

    @property
    def defines(self) -> tuple[str, ...]:
        """Return the quantities that this identity defines."""
        return (self.inflow,)


@dataclass(frozen=True)
class Dimension:
    """One way in which a whole falls apart: levels, each with the stated range of its share."""

    id: str
    levels: tuple[tuple[str, Range], ...]


@dataclass(frozen=True)
class Breakdown:
    """A whole falls apart along several dimensions at once, such as place and sex.

    Cells are levels of all dimensions together; all margins are sums of the same cells, so they
    agree. `unevenness` is the sd of the log by which a cell may differ from the product of its
    levels' shares.
    """

    id: str
    whole: str
    dimensions: tuple[Dimension, ...]
    unevenness: float = 0.3


@dataclass(frozen=True)
class CellOf:
    """One quantity is a cell of a breakdown, or the sum of the cells with these levels."""

    breakdown: str
    levels: tuple[tuple[str, str], ...]


type Rule = Range | PartOf | SumOf | CellOf | None
type Identity = Split | Balance | RunningBalance


@dataclass(frozen=True)
class Quantity:
    """A true number of people or things, or a share, for a defined place, time and group.

    `rule` defines it: a `Range`, a `PartOf`, a `SumOf`, or None where a `Split` or a `Balance`
    does. `event` names the event that all its claims speak of; `access` says whether anybody
    could count there, `side` whose losses are counted in a conflict, `series` the clock on which
    it runs over time. `unit` says what is counted, such as 'tanks'; where it is empty,
    `Study.unit_of` says what follows. A share has none.
    """

    id: str
    label: str
    measure: Measure
    rule: Rule = None
    when: When | None = None
    place: str = ""
    group: str = ""
    event: str = ""
    access: Access | None = None
    notes: str = ""
    side: str = ""
    series: str = ""
    unit: str = ""

    @property
    def is_share(self) -> bool:
        """Return whether the quantity is a share (percent) and not a count."""
        return self.measure == "share"


def needs(quantity: Quantity) -> tuple[str, ...]:
    """Return the ids that a quantity's own rule refers to."""
    match quantity.rule:
        case PartOf(whole, str(share)):
            return whole, share
        case PartOf(whole, _):
            return (whole,)
        case SumOf(parts):
            return parts
        case _:
            return ()


def identity_needs(identity: Identity) -> tuple[str, ...]:
    """Return the ids from which an identity computes what it defines."""
    match identity:
        case Split():
            return (identity.whole,)
        case Balance():
            return (identity.after, *identity.outflows)
        case RunningBalance():
            return (identity.stock, *identity.outflows)
