"""The totals of the port as one table: beside the published ones, and how coherent they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr
from radford_published import TOTALS
from radford_tables import ENDS, Compared

type Floats = npt.NDArray[np.float64]


def write_totals(rows: list[Compared], draws: xr.Dataset, path: Path) -> None:
    """Write one row a published series.

    Parameters
    ----------
    rows : list
        Published totals beside ours.
    draws : xarray.Dataset
        Of the port: log `total` by series, log `bias` by cell.
    path : Path
        A CSV file.

    Notes
    -----
    `bias_r2` is the part of the variance of the log total that goes with the biases of its sources.
    Of casualties, `parts` is deaths and injuries added up, draw by draw, and `parts_over_whole`
    their ratio to casualties with its 95 % interval: one where an account is coherent.
    """
    by_series = {row.name: row for row in rows}
    table = pd.DataFrame(
        [_row(by_series[name], draws) | _parts(name, draws) for name in TOTALS if name in by_series]
    )
    table.to_csv(path, index=False, float_format="%.5g")


def _row(row: Compared, draws: xr.Dataset) -> dict[str, object]:
    ends = ("mean", "low", "high")
    published = {f"published_{end}": value for end, value in zip(ends, row.published, strict=True)}
    ours = {f"again_{end}": value for end, value in zip(ends, row.ours, strict=True)}
    return {"series": row.name} | published | ours | {"bias_r2": _r2(row.name, draws)}


def _r2(series: str, draws: xr.Dataset) -> float:
    """Return the part of a log total's variance that is linear in the biases of its sources."""
    cells = [cell for cell in draws["cell"].values.tolist() if cell.endswith(f"-{series}")]
    total = draws["total"].sel(series=series).values.ravel()
    biases = draws["bias"].sel(cell=cells).values.reshape(len(total), -1)
    design = np.column_stack([np.ones(len(total)), biases])
    left = total - design @ np.linalg.lstsq(design, total, rcond=None)[0]
    return float(1.0 - left.var() / total.var())


def _parts(series: str, draws: xr.Dataset) -> dict[str, float]:
    if "Casualties" not in series:
        return {}
    total = np.exp(draws["total"])
    whole = total.sel(series=series).values
    deaths, injuries = (
        total.sel(series=series.replace("Casualties", part)).values
        for part in ("Deaths", "Injuries")
    )
    parts: Floats = deaths + injuries
    low, median, high = np.quantile(parts / whole, [ENDS[0], 0.5, ENDS[1]])
    found = {
        "parts_mean": float(parts.mean()),
        "whole_below_deaths": float((whole < deaths).mean()),
    }
    over = {"low": float(low), "median": float(median), "high": float(high)}
    return found | {f"parts_over_whole_{end}": value for end, value in over.items()}
