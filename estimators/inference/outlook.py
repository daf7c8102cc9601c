"""What would narrow an estimate: a count with open access, a register, or further origins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from estimators.evidence.problems import suggestion
from estimators.evidence.study import Study
from estimators.inference.estimate import Estimate
from estimators.inference.estimate import estimate as estimated
from estimators.inference.new_evidence import Evidence, counted, registered, spoken
from estimators.inference.newcomers import Newcomers, late_count, newcomers, spoken_of

type Array = npt.NDArray[np.float64]

COUNTED = "a count with open access"
_FEW_DRAWS = 50.0
DOUBTFUL = 0.1  # share of simulations on few draws
_MOST_DRAWS = 4000
_VARIANCES = 4000
_TAILS = (0.05, 0.95)


@dataclass(frozen=True, eq=False)
class Outlook:
    """How the 90 % interval of each count would narrow, on average over what might be said.

    `table` has one row a quantity and scenario: quantity, scenario; now_low, now_median, now_high
    (in its unit); factor_now and factor_then, the square root of high over low now and then; kept,
    the width on the scale of ratios then over that of now; and few, the share of simulations whose
    weight lay on fewer than 50 draws, so that their width is known badly. `source_class` is that of
    the further origins.
    """

    table: pd.DataFrame
    study: Study
    source_class: str

    @property
    def quantities(self) -> tuple[str, ...]:
        """Return the ids of the quantities, in the order of the table."""
        return tuple(dict.fromkeys(self.table["quantity"]))

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Return the scenarios, in the order of the table."""
        return tuple(dict.fromkeys(self.table["scenario"]))

    @property
    def doubtful(self) -> pd.Series[bool]:
        """Return, for each row, whether more than a tenth of its simulations rest on few draws."""
        return self.table["few"] > DOUBTFUL

    def at(self, quantity: str, scenario: str) -> pd.Series[Any]:
        """Return the row of one quantity under one scenario.

        Parameters
        ----------
        quantity
            One of `quantities`.
        scenario
            One of `scenarios`.

        Raises
        ------
        ValueError
            If there is no such row.
        """
        for what, name, known in (
            ("quantity", quantity, self.quantities),
            ("scenario", scenario, self.scenarios),
        ):
            if name not in known:
                raise ValueError(f"no {what} {name!r} here. {suggestion(name, known)}")
        found = (self.table["quantity"] == quantity) & (self.table["scenario"] == scenario)
        return self.table[found].iloc[0]

    def reading(self) -> str:
        """Return in one sentence what would narrow the first quantity, and how far."""
        first = self.quantities[0]
        rows = [(name, self.at(first, name)) for name in self.scenarios]
        *told, last = [
            f"{as_factor(row['factor_then'])} after {name} ({row['kept']:.0%} of its width)"
            for name, row in rows
        ]
        return (
            f"The 90% interval of “{self.study.by_id[first].label}” is "
            f"{as_factor(rows[0][1]['factor_now'])}; on average over what might be said, it "
            f"would be {', '.join(told)} and {last}."
        )

    def _repr_html_(self) -> str:
        return str(self.table.to_html(index=False, float_format=lambda number: f"{number:,.3g}"))


def as_factor(factor: float) -> str:
    """Return how far an interval reaches either way as it is printed: '×/÷1.8'.

    Parameters
    ----------
    factor
        Square root of its high end over its low end.
    """
    return f"×/÷{factor:.{1 if factor >= 1.1 else 2}f}"


def outlook(
    estimate: Estimate | Study,
    *,
    quantities: Sequence[str] | None = None,
    origins: Sequence[int] = (1, 3, 10),
    coverage: tuple[float, float] = (60.0, 90.0),
    source_class: str = "ngo",
    simulations: int = 200,
    seed: int = 0,
) -> Outlook:
    """Return how far a count, a register or more origins would narrow each 90 % interval.

    Parameters
    ----------
    estimate
        The estimate; a study is estimated first, with this seed.
    quantities
        Counts; by default those of the headline (without one, those claimed) of which, or of
        whose event, a claim speaks.
    origins
        Numbers of further origins.
    coverage
        5 % and 95 % points of the part of what is counted that a register names (percent).
    source_class
        Class of the further origins.
    simulations
        How often what would be said is simulated, for each quantity and scenario.
    seed
        Seed of the simulation.

    Raises
    ------
    EvidenceError
        If there is no such quantity.
    ValueError
        If a quantity is a share, or no claim speaks of it or its event; if there is no such class;
        or if a number cannot be.

    Notes
    -----
    Nothing is fitted again. One posterior draw is taken to be true, what would then be said is
    drawn, and all other draws are weighed by its likelihood [1]_:

    - a count with open access: log said = log count + e, where e is the error of a late number by
      an official (see `late_count`).
    - a register: log named = log count + log coverage, the coverage logit-normal; it names nobody
      wrongly.
    - n origins: log said = log count + shared + own. The shared error is that of each draw (see
      `newcomers`), so that they narrow less than independent ones would.

    The weighted 5 % and 95 % points give the factor sqrt(high / low); `factor_then` is its
    geometric mean over simulations, whose true draws are spread evenly over the posterior's ranks.
    Claims that tell hardly anything may keep a little more than the whole width: what cannot grow
    on average is the variance. Where the weights are worth fewer than 50 draws [2]_, the simulation
    counts in `few`.

    References
    ----------
    .. [1] Raiffa & Schlaifer (1961). Applied Statistical Decision Theory. Harvard University.
       (Preposterior analysis.)
    .. [2] Kong, Liu & Wong (1994). Journal of the American Statistical Association 89, 278-288.
       doi:10.1080/01621459.1994.10476469
    """
    _refuse(origins, coverage, simulations)
    made = estimate if isinstance(estimate, Estimate) else estimated(estimate, seed=seed)
    posterior, rows = _thinned(made), list[dict[str, Any]]()
    variances = late_count(made.recipe.assumptions, _VARIANCES, seed)
    for id in _chosen(made.study, quantities):
        drawn = posterior.isel(sample=np.argsort(posterior["count"].sel(quantity=id).values))
        new = newcomers(made, id, source_class, max(origins), drawn, seed)
        log_count = np.log(drawn["count"].sel(quantity=id).values)
        found = _scenarios(variances, log_count, new, origins, coverage)
        then = {name: _expected(told, log_count, simulations, seed) for name, told in found}
        low, high = np.quantile(log_count, _TAILS)
        parts = {name: (2.0 * width / (high - low), few) for name, (width, few) in then.items()}
        rows += [{"quantity": id, **row} for row in _rows(made.interval(id), parts)]
    return Outlook(pd.DataFrame(rows), made.study, source_class)


def _rows(
    interval: tuple[float, float, float], parts: dict[str, tuple[float, float]]
) -> Iterator[dict[str, Any]]:
    """Yield the row of each scenario of one quantity, given which part of its width is kept."""
    low, median, high = interval
    now = np.log(high / low) / 2.0
    for name, (kept, few) in parts.items():
        yield {
            "scenario": name,
            **{"now_low": low, "now_median": median, "now_high": high},
            **{"factor_now": np.exp(now), "factor_then": np.exp(kept * now)},
            **{"kept": kept, "few": few},
        }


def foreseeable(study: Study, id: str) -> bool:
    """Return whether a quantity has an outlook: a count that claims, or those of its event, touch.

    Parameters
    ----------
    study
        The study.
    id
        A quantity.
    """
    return not study.quantity(id).is_share and bool(spoken_of(study, id))


def _refuse(origins: Sequence[int], coverage: tuple[float, float], simulations: int) -> None:
    if not origins or any(n < 1 or n != int(n) for n in origins):
        raise ValueError(f"origins are whole numbers of at least 1, e.g. (1, 3, 10), not {origins}")
    if len(coverage) != 2 or not 0.0 < coverage[0] < coverage[1] < 100.0:
        raise ValueError(
            f"coverage is two percents, the lower first, between 0 and 100, not {coverage}"
        )
    if simulations < 1:
        raise ValueError(f"simulate at least once, not {simulations} times")


def _chosen(study: Study, quantities: Sequence[str] | None) -> tuple[str, ...]:
    if quantities is None:
        claimed = dict.fromkeys(claim.quantity for claim in study.readings)
        found = tuple(id for id in study.headline or claimed if foreseeable(study, id))
        if not found:
            raise ValueError("no claim speaks of a count of the headline or of its event")
        return found
    counts = [q.id for q in study.quantities if not q.is_share]
    wrong = [id for id in quantities if study.quantity(id).id not in counts]
    if wrong or not quantities:
        given = f"{wrong[0]!r} is a share" if wrong else "no quantity is given"
        raise ValueError(f"{given}; name counts. {suggestion('', counts)}")
    return tuple(quantities)


def _thinned(estimate: Estimate) -> xr.Dataset:
    """Return at most about 4,000 draws of what is needed, along one dimension."""
    posterior = estimate.tree["posterior"].to_dataset()
    kept = [name for name in ("count", "error", "spread") if name in posterior]
    drawn = posterior[kept].stack(sample=("chain", "draw"), create_index=False)
    return drawn.isel(sample=slice(None, None, -(-drawn.sizes["sample"] // _MOST_DRAWS)))


def _scenarios(
    variances: Array,
    log_count: Array,
    new: Newcomers,
    origins: Sequence[int],
    coverage: tuple[float, float],
) -> Iterator[tuple[str, Evidence]]:
    """Yield each scenario of a quantity by its name, with the evidence that it brings."""
    yield COUNTED, counted(log_count, variances)
    low, high = coverage
    yield f"a register that names {low:g}–{high:g}%", registered(log_count, coverage)
    for n in origins:
        name = f"{n} more origin{'s' if n > 1 else ''}"
        yield name, spoken(log_count + new.shared, new.sd[:, :n])


def _expected(
    evidence: Evidence, log_count: Array, simulations: int, seed: int
) -> tuple[float, float]:
    """Return the mean of half the log width, and how often few draws carried the weight.

    The draws come in order; the true draw itself weighs nothing, else it would find itself.
    """
    rng = np.random.default_rng(seed)
    evenly = (np.arange(simulations) + 0.5) / simulations
    truths = (evenly * len(log_count)).astype(int).tolist()
    widths, few = [], 0
    for truth, at in zip(truths, rng.permutation(evenly).tolist(), strict=True):
        logs = evidence(truth, at, rng)
        logs[truth] = -np.inf
        best = logs.max()
        weights = np.exp(logs - best) if np.isfinite(best) else np.eye(1, len(logs), truth)[0]
        total = weights.sum()
        low, high = np.interp(_TAILS, (np.cumsum(weights) - weights / 2.0) / total, log_count)
        widths.append((high - low) / 2.0)
        few += total**2 < _FEW_DRAWS * (weights @ weights)
    return float(np.mean(widths)), few / simulations
