"""Series, running balances and breakdowns of study.toml read, with all problems noted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import cast

from estimators.evidence.fields import Fields
from estimators.evidence.outline_quantities import part_share, stated_range
from estimators.evidence.problems import Unfit
from estimators.evidence.quantity import Breakdown, Dimension, Range, RunningBalance
from estimators.evidence.series import PATHS, STEPS, PathName, Series, Step, unfit, unfit_law
from estimators.evidence.when import When

# Takes the place of a share that could not be read; what holds it is a draft.
_UNREAD = Range(1, 2, "unread")


def series_of(id: str, fields: Fields) -> Series | None:
    """Return the clock that a table [series.id] says, None where it has no sound days or law.

    Parameters
    ----------
    id
        Its id, which quantities name under `series`.
    fields
        Its keys: `start` and `end` (days), `step` or `dates` (days on which a cell begins),
        `path`, `length` (days), `shared_shocks`, `delay` (days) with `delay_held` (percent) and
        `reason`. All but the first two may be left out.
    """
    start, end = _day(fields, "start"), _day(fields, "end")
    dates = _dates(fields)
    step = cast("Step", fields.choice("step", STEPS, default="dates" if dates else "week"))
    path = cast("PathName", fields.choice("path", PATHS, default=PATHS[0]))
    length, delay = fields.number("length") or 0.0, fields.number("delay") or 0.0
    shared, held = fields.flag("shared_shocks", default=True), _held(fields)
    if not fields.sound:
        return None
    assert start is not None
    assert end is not None
    wrong = [*unfit(start, end, step, dates), *unfit_law(path, length, delay, held)]
    _note(fields, wrong)
    if wrong:
        return None
    return Series(id, start, end, step, dates, path, length, shared, int(delay), held)


def _note(fields: Fields, wrong: Iterable[Unfit]) -> None:
    for each in wrong:
        fields.wrong(each.column, each.wrong, each.remedy, fields.shown(each.column))


def _day(fields: Fields, key: str) -> date | None:
    given = fields.text(key, needed=True).strip()
    return fields.make(key, lambda: _one_day(given)) if given else None


def _dates(fields: Fields) -> tuple[date, ...]:
    found: list[date] = []
    for text in fields.texts("dates"):
        try:
            found.append(_one_day(text))
        except Unfit as error:
            fields.wrong("dates", error.wrong, error.remedy, text)
    return tuple(found)


def _one_day(text: str) -> date:
    """Return the one day that a text means.

    Raises
    ------
    ValueError
        If it means none, or many.
    """
    when = When.parse(text)
    if when.start != when.end:
        raise Unfit("it is not one day but many.", "Write a day: YYYY-MM-DD.")
    return when.start


def _held(fields: Fields) -> Range | None:
    """Return the range under delay_held; without it, a reason and a middle have nothing to hold."""
    if fields.stands("delay_held"):
        return stated_range(fields, "delay_held")
    remedy = "Write it as a comment, or add delay and delay_held, which it is the reason for."
    fields.only(["reason"], "there is no delay_held that this is the reason for.", remedy)
    remedy = "Drop it, or add the delay_held that it is the median of."
    fields.only(["middle"], "there is no delay_held that this is the middle of.", remedy)
    for key in ("delay_held", "reason", "middle"):
        fields.has(key)
    return None


def running_balance_of(id: str, fields: Fields) -> RunningBalance:
    """Return the balance that a table [running_balances.id] says, as far as it can be read.

    Parameters
    ----------
    id
        Its id.
    fields
        Its keys: `stock`, `inflow` and `outflows` (ids of quantities), `inflow_share` (percent of
        what passes through in a cell) with `reason`.
    """
    stock, inflow = fields.text("stock", needed=True), fields.text("inflow", needed=True)
    outflows, share = fields.texts("outflows"), stated_range(fields, "inflow_share")
    if not fields.stands("inflow_share"):
        remedy = "Add inflow_share = [low, high] in percent, with a reason."
        fields.wrong("inflow_share", "it is missing.", remedy)
    return RunningBalance(id, stock, inflow, share or _UNREAD, outflows)


def breakdown_of(id: str, fields: Fields) -> Breakdown:
    """Return the breakdown that a table [breakdowns.id] says, as far as it can be read.

    Parameters
    ----------
    id
        Its id, which quantities name under `cell_of`.
    fields
        Its keys: `whole` (the id of a quantity), `unevenness`, and for each level of each dimension
        a table [breakdowns.id.by.dimension.level] with `share` (percent) and `reason`.
    """
    whole, unevenness = fields.text("whole", needed=True), fields.number("unevenness")
    dimensions = tuple(_dimension(name, levels) for name, levels in fields.nested("by"))
    return Breakdown(id, whole, dimensions, 0.3 if unevenness is None else unevenness)


def _dimension(id: str, levels: list[tuple[str, Fields]]) -> Dimension:
    read = [(level, part_share(fields)) for level, fields in levels if fields.is_table]
    return Dimension(id, tuple((level, stated) for level, stated in read if stated is not None))
