"""What would change the answer: the same recipe with one thing changed, on one compiled model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import arviz as az
import pandas as pd
import xarray as xr
from rich.progress import Progress

from estimators.evidence.choice_rules import left_out
from estimators.evidence.choices import Anchor
from estimators.evidence.problems import suggestion
from estimators.evidence.study import Study
from estimators.inference.compute import REFIT_ACCEPT, Change, Draws, default_draws, show_progress
from estimators.inference.estimate import LEVEL, Estimate, quantiles
from estimators.models.assumptions import EARLY_ERROR, Assumptions
from estimators.models.choosing import scenario_assumptions
from estimators.models.claims import network_of

KINDS = ("origin", "network", "class", "scenario", "anchor", "early error", "prior")
RHAT = 1.05
REFIT = Draws(draws=400, tune=200, chains=2)

# Table 3 of the project's statistics: tight and wide runs of each prior.
SCENARIOS: tuple[tuple[str, dict[str, float]], ...] = (
    ("common and class error tight (.15)", {"common_sd": 0.15, "class_sd": 0.15}),
    ("common and class error wide (.5)", {"common_sd": 0.5, "class_sd": 0.5}),
    ("origins alike (spread x .6)", {"origin_factor": 0.6}),
    ("origins unlike (spread x 1.5)", {"origin_factor": 1.5}),
    ("networks alike (.15)", {"network_scale": 0.15}),
    ("networks unlike (.6)", {"network_scale": 0.6}),
    ("errors that claims share x .6", {"shared_factor": 0.6}),
    ("errors that claims share x 1.5", {"shared_factor": 1.5}),
    ("shared errors mostly of each event (.2)", {"environment_share": 0.2}),
    ("shared errors mostly of all events (.8)", {"environment_share": 0.8}),
    ("own errors mostly the origin's (.2)", {"network_share": 0.2}),
    ("own errors mostly the network's (.8)", {"network_share": 0.8}),
    ("ranges tight (sd x .7)", {"range_factor": 0.7}),
    ("ranges wide (sd x 1.5)", {"range_factor": 1.5}),
    ("shares vague (half the prior size)", {"share_size": 0.5}),
    ("shares firm (double the prior size)", {"share_size": 2.0}),
    ("normal tails", {"heavy_tail": 0.0}),
    ("laws of wordings as stated", {"sigma_learn": 0.0, "slack_learn": 0.0}),
)

# Ways of reading the claims as a whole; the last shows what a naive model would say.
READ_SO: tuple[tuple[str, dict[str, float | str]], ...] = (
    ("signed: parties and records biased as usual", {"reading": "signed"}),
    ("floors only: every claim as 'at least'", {"reading": "floors"}),
    (
        "as if all origins were independent",
        {
            **dict.fromkeys(("common_sd", "class_sd", "network_scale"), 0.0),
            **dict.fromkeys(("shared_factor", "network_share"), 0.0),
            "early_error": "none",
        },
    ),
)


@dataclass(frozen=True)
class Run:
    """One changed fit: what is said of it, its kind, what changed, readings left out or added."""

    run: str
    kind: str
    name: str
    assumptions: Assumptions
    without: frozenset[str] = frozenset()
    adding: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """All changed fits of an estimate.

    `table` has one row a run and quantity: run, kind (one of `KINDS`), name, quantity, low, median,
    high (in its unit; percent for shares), shift (median over the headline median) and converged.
    """

    table: pd.DataFrame
    level: float = field(default=LEVEL)

    def of(self, id: str) -> pd.DataFrame:
        """Return the rows on one quantity, the largest shift first."""
        mine = self.table[self.table["quantity"] == id]
        size = (mine["shift"].where(mine["shift"] >= 1.0, 1.0 / mine["shift"])).rename("size")
        return mine.loc[size.sort_values(ascending=False, kind="stable").index]

    def _repr_html_(self) -> str:
        return str(self.table.to_html(float_format=lambda number: f"{number:,.3g}"))


def sensitivity(
    estimate: Estimate,
    *,
    draws: Draws | None = None,
    quantities: Sequence[str] | None = None,
    kinds: Sequence[str] | None = None,
    progress: bool | None = None,
) -> Sensitivity:
    """Return how the estimate changes without each source and under each other prior.

    Parameters
    ----------
    estimate
        The estimate to vary; its model is compiled at most once more.
    draws
        How much to draw in each fit; 2 chains of 400 after 200 of warm-up if not given.
    quantities
        Ids to report; all if not given.
    kinds
        Which kinds of changes to make, of those in `KINDS`; all if not given. A fit of thousands
        of claims takes a minute, and there are some thirty changes.
    progress
        Whether to show a progress bar; by default yes.

    Raises
    ------
    EvidenceError
        If a named quantity is not of the study.
    ValueError
        If there is no such kind of change.
    """
    wanted = kinds_of(kinds)
    ids = [estimate.study.quantity(id).id for id in quantities or estimate.study.by_id]
    runs = [run for run in runs_of(estimate) if run.kind in wanted]
    shown = show_progress() if progress is None else progress
    rows: list[dict[str, object]] = []
    with Progress(disable=not shown) as bar:
        task = bar.add_task("changed fits", total=len(runs))
        for number, run in enumerate(runs):
            tree = estimate.compiled.sample(
                draws or default_draws(REFIT),
                estimate.recipe.seed + number + 1,
                Change(run.assumptions, run.without, run.adding),
                target_accept=REFIT_ACCEPT,
            )
            rows += _rows(estimate, run, tree, ids)
            bar.advance(task)
    return Sensitivity(pd.DataFrame(rows))


def kinds_of(kinds: Sequence[str] | None = None) -> tuple[str, ...]:
    """Return the kinds of changes that are wanted, all of them by default.

    Parameters
    ----------
    kinds
        Some of `KINDS`.

    Raises
    ------
    ValueError
        If there is no such kind of change.
    """
    for kind in kinds or ():
        if kind not in KINDS:
            raise ValueError(f"no kind of change {kind!r}. {suggestion(kind, KINDS)}")
    return KINDS if kinds is None else tuple(kinds)


def runs_of(estimate: Estimate) -> Iterator[Run]:
    """Yield every changed fit of an estimate: sources left out, scenarios, tight and wide priors.

    Raises
    ------
    EvidenceError
        If a scenario of the study changes what is no assumption, or to an impossible value.
    """
    base = estimate.recipe.assumptions
    for kind, name, label, claims in _left_out(estimate):
        yield Run(f"without {label}", kind, name, base, claims)
    for label, ways in READ_SO:
        changed = _changed(base, ways.items())
        if changed != base:
            yield Run(label, "scenario", label.split(":")[0], changed)
    yield from _stated(estimate)
    for size in EARLY_ERROR:
        if size != base.early_error:
            changed = base.changed("early_error", size)
            yield Run(f"early error {size}", "early error", size, changed)
    for label, changes in SCENARIOS:
        changed = _changed(base, changes.items())
        if changed != base and not set(changes) <= set(base.unused):
            yield Run(label, "prior", " ".join(changes), changed)


def _changed(base: Assumptions, changes: Iterable[tuple[str, str | float]]) -> Assumptions:
    for name, value in changes:
        base = base.changed(name, value)
    return base


def _stated(estimate: Estimate) -> Iterator[Run]:
    """Yield the study's anchors, left out or added, and its own scenarios."""
    study, base = estimate.study, estimate.recipe.assumptions
    for anchor in study.anchors:
        only = frozenset({anchor.id})
        if anchor.used:
            yield Run(f"without the anchor {anchor.id}", "anchor", anchor.id, base, only)
        elif anchor.matched:
            yield from _read_otherwise(study, anchor, base)
        else:
            yield Run(f"with the anchor {anchor.id}", "anchor", anchor.id, base, adding=only)
    for scenario in study.scenarios:
        changed = scenario_assumptions(base, scenario)
        out, added = left_out(study, scenario), frozenset(scenario.with_anchors)
        yield Run(f"scenario {scenario.id}", "scenario", scenario.id, changed, out, added)


def _read_otherwise(study: Study, anchor: Anchor, base: Assumptions) -> Iterator[Run]:
    """Yield the run in which lists are read under another assumption, in place of the study's."""
    assert anchor.matched is not None
    if not anchor.matched.assumption:
        return
    table = anchor.matched.table
    instead = frozenset(
        a.id for a in study.anchors if a.used and a.matched and a.matched.table == table
    )
    label = f"lists read as {anchor.matched.assumption}"
    yield Run(label, "anchor", anchor.id, base, instead, adding=frozenset({anchor.id}))


def _left_out(estimate: Estimate) -> Iterator[tuple[str, str, str, frozenset[str]]]:
    """Yield kind, name, label and claims of each source that can be left out.

    A network or class whose claims are those of one origin is not run twice; one whose claims are
    all there are cannot be left out.
    """
    study = estimate.study
    found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for claim in study.readings:
        source = study.source_by_id[claim.origin]
        network = network_of(claim)
        found["origin", claim.origin, source.name].add(claim.id)
        found["network", network, f"the network {network}"].add(claim.id)
        found["class", source.source_class, f"all of class {source.source_class}"].add(claim.id)
    seen: set[frozenset[str]] = {frozenset(claim.id for claim in study.readings)}
    for kind in ("origin", "network", "class"):
        for (of, name, label), ids in found.items():
            if of == kind and frozenset(ids) not in seen:
                seen.add(frozenset(ids))
                yield kind, name, label, frozenset(ids)


def _rows(
    estimate: Estimate, run: Run, tree: xr.DataTree, ids: Sequence[str]
) -> list[dict[str, object]]:
    changed = Estimate(estimate.recipe, tree, {})
    rows: list[dict[str, object]] = []
    for id in ids:
        drawn = changed.draws_of(id)
        low, median, high = quantiles(drawn.values)
        rows.append(
            {
                "run": run.run,
                "kind": run.kind,
                "name": run.name,
                "quantity": id,
                "low": low,
                "median": median,
                "high": high,
                "shift": median / estimate.interval(id)[1],
                "converged": bool(az.rhat(drawn) < RHAT),
            }
        )
    return rows
