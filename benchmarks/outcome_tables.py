"""Tables of scores in Markdown, gains over baselines with their intervals, and the summary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from outcome_rules import BASELINES
from outcome_scores import AGES, LAW, LEVELS
from outcome_study import STUDY
from scipy import stats

SEED = 2023
MEANS = ["log_score", "interval_score_90", "crps", *(f"covers_{level}" for level in LEVELS)]


def headline(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the estimates from all claims of events with a claim of the total."""
    return rows[rows["final"] & rows["has_total"]]


def gain_of(rows: pd.DataFrame, other: str) -> tuple[float, float, float]:
    """Return the mean gain in log score over another model, and its 90 % interval."""
    wide = rows.pivot(index=["cluster", "event", "quantity"], columns="model", values="log_score")
    return resampled((wide[LAW] - wide[other]).dropna())


def resampled(gain: pd.Series, draws: int = 4000) -> tuple[float, float, float]:
    """Return a mean and its 90 % bootstrap interval: clusters are drawn with replacement."""
    parts = gain.groupby("cluster").agg(["sum", "size"])
    drawn = np.random.default_rng(SEED).integers(0, len(parts), size=(draws, len(parts)))
    total, size = parts["sum"].to_numpy()[drawn], parts["size"].to_numpy()[drawn]
    low, high = np.quantile(total.sum(axis=1) / size.sum(axis=1), [0.05, 0.95])
    return float(gain.mean()), float(low), float(high)


def region(level: int, n: int) -> tuple[float, float]:
    """Return the 95 % binomial region of a coverage."""
    low, high = stats.binom.ppf([0.025, 0.975], n, level / 100.0) / n
    return float(low), float(high)


def lines_of(rows: pd.DataFrame, what: str) -> Iterator[str]:
    """Yield the tables in Markdown."""
    main = headline(rows)
    mine = main[main["model"] == LAW]
    yield f"## {what}: {len(mine)} quantities with a claim of the total, from all their claims"
    yield ""
    yield from table(in_order(main)[[*MEANS, "meets_90"]].mean())
    regions = [
        f"{k} %: {low:.3f}-{high:.3f}" for k in LEVELS for low, high in [region(k, len(mine))]
    ]
    yield f"Binomial regions of the coverages (95 %): {', '.join(regions)}."
    yield ""
    for name in (STUDY, *BASELINES):
        mean, low, high = gain_of(main, name)
        yield f"- gain in log score over {name}: {mean:.2f} ({low:.2f} to {high:.2f})"
    pit = np.histogram(mine["pit"], bins=10, range=(0.0, 1.0))[0]
    yield f"- PIT histogram, ten bins: {' '.join(map(str, pit))}"
    yield ""
    for column in ("category", "selection", "quality"):
        yield f"### By {column}"
        yield ""
        yield from by(mine, column)
    dated = rows[~rows["final"] & (rows["model"] == LAW)]
    yield f"### As of each date on which a claim was made: {len(dated)} estimates, by age"
    yield ""
    yield from by(dated, "age", list(AGES))
    rest = rows[rows["final"] & ~rows["has_total"]]
    yield f"### Without any claim of the total: {int((rest['model'] == LAW).sum())} quantities"
    yield ""
    yield from table(in_order(rest)[MEANS].mean())


def in_order(rows: pd.DataFrame) -> Any:
    """Return rows grouped by model: the law, then the baselines."""
    return rows.groupby(pd.Categorical(rows["model"], [LAW, STUDY, *BASELINES]), observed=True)


def by(rows: pd.DataFrame, column: str, order: list[str] | None = None) -> Iterator[str]:
    """Yield the scores of the groups of a column as a table."""
    grouped = rows.groupby(pd.Categorical(rows[column], order), observed=True)
    yield from table(grouped[MEANS].mean().assign(n=grouped.size()))


def table(frame: pd.DataFrame) -> Iterator[str]:
    """Yield a table in Markdown."""
    yield "| | " + " | ".join(frame.columns) + " |"
    yield "|---|" + "--:|" * len(frame.columns)
    for name, row in frame.iterrows():
        cells = (
            f"{value:.0f}" if column == "n" else f"{value:.3f}" for column, value in row.items()
        )
        yield f"| {name} | " + " | ".join(cells) + " |"
    yield ""


def summary(rows: pd.DataFrame) -> dict[str, object]:
    """Return the headline scores, as the last line says them."""
    main = headline(rows)
    means = main.groupby("model")[MEANS].mean()

    def of(name: str) -> dict[str, float]:
        row = means.loc[name].round(4)
        return {
            "log_score": row["log_score"],
            "interval_score_90": row["interval_score_90"],
            "crps": row["crps"],
            **{f"coverage_{level}": row[f"covers_{level}"] for level in LEVELS},
        }

    n = int((main["model"] == LAW).sum())
    others = {name: of(name) for name in BASELINES}
    return {"quantities": n, **of(LAW), "study": of(STUDY), "baselines": others}
