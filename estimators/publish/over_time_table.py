"""Tables of quantities over time: every cell in the file, about a dozen dates on the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pandas as pd

from estimators.evidence.series import Series
from estimators.evidence.when import When
from estimators.inference.estimate import Estimate
from estimators.inference.over_time import over_time
from estimators.publish.escaping import plain
from estimators.publish.rounding import Printed
from estimators.publish.said import spoken
from estimators.publish.tables import to_markdown

_DATES = 12
_COLUMNS = (
    *("quantity", "label", "day", "low", "median", "high"),
    *("new low", "new median", "new high", "unit"),
)


def over_time_table(estimate: Estimate, ids: Iterable[str] | None = None) -> pd.DataFrame:
    """Return quantities at the end of each cell of their series, rounded for print.

    Parameters
    ----------
    estimate
        The estimate.
    ids
        The quantities; all that run over time if not given.

    Returns
    -------
    pandas.DataFrame
        One row a quantity and cell: the last day of the cell; low, median and high (90%) of the
        count so far, or of the stock on that day; and of what came in the cell (not of a stock).
    """
    chosen = [q.id for q in estimate.study.quantities if q.id in estimate.study.series_of]
    rows = [row for id in (chosen if ids is None else ids) for row in _rows(estimate, id)]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).set_index("quantity")


def _rows(estimate: Estimate, id: str) -> list[dict[str, Any]]:
    label, unit = plain(estimate.study.by_id[id].label), estimate.study.unit_of(id)
    head = {"quantity": id, "label": label, "unit": unit}
    return [
        head | {"day": str(day)} | _numbers(row, "") | _numbers(row, "new")
        for day, row in over_time(estimate, id).iterrows()
    ]


def _numbers(row: Any, kind: str) -> dict[str, float]:
    """Return low, median and high of one cell, rounded; none of what is new of a stock."""
    mark = f"{kind}_" if kind else ""
    if f"{mark}low" not in row.index:
        return {}
    printed = Printed.of((row[f"{mark}low"], row[f"{mark}median"], row[f"{mark}high"]))
    ends = {"low": printed.low, "median": printed.median, "high": printed.high}
    return {f"{kind} {end}".strip(): number for end, number in ends.items()}


def over_time_markdown(estimate: Estimate, ids: Sequence[str]) -> str:
    """Return about a dozen dates as rows and quantities as columns; '' where none runs over time.

    Parameters
    ----------
    estimate
        The estimate.
    ids
        Quantities that run over time.
    """
    columns: dict[str, dict[date, str]] = {}
    for id in ids:
        days = dates_shown(estimate.study.series_of[id])
        table = over_time(estimate, id).reindex(days)[["low", "median", "high"]]
        ends = table.itertuples(index=False, name=None)
        shown = [str(Printed.of(interval)) for interval in ends]
        columns[plain(estimate.study.by_id[id].label)] = dict(zip(days, shown, strict=True))
    if not columns:
        return ""
    every = sorted({day for column in columns.values() for day in column})
    rows = [
        {"By": spoken(When(day, day))} | {name: of.get(day, "") for name, of in columns.items()}
        for day in every
    ]
    return to_markdown(pd.DataFrame(rows), widths={"By": 14} | dict.fromkeys(columns, 22))


def dates_shown(series: Series) -> list[date]:
    """Return the last days of about a dozen cells, spread evenly, the last of all among them.

    Parameters
    ----------
    series
        The series.
    """
    days = [date.fromordinal(edge.toordinal() - 1) for edge in series.edges[1:]]
    number = min(len(days), _DATES)
    picked = {round((k + 1) * len(days) / number) - 1 for k in range(number)}
    return [days[place] for place in sorted(picked)]
