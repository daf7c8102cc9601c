"""study.toml written: the way back from a study to what `read_outline` reads."""

from __future__ import annotations

from typing import Any

import tomli_w

from estimators.evidence.claim import Source
from estimators.evidence.quantity import Balance, PartOf, Quantity, Range, Split, SumOf
from estimators.evidence.study import Study


def outline_text(study: Study, folder_name: str) -> str:
    """Return all of a study but its claims and references as TOML for a folder of this name."""
    splits = {i.id: _split_table(i) for i in study.identities if isinstance(i, Split)}
    balances = {i.id: _balance_table(i) for i in study.identities if isinstance(i, Balance)}
    overrides = {o.name: {"value": o.value, "reason": o.reason} for o in study.overrides}
    table = {
        "format": 1,
        "name": study.name if study.name != folder_name else "",
        "title": study.title,
        "question": study.question,
        "headline": list(study.headline),
        "access": study.access,
        "notes": study.notes,
        "assumptions": overrides,
        "waivers": {waiver.check: waiver.reason for waiver in study.waivers},
        "quantities": {quantity.id: _quantity_table(quantity) for quantity in study.quantities},
        "splits": splits,
        "balances": balances,
        "sources": {source.id: _source_table(source) for source in study.sources},
    }
    return tomli_w.dumps(_filled(table))


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
    plain = ("label", "measure", "place", "group", "event", "access", "notes")
    when = {"when": str(quantity.when or "")}
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


def _source_table(source: Source) -> dict[str, Any]:
    return _filled({"name": source.name, "class": source.source_class, "notes": source.notes})


def _stated(key: str, stated: Range) -> dict[str, Any]:
    return {key: [_plain(stated.low), _plain(stated.high)], "reason": stated.reason}


def _plain(number: float) -> float | int:
    """Return a whole number without its '.0', as a person would write it."""
    return int(number) if number == int(number) else number


def _filled(table: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if value not in ("", None, [], {})}
