"""The tables that set a run of the port beside what Radford et al. (2023) published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import arviz as az
import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr
from radford_published import BIASES, RATIOS, TOTALS

ENDS = (0.025, 0.975)
THEIR_DRAWS = 9_000  # 6 chains of 1,500 after warm-up
LIMIT = 2.0  # Monte Carlo errors that a figure may be off

type Floats = npt.NDArray[np.float64]
type Published = tuple[float, float | None, float | None]


@dataclass(frozen=True)
class Compared:
    """A published figure beside ours.

    Parameters
    ----------
    name : str
        What it is of.
    published : tuple
        Published mean and interval; an end that was not published is None.
    ours : tuple
        The same of our draws.
    error : tuple
        Monte Carlo standard error of each of ours.
    ess : float
        Bulk effective sample size of our mean.
    theirs : float
        Effective sample size that their run is taken to have.
    """

    name: str
    published: Published
    ours: tuple[float, float, float]
    error: tuple[float, float, float]
    ess: float
    theirs: float

    def off(self, theirs: float) -> list[float | None]:
        """Return by how many Monte Carlo errors each figure is off.

        Theirs is ours at their effective sample size; a published figure is rounded too.
        """
        both = np.sqrt(1.0 + self.ess / theirs)
        return [
            None if said is None else (mine - said) / np.hypot(error * both, rounding(said))
            for said, mine, error in zip(self.published, self.ours, self.error, strict=True)
        ]

    @property
    def within(self) -> bool:
        """Whether all published figures are within the limit."""
        return max(known([self], self.theirs)) <= LIMIT


def known(rows: list[Compared], theirs: float) -> list[float]:
    """Return how far each published figure of the rows is off."""
    return [abs(gap) for row in rows for gap in row.off(theirs) if gap is not None]


def rounding(said: float) -> float:
    """Return the standard deviation of the rounding of a published figure."""
    last = 10.0 ** -len(f"{said}".partition(".")[2]) if said != int(said) else 1.0
    return last / np.sqrt(12)


def compared(name: str, published: Published, draws: Floats, theirs: float) -> Compared:
    """Return a published figure beside our draws: (chain, draw)."""
    low, high = (float(np.quantile(draws, end)) for end in ENDS)
    of_low, of_high = (float(az.mcse(draws, method="quantile", prob=end)) for end in ENDS)
    return Compared(
        name,
        published,
        (float(draws.mean()), low, high),
        (float(az.mcse(draws, method="mean")), of_low, of_high),
        float(az.ess(draws, method="bulk")),
        theirs,
    )


def totals(draws: xr.Dataset, theirs: float) -> list[Compared]:
    """Return all published totals beside ours."""
    found = np.exp(draws["total"])
    return [
        compared(name, said, found.sel(series=name).values, theirs) for name, said in TOTALS.items()
    ]


def others(draws: xr.Dataset, theirs: float) -> list[Compared]:
    """Return the published ratios and bias multipliers beside ours."""
    total, bias = draws["total"], np.exp(draws["bias"])
    ratios = [
        compared(
            f"{above} : {below}",
            said,
            np.exp(total.sel(series=above) - total.sel(series=below)).values,
            theirs,
        )
        for (above, below), said in RATIOS.items()
    ]
    return ratios + [
        compared(f"bias {name}", (said, None, None), bias.sel(cell=name).values, theirs)
        for name, said in BIASES.items()
    ]


def lines_of(rows: list[Compared], n: pd.Series[int]) -> Iterator[str]:
    """Yield the lines of a table."""
    yield "| | n | published | ours | ESS | error of mean, low, high | off by | within |"
    yield "|---|--:|--:|--:|--:|--:|--:|---|"
    for row in rows:
        yield line(row, str(n.get(row.name, "")))


def line(row: Compared, n: str) -> str:
    """Return the line of a figure."""
    gaps = ", ".join("–" if gap is None else f"{gap:+.1f}" for gap in row.off(row.theirs))
    errors = ", ".join(number(error) for error in row.error)
    cells = [row.name, n, figures(row.published), figures(row.ours), f"{row.ess:,.0f}"]
    return "| " + " | ".join([*cells, errors, gaps, "yes" if row.within else "no"]) + " |"


def figures(of: Published) -> str:
    """Return a mean and, where there is one, its interval."""
    mean, low, high = of
    if low is None or high is None:
        return number(mean)
    return f"{number(mean)} [{number(low)}–{number(high)}]"


def number(of: float) -> str:
    """Return a number with three digits at least."""
    return f"{of:,.0f}" if abs(of) >= 100 else f"{of:.3g}"


def verdict(rows: list[Compared]) -> str:
    """Return how many figures are off by more than the limit, and by how much the most."""
    both, alone = known(rows, rows[0].theirs), known(rows, np.inf)
    rms = np.sqrt(np.mean(np.square(both)))
    return (
        f"{within(both)} of {len(both)} figures are within {LIMIT:g} Monte Carlo errors of both "
        f"runs (by chance about {0.95 * len(both):.0f} would be); the most that one is off is "
        f"{max(both):.1f}, the root mean square {rms:.2f} (well below one, it says that theirs was "
        "worth more draws than it is taken to be). With the error of our run alone, as if theirs "
        f"had none: {within(alone)}, and {max(alone):.1f}."
    )


def within(gaps: list[float]) -> int:
    """Return how many of the figures are within the limit."""
    return sum(gap <= LIMIT for gap in gaps)
