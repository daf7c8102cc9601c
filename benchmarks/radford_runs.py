"""Runs of the model of Radford et al. (2023): compiled once, sampled for a while, measured."""

from __future__ import annotations

import ctypes
import os
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import arviz as az
import numpy as np
import nutpie
import pandas as pd
import xarray as xr
from radford_port import Reports, model

FILE = Path("ukraine_losses", "reports.csv")
FOLDER = "UNDERCOUNT_DATA"  # the environment variable that names the folder of FILE
DEATHS = "Military Deaths-Russia"
ACCEPT = 0.9  # as the authors ran it
CORES = 2
SPEED_TUNE = 150  # warm-up of a run for speed
OFTEN = 30.0  # seconds from one line of progress to the next


@dataclass(frozen=True)
class Run:
    """Draws and what they cost.

    Parameters
    ----------
    draws : xarray.Dataset
        The draws of each unknown: (chain, draw, ...).
    stats : xarray.Dataset
        What the sampler says of each draw.
    wall, cpu : float
        Seconds, warm-up too, compilation apart.
    peak : float
        Largest resident memory of the process, in GB.
    """

    draws: xr.Dataset
    stats: xr.Dataset
    wall: float
    cpu: float
    peak: float

    def cut(self) -> Run:
        """Return the run as long as its shortest chain: the rest has no draws."""
        told = np.isfinite(self.draws["total"].values).all(axis=(0, 2))
        whole = {"draw": np.flatnonzero(told)}
        return replace(self, draws=self.draws.isel(whole), stats=self.stats.isel(whole))

    def save(self, name: Path) -> None:
        """Write the draws beside what the sampler says of them."""
        costs = {"wall": self.wall, "cpu": self.cpu, "peak": self.peak}
        kept = self.stats[["n_steps", "diverging"]]
        self.draws.to_netcdf(name.with_suffix(".draws.nc"), engine="h5netcdf")
        kept.assign_attrs(costs).to_netcdf(name.with_suffix(".stats.nc"), engine="h5netcdf")

    @classmethod
    def load(cls, name: Path) -> Run:
        """Return the run that was saved under a name."""
        draws, stats = (
            xr.load_dataset(name.with_suffix(end), engine="h5netcdf")
            for end in (".draws.nc", ".stats.nc")
        )
        return cls(draws, stats, *(float(stats.attrs[key]) for key in ("wall", "cpu", "peak")))


def joined(runs: list[Run]) -> Run:
    """Return the runs as one, each as long as the shortest."""
    n = min(run.draws.sizes["draw"] for run in runs)
    draws, stats = (
        xr.concat([part.isel(draw=slice(n)) for part in parts], "chain")
        for parts in ([run.draws for run in runs], [run.stats for run in runs])
    )
    wall, cpu = (sum(run.wall for run in runs), sum(run.cpu for run in runs))
    return Run(draws, stats, wall, cpu, max(run.peak for run in runs))


def found_file(given: Path | None) -> Path | None:
    """Return the file of reports: the one given, or that in the folder of the environment."""
    folder = os.environ.get(FOLDER)
    file = given or (Path(folder) / FILE if folder else None)
    return file if file is not None and file.is_file() else None


def compiled(reports: Reports, plain: bool) -> Any:
    """Return the model of reports, compiled."""
    return nutpie.compile_pymc_model(model(reports, plain))


def sample(made: Any, tune: int, draws: int, seed: int, seconds: float) -> Run:
    """Return a run of two chains that ends after some seconds, or before with all its draws."""
    cpu, start = time.process_time(), time.perf_counter()
    sampler = nutpie.sample(
        made,
        draws=draws,
        tune=tune,
        chains=CORES,
        cores=CORES,
        seed=seed,
        target_accept=ACCEPT,
        save_warmup=False,
        progress_bar=False,
        progress_callback=progress(start),
        blocking=False,
    )
    try:
        tree = sampler.wait(timeout=seconds)
    except TimeoutError:
        tree = sampler.abort()
    wall, used = time.perf_counter() - start, time.process_time() - cpu
    posterior, stats = (tree[name].to_dataset() for name in ("posterior", "sample_stats"))
    return Run(posterior, stats, wall, used, peak()).cut()


def progress(start: float) -> Callable[[list[Any]], None]:
    """Return what prints the progress of the chains now and then."""
    last = start

    def tell(chains: list[Any]) -> None:
        nonlocal last
        if time.perf_counter() - last < OFTEN:
            return
        last = time.perf_counter()
        told = (f"{c.finished_draws}/{c.total_draws} ({c.latest_num_steps} steps)" for c in chains)
        print(f"{last - start:6.0f} s:", ", ".join(told), flush=True)

    return tell


def gradient(made: Any, times: int = 40) -> float:
    """Return the processor milliseconds of one gradient: the least of five runs."""
    doubles = ctypes.POINTER(ctypes.c_double)
    ends = (ctypes.c_uint64, doubles, doubles, doubles, ctypes.c_void_p)
    logp = ctypes.CFUNCTYPE(ctypes.c_int64, *ends)(made.compiled_logp_func.address)
    at = [np.full(made.n_dim, 0.1), np.empty(made.n_dim), np.empty(1)]
    given = [array.ctypes.data_as(doubles) for array in at]
    found = []
    for _ in range(5):
        start = time.process_time()
        for _ in range(times):
            logp(made.n_dim, *given, made.user_data.ctypes.data)
        found.append(time.process_time() - start)
    return 1e3 * min(found) / times


def peak() -> float:
    """Return the largest resident memory of the process so far, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def ess(draws: xr.Dataset) -> pd.Series[float]:
    """Return the bulk effective sample size of each series' total; nought of too few draws."""
    names = [str(name) for name in draws["series"].values]
    if draws.sizes["draw"] < 8:
        return pd.Series(0.0, index=names)
    totals = np.exp(draws["total"].values)
    found = [float(az.ess(totals[:, :, k], method="bulk")) for k in range(len(names))]
    return pd.Series(found, index=names)


def speed(file: Path, seconds: float, plain: bool) -> dict[str, float]:
    """Return what a run of some seconds gives, compilation apart."""
    made = compiled(Reports(pd.read_csv(file)), plain)
    run = sample(made, SPEED_TUNE, 100_000, 1, seconds)
    found = ess(run.draws)
    return {
        "seconds": run.wall,
        "cpu": run.cpu,
        "draws": float(run.stats["n_steps"].size),
        "steps": float(run.stats["n_steps"].values.mean()) if run.stats["n_steps"].size else 0.0,
        "ess_deaths": float(found[DEATHS]),
        "ess_least": float(found.min()),
        "ess_deaths_per_second": float(found[DEATHS]) / run.wall,
        "ess_least_per_second": float(found.min()) / run.wall,
        "peak_gb": run.peak,
    }


def plain_speed(data: Path, seconds: float) -> dict[str, float]:
    """Return what the plain port gives in some seconds, in a process of its own.

    Parameters
    ----------
    data : Path
        The file of reports.
    seconds : float
        How long to sample, warm-up too.

    Returns
    -------
    dict
        Seconds, processor seconds, draws, steps a draw, bulk ESS of Russian military deaths and
        the least of all totals, both a second, and peak resident memory in GB.
    """
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(speed, data, seconds, True).result()
