"""What a study decides in study.toml read: classes, coverages, anchors, scenarios and the like."""

from __future__ import annotations

from typing import cast

from estimators.evidence.choices import (
    READINGS,
    Anchor,
    Coverage,
    Override,
    Reading,
    Scenario,
    SourceClass,
    Waiver,
)
from estimators.evidence.fields import Fields
from estimators.evidence.matched import CLASSES, Columns, Matched
from estimators.evidence.outline_quantities import stated_range
from estimators.evidence.report_words import LICENCE, NOTHING_SAID, TEXTS, ReportWords


def override_of(id: str, fields: Fields) -> Override:
    """Return the default that a table [assumptions.id] changes."""
    value, reason = fields.value("value"), fields.text("reason", needed=True)
    return Override(id, value, reason)


def waivers_of(top: Fields) -> tuple[Waiver, ...]:
    """Return the checks that the table [waivers] waives."""
    fields = top.table("waivers")
    checks = fields.keys()
    given = [Waiver(check, fields.text(check, needed=True)) for check in checks]
    return tuple(waiver for waiver in given if waiver.reason.strip())


def class_of(id: str, fields: Fields) -> SourceClass:
    """Return the class of sources that a table [classes.id] says."""
    spread, reason = fields.number("spread", needed=True), fields.text("reason", needed=True)
    return SourceClass(id, spread or 0.0, reason)


def coverage_of(id: str, fields: Fields) -> Coverage | None:
    """Return the coverage that a table [coverages.id] says, None where it has no sound range."""
    stated = stated_range(fields, "range")
    if not fields.stands("range"):
        remedy = "Add range = [low, high] in percent, with a reason."
        fields.wrong("range", "it is missing.", remedy)
    return Coverage(id, stated) if stated else None


def anchor_of(id: str, fields: Fields) -> Anchor:
    """Return the anchor that a table [anchors.id] says."""
    quantity, reason = fields.text("quantity", needed=True), fields.text("reason", needed=True)
    value, within = fields.number("value"), fields.number("complete_within")
    floor, used = fields.number("floor"), fields.flag("used", default=True)
    lists = matched_of(fields) if fields.stands("lists") else None
    return Anchor(id, quantity, reason, value, within, floor, used, lists)


def matched_of(fields: Fields) -> Matched:
    """Return the matched lists that a table [anchors.id] names; their file is read elsewhere."""
    columns = Columns(
        *(fields.texts("columns"), fields.texts("strata")),
        *(fields.text("replicate"), fields.texts("censored")),
    )
    most = fields.number("classes")
    departure = stated_range(fields, "departure") if fields.stands("departure") else None
    classes = CLASSES if most is None else int(most)
    assumption = fields.text("assumption")
    return Matched(None, assumption, fields.text("lists"), departure, classes, columns)


def scenario_of(id: str, fields: Fields) -> Scenario:
    """Return the scenario that a table [scenarios.id] says."""
    reason = fields.text("reason", needed=True)
    reading = cast("Reading", fields.choice("reading", READINGS, default="neutral"))
    without, anchors = fields.texts("without"), fields.texts("with_anchors")
    return Scenario(id, reason, reading, without, anchors, fields.values("assumptions"))


def report_of(top: Fields) -> ReportWords:
    """Return what the table [report] says of the report; the defaults where something is wrong."""
    fields = top.table("report")
    year = fields.number("year") or 0.0
    names = ("publisher", "licence", "url", "doi", *TEXTS)
    words = {name: fields.text(name) for name in names}
    if not fields.stands("licence"):
        words["licence"] = LICENCE
    authors = fields.texts("authors")
    number = int(year) if year.is_integer() else cast("int", year)  # the rules say what is wrong
    return ReportWords(authors, year=number, **words) if fields.close() else NOTHING_SAID
