"""Small studies that run over time or fall apart along dimensions, for their calibration."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from estimators.evidence.claim import Claim, Method, Source
from estimators.evidence.quantity import (
    Balance,
    Breakdown,
    CellOf,
    Dimension,
    Identity,
    PartOf,
    Quantity,
    Range,
    RunningBalance,
    SumOf,
)
from estimators.evidence.series import PathName, Series
from estimators.evidence.study import Study
from estimators.evidence.when import When
from estimators.evidence.wording import AtLeast, Exactly

START = date(2024, 1, 1)
REASON = "stated before any claim was read"
ORIGINS = {"m1": "media", "m2": "media", "n1": "ngo"}


@dataclass(frozen=True)
class Parts:
    """What makes such a study, beside its sources."""

    quantities: tuple[Quantity, ...]
    claims: tuple[Claim, ...]
    series: tuple[Series, ...] = ()
    identities: tuple[Identity, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()


def stated(low: float, high: float) -> Range:
    """Return a range with a reason."""
    return Range(low, high, REASON)


def said(
    id: str, quantity: str, origin: str, last: int, first: int | None = None, method: Method = ""
) -> Claim:
    """Return a claim on the days from one to another after the start."""
    at = When(START + timedelta(last), START + timedelta(last))
    since = None if first is None else When(START + timedelta(first), START + timedelta(first))
    wording = AtLeast(450) if id.endswith("5") else Exactly(450)
    return Claim(id, quantity, wording, origin, at, as_of=at, since=since, method=method)


def over_time(path: PathName) -> Parts:
    """Return two counts on one clock with a running total, windows and single days."""
    series = Series("weeks", START, START + timedelta(69), "week", path=path)
    quantities = (
        Quantity("a", "Count a", "flow", stated(500, 20_000), series="weeks"),
        Quantity("b", "Count b", "flow", stated(200, 9_000), series="weeks"),
        Quantity("both", "Both", "flow", SumOf(("a", "b"))),
    )
    return Parts(quantities, tuple(_of_series()), (series,))


def _of_series() -> Iterator[Claim]:
    for turn in range(8):
        yield said(f"r{turn}1", "a", "m1", 6 + 9 * turn, method="running total")
        yield said(f"b{turn}", "b", "m2", 9 + 7 * turn)
    for turn in range(4):
        yield said(f"s{turn}", "both", "n1", 20 + 14 * turn)
        yield said(f"w{turn}5", "a", "n1", 20 + 14 * turn, 10 + 14 * turn)
        yield said(f"d{turn}", "b", "m1", 15 + 13 * turn, 15 + 13 * turn)


def stocks_and_flows() -> Parts:
    """Return a stock that runs, its flows, and a balance before it starts."""
    series = Series("months", START, START + timedelta(167), "dates", _every(28, 168))
    quantities = (
        Quantity("held", "Held", "stock", stated(300, 9_000), series="months"),
        Quantity("returned", "Returned", "flow", stated(200, 6_000), series="months"),
        Quantity("arrested", "Arrested", "flow"),
        Quantity("women", "Women returned", "flow", PartOf("returned", stated(40, 80))),
        Quantity("earlier", "Held a year before", "stock"),
        Quantity("left", "Left in that year", "flow", stated(50, 900)),
        Quantity("came", "Came in that year", "flow"),
    )
    running = RunningBalance("custody", "held", "arrested", stated(3, 30), ("returned",))
    before = Balance("year", "earlier", "held", ("left",), "came", stated(10, 60))
    return Parts(quantities, tuple(_of_stocks()), (series,), (running, before))


def _every(step: int, until: int) -> tuple[date, ...]:
    return tuple(START + timedelta(n) for n in range(step, until, step))


def _of_stocks() -> Iterator[Claim]:
    for turn in range(6):
        origin = list(ORIGINS)[turn % 3]
        yield said(f"h{turn}", "held", origin, 20 + 25 * turn)
        yield said(f"f{turn}5", "returned", origin, 30 + 25 * turn)
        yield said(f"i{turn}", "arrested", origin, 40 + 24 * turn, 10 + 20 * turn)
    for turn, id in enumerate(("earlier", "left", "came", "women", "earlier", "came", "left")):
        yield said(f"e{turn}", id, list(ORIGINS)[turn % 3], 30 + turn)


def broken_down() -> Parts:
    """Return a count by place and sex, with claims on cells and on margins."""
    places = (("east", stated(15, 60)), ("west", stated(20, 65)), ("north", stated(5, 40)))
    sexes = (("women", stated(50, 90)), ("men", stated(10, 50)))
    by = Breakdown("by", "a", (Dimension("place", places), Dimension("sex", sexes)))
    cells: dict[str, tuple[tuple[str, str], ...]] = {
        "women": (("sex", "women"),),
        "east": (("place", "east"),),
        "men_west": (("place", "west"), ("sex", "men")),
        "women_north": (("place", "north"), ("sex", "women")),
    }
    named = (Quantity(id, id, "flow", CellOf("by", of)) for id, of in cells.items())
    quantities = (Quantity("a", "Count a", "flow", stated(500, 20_000)), *named)
    claims = (
        said(f"c{place}.{turn}", id, origin, 3 * turn)
        for place, id in enumerate(("a", *cells))
        for turn, origin in enumerate(("m1", "m2", "n1", "m1", "n1"))
    )
    return Parts(quantities, tuple(claims), breakdowns=(by,))


ACCOUNTS: Mapping[str, Callable[[], Parts]] = MappingProxyType(
    {
        "series": lambda: over_time("random walk"),
        "series, gaussian process": lambda: over_time("gaussian process"),
        "series, spline": lambda: over_time("spline"),
        "stocks and flows": stocks_and_flows,
        "breakdown": broken_down,
    }
)


def account(name: str) -> Study:
    """Return one of the small studies.

    Parameters
    ----------
    name
        One of `ACCOUNTS`.
    """
    parts = ACCOUNTS[name]()
    return Study(
        title=name,
        question="Does the fit find the truth as often as it says?",
        quantities=parts.quantities,
        sources=tuple(Source(id, id, kind) for id, kind in ORIGINS.items()),
        claims=parts.claims,
        identities=parts.identities,
        series=parts.series,
        breakdowns=parts.breakdowns,
        name="account",
    )
