"""study.toml written: the way back from a study to what `read_outline` reads."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import tomli_w

from estimators.evidence.choices import Anchor, Coverage, Scenario
from estimators.evidence.claim import Source
from estimators.evidence.matched import CLASSES, Matched, lists_name
from estimators.evidence.quantity import (
    Balance,
    Breakdown,
    CellOf,
    Dimension,
    PartOf,
    Quantity,
    Range,
    RunningBalance,
    Split,
    SumOf,
)
from estimators.evidence.report_words import LICENCE, ReportWords
from estimators.evidence.series import PATHS, Series
from estimators.evidence.study import Study


def outline_text(study: Study, folder_name: str) -> str:
    """Return all of a study but its claims and references as TOML for a folder of this name."""
    overrides = {o.name: {"value": o.value, "reason": o.reason} for o in study.overrides}
    table = {
        "format": 1,
        "name": study.name if study.name != folder_name else "",
        "title": study.title,
        "question": study.question,
        "headline": list(study.headline),
        "access": study.access,
        "category": study.category,
        "reference_class": study.reference_class,
        "notes": study.notes,
        "obtain": study.obtain,
        "report": _report_table(study.report),
        "assumptions": overrides,
        "waivers": {waiver.check: waiver.reason for waiver in study.waivers},
        "series": {series.id: _series_table(series) for series in study.series},
        "quantities": {quantity.id: _quantity_table(quantity) for quantity in study.quantities},
        **_identity_tables(study),
        "breakdowns": {made.id: _breakdown_table(made) for made in study.breakdowns},
        "classes": {c.id: {"spread": _plain(c.spread), "reason": c.reason} for c in study.classes},
        "sources": {source.id: _source_table(source) for source in study.sources},
        "coverages": {coverage.id: _coverage_table(coverage) for coverage in study.coverages},
        "anchors": {anchor.id: _anchor_table(anchor) for anchor in study.anchors},
        "scenarios": {scenario.id: _scenario_table(scenario) for scenario in study.scenarios},
    }
    return tomli_w.dumps(_filled(table))


def _report_table(words: ReportWords) -> dict[str, Any]:
    table = asdict(words) | {"authors": list(words.authors), "year": words.year or ""}
    return _filled(table | {"licence": words.licence if words.licence != LICENCE else ""})


def _identity_tables(study: Study) -> dict[str, dict[str, Any]]:
    """Return the tables of each kind of identity by their ids."""
    tables: dict[str, dict[str, Any]] = {"splits": {}, "balances": {}, "running_balances": {}}
    for identity in study.identities:
        match identity:
            case Split():
                tables["splits"][identity.id] = _split_table(identity)
            case Balance():
                tables["balances"][identity.id] = _balance_table(identity)
            case RunningBalance():
                tables["running_balances"][identity.id] = _running_balance_table(identity)
    return tables


def _series_table(series: Series) -> dict[str, Any]:
    table: dict[str, Any] = {
        "start": str(series.start),
        "end": str(series.end),
        "step": series.step,
        "dates": [str(day) for day in series.dates],
        "path": series.path if series.path != PATHS[0] else "",
        "length": _plain(series.length) if series.length else "",
        "shared_shocks": "" if series.shared else False,
        "delay": series.delay or "",
    }
    held = _stated("delay_held", series.delay_held) if series.delay_held else {}
    return _filled(table) | held


def _quantity_table(quantity: Quantity) -> dict[str, Any]:
    rule: dict[str, Any] = {}
    match quantity.rule:
        case Range() as stated:
            rule = _stated("range", stated)
        case PartOf(whole, Range() as stated):
            rule = {"part_of": whole} | _stated("share", stated)
        case PartOf(whole, share):
            rule = {"part_of": whole, "share": share}
        case SumOf(parts):
            rule = {"sum_of": list(parts)}
        case CellOf(breakdown, levels):
            rule = {"cell_of": breakdown, "cell": dict(levels)}
    plain = ("label", "measure", "unit", "series", "place", "group", "event", "side", "access")
    when = {"notes": quantity.notes, "when": str(quantity.when or "")}
    return _filled({key: getattr(quantity, key) for key in plain} | when) | rule


def _split_table(split: Split) -> dict[str, Any]:
    parts = {id: _stated("share", stated) for id, stated in split.parts}
    return {"whole": split.whole, "parts": parts}


def _balance_table(balance: Balance) -> dict[str, Any]:
    table: dict[str, Any] = {
        "before": balance.before,
        "after": balance.after,
        "outflows": list(balance.outflows),
        "inflow": balance.inflow,
    }
    share = _stated("inflow_share", balance.inflow_share) if balance.inflow_share else {}
    return _filled(table) | share


def _running_balance_table(balance: RunningBalance) -> dict[str, Any]:
    table: dict[str, Any] = {
        "stock": balance.stock,
        "inflow": balance.inflow,
        "outflows": list(balance.outflows),
    }
    return _filled(table) | _stated("inflow_share", balance.inflow_share)


def _breakdown_table(breakdown: Breakdown) -> dict[str, Any]:
    by = {dimension.id: _dimension_table(dimension) for dimension in breakdown.dimensions}
    return {"whole": breakdown.whole, "unevenness": _plain(breakdown.unevenness), "by": by}


def _dimension_table(dimension: Dimension) -> dict[str, Any]:
    return {level: _stated("share", stated) for level, stated in dimension.levels}


def _source_table(source: Source) -> dict[str, Any]:
    plain = {"name": source.name, "class": source.source_class}
    return _filled(plain | {"side": source.side, "notes": source.notes})


def _coverage_table(coverage: Coverage) -> dict[str, Any]:
    return _stated("range", coverage.range)


def _anchor_table(anchor: Anchor) -> dict[str, Any]:
    numbers = {key: getattr(anchor, key) for key in ("value", "complete_within", "floor")}
    stated = {key: _plain(number) for key, number in numbers.items() if number is not None}
    used = {} if anchor.used else {"used": False}
    lists = {} if anchor.matched is None else _matched_table(anchor.id, anchor.matched)
    return {"quantity": anchor.quantity} | stated | lists | {"reason": anchor.reason} | used


def _matched_table(id: str, matched: Matched) -> dict[str, Any]:
    columns, table = matched.columns, matched.table
    said = {
        "lists": matched.file or lists_name(id),
        "assumption": matched.assumption,
        "columns": list(columns.lists or table.lists),
        "strata": list(table.strata),
        "replicate": (columns.replicate or "replicate") if table.replicates != ("",) else "",
        "censored": sorted(table.censored),
        "classes": matched.classes if matched.classes != CLASSES else "",
    }
    departure = {} if matched.departure is None else _stated("departure", matched.departure)
    return _filled(said) | {key: value for key, value in departure.items() if key != "reason"}


def _scenario_table(scenario: Scenario) -> dict[str, Any]:
    table: dict[str, Any] = {
        "reason": scenario.reason,
        "reading": scenario.reading if scenario.reading != "neutral" else "",
        "without": list(scenario.without),
        "with_anchors": list(scenario.with_anchors),
        "assumptions": dict(scenario.assumptions),
    }
    return _filled(table)


def _stated(key: str, stated: Range) -> dict[str, Any]:
    middle = {} if stated.middle is None else {"middle": _plain(stated.middle)}
    return {key: [_plain(stated.low), _plain(stated.high)]} | middle | {"reason": stated.reason}


def _plain(number: float) -> float | int:
    """Return a whole number without its '.0', as a person would write it."""
    return int(number) if number == int(number) else number


def _filled(table: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if value not in ("", None, [], {})}
