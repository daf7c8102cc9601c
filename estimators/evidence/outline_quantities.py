"""Quantities, splits and balances of study.toml read, with all problems noted."""

from __future__ import annotations

from typing import cast

from estimators.evidence.fields import Fields
from estimators.evidence.quantity import (
    ACCESS,
    MEASURES,
    Access,
    Balance,
    CellOf,
    Measure,
    PartOf,
    Quantity,
    Range,
    Rule,
    Split,
    SumOf,
)
from estimators.evidence.when import When

_RULES = ("range", "part_of", "sum_of", "cell_of")


def quantity_of(id: str, fields: Fields) -> Quantity:
    """Return the quantity that a table [quantities.id] says, as far as it can be read."""
    label = fields.text("label", needed=True)
    measure = cast("Measure", fields.choice("measure", MEASURES))
    rule = _rule(fields)
    when = fields.text("when")
    access = cast("Access", fields.choice("access", ACCESS)) if fields.has("access") else None
    keys = ("place", "group", "event", "notes", "side", "series", "unit")
    texts = {key: fields.text(key) for key in keys}
    span = fields.make("when", lambda: When.parse(when)) if when else None
    return Quantity(id, label, measure, rule, span, access=access, **texts)


def _rule(fields: Fields) -> Rule:
    share = _share(fields)
    whole, parts, cell = fields.text("part_of"), fields.texts("sum_of"), _cell(fields)
    given = [key for key in (*_RULES, "reason", "middle") if fields.has(key) and key in _RULES]
    if len(given) > 1:
        wrong = f"{' and '.join(given)} both define it; one quantity has one rule."
        remedy = "Keep one of them. It may still be a member of any number of sums."
        fields.wrong(given[-1], wrong, remedy)
        return None
    if cell:
        return cell
    if not fields.has("part_of"):
        fields.only(["share"], "a share needs the whole.", 'Add part_of = "…", or drop it.')
    if not fields.has("range") and (fields.is_text("share") or not fields.has("share")):
        remedy = "Write it under notes, or add the range that it is the reason for."
        fields.only(["reason"], "there is no range that this is the reason for.", remedy)
        remedy = "Drop it, or add the range that it is the median of."
        fields.only(["middle"], "there is no range that this is the middle of.", remedy)
    if fields.stands("range"):
        return stated_range(fields, "range")
    if whole:
        return _part_of(fields, whole, share)
    return SumOf(parts) if parts else None


def _part_of(fields: Fields, whole: str, share: str) -> Rule:
    if share:
        return PartOf(whole, share)
    stated = stated_range(fields, "share") if not fields.is_text("share") else None
    if stated is not None:
        return PartOf(whole, stated)
    if not fields.has("share"):
        remedy = 'Add share = [low, high] in percent with a reason, or share = "id of a share".'
        fields.wrong("share", "it is missing; part_of needs it.", remedy)
    return None


def _cell(fields: Fields) -> CellOf | None:
    """Return the cell of a breakdown that the table says, None where it says none."""
    breakdown, levels = fields.text("cell_of"), fields.words_of("cell")
    if breakdown and not fields.stands("cell"):
        remedy = 'Add the levels that it is made of: cell = { place = "…", sex = "…" }.'
        fields.wrong("cell", "it is missing; cell_of needs it.", remedy)
    if not breakdown:
        wrong, remedy = "a cell needs the breakdown.", 'Add cell_of = "…", or drop it.'
        fields.only(["cell"], wrong, remedy)
    return CellOf(breakdown, levels) if breakdown else None


def _share(fields: Fields) -> str:
    """Return the id of a share, '' where a range of its own or nothing stands there."""
    return fields.text("share") if fields.has("share") and fields.is_text("share") else ""


def stated_range(fields: Fields, key: str) -> Range | None:
    """Return the range under a key with the reason and the middle beside it, None without one."""
    ends, reason, middle = fields.ends(key), fields.text("reason"), fields.number("middle")
    return fields.make(key, lambda: Range(*ends, reason, middle)) if ends else None


def split_of(id: str, fields: Fields) -> Split:
    """Return the split that a table [splits.id] says, as far as it can be read."""
    whole = fields.text("whole", needed=True)
    parts = [(part, part_share(inner)) for part, inner in fields.tables("parts") if inner.is_table]
    sound = tuple((part, stated) for part, stated in parts if stated is not None)
    return Split(id, whole, sound)


def part_share(fields: Fields) -> Range | None:
    """Return the share of a part of a split, or of a level of a breakdown; None without one."""
    if not fields.stands("share"):
        remedy = "Add share = [low, high] in percent, with a reason."
        fields.wrong("share", "it is missing.", remedy)
    if fields.stands("middle"):
        wrong = f"the share of a part of a {_whole_of(fields)} has no middle."
        fields.only(["middle"], wrong, "Leave it out: the parts are fitted together.")
        fields.has("middle")
    ends, reason = fields.ends("share"), fields.text("reason")
    stated = fields.make("share", lambda: Range(*ends, reason)) if ends else None
    fields.close()
    return stated


def _whole_of(fields: Fields) -> str:
    return "breakdown" if fields.path.startswith("breakdowns.") else "split"


def balance_of(id: str, fields: Fields) -> Balance:
    """Return the balance that a table [balances.id] says, as far as it can be read."""
    before, after = fields.text("before", needed=True), fields.text("after", needed=True)
    outflows, inflow = fields.texts("outflows"), fields.text("inflow")
    share = stated_range(fields, "inflow_share")
    if not fields.has("inflow_share"):
        remedy = "Add inflow and inflow_share, or drop the reason."
        fields.only(["reason"], "there is no inflow_share that this is the reason for.", remedy)
        remedy = "Drop it, or add the inflow_share that it is the median of."
        fields.only(["middle"], "there is no inflow_share that this is the middle of.", remedy)
    return Balance(id, before, after, outflows, inflow, share)
